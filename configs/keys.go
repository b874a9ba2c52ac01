package configs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// keyType is the kind of value a key takes.
type keyType string

const (
	TypeNumber  keyType = "number"  // float64
	TypeInteger keyType = "integer" // int
	TypeBoolean keyType = "boolean" // "true" or "false"
	TypeText    keyType = "text"    // string
	TypeChoice  keyType = "choice"  // one of Key.Values
	typeList    keyType = "list"    // strings, separated by commas
	typeColor   keyType = "color"   // "#RRGGBB"
	TypeSize    keyType = "size"    // "W,H"
)

// Key documents one key of the configuration: flags, help texts, the manual
// and the search's mutation ranges are made from it.
type Key struct {
	Name    string // as in JSON and, after "--", on the command line
	Type    keyType
	Unit    string   // "pt", "px", "px/in", "lines", "spaces" or ""
	Min     float64  // smallest legal number, integer or page side
	Max     float64  // largest legal number, integer or page side
	Values  []string // the legal choices of a TypeChoice, in canonical spelling
	Default string   // what Get returns for Default()
	Accepts string   // what is accepted, in words
	Doc     string   // one sentence
	Glyph   bool     // published by Glyph; otherwise this toolkit's own
}

// field ties a key to its place in Config. It is the only list of keys:
// parsing, checking, encoding and documentation all walk it.
type field struct {
	name     string
	unit     string
	min, max float64
	values   []string
	accepts  string // overrides the generated description
	doc      string
	ours     bool
	later    bool // not in the hash at its default: configs from before it keep theirs

	ref   func(*Config) any                  // pointer to the struct field
	extra func(any) (problem string, _ bool) // check beyond range and choice
}

const (
	maxLength = 1000  // pt: margins, indents, spaces; more than two A4 widths
	maxSide   = 32767 // pt: a page side at 72 dpi, see MaxPageSide
	maxFonts  = 16    // fallback fonts; each is a file to open

	minFontSize, maxFontSize = 1, 400 // pt; in px see MinFontPixels
)

// The order is the order of Canonical. The theme comes first and font-size
// before line-height, so that setting all keys of a Config one after the
// other with Set, in this order, reproduces it.
var table = []*field{
	{name: "theme", ours: true, values: []string{"", "document", "web", "code", "dark", "pixel"},
		doc: "named set of colours and type laid under the keys that are given explicitly",
		ref: func(c *Config) any { return (*string)(&c.Theme) }},

	{name: "page-size", unit: "pt", min: 8, max: maxSide,
		doc: "page width and height",
		ref: func(c *Config) any { return &c.PageSize }},
	{name: "dpi", unit: "px/in", min: 10, max: 1200,
		doc: "resolution: a length of n pt is n*dpi/72 px",
		ref: func(c *Config) any { return &c.DPI }},
	{name: "margin-x", unit: "pt", max: maxLength,
		doc: "left and right margin; as a number of px also what auto-crop-width keeps",
		ref: func(c *Config) any { return &c.MarginX }},
	{name: "margin-y", unit: "pt", max: maxLength,
		doc: "top and bottom margin; as a number of px also what auto-crop-last-page keeps",
		ref: func(c *Config) any { return &c.MarginY }},
	{name: "font-path", accepts: "the name of an embedded font or the path of a font file", extra: checkFont,
		doc: "embedded font name or font file",
		ref: func(c *Config) any { return &c.FontPath }},
	{name: "font-size", unit: "pt", min: minFontSize, max: maxFontSize,
		doc: "em size; given without line-height it keeps the extra leading (1 pt by default)",
		ref: func(c *Config) any { return &c.FontSize }},
	{name: "line-height", unit: "pt", min: 1, max: maxLength,
		doc: "leading, baseline to baseline; at least font-size",
		ref: func(c *Config) any { return &c.LineHeight }},
	{name: "font-color",
		doc: "text colour",
		ref: func(c *Config) any { return &c.FontColor }},
	{name: "alignment", values: []string{"LEFT", "CENTER", "RIGHT", "JUSTIFY"},
		doc: "where lines stand in their column",
		ref: func(c *Config) any { return (*string)(&c.Alignment) }},
	{name: "horizontal-scale", min: 0.1, max: 2,
		doc: "factor on the width of the finished page; the text on it stays the same",
		ref: func(c *Config) any { return &c.HorizontalScale }},
	{name: "first-line-indent", unit: "pt", min: -maxLength, max: maxLength,
		doc: "indent of a paragraph's first line, beyond left-indent; negative hangs",
		ref: func(c *Config) any { return &c.FirstLineIndent }},
	{name: "left-indent", unit: "pt", max: maxLength,
		doc: "left indent of every line",
		ref: func(c *Config) any { return &c.LeftIndent }},
	{name: "right-indent", unit: "pt", max: maxLength,
		doc: "right indent of every line",
		ref: func(c *Config) any { return &c.RightIndent }},
	{name: "space-before", unit: "pt", max: maxLength,
		doc: "space above a paragraph",
		ref: func(c *Config) any { return &c.SpaceBefore }},
	{name: "space-after", unit: "pt", max: maxLength,
		doc: "space below a paragraph",
		ref: func(c *Config) any { return &c.SpaceAfter }},
	{name: "border-width", unit: "pt", max: 100,
		doc: "width of the line around a paragraph; 0 draws none",
		ref: func(c *Config) any { return &c.BorderWidth }},
	{name: "border-padding", unit: "pt", max: 100,
		doc: "distance from a paragraph's text to its border",
		ref: func(c *Config) any { return &c.BorderPadding }},
	{name: "page-bg-color",
		doc: "page colour",
		ref: func(c *Config) any { return &c.PageBGColor }},
	{name: "para-bg-color",
		doc: "colour behind paragraphs",
		ref: func(c *Config) any { return &c.ParaBGColor }},
	{name: "para-border-color",
		doc: "colour of the line around a paragraph",
		ref: func(c *Config) any { return &c.ParaBorderColor }},
	{name: "auto-crop-width",
		doc: "cut empty space off the right side of every page",
		ref: func(c *Config) any { return &c.AutoCropWidth }},
	{name: "auto-crop-last-page",
		doc: "cut empty space off the bottom of the last page",
		ref: func(c *Config) any { return &c.AutoCropLastPage }},
	{name: "newline-markup", accepts: acceptsMarkup, extra: checkMarkup,
		doc: "what stands for a newline of the source: a line break, a visible marker, or both",
		ref: func(c *Config) any { return &c.NewlineMarkup }},

	{name: "frame-padding", ours: true, unit: "pt", max: maxLength,
		doc: "space inside the margin on all four sides; Glyph's renderer always has 6",
		ref: func(c *Config) any { return &c.FramePadding }},
	{name: "fallback-fonts", ours: true, extra: checkFonts,
		accepts: fmt.Sprintf("at most %d embedded font names or font files, separated by commas", maxFonts),
		doc:     "fonts tried after font-path and before the built-in chain",
		ref:     func(c *Config) any { return &c.FallbackFonts }},
	{name: "paragraph-lines", ours: true, unit: "lines", max: 1e6,
		doc: "source lines in one paragraph, for spacing, indents, background and border; 0 = whole document",
		ref: func(c *Config) any { return &c.ParagraphLines }},
	{name: "columns", ours: true, min: 1, max: 64,
		doc: "newspaper columns on a page",
		ref: func(c *Config) any { return &c.Columns }},
	{name: "column-gap", ours: true, unit: "pt", max: maxLength,
		doc: "space between columns",
		ref: func(c *Config) any { return &c.ColumnGap }},
	{name: "wrap", ours: true, values: []string{"word", "character"},
		doc: "where a long line may be broken",
		ref: func(c *Config) any { return (*string)(&c.Wrap) }},
	{name: "anti-alias", ours: true,
		doc: "smooth glyph edges; false draws 1-bit glyphs",
		ref: func(c *Config) any { return &c.AntiAlias }},
	{name: "stroke-weight", ours: true, min: 0.25, max: 4,
		doc: "boldness: coverage becomes coverage^(1/stroke-weight), 1 = as rasterised, more = bolder",
		ref: func(c *Config) any { return &c.StrokeWeight }},
	{name: "kerning", ours: true,
		doc: "move pairs of letters together as the font says; Glyph's renderer does not",
		ref: func(c *Config) any { return &c.Kerning }},
	{name: "tab-width", ours: true, unit: "spaces", min: 1, max: 64,
		doc: "distance of tab stops",
		ref: func(c *Config) any { return &c.TabWidth }},
	{name: "patch-size", ours: true, unit: "px", max: 256, extra: checkPatch,
		accepts: "0 (off) or a whole number from 4 to 256 px",
		doc:     "round page sides up to a multiple of the model's patch, also after cropping",
		ref:     func(c *Config) any { return &c.PatchSize }},
	{name: "page-label", ours: true, extra: checkLabel,
		accepts: fmt.Sprintf("at most %d characters on one line with the fields {name}, {page}, {first}, {last}", maxLabel),
		doc:     "small text on every page; fields are document name, page number, first and last source line",
		ref:     func(c *Config) any { return &c.PageLabel }},
	{name: "legend", ours: true, values: []string{"first", "every", "none"},
		doc: "pages on which the meaning of the newline marker is drawn, if there is a marker",
		ref: func(c *Config) any { return (*string)(&c.Legend) }},
	{name: "form-feed", ours: true, values: []string{"page", "mark"},
		doc: "a form feed starts a new page or is drawn as a mark",
		ref: func(c *Config) any { return (*string)(&c.FormFeed) }},
	{name: "blank-pages", ours: true,
		doc: "also emit pages without ink",
		ref: func(c *Config) any { return &c.BlankPages }},
	{name: "exact-scale", ours: true, later: true, min: 1, max: 2,
		doc: "size of exact strings (numbers, identifiers, paths, names), as a factor on font-size; their lines grow by as much",
		ref: func(c *Config) any { return &c.ExactScale }},
	{name: "exact-anchors", ours: true, later: true,
		doc: "draw a small tag (a1, a2, …) behind every exact string, which the text beside the pages repeats",
		ref: func(c *Config) any { return &c.ExactAnchors }},
}

// Keys returns the documentation of every key, Glyph's first but for the
// theme, in the order of Canonical.
func Keys() []Key {
	c := Default()
	keys := make([]Key, len(table))
	for i, f := range table {
		keys[i] = Key{
			Name: f.name, Type: f.kind(), Unit: f.unit, Min: f.min, Max: f.max,
			Values: slices.Clone(f.values), Default: f.get(&c),
			Accepts: f.want(), Doc: f.doc, Glyph: !f.ours,
		}
	}
	return keys
}

// Set gives one key a value written as on the command line. It is the same
// parser, with the same errors, as that of a JSON file: a *KeyError that says
// what would be accepted, after which c is unchanged.
//
// Set touches that key alone, with one exception: setting the theme lays the
// theme's values over c. Combinations are not checked; call Validate after
// the last Set. To apply several settings whatever their order, use [Build].
func (c *Config) Set(key, value string) error {
	f, err := find(key, value)
	if err != nil {
		return err
	}
	if err := f.set(c, value); err != nil {
		return err // not a nil *KeyError in an error
	}
	return nil
}

// Get returns the value of a key in the form that Set reads back.
func (c Config) Get(key string) (string, error) {
	f, err := find(key, "")
	if err != nil {
		return "", err
	}
	return f.get(&c), nil
}

func find(key, value string) (*field, *KeyError) {
	for _, f := range table {
		if f.name == key {
			return f, nil
		}
	}
	var names []string
	for _, f := range table {
		names = append(names, f.name)
	}
	return nil, &KeyError{Key: clip(key), Value: clip(value), Problem: unknownKey,
		Want: strconv.Quote(nearest(key, names)) + ", the nearest known key"}
}

// zero only lends its fields' types.
var zero Config

func (f *field) kind() keyType {
	switch f.ref(&zero).(type) {
	case *float64:
		return TypeNumber
	case *int:
		return TypeInteger
	case *bool:
		return TypeBoolean
	case *[]string:
		return typeList
	case *Color:
		return typeColor
	case *Size:
		return TypeSize
	}
	if f.values != nil {
		return TypeChoice
	}
	return TypeText
}

// want says in words what the key accepts.
func (f *field) want() string {
	if f.accepts != "" {
		return f.accepts
	}
	unit := f.unit
	if unit != "" {
		unit = " " + unit
	}
	switch f.kind() {
	case TypeNumber:
		return "a number from " + number(f.min) + " to " + number(f.max) + unit
	case TypeInteger:
		return "a whole number from " + number(f.min) + " to " + number(f.max) + unit
	case TypeBoolean:
		return "true or false"
	case typeColor:
		return `a colour "#RRGGBB" or "#RGB"`
	case TypeSize:
		names := make([]string, len(paper))
		for i, p := range paper {
			names[i] = p.name
		}
		return `"W,H" from ` + number(f.min) + " to " + number(f.max) + unit + " each, or " + strings.Join(names, ", ")
	default:
		if f.values[0] == "" {
			return "one of " + strings.Join(f.values[1:], ", ") + `, or "" for none`
		}
		return "one of " + strings.Join(f.values, ", ")
	}
}

func (f *field) refuse(c *Config, problem string) *KeyError {
	return &KeyError{Key: f.name, Value: clip(f.get(c)), Problem: problem, Want: f.want()}
}

// set parses value, checks it on its own, and only then changes c.
func (f *field) set(c *Config, value string) *KeyError {
	next := *c
	ok := true
	switch p := f.ref(&next).(type) {
	case *float64:
		*p, ok = parseNumber(value)
	case *int:
		var v float64
		v, ok = parseNumber(value)
		ok = ok && v == math.Trunc(v) && math.Abs(v) <= 1<<30
		if ok {
			*p = int(v)
		}
	case *bool:
		*p = strings.EqualFold(value, "true")
		ok = *p || strings.EqualFold(value, "false")
	case *string:
		*p = value
		if f.values != nil {
			*p = f.choice(value)
		}
	case *[]string:
		*p, ok = parseList(value)
	case *Color:
		*p, ok = parseColor(value)
	case *Size:
		*p, ok = parseSize(value)
	}
	if !ok {
		return &KeyError{Key: f.name, Value: clip(value), Want: f.want()}
	}
	if err := f.check(&next); err != nil {
		err.Value = clip(value)
		return err
	}
	if f.name == "theme" {
		for _, s := range themes[next.Theme] {
			if err := next.Set(s.Key, s.Value); err != nil {
				return &KeyError{Key: f.name, Value: value, Problem: "sets " + err.Error(), Want: f.want()}
			}
		}
	}
	*c = next
	return nil
}

// choice returns the canonical spelling of a choice, or value itself when
// there is none. TA_LEFT and its like are reportlab's names of alignments.
func (f *field) choice(value string) string {
	value = strings.TrimSpace(value)
	for _, v := range f.values {
		if strings.EqualFold(v, value) || (f.name == "alignment" && strings.EqualFold("TA_"+v, value)) {
			return v
		}
	}
	return value
}

// check tells whether the field holds a legal value, apart from the others.
func (f *field) check(c *Config) *KeyError {
	inRange := func(v float64) bool { return v >= f.min && v <= f.max } // false for NaN
	ok, problem := true, ""
	p := f.ref(c)
	switch p := p.(type) {
	case *float64:
		ok = inRange(*p)
	case *int:
		ok = inRange(float64(*p))
	case *Size:
		ok = inRange(p.Width) && inRange(p.Height)
	case *string:
		ok = f.values == nil || slices.Contains(f.values, *p)
	}
	if ok && f.extra != nil {
		problem, ok = f.extra(p)
	}
	if !ok {
		return f.refuse(c, problem)
	}
	return nil
}

func (f *field) get(c *Config) string {
	switch p := f.ref(c).(type) {
	case *float64:
		return number(*p)
	case *int:
		return strconv.Itoa(*p)
	case *bool:
		return strconv.FormatBool(*p)
	case *string:
		return *p
	case *[]string:
		return formatList(*p)
	case fmt.Stringer: // *Color, *Size
		return p.String()
	}
	return ""
}

// parseList reads strings separated by commas or, for strings that hold
// commas themselves, a JSON array of strings.
func parseList(s string) ([]string, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, true
	}
	var items []string
	if s[0] == '[' {
		if json.Unmarshal([]byte(s), &items) != nil {
			return nil, false
		}
		if len(items) == 0 {
			items = nil
		}
		return items, true
	}
	for item := range strings.SplitSeq(s, ",") {
		items = append(items, strings.TrimSpace(item))
	}
	return items, true
}

func formatList(items []string) string {
	for _, item := range items {
		if strings.ContainsAny(item, ",[") || strings.TrimSpace(item) != item {
			return quoteList(items)
		}
	}
	return strings.Join(items, ",")
}

// quote writes s as a JSON string that a person can read: no \u003c for "<".
func quote(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f || r == '"' || r == '\\' }) {
		return `"` + s + `"`
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

func quoteList(items []string) string {
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = quote(item)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

func checkFont(p any) (string, bool) { return fontName(*p.(*string)) }

func checkFonts(p any) (string, bool) {
	names := *p.(*[]string)
	if len(names) > maxFonts {
		return fmt.Sprintf("has %d fonts", len(names)), false
	}
	for _, name := range names {
		if problem, ok := fontName(name); !ok {
			return problem, false
		}
	}
	return "", true
}

func fontName(name string) (string, bool) {
	const maxPath = 1024 // bytes: PATH_MAX on macOS
	switch {
	case strings.TrimSpace(name) == "":
		return "names no font", false
	case len(name) > maxPath:
		return fmt.Sprintf("is longer than %d bytes", maxPath), false
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "has control characters or is not UTF-8", false
	}
	return "", true
}

func checkPatch(p any) (string, bool) {
	v := *p.(*int)
	return "", v == 0 || v >= 4
}

const maxLabel = 200 // characters: about two A4 lines of small text

func checkLabel(p any) (string, bool) {
	label := *p.(*string)
	if utf8.RuneCountInString(label) > maxLabel {
		return "is too long", false
	}
	if !printable(label) {
		return "has characters that cannot be drawn", false
	}
	for rest := label; ; {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return "", true
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return `has "{" without "}"`, false
		}
		if !slices.Contains([]string{"name", "page", "first", "last"}, name) {
			return fmt.Sprintf("has the unknown field %q", "{"+clip(name)+"}"), false
		}
		rest = tail
	}
}

// printable reports whether s is valid UTF-8 of one line without control or
// format characters.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && r != '\u00A0'
	})
}
