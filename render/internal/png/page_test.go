package png_test

import (
	"image/color"
	"math/rand/v2"
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
// README or a licence: words by Zipf's law, one in eight of them rare,
// punctuation, numbers, names, and paragraphs of lines of some 70 bytes, with a
// mark where each line ended.
func text(seed uint64, n int) string {
	rnd := rand.New(rand.NewPCG(seed, 8))
	zipf := rand.NewZipf(rnd, 1.2, 6, uint64(len(common)-1))
	syllables := strings.Fields("al an ar be ca con de der di en er es ex fi ga im in is ka li lo ma men mi na no o per po pre ra re ri ro se si sta ter ti tion tor tra un ver y")
	rare := func() string {
		var w string
		for range 2 + rnd.IntN(3) {
			w += syllables[rnd.IntN(len(syllables))]
		}
		return w
	}
	var b strings.Builder
	line, begin := 0, true
	for b.Len() < n {
		w := common[zipf.Uint64()]
		switch r := rnd.IntN(100); {
		case r < 12:
			w = rare()
		case r < 14:
			w = string(rune('1'+rnd.IntN(9))) + string(rune('0'+rnd.IntN(10)))
		case r < 16:
			w = "`" + rare() + "_" + w + "()`"
		}
		if begin {
			w = strings.ToUpper(w[:1]) + w[1:]
			begin = false
		}
		switch r := rnd.IntN(100); {
		case r < 6:
			w += ","
		case r < 12:
			w += "."
			begin = true
		case r < 13:
			w = "(" + w + ")"
		}
		b.WriteString(w)
		if line += len(w) + 1; line > 70 || begin && rnd.IntN(12) == 0 {
			b.WriteString("|")
			line = 0
		} else {
			b.WriteString(" ")
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

// paint draws the glyphs of face that layout places, and returns the page with
// the number of glyphs on it.
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
			c.Draw(f.Mask(gid, 0), x, y)
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
				c.Draw(f.Mask(gid, x%64*f.Phases()/64), x/64, y)
				x += advance(gid)
			}
			words = words[1:]
		}
	}
	return picture(&c, palette.Colors)
}
