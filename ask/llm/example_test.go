package llm_test

import (
	"context"
	"fmt"
	"log"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
)

func Example() {
	endpoint := llmtest.New(llmtest.RateLimited("0.01"), llmtest.Text("It says 42."))
	defer endpoint.Close()

	c, err := llm.New(llm.Options{BaseURL: endpoint.URL(), Model: "qwen3-vl"})
	if err != nil {
		log.Fatal(err)
	}
	resp, err := c.Do(context.Background(), llm.Request{
		Messages:  []wire.Message{wire.Text(wire.User, secrets.Own("What does it say?"))},
		MaxTokens: 100,
		OnRetry:   func(a llm.Attempt) { fmt.Println(a.Problem, "- billed:", a.Billed) },
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text)
	// Output:
	// the endpoint's rate limit is reached - billed: no
	// It says 42.
}
