package pack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/ask/wire"
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
	docs := []*document.Document{document.FromString("log.txt", text)}
	p, err := pack.Build(context.Background(), docs, renderer, pack.Options{Model: model, ExactBudget: "off"})
	if err != nil {
		panic(err)
	}
	q, err := p.Ask("Did a ship come?")
	if err != nil {
		panic(err)
	}
	fmt.Println(q.Price)
	for _, r := range q.Requests {
		user := r.Messages()[1].Parts
		fmt.Println(user[0].Checked.Text())
		fmt.Println(string(user[1].PNG[1:4]), user[1].Detail)
		fmt.Println(user[len(user)-1].Checked.Text())
	}
	body, err := json.Marshal(struct {
		wire.OpenAI
		Model string `json:"model"`
	}{q.Requests[0].OpenAI(), "gpt-5.5"})
	fmt.Println(len(body) > 0, err)
	// Output:
	// 4362 tokens, 18235 as text: 13873 saved, 4.2:1
	// Document 1 of 1, "log.txt": page 1 of 3, lines 1–405
	// PNG original
	// Question: Did a ship come?
	// true <nil>
}
