package eval_test

import (
	"context"
	"fmt"
	"os"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/model/vision"
)

// shows is a reader that makes no mistake: it returns what a page was drawn
// from. An engine is made by read.NewTesseract, a model by read.NewVLM.
type shows struct{}

func (shows) Name() string { return "shows 1" }

func (shows) Read(_ context.Context, page read.Page) (read.Reading, error) {
	return read.Reading{Text: page.Shows.Text()}, nil
}

func ExampleRun() {
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	result, err := eval.Run(context.Background(), dir, eval.Spec{
		Tasks: []string{"ocr"}, Documents: []task.Document{{Name: "note.txt", Text: "Invoice 4711 is due on 2026-03-01."}},
		Configs: []eval.Config{{Name: "default", Config: configs.Default()}}, Model: model, Arms: []eval.Arm{eval.Image},
	}, eval.Options{Reader: shows{}})
	if err != nil {
		panic(err)
	}
	for _, c := range result.Cells {
		fmt.Println(c.Task, c.Condition.Arm, c.Accuracy.Value)
	}
	// Output: ocr image 1
}
