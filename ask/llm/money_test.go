package llm_test

import (
	"errors"
	"math"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// What may have been billed without an answer counts against a budget of money,
// at the most it can have cost: 100 tokens of prompt and 50 of the answer.
func TestMoneyThatMayHaveBeenBilledIsSpent(t *testing.T) {
	price := llm.Price{Input: 1, Output: 10}
	const most = (100*1 + 50*10) / 1e6
	for _, tt := range []struct {
		name   string
		budget float64
		calls  int // over the wire: a cut attempt, its repetition, another call
	}{
		{"room for three", 3 * most, 3},
		{"room for two", 2.5 * most, 2},
		{"room for one", 1.5 * most, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, s, _ := setup(t, llm.Options{Price: price, Budget: llm.Budget{Money: tt.budget}},
				llmtest.Cut("It"), llmtest.Cut("It"), llmtest.Text("42"))
			r := question("What?")
			r.PromptTokens = 100
			_, err := c.Do(t.Context(), r, nil)
			if (err == nil) != (tt.calls == 3) || err != nil && !errors.Is(err, llm.ErrBudget) || s.Calls() != tt.calls {
				t.Errorf("%d calls, error %v; want %d", s.Calls(), err, tt.calls)
			}
			if maybe := c.Spent().MaybeMoney; math.Abs(maybe-float64(min(tt.calls, 2))*most) > 1e-12 {
				t.Errorf("%v may have been billed, want %v", maybe, float64(min(tt.calls, 2))*most)
			}
		})
	}
}

// Prompts, cached prompts and answers have prices of their own.
func TestCostOfAnAnswer(t *testing.T) {
	const stream = `{"choices":[{"index":0,"delta":{"content":"42"},"finish_reason":"stop"}],` +
		`"usage":{"prompt_tokens":1000,"completion_tokens":7,"total_tokens":1007,"prompt_tokens_details":{"cached_tokens":400}}}`
	for _, tt := range []struct {
		price llm.Price
		want  float64
	}{
		{llm.Price{Input: 2, CachedInput: 0.5, Output: 30}, (600*2 + 400*0.5 + 7*30) / 1e6},
		{llm.Price{Input: 2, Output: 30}, (1000*2 + 7*30) / 1e6},
		{llm.Price{Output: 30}, 7 * 30 / 1e6},
	} {
		c, _, _ := setup(t, llm.Options{Price: tt.price}, llmtest.Events(stream, "[DONE]"))
		resp, err := c.Do(t.Context(), question("What?"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if spent := c.Spent().Money; math.Abs(resp.Cost-tt.want) > 1e-12 || math.Abs(spent-tt.want) > 1e-12 {
			t.Errorf("%+v: cost %v, spent %v; want %v", tt.price, resp.Cost, spent, tt.want)
		}
	}
}
