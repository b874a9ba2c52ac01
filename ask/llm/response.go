package llm

import (
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// Response is a complete answer.
type Response struct {
	Text         string `json:"text"`
	Reasoning    string `json:"reasoning,omitempty"` // as the endpoint sends it apart, or what stood in <think> before the text
	Refusal      string `json:"refusal,omitempty"`   // the message's refusal field
	FinishReason string `json:"finish_reason"`       // "stop", "length", "content_filter"; "" if the endpoint gave none

	Usage    Usage          `json:"usage"`
	Logprobs []TokenLogprob `json:"logprobs,omitempty"`

	Model             string   `json:"model"` // that the endpoint says has answered
	SystemFingerprint string   `json:"system_fingerprint,omitempty"`
	Unsent            []string `json:"unsent,omitempty"` // fields of the request that the model's API refuses

	// Attempts has all that were made, the last one successful. It is empty if
	// the response was not paid now.
	Attempts []Attempt `json:"-"`
	Cost     float64   `json:"-"` // of Usage in Options.Price; 0 if it was not paid now
	Cached   bool      `json:"-"` // from the cache, or paid by an identical call at the same time
	CacheErr error     `json:"-"` // why it could not be kept: the same request will be paid again
}

// TokenLogprob is a token of the answer with its log probability, and those of
// the alternatives if Request.TopLogprobs asked for some.
type TokenLogprob struct {
	Token   string         `json:"token"`
	Logprob float64        `json:"logprob"`
	Top     []TokenLogprob `json:"top_logprobs,omitempty"`
}

// Truncated reports whether the answer ends because it has MaxTokens or fills
// the context.
func (r *Response) Truncated() bool {
	return r.FinishReason == string(openai.FinishReasonLength)
}

// unpaid marks a response that this call did not pay.
func (r *Response) unpaid() {
	r.Cached, r.Attempts, r.Cost = true, nil, 0
}

// Attempt is one request over the wire.
type Attempt struct {
	Status  int           `json:"status"`  // of HTTP; 0 if there was none
	Problem string        `json:"problem"` // "" if it succeeded
	Billed  billed        `json:"billed"`
	Usage   Usage         `json:"usage,omitzero"`  // as billed; zero unless Billed is BilledYes
	Money   float64       `json:"money,omitempty"` // for Usage
	Wait    time.Duration `json:"wait,omitempty"`  // before the next one

	// MostTokens and MostMoney are what the attempt could have cost at most: its
	// reservation in the budget.
	MostTokens int64   `json:"most_tokens,omitempty"`
	MostMoney  float64 `json:"most_money,omitempty"`
}

// bytesPerToken is low for English and code, which have 3.5 to 5: an estimate
// of what was spent should not be too low.
const bytesPerToken = 3

func estimateTokens(text string) int {
	return (len(text) + bytesPerToken - 1) / bytesPerToken
}
