package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/internal/cli/verb"
)

// commands are all commands but those that cobra makes.
func commands() (root *cobra.Command, all []*cobra.Command) {
	root = newRoot(&verb.App{})
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		all = append(all, cmd)
		for _, c := range cmd.Commands() {
			walk(c)
		}
	}
	walk(root)
	return root, all
}

// A flag has one meaning, one short name and one type, whichever verb has it. A
// list counts as what it is a list of.
func TestOneMeaningForEachFlag(t *testing.T) {
	type meaning struct{ short, kind, usage, of string }
	meanings := map[string]meaning{}
	shorts := map[string]string{}
	_, all := commands()
	flags := 0
	for _, cmd := range all {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			flags++
			kind := f.Value.Type()
			for _, list := range []string{"stringSlice", "stringArray"} {
				if kind == list {
					kind = "string"
				}
			}
			usage, _, _ := strings.Cut(f.Usage, ";")
			m := meaning{f.Shorthand, kind, usage, cmd.CommandPath()}
			if known, ok := meanings[f.Name]; !ok {
				meanings[f.Name] = m
			} else if f.Name != "dpi" && (known.short != m.short || known.kind != m.kind || known.usage != m.usage) {
				t.Errorf("--%s is %+v and %+v", f.Name, known, m)
			}
			if other, ok := shorts[f.Shorthand]; f.Shorthand != "" && ok && other != f.Name {
				t.Errorf("-%s is --%s and --%s", f.Shorthand, other, f.Name)
			}
			shorts[f.Shorthand] = f.Name
		})
	}
	if flags < 300 {
		t.Errorf("%d flags: the walk does not see the tree", flags)
	}
	for _, gone := range []string{
		"workers", "parallel", "max-tokens-total", "max-cost", "max-spend", "output-price", "reader-url", "reader-model", "reader-price",
		"llm", "llm-model", "llm-price", "llm-timeout", "send-secrets", "questions", "calls",
	} {
		if m, ok := meanings[gone]; ok {
			t.Errorf("--%s of %s: the name is gone", gone, m.of)
		}
	}
	for _, reserved := range []string{
		"base-url", "proposer-base-url", "model", "served-name", "output", "jobs", "budget", "secrets", "json", "quiet",
		"config", "n", "task", "data", "arms", "reader", "timeout", "dry-run",
	} {
		if _, ok := meanings[reserved]; !ok {
			t.Errorf("no verb has --%s", reserved)
		}
	}
	for name, short := range map[string]string{"model": "m", "config": "c", "output": "o", "quiet": "q", "jobs": "j", "n": "n"} {
		if meanings[name].short != short {
			t.Errorf("--%s has the short name %q, want %q", name, meanings[name].short, short)
		}
	}
}

func helpOf(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	root := newRoot(&verb.App{})
	root.SetOut(&out)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return out.String()
}

// The help of every command fits a terminal, and the short one a screen.
func TestHelp(t *testing.T) {
	_, all := commands()
	for _, cmd := range all {
		path := strings.Fields(cmd.CommandPath())[1:]
		full := helpOf(t, append(path, "--help")...)
		texts := map[string]string{"--help": full}
		if !cmd.IsAdditionalHelpTopicCommand() {
			short := helpOf(t, append(path, "-h")...)
			texts["-h"] = short
			if n := strings.Count(short, "\n"); n > 40 {
				t.Errorf("%s -h has %d lines, want at most 40", cmd.CommandPath(), n)
			}
			if cmd.Runnable() && cmd != cmd.Root() && !strings.Contains(short, cmd.UseLine()) {
				t.Errorf("%s -h does not show how to use it", cmd.CommandPath())
			}
			if strings.Contains(cmd.Use, "[flags]") || strings.Contains(short, "(default [])") || strings.Contains(full, "(default [])") {
				t.Errorf("%s has leftovers of a template", cmd.CommandPath())
			}
		}
		for how, text := range texts {
			for line := range strings.SplitSeq(text, "\n") {
				if n := utf8.RuneCountInString(line); n > 100 {
					t.Errorf("%s %s has a line of %d characters: %s", cmd.CommandPath(), how, n, line)
				}
			}
		}
		if _, ok := cmd.Annotations["glyph_main_flags"]; ok && !strings.Contains(full, "Exit codes: 0 done, 1 failed, 2 ") {
			t.Errorf("%s --help does not tell its exit codes", cmd.CommandPath())
		}
		if strings.Count(full, "Exit codes") > 1 {
			t.Errorf("%s --help tells exit codes twice", cmd.CommandPath())
		}
	}
}

// Every verb belongs to a group of the help.
func TestGroups(t *testing.T) {
	root, _ := commands()
	help := helpOf(t)
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() && cmd.GroupID == "" {
			t.Errorf("%s is in no group", cmd.Name())
		}
		if !strings.Contains(help, cmd.Name()) {
			t.Errorf("help does not name %s", cmd.Name())
		}
	}
	at := -1
	for _, title := range []string{"Start:", "Measure:", "Serve:", "Lab:", "Look up:"} {
		i := strings.Index(help, title)
		if i <= at {
			t.Errorf("%q stands at %d, behind %d", title, i, at)
		}
		at = i
	}
}

// Every setting is the default of a flag.
func TestSettingsAreFlags(t *testing.T) {
	_, all := commands()
	var names []string
	for _, cmd := range all {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	}
	for key := range verb.SettingKeys() {
		if !slices.Contains(names, key) {
			t.Errorf("the setting %q is no flag", key)
		}
	}
}
