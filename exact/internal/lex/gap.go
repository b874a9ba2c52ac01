package lex

import (
	"strings"

	"github.com/glyphkit/glyph/internal/value"
)

const (
	// maxBlanks is the most blanks between two words of one value, as justified
	// text has them.
	MaxBlanks = 8
	// minWrapped is the fewest bytes of a line that a value goes on behind. The
	// lines of a list or a table are shorter.
	minWrapped = 40
)

// Gap is the end of the white space at i that may stand between two words of
// one value: blanks, or the end of a wrapped line with the indentation behind
// it. It is i if there is none.
func Gap(s string, i int) int {
	k := BlanksEnd(s, i)
	if k-i > MaxBlanks {
		return i
	}
	if c := At(s, k); c == '\n' || c == '\r' {
		return LineBreakEnd(s, i, k)
	}
	return k
}

// BlanksEnd is the end of the blanks at i, of any width.
func BlanksEnd(s string, i int) int {
	for i < len(s) {
		switch {
		case s[i] == ' ':
			i++
		case strings.HasPrefix(s[i:], "\u00a0"):
			i += 2
		case strings.HasPrefix(s[i:], "\u202f"), strings.HasPrefix(s[i:], "\u2009"):
			i += 3
		default:
			return i
		}
	}
	return i
}

// LineBreakEnd is where the next line's text begins if the line that ends at k
// is wrapped, else i.
func LineBreakEnd(s string, i, k int) int {
	if !isWrapped(s, i) {
		return i
	}
	return indentEnd(s, i, k)
}

// indentEnd is where the text of the line begins behind the line end at k, or i
// if that line is empty.
func indentEnd(s string, i, k int) int {
	if At(s, k) == '\r' {
		k++
	}
	if At(s, k) != '\n' {
		return i
	}
	k++
	for k < len(s) && (s[k] == ' ' || s[k] == '\t') {
		k++
	}
	if c := At(s, k); c == 0 || c == '\n' || c == '\r' {
		return i
	}
	return k
}

// isWrapped reports whether the line before i is long enough to be wrapped.
func isWrapped(s string, i int) bool {
	return i >= minWrapped && strings.IndexByte(s[i-minWrapped:i], '\n') < 0
}

// OneLine writes a value on one line: white space inside is one blank, or none
// where a line is broken behind a hyphen or a slash.
func OneLine(s string, kind value.Kind) string {
	if strings.IndexByte(s, '\n') < 0 && (kind == value.Quotation || !strings.Contains(s, "  ")) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if !IsSpace(s[i]) {
			b.WriteByte(s[i])
			i++
			continue
		}
		end, broken := i, false
		for end < len(s) && IsSpace(s[end]) {
			broken = broken || s[end] == '\n'
			end++
		}
		out := b.String()
		switch {
		case broken && strings.HasSuffix(out, "\u2010"):
			// A hyphen that the wrap has added.
			b.Reset()
			b.WriteString(strings.TrimSuffix(out, "\u2010"))
		case broken && (glued[kind] || out != "" && strings.IndexByte("-/", out[len(out)-1]) >= 0):
		default:
			b.WriteByte(' ')
		}
		i = end
	}
	return b.String()
}

// glued are the kinds of values that have no blanks.
var glued = map[value.Kind]bool{value.URL: true, value.Path: true, value.Flag: true, value.Identifier: true, value.Email: true, value.Version: true, value.UUID: true}

// IsYear reports whether s is a year from 1500 to 2099.
func IsYear(s string) bool {
	return len(s) == 4 && DigitsEnd(s, 0) == 4 && (s[0] == '1' && s[1] >= '5' || s[0] == '2' && s[1] == '0')
}

// RangeSign is the end of what stands between the ends of a range, k if it is
// nothing of the kind. word is true for words.
func RangeSign(s string, k int) (end int, word bool) {
	c := At(s, k)
	if c == '-' {
		for _, w := range []string{"- to ", "- bis ", "-"} {
			if strings.HasPrefix(s[k:], w) {
				return k + len(w), len(w) > 1
			}
		}
	}
	if c == '/' {
		return k + 1, false
	}
	e := BlanksEnd(s, k)
	if e-k > 1 || e >= len(s) {
		return k, false
	}
	for _, sign := range []string{"–", "—", "～", "〜", "~", "-", "...", "…", ".."} {
		if strings.HasPrefix(s[e:], sign) && (sign != "~" || e == k) {
			return BlanksEnd(s, e+len(sign)), false
		}
	}
	if e == k {
		return k, false
	}
	for _, w := range []string{"to ", "bis ", "à ", "al ", "tot ", "do ", "до "} {
		if strings.HasPrefix(s[e:], w) {
			return e + len(w), true
		}
	}
	return k, false
}
