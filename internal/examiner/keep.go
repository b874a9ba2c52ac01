package examiner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/runs"
)

// runKind names the kind of an exam's directory, with the version of its events.
const runKind = "glyph-examine/1"

// maxEvent is the longest line of a journal in bytes: a question with a passage
// of 1 MiB, of which JSON can take six bytes for one.
const maxEvent = 8 << 20

// event is a line of the journal: what became of a passage.
type event struct {
	Turn     int       `json:"turn"` // index of the passage
	Question *Question `json:"question,omitempty"`
	Examiner string    `json:"examiner"`
	Reason   Reason    `json:"reason,omitempty"`
	Asked    string    `json:"asked,omitempty"`
	Detail   string    `json:"detail,omitempty"`
}

// journal is what earlier processes did.
type journal struct {
	*runs.Run
	outcomes map[int]outcome
}

// open goes on with the exam in Options.Dir, or begins one.
func open(documents []task.Document, o *Options) (*journal, error) {
	text := sha256.New()
	for _, d := range documents {
		fmt.Fprintf(text, "%q %d\n%s\n", d.Name, len(d.Text), d.Text)
	}
	prompts := sha256.Sum256([]byte(examinerPrompt + textPrompt + closedBookPrompt))
	name := func(c *llm.Client) string { return c.Model() + " at " + c.Host() }
	var examiners []string
	for _, c := range o.Examiners {
		examiners = append(examiners, name(c))
	}
	reader := ""
	if o.Reader != nil {
		reader = name(o.Reader)
	}
	j := &journal{outcomes: map[int]outcome{}}
	var err error
	j.Run, err = runs.Open(o.Dir, runs.Identity{Kind: runKind, Params: map[string]any{
		"examiners": examiners, "reader": reader, "questions": o.Questions, "seed": o.Seed, "passage": o.Passage, "tries": o.Tries,
		"documents": len(documents), "documents_sha256": hex.EncodeToString(text.Sum(nil)), "prompts_sha256": hex.EncodeToString(prompts[:]),
	}}, runs.Options{Limit: maxEvent, Learn: j.learn, Own: []string{runs.ResponsesDir}})
	return j, err
}

func (j *journal) learn(line []byte) error {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if (e.Question == nil) == (e.Reason == "") {
		return fmt.Errorf("passage %d; accepted: either a question or a reason", e.Turn)
	}
	j.outcomes[e.Turn] = outcome{question: e.Question, examiner: e.Examiner, reason: e.Reason, asked: e.Asked, detail: e.Detail}
	return nil
}

// keep keeps an outcome, but that of a call that was not made or failed: it is
// made again when the exam goes on.
func (j *journal) keep(turn int, out outcome) error {
	if out.reason == CallFailed || out.reason == OverBudget {
		return nil
	}
	return j.Append(event{turn, out.question, out.examiner, out.reason, out.asked, out.detail})
}
