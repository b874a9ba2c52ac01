package png_test

import (
	"image/color"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"

	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/png"
	"github.com/glyphkit/glyph/render/internal/raster"
)

// common are frequent words of English and of software, the most frequent
// first.
var common = strings.Fields(`
the of to and a in is that for it as be with you this are or not by on can if
from have will at an but which one all your when there they we no so what file
out about into up only more any other may use do them then some like would its
must these time use has was his her how each make such software work license
text page value name line code copy under number data first new program after
than also see word over way because between does part same without while terms
set read user type where function should both two used through provided source
before rights default system error string need every here well version case
made long most even conditions notice list following public change library note
call path return table order state object given those given point find command
write output input test small large group size end world form print result
start place free run possible different general change often during order build
limited warranty purpose covered distribute modify permission software available
font glyph image width height margin pixel model reader token memory server
request response client header message format option example support section
`)

// text returns about n bytes of made-up English prose with the shape of a
// README or a licence: common and rarer words and phrases, all by Zipf's law,
// with punctuation, numbers and names, in paragraphs of lines of some 70 bytes,
// and a mark where each line ended. Bitmap pages of it compress as those of the
// GPL do, within 1 %.
func text(seed uint64, n int) string {
	rnd := rand.New(rand.NewPCG(seed, 8))
	pick := func(s []string) func() string {
		zipf := rand.NewZipf(rnd, 1.2, 6, uint64(len(s)-1))
		return func() string { return s[zipf.Uint64()] }
	}

	syllables := strings.Fields("al an ar be ca con de der di en er es ex fi ga im in is ka li lo ma men mi na no o per po pre ra re ri ro se si sta ter ti tion tor tra un ver y")
	rare := make([]string, 300)
	for i := range rare {
		for range 2 + rnd.IntN(3) {
			rare[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	commonWord, rareWord := pick(common), pick(rare)
	word := func() string {
		switch r := rnd.IntN(100); {
		case r < 14:
			return rareWord()
		case r < 15:
			return strconv.Itoa(rnd.IntN(100))
		case r < 16:
			return "`" + rareWord() + "_" + commonWord() + "()`"
		}
		return commonWord()
	}
	phrases := make([]string, 400)
	for i := range phrases {
		phrases[i] = word()
		for range 1 + rnd.IntN(4) {
			phrases[i] += " " + word()
		}
	}
	phrase := pick(phrases)

	var b strings.Builder
	line, begin := 0, true
	for b.Len() < n {
		next := word()
		if rnd.IntN(100) < 20 {
			next = phrase()
		}
		if begin {
			next = strings.ToUpper(next[:1]) + next[1:]
		}
		begin = false
		switch r := rnd.IntN(100); {
		case r < 10:
			next += ","
		case r < 18:
			next += "."
			begin = true
		case r < 20:
			next = "(" + next + ")"
		}
		for _, w := range strings.Fields(next) {
			b.WriteString(w)
			if line += len(w) + 1; line < 70 {
				b.WriteByte(' ')
				continue
			}
			b.WriteByte('|')
			line = 0
		}
		if begin && rnd.IntN(8) == 0 {
			b.WriteString("|")
			line = 0
		}
	}
	return b.String()
}

func open(tb testing.TB, name string) *fonts.Face {
	tb.Helper()
	face, err := fonts.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	return face
}

func picture(c *raster.Canvas, palette []color.RGBA) *png.Image {
	return &png.Image{
		Width: c.Width, Height: c.Height, Bits: c.Bits, Stride: c.Stride, Pix: c.Pix,
		Palette: palette, Used: c.Used,
	}
}

var black, white = color.RGBA{A: 255}, color.RGBA{255, 255, 255, 255}

// cellPage is a page of 1568x728 px full of text in a bitmap font of 5x8 px.
func cellPage(tb testing.TB, text string) *png.Image {
	const width, height, cellWidth, cellHeight = 1568, 728, 5, 8
	face := open(tb, "spleen-5x8")
	f, err := raster.NewFont(face, raster.Options{XPPEM: cellHeight, YPPEM: cellHeight, StrokeWeight: 1, Bits: 1})
	if err != nil {
		tb.Fatal(err)
	}
	var c raster.Canvas
	c.Reset(width, height, 1)
	for y := cellHeight - 1; y < height; y += cellHeight {
		for x := 0; x+cellWidth <= width; x += cellWidth {
			gid, _ := face.Glyph(rune(text[0]))
			c.Draw(mask(f, gid, 0), x, y)
			text = text[1:]
		}
	}
	return picture(&c, []color.RGBA{white, black})
}

// outlinePage is a page of 595x842 px of anti-aliased text in DejaVu Sans at
// 9 px and a line height of 10.
func outlinePage(tb testing.TB, text string) *png.Image {
	const width, height, margin, ppem, leading = 595, 842, 16, 9, 10
	face := open(tb, "dejavu-sans")
	palette := raster.BuildPalette(raster.Colors{Page: white, Paragraph: white, Text: black, AntiAlias: true})
	f, err := raster.NewFont(face, raster.Options{
		XPPEM: ppem, YPPEM: ppem, AntiAlias: true, StrokeWeight: 1, Bits: palette.Bits, Ramp: palette.Text,
	})
	if err != nil {
		tb.Fatal(err)
	}
	outline, err := face.Outline()
	if err != nil {
		tb.Fatal(err)
	}
	metrics := font.NewFace(outline)
	advance := func(gid uint32) int { // in 1/64 px
		return int(metrics.HorizontalAdvance(font.GID(gid))) * ppem * 64 / int(outline.Upem())
	}

	var c raster.Canvas
	c.Reset(width, height, palette.Bits)
	words := strings.Fields(text)
	for y := margin + ppem; y < height-margin; y += leading {
		x := margin * 64
		for {
			w := words[0] + " "
			end := x
			for _, r := range w {
				gid, _ := face.Glyph(r)
				end += advance(gid)
			}
			if end > (width-margin)*64 {
				break
			}
			for _, r := range w {
				gid, _ := face.Glyph(r)
				c.Draw(mask(f, gid, x%64*f.Phases()/64), x/64, y)
				x += advance(gid)
			}
			words = words[1:]
		}
	}
	return picture(&c, palette.Colors)
}

func mask(f *raster.Font, gid uint32, phase int) *raster.Mask {
	m, err := f.Mask(gid, phase)
	if err != nil {
		panic(err)
	}
	return m
}
