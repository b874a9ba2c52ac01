package verb

import (
	"cmp"
	"slices"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/settings"
	"github.com/spf13/cobra"
)

// Setting is a key with the value that counts.
type Setting struct {
	Key      string `json:"key"`
	Value    string `json:"value"`
	From     string `json:"from"` // "environment", a file, "config" or "default"
	Variable string `json:"variable"`
}

// EffectiveSettings lists all keys of settings with what is in force.
func EffectiveSettings(s *settings.Settings) []Setting {
	defaults := map[string]string{"config": glyph.DefaultPreset}
	for _, k := range configs.Keys() {
		defaults[k.Name] = k.Default
	}
	var list []Setting
	for key := range SettingKeys() {
		e := Setting{Key: key, Value: defaults[key], From: "default", Variable: settings.Variable(key)}
		if value, from, ok := s.Lookup(key); ok {
			e.Value, e.From = value, from
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b Setting) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// SettingsText says where settings are from.
const SettingsText = `A setting is the default of a flag. Flags come first, then the environment (GLYPH_MODEL for --model,
GLYPH_BASE_URL for --base-url, and so on), then the user's file, glyph/config.json in the config
directory of the system, then the project's file: the nearest .glyph.json in the working directory or
above it, up to the root of the repository or the home directory. Files are JSON objects of keys:

  {"config": "dense-bitmap", "dpi": 96, "output": "pages", "preview": true}

A project's file may only say how pages look (config and its keys) and how results are written
(output, inside the project; preview, json, quiet). Everything else in it is an error: it came with
the project, and could send your texts and your key to a server of somebody else.

A config that is named takes back the keys that were set before it.`

// SettingsTopic is the help topic about settings.
func SettingsTopic() *cobra.Command {
	return &cobra.Command{Use: "settings", Short: "Where defaults of flags come from", Long: SettingsText + `

Variables that are no settings: GLYPH_API_KEY or OPENAI_API_KEY is the key of endpoints,
OPENAI_BASE_URL an endpoint, GLYPH_CACHE the directory of installed readers and kept results. glyph
prints no colours, so NO_COLOR changes nothing.`}
}
