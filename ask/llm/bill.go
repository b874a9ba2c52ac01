package llm

import (
	"errors"
	"math"
)

// Usage counts tokens as the endpoint bills them.
type Usage struct {
	PromptTokens     int  `json:"prompt_tokens"`
	CachedTokens     int  `json:"cached_tokens,omitempty"`    // of the prompt
	CompletionTokens int  `json:"completion_tokens"`          // reasoning included
	ReasoningTokens  int  `json:"reasoning_tokens,omitempty"` // of the completion; 0 if the endpoint does not tell
	Estimated        bool `json:"estimated,omitempty"`        // the endpoint sent none
}

// Total is the sum of prompt and completion.
func (u Usage) Total() int64 { return int64(u.PromptTokens) + int64(u.CompletionTokens) }

// Plus returns the sum of two usages. It is estimated if one of them is.
func (u Usage) Plus(v Usage) Usage {
	return Usage{
		PromptTokens: u.PromptTokens + v.PromptTokens, CachedTokens: u.CachedTokens + v.CachedTokens,
		CompletionTokens: u.CompletionTokens + v.CompletionTokens, ReasoningTokens: u.ReasoningTokens + v.ReasoningTokens,
		Estimated: u.Estimated || v.Estimated,
	}
}

// Price is money for a million tokens, in a currency of the caller's.
type Price struct {
	Input       float64
	CachedInput float64 // of prompt tokens that the endpoint had cached; 0 is Input
	Output      float64
}

// Of returns the money that a usage costs.
func (p Price) Of(u Usage) float64 {
	cached := p.CachedInput
	if cached == 0 {
		cached = p.Input
	}
	return exactly((float64(u.PromptTokens-u.CachedTokens)*p.Input + float64(u.CachedTokens)*cached +
		float64(u.CompletionTokens)*p.Output) / 1e6)
}

// exactly rounds money to a millionth of a millionth. Sums of such amounts do
// not depend on the order of their addition, up to a sum of a thousand.
func exactly(money float64) float64 {
	const unit = 1e12
	return math.Round(money*unit) / unit
}

// billed says whether an attempt was paid.
type billed string

// Whether an attempt was paid. Maybe is said of one that reached the endpoint
// and brought no complete answer: a cut stream, a timeout, a gateway's error.
const (
	BilledNo    billed = "no"
	billedYes   billed = "yes"
	BilledMaybe billed = "maybe"
)

// Bill is what attempts cost: a call, a reading, a run.
type Bill struct {
	Attempts int     `json:"attempts"` // over the wire
	Usage            // of the attempts that were paid
	Money    float64 `json:"money"` // for Usage

	// MaybeAttempts may have been billed without an answer. They are no part of
	// Usage and Money; a budget counts them at the most that they can cost.
	MaybeAttempts int     `json:"maybe_attempts,omitempty"`
	MaybeTokens   int64   `json:"maybe_tokens,omitempty"`
	MaybeMoney    float64 `json:"maybe_money,omitempty"`

	// MostTokens and MostMoney are the most that one of the attempts could have
	// cost: what a budget must hold for the next one.
	MostTokens int64   `json:"most_tokens,omitempty"`
	MostMoney  float64 `json:"most_money,omitempty"`
}

// Plus returns the sum of two bills.
func (b Bill) Plus(c Bill) Bill {
	return Bill{
		Attempts: b.Attempts + c.Attempts, Usage: b.Usage.Plus(c.Usage), Money: exactly(b.Money + c.Money),
		MaybeAttempts: b.MaybeAttempts + c.MaybeAttempts, MaybeTokens: b.MaybeTokens + c.MaybeTokens, MaybeMoney: exactly(b.MaybeMoney + c.MaybeMoney),
		MostTokens: max(b.MostTokens, c.MostTokens), MostMoney: max(b.MostMoney, c.MostMoney),
	}
}

// AtMost is what a bill can come to, with all that may have been billed.
func (b Bill) AtMost() (tokens int64, money float64) {
	return b.Total() + b.MaybeTokens, exactly(b.Money + b.MaybeMoney)
}

// BillOf adds up attempts.
func BillOf(attempts []Attempt) Bill {
	var b Bill
	for _, a := range attempts {
		one := Bill{Attempts: 1, MostTokens: a.MostTokens, MostMoney: a.MostMoney}
		switch a.Billed {
		case billedYes:
			one.Usage, one.Money = a.Usage, a.Money
		case BilledMaybe:
			one.MaybeAttempts, one.MaybeTokens, one.MaybeMoney = 1, a.MostTokens, a.MostMoney
		}
		b = b.Plus(one)
	}
	return b
}

// CallBill is what a call of [Client.Do] cost, whatever it returned.
func CallBill(resp *Response, err error) Bill {
	if failure, ok := errors.AsType[*Error](err); ok {
		return BillOf(failure.Attempts)
	}
	if resp != nil {
		return BillOf(resp.Attempts)
	}
	return Bill{}
}
