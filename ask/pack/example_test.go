package pack_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// A document and a question become the messages of a chat completion.
func Example() {
	cfg, _ := configs.Preset("dense-bitmap")
	renderer, err := render.New(cfg, render.Options{})
	if err != nil {
		panic(err)
	}
	model, err := vision.Lookup("gpt-5.5")
	if err != nil {
		panic(err)
	}
	text := strings.Repeat("All quiet at the harbour, no ship in sight, the weather is as it was.\n", 1000)
	docs := []*document.Document{{Name: "log.txt", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}}
	p, err := pack.Build(context.Background(), docs, renderer, pack.Options{
		Model: model, Question: "Did a ship come?", ExactBudget: "off",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Price)
	for _, r := range p.Requests {
		user := r.OpenAI()[1].MultiContent
		fmt.Println(user[0].Text)
		fmt.Println(user[1].ImageURL.URL[:22], user[1].ImageURL.Detail)
		fmt.Println(user[len(user)-1].Text)
	}
	// Output:
	// 4362 tokens, 18235 as text: 13873 saved, 4.2:1
	// Document 1 of 1, "log.txt": page 1 of 3, lines 1–405
	// data:image/png;base64, original
	// Question: Did a ship come?
}
