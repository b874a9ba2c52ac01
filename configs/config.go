// Package configs holds Config, the one struct behind the JSON config file,
// the command line flags, the search's genome and the documentation of all
// three. It parses, checks, combines and encodes settings.
//
// The keys of Glyph's published renderer configuration (arXiv:2510.17800)
// keep their names, units and meaning, so its files load unchanged; the keys
// of this toolkit stand beside them in the same style. [Keys] lists all of
// them with range, default and meaning.
//
// Settings come in layers, and a later layer wins over an earlier one:
//
//	base ([Default], a preset or a file) < theme < keys given explicitly
//
// A config file is itself one such stack over [Default]; flags make another
// over whatever base they are given ([Build]). Order inside a layer never
// matters.
//
// The package draws nothing and opens no fonts: a font-path is only a string
// here. The sibling package fonts finds the face, the sibling package render
// draws the pages. Everything exported is safe for concurrent use, as long as
// no goroutine changes a Config that another one reads.
package configs

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Config says how a text becomes pages. Lengths are in points (pt, 1/72
// inch) unless they say px; a length in pixels is pt*DPI/72. [Keys] gives the
// JSON key, the range and the meaning of every field.
//
// The zero Config is not valid: start from [Default], [Preset], [Load] or
// [Build]. Code that assigns fields itself calls Validate afterwards.
type Config struct {
	// Theme names the theme whose values were laid under the explicit keys.
	// It is a label: assigning it changes no other field. Use Build or Set.
	Theme Theme

	PageSize         Size    // pt
	DPI              float64 // px per inch
	MarginX, MarginY float64 // pt
	FramePadding     float64 // pt, inside the margin on all four sides
	FontPath         string
	FallbackFonts    []string // tried in order after FontPath
	FontSize         float64  // pt
	LineHeight       float64  // pt, baseline to baseline

	FontColor, PageBGColor, ParaBGColor, ParaBorderColor Color

	Alignment       Alignment
	HorizontalScale float64

	FirstLineIndent, LeftIndent, RightIndent float64 // pt
	SpaceBefore, SpaceAfter                  float64 // pt
	BorderWidth, BorderPadding               float64 // pt

	AutoCropWidth, AutoCropLastPage bool
	NewlineMarkup                   string // see Markup

	ParagraphLines int // source lines; 0 is the whole document
	Columns        int
	ColumnGap      float64 // pt
	Wrap           Wrap
	AntiAlias      bool
	StrokeWeight   float64
	Kerning        bool
	TabWidth       int // spaces
	PatchSize      int // px; 0 is off
	PageLabel      string
	Legend         legend
	FormFeed       formFeed
	BlankPages     bool
	ExactScale     float64
	ExactAnchors   bool
}

// Size is a width and a height in pt.
type Size struct{ Width, Height float64 }

// String returns the form used in config files: "595,842".
func (s Size) String() string { return number(s.Width) + "," + number(s.Height) }

// Color is an opaque sRGB colour.
type Color struct{ R, G, B uint8 }

// String returns the form used in config files: "#RRGGBB".
func (c Color) String() string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// Alignment says where the lines of a paragraph stand in their column.
type Alignment string

// The alignments, as Glyph's configuration spells them.
const (
	AlignLeft    Alignment = "LEFT"
	AlignCenter  Alignment = "CENTER"
	AlignRight   Alignment = "RIGHT"
	AlignJustify Alignment = "JUSTIFY"
)

// Wrap says where a line that is too long may be broken.
type Wrap string

const (
	WrapWord      Wrap = "word"      // where Unicode allows a break (UAX #14)
	WrapCharacter Wrap = "character" // after any grapheme cluster
)

// legend says on which pages the meaning of the newline marker is drawn.
type legend string

const (
	LegendFirst legend = "first"
	legendEvery legend = "every"
	LegendNone  legend = "none"
)

// formFeed says what U+000C does.
type formFeed string

const (
	formFeedPage formFeed = "page" // starts a new page
	FormFeedMark formFeed = "mark" // drawn as ␌, breaks nothing
)

// Default returns the defaults of Glyph's renderer function, with an embedded
// face in the place of its required font path, and for the keys it does not
// have the values that keep its behaviour.
func Default() Config {
	white := Color{255, 255, 255}
	return Config{
		PageSize:        Size{595.28, 841.89}, // A4
		DPI:             72,
		MarginX:         20,
		MarginY:         20,
		FramePadding:    6,
		FontPath:        "dejavu-sans",
		FontSize:        9,
		LineHeight:      10,
		PageBGColor:     white,
		ParaBGColor:     white,
		Alignment:       AlignJustify,
		HorizontalScale: 1,
		NewlineMarkup:   "<br/>",
		ParagraphLines:  30,
		Columns:         1,
		ColumnGap:       12,
		Wrap:            WrapWord,
		AntiAlias:       true,
		StrokeWeight:    1,
		TabWidth:        4,
		Legend:          LegendFirst,
		FormFeed:        formFeedPage,
		ExactScale:      1,
	}
}

// Column returns the width and height in pt of one text column: the page
// without margins and frame padding, shared among the columns. Indents and
// borders are not taken off. It can be negative when c is not valid.
func (c Config) Column() Size {
	columns := float64(max(1, c.Columns))
	inset := Size{2 * (c.MarginX + c.FramePadding), 2 * (c.MarginY + c.FramePadding)}
	gaps := float64((columns - 1) * c.ColumnGap)
	return Size{(c.PageSize.Width - inset.Width - gaps) / columns, c.PageSize.Height - inset.Height}
}

// PagePixels returns the width and height in px of a page before cropping.
// Like the reference it rounds up to whole pixels, then applies the
// horizontal scale rounding down; with a patch size both sides are rounded up
// to a multiple of it. c must be valid.
func (c Config) PagePixels() (width, height int) {
	// 1e-6 px: a size that is whole in decimal must not gain a pixel in binary.
	up := func(pt float64) float64 { return math.Ceil(pt*c.DPI/72 - 1e-6) }
	width = max(1, int(math.Floor(float64(up(c.PageSize.Width)*c.HorizontalScale)+1e-6)))
	height = max(1, int(up(c.PageSize.Height)))
	if p := c.PatchSize; p > 0 {
		width = (width + p - 1) / p * p
		height = (height + p - 1) / p * p
	}
	return width, height
}

// paper lists the accepted page-size names: ISO A and B, and US sizes, in pt
// (mm*72/25.4 to a hundredth of a point).
var paper = []struct {
	name string
	size Size
}{
	{"A3", Size{841.89, 1190.55}},
	{"A4", Size{595.28, 841.89}},
	{"A5", Size{419.53, 595.28}},
	{"B4", Size{708.66, 1000.63}},
	{"B5", Size{498.9, 708.66}},
	{"Letter", Size{612, 792}},
	{"Legal", Size{612, 1008}},
	{"Tabloid", Size{792, 1224}},
}

func parseSize(s string) (Size, bool) {
	s = strings.TrimSpace(s)
	for _, p := range paper {
		if strings.EqualFold(p.name, s) {
			return p.size, true
		}
	}
	w, h, found := strings.Cut(s, ",")
	width, okW := parseNumber(w)
	height, okH := parseNumber(h)
	return Size{width, height}, found && okW && okH
}

func parseColor(s string) (Color, bool) {
	hex, found := strings.CutPrefix(strings.TrimSpace(s), "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	return Color{uint8(v >> 16), uint8(v >> 8), uint8(v)}, found && len(hex) == 6 && err == nil
}

// parseNumber reads a finite decimal number; hexadecimal, NaN and Inf, which
// strconv would take, are no decimal numbers.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v + 0, err == nil // + 0 turns -0 into 0
}

// number writes v in its shortest decimal form, which is also valid JSON.
func number(v float64) string { return strconv.FormatFloat(v+0, 'g', -1, 64) }
