package raster

import "image/color"

// markerLevels is how many indices an anti-aliased marker colour gets: markers are few and in one place at a time, so
// text keeps most levels.
const markerLevels = 5

// Colors names the colours of a page. Alpha is ignored.
type Colors struct {
	Page      color.RGBA  // the page's background
	Paragraph color.RGBA  // the background of the text
	Text      color.RGBA  // full ink
	Border    *color.RGBA // of a paragraph's frame; nil if there is none
	Marker    *color.RGBA // of newline markers; nil if there are none
	// AntiAlias says that some font of the page has levels between none and full ([Font.Gray]).
	AntiAlias bool
}

// Palette is the colours of a page by index, at most 16, and what the parts of the page are drawn with.
//
// Backgrounds have the lowest indices, then the border, the marker colour and the text colour, each of the latter two
// from faint to full. So where marks overlap, the larger index is the one to be seen.
type Palette struct {
	Colors []color.RGBA // opaque; index 0 is the page's background
	Bits   int          // bits a pixel that the canvas needs, 1 or 4

	Paragraph, Border uint8     // index to fill with
	Text, Marker      [16]uint8 // [Options.Ramp] of a font in that colour
}

// BuildPalette chooses the palette of a page. Colours that are the same share an index. Text and marker levels are
// composited over the paragraph's background in sRGB values, as the greys of an anti-aliased page are: 15 levels of
// text on a page with nothing else, fewer by each other colour, at least 8.
func BuildPalette(c Colors) Palette {
	var p Palette
	p.add(c.Page)
	p.Paragraph = p.addNew(c.Paragraph)
	if c.Border != nil && rgb(*c.Border) != rgb(c.Text) {
		p.Border = p.addNew(*c.Border)
	}
	marker := c.Marker != nil && rgb(*c.Marker) != rgb(c.Text)
	textLevels, markLevels := 1, 1
	if c.AntiAlias {
		textLevels, markLevels = 16-len(p.Colors), markerLevels
		if marker {
			textLevels -= markerLevels
		}
	}
	if marker {
		p.Marker = p.addRamp(c.Paragraph, *c.Marker, markLevels)
	}
	p.Text = p.addRamp(c.Paragraph, c.Text, textLevels)
	if !marker {
		p.Marker = p.Text
	}
	if c.Border != nil && rgb(*c.Border) == rgb(c.Text) {
		p.Border = p.Text[15]
	}
	p.Bits = 4
	if len(p.Colors) <= 2 {
		p.Bits = 1
	}
	return p
}

func (p *Palette) add(c color.RGBA) uint8 {
	p.Colors = append(p.Colors, rgb(c))
	return uint8(len(p.Colors) - 1)
}

// addNew adds c unless the palette has it, and returns its index.
func (p *Palette) addNew(c color.RGBA) uint8 {
	for i, have := range p.Colors {
		if have == rgb(c) {
			return uint8(i)
		}
	}
	return p.add(c)
}

// addRamp adds n steps from background, which is not added, to ink. It returns the index of the step nearest to each of
// the 16 coverage levels; level 0, and any other that is nearest to no ink, is transparent.
func (p *Palette) addRamp(background, ink color.RGBA, n int) (ramp [16]uint8) {
	first := len(p.Colors)
	for step := 1; step <= n; step++ {
		p.add(color.RGBA{
			R: mix(background.R, ink.R, step, n),
			G: mix(background.G, ink.G, step, n),
			B: mix(background.B, ink.B, step, n),
		})
	}
	for level := range ramp {
		if step := (2*level*n + 15) / 30; step > 0 {
			ramp[level] = uint8(first + step - 1)
		}
	}
	return ramp
}

// mix returns the value step/n of the way from a to b, rounded.
func mix(a, b uint8, step, n int) uint8 {
	return uint8((2*(int(a)*(n-step)+int(b)*step) + n) / (2 * n))
}

func rgb(c color.RGBA) color.RGBA { c.A = 0xff; return c }
