// Package edit measures how far apart two short names are, for errors that
// name the nearest known one. Reading errors are measured by package eval.
package edit

import "strings"

// Distance is the Levenshtein distance of a and b in bytes. It takes time in
// proportion to the product of their lengths; callers clip what users give.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
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
