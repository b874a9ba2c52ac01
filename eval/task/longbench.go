package task

import (
	"errors"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/internal/benchmark"
)

// longBench is one data set of LongBench (Bai et al. 2024).
type longBench struct{ name, set string }

func (t longBench) Name() string   { return t.name }
func (t longBench) Metric() string { return benchmark.LongBenchMetric(t.set) }

func (t longBench) Score(p *Probe, answer string) Score {
	if len(p.Gold) == 0 {
		return noGold
	}
	answer = clean(answer)
	value, err := benchmark.LongBench(t.set, answer, p.Gold, p.Classes)
	if err != nil {
		return Score{Unscored: err.Error()}
	}
	return scored(value, answer)
}

// newLongBench reads LongBench's JSONL. Records of other data sets are left out
// and counted.
func newLongBench(name string, o *Options) (*Set, error) {
	if o.Data == nil {
		return nil, errors.New("no data: Options.Data is needed, a JSONL file of LongBench")
	}
	t := longBench{name, strings.TrimPrefix(name, "longbench/")}
	set := &Set{Task: t}
	others := 0
	err := readLines(o, func(line int, record *struct {
		ID       string `json:"_id"`
		Set      string `json:"dataset"`
		Input    string
		Context  string
		Answers  []string
		Classes  []string `json:"all_classes"`
		Length   int
		Language string
	}) error {
		if record.Set != t.set {
			others++
			return nil
		}
		switch {
		case strings.TrimSpace(record.Context) == "":
			return errors.New(`no "context"`)
		case len(record.Answers) == 0:
			return errors.New(`no "answers"`)
		case t.Metric() == "classification" && len(record.Classes) == 0:
			return errors.New(`no "all_classes", which the metric needs`)
		}
		id := fmt.Sprintf("%s/%d", name, line)
		set.Probes = append(set.Probes, &Probe{
			ID: id, Task: name, Stratum: longBenchBin(record.Length), Document: id, Cluster: id,
			Text: record.Context, Question: longBenchQuestion(t.set, record.Input),
			Gold: record.Answers, Asked: []string{record.Input}, Classes: record.Classes,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(set.Probes) == 0 {
		return nil, fmt.Errorf("%s has no record of %q among %d", o.dataName(), t.set, others)
	}
	if others > 0 {
		set.Notes = append(set.Notes, fmt.Sprintf("%d records are of other data sets", others))
	}
	return set.limit(o), nil
}

// longBenchBin is LongBench's range of a length in words, or characters of
// Chinese.
func longBenchBin(length int) string {
	switch {
	case length < 4000:
		return "0-4k"
	case length < 8000:
		return "4-8k"
	default:
		return "8k+"
	}
}

const (
	briefly   = "Answer in a few words, without explanation.\n\nQuestion: {input}"
	passagesQ = "The images show several passages. Answer the question from them. " + briefly
	copyCode  = "Write the next line of code and nothing else."
)

// longBenchPrompts ask for the answers that the metrics expect, with the
// context in images.
var longBenchPrompts = map[string]string{
	"narrativeqa":          "The images show a story. Answer the question about it. " + briefly,
	"qasper":               "The images show a scientific article. Answer the question about it with a phrase of the article or a short sentence. If the article does not answer it, write unanswerable; if it is a yes or no question, write yes, no or unanswerable. Do not explain.\n\nQuestion: {input}",
	"multifieldqa_en":      "Read the images. " + briefly,
	"multifieldqa_zh":      "请阅读图中的文字，只用几个词回答问题，不要解释。\n\n问题：{input}",
	"hotpotqa":             passagesQ,
	"2wikimqa":             passagesQ,
	"musique":              passagesQ,
	"dureader":             "请根据图中的文章回答问题。\n\n问题：{input}",
	"gov_report":           "The images show a government report. Write a summary of it in one page.",
	"qmsum":                "The images show the transcript of a meeting. Answer the query about it in one or more sentences.\n\nQuery: {input}",
	"multi_news":           "The images show several news articles about the same event. Write a summary of all of them in one page.",
	"vcsum":                "图中是一段会议记录。请用一段话总结这次会议。",
	"trec":                 "The images show questions with their types. Give the type of the following question as there, and nothing else.\n\n{input}",
	"triviaqa":             "The images show passages with questions and answers as examples. Answer the question from the last passage below. Give the answer alone.\n\n{input}",
	"samsum":               "The images show dialogues with their summaries as examples. Summarise the following dialogue as there, in one or two sentences.\n\n{input}",
	"lsht":                 "图中是一些新闻及其类别。请给出下面这条新闻的类别，只写类别。\n\n{input}",
	"passage_count":        "The images show numbered paragraphs, of which some are repeated. How many different paragraphs are there? Answer with the number alone.",
	"passage_retrieval_en": "The images show numbered paragraphs. Which of them is the following a summary of? Answer as in: Paragraph 1\n\n{input}",
	"passage_retrieval_zh": "图中是编了号的段落。下面的摘要出自哪一段？请按“段落1”的格式回答。\n\n{input}",
	"lcc":                  "The images show the beginning of a source file. " + copyCode,
	"repobench-p":          "The images show files of a repository. Below is the beginning of another of its files. " + copyCode + "\n\n{input}",
}

func longBenchQuestion(set, input string) string {
	return strings.ReplaceAll(longBenchPrompts[set], "{input}", strings.Trim(input, "\r\n"))
}
