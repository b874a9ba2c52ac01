package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/term"
)

func newConfig(a *verb.App) *cobra.Command {
	asJSON, all := false, false
	f := verb.NewFlags()
	f.On(&asJSON, "json", "all keys with their values, and where these are from")
	f.BoolVar(&all, "all", false, "list the keys that nobody has set as well")
	return verb.Finish(&cobra.Command{
		Use:     "config",
		Short:   "Show the settings, which are defaults of flags, and where they are from",
		Long:    "config shows the settings that are in force, and where each is from.\n\n" + verb.SettingsText,
		Example: "  glyph config\n  GLYPH_MODEL=gpt-5.5 glyph config --all",
		Args:    verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range a.Settings.Unknown {
				fmt.Fprintf(a.Notes(cmd), "glyph: %s is no setting; all: glyph config --all\n", name)
			}
			list := verb.EffectiveSettings(a.Settings)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			return verb.Failed(printSettings(cmd.OutOrStdout(), list, all))
		},
	}, f, "all json", "")
}

func printSettings(out io.Writer, list []verb.Setting, all bool) error {
	t := term.NewTable("<<<<", "KEY", "VALUE", "FROM", "VARIABLE")
	set := 0
	for _, s := range list {
		if s.From != "default" {
			set++
		} else if !all {
			continue
		}
		t.Add(s.Key, term.Clean(s.Value), term.Clean(s.From), s.Variable)
	}
	if set == 0 && !all {
		_, err := fmt.Fprintln(out, "nothing is set; all keys: glyph config --all")
		return err
	}
	return t.Write(out)
}
