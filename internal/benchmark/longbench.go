package benchmark

import (
	"fmt"
	"slices"
	"strings"
)

// longBenchMetrics is the metric of each of LongBench's 21 data sets.
var longBenchMetrics = []struct {
	set, metric string
	firstLine   bool
	score       func(answer, gold string, classes []string) float64
}{
	{"narrativeqa", "qa_f1", false, plain(QAF1)},
	{"qasper", "qa_f1", false, plain(QAF1)},
	{"multifieldqa_en", "qa_f1", false, plain(QAF1)},
	{"multifieldqa_zh", "qa_f1_zh", false, plain(QAF1Zh)},
	{"hotpotqa", "qa_f1", false, plain(QAF1)},
	{"2wikimqa", "qa_f1", false, plain(QAF1)},
	{"musique", "qa_f1", false, plain(QAF1)},
	{"dureader", "rouge_l_zh", false, plain(rougeLZh)},
	{"gov_report", "rouge_l", false, plain(rougeL)},
	{"qmsum", "rouge_l", false, plain(rougeL)},
	{"multi_news", "rouge_l", false, plain(rougeL)},
	{"vcsum", "rouge_l_zh", false, plain(rougeLZh)},
	{"trec", "classification", true, classification},
	{"triviaqa", "qa_f1", true, plain(QAF1)},
	{"samsum", "rouge_l", true, plain(rougeL)},
	{"lsht", "classification", true, classification},
	{"passage_count", "count", false, plain(count)},
	{"passage_retrieval_en", "retrieval", false, plain(retrieval)},
	{"passage_retrieval_zh", "retrieval_zh", false, plain(retrievalZh)},
	{"lcc", "code_similarity", false, plain(codeSimilarity)},
	{"repobench-p", "code_similarity", false, plain(codeSimilarity)},
}

func plain(score func(answer, gold string) float64) func(answer, gold string, classes []string) float64 {
	return func(answer, gold string, _ []string) float64 { return score(answer, gold) }
}

// LongBenchSets are the names of LongBench's 21 data sets.
func LongBenchSets() []string {
	names := make([]string, len(longBenchMetrics))
	for i, m := range longBenchMetrics {
		names[i] = m.set
	}
	return names
}

// LongBenchMetric is the name of the metric of a data set, "" where the set is
// not one of LongBenchSets.
func LongBenchMetric(set string) string {
	for _, m := range longBenchMetrics {
		if m.set == set {
			return m.metric
		}
	}
	return ""
}

// LongBench is the score of an answer in one of LongBenchSets: the best over
// all gold answers. Of trec, triviaqa, samsum and lsht only the answer's first
// line counts, leading line feeds aside. Classes are those of the
// classification sets. Another set is an error.
func LongBench(set, answer string, golds, classes []string) (float64, error) {
	i := slices.Index(LongBenchSets(), set)
	if i < 0 {
		return 0, fmt.Errorf("data set %q: LongBench has %s", set, strings.Join(LongBenchSets(), ", "))
	}
	m := longBenchMetrics[i]
	if m.firstLine {
		answer, _, _ = strings.Cut(strings.TrimLeft(answer, "\n"), "\n")
	}
	var best float64
	for _, gold := range golds {
		best = max(best, m.score(answer, gold, classes))
	}
	return best, nil
}
