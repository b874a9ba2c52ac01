package benchmark

import "strings"

// StringMatchAll is the share of golds that the answer contains, letter case
// aside: RULER's metric but for its questions. Without golds it is 0.
func StringMatchAll(answer string, golds []string) float64 {
	if len(golds) == 0 {
		return 0
	}
	return float64(contained(answer, golds)) / float64(len(golds))
}

// StringMatchPart is 1 if the answer contains any of golds, letter case aside,
// else 0: RULER's metric for its questions.
func StringMatchPart(answer string, golds []string) float64 {
	if contained(answer, golds) > 0 {
		return 1
	}
	return 0
}

func contained(answer string, golds []string) int {
	answer = lower(answer)
	n := 0
	for _, gold := range golds {
		if strings.Contains(answer, lower(gold)) {
			n++
		}
	}
	return n
}

// MRCR is the score of OpenAI's MRCR: 0 unless the answer begins with prefix,
// else SequenceRatio of answer and gold, prefix aside in both.
func MRCR(answer, gold, prefix string) float64 {
	rest, ok := strings.CutPrefix(answer, prefix)
	if !ok {
		return 0
	}
	return sequenceRatio(rest, strings.TrimPrefix(gold, prefix))
}
