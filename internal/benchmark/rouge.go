package benchmark

import "strings"

// rougeL is the F of summary-level ROUGE-L (Lin 2004) as LongBench takes it
// from the Python package rouge 1.0.1: sentences end at every ".", words are
// what white space separates, as they stand, and each distinct word counts
// once. An answer or gold without a sentence scores 0.
//
// The package runs out of recursion at about 1,000 words in one sentence, which
// LongBench then scores 0; here there is no such end.
func rougeL(answer, gold string) float64 {
	hypothesis, reference := rougeSentences(answer), rougeSentences(gold)
	if len(hypothesis) == 0 || len(reference) == 0 {
		return 0
	}
	common := map[string]struct{}{}
	for _, r := range reference {
		for _, h := range hypothesis {
			for _, pair := range LCS(r, h) {
				common[r[pair[0]]] = struct{}{}
			}
		}
	}
	precision := float64(len(common)) / float64(distinct(hypothesis))
	recall := float64(len(common)) / float64(distinct(reference))
	return 2 * precision * recall / (precision + recall + 1e-8)
}

// rougeLZh is RougeL of the words that jieba finds, as LongBench has it for
// Chinese.
func rougeLZh(answer, gold string) float64 {
	return rougeL(strings.Join(segment(answer), " "), strings.Join(segment(gold), " "))
}

// rougeSentences are the sentences' words. A sentence of white space alone has
// one word, which is empty, as in the original.
func rougeSentences(s string) [][]string {
	var sentences [][]string
	for sentence := range strings.SplitSeq(s, ".") {
		if sentence == "" {
			continue
		}
		words := fields(sentence)
		if len(words) == 0 {
			words = []string{""}
		}
		sentences = append(sentences, words)
	}
	return sentences
}

func distinct(sentences [][]string) int {
	words := map[string]struct{}{}
	for _, s := range sentences {
		for _, w := range s {
			words[w] = struct{}{}
		}
	}
	return len(words)
}
