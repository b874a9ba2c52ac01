package llm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"sync"

	"github.com/glyphkit/glyph/ask/wire"
)

// Budget bounds what may be spent; 0 is no bound. Before each attempt the most
// it could cost is reserved, and afterwards what it did cost is kept. An attempt
// that may have been billed keeps all that was reserved for it.
type Budget struct {
	Calls  int     // attempts over the wire, repetitions included
	Tokens int64   // of prompts and completions
	Money  float64 // needs Options.Price
}

func (b Budget) check() error {
	if b.Calls < 0 || b.Tokens < 0 || !(b.Money >= 0) {
		return fmt.Errorf("budget %+v; accepted: 0 for no bound, or more", b)
	}
	return nil
}

// Ledger keeps what was spent of a budget, by any number of clients: see
// [WithLedger]. It is safe for concurrent use.
type Ledger struct {
	budget Budget

	mu       sync.Mutex
	bill     Bill
	reserved cost
	settled  chan struct{} // closed when a reservation is settled
}

// NewLedger returns a ledger of which nothing is spent. The numbers of the
// budget are 0 or more.
func NewLedger(b Budget) *Ledger {
	return &Ledger{budget: b, settled: make(chan struct{})}
}

// Add counts what was spent elsewhere, such as by an earlier process of the same
// run. It may exceed the budget: then no attempt is allowed.
func (l *Ledger) Add(b Bill) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bill = l.bill.Plus(b)
}

// Bill returns what was spent so far.
func (l *Ledger) Bill() Bill {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bill
}

type ledgerKey struct{}

// WithLedger returns a context in which every call of every client is bounded by
// the ledger's budget, beside the client's own.
func WithLedger(ctx context.Context, l *Ledger) context.Context {
	return context.WithValue(ctx, ledgerKey{}, l)
}

// ledgersOf are those that a call has to be entered in.
func (c *Client) ledgersOf(ctx context.Context) ledgers {
	if l, ok := ctx.Value(ledgerKey{}).(*Ledger); ok {
		return ledgers{c.ledger, l}
	}
	return ledgers{c.ledger}
}

// ledgers reserve in their order.
type ledgers []*Ledger

func (all ledgers) bounded() bool {
	for _, l := range all {
		if l.budget != (Budget{}) {
			return true
		}
	}
	return false
}

// check refuses a budget in money where nothing has a price.
func (all ledgers) check(p Price) error {
	for _, l := range all {
		if l.budget.Money > 0 && (p.Input == 0 || p.Output == 0) {
			return errors.New("a budget in money needs prices; accepted: Price.Input and Price.Output as well")
		}
	}
	return nil
}

// reserve takes the worst case of an attempt out of all budgets or of none.
func (all ledgers) reserve(ctx context.Context, worst cost) error {
	for i, l := range all {
		if err := l.reserve(ctx, worst); err != nil {
			for _, held := range all[:i] {
				held.release(worst)
			}
			return err
		}
	}
	return nil
}

func (all ledgers) settle(worst cost, a Attempt) {
	for _, l := range all {
		l.Add(BillOf([]Attempt{a}))
		l.release(worst)
	}
}

// cost is what an attempt is reserved: itself, tokens and their price.
type cost struct {
	calls  int
	tokens int64
	money  float64
}

func (c cost) plus(d cost) cost {
	return cost{c.calls + d.calls, c.tokens + d.tokens, c.money + d.money}
}

// fits reports whether a sum stays within the budget. Money gets a tolerance
// for sums of floats.
func (l *Ledger) fits(c cost) bool {
	const tolerance = 1e-9
	return (l.budget.Calls == 0 || c.calls <= l.budget.Calls) &&
		(l.budget.Tokens == 0 || c.tokens <= l.budget.Tokens) &&
		(l.budget.Money == 0 || c.money <= l.budget.Money*(1+tolerance))
}

// reserve takes the worst case of an attempt out of the budget. While other
// attempts hold what is missing it waits for them. The error says how much is
// left.
func (l *Ledger) reserve(ctx context.Context, worst cost) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		used := cost{calls: l.bill.Attempts}
		used.tokens, used.money = l.bill.AtMost()
		if !l.fits(used.plus(worst)) {
			return errors.New(l.shortage(used, worst))
		}
		if l.fits(used.plus(l.reserved).plus(worst)) {
			l.reserved = l.reserved.plus(worst)
			return nil
		}
		settled := l.settled
		l.mu.Unlock()
		select {
		case <-settled:
		case <-ctx.Done():
		}
		l.mu.Lock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (l *Ledger) shortage(used, worst cost) string {
	switch b := l.budget; {
	case b.Calls > 0 && used.calls+worst.calls > b.Calls:
		return fmt.Sprintf("%d of %d calls are used", used.calls, b.Calls)
	case b.Tokens > 0 && used.tokens+worst.tokens > b.Tokens:
		return fmt.Sprintf("it may take %d tokens, and %d of %d are used", worst.tokens, used.tokens, b.Tokens)
	}
	return fmt.Sprintf("it may cost %.4f, and %.4f of %.4f are used", worst.money, used.money, l.budget.Money)
}

// release gives a reservation back.
func (l *Ledger) release(worst cost) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved = l.reserved.plus(cost{-worst.calls, -worst.tokens, -worst.money})
	close(l.settled)
	l.settled = make(chan struct{})
}

// The dearest published rule for images, that of gpt-4o-mini: so many tokens,
// and so many for each tile of 512 px.
const (
	worstImage = 2833
	worstTile  = 5667
	tilePx     = 512
	// perMessage is what a chat template adds to a message at most.
	perMessage = 16
)

// worstPrompt is a number of tokens that the prompt does not exceed: one for
// each byte of text, and for images the dearest rule that is published.
func worstPrompt(messages []wire.Message) (int, error) {
	n := 0
	for _, m := range messages {
		n += len(m.Role) + perMessage
		for _, part := range m.Parts {
			if part.PNG == nil {
				n += len(part.Checked.Text())
				continue
			}
			size, err := png.DecodeConfig(bytes.NewReader(part.PNG))
			if err != nil {
				return 0, fmt.Errorf("an image whose price has no bound: %w; accepted under a budget: PNG, or Request.PromptTokens", err)
			}
			n += worstImage + worstTile*((size.Width+tilePx-1)/tilePx)*((size.Height+tilePx-1)/tilePx)
		}
	}
	return n, nil
}
