package verify

import (
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/internal/value"
)

const (
	minCount    = 2 // smaller counts are too likely by chance
	maxCount    = 10_000
	minCounted  = 3 // bytes of a word
	countedNear = 2 // words before and after a count that may say what is counted
)

// counted says what the sources hold as many times as the number at a span
// says, or returns "": a word that stands beside it in the answer, or its
// singular.
func (v *verification) counted(s span) string {
	n := readings(v.answer[s.start:s.end], value.Number)[0]
	if n.Number == nil || n.Kind != value.Number || n.Places > 0 || !n.Number.IsInt() || !n.Number.Num().IsInt64() {
		return ""
	}
	want := n.Number.Num().Int64()
	if want < minCount || want > maxCount {
		return ""
	}
	for _, word := range v.wordsBeside(s) {
		for _, form := range []string{word, strings.TrimSuffix(word, "s"), strings.TrimSuffix(word, "es")} {
			// Postings hold the few other words of a hash too.
			n := int64(len(v.index.words.postings(form)))
			if len(form) < minCounted || n < want || n > 2*want+100 {
				continue
			}
			if int64(len(v.index.words.find(form, wholeToken(form)))) == want {
				return fmt.Sprintf("the sources hold %q %d times", form, want)
			}
		}
	}
	return ""
}

// wordsBeside returns the words nearest to a span, of its line.
func (v *verification) wordsBeside(s span) []string {
	line := v.answer[strings.LastIndexByte(v.answer[:s.start], '\n')+1 : s.start]
	var before, after []string
	eachWord(line, func(from, to int) { before = append(before, line[from:to]) })
	line, _, _ = strings.Cut(v.answer[s.end:], "\n")
	eachWord(line, func(from, to int) {
		if len(after) < countedNear {
			after = append(after, line[from:to])
		}
	})
	return append(after, before[max(0, len(before)-countedNear):]...)
}
