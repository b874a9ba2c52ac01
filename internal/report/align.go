package report

import (
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
)

// mark is a place of a text that was misread.
type mark struct {
	start, end int64 // bytes of the text; equal where something was made up before start
}

// maxAligned bounds the time of an alignment, in pairs of characters: 1e9 take
// about 3 s.
const maxAligned = 1e9

// misreadMarks aligns a transcript with the text that it is of, which begins at
// the byte offset, with the equalities of metric.CharacterErrors: what is not
// read right and where something was made up, in the order of the text. Breaks
// are the bytes, ascending, before which the page begins a new line; white space
// there is as good as none. It is false if the two are too long to be aligned.
func misreadMarks(text string, offset int64, transcript string, breaks []int64) ([]mark, bool) {
	want := fold(text, offset, breaks)
	got := fold(transcript, 0, nil)
	if float64(len(want.runes))*float64(len(got.runes)) > maxAligned {
		return nil, false
	}
	var marks []mark
	last := -1 // where something was made up
	for _, e := range metric.Align(want.runes, got.runes) {
		at := want.at[e.Want]
		switch {
		case e.Kind == metric.Insertion && e.Want == last: // of several characters
		case e.Kind == metric.Insertion:
			marks = append(marks, mark{at, at})
			last = e.Want
		case at < want.at[e.Want+1]:
			marks = append(marks, mark{at, want.at[e.Want+1]})
		}
	}
	return marks, true
}

// folded is what metric.CharacterErrors compares of a text, and at which byte
// the characters begin; at has one element more, the end. The white space of a
// break within a word has no bytes.
type folded struct {
	runes []rune
	at    []int64
}

func fold(text string, offset int64, breaks []int64) (f folded) {
	space := int64(-1) // where white space began
	for i, r := range text {
		at := offset + int64(i)
		for len(breaks) > 0 && breaks[0] < at {
			breaks = breaks[1:]
		}
		s := strings.Join(metric.Words(string(r)), "")
		if space < 0 && (s == "" || len(breaks) > 0 && breaks[0] == at) {
			space = at
		}
		if s == "" {
			continue
		}
		if space >= 0 && len(f.runes) > 0 {
			f.runes, f.at = append(f.runes, ' '), append(f.at, space)
		}
		space = -1
		for _, c := range s {
			f.runes, f.at = append(f.runes, c), append(f.at, at)
		}
	}
	if space < 0 {
		space = offset + int64(len(text))
	}
	f.at = append(f.at, space)
	return f
}
