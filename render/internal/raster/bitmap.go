package raster

import (
	"math"
	"slices"

	"github.com/glyphkit/glyph/fonts"
)

// Bitmaps are scaled by area: a pixel's coverage is the share of it that the enlarged or reduced ink covers. Edges are
// rounded to 1/256 px once, everything after that is exact. So a bitmap at its own size comes out as it is, and at a
// whole multiple of it as blocks of pixels.
const (
	edgeBits = 8
	edgeUnit = 1 << edgeBits
)

// bitmapFace is what is needed of *fonts.Bitmap.
type bitmapFace interface {
	Glyph(gid uint32) fonts.BitmapGlyph
}

// bitmapSource draws the glyphs of a bitmap face.
type bitmapSource struct {
	face           bitmapFace
	scaleX, scaleY float64 // px of the strike to 1/256 px
}

func newBitmapSource(face bitmapFace, upem int, xppem, yppem float64) *bitmapSource {
	em := float64(max(upem, 1))
	return &bitmapSource{face: face, scaleX: xppem * edgeUnit / em, scaleY: yppem * edgeUnit / em}
}

// numGlyphs allows for a glyph of each code point.
func (b *bitmapSource) numGlyphs() int { return 0x110000 }

// bitmapScratch is what bitmapSource needs while it draws a glyph.
type bitmapScratch struct {
	row []uint32 // how much of each column is ink, in 1/256
	sum []uint32 // how much of each pixel is ink, in 1/65536
}

func (b *bitmapSource) draw(gid uint32, phase int, s *scratch) error {
	g := b.face.Glyph(gid)
	stride := (g.Width + 7) / 8
	if g.Width <= 0 || g.Height <= 0 || len(g.Rows) < stride*g.Height {
		return nil
	}
	shift := phase * edgeUnit / subPhases
	edgeX := func(i int) int { return edge(g.Left+i, b.scaleX) + shift }
	edgeY := func(i int) int { return edge(i-g.Top, b.scaleY) } // y down
	const reach = maxReach << edgeBits
	x0, x1 := max(edgeX(0), -reach)>>edgeBits, (min(edgeX(g.Width), reach)+edgeUnit-1)>>edgeBits
	y0, y1 := max(edgeY(0), -reach)>>edgeBits, (min(edgeY(g.Height), reach)+edgeUnit-1)>>edgeBits
	if x0 >= x1 || y0 >= y1 {
		return nil
	}
	width, height := x1-x0, y1-y0
	s.row = slices.Grow(s.row[:0], width)[:width]
	s.sum = slices.Grow(s.sum[:0], width*height)[:width*height]
	clear(s.sum)
	for r := range g.Height {
		bits := g.Rows[r*stride:][:stride]
		clear(s.row)
		for i := range g.Width {
			if bits[i>>3]&(0x80>>(i&7)) != 0 {
				spread(edgeX(i)-x0<<edgeBits, edgeX(i+1)-x0<<edgeBits, width, func(x, part int) {
					s.row[x] += uint32(part)
				})
			}
		}
		spread(edgeY(r)-y0<<edgeBits, edgeY(r+1)-y0<<edgeBits, height, func(y, part int) {
			sum := s.sum[y*width:][:width]
			for x, v := range s.row {
				sum[x] += v * uint32(part)
			}
		})
	}
	s.out.reset(x0, -y0, width, height)
	for i, v := range s.sum {
		s.out.pix[i] = uint8((v*255 + edgeUnit*edgeUnit/2) >> (2 * edgeBits))
	}
	return nil
}

// edge returns i scaled and rounded, bounded to a place well outside of what is drawn.
func edge(i int, scale float64) int {
	const bound = 4 * maxReach << edgeBits
	// The conversion keeps the product from being fused with the sum.
	return int(min(max(math.Floor(float64(float64(i)*scale)+0.5), -bound), bound))
}

// spread calls add with each of the n units that the interval from lo to hi overlaps, in 1/256, and with how much.
func spread(lo, hi, n int, add func(i, part int)) {
	lo, hi = max(lo, 0), min(hi, n<<edgeBits)
	for lo < hi {
		i := lo >> edgeBits
		next := min(hi, (i+1)<<edgeBits)
		add(i, next-lo)
		lo = next
	}
}
