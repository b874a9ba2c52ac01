package raster

import (
	"math/rand/v2"
	"testing"

	"github.com/go-text/typesetting/font"

	"github.com/glyphkit/glyph/fonts"
)

// placed is a glyph as layout hands it over.
type placed struct {
	gid   uint32
	phase int
	x, y  int
}

const sample = "The quick brown fox jumps over the lazy dog, while 1,234 pages (of 9 px text) are drawn; it's a test. "

// outlinePage sets glyphs in full lines of a width by height px page, at quarter pixels.
func outlinePage(tb testing.TB, face *fonts.Face, px float64, width, height, leading int) []placed {
	outline, err := face.Outline()
	if err != nil {
		tb.Fatal(err)
	}
	metrics := font.NewFace(outline)
	scale := px / float64(outline.Upem())
	var page []placed
	i := 0
	for y := 26; y < height-16; y += leading {
		for x := 16.0; ; i++ {
			gid, _ := face.Glyph(rune(sample[i%len(sample)]))
			next := x + scale*float64(metrics.HorizontalAdvance(font.GID(gid)))
			if next > float64(width-16) {
				break
			}
			page = append(page, placed{gid, int(4*x) % 4, int(x), y})
			x = next
		}
	}
	return page
}

// letters are random ink in a 5x8 cell, as a bitmap face has.
type letters struct{ glyphs [96]fonts.BitmapGlyph }

func newLetters() *letters {
	l := &letters{}
	rnd := rand.New(rand.NewPCG(5, 8))
	for i := range l.glyphs[1:] {
		rows := make([]byte, 8)
		for y := range rows[:5+i%3] {
			rows[y] = byte(rnd.IntN(16)+1) << 4
		}
		l.glyphs[i+1] = fonts.BitmapGlyph{Top: 7, Width: 5, Height: 8, Advance: 5, Rows: rows}
	}
	return l
}

func (l *letters) Glyph(gid uint32) fonts.BitmapGlyph { return l.glyphs[gid%96] }

func grayRamp() (ramp [16]uint8) {
	for i := range ramp {
		ramp[i] = uint8(i)
	}
	return ramp
}

// BenchmarkDrawPage4 is a page of Glyph's published geometry: A4 at 72 dpi, 9 px letters, 16 levels.
func BenchmarkDrawPage4(b *testing.B) {
	face := open(b, "dejavu-sans")
	f, err := NewFont(face, smooth(9))
	if err != nil {
		b.Fatal(err)
	}
	page := outlinePage(b, face, 9, 595, 842, 10)
	var c Canvas
	draw := func() {
		c.Reset(595, 842, 4)
		for _, g := range page {
			c.Draw(mask(f, g.gid, g.phase), g.x, g.y)
		}
	}
	draw()
	for b.Loop() {
		draw()
	}
	b.ReportMetric(float64(len(page)), "glyphs")
}

// BenchmarkDrawPage1 is a page of 5x8 cells full of letters, 1 bit.
func BenchmarkDrawPage1(b *testing.B) {
	f := newFont(newBitmapSource(newLetters(), 8, 8, 8), Options{XPPEM: 8, YPPEM: 8, StrokeWeight: 1, Bits: 1}, true)
	rnd := rand.New(rand.NewPCG(1, 1))
	var page []placed
	for y := 8; y <= 728; y += 8 {
		for x := 0; x+5 <= 1568; x += 5 {
			page = append(page, placed{uint32(rnd.IntN(96)), 0, x, y})
		}
	}
	var c Canvas
	draw := func() {
		c.Reset(1568, 728, 1)
		for _, g := range page {
			c.Draw(mask(f, g.gid, g.phase), g.x, g.y)
		}
	}
	draw()
	for b.Loop() {
		draw()
	}
	b.ReportMetric(float64(len(page)), "glyphs")
}

// BenchmarkMaskCold draws each printable ASCII letter at each phase for the first time.
func BenchmarkMaskCold(b *testing.B) {
	face := open(b, "dejavu-sans")
	var gids []uint32
	for r := '!'; r <= '~'; r++ {
		gid, _ := face.Glyph(r)
		gids = append(gids, gid)
	}
	masks := 0
	for b.Loop() {
		f, err := NewFont(face, smooth(9))
		if err != nil {
			b.Fatal(err)
		}
		for _, gid := range gids {
			for phase := range f.Phases() {
				mask(f, gid, phase)
				masks++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(masks), "ns/mask")
}
