package raster

import (
	"math/rand/v2"
	"testing"
)

// plain is the slow, obvious canvas that Canvas must equal: an index a pixel.
type plain struct {
	width, height int
	pix           []uint8
}

func newPlain(width, height int) *plain {
	return &plain{width, height, make([]uint8, width*height)}
}

func (p *plain) at(x, y int) *uint8 {
	if x < 0 || y < 0 || x >= p.width || y >= p.height {
		return new(uint8)
	}
	return &p.pix[y*p.width+x]
}

func (p *plain) fill(x0, y0, x1, y1 int, index uint8) {
	for y := max(y0, 0); y < min(y1, p.height); y++ {
		for x := max(x0, 0); x < min(x1, p.width); x++ {
			*p.at(x, y) = index
		}
	}
}

func (p *plain) draw(m *Mask, depth, x, y, yMin, yMax int) {
	for row := range m.Height {
		for col := range m.Width {
			if at := y - m.Top + row; at >= yMin && at < yMax {
				d := p.at(x+m.Left+col, at)
				*d = max(*d, maskAt(m, depth, col, row))
			}
		}
	}
}

func (p *plain) inkBounds(background uint16) (x0, y0, x1, y1 int, ok bool) {
	x0, y0 = p.width, p.height
	for y := range p.height {
		for x := range p.width {
			if background>>*p.at(x, y)&1 == 0 {
				x0, y0, x1, y1, ok = min(x0, x), min(y0, y), max(x1, x+1), y+1, true
			}
		}
	}
	if !ok {
		return 0, 0, 0, 0, false
	}
	return x0, y0, x1, y1, true
}

func maskAt(m *Mask, depth, x, y int) uint8 {
	bit := x * depth
	return uint8(m.Rows[y*m.Words+bit/64]>>(64-depth-bit%64)) & (1<<depth - 1)
}

// randomMask returns a mask of up to 40 px a side, cropped as a Font's are.
func randomMask(rnd *rand.Rand, depth int) *Mask {
	var c coverage
	c.reset(rnd.IntN(9)-4, rnd.IntN(40)-10, rnd.IntN(41), rnd.IntN(41))
	if rnd.IntN(2) == 0 {
		c.reset(c.left, c.top, c.width%12, c.height%12) // the one-word path needs small ones
	}
	ink := rnd.IntN(4)
	for i := range c.pix {
		c.pix[i] = 0
		if rnd.IntN(4) <= ink {
			c.pix[i] = uint8(rnd.IntN(256))
		}
	}
	var lut [256]uint8
	for i := range lut {
		lut[i] = uint8(i >> (8 - depth))
	}
	return newMask(&c, &lut, depth)
}

// run draws a random page on c and on the plain canvas and fails if any pixel, any padding or any answer differs.
func run(t *testing.T, rnd *rand.Rand, c *Canvas) {
	t.Helper()
	depth := []int{1, 4}[rnd.IntN(2)]
	width, height := rnd.IntN(150), rnd.IntN(60)
	c.Reset(width, height, depth)
	want := newPlain(width, height)
	position := func(n int) int { return rnd.IntN(n+100) - 50 }
	for range rnd.IntN(30) {
		x, y := position(width), position(height)
		switch rnd.IntN(5) {
		case 0:
			x1, y1, index := x+rnd.IntN(60)-5, y+rnd.IntN(20)-5, uint8(rnd.IntN(1<<depth))
			c.Fill(x, y, x1, y1, index)
			want.fill(x, y, x1, y1, index)
		case 1:
			m, yMin := randomMask(rnd, depth), position(height)
			yMax := yMin + rnd.IntN(30) - 3
			c.DrawClipped(m, x, y, yMin, yMax)
			want.draw(m, depth, x, y, yMin, yMax)
		default:
			m := randomMask(rnd, depth)
			c.Draw(m, x, y)
			want.draw(m, depth, x, y, 0, height)
		}
	}

	used := uint16(1)
	for y := range height {
		for x := range width {
			got, want := c.At(x, y), *want.at(x, y)
			if got != want {
				t.Fatalf("%d bits, pixel %d,%d of %dx%d is %d, want %d", depth, x, y, width, height, got, want)
			}
			used |= 1 << want
		}
		if c.Stride > 0 {
			if padding := c.Pix[(y+1)*c.Stride-1] &^ c.lastWord(); padding != 0 {
				t.Fatalf("%d bits, row %d of %dx%d has ink right of the canvas: %x", depth, y, width, height, padding)
			}
		}
	}
	if used&^c.Used != 0 {
		t.Fatalf("Used is %016b, but the canvas has %016b", c.Used, used)
	}
	for _, background := range []uint16{1, 2, 3, uint16(rnd.IntN(1 << 16)), 0, 0xffff} {
		x0, y0, x1, y1, ok := c.InkBounds(background)
		wx0, wy0, wx1, wy1, wok := want.inkBounds(background)
		if x0 != wx0 || y0 != wy0 || x1 != wx1 || y1 != wy1 || ok != wok {
			t.Fatalf("%d bits, %dx%d, InkBounds(%016b) = %d,%d-%d,%d %v, want %d,%d-%d,%d %v", depth, width, height,
				background, x0, y0, x1, y1, ok, wx0, wy0, wx1, wy1, wok)
		}
	}
}

func TestCanvasEqualsPlain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var c Canvas // reused, so that Reset has something to clear
	for range 3000 {
		run(t, rnd, &c)
	}
}

func FuzzCanvas(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		run(t, rand.New(rand.NewPCG(a, b)), new(Canvas))
	})
}

// Every pair of nibbles, in every lane.
func TestMax4(t *testing.T) {
	for a := range uint64(16) {
		for b := range uint64(16) {
			for lane := 0; lane < 64; lane += 4 {
				// Neighbours that tempt a carry or a borrow.
				for _, rest := range [][2]uint64{{0, 0}, {^uint64(0), 0}, {0, ^uint64(0)}, {^uint64(0), ^uint64(0)}} {
					keep := ^(uint64(15) << lane)
					got := max4(rest[0]&keep|a<<lane, rest[1]&keep|b<<lane)
					want := (rest[0]|rest[1])&keep | max(a, b)<<lane
					if got != want {
						t.Fatalf("max4 of %x and %x in lane %d beside %x: got %x, want %x", a, b, lane/4, rest, got, want)
					}
				}
			}
		}
	}
}

// Text on a 1568x728 px page should not leave any pixel behind when the canvas is used for the next, smaller page.
func TestResetReusesMemory(t *testing.T) {
	var c Canvas
	c.Reset(1000, 100, 4)
	c.Fill(0, 0, 1000, 100, 15)
	before := &c.Pix[0]
	c.Reset(999, 90, 1)
	if &c.Pix[0] != before {
		t.Error("a smaller canvas did not reuse the memory")
	}
	if _, _, _, _, ok := c.InkBounds(1); ok {
		t.Error("the canvas has ink of the page before")
	}
	if c.Used != 1 {
		t.Errorf("Used is %b, want only index 0", c.Used)
	}
}
