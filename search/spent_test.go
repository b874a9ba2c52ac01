package search

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
)

var spentPrice = llm.Price{Input: 1.5, CachedInput: 0.25, Output: 6}

// billed is a search whose reader and proposer ask an endpoint that bills at
// random.
type billed struct {
	books   *llmtest.Bookkeeper
	server  *llmtest.Server
	reader  read.Reader
	problem *probe.Reading
	o       Options
}

func newBilled(t *testing.T, seed uint64, price llm.Price, asked func()) *billed {
	t.Helper()
	b := &billed{books: llmtest.NewBookkeeper(seed, 900, func(r *llmtest.Request) string {
		asked()
		switch text := r.Text(); {
		case strings.Contains(text, proposePrompt):
			return `{"patches": [{"parent": "none", "genes": {}, "reason": "to be refused"}]}`
		case strings.Contains(text, reflectPrompt):
			return `{"insights": []}`
		}
		return "The miller counted 12 lamps near the river."
	})}
	b.server = llmtest.New(b.books.Reply)
	t.Cleanup(b.server.Close)
	client := func() *llm.Client {
		c, err := llm.New(llm.Options{BaseURL: b.server.URL(), Model: "m", Price: price, Clock: llmtest.NewClock(time.Unix(0, 0)), Jitter: func() float64 { return 0 }})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var err error
	b.reader = read.NewVLM(client(), read.VLMOptions{MaxTokens: 500})
	b.problem, err = probe.New(t.Context(), []*document.Document{known.Document(corpus.Prose, 12_000)}, b.reader, known.Model(t, "glm-4.5v"), probe.Options{Probes: 8, HeldOut: 4, Chars: 200})
	if err != nil {
		t.Fatal(err)
	}
	b.o = Options{
		Population: 4, Generations: 1000, Patience: 1000, Rungs: []int{4, 8}, Finalists: 2, Limits: known.Cheap, Workers: 4,
		Reference: Point{0.01, 0}, Proposer: NewLLM(client(), LLMOptions{MaxTokens: 500, ReflectEvery: 1}), Playbook: mustParse(t, somePlaybook),
	}
	return b
}

// check compares what a search tells with what was billed. What the endpoint
// did not tell is within what may be.
func (b *billed) check(t *testing.T, name string, told llm.Bill, exact bool) {
	t.Helper()
	books := b.books.Books()
	usage := llm.Usage{PromptTokens: books.Prompt, CachedTokens: books.Cached, CompletionTokens: books.Completion, ReasoningTokens: books.Reasoning}
	if exact && (told.Attempts != books.Calls || told.Usage != usage || told.Money != spentPrice.Of(usage) || told.MaybeAttempts != books.Untold) {
		t.Errorf("%s: told %+v\nbilled %+v, %v", name, told, books, spentPrice.Of(usage))
	}
	if all, _ := told.AtMost(); told.Total() > usage.Total() || all < usage.Total()+int64(books.UntoldTokens) {
		t.Errorf("%s: told %d to %d tokens\nbilled %+v", name, told.Total(), all, books)
	}
}

func holds(budget Budget, b llm.Bill) bool {
	tokens, money := b.AtMost()
	return (budget.Calls == 0 || b.Attempts <= budget.Calls) && (budget.Tokens == 0 || tokens <= int64(budget.Tokens)) && (budget.Money == 0 || money <= budget.Money)
}

// A search tells what endpoints billed for reading and proposing, retries and
// failures included, and stops at its budget.
func TestBilledIsWhatWasBilled(t *testing.T) {
	for name, budget := range map[string]Budget{"calls": {Calls: 100}, "tokens": {Tokens: 300_000}, "money": {Money: 0.55}} {
		b := newBilled(t, 1, spentPrice, func() {})
		b.o.Budget = budget
		r, err := Run(t.Context(), t.TempDir(), b.problem, b.o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.check(t, name, r.Billed, true)
		if r.Stop != stopBudget || !holds(budget, r.Billed) {
			t.Errorf("%s: stopped by %s after %+v", name, r.Stop, r.Billed)
		}
		proposed := 0
		for _, o := range r.Operators {
			if o.Name == opPropose {
				proposed = o.Cost.Attempts
			}
		}
		if books := b.books.Books(); books.Untold == 0 || proposed == 0 || r.Billed.Attempts == 0 || len(r.Front) == 0 {
			t.Errorf("%s: %+v, %d attempts to propose, %d configs on the front", name, books, proposed, len(r.Front))
		}
		read, told := 0, strings.Contains(strings.Join(r.Degraded, " "), "held-out probes were not read")
		for _, f := range r.Finalists {
			if f.Accuracy.N+f.Unscored != 4 {
				t.Errorf("%s: of a finalist %d held-out probes were read, %d not", name, f.Accuracy.N, f.Unscored)
			}
			read += f.Accuracy.N
		}
		if read == 0 && !told {
			t.Errorf("%s: no held-out probe was read, and nothing says so: %q", name, r.Degraded)
		}
	}
}

// A budget that is too small for what it plans is kept all the same.
func TestBudgetIsKept(t *testing.T) {
	b := newBilled(t, 2, spentPrice, func() {})
	b.o.Budget.Tokens = 60_000 // some four attempts that may have been billed
	if r, err := Run(t.Context(), "", b.problem, b.o); err == nil && !holds(b.o.Budget, r.Billed) {
		t.Errorf("billed %+v", r.Billed)
	}
	if books := b.books.Books(); books.Prompt+books.Completion+books.UntoldTokens > 60_000 || books.Calls == 0 {
		t.Errorf("billed %+v", books)
	}
	free := newBilled(t, 2, llm.Price{}, func() {})
	free.o.Budget.Money = 1
	if _, err := Run(t.Context(), "", free.problem, free.o); err == nil || free.books.Books().Calls > 0 {
		t.Errorf("without prices a budget in money allows %d calls, error %v", free.books.Books().Calls, err)
	}
}

// Over interruptions nothing that was billed is left out, and the budget is that
// of all processes together.
func TestBilledOverInterruptions(t *testing.T) {
	var asked, stopAt atomic.Int64
	var stop atomic.Value
	b := newBilled(t, 3, spentPrice, func() {
		if asked.Add(1) == stopAt.Load() {
			stop.Load().(context.CancelFunc)()
		}
	})
	b.o.Budget.Tokens = 300_000
	dir := t.TempDir()
	for _, after := range []int64{5, 40, 1 << 30} {
		ctx, cancel := context.WithCancel(t.Context())
		stop.Store(cancel)
		stopAt.Store(asked.Load() + after)
		b.o.Playbook = mustParse(t, somePlaybook)
		problem, err := b.problem.WithReader(b.reader)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(ctx, dir, problem, b.o)
		cancel()
		if r == nil || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		b.check(t, "interrupted", r.Billed, false)
		if (after == 1<<30) != (r.Stop == stopBudget) || !holds(b.o.Budget, r.Billed) {
			t.Errorf("after %d more calls: stopped by %s, %+v", after, r.Stop, r.Billed)
		}
	}
}

// What is set aside is the usual cost of the held-out probes and room for one
// call at the most that it can cost; probes are planned at the most.
func TestAffordable(t *testing.T) {
	for _, tt := range []struct {
		name   string
		budget Budget
		spent  llm.Bill
		asked  int
		probes int  // 0 if the budget is used
		may    bool // propose
	}{
		{"nothing asked", Budget{Tokens: 1000}, llm.Bill{}, 0, 4, true},
		// 10 probes took 100 each, as 20 held-out ones will.
		{"plenty", Budget{Tokens: 100_000}, llm.Bill{Usage: llm.Usage{PromptTokens: 1000}}, 10, 32, true},
		{"five left", Budget{Tokens: 3500}, llm.Bill{Usage: llm.Usage{PromptTokens: 1000}}, 10, 5, true},
		{"none left", Budget{Tokens: 3099}, llm.Bill{Usage: llm.Usage{PromptTokens: 1000}}, 10, 0, true},
		{"at the most", Budget{Tokens: 4500}, llm.Bill{Usage: llm.Usage{PromptTokens: 1000}, MostTokens: 500}, 10, 2, true},
		{"less than the most", Budget{Tokens: 3999}, llm.Bill{Usage: llm.Usage{PromptTokens: 1000}, MostTokens: 500}, 10, 0, false},
		{"what may be billed", Budget{Tokens: 3500}, llm.Bill{Usage: llm.Usage{PromptTokens: 600}, MaybeTokens: 400}, 10, 5, true},
		{"money", Budget{Money: 4.5}, llm.Bill{Money: 0.5, MaybeMoney: 0.5, MostMoney: 0.5}, 10, 2, true},
		{"calls", Budget{Calls: 35}, llm.Bill{Attempts: 10}, 10, 5, true},
		{"the least of all", Budget{Calls: 1000, Money: 4.5}, llm.Bill{Attempts: 10, Money: 1, MostMoney: 0.5}, 10, 2, true},
	} {
		s := &search{Options: Options{Budget: tt.budget, Finalists: 4}, heldOut: make([]int, 5), rungs: []int{4}, asked: tt.asked, spent: probe.Cost{Bill: tt.spent}}
		n, err := s.affordable()
		if n != tt.probes || errors.Is(err, errBudget) != (tt.probes == 0) {
			t.Errorf("%s: %d probes, error %v; want %d", tt.name, n, err, tt.probes)
		}
		if got := s.canPropose(); got != tt.may {
			t.Errorf("%s: may propose: %t", tt.name, got)
		}
	}
}
