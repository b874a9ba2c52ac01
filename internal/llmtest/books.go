package llmtest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
)

// Books is what an endpoint billed.
type Books struct {
	Calls int

	// Of answers that told their usage. Cached is a part of Prompt, Reasoning of
	// Completion.
	Prompt, Cached, Completion, Reasoning int

	// Of answers that were cut before they told their usage.
	Untold, UntoldTokens int
}

// Bookkeeper answers with random faults, bills at random, and keeps books.
type Bookkeeper struct {
	prompt int // tokens of a prompt at most
	answer func(*Request) string

	mu     sync.Mutex
	random *rand.Rand
	books  Books
}

// NewBookkeeper returns one that bills prompts with 1 to prompt tokens, and
// answers with 1 to the request's max_tokens, whatever they say. Which request
// costs what depends on the seed and on the order of arrival.
func NewBookkeeper(seed uint64, prompt int, answer func(*Request) string) *Bookkeeper {
	return &Bookkeeper{prompt: prompt, answer: answer, random: rand.New(rand.NewPCG(seed, 0))}
}

// Books returns what was billed so far.
func (b *Bookkeeper) Books() Books {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.books
}

// Reply answers a request. Seven of ten are answered and one is refused, both
// with their usage; the others are cut, rejected or limited.
func (b *Bookkeeper) Reply(w http.ResponseWriter, r *Request) {
	b.mu.Lock()
	b.books.Calls++
	fate := b.random.IntN(20)
	prompt, completion := 1+b.random.IntN(b.prompt), 1+b.random.IntN(max(r.MaxTokens, 1))
	cached, reasoning := b.random.IntN(prompt+1), b.random.IntN(completion+1)
	switch {
	case fate < 16:
		b.books.Prompt += prompt
		b.books.Cached += cached
		b.books.Completion += completion
		b.books.Reasoning += reasoning
		r.Bill(prompt + completion)
	case fate < 18:
		b.books.Untold++
		b.books.UntoldTokens += prompt + completion
		r.Bill(prompt + completion)
	}
	b.mu.Unlock()
	usage := fmt.Sprintf(`"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d},"completion_tokens_details":{"reasoning_tokens":%d}}`,
		prompt, completion, prompt+completion, cached, reasoning)
	switch {
	case fate < 14:
		startStream(w)
		streamText(w, b.answer(r))
		finish(w, "stop")
	case fate < 16:
		startStream(w)
		event(w, chunkJSON(`{"index":0,"delta":{"refusal":"I can't help with that."}}`))
		finish(w, "stop")
	case fate < 18:
		startStream(w)
		streamText(w, b.answer(r))
		panic(http.ErrAbortHandler)
	case fate < 19:
		ServerError(http.StatusInternalServerError)(w, r)
		return
	default:
		RateLimited("1")(w, r)
		return
	}
	event(w, `{"object":"chat.completion.chunk","choices":[],`+usage+`}`)
	event(w, "[DONE]")
}
