package reader_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/serve/reader"
)

// measure is a reader that tells how wide a page is. An engine is made by
// read.NewTesseract.
type measure struct{}

func (measure) Name() string { return "measure" }

func (measure) Read(_ context.Context, page read.Page) (read.Reading, error) {
	return read.Reading{Text: fmt.Sprint(page.Width, " px")}, nil
}

// A reader is served, and asked as a model is.
func ExampleNew() {
	server, err := reader.New(reader.Options{Reader: measure{}})
	if err != nil {
		panic(err)
	}
	endpoint := httptest.NewServer(server)
	defer endpoint.Close()

	client, err := llm.New(llm.Options{BaseURL: endpoint.URL + "/v1", Model: "measure"})
	if err != nil {
		panic(err)
	}
	r, err := render.New(configs.Default(), render.Options{})
	if err != nil {
		panic(err)
	}
	for page, err := range r.Pages(context.Background(), "note.txt", strings.NewReader("Invoice 4711")) {
		if err != nil {
			panic(err)
		}
		reading, err := read.NewVLM(client, read.VLMOptions{}).Read(context.Background(), read.Page{Page: page, Shows: secrets.Own("Invoice 4711")})
		if err != nil {
			panic(err)
		}
		fmt.Println(reading.Text)
	}
	// Output: 596 px
}
