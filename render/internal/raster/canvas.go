package raster

import "math/bits"

// Canvas is a page of pixels, each a palette index of 1 or 4 bits, packed in words.
//
// The zero value has no pixels; call [Canvas.Reset] first. A Canvas is for one goroutine at a time.
type Canvas struct {
	Width, Height int // px
	Bits          int // bits a pixel, 1 or 4
	Stride        int // words a row
	// Pix holds Height rows of Stride words. The leftmost pixel of a word is in its most significant bits. Pixels to the
	// right of Width, which fill up a row's last word, are always 0.
	Pix []uint64
	// Used has bit i set if index i may be on the canvas. It is a superset: an index that was drawn over stays in it.
	Used uint16
}

// Reset makes the canvas width by height px of bits (1 or 4) a pixel, all of index 0. It reuses the memory of Pix.
// The caller bounds the size: a canvas takes width*height*bits/8 bytes. It panics if bits is not 1 or 4 or a side is
// negative.
func (c *Canvas) Reset(width, height, bits int) {
	if bits != 1 && bits != 4 || width < 0 || height < 0 {
		panic("raster: a canvas has 1 or 4 bits a pixel and sides of 0 px or more")
	}
	stride := (width*bits + 63) / 64
	n := stride * height
	if n <= cap(c.Pix) {
		c.Pix = c.Pix[:n]
		clear(c.Pix)
	} else {
		c.Pix = make([]uint64, n)
	}
	c.Width, c.Height, c.Bits, c.Stride, c.Used = width, height, bits, stride, 1
}

// At returns the index of the pixel in column x and row y, which must lie on the canvas.
func (c *Canvas) At(x, y int) uint8 {
	bit := x * c.Bits
	return uint8(c.Pix[y*c.Stride+bit>>6] >> (64 - c.Bits - bit&63) & (1<<c.Bits - 1))
}

// Fill sets the pixels with x0 <= x < x1 and y0 <= y < y1 that lie on the canvas to index, whatever was there.
// The index must fit the canvas's bits.
func (c *Canvas) Fill(x0, y0, x1, y1 int, index uint8) {
	x0, y0 = max(x0, 0), max(y0, 0)
	x1, y1 = min(x1, c.Width), min(y1, c.Height)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	c.Used |= 1 << index
	pattern := c.repeat(index)
	b0, b1 := x0*c.Bits, x1*c.Bits
	w0, w1 := b0>>6, (b1-1)>>6
	head := ^uint64(0) >> (b0 & 63)
	tail := ^uint64(0) << (63 - (b1-1)&63)
	if w0 == w1 {
		head &= tail
		tail = head
	}
	for y := y0; y < y1; y++ {
		row := c.Pix[y*c.Stride+w0 : y*c.Stride+w1+1]
		for i := 1; i < len(row)-1; i++ {
			row[i] = pattern
		}
		row[0] = row[0]&^head | pattern&head
		row[len(row)-1] = row[len(row)-1]&^tail | pattern&tail
	}
}

// Draw puts a mask with its pen in column x and its baseline on the upper edge of row y, clipped to the canvas. Each
// pixel becomes the larger of its index and the mask's (with 1 bit: ink if either is). The mask must come from a [Font]
// with the canvas's Bits.
func (c *Canvas) Draw(m *Mask, x, y int) {
	left, top := x+m.Left, y-m.Top
	if m.Words != 1 || left < 0 || top < 0 || left+m.Width > c.Width || top+m.Height > c.Height {
		c.draw(m, left, top, 0, c.Height)
		return
	}
	c.Used |= m.Used
	bit := left * c.Bits
	shift := uint(bit) & 63
	pix := c.Pix[top*c.Stride+bit>>6:]
	fits := int(shift)+m.Width*c.Bits <= 64
	switch {
	case c.Bits == 4 && fits:
		draw4(pix, c.Stride, m, shift)
	case c.Bits == 4:
		draw4Across(pix, c.Stride, m, shift)
	case fits && cap(m.Rows) == smallRows && top+smallRows <= c.Height:
		draw1Small(pix, c.Stride, m, shift)
	case fits:
		for i, v := range m.Rows {
			pix[i*c.Stride] |= v >> shift
		}
	default:
		for i, v := range m.Rows {
			d := pix[i*c.Stride:][:2]
			d[0] |= v >> shift
			d[1] |= v << (64 - shift)
		}
	}
}

// draw4 draws a mask of one word a row from bit shift of pix[0] down, in which it ends. Where the mask's box is empty,
// which in text it nearly always is, a plain OR gives the larger index.
func draw4(pix []uint64, stride int, m *Mask, shift uint) {
	shift &= 63 // tells the compiler that no shift below is over 63
	box := ^uint64(0) << (-uint(m.Width) * 4 & 63) >> shift
	at := 0
	for _, v := range m.Rows {
		if d := pix[at]; d&box == 0 {
			pix[at] = d | v>>shift
		} else {
			pix[at] = max4(d, v>>shift)
		}
		at += stride
	}
}

// draw4Across is draw4 of a mask that ends in the word to the right.
func draw4Across(pix []uint64, stride int, m *Mask, shift uint) {
	back := (64 - shift) & 63 // shift is not 0 here
	shift &= 63
	box := ^uint64(0) << (-uint(m.Width) * 4 & 63)
	left, right := box>>shift, box<<back
	at := 0
	for _, v := range m.Rows {
		d := pix[at:][:2]
		if d[0]&left|d[1]&right == 0 {
			d[0] |= v >> shift
			d[1] |= v << back
		} else {
			d[0] = max4(d[0], v>>shift)
			d[1] = max4(d[1], v<<back)
		}
		at += stride
	}
}

// draw1Small draws a 1-bit mask of up to smallRows words within the words from pix[0] down. It draws the mask's empty
// rows too: the processor does that sooner than it recovers from guessing their number wrong.
func draw1Small(pix []uint64, stride int, m *Mask, shift uint) {
	shift &= 63
	r := (*[smallRows]uint64)(m.Rows[:smallRows])
	pix = pix[:7*stride+1]
	pix[0] |= r[0] >> shift
	pix[stride] |= r[1] >> shift
	pix[2*stride] |= r[2] >> shift
	pix[3*stride] |= r[3] >> shift
	pix[4*stride] |= r[4] >> shift
	pix[5*stride] |= r[5] >> shift
	pix[6*stride] |= r[6] >> shift
	pix[7*stride] |= r[7] >> shift
}

// DrawClipped is [Canvas.Draw] of only the canvas's rows with yMin <= row < yMax.
func (c *Canvas) DrawClipped(m *Mask, x, y, yMin, yMax int) {
	c.draw(m, x+m.Left, y-m.Top, max(yMin, 0), min(yMax, c.Height))
}

// draw puts the mask's upper left pixel at column left of row top. It writes no row outside yMin <= row < yMax, which
// must be rows of the canvas.
func (c *Canvas) draw(m *Mask, left, top, yMin, yMax int) {
	if left >= c.Width || left+m.Width <= 0 || c.Width == 0 {
		return
	}
	yMin, yMax = max(yMin, top), min(yMax, top+m.Height)
	if yMin >= yMax {
		return
	}
	c.Used |= m.Used
	bit := left * c.Bits
	word, shift := bit>>6, uint(bit)&63 // rounded down, so a negative left is a word of -1 and a shift from there
	keep := c.lastWord()
	for y := yMin; y < yMax; y++ {
		dst := c.Pix[y*c.Stride : (y+1)*c.Stride]
		src := m.Rows[(y-top)*m.Words : (y-top+1)*m.Words]
		for i, v := range src {
			k := word + i
			if uint(k) < uint(len(dst)) {
				dst[k] = c.combine(dst[k], v>>shift)
			}
			// A shift by 64 gives 0 in Go.
			if k++; uint(k) < uint(len(dst)) {
				dst[k] = c.combine(dst[k], v<<(64-shift))
			}
		}
		dst[len(dst)-1] &= keep
	}
}

func (c *Canvas) combine(d, s uint64) uint64 {
	if c.Bits == 1 {
		return d | s
	}
	return max4(d, s)
}

// max4 returns the larger of each of the 16 nibbles of a and b.
func max4(a, b uint64) uint64 {
	const top = 0x8888888888888888
	// The lower three bits compare by a subtraction that cannot borrow from the next nibble. The top bits decide if they
	// differ, else the comparison of the lower ones does.
	lower := (a | top) - b&^top
	differ := a ^ b
	ge := (a&differ | lower&^differ) & top
	mask := ge<<1 - ge>>3 // 1000 in a nibble becomes 1111
	return b ^ differ&mask
}

// InkBounds returns the smallest box x0 <= x < x1, y0 <= y < y1 around the pixels whose index is not in background, a
// set with bit i for index i. It returns ok false if there are none.
func (c *Canvas) InkBounds(background uint16) (x0, y0, x1, y1 int, ok bool) {
	y0, y1 = c.Height, 0
	// Words of a row that can still widen the box: those up to the leftmost ink, and those from the rightmost.
	first, last := c.Stride, -1
	var firstInk, lastInk uint64 // ink in these two words, over all rows
	ink := newInkTest(c, background)
	for y := range c.Height {
		row := c.Pix[y*c.Stride : (y+1)*c.Stride]
		a := 0
		for a < len(row) && ink.of(row, a) == 0 {
			a++
		}
		if a == len(row) {
			continue
		}
		b := len(row) - 1
		for ink.of(row, b) == 0 {
			b--
		}
		y0, y1 = min(y0, y), y+1
		switch {
		case a < first:
			first, firstInk = a, ink.of(row, a)
		case a == first:
			firstInk |= ink.of(row, a)
		}
		switch {
		case b > last:
			last, lastInk = b, ink.of(row, b)
		case b == last:
			lastInk |= ink.of(row, b)
		}
	}
	if last < 0 {
		return 0, 0, 0, 0, false
	}
	x0 = (first*64 + bits.LeadingZeros64(firstInk)) / c.Bits
	x1 = (last*64+63-bits.TrailingZeros64(lastInk))/c.Bits + 1
	return x0, y0, x1, y1, true
}

// inkTest finds the pixels of a word that are not background.
type inkTest struct {
	bits       int
	background []uint64 // a word full of each background index
	buf        [16]uint64
	keep       uint64 // the pixels of a row's last word that are left of the canvas's width
}

func newInkTest(c *Canvas, background uint16) *inkTest {
	t := &inkTest{bits: c.Bits, keep: c.lastWord()}
	t.background = t.buf[:0]
	for i := range uint8(1) << c.Bits {
		if background>>i&1 != 0 {
			t.background = append(t.background, c.repeat(i))
		}
	}
	return t
}

// of returns row[i] with some bit set in each pixel that is ink, and none in the others.
func (t *inkTest) of(row []uint64, i int) uint64 {
	w, ink := row[i], ^uint64(0)
	for _, b := range t.background {
		differ := w ^ b
		if differ == 0 {
			return 0
		}
		if t.bits == 4 {
			differ |= differ >> 1 & 0x7777777777777777
			differ |= differ >> 2 & 0x3333333333333333
			differ = differ & 0x1111111111111111 * 15
		}
		ink &= differ
	}
	if i == len(row)-1 {
		ink &= t.keep
	}
	return ink
}

// repeat returns a word of which every pixel has the index.
func (c *Canvas) repeat(index uint8) uint64 {
	if c.Bits == 1 {
		return -uint64(index & 1)
	}
	return uint64(index&15) * 0x1111111111111111
}

// lastWord returns a word that is all ones in the pixels of a row's last word that belong to the canvas.
func (c *Canvas) lastWord() uint64 {
	return ^uint64(0) << (-(c.Width * c.Bits) & 63)
}
