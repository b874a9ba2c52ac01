package examiner

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact"
)

// The strata of questions.
const (
	StratumExact = "exact" // the answer has an exact string or a number
	StratumWords = "words"
)

// Question is a probe of the task [task.Questions] about a passage, which is its
// Text, with what it stands on. All of it can be marshalled to JSON and back.
type Question struct {
	task.Question
	Examiner string `json:"examiner"` // the model that wrote the question
	Reader   string `json:"reader"`   // the model that answered in the checks
}

// keep makes the question whose evidence is a part of the passage.
func (c *candidate) keep(start, end int) *Question {
	stratum := StratumWords
	if len(exact.Find(c.answer)) > 0 || len(numbers(c.answer)) > 0 {
		stratum = StratumExact
	}
	q := &Question{Examiner: c.examiner.Model(), Reader: c.reader.Model()}
	q.Passage, q.Evidence = task.Range{Start: c.start, End: c.end}, task.Range{Start: c.start + start, End: c.start + end}
	drawn := fmt.Sprintf("%s, bytes %d to %d", c.document.Name, c.start, c.end)
	q.Probe = task.Probe{
		ID: fmt.Sprintf("%s/%s/%d-%d/%08x", task.Questions, c.document.Name, q.Evidence.Start, q.Evidence.End, c.passage.seed), Task: task.Questions,
		Stratum: stratum, Document: drawn, Cluster: c.document.Name,
		Text: c.text(), Question: task.QuestionPrefix + c.question, Gold: []string{c.answer}, Asked: []string{c.question},
		Depths: []float64{float64(start) / float64(c.end-c.start)},
	}
	return q
}

// Write writes the questions as JSONL, as the task questions reads them.
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
