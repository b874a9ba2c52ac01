package render_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/bundles"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/testkit"
	"github.com/glyphkit/glyph/render"
)

func cells(t *testing.T) *render.Renderer {
	t.Helper()
	r, err := render.New(testkit.Cells(), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cut draws parts of a text that begin at lines, every other one as text.
func cut(t *rapid.T, source string) []render.Part {
	var parts []render.Part
	text := rapid.Bool().Draw(t, "text first")
	for at := int64(0); at < int64(len(source)); text = !text {
		end := at
		for n := rapid.IntRange(1, 25).Draw(t, "lines"); n > 0 && end < int64(len(source)); n-- {
			end += int64(strings.IndexByte(source[end:], '\n') + 1)
			for end < int64(len(source)) && source[end] == '\n' {
				end++
			}
		}
		parts = append(parts, render.Part{Start: at, End: end, Text: text})
		at = end
	}
	return parts
}

// The pages of a bundle show what its manifest says, whatever parts of the
// document stayed text: lines, tags, labels, the legend and what was dropped.
func TestPagesAndManifestAgree(t *testing.T) {
	r := cells(t)
	dir := filepath.Join(t.TempDir(), "pages")
	const other = "INV-2041\n"
	rapid.Check(t, func(t *rapid.T) {
		source := testkit.Lines(t)
		o := render.BundleOptions{Force: true}
		if rapid.IntRange(0, 4).Draw(t, "gate") > 0 {
			parts := cut(t, source)
			o.Gate = func(_ context.Context, d *document.Document) (*render.Decision, error) {
				if d.Name == "other" {
					return &render.Decision{Parts: []render.Part{{End: int64(len(other))}}}, nil
				}
				return &render.Decision{Parts: parts}, nil
			}
		}
		docs := []*document.Document{stringDocument("other", other), stringDocument("a", source)}
		if _, err := render.WriteBundle(context.Background(), dir, docs, r, o); err != nil {
			t.Fatal(err)
		}
		m, err := render.ReadManifest(filepath.Join(dir, bundles.Manifest))
		if err != nil {
			t.Fatal(err)
		}
		var pages []testkit.Page
		for i, p := range m.Documents[1].Pages {
			data, err := os.ReadFile(filepath.Join(dir, p.File))
			if err != nil {
				t.Fatal(err)
			}
			page := testkit.Page{PNG: data, Number: i + 1, FirstLine: p.FirstLine, LastLine: p.LastLine, Lines: p.Lines, Anchors: p.Anchors}
			for _, d := range p.Dropped {
				page.Dropped = append(page.Dropped, [2]int64{d.Start, d.End})
			}
			pages = append(pages, page)
		}
		if err := testkit.Check(source, r.Legend(), pages); err != nil {
			t.Fatal(err)
		}
	})
}

// Measuring tells the pages that drawing makes.
func TestMeasuredPartsAreThoseDrawn(t *testing.T) {
	r := cells(t)
	rapid.Check(t, func(t *rapid.T) {
		source := testkit.Lines(t)
		parts := cut(t, source)
		var drawn, measured []render.Step
		for step, err := range r.Parts(context.Background(), "a", strings.NewReader(source), parts) {
			if err != nil {
				t.Fatal(err)
			}
			drawn = append(drawn, step)
		}
		for step, err := range r.MeasureParts(context.Background(), "a", strings.NewReader(source), parts) {
			if err != nil {
				t.Fatal(err)
			}
			measured = append(measured, step)
		}
		same := func(a, b render.Step) bool {
			if a.Part != b.Part || (a.Page == nil) != (b.Page == nil) {
				return false
			}
			return a.Page == nil || a.Page.Height == b.Page.Height && slices.Equal(a.Page.Header, b.Page.Header) && slices.Equal(a.Page.Lines, b.Page.Lines)
		}
		if !slices.EqualFunc(drawn, measured, same) {
			t.Fatalf("%d steps, or other pages; want %d", len(measured), len(drawn))
		}
	})
}

// A part without anything to draw is an error that a caller may pass over. The
// legend then stands on the first page behind it.
func TestBlankPart(t *testing.T) {
	r := cells(t)
	const source = "\f\friver\n\f\fINV-2041\n"
	list := []render.Part{{End: 2}, {Start: 2, End: 8, Text: true}, {Start: 8, End: 10}, {Start: 10, End: int64(len(source))}}
	var got []string
	for step, err := range r.Parts(context.Background(), "a", strings.NewReader(source), list) {
		switch {
		case errors.Is(err, render.ErrBlank):
			got = append(got, fmt.Sprint(step.Part, " blank"))
		case err != nil:
			t.Fatal(err)
		case step.Page == nil:
			text, _ := io.ReadAll(step.Text)
			got = append(got, fmt.Sprintf("%d %q", step.Part, text))
		default:
			got = append(got, fmt.Sprint(step.Part, step.Page.Number, step.Page.Header[:1], len(step.Page.Header) > 1, step.Page.Lines[0].Start, step.Page.Anchors))
		}
	}
	want := []string{"0 blank", `1 "river\n"`, "2 blank", "3 1 [PAGE 1 LINES 2-2] true 10 [{10 18 a1}]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
}

func TestPartsCoverTheSource(t *testing.T) {
	r := cells(t)
	for name, list := range map[string][]render.Part{
		"too short": {{End: 4}}, "too long": {{End: 99}}, "a gap": {{End: 4}, {Start: 5, End: 12}},
		"an overlap": {{End: 4}, {Start: 3, End: 12}}, "backwards": {{End: 12}, {Start: 0, End: 4}},
		"short text": {{End: 4, Text: true}}, "long text": {{End: 99, Text: true}}, "none": {},
	} {
		var last error
		for _, err := range r.Parts(context.Background(), "a", strings.NewReader("some  words\n"), list) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func stringDocument(name, text string) *document.Document {
	return &document.Document{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}
