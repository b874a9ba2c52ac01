package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"github.com/glyphkit/glyph/ask/wire"
	wireopenai "github.com/glyphkit/glyph/ask/wire/openai"
)

// MaxTopLogprobs is the most that OpenAI's API takes.
const MaxTopLogprobs = 20

// Request is one question.
type Request struct {
	Messages    []wire.Message
	MaxTokens   int     // of the completion; 0 leaves it to the endpoint, which a budget does not allow
	Temperature float64 // 0 to 2; 0 is sent as well
	Seed        *int    // nil sends none
	TopLogprobs int     // alternatives for each token, 0 for no log probabilities
	JSON        bool    // the answer has to be a JSON object

	// PromptTokens is how many tokens the caller counts for Messages, images
	// included. A budget then reserves these instead of the worst case, and they
	// stand in the usage if the endpoint sends none. 0 is unknown.
	PromptTokens int

	// OnRetry is told of each attempt that failed and will be repeated. What
	// was streamed before is void: the text begins again. It may be nil.
	OnRetry func(Attempt)
}

func (r *Request) check(budget bool) error {
	switch {
	case len(r.Messages) == 0:
		return errors.New("a request without messages")
	case r.MaxTokens < 0 || r.PromptTokens < 0:
		return fmt.Errorf("at most %d tokens, %d of the prompt; accepted: 0 or more", r.MaxTokens, r.PromptTokens)
	case !(r.Temperature >= 0 && r.Temperature <= 2):
		return fmt.Errorf("temperature %v; accepted: 0 to 2", r.Temperature)
	case r.TopLogprobs < 0 || r.TopLogprobs > MaxTopLogprobs:
		return fmt.Errorf("%d log probabilities a token; accepted: 0 to %d", r.TopLogprobs, MaxTopLogprobs)
	case budget && r.MaxTokens == 0:
		return errors.New("a request without MaxTokens has no worst case; accepted under a budget: MaxTokens of 1 or more")
	}
	for _, m := range r.Messages {
		if len(m.Parts) == 0 {
			return errors.New("a message without parts; accepted: texts and images")
		}
	}
	return wire.Check(r.Messages)
}

// payload is a request as it goes over the wire.
type payload struct {
	request openai.ChatCompletionRequest
	// sampling goes into the body behind its brace: go-openai leaves out a
	// temperature of 0.
	sampling string
	unsent   []string
}

// reasoning are the models whose API refuses max_tokens, temperature and log
// probabilities, and which go-openai therefore does not send to.
var reasoning = []string{"o1", "o3", "o4", "gpt-5", "gpt-6"}

func (c *Client) payload(r *Request) *payload {
	w := &payload{request: openai.ChatCompletionRequest{
		Model:         c.o.Model,
		Messages:      wireopenai.Messages(r.Messages),
		Stream:        true,
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
		Seed:          r.Seed,
	}}
	if r.JSON {
		w.request.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	for _, prefix := range reasoning {
		if strings.HasPrefix(c.o.Model, prefix) {
			w.request.MaxCompletionTokens = r.MaxTokens
			w.unsent = []string{"temperature"}
			if r.TopLogprobs > 0 {
				w.unsent = append(w.unsent, "top_logprobs")
			}
			return w
		}
	}
	//lint:ignore SA1019 endpoints other than OpenAI's read no newer field
	w.request.MaxTokens = r.MaxTokens
	w.request.LogProbs, w.request.TopLogProbs = r.TopLogprobs > 0, r.TopLogprobs
	w.sampling = fmt.Sprintf(`"temperature":%v,`, r.Temperature)
	return w
}

// body is what the transport sends, for the key of the cache.
func (w *payload) body() ([]byte, error) {
	body, err := json.Marshal(w.request)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	return w.splice(body), nil
}

func (w *payload) splice(body []byte) []byte {
	return bytes.Join([][]byte{{'{'}, []byte(w.sampling), bytes.TrimPrefix(body, []byte{'{'})}, nil)
}
