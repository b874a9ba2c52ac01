package raster

import (
	"image/color"
	"slices"
	"testing"
)

var (
	white = color.RGBA{255, 255, 255, 255}
	black = color.RGBA{A: 255}
	red   = color.RGBA{R: 220, A: 255}
	cream = color.RGBA{250, 245, 230, 255}
	blue  = color.RGBA{B: 200, A: 255}
)

func TestBuildPalette(t *testing.T) {
	for _, test := range []struct {
		name         string
		c            Colors
		bits, colors int
		text, marker int // levels with ink
	}{
		{"black on white", Colors{Page: white, Paragraph: white, Text: black}, 1, 2, 1, 1},
		{"grey edges", Colors{Page: white, Paragraph: white, Text: black, AntiAlias: true}, 4, 16, 15, 15},
		{"dark", Colors{Page: black, Paragraph: black, Text: cream, AntiAlias: true}, 4, 16, 15, 15},
		{"marker", Colors{Page: white, Paragraph: white, Text: black, Marker: &red, AntiAlias: true}, 4, 16, 10, 5},
		{"marker, no grey", Colors{Page: white, Paragraph: white, Text: black, Marker: &red}, 4, 3, 1, 1},
		{"marker in the text's colour", Colors{Page: white, Paragraph: white, Text: black, Marker: &black}, 1, 2, 1, 1},
		{"paragraph", Colors{Page: white, Paragraph: cream, Text: black, AntiAlias: true}, 4, 16, 14, 14},
		{"all", Colors{Page: white, Paragraph: cream, Text: black, Border: &blue, Marker: &red, AntiAlias: true}, 4, 16, 8, 5},
		{"border like the page", Colors{Page: white, Paragraph: cream, Text: black, Border: &white, AntiAlias: true}, 4, 16, 14, 14},
		{"border like the text", Colors{Page: white, Paragraph: white, Text: black, Border: &black}, 1, 2, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := BuildPalette(test.c)
			if p.Bits != test.bits || len(p.Colors) != test.colors {
				t.Errorf("%d colours in %d bits, want %d in %d", len(p.Colors), p.Bits, test.colors, test.bits)
			}
			if got := levels(p.Text); got != test.text {
				t.Errorf("text has %d levels, want %d", got, test.text)
			}
			if got := levels(p.Marker); got != test.marker {
				t.Errorf("marker has %d levels, want %d", got, test.marker)
			}
			marker, border := test.c.Text, test.c.Page
			if test.c.Marker != nil {
				marker = *test.c.Marker
			}
			if test.c.Border != nil {
				border = *test.c.Border
			}
			for what, pair := range map[string][2]color.RGBA{
				"page":        {p.Colors[0], test.c.Page},
				"paragraph":   {p.Colors[p.Paragraph], test.c.Paragraph},
				"border":      {p.Colors[p.Border], border},
				"full text":   {p.Colors[p.Text[15]], test.c.Text},
				"full marker": {p.Colors[p.Marker[15]], marker},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s is %v, want %v", what, pair[0], pair[1])
				}
			}
			for what, ramp := range map[string][16]uint8{"text": p.Text, "marker": p.Marker} {
				ink := map[string]color.RGBA{"text": test.c.Text, "marker": marker}[what]
				if ramp[0] != 0 {
					t.Errorf("no %s is index %d, want 0", what, ramp[0])
				}
				n := levels(ramp)
				for level, index := range ramp {
					if level > 0 && index < ramp[level-1] {
						t.Errorf("%s level %d has index %d, below that of less ink", what, level, index)
					}
					got := test.c.Paragraph // what transparent text shows
					if index != 0 {
						got = p.Colors[index]
						if index <= p.Paragraph || index <= p.Border && border != test.c.Text {
							t.Errorf("%s level %d has index %d, not above the background's", what, level, index)
						}
					}
					// The nearest of n steps is off by half a step at most.
					for _, ch := range [][3]uint8{
						{test.c.Paragraph.R, ink.R, got.R},
						{test.c.Paragraph.G, ink.G, got.G},
						{test.c.Paragraph.B, ink.B, got.B},
					} {
						exact := float64(ch[0]) + (float64(ch[1])-float64(ch[0]))*float64(level)/15
						if off := float64(ch[2]) - exact; max(off, -off) > 127.5/float64(n)+0.51 {
							t.Errorf("%s level %d is %v, a channel is %.1f off", what, level, got, off)
						}
					}
				}
			}
		})
	}
}

func levels(ramp [16]uint8) int {
	seen := slices.Clone(ramp[:])
	slices.Sort(seen)
	return len(slices.Compact(seen)) - 1
}
