package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

const defaultConfig = "glyph-en"

// source holds the flags of all verbs that lay text out: what to read, and
// under which config.
type source struct {
	config      string
	encoding    string
	systemFonts bool
	keys        *pflag.FlagSet // one flag a config key
}

func newSource() *source { return &source{keys: keyFlags()} }

func (s *source) addConfig(f *pflag.FlagSet) {
	f.StringVarP(&s.config, "config", "c", defaultConfig, "start from config `NAME|FILE`: a name of \"glyph configs list\", or a JSON file")
}

func (s *source) addInput(f *pflag.FlagSet) {
	f.StringVar(&s.encoding, "encoding", "", "read all input as `CHARSET`, such as windows-1251, where a guess is wrong")
	f.BoolVar(&s.systemFonts, "system-fonts", false, "let font keys name fonts installed on this machine; pages then depend on it")
}

// keyFlags makes a flag of every config key. The text goes as it is to
// configs.Build, which has the better error messages.
func keyFlags() *pflag.FlagSet {
	set := pflag.NewFlagSet("config", pflag.ContinueOnError)
	set.SortFlags = false
	for _, k := range configs.Keys() {
		set.Var(&keyValue{kind: keyKind(k)}, k.Name, k.Doc)
		if k.Type == configs.TypeBoolean {
			set.Lookup(k.Name).NoOptDefVal = "true"
		}
	}
	return set
}

// keyKind is what the help shows behind the flag.
func keyKind(k configs.Key) string {
	switch {
	case k.Type == configs.TypeChoice:
		return strings.Trim(strings.Join(k.Values, "|"), "|")
	case k.Type == configs.TypeBoolean:
		return "bool" // pflag shows nothing for it
	case k.Type == configs.TypeSize:
		return "W,H"
	case k.Unit != "":
		return k.Unit
	}
	return string(k.Type)
}

// keyValue is the value of a config flag.
type keyValue struct{ text, kind string }

func (v *keyValue) String() string     { return v.text }
func (v *keyValue) Set(s string) error { v.text = s; return nil }
func (v *keyValue) Type() string       { return v.kind }

// flags gives a command its own flags and those of the config, with a help
// that keeps the two apart.
func (s *source) flags(cmd *cobra.Command, own *pflag.FlagSet) {
	own.BoolP("help", "h", false, "print this help")
	cmd.Flags().SortFlags = false
	cmd.Flags().AddFlagSet(own)
	cmd.Flags().AddFlagSet(s.keys)
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "Usage:\n  %s\n\nExamples:\n%s\n\nFlags:\n%s\nConfig flags override keys of the config; see \"glyph configs keys\". Those without a value take =false:\n%s\n%s\n",
			cmd.UseLine(), cmd.Example, own.FlagUsagesWrapped(100), s.keys.FlagUsagesWrapped(100), exitHelp)
		return err
	})
	s.completions(cmd)
}

func (s *source) completions(cmd *cobra.Command) {
	complete := func(flag string, f cobra.CompletionFunc) {
		_ = cmd.RegisterFlagCompletionFunc(flag, f) // fails only for a flag that is not there
	}
	complete("config", completePresets)
	for _, k := range configs.Keys() {
		switch {
		case k.Type == configs.TypeChoice:
			complete(k.Name, cobra.FixedCompletions(k.Values, cobra.ShellCompDirectiveNoFileComp))
		case k.Type == configs.TypeBoolean:
			complete(k.Name, cobra.FixedCompletions([]string{"true", "false"}, cobra.ShellCompDirectiveNoFileComp))
		case k.Name == "font-path":
			complete(k.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				var names []string
				for _, f := range fonts.Embedded() {
					names = append(names, f.Name)
				}
				return names, cobra.ShellCompDirectiveDefault
			})
		}
	}
}

// build lays the config flags over the config. Name says so for people.
func (s *source) build() (cfg configs.Config, name string, err error) {
	if cfg, err = loadConfig(s.config); err != nil {
		return cfg, "", err
	}
	name = s.config
	var kvs []configs.KeyValue
	s.keys.VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			kvs = append(kvs, configs.KeyValue{Key: f.Name, Value: f.Value.String()})
			name += " --" + f.Name + "=" + f.Value.String()
		}
	})
	cfg, err = configs.Build(cfg, kvs)
	return cfg, name, err
}

// fixedPage says that a flag gives the size of pages.
func (s *source) fixedPage() bool { return s.keys.Changed("page-size") || s.keys.Changed("patch-size") }

func (s *source) options(workers int) render.Options {
	return render.Options{Workers: workers, FontDirs: configDir(s.config), SystemFonts: s.systemFonts}
}

// documents finds what the arguments name; standard input if there is none.
func (s *source) documents(cmd *cobra.Command, args []string) (docs []*document.Document, hidden int, err error) {
	if s.encoding != "" {
		if err := document.CheckCharset(s.encoding); err != nil {
			return nil, 0, fmt.Errorf("--encoding: %w", err)
		}
	}
	if len(args) == 0 {
		if isTerminal(cmd.InOrStdin()) {
			return nil, 0, fmt.Errorf("nothing to read; accepted: files, directories, patterns, or text on standard input (see %s --help)", cmd.CommandPath())
		}
		args = []string{"-"}
	}
	docs, hidden, err = document.Find(cmd.Context(), args, cmd.InOrStdin())
	if err != nil {
		return nil, 0, failed(err)
	}
	for _, d := range docs {
		d.Charset = s.encoding
	}
	return docs, hidden, nil
}

// texts finds documents and keeps those that give pages, as package plan reads
// them. None at all is an error. Remove, to be called after them, deletes what
// they need on disk.
func (s *source) texts(cmd *cobra.Command, r *render.Renderer, args []string) (list []plan.Document, leftOut []render.LeftOut, remove func(), err error) {
	docs, hidden, err := s.documents(cmd, args)
	if err != nil {
		return nil, nil, nil, err
	}
	spooled := document.Spool(docs)
	remove = func() { _ = spooled() } // at worst a temporary file stays
	if list, leftOut, err = withPages(cmd.Context(), r, docs); err != nil {
		remove()
		err = whyNothing(err, args, leftOut, hidden)
	}
	return list, leftOut, remove, err
}

// withPages are the documents that give pages, and why the others do not. None
// at all is an error.
func withPages(ctx context.Context, r *render.Renderer, docs []*document.Document) (list []plan.Document, leftOut []render.LeftOut, err error) {
	leftOut = []render.LeftOut{}
	for _, d := range docs {
		t := text(d)
		err := firstPage(ctx, r, t)
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			leftOut = append(leftOut, render.LeftOut{Name: d.Name, Reason: err.Error(), Failed: !d.Found})
			continue
		}
		list = append(list, t)
	}
	if len(list) == 0 {
		err = render.ErrNothingDrawn
	}
	return list, leftOut, err
}

func text(d *document.Document) plan.Document {
	return plan.Document{Name: d.Name, Open: func() (io.ReadCloser, error) { return d.Text() }}
}

// firstPage says whether a document has a page.
func firstPage(ctx context.Context, r *render.Renderer, d plan.Document) error {
	t, err := d.Open()
	if err != nil {
		return err
	}
	defer t.Close()
	for _, err := range r.Measure(ctx, d.Name, t) {
		return err
	}
	return render.ErrBlank
}

// whyNothing says why nothing was drawn, for one document in the same line.
// Other errors stay as they are.
func whyNothing(err error, args []string, leftOut []render.LeftOut, hidden int) error {
	const most = 5
	switch {
	case !errors.Is(err, render.ErrNothingDrawn):
		return failed(err)
	case len(leftOut) == 0:
		err = fmt.Errorf("%w: no text file in %s", err, strings.Join(args, ", "))
	case len(leftOut) == 1:
		err = fmt.Errorf("drawing %q: %s", leftOut[0].Name, leftOut[0].Reason)
	default:
		var b strings.Builder
		for i, l := range leftOut {
			if i == most {
				fmt.Fprintf(&b, "\n  and %d more", len(leftOut)-i)
				break
			}
			fmt.Fprintf(&b, "\n  %s: %s", l.Name, l.Reason)
		}
		err = fmt.Errorf("%w: none of %d files has text to show:%s", err, len(leftOut), b.String())
	}
	if hidden > 0 {
		err = fmt.Errorf("%w (%s left out)", err, plural(hidden, "hidden file or directory", "hidden files and directories"))
	}
	return failed(err)
}

// partial is the error of what was done without some named documents, nil if
// there are none.
func partial(done string, leftOut []render.LeftOut) error {
	var names []string
	for _, l := range leftOut {
		if l.Failed {
			names = append(names, l.Name+": "+l.Reason)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &codedError{exitPartial, fmt.Errorf("%s, without %s", done, strings.Join(names, "; "))}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
