package examiner

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/benchmark"
	"github.com/glyphkit/glyph/internal/value"
)

const (
	// minF1 is where most of the words are the same: two of three on both sides
	// are 0.67, one of two 0.5.
	minF1 = 0.6
	// maxAnswerWords is more than a short answer has: in a longer one the right
	// words may stand by chance.
	maxAnswerWords = 40
)

// equivalent reports whether an answer says the same as gold. What must be right
// to the last character, exact strings and numbers, must be; then words may
// differ a little, or gold may stand within a sentence.
func equivalent(answer, gold string) bool {
	a, g := normalWords(answer), normalWords(gold)
	switch {
	case len(g) == 0 || len(a) == 0 || len(a) > max(maxAnswerWords, 2*len(g)):
		return false
	case slices.Equal(a, g):
		return true
	case !slices.Equal(numbers(answer), numbers(gold)) || !hasExactStrings(answer, gold):
		return false
	case contains(a, g) || len(numbers(gold)) > 0 && onlyNumber(a):
		return true
	}
	if hasHan(gold) {
		return benchmark.QAF1Zh(answer, gold) >= minF1
	}
	return benchmark.QAF1(answer, gold) >= minF1
}

// normalWords are words in lower case without the punctuation around them and
// without articles. A Han character is a word.
func normalWords(s string) []string {
	var words []string
	for _, field := range strings.Fields(strings.ToLower(s)) {
		field = strings.TrimFunc(field, func(r rune) bool {
			return unicode.IsPunct(r) && r != '-' && r != '%'
		})
		start := 0
		for i, r := range field {
			if unicode.Is(unicode.Han, r) {
				if start < i {
					words = append(words, field[start:i])
				}
				words = append(words, string(r))
				start = i + len(string(r))
			}
		}
		if rest := field[start:]; rest != "" && rest != "the" && rest != "a" && rest != "an" {
			words = append(words, rest)
		}
	}
	return words
}

// contains reports whether part stands in words, in one piece.
func contains(words, part []string) bool {
	if len(part) == 0 {
		return false
	}
	for i := 0; i+len(part) <= len(words); i++ {
		if slices.Equal(words[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

var numberForm = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// numbers are the numbers of s in their order, each once, without separators of
// thousands and final zeros of fractions.
func numbers(s string) []string {
	var out []string
	for _, n := range numberForm.FindAllString(s, -1) {
		n = thousands.ReplaceAllString(n, "$1")
		if strings.Contains(n, ".") {
			n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var thousands = regexp.MustCompile(`,(\d{3})`)

// onlyNumber reports whether words are one number, without a unit.
func onlyNumber(words []string) bool {
	return len(words) == 1 && numberForm.FindString(words[0]) == words[0]
}

// hasExactStrings reports whether the answer has the identifiers of gold.
// Numbers are compared by value, and words by the metric.
func hasExactStrings(answer, gold string) bool {
	answer = strings.ToLower(answer)
	for _, s := range exact.Find(gold) {
		switch s.Kind {
		case value.Name, value.Quotation, value.Date, value.Time, value.Timestamp:
			continue
		}
		if s.Kind.IsMeasured() {
			continue
		}
		if !strings.Contains(answer, strings.ToLower(s.Text)) {
			return false
		}
	}
	return true
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
