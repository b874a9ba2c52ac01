package task

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Questions is the task of questions about the user's own documents, as package
// examiner has models write them.
const Questions = "questions"

// QuestionPrefix stands before the question in what probes of the task
// [Questions] ask.
const QuestionPrefix = "Answer the question from the text, in a few words and without explanation.\n\nQuestion: "

// Range is a part of a document, in bytes.
type Range struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Question is a line of the file of the task [Questions]: a probe about a
// passage, which is its Text, with the evidence for its answer. Other keys of a
// line are left alone.
type Question struct {
	Probe
	Passage  Range `json:"passage"`  // of the document
	Evidence Range `json:"evidence"` // of the document, within Passage
}

// check says what keeps a line from being a question.
func (q *Question) check() error {
	switch e, p := q.Evidence, q.Passage; {
	case q.Task != Questions || q.ID == "" || q.Question == "" || q.Cluster == "":
		return fmt.Errorf(`"task", "id", "question" and "cluster"; accepted: %q, and some text in each`, Questions)
	case len(q.Gold) != 1 || q.Gold[0] == "" || len(q.Asked) != 1 || q.Asked[0] == "":
		return errors.New(`"gold" and "asked"; accepted: one text in each`)
	case p.Start < 0 || p.End-p.Start != len(q.Text) || q.Text == "":
		return fmt.Errorf(`"passage" from %d to %d of a "text" of %d bytes; accepted: as many, and not 0`, p.Start, p.End, len(q.Text))
	case e.Start < p.Start || e.End <= e.Start || e.End > p.End:
		return fmt.Errorf(`"evidence" from %d to %d; accepted: a part of the passage from %d to %d`, e.Start, e.End, p.Start, p.End)
	}
	return nil
}

// newQuestions reads a JSONL file of questions.
func newQuestions(_ string, o *Options) (*Set, error) {
	if o.Data == nil {
		return nil, errors.New("no data: Options.Data is needed, a file that glyph examine has written")
	}
	set := &Set{Task: questions{}}
	known := map[string]bool{}
	if err := readLines(o, func(_ int, q *Question) error {
		if err := q.check(); err != nil {
			return err
		}
		if known[q.ID] {
			return errors.New(`"id" of an earlier line again; accepted: one of its own`)
		}
		known[q.ID] = true
		set.Probes = append(set.Probes, &q.Probe)
		return nil
	}); err != nil {
		return nil, err
	}
	if len(set.Probes) == 0 {
		return nil, fmt.Errorf("%s has no questions; accepted: one JSON object a line, as glyph examine writes", o.dataName())
	}
	return set.limit(o), nil
}

// questions are scored and solved as two data sets of LongBench are: the score
// is the word F1, that for Chinese where the gold answer has a Han character.
type questions struct{}

func (questions) of(p *Probe) longBench {
	if len(p.Gold) > 0 && strings.ContainsFunc(p.Gold[0], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return longBench{Questions, "multifieldqa_zh"}
	}
	return longBench{Questions, "multifieldqa_en"}
}

func (questions) Name() string                          { return Questions }
func (questions) Metric() string                        { return "qa_f1" }
func (t questions) Score(p *Probe, answer string) Score { return t.of(p).Score(p, answer) }
func (t questions) Solve(p *Probe, transcript string) string {
	return longBench{Questions, "multifieldqa_en"}.Solve(p, transcript)
}
