package configs

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markup is a parsed newline-markup: what is drawn for a newline of the
// source, and whether the line ends there.
type Markup struct {
	Text     string // the marker with its spaces; "" draws none
	Color    Color  // of the marker, if HasColor; else it has the text's
	HasColor bool
	Break    bool // the line ends, after the marker if there is one
}

const (
	maxMarkup     = 256 // bytes
	maxMarker     = 32  // characters: it is drawn at every newline
	acceptsMarkup = `"<br/>", a marker such as " ↵ " or "<font color=\"#FF0000\"> \\n </font>", or a marker followed by "<br/>"`
)

var (
	trailingBreak = regexp.MustCompile(`(?i)<br\s*/?>$`)
	fontTag       = regexp.MustCompile(`(?is)^<font\s+color\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')\s*>([^<>]*)</font\s*>$`)
)

// Markup reads the config's newline-markup. There are four forms:
//
//	<br/>                                   a line break
//	<font color="#FF0000"> \n </font>       a coloured marker in the line, here the two characters \ and n
//	 ↵                                      any text as a marker in the line
//	<font color="#FF0000">¶</font><br/>     a marker, then a line break
//
// As in HTML, character references such as &lt; stand for their character. A
// newline character inside the font tag means the visible marker \n, because
// JSON files in use spell it with too few backslashes. Text without a visible
// character is refused by Validate: newlines would vanish. Of a config that is
// not valid the Markup means nothing.
func (c Config) Markup() Markup {
	m, _ := parseMarkup(c.NewlineMarkup)
	return m
}

// EmPx returns the size of text in px: FontSize at DPI, before HorizontalScale.
func (c Config) EmPx() float64 { return c.FontSize * c.DPI / 72 }

func parseMarkup(s string) (m Markup, problem string) {
	if len(s) > maxMarkup {
		return m, fmt.Sprintf("is longer than %d bytes", maxMarkup)
	}
	text := s
	if at := trailingBreak.FindStringIndex(s); at != nil {
		m.Break = true
		if text = s[:at[0]]; text == "" {
			return m, ""
		}
	}
	if tag := fontTag.FindStringSubmatch(text); tag != nil {
		color := tag[1] + tag[2] // one of them is empty
		if m.Color, m.HasColor = parseColor(color); !m.HasColor {
			return m, fmt.Sprintf("has the colour %q, not #RRGGBB", clip(color))
		}
		text = strings.ReplaceAll(tag[3], "\n", `\n`)
	}
	if strings.ContainsAny(text, "<>") {
		return m, "has tags that are not understood"
	}
	m.Text = html.UnescapeString(text)
	switch {
	case utf8.RuneCountInString(m.Text) > maxMarker:
		return m, fmt.Sprintf("is longer than %d characters", maxMarker)
	case !printable(m.Text):
		return m, "has characters that cannot be drawn"
	case !strings.ContainsFunc(m.Text, func(r rune) bool { return !unicode.IsSpace(r) }):
		return m, "has nothing visible"
	}
	return m, ""
}

func checkMarkup(p any) (string, bool) {
	_, problem := parseMarkup(*p.(*string))
	return problem, problem == ""
}
