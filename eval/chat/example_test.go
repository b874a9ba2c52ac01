package chat_test

import (
	"context"
	"fmt"
	"log"

	"github.com/glyphkit/glyph/eval/chat"
	"github.com/glyphkit/glyph/eval/chat/chattest"
	openai "github.com/sashabaranov/go-openai"
)

func Example() {
	endpoint := chattest.New(chattest.RateLimited("0.01"), chattest.Text("It says 42."))
	defer endpoint.Close()

	c, err := chat.New(chat.Options{BaseURL: endpoint.URL(), Model: "qwen3-vl"})
	if err != nil {
		log.Fatal(err)
	}
	resp, err := c.Do(context.Background(), chat.Request{
		Messages:  []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: "What does it say?"}},
		MaxTokens: 100,
		OnRetry:   func(a chat.Attempt) { fmt.Println(a.Problem, "- billed:", a.Billed) },
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Text)
	// Output:
	// the endpoint's rate limit is reached - billed: no
	// It says 42.
}
