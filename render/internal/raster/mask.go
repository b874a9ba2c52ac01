package raster

// Mask is a glyph ready to be drawn: the palette index of every pixel of its ink's box. It is immutable.
type Mask struct {
	// Left is the column of the leftmost pixel, counted from the pixel column in which the pen is; Top is how many
	// rows of the mask lie above the baseline. The baseline is the edge between two rows: drawn at row y, it is the
	// upper edge of row y, and the mask's first row is row y-Top. Both are in px and may be negative.
	Left, Top     int
	Width, Height int // px; both 0 for a blank glyph
	Words         int // words a row
	// Rows holds Height rows of Words words, the leftmost pixel in the most significant bits, the rest of the last word 0.
	Rows []uint64
	Used uint16 // bit i is set if index i > 0 occurs
}

// blank is the mask of every glyph without ink.
var blank = &Mask{}

// coverage is a glyph as a source draws it: how much of each pixel is ink, from 0 to 255. It is reused from glyph to
// glyph.
type coverage struct {
	left, top     int // as in Mask
	width, height int
	pix           []uint8 // height rows of width
}

// reset makes the coverage width by height, of undefined content.
func (c *coverage) reset(left, top, width, height int) {
	c.left, c.top, c.width, c.height = left, top, width, height
	if n := width * height; n <= cap(c.pix) {
		c.pix = c.pix[:n]
	} else {
		c.pix = make([]uint8, n)
	}
}

// newMask quantises c by lut, crops it to its ink and packs it at depth (1 or 4) bits a pixel.
func newMask(c *coverage, lut *[256]uint8, depth int) *Mask {
	// Quantise in place and find the box of what is not transparent.
	x0, x1, y0, y1 := c.width, 0, c.height, 0
	var used uint16
	for y := range c.height {
		row := c.pix[y*c.width:][:c.width]
		first, last := c.width, -1
		for x, v := range row {
			index := lut[v]
			row[x] = index
			if index != 0 {
				used |= 1 << index
				first, last = min(first, x), x
			}
		}
		if last >= 0 {
			x0, x1 = min(x0, first), max(x1, last+1)
			y0, y1 = min(y0, y), y+1
		}
	}
	if used == 0 {
		return blank
	}

	words := ((x1-x0)*depth + 63) / 64
	m := allocMask(words * (y1 - y0))
	m.Left, m.Top = c.left+x0, c.top-y0
	m.Width, m.Height = x1-x0, y1-y0
	m.Words = words
	m.Used = used
	perWord := 64 / depth
	for y := y0; y < y1; y++ {
		row := c.pix[y*c.width+x0 : y*c.width+x1]
		dst := m.Rows[(y-y0)*words:][:words]
		for i := range dst {
			part := row[i*perWord : min((i+1)*perWord, len(row))]
			var w uint64
			for _, index := range part {
				w = w<<depth | uint64(index)
			}
			dst[i] = w << (64 - depth*len(part))
		}
	}
	return m
}

// smallRows is the capacity of the rows of small masks; those beyond the mask's are empty. Cells of 5x8 px and most
// letters at 9 px per em are small.
const smallRows = 8

// allocMask returns a mask with n words of rows. Those of small masks share the mask's allocation, and so mostly its
// cache line.
func allocMask(n int) *Mask {
	if n > smallRows {
		return &Mask{Rows: make([]uint64, n)}
	}
	m := &struct {
		Mask
		rows [smallRows]uint64
	}{}
	m.Rows = m.rows[:n]
	return &m.Mask
}

// size is about how many bytes the mask takes.
func (m *Mask) size() int64 { return int64(80 + cap(m.Rows)*8) }
