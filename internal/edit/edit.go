// Package edit measures how far apart two short names are, for errors that
// name the nearest known one. Package eval/metric measures texts.
package edit

import "strings"

// Distance is the number of characters to insert, delete or replace, or of
// neighbours to swap, that make b of a, where no character is changed twice. It
// takes time in proportion to the product of the lengths; callers clip what
// users give.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	// Rows i-2, i-1 and i of the table are all that is needed.
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range y {
			change := last[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, change)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}

// Nearest returns the name that somebody who wrote s most likely meant: the
// first one with the least edit distance, "" if more than half of s and more
// than a swap of letters would have to change and no name begins with s.
func Nearest(s string, names []string) string {
	best, least := "", max(3, len(s)/2+1)
	for _, name := range names {
		if d := Distance(s, name); d < least {
			best, least = name, d
		}
	}
	if best != "" || s == "" {
		return best
	}
	for _, name := range names {
		if strings.HasPrefix(name, s) {
			return name
		}
	}
	return ""
}
