package examiner

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// findVerbatim finds the first place of part in text and returns its byte range.
// Any run of white space equals any other, because models quote over line breaks
// with a blank. White space at the ends of part does not count.
func findVerbatim(text, part string) (start, end int, ok bool) {
	part = strings.Join(strings.Fields(part), " ")
	if part == "" {
		return 0, 0, false
	}
	joined, at := joinSpaces(text)
	i := strings.Index(joined, part)
	if i < 0 {
		return 0, 0, false
	}
	last := at[i+len(part)-1]
	return at[i], last + 1, true
}

// joinSpaces makes each run of white space one space. At has, for each byte of
// joined, the byte of text that it comes from.
func joinSpaces(text string) (joined string, at []int) {
	var b strings.Builder
	at = make([]int, 0, len(text))
	inSpace := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			if !inSpace {
				b.WriteByte(' ')
				at = append(at, i)
			}
		} else {
			b.WriteString(text[i : i+size])
			for k := range size {
				at = append(at, i+k)
			}
		}
		inSpace = unicode.IsSpace(r)
		i += size
	}
	return b.String(), at
}
