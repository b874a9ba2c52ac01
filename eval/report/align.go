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
	n := len(want.runes)
	if float64(n)*float64(len(got.runes)) > maxAligned {
		return nil, false
	}
	wrong, extra := make([]bool, n), make([]bool, n+1)
	align(want.runes, got.runes, wrong, extra)
	var marks []mark
	for i, x := range extra {
		if x {
			marks = append(marks, mark{want.at[i], want.at[i]})
		}
		if i < n && wrong[i] && want.at[i] < want.at[i+1] {
			marks = append(marks, mark{want.at[i], want.at[i+1]})
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

// align marks what of want is wrong in got, and before what something is extra,
// in one of the alignments of least edit distance. It is Hirschberg's (Commun.
// ACM 18, 1975), in memory that is linear in the lengths.
func align(want, got []rune, wrong, extra []bool) {
	for len(want) > 0 && len(got) > 0 && want[0] == got[0] {
		want, got, wrong, extra = want[1:], got[1:], wrong[1:], extra[1:]
	}
	for n, m := len(want), len(got); n > 0 && m > 0 && want[n-1] == got[m-1]; n, m = len(want), len(got) {
		want, got, wrong = want[:n-1], got[:m-1], wrong[:n-1]
	}
	switch {
	case len(got) == 0:
		for i := range wrong {
			wrong[i] = true
		}
		return
	case len(want) == 0:
		extra[0] = true
		return
	case len(want) == 1:
		// One of got stands for it; the same one is best.
		at := 0
		for i, r := range got {
			if r == want[0] {
				at = i
			}
		}
		wrong[0] = got[at] != want[0]
		extra[0] = extra[0] || at > 0
		extra[1] = extra[1] || at < len(got)-1
		return
	}
	half := len(want) / 2
	upper, lower := distances(want[:half], got, false), distances(want[half:], got, true)
	cut, best := 0, int32(1<<30)
	for j := range upper {
		if d := upper[j] + lower[len(got)-j]; d < best {
			cut, best = j, d
		}
	}
	align(want[:half], got[:cut], wrong[:half], extra[:half+1])
	align(want[half:], got[cut:], wrong[half:], extra[half:])
}

// distances are the edit distances of want and every beginning of got, by its
// length; if backwards, of every end.
func distances(want, got []rune, backwards bool) []int32 {
	row := make([]int32, len(got)+1)
	for j := range row {
		row[j] = int32(j)
	}
	at := func(s []rune, i int) rune {
		if backwards {
			return s[len(s)-1-i]
		}
		return s[i]
	}
	for i := range want {
		w := at(want, i)
		diagonal, left := int32(i), int32(i+1)
		row[0] = left
		for j := range got {
			d := diagonal
			if w != at(got, j) {
				d = 1 + min(diagonal, left, row[j+1])
			}
			diagonal, left, row[j+1] = row[j+1], d, d
		}
	}
	return row
}
