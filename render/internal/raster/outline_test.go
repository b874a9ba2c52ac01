package raster

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/glyphkit/glyph/render/internal/tables"
	"github.com/go-text/typesetting/font/opentype"
)

// path builds an outline in font units, y up.
type path []opentype.Segment

func (p *path) add(op opentype.SegmentOp, xy ...float32) {
	s := opentype.Segment{Op: op}
	for i := range xy {
		if i%2 == 0 {
			s.Args[i/2].X = xy[i]
		} else {
			s.Args[i/2].Y = xy[i]
		}
	}
	*p = append(*p, s)
}

func (p *path) polygon(xy ...float32) {
	p.add(opentype.SegmentOpMoveTo, xy[:2]...)
	for i := 2; i < len(xy); i += 2 {
		p.add(opentype.SegmentOpLineTo, xy[i:i+2]...)
	}
}

// rendered draws a path with 1 unit = 1 px.
func rendered(p path, phase int) *coverage {
	o := &outlineSource{scaleX: onePixel, scaleY: onePixel}
	var s scratch
	o.render(p, phase, &s)
	return &s.out
}

func (c *coverage) at(x, y int) int { // y up, row 0 is the one above the baseline
	col, row := x-c.left, c.top-1-y
	if col < 0 || row < 0 || col >= c.width || row >= c.height {
		return 0
	}
	return int(c.pix[row*c.width+col])
}

func TestOutlineCoverage(t *testing.T) {
	// A box from 1.5 to 3.25 px across and from -0.5 to 2 px up.
	var box path
	box.polygon(1.5, -0.5, 3.25, -0.5, 3.25, 2, 1.5, 2)
	for phase := range 4 {
		c := rendered(box, phase)
		x0, x1 := 1.5+float64(phase)/4, 3.25+float64(phase)/4
		for y := -2; y < 4; y++ {
			up := max(0, min(float64(y+1), 2)-max(float64(y), -0.5))
			for x := -1; x < 6; x++ {
				across := max(0, min(float64(x+1), x1)-max(float64(x), x0))
				if want := 255 * up * across; math.Abs(float64(c.at(x, y))-want) > 1 {
					t.Errorf("phase %d: pixel %d,%d is covered by %d, want %.1f", phase, x, y, c.at(x, y), want)
				}
			}
		}
	}
}

// Where contours that turn the same way overlap, as in many variable fonts, nothing is knocked out; one that turns the
// other way makes a hole.
func TestOutlineWinding(t *testing.T) {
	var p path
	p.polygon(0, 0, 6, 0, 6, 6, 0, 6)
	p.polygon(2, 2, 8, 2, 8, 8, 2, 8)
	if got := rendered(p, 0).at(4, 4); got != 255 {
		t.Errorf("overlap is covered by %d, want 255", got)
	}
	p = nil
	p.polygon(0, 0, 6, 0, 6, 6, 0, 6)
	p.polygon(2, 2, 2, 4, 4, 4, 4, 2)
	if got := rendered(p, 0).at(3, 3); got != 0 {
		t.Errorf("hole is covered by %d, want 0", got)
	}
}

// A circle of quadratic or cubic curves has the area of a circle, small or large.
func TestOutlineCurves(t *testing.T) {
	const (
		cubic = 0.5522847498 // control arm of a quarter circle; the area is within 0.03 %
		oct   = 0.4142135624 // tan(45°/2), of an eighth by a quadratic; within 0.5 %
	)
	for _, r := range []float64{0.7, 3, 40, 450, 900} { // the last ones are drawn in tiles
		var cubes, quads path
		at := func(x, y float64) (float32, float32) { return float32(r * (x + 1.1)), float32(r * (y + 0.05)) }
		add := func(p *path, op opentype.SegmentOp, xy ...float64) {
			var units []float32
			for i := 0; i < len(xy); i += 2 {
				x, y := at(xy[i], xy[i+1])
				units = append(units, x, y)
			}
			p.add(op, units...)
		}
		add(&cubes, opentype.SegmentOpMoveTo, 1, 0)
		add(&cubes, opentype.SegmentOpCubeTo, 1, cubic, cubic, 1, 0, 1)
		add(&cubes, opentype.SegmentOpCubeTo, -cubic, 1, -1, cubic, -1, 0)
		add(&cubes, opentype.SegmentOpCubeTo, -1, -cubic, -cubic, -1, 0, -1)
		add(&cubes, opentype.SegmentOpCubeTo, cubic, -1, 1, -cubic, 1, 0)
		add(&quads, opentype.SegmentOpMoveTo, 1, 0)
		for i := range 8 {
			mid, end := math.Pi/8*float64(2*i+1), math.Pi/8*float64(2*i+2)
			arm := math.Hypot(1, oct)
			add(&quads, opentype.SegmentOpQuadTo, arm*math.Cos(mid), arm*math.Sin(mid), math.Cos(end), math.Sin(end))
		}
		for name, p := range map[string]path{"cubic": cubes, "quadratic": quads} {
			c := rendered(p, 1)
			var sum float64
			for _, v := range c.pix {
				sum += float64(v) / 255
			}
			if r == 900 {
				continue // reaches further than is drawn; it must only not fail
			}
			// Allow for the curve's own error, and for 2/3 of the flatness, a parabola's share of its box, along it.
			area, flat := math.Pi*r*r, 2*math.Pi*r*2/3*flatness/onePixel
			if math.Abs(sum-area) > 0.005*area+flat {
				t.Errorf("%s circle of %g px: area %.2f, want %.2f", name, r, sum, area)
			}
		}
	}
}

func TestOutlineTilesJoin(t *testing.T) {
	var p path
	p.polygon(-700, -300, 800, -300, 800, 900, -700, 900)
	c := rendered(p, 0)
	if c.width != 1500 || c.height != 1200 || c.left != -700 || c.top != 900 {
		t.Fatalf("box is %dx%d at %d,%d, want 1500x1200 at -700,900", c.width, c.height, c.left, c.top)
	}
	for i, v := range c.pix {
		if v != 255 {
			t.Fatalf("pixel %d,%d is covered by %d, want 255", i%c.width, i/c.width, v)
		}
	}
}

func TestOutlineBroken(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	var infinite, huge, lineFirst, notANumber path
	infinite.polygon(-inf, -inf, inf, -inf, inf, inf, -inf, inf)
	huge.polygon(-3e38, -3e38, 3e38, -3e38, 3e38, 3e38, -3e38, 3e38)
	lineFirst.add(opentype.SegmentOpLineTo, 5, 5)
	notANumber.polygon(0, 0, 5, 0, nan, 5)
	var knot path // would take seconds to draw
	knot.add(opentype.SegmentOpMoveTo, 0, 0)
	for i := range maxPoints - 1 {
		sign := float32(1 - 2*(i%2))
		knot.add(opentype.SegmentOpLineTo, sign*3e4, sign*2e4)
	}
	for name, test := range map[string]struct {
		p    path
		want int // px a side
	}{
		"empty":        {nil, 0},
		"infinite":     {infinite, 2 * maxReach},
		"huge":         {huge, 2 * maxReach},
		"line first":   {lineFirst, 0},
		"not a number": {notANumber, 0},
		"knot":         {knot, 0},
	} {
		if c := rendered(test.p, 3); c.width != test.want || c.height != test.want {
			t.Errorf("%s: drawn as %dx%d px, want %d a side", name, c.width, c.height, test.want)
		}
	}
}

// Whatever the segments, drawing ends, stays within reach and is the same again.
func FuzzOutline(f *testing.F) {
	var seed []byte
	for _, v := range []float32{0, 0, 3, 0, 1e30, -7, 0.001, 4, 5, -1e6, 2} {
		seed = binary.LittleEndian.AppendUint32(append(seed, byte(len(seed))), math.Float32bits(v))
	}
	f.Add(seed, byte(1))
	f.Add([]byte{}, byte(0))
	f.Fuzz(func(t *testing.T, data []byte, phase byte) {
		var p path
		for len(data) > 0 && len(p) < 100 {
			op := opentype.SegmentOp(data[0] % 4)
			data = data[1:]
			var xy []float32
			for range []int{2, 2, 4, 6}[op] {
				if len(data) >= 4 {
					xy = append(xy, math.Float32frombits(binary.LittleEndian.Uint32(data)))
					data = data[4:]
				}
			}
			p.add(op, xy...)
		}
		a := rendered(p, int(phase%4))
		if a.left < -maxReach || a.left+a.width > maxReach || a.top > maxReach || a.top-a.height < -maxReach {
			t.Fatalf("%dx%d px at %d,%d reach further than %d px", a.width, a.height, a.left, a.top, maxReach)
		}
		b := rendered(p, int(phase%4))
		if string(a.pix) != string(b.pix) {
			t.Fatal("drawn twice, the same outline differs")
		}
	})
}

// A font whose tables cannot be read is an error, and the next glyph too: no
// lock stays taken.
func TestBrokenTables(t *testing.T) {
	f := newFont(&outlineSource{name: "lato"}, smooth(9), false)
	for range 2 {
		m, err := f.Mask(7, 0)
		if broken, ok := errors.AsType[*tables.BrokenError](err); m != nil || !ok || broken.Font != "lato" {
			t.Errorf("%v, %v", m, err)
		}
	}
}
