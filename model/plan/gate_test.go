package plan

import (
	"slices"
	"testing"

	"github.com/glyphkit/glyph/render"
)

// The way is changed where that saves more than the two changes cost.
func TestCheapestCountsChanges(t *testing.T) {
	between := func(text int64, pages float64) []render.Part {
		return cheapest([]section{
			{start: 0, end: 10, text: 1000, pages: 10}, {start: 10, end: 20, text: text, pages: pages}, {start: 20, end: 30, text: 1000, pages: 10},
		})
	}
	all := []render.Part{{End: 30}}
	three := []render.Part{{End: 10}, {Start: 10, End: 20, Text: true}, {Start: 20, End: 30}}
	for _, c := range []struct {
		text  int64
		pages float64
		want  []render.Part
	}{
		{10, 9, all}, {10, 33.9, all}, {10, 34.1, three}, {0, 23, all}, {0, 25, three},
	} {
		if got := between(c.text, c.pages); !slices.Equal(got, c.want) {
			t.Errorf("%d tokens as text, %g on pages: %+v", c.text, c.pages, got)
		}
	}
}
