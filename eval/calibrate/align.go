package calibrate

import (
	"sort"
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
)

// rowErrors is the errors of each row of a chart in a transcript of all of it.
// Their sums are metric.CharacterErrors of the whole, with the same equalities;
// the space between two rows belongs to the upper one. Readers may break lines
// where they like.
func rowErrors(rows []string, transcript string) []metric.Errors {
	errors := make([]metric.Errors, len(rows))
	ends := make([]int, len(rows)) // in want
	var want []rune
	for i, row := range rows {
		begin := len(want)
		want = append(want, []rune(strings.Join(metric.Words(row), " "))...)
		if i < len(rows)-1 {
			want = append(want, ' ')
		}
		ends[i], errors[i].Length = len(want), len(want)-begin
	}
	for _, e := range metric.Align(want, []rune(strings.Join(metric.Words(transcript), " "))) {
		row := sort.SearchInts(ends, e.Want+1)
		errors[min(row, len(rows)-1)].Distance++
	}
	return errors
}
