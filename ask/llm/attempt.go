package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// chunk is an event of the stream. It is go-openai's with what endpoints add:
// errors, and the message of a response that was not streamed.
type chunk struct {
	Model             string          `json:"model"`
	SystemFingerprint string          `json:"system_fingerprint"`
	Usage             *openai.Usage   `json:"usage"`
	Object            string          `json:"object"`
	Error             json.RawMessage `json:"error"`
	Choices           []struct {
		Index        int                               `json:"index"`
		Delta        delta                             `json:"delta"`
		Message      delta                             `json:"message"`
		Logprobs     *struct{ Content []TokenLogprob } `json:"logprobs"`
		FinishReason string                            `json:"finish_reason"`
	} `json:"choices"`
}

type delta struct {
	Content          string `json:"content"`
	Refusal          string `json:"refusal"`
	ReasoningContent string `json:"reasoning_content"` // DeepSeek, vLLM, SGLang
	Reasoning        string `json:"reasoning"`         // OpenRouter, Ollama
}

func (c *chunk) failed() bool {
	return c.Object == "error" || len(c.Error) > 0 && string(c.Error) != "null"
}

// answer is what has come of a response.
type answer struct {
	resp            Response
	text, reasoning strings.Builder
	refusal         strings.Builder
	thinking        thinking
	usage           *openai.Usage
	chunks          int
	onDelta         func(string)
	mask            mask // of what onDelta gets
}

func (a *answer) add(c *chunk) {
	a.chunks++
	if c.Model != "" {
		a.resp.Model = c.Model
	}
	if c.SystemFingerprint != "" {
		a.resp.SystemFingerprint = c.SystemFingerprint
	}
	if c.Usage != nil {
		a.usage = c.Usage
	}
	for _, choice := range c.Choices {
		if choice.Index != 0 {
			continue // one was asked for
		}
		for _, d := range []delta{choice.Delta, choice.Message} {
			a.reasoning.WriteString(d.ReasoningContent)
			if d.ReasoningContent == "" {
				a.reasoning.WriteString(d.Reasoning)
			}
			a.refusal.WriteString(d.Refusal)
			a.write(a.thinking.add(d.Content))
		}
		if choice.Logprobs != nil {
			a.resp.Logprobs = append(a.resp.Logprobs, choice.Logprobs.Content...)
		}
		if choice.FinishReason != "" {
			a.resp.FinishReason = choice.FinishReason
		}
	}
}

func (a *answer) write(text, reasoning string) {
	a.reasoning.WriteString(reasoning)
	a.text.WriteString(text)
	a.show(a.mask.add(text))
}

func (a *answer) show(text string) {
	if text != "" && a.onDelta != nil {
		a.onDelta(text)
	}
}

// complete is the response when the stream has ended as it should.
func (a *answer) complete(r *Request, worst int, redact func(string) string) *Response {
	a.write(a.thinking.end())
	a.show(a.mask.end())
	a.resp.Text = redact(a.text.String())
	a.resp.Reasoning = redact(a.reasoning.String())
	a.resp.Refusal = redact(a.refusal.String())
	a.resp.Model, a.resp.SystemFingerprint = redact(a.resp.Model), redact(a.resp.SystemFingerprint)
	u := &a.resp.Usage
	if a.usage == nil || a.usage.PromptTokens < 0 || a.usage.CompletionTokens < 0 || a.usage.PromptTokens+a.usage.CompletionTokens == 0 {
		prompt := r.PromptTokens
		if prompt == 0 {
			prompt = worst
		}
		*u = Usage{PromptTokens: prompt, CompletionTokens: estimateTokens(a.resp.Text + a.resp.Reasoning + a.resp.Refusal), Estimated: true}
		return &a.resp
	}
	u.PromptTokens, u.CompletionTokens = a.usage.PromptTokens, a.usage.CompletionTokens
	if total := a.usage.TotalTokens; total > 0 { // some endpoints count reasoning there alone
		u.CompletionTokens = max(u.CompletionTokens, total-u.PromptTokens)
	}
	if d := a.usage.PromptTokensDetails; d != nil {
		u.CachedTokens = min(max(d.CachedTokens, 0), u.PromptTokens)
	}
	if d := a.usage.CompletionTokensDetails; d != nil {
		u.ReasoningTokens = min(max(d.ReasoningTokens, 0), u.CompletionTokens)
	}
	return &a.resp
}

// attempt makes one request. The failure is nil if the answer is complete.
func (c *Client) attempt(ctx context.Context, w *payload, onDelta func(string)) (*answer, *failure, time.Duration) {
	x := &exchange{payload: w, limit: c.o.MaxResponse, idle: c.o.Idle}
	ctx, end := x.begin(ctx)
	defer end()
	stream, err := c.api.CreateChatCompletionStream(ctx, w.request)
	if err != nil {
		var wait time.Duration
		if s, ok := errors.AsType[*statusError](err); ok {
			wait = retryAfter(s.header, c.o.Clock.Now())
		}
		return nil, c.failure(ctx, x, err), wait
	}
	defer stream.Close()
	a := &answer{onDelta: onDelta, mask: c.newMask()}
	for {
		raw, err := stream.RecvRaw()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && a.whole() {
			break
		}
		if err != nil {
			return nil, c.failure(ctx, x, err), 0
		}
		if f := a.take(raw); f != nil {
			return nil, f, 0
		}
	}
	switch {
	case a.chunks == 0 && len(bytes.TrimSpace(x.head)) > 0:
		return nil, c.failure(ctx, x, errNoStream), 0
	case a.resp.FinishReason == "" && (!x.ended() || a.chunks == 0):
		return nil, c.failure(ctx, x, io.ErrUnexpectedEOF), 0
	}
	return a, nil, 0
}

// whole reports whether nothing is missing but the end of the stream: usage is
// what is sent last.
func (a *answer) whole() bool { return a.resp.FinishReason != "" && a.usage != nil }

// take adds an event to the answer.
func (a *answer) take(raw []byte) *failure {
	if len(raw) == 0 {
		// go-openai found an error in the stream that it could not read.
		f := interrupted(problem{Message: "an error event without a message"})
		return &f
	}
	var c chunk
	if err := json.Unmarshal(raw, &c); err != nil {
		return &failure{kind: ErrMalformed, status: http.StatusOK, billed: BilledMaybe,
			message: fmt.Sprintf("an event is not as it should be: %v: %s", err, raw)}
	}
	if c.failed() {
		f := interrupted(parseProblem(raw))
		return &f
	}
	a.add(&c)
	return nil
}

// failure classifies an error of go-openai, the transport or the connection.
func (c *Client) failure(ctx context.Context, x *exchange, err error) *failure {
	if s, ok := errors.AsType[*statusError](err); ok {
		f := rejected(s.status, parseProblem(s.body))
		return &f
	}
	if e, ok := errors.AsType[*openai.APIError](err); ok && x.status == http.StatusOK {
		f := interrupted(problem{Code: fmt.Sprint(e.Code), Type: e.Type, Message: e.Message})
		return &f
	}
	f := &failure{status: x.status, message: err.Error(), billed: BilledNo}
	if x.sent.Load() {
		f.billed = BilledMaybe
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStalled):
		f.kind, f.retry = ErrCut, true
		f.message = fmt.Sprintf("nothing was received for %s", c.o.Idle)
	case cause != nil:
		f.kind = cause
		f.message = ""
	case errors.Is(err, errOversized):
		f.kind = ErrMalformed
		f.message = fmt.Sprintf("it is longer than %d bytes", c.o.MaxResponse)
	case errors.Is(err, errNoStream):
		f.kind = ErrMalformed
		head := c.redact(string(x.head)) // before it is cut, which could part a key
		f.message = fmt.Sprintf("%v; is the base URL right? it begins %q", err, head[:min(len(head), shownBytes)])
	case x.status == http.StatusOK:
		f.kind, f.retry = ErrCut, true
	case !x.sent.Load():
		f.kind, f.retry = ErrUnreachable, true
	default:
		f.kind, f.retry = ErrCut, true
	}
	return f
}
