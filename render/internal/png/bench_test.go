package png_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"testing"

	"github.com/glyphkit/glyph/render/internal/png"
)

// pages are the pages that the README measures.
func pages(tb testing.TB) []struct {
	name string
	*png.Image
} {
	return []struct {
		name string
		*png.Image
	}{
		{"cell", cellPage(tb, text(1, 30_000))},
		{"outline", outlinePage(tb, text(1, 30_000))},
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, page := range pages(b) {
		b.Run(page.name, func(b *testing.B) {
			var e png.Encoder
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if dst, err = e.Append(dst[:0], page.Image); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(dst)), "B/page")
		})
	}
}

// BenchmarkZlib compresses the same rows, already packed, by compress/zlib.
func BenchmarkZlib(b *testing.B) {
	for _, page := range pages(b) {
		rows := unzip(b, encode(b, page.Image))
		for _, level := range []int{1, 3, 6, 9, zlib.HuffmanOnly} {
			b.Run(fmt.Sprintf("%s/level=%d", page.name, level), func(b *testing.B) {
				var dst bytes.Buffer
				z, err := zlib.NewWriterLevel(&dst, level)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					dst.Reset()
					z.Reset(&dst)
					if _, err := z.Write(rows); err != nil {
						b.Fatal(err)
					}
					if err := z.Close(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(dst.Len()), "B/page")
			})
		}
	}
}
