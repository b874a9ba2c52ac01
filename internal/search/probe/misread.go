package probe

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval/metric"
)

// Bounds on misreadings.
const (
	maxAlignedLength = 4096 // characters of either text that are aligned
	maxKindLength    = 3    // characters of either side that name a kind; longer ones are "text"
	misreadContext   = 12   // characters on either side of a misreading in an example
)

// misreadings returns the runs of characters that differ between want and got,
// in their order, at most n.
func misreadings(want, got string, n int) []Misread {
	a, b := folded(want), folded(got)
	edits := metric.Align(a, b)
	var list []Misread
	for k := 0; k < len(edits) && len(list) < n; {
		i0, j0 := edits[k].Want, edits[k].Got
		i, j := i0, j0
		for ; k < len(edits) && edits[k].Want == i && edits[k].Got == j; k++ {
			if edits[k].Kind != metric.Insertion {
				i++
			}
			if edits[k].Kind != metric.Deletion {
				j++
			}
		}
		list = append(list, Misread{
			Kind: kindOf(a[i0:i]) + "/" + kindOf(b[j0:j]),
			Want: around(a, i0, i), Got: around(b, j0, j),
		})
	}
	return list
}

// folded is what metric.CharacterErrors compares of a text, as far as it is
// aligned.
func folded(s string) []rune {
	text := []rune(strings.Join(metric.Words(s), " "))
	return text[:min(len(text), maxAlignedLength)]
}

func kindOf(run []rune) string {
	if len(run) > maxKindLength {
		return "text"
	}
	return string(run)
}

func around(text []rune, from, to int) string {
	s := string(text[max(0, from-misreadContext):min(len(text), to+misreadContext)])
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:60]) + "…"
	}
	return s
}
