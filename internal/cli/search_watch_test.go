package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/search"
)

type blank struct{}

func (blank) Name() string                                          { return "blank" }
func (blank) Read(context.Context, read.Page) (read.Reading, error) { return read.Reading{}, nil }

func TestSearchTellsOfEachGenerationOnce(t *testing.T) {
	var out bytes.Buffer
	w := &searchWatch{notes: &out}
	if _, err := w.reader(blank{}).Read(t.Context(), read.Page{}); err != nil || w.reads != 1 {
		t.Errorf("%d readings, error %v", w.reads, err)
	}
	for _, generation := range []int{1, 1, 2} {
		w.rung(search.Progress{Progress: runs.Progress{}, Generation: generation, Used: 0.25})
	}
	if n := strings.Count(out.String(), "\n"); n != 2 || !strings.Contains(out.String(), "generation 2  racing 0  front 0  budget left 75 %") {
		t.Errorf("%q", out.String())
	}
}
