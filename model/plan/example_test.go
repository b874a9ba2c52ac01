package plan_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// ledger is a document of 400 lines.
var ledger = plan.Document{Name: "ledger.txt", Open: func() (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(strings.Repeat("On the ledger entry 550e8400 stands at 1,204.50 crowns.\n", 400))), nil
}}

func ExamplePrice() {
	renderer, err := render.New(configs.Default(), render.Options{})
	if err != nil {
		panic(err)
	}
	model, err := vision.Lookup("gpt-5.5")
	if err != nil {
		panic(err)
	}
	costs, errs, err := plan.Price(context.Background(), renderer, []plan.Document{ledger}, []*vision.Profile{model}, nil)
	if err != nil {
		panic(err)
	}
	if errs[0] != nil { // the model takes no such page
		panic(errs[0])
	}
	c := costs[0]
	fmt.Printf("%s: %d tokens as text, %d on %d pages\n", c.Model, c.TextTokens, c.ImageTokens, c.Pages)
	// Output: gpt-5.5: 7600 tokens as text, 3696 on 6 pages
}

func ExampleSolve() {
	model, err := vision.Lookup("gpt-5.5")
	if err != nil {
		panic(err)
	}
	p, err := plan.Solve(context.Background(), plan.Ask{Model: model, Base: configs.Default()}, []plan.Document{ledger})
	if err != nil {
		panic(err)
	}
	width, height := p.Config.PagePixels()
	fmt.Printf("pages of %d×%d px: %d tokens, %d at the published page size\n", width, height, p.Cost.ImageTokens, p.Reference.ImageTokens)
	// Output: pages of 320×640 px: 1680 tokens, 3696 at the published page size
}
