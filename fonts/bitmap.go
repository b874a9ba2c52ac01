package fonts

import (
	"bytes"
	"errors"
	"fmt"
	"unicode"
)

const (
	// maxGlyphPx bounds the width, height, advance and offsets of one bitmap
	// glyph. The largest strike in common use is 64 px high.
	maxGlyphPx = 1024

	// maxBitmapBytes bounds the pixels of all glyphs of one strike, because the
	// glyphs of a PCF file may share bytes and so unpack to more than the file.
	// GNU Unifont, the largest strike there is, takes 1.8 MB.
	maxBitmapBytes = 64 << 20
)

// Bitmap is a strike: the glyphs of a bitmap font at its one size. It is
// immutable and safe for concurrent use.
type Bitmap struct {
	Ascent    int // px from the baseline up to the top of the line
	Descent   int // px from the baseline down to its bottom
	CellWidth int // px that every glyph but combining marks advances; 0 if they differ

	glyphs []glyphBox // the first is the missing glyph
	rows   []byte
	pages  []*[256]uint32 // glyph by code point, 0 where there is none
}

// glyphBox places a glyph's pixels. There may be 60,000 of them.
type glyphBox struct {
	offset        uint32 // into rows
	left, top     int16
	width, height uint16
	advance       uint16
}

// BitmapGlyph is a glyph of a [Bitmap], measured in px.
type BitmapGlyph struct {
	Left          int // from the pen to the left edge, negative to its left
	Top           int // from the baseline up to the upper edge
	Width, Height int
	Advance       int // of the pen; 0 for a combining mark

	// Rows holds Height rows from the top, each of (Width+7)/8 bytes, the
	// leftmost px in the most significant bit. Bits past Width are 0. It is
	// shared: do not modify it.
	Rows []byte
}

// Glyph returns a glyph, and an empty one if there is none of that number.
func (b *Bitmap) Glyph(gid uint32) BitmapGlyph {
	if uint64(gid) >= uint64(len(b.glyphs)) {
		return BitmapGlyph{}
	}
	g := b.glyphs[gid]
	size := uint32(g.width+7) / 8 * uint32(g.height)
	return BitmapGlyph{
		Left: int(g.left), Top: int(g.top),
		Width: int(g.width), Height: int(g.height), Advance: int(g.advance),
		Rows: b.rows[g.offset : g.offset+size : g.offset+size],
	}
}

func (b *Bitmap) lookup(r rune) uint32 {
	page := uint32(r) >> 8
	if page >= uint32(len(b.pages)) || b.pages[page] == nil {
		return 0
	}
	return b.pages[page][byte(r)]
}

func (b *Bitmap) spans() [][2]rune {
	var spans [][2]rune
	for i, page := range b.pages {
		if page != nil {
			spans = append(spans, [2]rune{rune(i) << 8, rune(i)<<8 | 0xFF})
		}
	}
	return spans
}

// add makes g the glyph of r. The first glyph of a code point wins. Two things
// are ignored: what is no character (controls, to which many fonts give their
// picture of a missing glyph, surrogates, noncharacters, numbers past U+10FFFF),
// and blank glyphs of anything but spaces, with which some fonts fill up a
// range that they do not draw, as Spleen 5x8 does Latin-1.
//
// Cell fonts draw a combining mark in a cell of its own; it is moved back over
// the glyph before it.
func (b *Bitmap) add(r rune, g BitmapGlyph) error {
	if r < 0 || r > unicode.MaxRune || isNoncharacter(r) || unicode.In(r, unicode.Cc, unicode.Cs) || b.lookup(r) != 0 {
		return nil
	}
	if g.Width < 0 || g.Width > maxGlyphPx || g.Height < 0 || g.Height > maxGlyphPx ||
		g.Advance < 0 || g.Advance > maxGlyphPx ||
		max(g.Left, -g.Left, g.Top, -g.Top) > maxGlyphPx {
		return fmt.Errorf("glyph of U+%04X is %d by %d px at %d,%d and advances %d px; up to %d px are accepted",
			r, g.Width, g.Height, g.Left, g.Top, g.Advance, maxGlyphPx)
	}
	stride := (g.Width + 7) / 8
	if len(g.Rows) != stride*g.Height {
		return fmt.Errorf("glyph of U+%04X has %d bytes of pixels, not %d", r, len(g.Rows), stride*g.Height)
	}
	if len(b.rows)+len(g.Rows) > maxBitmapBytes {
		return fmt.Errorf("glyphs take more than %d MiB", maxBitmapBytes>>20)
	}
	const brailleBlank = 0x2800
	if !unicode.Is(unicode.Zs, r) && r != brailleBlank && len(bytes.Trim(g.Rows, "\x00")) == 0 {
		return nil
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		g.Left -= g.Advance
		g.Advance = 0
	}
	if b.glyphs == nil {
		b.glyphs = make([]glyphBox, 1)
	}
	page := int(r >> 8)
	for len(b.pages) <= page {
		b.pages = append(b.pages, nil)
	}
	if b.pages[page] == nil {
		b.pages[page] = new([256]uint32)
	}
	b.pages[page][byte(r)] = uint32(len(b.glyphs))
	b.glyphs = append(b.glyphs, glyphBox{
		offset: uint32(len(b.rows)),
		left:   int16(g.Left), top: int16(g.Top),
		width: uint16(g.Width), height: uint16(g.Height), advance: uint16(g.Advance),
	})
	b.rows = append(b.rows, g.Rows...)
	if pad := stride*8 - g.Width; pad > 0 {
		for end := len(b.rows) - len(g.Rows) + stride; end <= len(b.rows); end += stride {
			b.rows[end-1] &= 0xFF << pad
		}
	}
	return nil
}

func isNoncharacter(r rune) bool {
	return r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
}

// content checks the finished strike and returns it as what a face holds.
func (b *Bitmap) content() (*content, error) {
	if len(b.glyphs) < 2 {
		return nil, errors.New("font has no glyph for any Unicode character")
	}
	height := b.Ascent + b.Descent
	if b.Ascent < 0 || b.Descent < 0 || height < 1 || height > maxGlyphPx {
		return nil, fmt.Errorf("font ascent %d and descent %d px; together 1 to %d px are accepted",
			b.Ascent, b.Descent, maxGlyphPx)
	}
	b.CellWidth = b.commonAdvance()
	return &content{unitsPerEm: height, ascent: b.Ascent, descent: b.Descent, chars: b, bitmap: b}, nil
}

// commonAdvance returns the advance that all glyphs but marks share, or 0.
func (b *Bitmap) commonAdvance() int {
	var common uint16
	for _, g := range b.glyphs[1:] {
		if g.advance == 0 {
			continue
		}
		if common != 0 && g.advance != common {
			return 0
		}
		common = g.advance
	}
	return int(common)
}
