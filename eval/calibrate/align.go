package calibrate

import (
	"strings"

	"github.com/glyphkit/glyph/eval/metric"
)

// rowErrors is the errors of each row of a chart in a transcript of all of it.
// Their sums are metric.CharacterErrors of the whole, with the same equalities;
// the space between two rows belongs to the upper one. The transcript is parted
// among the rows where an optimal alignment of the whole parts it, so readers
// may break lines where they like. Memory is rows·len(transcript).
func rowErrors(rows []string, transcript string) []metric.Errors {
	got := []rune(strings.Join(metric.Words(transcript), " "))
	// table[j] is the edit distance of the rows so far and got[:j], and
	// origin[j] where in got the last row begins.
	table, origin := make([]int32, len(got)+1), make([]int32, len(got)+1)
	for j := range table {
		table[j] = int32(j)
	}
	tables, origins := [][]int32{clone(table)}, [][]int32{nil}
	errors := make([]metric.Errors, len(rows))
	for i, row := range rows {
		want := []rune(strings.Join(metric.Words(row), " "))
		if i < len(rows)-1 {
			want = append(want, ' ')
		}
		errors[i].Length = len(want)
		for j := range origin {
			origin[j] = int32(j)
		}
		for _, w := range want {
			diagonal, from := table[0], origin[0]
			table[0]++
			for j, g := range got {
				d, o := diagonal, from
				if w != g {
					d++
				}
				if table[j+1]+1 < d { // w is missing
					d, o = table[j+1]+1, origin[j+1]
				}
				if table[j]+1 < d { // g is too much
					d, o = table[j]+1, origin[j]
				}
				diagonal, from = table[j+1], origin[j+1]
				table[j+1], origin[j+1] = d, o
			}
		}
		tables, origins = append(tables, clone(table)), append(origins, clone(origin))
	}
	end := len(got)
	for i := len(rows) - 1; i >= 0; i-- {
		begin := int(origins[i+1][end])
		errors[i].Distance = int(tables[i+1][end] - tables[i][begin])
		end = begin
	}
	// What stands before the first row is too much of it.
	errors[0].Distance += end
	return errors
}

func clone(s []int32) []int32 { return append([]int32(nil), s...) }
