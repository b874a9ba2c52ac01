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

// Spent is what a client has used up so far.
type Spent struct {
	Calls    int `json:"calls"`    // of Do
	Attempts int `json:"attempts"` // over the wire
	Unpaid   int `json:"unpaid"`   // calls answered by the cache, or by an identical call at the same time

	PromptTokens     int64   `json:"prompt_tokens"`
	CompletionTokens int64   `json:"completion_tokens"`
	Money            float64 `json:"money"`
	Estimated        bool    `json:"estimated"` // some response came without usage

	// Of the attempts that may have been billed without an answer. A budget
	// counts them.
	MaybeAttempts int     `json:"maybe_attempts"`
	MaybeTokens   int64   `json:"maybe_tokens"` // at most; counted only if the worst case is known
	MaybeMoney    float64 `json:"maybe_money"`
}

// Spent returns what the client has used up so far.
func (c *Client) Spent() Spent {
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	return c.ledger.spent
}

// ledger holds the budget.
type ledger struct {
	budget Budget

	mu       sync.Mutex
	spent    Spent
	reserved cost
	settled  chan struct{} // closed when a reservation is settled
}

// cost is tokens with their price.
type cost struct {
	tokens int64
	money  float64
}

func newLedger(b Budget) *ledger {
	return &ledger{budget: b, settled: make(chan struct{})}
}

func (l *ledger) bounded() bool { return l.budget != Budget{} }

// fits reports whether a sum stays within the budget. Money gets a tolerance
// for sums of floats.
func (l *ledger) fits(c cost) bool {
	const tolerance = 1e-9
	return (l.budget.Tokens == 0 || c.tokens <= l.budget.Tokens) &&
		(l.budget.Money == 0 || c.money <= l.budget.Money*(1+tolerance))
}

// reserve takes the worst case of an attempt out of the budget. While other
// attempts hold what is missing it waits for them. The error says how much is
// left.
func (l *ledger) reserve(ctx context.Context, worst cost) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		used := cost{l.spent.PromptTokens + l.spent.CompletionTokens + l.spent.MaybeTokens, l.spent.Money + l.spent.MaybeMoney}
		if !l.fits(cost{used.tokens + worst.tokens, used.money + worst.money}) {
			return errors.New(l.shortage(used, worst))
		}
		if l.fits(cost{used.tokens + l.reserved.tokens + worst.tokens, used.money + l.reserved.money + worst.money}) {
			l.reserved.tokens += worst.tokens
			l.reserved.money += worst.money
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

func (l *ledger) shortage(used, worst cost) string {
	if l.budget.Tokens > 0 && used.tokens+worst.tokens > l.budget.Tokens {
		return fmt.Sprintf("it may take %d tokens, and %d of %d are used", worst.tokens, used.tokens, l.budget.Tokens)
	}
	return fmt.Sprintf("it may cost %.4f, and %.4f of %.4f are used", worst.money, used.money, l.budget.Money)
}

// settle puts what an attempt did cost in the place of its worst case.
func (l *ledger) settle(worst cost, billed Billed, u Usage, money float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved.tokens -= worst.tokens
	l.reserved.money -= worst.money
	l.spent.Attempts++
	switch billed {
	case BilledYes:
		l.spent.PromptTokens += int64(u.PromptTokens)
		l.spent.CompletionTokens += int64(u.CompletionTokens)
		l.spent.Money += money
		l.spent.Estimated = l.spent.Estimated || u.Estimated
	case BilledMaybe:
		l.spent.MaybeAttempts++
		l.spent.MaybeTokens += worst.tokens
		l.spent.MaybeMoney += worst.money
	}
	close(l.settled)
	l.settled = make(chan struct{})
}

func (l *ledger) count(unpaid bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spent.Calls++
	if unpaid {
		l.spent.Unpaid++
	}
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
