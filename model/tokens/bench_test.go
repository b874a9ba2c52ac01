package tokens

import (
	"bytes"
	"io"
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
)

const benchSize = 10_000_000

func benchText(b *testing.B, kind corpus.Kind) []byte {
	text, err := io.ReadAll(corpus.New(kind, 1, benchSize))
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// BenchmarkCold counts 10 MB with tables that are unpacked and caches that are
// filled anew each time, as one run of a command does.
func BenchmarkCold(b *testing.B) {
	for _, kind := range []corpus.Kind{corpus.Licence, corpus.Code, corpus.Chinese, corpus.Multilingual} {
		b.Run(string(kind), func(b *testing.B) {
			text := benchText(b, kind)
			b.SetBytes(benchSize)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := openAI("o200k", &o200kVocab, o200kWords).Count(bytes.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWarm counts 10 MB with tables and caches of the last time.
func BenchmarkWarm(b *testing.B) {
	for _, c := range []Counter{o200k, cl100k} {
		b.Run(c.Name(), func(b *testing.B) {
			text := benchText(b, corpus.Licence)
			b.SetBytes(benchSize)
			for b.Loop() {
				if _, err := c.Count(bytes.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnpack is what the first count of a process pays.
func BenchmarkUnpack(b *testing.B) {
	for name, vocab := range map[string][]byte{"o200k": o200kVocab, "cl100k": cl100kVocab} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				unpack(vocab)
			}
		})
	}
}

// BenchmarkLongRuns counts 1 MB that is one piece.
func BenchmarkLongRuns(b *testing.B) {
	o200k.load()
	for name, unit := range map[string]string{"a": "a", "space": " ", "dash": "-", "han": "語文字漢"} {
		b.Run(name, func(b *testing.B) {
			text := bytes.Repeat([]byte(unit), 1_000_000/len(unit))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := o200k.Count(bytes.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
