package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"

	"github.com/glyphkit/glyph/internal/store"
)

// Do asks and returns the complete answer. OnDelta, if it is not nil, gets the
// text piece by piece as it arrives, without reasoning, from one goroutine; an
// answer of the cache comes in one piece. When an attempt is repeated the text
// begins again: see Request.OnRetry.
//
// Repeated are what waiting can mend: 429, 5xx, failed connections and streams
// that are cut or stall. The wait is what Retry-After says, or backs off from
// half a second to half a minute.
//
// A message with a part that nobody has checked for secrets is refused with
// wire.ErrUnchecked before anything else happens.
//
// Errors of the call are *Error. A refusal, and an answer to Request.JSON that
// is no JSON object, come with the response, for both were paid; as any other
// complete response they are cached.
//
// With Options.CacheDir identical requests are answered by the first response,
// at any temperature: samples need seeds that differ. While the first is under
// way, others wait for it.
func (c *Client) Do(ctx context.Context, r Request, onDelta func(string)) (*Response, error) {
	bounds := c.ledgersOf(ctx)
	if err := r.check(bounds.bounded()); err != nil {
		return nil, err
	}
	if err := bounds.check(c.o.Price); err != nil {
		return nil, &Error{Kind: ErrBudget, Message: err.Error()}
	}
	w := c.payload(&r)
	streamed := false
	ask := func() (*Response, error) {
		return c.call(ctx, w, &r, func(text string) {
			streamed = true
			if onDelta != nil {
				onDelta(text)
			}
		})
	}
	resp, err := c.once(ctx, w, ask)
	c.calls.count(err == nil && resp.Cached)
	if err != nil {
		return nil, err
	}
	if !streamed && onDelta != nil && resp.Text != "" {
		onDelta(resp.Text)
	}
	return resp, resp.check(&r)
}

// once asks, unless the cache has the response.
func (c *Client) once(ctx context.Context, w *payload, ask func() (*Response, error)) (*Response, error) {
	if c.cache == nil {
		return ask()
	}
	body, err := w.body()
	if err != nil {
		return nil, err
	}
	key := store.KeyOf([]byte(cacheFormat), []byte(c.endpoint), []byte(c.o.Model), body)
	resp, stored, err := store.Do(ctx, c.cache, key, ask)
	if unkept, ok := errors.AsType[*store.KeepError](err); ok {
		resp.CacheErr, err = unkept, nil
	}
	if _, ours := errors.AsType[*Error](err); err != nil && !ours && ctx.Err() != nil {
		return nil, &Error{Kind: ctx.Err()} // of one who waited
	}
	if err != nil {
		return nil, err
	}
	if stored {
		resp.unpaid()
	}
	return resp, nil
}

const (
	// cacheFormat names what a cached response is. It is part of the key.
	cacheFormat = "glyph-response/1"

	// cacheBytes bounds a cache.
	cacheBytes = 8 << 30
)

// check returns the error of a response that is complete and yet no answer.
func (r *Response) check(req *Request) error {
	if said, ok := r.refused(); ok {
		return &Error{Kind: ErrRefused, Message: excerpt(said), Attempts: r.Attempts}
	}
	if !req.JSON {
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(r.Text), &object); err != nil {
		message := fmt.Sprintf("the answer is no JSON object: %v", err)
		if r.Truncated() {
			message += fmt.Sprintf("; it was cut at %d tokens", r.Usage.CompletionTokens)
		}
		return &Error{Kind: ErrMalformed, Message: message, Attempts: r.Attempts}
	}
	return nil
}

// call makes attempts until one succeeds or none is left.
func (c *Client) call(parent context.Context, w *payload, r *Request, onDelta func(string)) (*Response, error) {
	bounds := c.ledgersOf(parent)
	prompt, worst, err := c.worst(r, bounds.bounded())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(parent, c.o.Timeout, errTimeout)
	defer cancel()
	deadline := c.o.Clock.Now().Add(c.o.Timeout)
	var attempts []Attempt
	fail := func(kind error, status int, message string) error {
		switch {
		case parent.Err() != nil:
			kind = parent.Err()
		case ctx.Err() != nil:
			kind = errTimeout
			message = clauses(fmt.Sprintf("%s were allowed", c.o.Timeout), message)
		}
		return &Error{Kind: kind, Status: status, Message: excerpt(c.redact(message)), Attempts: attempts}
	}
	for n := 1; ; n++ {
		end, err := c.pace.begin(ctx)
		if err != nil {
			return nil, fail(err, 0, "")
		}
		if err := bounds.reserve(ctx, worst); err != nil {
			end()
			if ctx.Err() != nil {
				return nil, fail(ctx.Err(), 0, "")
			}
			return nil, fail(ErrBudget, 0, err.Error())
		}
		a, f, wait := c.attempt(ctx, w, onDelta)
		end()
		if f == nil {
			resp := a.complete(r, prompt, c.redact)
			resp.Unsent = w.unsent
			resp.Cost = c.o.Price.Of(resp.Usage)
			made := worst.attempt(http.StatusOK, billedYes)
			made.Usage, made.Money = resp.Usage, resp.Cost
			resp.Attempts = append(attempts, made)
			bounds.settle(worst, made)
			return resp, nil
		}
		made := worst.attempt(f.status, f.billed)
		made.Problem = f.kind.Error()
		attempts = append(attempts, made)
		bounds.settle(worst, made)
		if !f.retry || n == c.o.MaxAttempts {
			return nil, fail(f.kind, f.status, f.message)
		}
		if wait == 0 {
			wait = backoff(n, c.o.Jitter())
		}
		if c.o.Clock.Now().Add(wait).After(deadline) {
			return nil, fail(f.kind, f.status, clauses(f.message, fmt.Sprintf("the next attempt would begin after the %s that are allowed", c.o.Timeout)))
		}
		last := &attempts[len(attempts)-1]
		last.Wait = wait
		if r.OnRetry != nil {
			r.OnRetry(*last)
		}
		if err := c.o.Clock.Sleep(ctx, wait); err != nil {
			return nil, fail(err, f.status, f.message)
		}
	}
}

// clauses joins two parts of a message, of which either may be empty.
func clauses(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// worst is what the request costs at most: the tokens of its prompt, and both
// for the budget. Without a budget an image without a bound is no error, and
// no completion is counted if MaxTokens is not set.
func (c *Client) worst(r *Request, bounded bool) (prompt int, all cost, err error) {
	if prompt = r.PromptTokens; prompt == 0 {
		if prompt, err = worstPrompt(r.Messages); err != nil && bounded {
			return 0, cost{}, err
		}
	}
	if r.MaxTokens > math.MaxInt32 || prompt > math.MaxInt32 {
		return 0, cost{}, fmt.Errorf("a request of %d and %d tokens; accepted: at most %d each", prompt, r.MaxTokens, math.MaxInt32)
	}
	u := Usage{PromptTokens: prompt, CompletionTokens: r.MaxTokens}
	return prompt, cost{1, u.Total(), c.o.Price.Of(u)}, nil
}

func (c cost) attempt(status int, b billed) Attempt {
	return Attempt{Status: status, Billed: b, MostTokens: c.tokens, MostMoney: c.money}
}
