package calibrate_test

import (
	"context"
	"fmt"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/calibrate"
	"github.com/glyphkit/glyph/eval/read"
)

// shows is a reader that makes no mistake: it returns what a page was drawn
// from. An engine is made by read.NewTesseract, a model by read.NewVLM.
type shows struct{}

func (shows) Name() string { return "shows 1" }

func (shows) Read(_ context.Context, page read.Page) (read.Reading, error) {
	return read.Reading{Text: page.Shows.Text()}, nil
}

func ExampleRun() {
	o := calibrate.Defaults()
	o.Reader, o.Base = shows{}, configs.Default()
	o.MinPx, o.MaxPx, o.Calls = 5, 8, 6
	result, err := calibrate.Run(context.Background(), o)
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Outcome, "at", result.Calls, "charts; read from", result.Px, "px")
	// Output: all read at 6 charts; read from 5 px
}
