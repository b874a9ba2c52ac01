package plan

import (
	"io"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/vision"
)

func TestProgressOfThePlanner(t *testing.T) {
	model, err := vision.NewCatalog().Lookup("gpt-5.5")
	if err != nil {
		t.Fatal(err)
	}
	base, err := configs.Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("The committee deliberates once more.\n\n", 150)
	docs := []Document{{"a.txt", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}}
	for _, ask := range []Ask{{Model: model, Base: base}, {Model: model, Base: base, Ratio: 2, MinPx: 6}} {
		var told []float64
		ask.Progress = func(done float64) { told = append(told, done) }
		if _, err := Solve(t.Context(), ask, docs); err != nil {
			t.Fatal(err)
		}
		if len(told) < 20 || told[0] > 0.2 || told[len(told)-1] < 0.5 || told[len(told)-1] > 1 {
			t.Errorf("%d reports, from %v", len(told), told[:min(len(told), 3)])
		}
		for i := range told[1:] {
			if told[i+1] < told[i] {
				t.Fatalf("report %d goes back: %v after %v", i+1, told[i+1], told[i])
			}
		}
	}
}
