package eval

import (
	"math"
	"strings"
)

// Errors counts the characters that a reader got wrong.
type Errors struct {
	Distance int // insertions, deletions and substitutions
	Length   int // characters there were to read
}

// Rate is Distance/Length: 0 for a perfect reading, above 1 where more was made
// up than there was to read. Without anything to read it is NaN, not a score.
func (e Errors) Rate() float64 {
	if e.Length == 0 {
		return math.NaN()
	}
	return float64(e.Distance) / float64(e.Length)
}

// CER is the character error rate of got, a reading of want: the Rate of
// Compare.
func CER(want, got string) float64 { return Compare(want, got).Rate() }

// Compare counts the errors in got, a reading of want. A character is a Unicode
// code point; Distance is the Levenshtein distance between the two, the fewest
// insertions, deletions and substitutions, each counting 1, that make one out
// of the other, and Length is the number of characters of want. What the pages
// of no reader could tell apart is made equal in both beforehand:
//
//   - a run of white space (unicode.IsSpace) is one space, and at either end of
//     the text nothing, so that line breaks do not count
//   - the quotes U+2018 to U+201B are ', and U+201C to U+201F are "
//   - the dashes and hyphens U+2010 to U+2015 are -
//
// Everything else counts as it stands, letter case and accents too. Text is not
// normalised. The distance is exact, in time proportional to the product of
// both lengths: 0.2 s for a page of 9,000 characters.
func Compare(want, got string) Errors {
	a, b := fold(want), fold(got)
	return Errors{Distance: distance(a, b), Length: len(a)}
}

// fold applies the equalities of Compare.
func fold(s string) []rune {
	var out []rune
	for _, word := range strings.Fields(s) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		for _, r := range word {
			switch {
			case r >= 0x2018 && r <= 0x201B:
				r = '\''
			case r >= 0x201C && r <= 0x201F:
				r = '"'
			case r >= 0x2010 && r <= 0x2015:
				r = '-'
			}
			out = append(out, r)
		}
	}
	return out
}

// distance is the Levenshtein distance by Wagner and Fischer (1974), of whose
// table only one row is kept.
func distance(a, b []rune) int {
	// row[j] is the distance of a[:i] and b[:j].
	row := make([]int32, len(b)+1)
	for j := range row {
		row[j] = int32(j)
	}
	for i, x := range a {
		diagonal, left := int32(i), int32(i+1)
		row[0] = left
		for j, y := range b {
			d := diagonal
			if x != y {
				d = 1 + min(diagonal, left, row[j+1])
			}
			diagonal, left, row[j+1] = row[j+1], d, d
		}
	}
	return int(row[len(b)])
}
