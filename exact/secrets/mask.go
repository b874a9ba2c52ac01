package secrets

import (
	"strings"
	"unicode/utf8"
)

const masked = '*'

// Mask returns the text with every byte of the findings replaced by '*', but
// for line breaks (LF, CR, VT, FF, U+0085, U+2028, U+2029). So the text keeps
// its length and its lines, and every range of bytes outside of the findings
// keeps its meaning. A range that cuts a character masks all of it; ranges
// outside of the text are clipped.
func Mask(text string, findings []Finding) string {
	if len(findings) == 0 {
		return text
	}
	out := []byte(text)
	for _, f := range findings {
		start, end := max(f.Start, 0), min(f.End, len(text))
		if start >= end {
			continue
		}
		for start > 0 && !utf8.RuneStart(text[start]) {
			start--
		}
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end++
		}
		for i := start; i < end; {
			r, n := utf8.DecodeRuneInString(text[i:end])
			if !strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) {
				for k := range n {
					out[i+k] = masked
				}
			}
			i += n
		}
	}
	return string(out)
}
