package examiner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/runs"
)

const (
	// DefaultPassage is about half a page of the published config, and 1,500
	// tokens of English.
	DefaultPassage = 6000
	// DefaultTries is how many passages are tried for each question wanted.
	DefaultTries = 4

	minPassage   = 200
	maxPassage   = 1 << 20
	maxQuestions = 10_000
	maxTries     = 100
)

// Options say what is asked, and of whom.
type Options struct {
	// Examiners write the questions in turn, passage by passage.
	Examiners []*llm.Client

	// Reader answers in the checks. Nil is, of several examiners, the one after
	// that which wrote the question, and of one that one itself: it then reads
	// with the prejudices that it asks with.
	Reader *llm.Client

	// Secrets says what happens to secrets in the documents, which are sent
	// passage by passage. "" is secrets.Block.
	Secrets secrets.Mode
	// Exceptions allow some of them. It may be nil.
	Exceptions *secrets.Exceptions

	Questions int // to keep; 1 to 10,000
	Seed      uint64
	Passage   int // bytes of a passage, at most; 0 is DefaultPassage
	Tries     int // passages to try for each question, at most; 0 is DefaultTries

	// Dir is the directory that keeps what became of each passage; "" keeps
	// nothing. The same options go on with what it has, others are refused.
	Dir string

	// Progress is told of each passage, from one goroutine at a time. Done is the
	// questions that are kept so far, Unscored the passages without one. It may be
	// nil.
	Progress func(runs.Progress)
}

func (o *Options) check() error {
	if o.Passage == 0 {
		o.Passage = DefaultPassage
	}
	if o.Tries == 0 {
		o.Tries = DefaultTries
	}
	switch {
	case len(o.Examiners) == 0:
		return errors.New("no examiners; accepted: at least one client")
	case o.Questions < 1 || o.Questions > maxQuestions:
		return fmt.Errorf("%d questions; accepted: 1 to %d", o.Questions, maxQuestions)
	case o.Passage < minPassage || o.Passage > maxPassage:
		return fmt.Errorf("passages of %d bytes; accepted: %d to %d", o.Passage, minPassage, maxPassage)
	case o.Tries < 1 || o.Tries > maxTries:
		return fmt.Errorf("%d tries; accepted: 1 to %d", o.Tries, maxTries)
	}
	return nil
}

// Reason is why a question was not kept.
type Reason string

// The reasons, in the order of the checks.
const (
	OverBudget      Reason = "no budget left"
	CallFailed      Reason = "call failed"
	Refused         Reason = "refused"
	Truncated       Reason = "truncated"
	Malformed       Reason = "malformed"
	NoQuestion      Reason = "nothing to ask" // says the examiner
	GivenAway       Reason = "question contains its answer"
	EvidenceAbsent  Reason = "evidence is not in the passage"
	DoesNotFollow   Reason = "answer does not follow from the evidence"
	KnownClosedBook Reason = "closed-book reader knows the answer"
	ReaderFails     Reason = "text reader fails"
	Duplicate       Reason = "duplicate"
)

// Reasons are all reasons, in the order of the checks.
func Reasons() []Reason {
	return []Reason{OverBudget, CallFailed, Refused, Truncated, Malformed, NoQuestion, GivenAway, EvidenceAbsent, DoesNotFollow, KnownClosedBook, ReaderFails, Duplicate}
}

// Rejected is a question that was not kept.
type Rejected struct {
	Document string `json:"document"`
	Start    int    `json:"start"` // of the passage, bytes of the document
	End      int    `json:"end"`
	Examiner string `json:"examiner"`
	Reason   Reason `json:"reason"`
	Question string `json:"question,omitempty"`
	Detail   string `json:"detail,omitempty"` // what was said instead, bounded
}

// Exam is the questions that were kept, and what became of the others.
type Exam struct {
	Questions []*Question
	Rejected  []Rejected // in the order of the passages
	Tried     int        // passages: the sum of both

	Secrets secrets.Report // of the documents

	// Stopped says why there are fewer questions than wanted, "" if there are
	// not: the budget, or no passage left.
	Stopped string
}

// Counts are the rejected questions by reason.
func (e *Exam) Counts() map[Reason]int {
	counts := map[Reason]int{}
	for _, r := range e.Rejected {
		counts[r.Reason]++
	}
	return counts
}

// Examine makes questions about documents, whose names must differ. Passages
// are drawn by the seed, evenly over all text. Given the same answers the same
// seed gives the same exam, with any number of calls under way, unless a budget
// ends it. Questions about a document with masked secrets are about the masked
// text.
//
// A budget that is used up ends the exam with what it has. An error is that of
// the options, a *secrets.FoundError, of a key that is not accepted, or of ctx.
// With the end of ctx comes the exam so far.
func Examine(ctx context.Context, documents []task.Document, o Options) (*Exam, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("examining: %w", err)
	}
	known := map[string]secrets.Checked{}
	g := secrets.Guard{Mode: o.Secrets, Exceptions: o.Exceptions}
	documents = slices.Clone(documents)
	for i, d := range documents {
		if !utf8.ValidString(d.Text) {
			return nil, fmt.Errorf("examining %q: not UTF-8", d.Name)
		}
		if known[d.Name].Valid() {
			return nil, fmt.Errorf("examining: two documents have the name %q; accepted: names that differ", d.Name)
		}
		known[d.Name] = g.Check(d.Name, d.Text)
		documents[i].Text = known[d.Name].Text()
	}
	if err := g.Err(); err != nil {
		return nil, fmt.Errorf("examining: %w", err)
	}
	passages := samplePassages(documents, o.Questions*o.Tries, o.Passage, o.Seed)
	if len(passages) == 0 {
		return nil, errors.New("examining: the documents have no text")
	}
	for i, p := range passages {
		passages[i].checked = known[p.document.Name]
	}
	run, err := open(documents, &o)
	if err != nil {
		return nil, fmt.Errorf("examining: %w", err)
	}
	defer run.Close() // each event was synced
	exam := &Exam{Secrets: g.Report()}
	asked := map[string]bool{}
	for len(exam.Questions) < o.Questions && exam.Tried < len(passages) && exam.Stopped == "" {
		// As many passages as questions are missing: whatever the number of
		// calls under way, the same passages are tried.
		wave := passages[exam.Tried:min(len(passages), exam.Tried+o.Questions-len(exam.Questions))]
		if err := exam.try(ctx, wave, &o, asked, run); err != nil {
			if ctx.Err() == nil {
				exam = nil
			}
			return exam, fmt.Errorf("examining: %w", err)
		}
	}
	if exam.Stopped == "" && len(exam.Questions) < o.Questions {
		exam.Stopped = fmt.Sprintf("%d passages were tried, %d for each question", exam.Tried, o.Tries)
	}
	return exam, nil
}

// try has questions made of some passages.
func (e *Exam) try(ctx context.Context, wave []passage, o *Options, asked map[string]bool, run *journal) error {
	outcomes := make([]outcome, len(wave))
	workers := 0
	for _, c := range o.Examiners {
		workers += c.MaxParallel()
	}
	progress := runs.Track(runs.Progress{Done: e.Tried, Total: o.Questions}, o.tell(len(e.Questions)))
	first := e.Tried
	err := runs.Each(ctx, len(wave), workers, func(ctx context.Context, i int) error {
		turn := first + i
		out, known := run.outcomes[turn]
		if !known {
			c := candidate{passage: wave[i], examiner: o.Examiners[turn%len(o.Examiners)], reader: o.Reader, seed: int(wave[i].seed)}
			if c.reader == nil {
				c.reader = o.Examiners[(turn+1)%len(o.Examiners)]
			}
			out = c.examine(ctx)
			if err := context.Cause(ctx); err != nil {
				return err // what was cut short is no outcome
			}
			if err := run.keep(turn, out); err != nil {
				return err
			}
		}
		outcomes[i] = out
		progress.Step(func(p *runs.Progress) {
			if out.question != nil {
				p.Scored++
			}
		})
		return nil
	})
	for i, out := range outcomes {
		switch {
		case out.question == nil && out.reason == "": // interrupted
			continue
		case errors.Is(out.err, llm.ErrAuth):
			return out.err
		case out.reason == OverBudget:
			e.Stopped = "the budget is used up"
		}
		e.add(wave[i], out, asked)
	}
	if err != nil {
		e.Stopped = "interrupted"
	}
	return err
}

// tell makes of passages that were tried what Progress says.
func (o *Options) tell(kept int) func(runs.Progress) {
	if o.Progress == nil {
		return nil
	}
	return func(p runs.Progress) {
		tried := p.Done
		p.Done, p.Scored = kept+p.Scored, 0
		p.Unscored, p.Left = tried-p.Done, 0 // how many passages are left is not known
		o.Progress(p)
	}
}

// add takes over what became of a passage.
func (e *Exam) add(p passage, out outcome, asked map[string]bool) {
	if q := out.question; q != nil && asked[q.key()] {
		out = out.reject(Duplicate, "")
	}
	e.Tried++
	if out.question == nil {
		e.Rejected = append(e.Rejected, Rejected{
			Document: p.document.Name, Start: p.start, End: p.end, Examiner: out.examiner,
			Reason: out.reason, Question: out.asked, Detail: out.detail,
		})
		return
	}
	asked[out.question.key()] = true
	e.Questions = append(e.Questions, out.question)
}

// key is the same for questions that differ in letter case and white space.
func (q *Question) key() string {
	return strings.ToLower(strings.Join(strings.Fields(q.Asked[0]), " "))
}
