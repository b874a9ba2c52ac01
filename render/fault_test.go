package render

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/fault"
	"github.com/glyphkit/glyph/render/internal/layout"
	"github.com/glyphkit/glyph/render/internal/tables"
)

// A mistake of ours is no broken font: it is a panic where the pages are taken,
// with the stack of the goroutine that it happened in.
func TestFaultsAreOurs(t *testing.T) {
	laying := smallPages(t, Options{Workers: 2})
	laying.scales = []float64{1, 2} // as with exact strings
	laying.find = func(string) []layout.Span { panic("laying out") }
	painting := func(*painter, *layout.Sheet) (*Page, error) { panic("painting") }
	for want, pages := range map[string]func(func(*Page, error) bool){
		"laying out": laying.Pages(context.Background(), "a", strings.NewReader(string(numbered(90)))),
		"painting":   smallPages(t, Options{Workers: 2}).pages(context.Background(), "a", strings.NewReader(string(numbered(90))), &layout.Origin{}, painting),
	} {
		func() {
			defer func() {
				f, ok := recover().(*fault.Fault)
				if !ok || f.Value != want || !strings.Contains(string(f.Stack), "TestFaultsAreOurs") {
					t.Errorf("%s: %v", want, f)
				}
			}()
			for _, err := range pages {
				t.Errorf("%s: a page, or %v", want, err)
			}
		}()
	}
}

func TestBrokenFontIsAnError(t *testing.T) {
	r := smallPages(t, Options{})
	broken := &tables.BrokenError{Font: "lato", Reason: "cmap"}
	for _, err := range r.pages(context.Background(), "a", strings.NewReader("text"), &layout.Origin{}, func(*painter, *layout.Sheet) (*Page, error) { return nil, broken }) {
		if !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}
