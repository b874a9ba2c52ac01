package render_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/render"
)

// BenchmarkPages measures text to encoded pages, cold: every iteration makes a
// new Renderer, so that no face, glyph or word is remembered from the last.
// Run with -cpu 1,2 to see one core and two.
func BenchmarkPages(b *testing.B) {
	for _, c := range []struct {
		name, preset string
		keys         []string
		kind         corpus.Kind
		size         int64
	}{
		{"outline/licence-450KB", "glyph-en", nil, corpus.Licence, 450_000},
		{"outline/licence-4MB", "glyph-en", nil, corpus.Licence, 4_000_000},
		{"outline/prose-4MB", "glyph-en", nil, corpus.Prose, 4_000_000},
		{"outline/chinese-1MB", "glyph-zh", nil, corpus.Chinese, 1_000_000},
		// Without anti-aliasing every page is 1-bit; with it, pages that need a
		// face beside the bitmap one (here for U+2713) have grey levels.
		{"bitmap/licence-450KB", "dense-bitmap", []string{"anti-alias", "false"}, corpus.Licence, 450_000},
		{"bitmap/licence-4MB", "dense-bitmap", []string{"anti-alias", "false"}, corpus.Licence, 4_000_000},
		{"bitmap-smooth/licence-4MB", "dense-bitmap", nil, corpus.Licence, 4_000_000},
	} {
		b.Run(c.name, func(b *testing.B) {
			src, err := io.ReadAll(corpus.New(c.kind, 1, c.size))
			if err != nil {
				b.Fatal(err)
			}
			cfg := set(b, preset(b, c.preset), c.keys...)
			chars := len(bytes.Runes(src))
			var pages, size int
			for b.Loop() {
				pages, size = 0, 0
				r, err := render.New(cfg, render.Options{})
				if err != nil {
					b.Fatal(err)
				}
				for p, err := range r.Pages(context.Background(), "", bytes.NewReader(src)) {
					if err != nil {
						b.Fatal(err)
					}
					pages++
					size += len(p.PNG)
				}
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(chars)/seconds/1e6, "Mchar/s")
			b.ReportMetric(seconds*1e3/float64(pages), "ms/page")
			b.ReportMetric(float64(size)/float64(pages)/1e3, "kB/page")
			b.ReportMetric(float64(chars)/float64(pages), "char/page")
			b.ReportMetric(0, "ns/op")
		})
	}
}
