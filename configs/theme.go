package configs

// Theme names a set of values for keys that are not given explicitly. "" is
// none.
type Theme string

const (
	ThemeDocument Theme = "document" // warm paper, justified
	ThemeWeb      Theme = "web"      // a light web page
	ThemeCode     Theme = "code"     // a code editor
	ThemeDark     Theme = "dark"     // light text on dark, nothing else
	ThemePixel    Theme = "pixel"    // a bitmap font on cream
)

// Every theme sets the four colours, so that one replaces another's; only
// dark leaves the type alone, so that it goes with any preset. Document and
// web set paragraphs off against the page, as Glyph's colour triplets do. All
// texts have a contrast of at least 7:1 (WCAG 2.2 level AAA).
var themes = map[Theme][]KeyValue{
	ThemeDocument: {
		{"font-color", "#1F1D1A"}, {"page-bg-color", "#F4F1EA"}, {"para-bg-color", "#FCFAF5"}, {"para-border-color", "#CFC8BA"},
		{"alignment", "JUSTIFY"},
	},
	ThemeWeb: {
		{"font-color", "#22272E"}, {"page-bg-color", "#F2F5F8"}, {"para-bg-color", "#FFFFFF"}, {"para-border-color", "#CBD3DC"},
		{"alignment", "LEFT"}, {"font-path", "lato"},
	},
	ThemeCode: {
		{"font-color", "#D7DCDD"}, {"page-bg-color", "#272D31"}, {"para-bg-color", "#272D31"}, {"para-border-color", "#465159"},
		{"alignment", "LEFT"}, {"font-path", "dejavu-sans-mono"},
	},
	ThemeDark: {
		{"font-color", "#DADDE1"}, {"page-bg-color", "#15181B"}, {"para-bg-color", "#15181B"}, {"para-border-color", "#3A4047"},
	},
	ThemePixel: {
		{"font-color", "#3A3226"}, {"page-bg-color", "#F2EDDC"}, {"para-bg-color", "#F2EDDC"}, {"para-border-color", "#B5A98A"},
		{"alignment", "LEFT"}, {"font-path", "fixed-5x8"}, {"font-size", "8"}, {"line-height", "8"}, {"anti-alias", "false"},
	},
}
