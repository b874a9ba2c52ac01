package benchmark

import (
	"math"
	"slices"
	"strings"
)

// classification is 1 over the number of classes that the answer names, if gold
// is among them, else 0. A named class that is a part of gold does not count,
// except that, as in LongBench, the one after such a class is not looked at.
func classification(answer, gold string, classes []string) float64 {
	var named []string
	for _, c := range classes {
		if strings.Contains(answer, c) {
			named = append(named, c)
		}
	}
	for i := 0; i < len(named); i++ {
		if c := named[i]; strings.Contains(gold, c) && c != gold {
			// The first equal one goes and i moves on all the same: LongBench
			// removes from the list that it iterates over.
			first := slices.Index(named, c)
			named = slices.Delete(named, first, first+1)
		}
	}
	if !slices.Contains(named, gold) {
		return 0
	}
	return 1 / float64(len(named))
}

// retrieval is the share of the numbers in the answer that are the number of
// gold's "Paragraph N". Gold without one scores 0.
func retrieval(answer, gold string) float64 {
	return count(answer, digitsAfter(gold, "Paragraph "))
}

// retrievalZh is Retrieval for a gold of the form "段落N".
func retrievalZh(answer, gold string) float64 {
	return count(answer, digitsAfter(gold, "段落"))
}

// count is the share of the numbers in the answer that are gold, digit for
// digit; 0 without a number.
func count(answer, gold string) float64 {
	numbers := digitRuns(answer)
	if len(numbers) == 0 {
		return 0
	}
	right := 0
	for _, n := range numbers {
		if n == gold {
			right++
		}
	}
	return float64(right) / float64(len(numbers))
}

// codeSimilarity compares gold with the answer's first line that has neither a
// backquote nor a # or // comment: SequenceRatio rounded to a hundredth, half
// to even, which is ratio of the Python package fuzzywuzzy without
// python-Levenshtein.
func codeSimilarity(answer, gold string) float64 {
	var code string
	for line := range strings.SplitSeq(strings.TrimLeft(answer, "\n"), "\n") {
		if !strings.ContainsAny(line, "`#") && !strings.Contains(line, "//") {
			code = line
			break
		}
	}
	return math.RoundToEven(100*sequenceRatio(code, gold)) / 100
}
