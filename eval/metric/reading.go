package metric

import (
	"math"
	"strings"
)

// Errors counts what a reader got wrong, in characters or in words.
type Errors struct {
	Distance int `json:"distance"` // insertions, deletions and substitutions
	Length   int `json:"length"`   // what there was to read
}

// Rate is Distance/Length: 0 for a perfect reading, above 1 where more was made
// up than there was to read, NaN where there was nothing to read.
func (e Errors) Rate() float64 {
	if e.Length == 0 {
		return math.NaN()
	}
	return float64(e.Distance) / float64(e.Length)
}

// CharacterErrors counts the code points of want that got has wrong. A run of
// white space is one space and none at the ends; U+2018 to U+201B are ', U+201C
// to U+201F are ", and U+2010 to U+2015 are -, as a page cannot tell them
// apart. Everything else counts as it stands.
func CharacterErrors(want, got string) Errors {
	a, b := []rune(strings.Join(Words(want), " ")), []rune(strings.Join(Words(got), " "))
	return Errors{EditDistance(a, b), len(a)}
}

// WordErrors counts the words of want that got has wrong; its Rate is the word
// error rate. Words are what white space separates, with the equalities of
// CharacterErrors.
func WordErrors(want, got string) Errors {
	a, b := Words(want), Words(got)
	return Errors{EditDistance(a, b), len(a)}
}

// Words are the words of s as CharacterErrors and WordErrors compare them.
func Words(s string) []string {
	return strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x2018 && r <= 0x201B:
			return '\''
		case r >= 0x201C && r <= 0x201F:
			return '"'
		case r >= 0x2010 && r <= 0x2015:
			return '-'
		}
		return r
	}, s))
}
