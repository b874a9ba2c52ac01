package pack

import (
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/render"
)

func BenchmarkBuild(b *testing.B) {
	r := renderer(b, mustPreset(b, "dense-bitmap"), render.Options{})
	for _, kind := range []corpus.Kind{corpus.Prose, corpus.Log} {
		text := sample(kind, 450_000)
		b.Run(string(kind), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				ask(b, "Why?", build(b, r, Options{}, doc("a", text)))
			}
		})
	}
}

func BenchmarkAsk(b *testing.B) {
	p := build(b, renderer(b, mustPreset(b, "dense-bitmap"), render.Options{}), Options{}, doc("a", sample(corpus.Log, 450_000)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Ask("Why?"); err != nil {
			b.Fatal(err)
		}
	}
}
