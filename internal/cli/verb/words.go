package verb

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/settings"
)

// word is a flag that means the same in every verb that has it.
type word struct {
	short   string
	usage   string
	setting bool          // the environment and files can set it
	kind    settings.Kind // where it is one
}

// words are the flags that more than one verb has, or that have to keep their
// name for verbs to come. A verb adds a note of its own behind the usage.
var words = map[string]word{
	"output":   {short: "o", usage: "write to `PATH`"},
	"force":    {usage: "replace what is already there"},
	"json":     {usage: "print JSON", setting: true, kind: settings.Output},
	"quiet":    {short: "q", usage: "print nothing but results and errors", setting: true, kind: settings.Output},
	"preview":  {usage: "add preview.png, which shows the first pages side by side", setting: true, kind: settings.Output},
	"dry-run":  {usage: "tell what would be done, and do nothing"},
	"all":      {usage: "list all"},
	"repaired": {usage: "print the answer with its repairs; what became of its strings goes to standard error"},
	"strict":   {usage: "end with exit code 4 if the answer has an exact string that the text contradicts or lacks"},

	"config":       {short: "c", usage: "draw under config `NAME|FILE`: a name of \"glyph configs list\", or a JSON file", setting: true, kind: settings.Page},
	"encoding":     {usage: "read all input as `CHARSET`, such as windows-1251, where a guess is wrong", setting: true},
	"system-fonts": {usage: "let configs name fonts installed on this machine; pages then depend on it", setting: true},
	"jobs":         {short: "j", usage: "do `N` things at once, which changes no result", setting: true},
	"seed":         {usage: "make random choices from seed `N`"},
	"n":            {short: "n", usage: "make `N` probes"},
	"docs":         {usage: "find a config for the text of `FILE|DIR|PATTERN`"},

	"model":         {short: "m", usage: "the model, by its `NAME` in \"glyph models\", whose prices and limits count", setting: true},
	"profiles":      {usage: "add or replace models by those of JSON `FILE`", setting: true},
	"tokenizer":     {usage: "count text exactly, with the tokenizer.json of the model or of a family of models: `[FAMILY=]FILE`", setting: true},
	"target-tokens": {usage: "keep the pages within `N` tokens"},
	"ratio":         {usage: "have at least `R` text tokens for each image token"},
	"min-px":        {usage: "use no type below `PX` px"},

	"base-url":           {usage: "ask the endpoint at `URL`, such as http://127.0.0.1:8000/v1 (default $OPENAI_BASE_URL)", setting: true},
	"served-name":        {usage: "call the model `NAME` at the endpoint, if it does not know the name of --model", setting: true},
	"timeout":            {usage: "give each call at most `TIME`, with its repetitions", setting: true},
	"max-tokens":         {usage: "let an answer have at most `N` tokens, reasoning included", setting: true},
	"price":              {usage: "count money as `IN,OUT` for a million tokens of prompts and of answers (default the list price of --model)"},
	"budget":             {usage: "spend at most `LIMITS`, such as tokens=200000,money=2.5,calls=100,minutes=30"},
	"cache":              {usage: "keep responses in `DIR`, so that no call is paid twice"},
	"secrets":            {usage: "what happens to API keys, tokens and the like in the text: `block|redact|allow`", setting: true},
	"secrets-allow-rule": {usage: "take secrets as they are that `RULE` finds", setting: true},
	"exact-budget":       {usage: "give fact sheets of exact strings `N` tokens, or N% of what pages save; off sends none", setting: true},
	"question":           {usage: "the question is `TEXT`"},
	"reader":             {usage: "have pages read by `NAME` of \"glyph readers\"", setting: true},
	"criteria":           {usage: "grade by `TEXT|@FILE`: what makes an answer good"},

	"proposer-base-url": {usage: "have a language model at the endpoint `URL` propose configs; it is sent configs, scores and short misreadings", setting: true},
	"proposer-model":    {usage: "have model `NAME` of that endpoint propose", setting: true},
}

// Flags collects the flags of a verb.
type Flags struct{ *pflag.FlagSet }

// NewFlags begins the flags of a verb.
func NewFlags() Flags {
	f := Flags{pflag.NewFlagSet("flags", pflag.ContinueOnError)}
	f.SortFlags = false
	return f
}

// usage is the short name and the help of a flag. Note is what the verb adds to
// what the flag means everywhere, or all of the help of a flag that no other
// verb has.
func usage(name, note string) (short, text string) {
	w, ok := words[name]
	if !ok {
		return "", note
	}
	if note == "" {
		return w.short, w.usage
	}
	return w.short, w.usage + "; " + note
}

// Text is a flag with a text.
func (f Flags) Text(p *string, name, value, note string) {
	short, text := usage(name, note)
	f.StringVarP(p, name, short, value, text)
}

// List is a flag of values that are separated by commas; it may be given again.
func (f Flags) List(p *[]string, name string, value []string, note string) {
	short, text := usage(name, note)
	f.StringSliceVarP(p, name, short, value, text)
	if len(value) > 0 {
		f.Lookup(name).DefValue = strings.Join(value, ",") // as it is written
	}
}

// Each is a flag that may be given again, with one value each time.
func (f Flags) Each(p *[]string, name, note string) {
	short, text := usage(name, note)
	f.StringArrayVarP(p, name, short, nil, text)
}

// On is a flag that is given or not.
func (f Flags) On(p *bool, name, note string) {
	short, text := usage(name, note)
	f.BoolVarP(p, name, short, false, text)
}

// Count is a flag with a whole number.
func (f Flags) Count(p *int, name string, value int, note string) {
	short, text := usage(name, note)
	f.IntVarP(p, name, short, value, text)
}

// Number is a flag with a number.
func (f Flags) Number(p *float64, name string, value float64, note string) {
	short, text := usage(name, note)
	f.Float64VarP(p, name, short, value, text)
}

func (f Flags) duration(p *time.Duration, name string, value time.Duration, note string) {
	short, text := usage(name, note)
	f.DurationVarP(p, name, short, value, text)
}

// Value is a flag with a type of its own.
func (f Flags) Value(v pflag.Value, name, note string) {
	short, text := usage(name, note)
	f.VarP(v, name, short, text)
}

// Seed is --seed.
func (f Flags) Seed(p *uint64) {
	_, text := usage("seed", "")
	f.Uint64Var(p, "seed", 1, text)
}

// SettingKeys are all keys of settings with who may set them: flags, and the
// keys of configs.
func SettingKeys() map[string]settings.Kind {
	keys := map[string]settings.Kind{"output": settings.Output}
	for _, k := range configs.Keys() {
		keys[k.Name] = settings.Page
	}
	for name, w := range words {
		if w.setting {
			keys[name] = w.kind
		}
	}
	return keys
}

// The annotations of a command.
const (
	mainFlags = "glyph_main_flags" // names of flags that -h shows, separated by blanks
	exitCodes = "glyph_exit_codes" // beside 0, 1, 2 and 130, separated by blanks
)

// Finish gives a verb its flags. Main names those that -h shows, codes the exit
// codes that not every verb has.
func Finish(cmd *cobra.Command, f Flags, main, codes string) *cobra.Command {
	cmd.DisableFlagsInUseLine = true
	cmd.Annotations = map[string]string{mainFlags: main, exitCodes: codes}
	cmd.Flags().SortFlags = false
	cmd.Flags().AddFlagSet(f.FlagSet)
	complete(cmd)
	return cmd
}

// complete gives the shell what flags accept.
func complete(cmd *cobra.Command) {
	fixed := func(values ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	dirs := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	for name, c := range map[string]cobra.CompletionFunc{
		"model": CompleteModels, "config": CompletePresets, "secrets": fixed("block", "redact", "allow"), "cache": dirs,
	} {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, c) // fails only for a flag that is not there
		}
	}
	if cmd.Flags().Lookup("reader") != nil {
		_ = cmd.RegisterFlagCompletionFunc("reader", fixed(ReadersOf(cmd)...))
	}
	for _, k := range configs.Keys() {
		f := cmd.Flags().Lookup(k.Name)
		if f == nil || strings.HasPrefix(f.Value.Type(), "string") && k.Name != "font-path" {
			continue
		}
		switch {
		case k.Type == configs.TypeChoice:
			_ = cmd.RegisterFlagCompletionFunc(k.Name, fixed(k.Values...))
		case k.Type == configs.TypeBoolean:
			_ = cmd.RegisterFlagCompletionFunc(k.Name, fixed("true", "false"))
		case k.Name == "font-path":
			_ = cmd.RegisterFlagCompletionFunc(k.Name, completeFonts)
		}
	}
}
