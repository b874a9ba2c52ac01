package verify

import (
	"regexp"
	"unicode"
)

// reference matches page 1, line 4, pages 2–3 and lines 4, 7 and 9.
var reference = regexp.MustCompile(`(?i)\b(?:pages?|pp?\.|lines?)\s+\d{1,7}(?:\s*(?:[-–—,/]|to|and|or|of)\s*\d{1,7})*\b`)

// references returns where the answer says on which page or line of the sources
// something stands: such numbers are the reader's, and no strings of the
// sources. What the sources themselves hold, as a log that says "line 42", is
// none.
func (v *verification) references() []span {
	var found []span
	for _, m := range reference.FindAllStringIndex(v.answer, -1) {
		text := v.answer[m[0]:m[1]]
		if len(v.index.words.find(text, wholeToken(text))) == 0 && !v.isJoined(span{m[0], m[1], ""}) {
			found = append(found, span{m[0], m[1], ""})
		}
	}
	return found
}

// refers tells whether a field lies in one of the references.
func refers(references []span, f span) bool {
	for _, r := range references {
		if r.start <= f.start && f.end <= r.end {
			return true
		}
	}
	return false
}

// controlSequence matches what follows the first character of a terminal's
// control sequence (ECMA-48).
var controlSequence = regexp.MustCompile(`^\[[0-?]*[ -/]*[@-~]`)

// isControl tells control characters, and those that change the direction of
// text.
func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
