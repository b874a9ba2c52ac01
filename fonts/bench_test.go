package fonts

import (
	"io"
	"strings"
	"testing"
)

// freshChain is a fallback chain that has parsed nothing yet.
func freshChain() []*Face {
	var faces []*Face
	for _, e := range embeddedFonts {
		if e.fallback {
			faces = append(faces, newEmbeddedFace(e))
		}
	}
	return faces
}

// BenchmarkColdLookup finds the face of one character in a chain that has
// parsed nothing yet. "Last" is a character that only GNU Unifont has.
func BenchmarkColdLookup(b *testing.B) {
	for _, c := range []struct {
		name string
		r    rune
	}{{"ASCII", 'a'}, {"Han", '中'}, {"Tibetan", 'བ'}, {"Emoji", '🚀'}, {"Last", 'ꀀ'}, {"None", '\uE000'}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, f := range freshChain() {
					if f.Covers(c.r) {
						break
					}
				}
			}
		})
	}
}

// BenchmarkColdOutline parses a face for drawing.
func BenchmarkColdOutline(b *testing.B) {
	for _, name := range []string{"dejavu-sans", "noto-sans-devanagari", "noto-sans-sc"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := newEmbeddedFace(embeddedFonts[embeddedIndex(name)]).Outline(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCovers(b *testing.B) {
	for _, name := range []string{"dejavu-sans", "noto-sans-sc", "spleen-5x8", "unifont"} {
		f, err := Open(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.Covers('e')
			}
		})
	}
}

func BenchmarkCoverage(b *testing.B) {
	text := strings.Repeat("The quick brown fox, быстрая лиса, 敏捷的狐狸, 🦊.\n", 20000)
	faces := chain(b)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Coverage(io.MultiReader(strings.NewReader(text)), faces); err != nil {
			b.Fatal(err)
		}
	}
}
