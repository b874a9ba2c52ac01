package task

import (
	"regexp"
	"strings"
	"unicode"
)

// compact is s without white space: a reader breaks lines where the page does,
// within an identifier too.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// hit is a place where a pattern ends in a text.
type hit struct{ end, distance int }

// approximate finds pattern in text with at most limit edits: the best end of
// each run of neighbouring ends (Sellers, J. Algorithms 1, 1980). Both are
// bytes; time is len(text)·len(pattern).
func approximate(text, pattern string, limit int) []hit {
	if pattern == "" {
		return nil
	}
	column := make([]int32, len(pattern)+1)
	for i := range column {
		column[i] = int32(i)
	}
	var hits []hit
	previousEnd := -2
	for t := range len(text) {
		diagonal := int32(0)
		for i := range len(pattern) {
			d := diagonal
			if text[t] != pattern[i] {
				d = 1 + min(d, column[i], column[i+1])
			}
			diagonal, column[i+1] = column[i+1], d
		}
		distance := int(column[len(pattern)])
		if distance > limit {
			continue
		}
		if previousEnd == t-1 {
			if last := &hits[len(hits)-1]; distance < last.distance {
				*last = hit{t + 1, distance}
			}
		} else {
			hits = append(hits, hit{t + 1, distance})
		}
		previousEnd = t
	}
	return hits
}

// sentenceEnd is where a value of our sentences ends in compact text: at a full
// stop before the next sentence, as values have full stops too.
var sentenceEnd = regexp.MustCompile(`\.(?:[A-Z]|$)`)

// valuesAfter are the values that follow lead in a transcript, each to the end
// of its sentence, without repeats. At most one misread character in lead is
// overlooked; only where nothing is found that way, more are.
func valuesAfter(transcript, lead string, longest int) []string {
	text, pattern := compact(transcript), compact(lead)
	hits := approximate(text, pattern, 1)
	for limit := 2; len(hits) == 0 && limit <= len(pattern)/8; limit++ {
		hits = approximate(text, pattern, limit)
	}
	var values []string
	seen := map[string]bool{}
	for _, h := range hits {
		rest := text[h.end:min(len(text), h.end+longest)]
		if at := sentenceEnd.FindStringIndex(rest); at != nil {
			rest = rest[:at[0]]
		}
		if rest != "" && !seen[rest] {
			seen[rest] = true
			values = append(values, rest)
		}
	}
	return values
}
