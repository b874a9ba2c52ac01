package ask

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
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

// Answer is what a model answered about a pack.
type Answer struct {
	Text      string         `json:"text"` // as the model wrote it
	Report    *verify.Report `json:"report,omitempty"`
	Truncated bool           `json:"truncated"` // the text, or an answer it is made of, ends at MaxTokens
	Steps     []Step         `json:"steps"`     // all calls, in the order of their requests

	// Estimated is what the prompts of the calls that brought an answer were
	// counted as before, Usage what the endpoint billed for them.
	Estimated int64     `json:"estimated_prompt_tokens"`
	Usage     llm.Usage `json:"usage"`
	Cost      float64   `json:"cost"`            // of Usage, in the client's prices
	Maybe     int       `json:"maybe_billed"`    // attempts that may have been billed on top
	Discarded int       `json:"discarded_calls"` // that were billed and are not part of the answer
}

// Way is how a call puts the documents before the model.
type Way string

// The ways.
const (
	Pages   Way = "pages"   // the pack as it is
	Smaller Way = "smaller" // the same in more requests
	Text    Way = "text"    // the documents as quoted text
	Combine Way = "combine" // the answers of several requests, to make one of them
)

// Step is one call.
type Step struct {
	Way       Way           `json:"way"`
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

// Ask sends the requests of a pack and returns one answer, verified against
// the pack's documents. The pack has to hold a question.
//
// If the model refuses the pages, all documents go to it as text. If a request
// does not fit its context or is too large for the endpoint, the pack is split
// at half the size, several times if need be, and goes as text if its pages
// cannot be split further. The largest request goes first and alone, so that
// this happens before others are paid.
//
// Each of several requests is answered by itself, and a last call makes one
// answer of theirs. If that call fails the answer is the list of theirs.
//
// An error comes with what is known of the answer: its steps, and what they
// cost. Errors are those of the client and of splitting the pack.
func Ask(ctx context.Context, p *pack.Pack, client *llm.Client, o Options) (*Answer, error) {
	switch {
	case p.Question == "":
		return nil, errors.New("asking about a pack without a question; accepted: one with Options.Question, or of Pack.Ask")
	case o.MaxTokens < 0:
		return nil, fmt.Errorf("asking for at most %d tokens; accepted: 1 or more, or 0 for %d", o.MaxTokens, DefaultMaxTokens)
	case o.MaxTokens == 0:
		o.MaxTokens = DefaultMaxTokens
	}
	a := &asker{client: client, o: o, answer: &Answer{Steps: []Step{}}}
	a.stream.show = o.OnText
	err := a.run(ctx, p)
	a.sum()
	if err != nil {
		return a.answer, err
	}
	if !o.NoVerify {
		a.answer.Report, err = pack.Verify(ctx, a.answer.Text, p)
	}
	return a.answer, err
}

// asker is one Ask.
type asker struct {
	client *llm.Client
	o      Options
	answer *Answer
	stream stream

	mu sync.Mutex // for notices
}

// maxTurns bounds how often another way is taken: once as text, and splits to
// 1/64 of the size.
const maxTurns = 8

// run takes ways until one has brought all answers.
func (a *asker) run(ctx context.Context, p *pack.Pack) error {
	way := Pages
	for turn := 1; ; turn++ {
		steps := a.round(ctx, p, way)
		a.answer.Steps = append(a.answer.Steps, steps...)
		var failed error
		for _, s := range steps {
			if s.err != nil && (failed == nil || !mendable(s.err)) {
				failed = s.err
			}
		}
		if failed == nil {
			return a.join(ctx, p, steps)
		}
		a.discard(steps)
		if !mendable(failed) || turn == maxTurns || ctx.Err() != nil {
			return failed
		}
		next, nextWay, err := other(p, way, failed)
		if err != nil {
			return fmt.Errorf("%w; no other way: %w", failed, err)
		}
		p, way = next, nextWay
		a.notice("%v; asking again %s", failed, describe(way, len(p.Requests)))
	}
}

func mendable(err error) bool {
	return errors.Is(err, llm.ErrRefused) || errors.Is(err, llm.ErrContextOverflow) || errors.Is(err, llm.ErrTooLarge)
}

func describe(way Way, requests int) string {
	as := "with smaller requests"
	if way == Text {
		as = "with the documents as text"
	}
	if requests > 1 {
		as += fmt.Sprintf(", in %d requests", requests)
	}
	return as
}

// other is what to try after a way has failed.
func other(p *pack.Pack, way Way, failed error) (*pack.Pack, Way, error) {
	if !errors.Is(failed, llm.ErrRefused) {
		half := largest(p).Tokens.Total / 2
		smaller, err := p.Within(max(half, 1))
		if err == nil {
			if way == Text {
				return smaller, Text, nil
			}
			return smaller, Smaller, nil
		}
		if way == Text {
			return nil, "", err
		}
	} else if way == Text {
		return nil, "", errors.New("the documents were sent as text already")
	}
	text, err := p.TextOnly()
	return text, Text, err
}

func largest(p *pack.Pack) *pack.Request {
	most := p.Requests[0]
	for _, r := range p.Requests {
		if r.Tokens.Total > most.Tokens.Total {
			most = r
		}
	}
	return most
}

// round makes the calls of one way: the largest request first, the others
// together if that was answered. The steps are those of the calls that were
// made, in the order of requests.
func (a *asker) round(ctx context.Context, p *pack.Pack, way Way) []Step {
	if len(p.Requests) == 1 {
		return []Step{a.ask(ctx, p.Requests[0], way, &a.stream)}
	}
	first := largest(p)
	steps := make([]Step, len(p.Requests))
	steps[first.Number-1] = a.ask(ctx, first, way, nil)
	if steps[first.Number-1].err != nil {
		return steps[first.Number-1 : first.Number]
	}
	// A request is held in memory from here on, not only on its way.
	slots := make(chan struct{}, a.client.MaxParallel())
	var wg sync.WaitGroup
	for i, r := range p.Requests {
		if r == first {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			steps[i] = a.ask(ctx, r, way, nil)
		})
	}
	wg.Wait()
	return steps
}

func (a *asker) ask(ctx context.Context, r *pack.Request, way Way, out *stream) Step {
	step := Step{Way: way, Request: r.Number, Of: r.Of, Estimated: r.Tokens.Total}
	a.call(ctx, &step, r.OpenAI(), int(r.Tokens.Total), out)
	return step
}

// call fills a step. Out may be nil.
func (a *asker) call(ctx context.Context, s *Step, messages []openai.ChatCompletionMessage, promptTokens int, out *stream) {
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

// join makes one answer of the steps.
func (a *asker) join(ctx context.Context, p *pack.Pack, steps []Step) error {
	for _, s := range steps {
		a.answer.Truncated = a.answer.Truncated || s.Truncated
	}
	if len(steps) == 1 {
		a.answer.Text = steps[0].Text
		return nil
	}
	a.notice("%d requests were answered; making one answer of them", len(steps))
	messages, estimated := combination(p.Question, steps)
	last := Step{Way: Combine, Request: 1, Of: 1, Estimated: estimated}
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
	a.answer.Text = list(steps)
	a.stream.begin()
	a.stream.add(a.answer.Text)
	a.stream.end()
	return nil
}

// discard marks what was paid in vain.
func (a *asker) discard(steps []Step) {
	done := a.answer.Steps[len(a.answer.Steps)-len(steps):]
	for i := range done {
		if done[i].err == nil {
			done[i].Problem = "answered, but another request of the same pack was not"
		}
	}
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
