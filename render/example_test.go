package render_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render"
)

// A text becomes pages in one call; each is ready to be sent.
func Example() {
	cfg, err := configs.Preset("glyph-en")
	if err != nil {
		panic(err)
	}
	r, err := render.New(cfg, render.Options{})
	if err != nil {
		panic(err)
	}
	text := strings.Repeat("Call me Ishmael. Some years ago, never mind how long precisely.\n", 200)
	for page, err := range r.Pages(context.Background(), "moby.txt", strings.NewReader(text)) {
		if err != nil {
			panic(err)
		}
		fmt.Printf("page %d: %dx%d px, source lines %d to %d, %d characters\n",
			page.Number, page.Width, page.Height, page.FirstLine, page.LastLine, page.Runes)
	}
	// Output:
	// page 1: 323x842 px, source lines 1 to 81, 5184 characters
	// page 2: 323x842 px, source lines 82 to 162, 5184 characters
	// page 3: 323x406 px, source lines 163 to 200, 2432 characters
}

// Every line says which bytes of the source it shows, and what is not on the
// page as it stands is noted.
func ExamplePage() {
	cfg, _ := configs.Preset("glyph-en")
	r, _ := render.New(cfg, render.Options{})
	text := "A soft\u00adhyphen is dropped.\nA private character \ue000 is described.\n"
	for page, err := range r.Pages(context.Background(), "", strings.NewReader(text)) {
		if err != nil {
			panic(err)
		}
		for _, line := range page.Lines {
			fmt.Printf("line: %q\n", text[line.Start:line.End])
		}
		for _, note := range page.Notes {
			fmt.Printf("%s: %q drawn as %q\n", note.Reason, text[note.Start:note.End], note.Drawn)
		}
	}
	// Output:
	// line: "A soft\u00adhyphen is dropped.\n"
	// line: "A private character \ue000 is described.\n"
	// soft hyphen: "\u00ad" drawn as ""
	// no font has a glyph: "\ue000" drawn as "[U+E000]"
}

// With a marker in place of line breaks a page holds more; the legend says how
// to read it, and a marker in the text itself is told apart.
func ExampleRenderer_Legend() {
	cfg, _ := configs.Preset("glyph-en")
	cfg.NewlineMarkup = `<font color="#FF0000"> \n </font>`
	r, _ := render.New(cfg, render.Options{})
	fmt.Println(r.Legend())
	for page, err := range r.Pages(context.Background(), "", strings.NewReader("printf(\"\\n\");\nreturn 0;\n")) {
		if err != nil {
			panic(err)
		}
		fmt.Println(len(page.Lines), "line,", page.Notes[0].Drawn, "for a literal backslash n")
	}
	// Output:
	// \n = line break in the source; \\n = a literal \n; \\\n = a backslash, then a line break
	// 1 line, \\n for a literal backslash n
}

// Pages are ordinary PNG files.
func ExampleRenderer_Pages() {
	cfg, _ := configs.Preset("dense-bitmap")
	r, _ := render.New(cfg, render.Options{})
	for page, err := range r.Pages(context.Background(), "", strings.NewReader("dense")) {
		if err != nil {
			panic(err)
		}
		img, err := png.Decode(bytes.NewReader(page.PNG))
		fmt.Println(img.Bounds(), err)
	}
	// Output:
	// (0,0)-(1568,728) <nil>
}

func ExampleRenderer_Parts() {
	cfg, err := configs.Build(configs.Default(), []configs.KeyValue{{Key: "page-label", Value: "{name}, page {page}, lines {first} to {last}"}})
	if err != nil {
		panic(err)
	}
	r, err := render.New(cfg, render.Options{})
	if err != nil {
		panic(err)
	}
	const source = "A report.\n\n550e8400-e29b-41d4\nINV-2041\n"
	parts := []render.Part{{Start: 0, End: 11, Text: true}, {Start: 11, End: int64(len(source))}}
	for step, err := range r.Parts(context.Background(), "report.txt", strings.NewReader(source), parts) {
		if err != nil {
			panic(err)
		}
		if step.Page == nil {
			text, _ := io.ReadAll(step.Text)
			fmt.Printf("text: %q\n", text)
			continue
		}
		fmt.Printf("page: %q\n", step.Page.Header[0])
	}
	// Output:
	// text: "A report.\n\n"
	// page: "report.txt, page 1, lines 3 to 4"
}
