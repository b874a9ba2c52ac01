package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/settings"
	"github.com/glyphkit/glyph/internal/term"
)

func newConfig(a *verb.App) *cobra.Command {
	asJSON, all := false, false
	f := verb.NewFlags()
	f.On(&asJSON, "json", "all keys with their values, and where these are from")
	f.On(&all, "all", "the keys that nobody has set as well")
	return verb.Finish(&cobra.Command{
		Use:     "config",
		Short:   "Show the settings, which are defaults of flags, and where they are from",
		Long:    "config shows the settings that are in force, and where each is from.\n\n" + settingsText,
		Example: "  glyph config\n  GLYPH_MODEL=gpt-5.5 glyph config --all",
		Args:    verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range a.Settings.Unknown {
				fmt.Fprintf(a.Notes(cmd), "glyph: %s is no setting; all: glyph config --all\n", name)
			}
			list := effective(a.Settings)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			return verb.Failed(printSettings(cmd.OutOrStdout(), list, all))
		},
	}, f, "all json", "")
}

// setting is a key with the value that counts.
type setting struct {
	Key      string `json:"key"`
	Value    string `json:"value"`
	From     string `json:"from"` // "environment", a file, "config" or "default"
	Variable string `json:"variable"`
}

// effective lists all keys of settings.
func effective(s *settings.Settings) []setting {
	defaults := map[string]string{"config": glyph.DefaultPreset}
	for _, k := range configs.Keys() {
		defaults[k.Name] = k.Default
	}
	var list []setting
	for key := range verb.SettingKeys() {
		e := setting{Key: key, Value: defaults[key], From: "default", Variable: settings.Variable(key)}
		if value, from, ok := s.Lookup(key); ok {
			e.Value, e.From = value, from
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b setting) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

func printSettings(out io.Writer, list []setting, all bool) error {
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

const settingsText = `A setting is the default of a flag. Flags come first, then the environment (GLYPH_MODEL for --model,
GLYPH_BASE_URL for --base-url, and so on), then the user's file, glyph/config.json in the config
directory of the system, then the project's file: the nearest .glyph.json in the working directory or
above it, up to the root of the repository or the home directory. Files are JSON objects of keys:

  {"config": "dense-bitmap", "dpi": 96, "output": "pages", "preview": true}

A project's file may only say how pages look (config and its keys) and how results are written
(output, inside the project; preview, json, quiet). Everything else in it is an error: it came with
the project, and could send your texts and your key to a server of somebody else.

A config that is named takes back the keys that were set before it.`

func newSettingsTopic() *cobra.Command {
	return &cobra.Command{Use: "settings", Short: "Where defaults of flags come from", Long: settingsText + `

Variables that are no settings: GLYPH_API_KEY or OPENAI_API_KEY is the key of endpoints,
OPENAI_BASE_URL an endpoint, GLYPH_CACHE the directory of installed readers and kept results. glyph
prints no colours, so NO_COLOR changes nothing.`}
}
