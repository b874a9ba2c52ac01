package search_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/search"
)

// shows is a reader that makes no mistake: it returns what a page was drawn
// from. An engine is made by read.NewTesseract, a model by read.NewVLM.
type shows struct{}

func (shows) Name() string { return "shows 1" }

func (shows) Read(_ context.Context, page read.Page) (read.Reading, error) {
	return read.Reading{Text: page.Shows.Text()}, nil
}

func ExampleRun() {
	ctx := context.Background()
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "On day %d the ship made %d miles under a light wind from the east.\n", i, 3*i)
	}
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		panic(err)
	}
	problem, err := search.NewReading(ctx, []*document.Document{document.FromString("log.txt", text.String())}, shows{}, model,
		search.ReadingOptions{Chars: 200, Probes: 8, HeldOut: 8, Strata: []string{"prose"}})
	if err != nil {
		panic(err)
	}
	result, err := search.Run(ctx, "", problem, search.Options{
		Population: 4, Generations: 1, Rungs: []int{8}, Founders: search.Founders()[:1],
	})
	if err != nil {
		panic(err)
	}
	fmt.Println("ended by", result.Stop, "after", result.Generations, "with a front:", len(result.Front) > 0)
	// Output: ended by generations after 1 with a front: true
}
