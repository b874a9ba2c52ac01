package raster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/fonts"
)

// one is a face of a single glyph.
type one fonts.BitmapGlyph

func (g one) Glyph(uint32) fonts.BitmapGlyph { return fonts.BitmapGlyph(g) }

var hook = one{Left: -1, Top: 3, Width: 3, Height: 4, Rows: []byte{0b11100000, 0b00100000, 0b01000000, 0b10000000}}

// picture draws a mask as text: its place, and its levels in hexadecimal.
func picture(m *Mask, depth int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d,%d", m.Left, m.Top)
	for y := range m.Height {
		b.WriteByte(' ')
		for x := range m.Width {
			fmt.Fprintf(&b, "%x", maskAt(m, depth, x, y))
		}
	}
	return b.String()
}

func TestBitmapScaling(t *testing.T) {
	for _, test := range []struct {
		name         string
		xppem, yppem float64 // the strike has 8 px per em
		phase        int
		antiAlias    bool
		want         string
	}{
		{"as it is", 8, 8, 0, true, "-1,3 fff 00f 0f0 f00"},
		{"twice", 16, 16, 0, true, "-2,6 ffffff ffffff 0000ff 0000ff 00ff00 00ff00 ff0000 ff0000"},
		{"twice and wider", 24, 16, 0, true,
			"-3,6 fffffffff fffffffff 000000fff 000000fff 000fff000 000fff000 fff000000 fff000000"},
		{"twice and a quarter to the right", 16, 16, 1, true,
			"-2,6 bfffff4 bfffff4 0000bf4 0000bf4 00bf400 00bf400 bf40000 bf40000"},
		{"half", 4, 4, 0, true, "-1,2 48 08 40"},
		{"half, ink or not", 4, 4, 0, false, "0,2 1 1"},
		{"half, half a pixel to the right", 4, 4, 2, true, "0,2 84 44 40"},
		{"nearly nothing", 0.01, 0.01, 0, true, "0,0"},
	} {
		o := Options{XPPEM: test.xppem, YPPEM: test.yppem, AntiAlias: test.antiAlias, StrokeWeight: 1, Bits: 4, Ramp: grayRamp()}
		if !test.antiAlias {
			o.Bits = 1
		}
		f := newFont(newBitmapSource(hook, 8, test.xppem, test.yppem), o, false)
		if got := picture(mask(f, 0, test.phase), o.Bits); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestBitmapBroken(t *testing.T) {
	for name, g := range map[string]one{
		"rows cut short": {Width: 9, Height: 3, Rows: make([]byte, 5)},
		"negative":       {Width: -3, Height: 4, Rows: make([]byte, 4)},
		"far away":       {Left: 1 << 30, Top: -1 << 30, Width: 8, Height: 1, Rows: []byte{0xff}},
	} {
		f := newFont(newBitmapSource(g, 8, 500, 500), Options{StrokeWeight: 1, Bits: 1}, false)
		if m := mask(f, 0, 1); m.Width != 0 || m.Height != 0 {
			t.Errorf("%s: drawn as %dx%d px, want nothing", name, m.Width, m.Height)
		}
	}
}
