package plan

import (
	"slices"
	"testing"

	"github.com/glyphkit/glyph/model/tokens"
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

// A part of which nothing would be on a page is text, and the parts behind it
// are priced all the same.
func TestBlankPartsAreText(t *testing.T) {
	counter, err := tokens.ForName("o200k")
	if err != nil {
		t.Fatal(err)
	}
	const source = "river\n\n\n\nharbour\n"
	g := &gate{r: renderer(t, preset(t, "glyph-en")), model: model(t, "claude-opus-5"), counter: counter, text: []byte(source), name: "a"}
	parts := []render.Part{{End: 6}, {Start: 6, End: 9}, {Start: 9, End: int64(len(source))}}
	total, err := g.price(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	if parts[0].Text || !parts[1].Text || parts[2].Text || parts[0].Tokens == 0 || parts[1].Tokens == 0 || parts[2].Tokens == 0 {
		t.Errorf("%+v", parts)
	}
	if sum := parts[0].Tokens + parts[1].Tokens + parts[2].Tokens; total != sum+2*12 {
		t.Errorf("%d tokens in all for parts of %d", total, sum)
	}
}
