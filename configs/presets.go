package configs

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
)

//go:embed presets/*.json
var presetFiles embed.FS

// presetInfo describes a preset.
type presetInfo struct {
	Name        string
	Description string
	JSON        []byte // its file, as Parse reads it
}

var presets = []presetInfo{
	{Name: "glyph-en", Description: "Glyph's published config for English (A4, 72 dpi, 9 pt on 10), with DejaVu Sans for Verdana"},
	{Name: "glyph-zh", Description: "Glyph's published config for Chinese: as glyph-en, with Noto Sans SC for Source Han Sans"},
	{Name: "glyph-en-96", Description: "glyph-en at 96 dpi, the larger of the two resolutions that Glyph's README offers"},
	{Name: "glyph-en-inline", Description: "glyph-en with newlines as a red \\n in the line, the denser newline-markup of Glyph's README"},
	{Name: "compact", Description: "glyph-en with Atkinson Hyperlegible 8.4 pt set solid: smaller type, no extra leading"},
	{Name: "dense-bitmap", Description: "1568x728 px, X.Org Fixed 5x8: 312 cells in each of 91 rows, newlines as ↵ in the line"},
}

// Presets returns all presets in the order in which to list them.
func Presets() []presetInfo {
	list := make([]presetInfo, len(presets))
	for i, p := range presets {
		p.JSON, _ = presetFiles.ReadFile("presets/" + p.Name + ".json") // embedded; a test reads each
		list[i] = p
	}
	return list
}

// Preset returns the Config of a preset. An unknown name is a *KeyError that
// lists the known ones.
func Preset(name string) (Config, error) {
	var names []string
	for _, p := range Presets() {
		if p.Name == name {
			c, err := parse(bytes.NewReader(p.JSON), "preset "+name)
			if err != nil {
				return Config{}, fmt.Errorf("loading %w", err)
			}
			return c, nil
		}
		names = append(names, p.Name)
	}
	return Config{}, &KeyError{Key: "preset", Value: clip(name), Problem: "is not known",
		Want: fmt.Sprintf("%q, the nearest, or one of %s", nearest(name, names), strings.Join(names, ", "))}
}
