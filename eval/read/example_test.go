package read_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/render"
)

func ExampleNewVLM() {
	endpoint := llmtest.New(llmtest.Text("Invoice 4711"))
	defer endpoint.Close()
	client, err := llm.New(llm.Options{BaseURL: endpoint.URL(), Model: "qwen3-vl"})
	if err != nil {
		panic(err)
	}
	r, err := render.New(configs.Default(), render.Options{})
	if err != nil {
		panic(err)
	}
	reader := read.NewVLM(client, read.VLMOptions{})
	for page, err := range r.Pages(context.Background(), "note.txt", strings.NewReader("Invoice 4711")) {
		if err != nil {
			panic(err)
		}
		reading, err := reader.Read(context.Background(), read.Page{Page: page, Shows: secrets.Own("Invoice 4711")})
		if err != nil {
			panic(err)
		}
		fmt.Printf("%q, calls: %d\n", reading.Text, reading.Paid().Attempts)
	}
	// Output: "Invoice 4711\n", calls: 1
}
