package ask_test

import (
	"context"
	"fmt"
	"log"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

func Example() {
	endpoint := llmtest.New(llmtest.Text("The invoice is INV-20418-KQ7Z."))
	defer endpoint.Close()
	client, err := llm.New(llm.Options{BaseURL: endpoint.URL(), Model: "qwen3-vl"})
	if err != nil {
		log.Fatal(err)
	}
	cfg, _ := configs.Preset("glyph-en")
	renderer, err := render.New(cfg, render.Options{})
	if err != nil {
		log.Fatal(err)
	}
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	docs := []*document.Document{document.FromString("letter.txt", "We have paid the invoice INV-20418-KQ7Z.\n")}
	p, err := pack.Build(ctx, docs, renderer, pack.Options{Model: model})
	if err != nil {
		log.Fatal(err)
	}
	q, err := p.Ask("Which invoice was paid?")
	if err != nil {
		log.Fatal(err)
	}
	answer, err := ask.Ask(ctx, q, client, ask.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Text)
	for _, f := range answer.Report.Findings {
		fmt.Println(f.Text, "is", f.Status, "on page", f.Places[0].Page)
	}
	// Output:
	// The invoice is INV-20418-KQ7Z.
	// INV-20418-KQ7Z is found on page 1
}
