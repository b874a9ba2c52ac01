package genome

import (
	"slices"
	"strconv"

	"github.com/glyphkit/glyph/configs"
)

// Gene is a part of a config that the search varies: one number, the page
// size, or a choice among rows of values for one or more keys.
type Gene struct {
	Group string   `json:"group"` // genes of a group are inherited together
	Keys  []string `json:"keys"`

	// A number from Min to Max on a grid of Step that starts at Min.
	Min  float64 `json:"min,omitempty"`
	Max  float64 `json:"max,omitempty"`
	Step float64 `json:"step,omitempty"`

	// A choice: each row has a value for every key. The rows of the page size
	// are the customary ones; its sides are also varied by whole pt.
	Rows [][]string `json:"rows,omitempty"`

	// weight says how often the gene is mutated. Size, leading, face, page
	// and newlines decide most of the density; borders next to nothing.
	weight int

	least, most configs.Size // pt, of the page size
}

func (g *Gene) isNumber() bool { return g.Step > 0 }
func (g *Gene) isPage() bool   { return g.most != configs.Size{} }

const (
	keyPageSize    = "page-size"
	keyFontSize    = "font-size"
	keyLineHeight  = "line-height"
	keyFirstIndent = "first-line-indent"
	keyLeftIndent  = "left-indent"
)

func number(group, key string, lo, hi, step float64, weight int) Gene {
	return Gene{Group: group, Keys: []string{key}, Min: lo, Max: hi, Step: step, weight: weight}
}

func choice(group, key string, weight int, values ...string) Gene {
	g := Gene{Group: group, Keys: []string{key}, weight: weight}
	for _, v := range values {
		g.Rows = append(g.Rows, []string{v})
	}
	return g
}

// paletteKeys are chosen together: a colour is only legible against another.
var paletteKeys = []string{"font-color", "page-bg-color", "para-bg-color", "para-border-color"}

// palettes are black on white, two of lower contrast, the reverse, and those
// of the themes.
func palettes() [][]string {
	rows := [][]string{
		{"#000000", "#FFFFFF", "#FFFFFF", "#000000"},
		{"#282828", "#FAFAF5", "#FAFAF5", "#282828"},
		{"#404040", "#FFFFFF", "#FFFFFF", "#404040"},
		{"#FFFFFF", "#000000", "#000000", "#FFFFFF"},
	}
	for _, theme := range themes {
		c := configs.Default()
		if c.Set("theme", string(theme)) != nil {
			continue
		}
		var row []string
		for _, key := range paletteKeys {
			value, _ := c.Get(key)
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	return rows
}

// themes are the styles that the first population is mixed from, in turn.
var themes = []configs.Theme{
	configs.ThemeDocument, configs.ThemeWeb, configs.ThemeCode, configs.ThemeDark, configs.ThemePixel,
}

// allGenes returns the genes for a model whose image patch is patch px, 0 for
// one without. Ranges are those of Glyph's table 8 and this toolkit's keys:
// type goes down to 4 pt, since dpi goes down to 45 there, and the aspect of a
// page is free.
func allGenes(patch int) []Gene {
	genes := []Gene{
		number("type", "dpi", 45, 300, 1, 3),
		number("type", keyFontSize, 4, 14, 0.1, 4),
		number("type", keyLineHeight, 4, 17, 0.1, 4),

		choice("face", "font-path", 4, "dejavu-sans", "dejavu-sans-mono", "atkinson-hyperlegible", "lato",
			"fixed-5x8", "fixed-6x9", "spleen-5x8", "spleen-6x12", "noto-sans-sc"),
		number("face", "stroke-weight", 0.5, 2, 0.05, 2),
		choice("face", "anti-alias", 1, "true", "false"),
		choice("face", "kerning", 1, "false", "true"),

		{Group: "page", Keys: []string{keyPageSize}, weight: 3, least: configs.Size{Width: 200, Height: 200}, most: configs.Size{Width: 1600, Height: 1600}, Rows: [][]string{
			{"595,842"}, {"612,792"}, {"612,1008"}, {"420,595"}, {"499,709"}, {"842,1191"}, {"709,1001"}, {"792,1224"},
			{"960,540"}, {"600,848"}, {"600,800"}, {"600,900"}, {"600,1067"}, {"800,800"}, {"1568,728"},
		}},
		number("page", "margin-x", 0, 40, 1, 2),
		number("page", "margin-y", 0, 40, 1, 2),
		number("page", "frame-padding", 0, 6, 1, 2),
		number("page", "columns", 1, 4, 1, 2),
		number("page", "column-gap", 4, 24, 1, 1),
		number("page", "horizontal-scale", 0.75, 1, 0.01, 1),
		choice("page", "auto-crop-width", 1, "true", "false"),
		choice("page", "auto-crop-last-page", 1, "true", "false"),

		choice("paragraph", "alignment", 1, "LEFT", "JUSTIFY", "RIGHT", "CENTER"),
		choice("paragraph", "wrap", 2, "word", "character"),
		choice("paragraph", "paragraph-lines", 1, "30", "0", "10"),
		number("paragraph", keyFirstIndent, -24, 24, 1, 1),
		number("paragraph", keyLeftIndent, 0, 24, 1, 1),
		number("paragraph", "right-indent", 0, 24, 1, 1),
		number("paragraph", "space-before", 0, 12, 1, 1),
		number("paragraph", "space-after", 0, 12, 1, 1),
		number("paragraph", "border-width", 0, 2, 0.5, 1),
		number("paragraph", "border-padding", 0, 6, 1, 1),

		{Group: "colour", Keys: paletteKeys, Rows: palettes(), weight: 2},

		choice("newline", "newline-markup", 3, "<br/>", `<font color="#FF0000"> \n </font>`, "↵", "¶",
			`<font color="#FF0000">↵</font>`),
		choice("newline", "legend", 1, "first", "every", "none"),
	}
	if patch > 0 {
		genes = append(genes, choice("page", "patch-size", 1, "0", strconv.Itoa(patch)))
	}
	known := configs.Keys()
	has := func(key string) bool {
		return slices.ContainsFunc(known, func(k configs.Key) bool { return k.Name == key })
	}
	if has("exact-scale") {
		genes = append(genes, number("exact", "exact-scale", 1, 2, 0.1, 2))
	}
	if has("exact-anchors") {
		genes = append(genes, choice("exact", "exact-anchors", 1, "false", "true"))
	}
	return genes
}
