package examiner

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact"
)

// Name is the task of all questions.
const Name = "examiner"

// The strata of questions.
const (
	StratumExact = "exact" // the answer has an exact string or a number
	StratumWords = "words"
)

// Range is a part of a document, in bytes.
type Range struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Question is a probe about a passage, which is its Text, with what it stands
// on. All of it can be marshalled to JSON and back.
type Question struct {
	task.Probe
	Passage  Range  `json:"passage"`  // of the document
	Evidence Range  `json:"evidence"` // of the document, within Passage
	Examiner string `json:"examiner"` // the model that wrote the question
	Reader   string `json:"reader"`   // the model that answered in the checks
}

// keep makes the question whose evidence is a part of the passage.
func (c *candidate) keep(start, end int) *Question {
	stratum := StratumWords
	if len(exact.Find(c.answer)) > 0 || len(numbers(c.answer)) > 0 {
		stratum = StratumExact
	}
	q := &Question{
		Passage:  Range{c.start, c.end},
		Evidence: Range{c.start + start, c.start + end},
		Examiner: c.examiner.Model(),
		Reader:   c.reader.Model(),
	}
	drawn := fmt.Sprintf("%s, bytes %d to %d", c.document.Name, c.start, c.end)
	q.Probe = task.Probe{
		ID: fmt.Sprintf("%s/%s/%d-%d/%08x", Name, c.document.Name, q.Evidence.Start, q.Evidence.End, c.passage.seed), Task: Name,
		Stratum: stratum, Document: drawn, Cluster: c.document.Name,
		Text: c.text(), Question: pagesQuestion + c.question, Gold: []string{c.answer}, Asked: []string{c.question},
		Depths: []float64{float64(start) / float64(c.end-c.start)},
	}
	return q
}

// Write writes the questions as JSONL, as Load reads them.
func (e *Exam) Write(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, q := range e.Questions {
		if err := out.Encode(q); err != nil {
			return fmt.Errorf("writing questions: %w", err)
		}
	}
	return nil
}

// maxLine bounds a question with its passage of at most 1 MiB: JSON can take
// six bytes for one.
const maxLine = 8 << 20

// Load reads the JSONL of Write as a task: its score is the word F1 of
// LongBench, that for Chinese where the gold answer has a Han character, and its
// solver that of package task for questions. An error has name and the line.
func Load(r io.Reader, name string) (*task.Set, error) {
	t, err := newTask()
	if err != nil {
		return nil, err
	}
	set := &task.Set{Task: t}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	known := map[string]bool{}
	line := 0
	for scanner.Scan() {
		line++
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		q, err := decodeQuestion(scanner.Bytes())
		if err == nil && known[q.ID] {
			err = fmt.Errorf(`"id" %q again`, q.ID)
		}
		if err == nil && len(set.Probes) == maxQuestions {
			err = fmt.Errorf("more than %d questions", maxQuestions)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, line, err)
		}
		known[q.ID] = true
		set.Probes = append(set.Probes, &q.Probe)
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s, line %d: longer than %d MiB", name, line+1, maxLine>>20)
	} else if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(set.Probes) == 0 {
		return nil, fmt.Errorf("reading %s: no questions; accepted: one JSON object a line, as glyph examine writes", name)
	}
	return set, nil
}

func decodeQuestion(b []byte) (*Question, error) {
	if !utf8.Valid(b) {
		return nil, errors.New("not UTF-8")
	}
	var q Question
	if err := json.Unmarshal(b, &q); err != nil {
		return nil, err
	}
	switch e, p := q.Evidence, q.Passage; {
	case q.Task != Name || q.ID == "" || q.Question == "" || q.Cluster == "":
		return nil, fmt.Errorf(`"task" %.40q, and "id", "question" and "cluster"; accepted: %q, and some text in each`, q.Task, Name)
	case len(q.Gold) != 1 || q.Gold[0] == "" || len(q.Asked) != 1 || q.Asked[0] == "":
		return nil, errors.New(`"gold" and "asked"; accepted: one text in each`)
	case p.Start < 0 || p.End-p.Start != len(q.Text) || q.Text == "":
		return nil, fmt.Errorf(`"passage" from %d to %d of a "text" of %d bytes; accepted: as many, and not 0`, p.Start, p.End, len(q.Text))
	case e.Start < p.Start || e.End <= e.Start || e.End > p.End:
		return nil, fmt.Errorf(`"evidence" from %d to %d; accepted: a part of the passage from %d to %d`, e.Start, e.End, p.Start, p.End)
	}
	return &q, nil
}

// questions scores and solves as two data sets of LongBench do.
type questions struct{ english, chinese task.Task }

func newTask() (questions, error) {
	english, err := longBench("multifieldqa_en")
	if err != nil {
		return questions{}, err
	}
	chinese, err := longBench("multifieldqa_zh")
	return questions{english, chinese}, err
}

// longBench is the task of a data set, which task gives with probes only.
func longBench(set string) (task.Task, error) {
	record := fmt.Sprintf(`{"dataset": %q, "context": "-", "answers": ["-"]}`, set)
	s, err := task.New("longbench/"+set, task.Options{Data: bytes.NewReader([]byte(record)), DataName: "record"})
	if err != nil {
		return nil, err
	}
	return s.Task, nil
}

func (t questions) of(p *task.Probe) task.Task {
	if len(p.Gold) > 0 && hasHan(p.Gold[0]) {
		return t.chinese
	}
	return t.english
}

func (t questions) Name() string                                  { return Name }
func (t questions) Metric() string                                { return "qa_f1" }
func (t questions) Score(p *task.Probe, answer string) task.Score { return t.of(p).Score(p, answer) }
func (t questions) Solve(p *task.Probe, transcript string) string {
	return t.english.Solve(p, transcript)
}
