package runs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Budget is what a run may spend, over all its interruptions. 0 is no limit. It
// is a flag value of the form "tokens=200000,money=2.5,calls=100,minutes=30".
type Budget struct {
	Calls   int     `json:"calls,omitempty"`   // of a reader or a model
	Tokens  int64   `json:"tokens,omitempty"`  // of prompts and answers
	Money   float64 `json:"money,omitempty"`   // in the currency of the prices
	Minutes float64 `json:"minutes,omitempty"` // of the clock
}

// Set adds limits to the budget. It is an error to give one twice.
func (b *Budget) Set(text string) error {
	set := *b
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		v, err := strconv.ParseFloat(value, 64)
		whole := v == float64(int64(v))
		switch {
		case err != nil || !(v > 0) || v > 1e12:
			return badBudget(part)
		case name == "calls" && whole && set.Calls == 0:
			set.Calls = int(v)
		case name == "tokens" && whole && set.Tokens == 0:
			set.Tokens = int64(v)
		case name == "money" && set.Money == 0:
			set.Money = v
		case name == "minutes" && set.Minutes == 0:
			set.Minutes = v
		default:
			return badBudget(part)
		}
	}
	*b = set
	return nil
}

func badBudget(part string) error {
	return fmt.Errorf("budget %q; accepted: tokens=N, money=N, calls=N and minutes=N, separated by commas, each once and above 0", part)
}

// String is what Set reads.
func (b *Budget) String() string {
	var parts []string
	add := func(name string, v float64) {
		if v > 0 {
			parts = append(parts, name+"="+strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	add("tokens", float64(b.Tokens))
	add("money", b.Money)
	add("calls", float64(b.Calls))
	add("minutes", b.Minutes)
	return strings.Join(parts, ",")
}

// Type is what help calls the value.
func (*Budget) Type() string { return "LIMITS" }

// ErrBudget is the error of a call that the budget does not allow.
var ErrBudget = errors.New("the budget is used up")

// Meter holds a run to the calls and the minutes of a budget. Tokens and money
// are only known to who makes the calls, package llm. Meter is safe for
// concurrent use.
type Meter struct {
	budget Budget
	start  time.Time
	before time.Duration

	mu    sync.Mutex
	calls int
}

// NewMeter starts the clock of a run that has used calls and time before.
func NewMeter(b Budget, calls int, used time.Duration) *Meter {
	return &Meter{budget: b, start: time.Now(), before: used, calls: calls}
}

// Call takes a call from the budget. The error wraps ErrBudget and says which
// limit was met.
func (m *Meter) Call() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if limit := m.budget.Calls; limit > 0 && m.calls >= limit {
		return fmt.Errorf("%w: %d calls", ErrBudget, limit)
	}
	if limit := m.budget.Minutes; limit > 0 && m.Elapsed().Minutes() >= limit {
		return fmt.Errorf("%w: %g minutes", ErrBudget, limit)
	}
	m.calls++
	return nil
}

// Elapsed is the time that the run has taken, that before it was resumed
// included.
func (m *Meter) Elapsed() time.Duration { return m.before + time.Since(m.start) }
