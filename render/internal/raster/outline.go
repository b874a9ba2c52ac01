package raster

import (
	"image"
	"image/draw"
	"math"
	"sync"

	"github.com/glyphkit/glyph/render/internal/tables"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
)

// Outlines are scaled, flattened and clipped in integers of 1/512 px, the grid on which the rasteriser works too: its
// own curves are interpolated in floating point, which a compiler may fuse into results that differ between processors,
// and its lines lose their way where they are shorter than its grid.
const (
	subPixelBits = 9
	onePixel     = 1 << subPixelBits

	// maxReach is how far from the pen a glyph is drawn, in px. It is twice the largest em.
	maxReach = 2 * MaxPPEM

	// maxSubPixel bounds coordinates so that no sum of them overflows. It is well outside of what is drawn, since moving
	// a point to the bound bends the lines that end there.
	maxSubPixel = 4 * maxReach * onePixel

	// maxPoints bounds the corners of a flattened glyph; the most intricate CJK ideograph has a few thousand.
	maxPoints = 1 << 16

	// maxTravel bounds the length of all lines of a glyph, in px, because rasterising takes time for each row and column
	// that a line crosses. It is a thousand of the largest ems; intricate glyphs have a hundred.
	maxTravel = 1 << 19

	// maxTile is the largest side the rasteriser does in integers, in px. Larger glyphs are drawn in tiles.
	maxTile = 512
)

// outlineSource draws the glyphs of an outline face, unhinted.
type outlineSource struct {
	scaleX, scaleY float64 // font units to 1/512 px

	name string
	mu   sync.Mutex
	face *font.Face // guarded by mu; a font.Face is for one goroutine at a time
}

func newOutlineSource(name string, f *font.Font, xppem, yppem float64) *outlineSource {
	upem := float64(max(f.Upem(), 1))
	return &outlineSource{
		name:   name,
		scaleX: xppem * onePixel / upem,
		scaleY: yppem * onePixel / upem,
		face:   font.NewFace(f),
	}
}

// numGlyphs is 65,536: the glyph ids of a font file have 16 bits.
func (o *outlineSource) numGlyphs() int { return 1 << 16 }

// point is a place on the flattened outline in 1/512 px, y down.
type point struct{ x, y int32 }

// outlineScratch is what outlineSource needs while it draws a glyph.
type outlineScratch struct {
	points   []point
	contours []int // where in points each contour starts
	raster   vector.Rasterizer
	tile     image.Alpha
}

func (o *outlineSource) draw(gid uint32, phase int, s *scratch) error {
	var outline font.GlyphOutline
	ok := false
	o.mu.Lock()
	err := tables.Read(o.name, func() { outline, ok = o.face.GlyphDataOutline(font.GID(gid)) })
	o.mu.Unlock()
	if ok && err == nil {
		o.render(outline.Segments, phase, s)
	}
	return err
}

// render draws segments (font units, y up) into s.out, or nothing if they are broken.
func (o *outlineSource) render(segments []opentype.Segment, phase int, s *scratch) {
	if !o.flatten(segments, phase, &s.outlineScratch) {
		return
	}
	box, ok := bounds(s.points)
	if !ok {
		return
	}
	s.out.reset(box.Min.X, -box.Min.Y, box.Dx(), box.Dy())
	if box.Dx() <= maxTile && box.Dy() <= maxTile {
		s.fill(box, s.out.pix)
		return
	}
	for y := box.Min.Y; y < box.Max.Y; y += maxTile {
		for x := box.Min.X; x < box.Max.X; x += maxTile {
			r := image.Rect(x, y, x+maxTile, y+maxTile).Intersect(box)
			tile := make([]uint8, r.Dx()*r.Dy())
			s.fill(r, tile)
			for row := range r.Dy() {
				at := (y-box.Min.Y+row)*box.Dx() + x - box.Min.X
				copy(s.out.pix[at:], tile[row*r.Dx():(row+1)*r.Dx()])
			}
		}
	}
}

// flatten turns segments into closed polygons of 1/512 px, y down. It reports false if they are broken.
func (o *outlineSource) flatten(segments []opentype.Segment, phase int, s *outlineScratch) bool {
	s.points, s.contours = s.points[:0], s.contours[:0]
	shift := int32(phase * onePixel / subPhases)
	for i := range segments {
		seg := &segments[i]
		var p [3]point
		for j, arg := range seg.ArgsSlice() {
			x, okX := subPixel(arg.X, o.scaleX)
			y, okY := subPixel(arg.Y, o.scaleY)
			if !okX || !okY {
				return false
			}
			p[j] = point{x + shift, -y}
		}
		if seg.Op == opentype.SegmentOpMoveTo {
			s.contours = append(s.contours, len(s.points))
			s.points = append(s.points, p[0])
			continue
		}
		if len(s.points) == 0 {
			return false // a line from nowhere
		}
		from := s.points[len(s.points)-1]
		switch seg.Op {
		case opentype.SegmentOpLineTo:
			s.points = append(s.points, p[0])
		case opentype.SegmentOpQuadTo:
			s.points = appendQuad(s.points, from, p[0], p[1])
		case opentype.SegmentOpCubeTo:
			s.points = appendCube(s.points, from, p[0], p[1], p[2])
		}
		if len(s.points) > maxPoints {
			return false
		}
	}
	return true
}

// subPixel returns v scaled and rounded, bounded to maxSubPixel on either side. It reports false if v is not a number.
func subPixel(v float32, scale float64) (int32, bool) {
	f := float64(v) * scale
	switch {
	case f != f:
		return 0, false
	case f > maxSubPixel:
		return maxSubPixel, true
	case f < -maxSubPixel:
		return -maxSubPixel, true
	}
	// The conversion keeps the product from being fused with the sum.
	return int32(math.Floor(float64(f) + 0.5)), true
}

// A curve of degree d is within d(d-1)/8 · M/n² of n chords at equal steps, where M is the largest second difference
// of its control points (Wang's formula). The steps are a power of two, for exact division by shifts, and few enough
// that a curve is within 1/32 px of its chords: less than half a coverage level along a pixel's edge.
const flatness = onePixel / 32

// steps returns the base-2 logarithm of how many chords a curve needs; deviation is d(d-1)·M, in 1/512 px.
func steps(deviation int64) uint {
	n := uint(0)
	for n < 8 && deviation > 8*flatness<<(2*n) {
		n++
	}
	return n
}

func appendQuad(dst []point, a, b, c point) []point {
	ax, ay, bx, by, cx, cy := int64(a.x), int64(a.y), int64(b.x), int64(b.y), int64(c.x), int64(c.y)
	k := steps(2 * max(abs(ax-2*bx+cx), abs(ay-2*by+cy)))
	n := int64(1) << k
	half := n * n / 2
	for t := int64(1); t < n; t++ {
		u := n - t
		wa, wb, wc := u*u, 2*u*t, t*t
		dst = append(dst, point{
			int32((wa*ax + wb*bx + wc*cx + half) >> (2 * k)),
			int32((wa*ay + wb*by + wc*cy + half) >> (2 * k)),
		})
	}
	return append(dst, c)
}

func appendCube(dst []point, a, b, c, d point) []point {
	ax, ay, bx, by := int64(a.x), int64(a.y), int64(b.x), int64(b.y)
	cx, cy, dx, dy := int64(c.x), int64(c.y), int64(d.x), int64(d.y)
	k := steps(6 * max(abs(ax-2*bx+cx), abs(ay-2*by+cy), abs(bx-2*cx+dx), abs(by-2*cy+dy)))
	n := int64(1) << k
	half := n * n * n / 2
	for t := int64(1); t < n; t++ {
		u := n - t
		wa, wb, wc, wd := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		dst = append(dst, point{
			int32((wa*ax + wb*bx + wc*cx + wd*dx + half) >> (3 * k)),
			int32((wa*ay + wb*by + wc*cy + wd*dy + half) >> (3 * k)),
		})
	}
	return append(dst, d)
}

func abs(v int64) int64 { return max(v, -v) }

// bounds returns the px that the points span, y down, cut to maxReach around the pen. It reports false if that is
// nothing, or the way along them is beyond maxTravel.
func bounds(points []point) (image.Rectangle, bool) {
	if len(points) == 0 {
		return image.Rectangle{}, false
	}
	lo, hi, last := points[0], points[0], points[0]
	var travel int64
	for _, p := range points[1:] {
		travel += abs(int64(p.x-last.x)) + abs(int64(p.y-last.y))
		last = p
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	if travel > maxTravel*onePixel {
		return image.Rectangle{}, false
	}
	const up = onePixel - 1
	box := image.Rect(
		int(lo.x>>subPixelBits), int(lo.y>>subPixelBits),
		int((hi.x+up)>>subPixelBits), int((hi.y+up)>>subPixelBits),
	).Intersect(image.Rect(-maxReach, -maxReach, maxReach, maxReach))
	return box, !box.Empty()
}

// fill rasterises the part of the polygons that is in r, whose sides are at most maxTile, into pix. Areas are filled by
// the non-zero winding rule.
func (s *outlineScratch) fill(r image.Rectangle, pix []uint8) {
	z := &s.raster
	z.Reset(r.Dx(), r.Dy())
	z.DrawOp = draw.Src
	dx, dy := int32(r.Min.X*onePixel), int32(r.Min.Y*onePixel)
	at := func(p point) (x, y float32) { // exact: the values have less than 24 bits
		return float32(p.x-dx) / onePixel, float32(p.y-dy) / onePixel
	}
	for i, start := range s.contours {
		end := len(s.points)
		if i+1 < len(s.contours) {
			end = s.contours[i+1]
		}
		z.MoveTo(at(s.points[start]))
		for _, p := range s.points[start+1 : end] {
			z.LineTo(at(p))
		}
		z.ClosePath()
	}
	s.tile = image.Alpha{Pix: pix, Stride: r.Dx(), Rect: image.Rectangle{Max: r.Size()}}
	z.Draw(&s.tile, s.tile.Rect, image.Opaque, image.Point{})
	s.tile.Pix = nil
}
