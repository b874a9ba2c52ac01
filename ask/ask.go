package ask

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/verify"
)

// DefaultMaxTokens is for an answer with its reasons.
const DefaultMaxTokens = 2048

// Options are the settings of an Ask.
type Options struct {
	MaxTokens int  // of each answer; 0 is DefaultMaxTokens
	Seed      *int // nil sends none
	NoVerify  bool // leaves Answer.Report nil

	// OnText gets the answer as it arrives, OnNotice what a person should know
	// while it does: attempts that are repeated, other ways that are taken. Both
	// may be nil; neither is called by two goroutines at once. Text is not shown
	// while it may yet be a refusal. After a stream that was cut, text goes on
	// where it stopped, or begins again behind two line feeds, with a notice, if
	// the model says it in another way.
	OnText   func(string)
	OnNotice func(string)
}

// Answer is what a model answered to a question.
type Answer struct {
	Text      string         `json:"text"` // as the model wrote it
	Report    *verify.Report `json:"report,omitempty"`
	Truncated bool           `json:"truncated"` // the text, or an answer it is made of, ends at MaxTokens
	Missing   int            `json:"missing"`   // requests without an answer; above 0 with an error only
	Steps     []step         `json:"steps"`     // all calls, in the order of the documents

	// Estimated is what the prompts of the calls that brought an answer were
	// counted as before, Usage what the endpoint billed for them.
	Estimated int64     `json:"estimated_prompt_tokens"`
	Usage     llm.Usage `json:"usage"`
	Cost      float64   `json:"cost"`            // of Usage, in the client's prices
	Maybe     int       `json:"maybe_billed"`    // attempts that may have been billed on top
	Discarded int       `json:"discarded_calls"` // that were billed and are not part of the answer
}

// way is how a call puts the documents before the model.
type way string

// The ways.
const (
	pages   way = "pages"   // as the pack has them
	smaller way = "smaller" // the same pages in more requests
	text    way = "text"    // as quoted text
	combine way = "combine" // the answers of several requests, to make one of them
)

// step is one call.
type step struct {
	Way       way           `json:"way"`
	Request   int           `json:"request"` // from 1
	Of        int           `json:"of"`
	Estimated int64         `json:"estimated_prompt_tokens"`
	Usage     llm.Usage     `json:"usage"` // zero unless an answer came
	Cost      float64       `json:"cost"`
	Cached    bool          `json:"cached"` // nothing was paid
	Attempts  []llm.Attempt `json:"attempts,omitempty"`
	Text      string        `json:"text,omitempty"`
	Problem   string        `json:"problem,omitempty"` // why there is no answer, or none that counts
	Truncated bool          `json:"truncated,omitempty"`

	err error
}

// Ask sends the requests of a question and returns one answer, verified against
// the documents. The question has to have a text.
//
// If the model refuses a request, the text of its pages goes to it instead; if it
// refuses two and has answered none, it takes no pages, and all that is left goes
// as text. If a request does not fit the model's context or is too large for the
// endpoint, it is split at half the size, several times if need be, and goes as
// text if its pages cannot be split further; so are larger ones that were not
// asked yet. The largest request goes first and alone, so that this happens
// before others are paid. An answer that was paid is kept.
//
// Each of several requests is answered by itself, and a last call makes one
// answer of theirs. If that call fails the answer is the list of theirs.
//
// Any other failure of a request ends the asking: none is begun after it. An
// error comes with what is known: the list of the answers so far, verified, the
// steps, and what they cost. Errors are those of the client, of splitting
// requests, and of ctx.
func Ask(ctx context.Context, q *pack.Question, client *llm.Client, o Options) (*Answer, error) {
	switch {
	case q.Text == "":
		return nil, errors.New("asking without a question; accepted: one of pack.Pack.Ask with some text")
	case o.MaxTokens < 0:
		return nil, fmt.Errorf("asking for at most %d tokens; accepted: 1 or more, or 0 for %d", o.MaxTokens, DefaultMaxTokens)
	case o.MaxTokens == 0:
		o.MaxTokens = DefaultMaxTokens
	}
	a := &asker{client: client, o: o, question: q, answer: &Answer{Steps: []step{}}}
	a.stream.show = o.OnText
	err := a.run(ctx)
	a.sum()
	if ctx.Err() == nil && !o.NoVerify && a.answer.Text != "" {
		var unverified error
		a.answer.Report, unverified = q.Verify(ctx, a.answer.Text)
		err = errors.Join(err, unverified)
	}
	return a.answer, err
}

// asker is one Ask.
type asker struct {
	client   *llm.Client
	o        Options
	question *pack.Question
	answer   *Answer
	stream   stream
	items    []*item // in the order of the documents

	mu sync.Mutex // for notices
}

// call fills a step. Out may be nil.
func (a *asker) call(ctx context.Context, s *step, messages []wire.Message, promptTokens int, out *stream) {
	var onText func(string)
	if out != nil {
		out.begin()
		onText = func(text string) { a.restarted(out.add(text)) }
	}
	resp, err := a.client.Do(ctx, llm.Request{
		Messages: messages, MaxTokens: a.o.MaxTokens, Seed: a.o.Seed, PromptTokens: promptTokens,
		OnRetry: func(failed llm.Attempt) {
			if out != nil {
				out.begin()
			}
			billed := ""
			if failed.Billed == llm.BilledMaybe {
				billed = ", which may have been billed"
			}
			a.notice("%s%s; trying again in %s", failed.Problem, billed, failed.Wait.Round(time.Millisecond))
		},
	}, onText)
	if resp != nil {
		s.Text, s.Usage, s.Cost, s.Cached, s.Attempts, s.Truncated = resp.Text, resp.Usage, resp.Cost, resp.Cached, resp.Attempts, resp.Truncated()
		if resp.CacheErr != nil {
			a.notice("%v", resp.CacheErr)
		}
	}
	if err != nil {
		s.err, s.Problem = err, err.Error()
		if e, ok := errors.AsType[*llm.Error](err); ok {
			s.Attempts = e.Attempts
		}
		return
	}
	if out != nil {
		a.restarted(out.end())
	}
}

func (a *asker) restarted(again bool) {
	if again {
		a.notice("the answer begins again, for it is not as it was before")
	}
}

// join makes one answer of those of all items.
func (a *asker) join(ctx context.Context) error {
	steps := a.answered()
	for _, s := range steps {
		a.answer.Truncated = a.answer.Truncated || s.Truncated
	}
	if len(steps) == 1 {
		a.answer.Text = steps[0].Text
		return nil
	}
	a.notice("%d requests were answered; making one answer of them", len(steps))
	messages, estimated := combination(a.question, steps)
	last := step{Way: combine, Request: 1, Of: 1, Estimated: estimated}
	a.call(ctx, &last, messages, 0, &a.stream)
	a.answer.Steps = append(a.answer.Steps, last)
	if ctx.Err() != nil {
		return last.err
	}
	if last.err == nil {
		a.answer.Text = last.Text
		a.answer.Truncated = a.answer.Truncated || last.Truncated
		return nil
	}
	a.notice("%v; the answer is the list of all", last.err)
	a.answer.Text = a.list()
	a.stream.begin()
	a.stream.add(a.answer.Text)
	a.stream.end()
	return nil
}

// sum adds up the steps.
func (a *asker) sum() {
	for _, s := range a.answer.Steps {
		a.answer.Maybe += llm.BillOf(s.Attempts).MaybeAttempts
		if s.Usage == (llm.Usage{}) {
			continue
		}
		a.answer.Estimated += s.Estimated
		if s.Cached {
			continue
		}
		if s.Problem != "" {
			a.answer.Discarded++
		}
		a.answer.Usage = a.answer.Usage.Plus(s.Usage)
		a.answer.Cost += s.Cost
	}
}

func (a *asker) notice(format string, args ...any) {
	if a.o.OnNotice == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.o.OnNotice(fmt.Sprintf(format, args...))
}
