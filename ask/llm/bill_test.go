package llm_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// Each kind of token has its own price.
func TestPriceOf(t *testing.T) {
	dear := llm.Price{Input: 2, CachedInput: 0.5, Output: 30}
	for _, tt := range []struct {
		price llm.Price
		usage llm.Usage
		want  float64
	}{
		{dear, llm.Usage{PromptTokens: 1_000_000}, 2},
		{dear, llm.Usage{CompletionTokens: 1_000_000}, 30},
		{dear, llm.Usage{PromptTokens: 1_000_000, CachedTokens: 400_000}, 1.4},
		{dear, llm.Usage{PromptTokens: 1000, CachedTokens: 400, CompletionTokens: 100, ReasoningTokens: 60}, 0.0044},
		{llm.Price{Input: 2, Output: 30}, llm.Usage{PromptTokens: 1_000_000, CachedTokens: 400_000}, 2},
		{llm.Price{}, llm.Usage{PromptTokens: 7, CompletionTokens: 7}, 0},
	} {
		if got := tt.price.Of(tt.usage); got != tt.want {
			t.Errorf("%+v of %+v is %v, want %v", tt.price, tt.usage, got, tt.want)
		}
	}
}

func TestBillOfAttempts(t *testing.T) {
	got := llm.BillOf([]llm.Attempt{
		{Billed: llm.BilledNo, MostTokens: 900, MostMoney: 9},
		{Billed: llm.BilledMaybe, MostTokens: 500, MostMoney: 5},
		{Billed: llm.BilledMaybe, MostTokens: 500, MostMoney: 5},
		{Billed: llm.BilledYes, MostTokens: 500, MostMoney: 5, Money: 0.75,
			Usage: llm.Usage{PromptTokens: 100, CachedTokens: 50, CompletionTokens: 20, ReasoningTokens: 10, Estimated: true}},
	})
	want := llm.Bill{
		Attempts: 4, Usage: llm.Usage{PromptTokens: 100, CachedTokens: 50, CompletionTokens: 20, ReasoningTokens: 10, Estimated: true}, Money: 0.75,
		MaybeAttempts: 2, MaybeTokens: 1000, MaybeMoney: 10, MostTokens: 900, MostMoney: 9,
	}
	if got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if tokens, money := got.AtMost(); tokens != 1120 || money != 10.75 {
		t.Errorf("at most %d tokens and %v", tokens, money)
	}
}

// The sum of money is the same in any order.
func TestMoneyAddsUpInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	price := llm.Price{Input: 0.15, CachedInput: 0.0375, Output: 0.6}
	bills := make([]llm.Bill, 500)
	for i := range bills {
		u := llm.Usage{PromptTokens: random.IntN(20_000), CompletionTokens: random.IntN(9_000)}
		u.CachedTokens = random.IntN(u.PromptTokens + 1)
		bills[i] = llm.Bill{Usage: u, Money: price.Of(u), MaybeMoney: price.Of(u)}
	}
	sum := func() (all llm.Bill) {
		for _, b := range bills {
			all = all.Plus(b)
		}
		return all
	}
	want := sum()
	for range 20 {
		random.Shuffle(len(bills), func(i, j int) { bills[i], bills[j] = bills[j], bills[i] })
		if got := sum(); got != want {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	}
	if want.Money != price.Of(want.Usage) {
		t.Errorf("%v in all, %v by the usage in all", want.Money, price.Of(want.Usage))
	}
}

func TestReasoningIsBilled(t *testing.T) {
	for name, tt := range map[string]struct {
		usage string
		want  llm.Usage
	}{
		"in the completion": {`"prompt_tokens":10,"completion_tokens":50,"total_tokens":60,"completion_tokens_details":{"reasoning_tokens":45}`,
			llm.Usage{PromptTokens: 10, CompletionTokens: 50, ReasoningTokens: 45}},
		"in the total alone": {`"prompt_tokens":10,"completion_tokens":5,"total_tokens":60`,
			llm.Usage{PromptTokens: 10, CompletionTokens: 50}},
		"no total":     {`"prompt_tokens":10,"completion_tokens":5`, llm.Usage{PromptTokens: 10, CompletionTokens: 5}},
		"absurd total": {`"prompt_tokens":10,"completion_tokens":5,"total_tokens":-9223372036854775808`, llm.Usage{PromptTokens: 10, CompletionTokens: 5}},
	} {
		c, _, _ := setup(t, llm.Options{}, llmtest.Events(choice(`"delta":{"content":"a"},"finish_reason":"stop"`), `{"choices":[],"usage":{`+tt.usage+`}}`, "[DONE]"))
		resp, err := c.Do(t.Context(), question("?"), nil)
		if err != nil || resp.Usage != tt.want {
			t.Errorf("%s: %+v, error %v; want %+v", name, resp, err, tt.want)
		}
	}
}

// An answer of which only the end of the stream is missing was paid, and is not
// asked for again.
func TestAnswerIsWholeBeforeTheStreamEnds(t *testing.T) {
	whole := llmtest.Events(choice(`"delta":{"content":"a"},"finish_reason":"stop"`), `{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}`)
	c, s, _ := setup(t, llm.Options{}, func(w http.ResponseWriter, r *llmtest.Request) {
		whole(w, r)
		panic(http.ErrAbortHandler)
	})
	resp, err := c.Do(t.Context(), question("?"), nil)
	if err != nil || resp.Text != "a" || s.Calls() != 1 || c.Spent().MaybeAttempts != 0 || c.Spent().Total() != 15 {
		t.Errorf("%+v, error %v, %d calls, spent %+v", resp, err, s.Calls(), c.Spent())
	}
}

// Two clients share a budget, with what was spent before.
func TestLedgerOfSeveralClients(t *testing.T) {
	price := llm.Price{Input: 1, Output: 1}
	for name, tt := range map[string]struct {
		budget llm.Budget
		before llm.Bill
		calls  int
	}{
		"calls":          {llm.Budget{Calls: 5}, llm.Bill{}, 5},
		"calls of then":  {llm.Budget{Calls: 5}, llm.Bill{Attempts: 3}, 2},
		"tokens":         {llm.Budget{Tokens: 350}, llm.Bill{}, 3},
		"tokens of then": {llm.Budget{Tokens: 350}, llm.Bill{Usage: llm.Usage{PromptTokens: 40}, MaybeTokens: 100}, 2},
		"money":          {llm.Budget{Money: 350e-6}, llm.Bill{}, 3},
		"overspent":      {llm.Budget{Money: 350e-6}, llm.Bill{MaybeMoney: 1}, 0},
	} {
		ledger := llm.NewLedger(tt.budget)
		ledger.Add(tt.before)
		ctx := llm.WithLedger(t.Context(), ledger)
		calls, refused := 0, 0
		for range 2 {
			c, s, _ := setup(t, llm.Options{Price: price, MaxAttempts: 1}, llmtest.Events(
				choice(`"delta":{"content":"a"},"finish_reason":"stop"`), `{"choices":[],"usage":{"prompt_tokens":90,"completion_tokens":10}}`, "[DONE]"))
			var all sync.WaitGroup
			var mu sync.Mutex
			for i := range 6 {
				all.Go(func() {
					r := question(fmt.Sprint(i))
					r.PromptTokens, r.MaxTokens = 90, 10
					_, err := c.Do(ctx, r, nil)
					mu.Lock()
					defer mu.Unlock()
					if errors.Is(err, llm.ErrBudget) {
						refused++
					} else if err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			calls += s.Calls()
		}
		if calls != tt.calls || refused != 12-tt.calls {
			t.Errorf("%s: %d calls, %d refused; want %d calls", name, calls, refused, tt.calls)
		}
		if got := ledger.Bill(); got.Total() != tt.before.Total()+int64(100*calls) || got.Attempts != tt.before.Attempts+calls {
			t.Errorf("%s: spent %+v", name, got)
		}
	}
}

// Under a budget in money a client without prices makes no call.
func TestLedgerInMoneyNeedsPrices(t *testing.T) {
	c, s, _ := setup(t, llm.Options{}, llmtest.Text("ok"))
	_, err := c.Do(llm.WithLedger(t.Context(), llm.NewLedger(llm.Budget{Money: 1})), question("?"), nil)
	if err == nil || !strings.Contains(err.Error(), "needs prices") || s.Calls() != 0 {
		t.Errorf("error %v, %d calls", err, s.Calls())
	}
}

// What may have been billed is counted at its worst case, apart.
func TestMaybeBilledIsBounded(t *testing.T) {
	price := llm.Price{Input: 1, Output: 10}
	c, _, _ := setup(t, llm.Options{Price: price, MaxAttempts: 3}, llmtest.Cut("a"), llmtest.ServerError(500), llmtest.Text("ok"))
	r := question("?")
	r.PromptTokens, r.MaxTokens = 100, 50
	resp, err := c.Do(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := llm.Bill{
		Attempts: 3, Usage: resp.Usage, Money: price.Of(resp.Usage), MaybeAttempts: 1, MaybeTokens: 150, MaybeMoney: 600e-6,
		MostTokens: 150, MostMoney: 600e-6,
	}
	if got := llm.BillOf(resp.Attempts); got != want || c.Spent().Bill != want {
		t.Errorf("%+v, the client has %+v\nwant %+v", got, c.Spent().Bill, want)
	}
}

// choice is an event with one choice.
func choice(fields string) string { return `{"choices":[{"index":0,` + fields + `}]}` }
