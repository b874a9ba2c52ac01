package png

import (
	"encoding/binary"
	"math/bits"
)

// rowSlack is the number of bytes past a row that pack may overwrite: it
// stores whole words.
const rowSlack = 8

// everyByte times b is a word of eight bytes b.
const everyByte = 0x0101010101010101

// A packer turns rows of an Image into rows of a PNG: a filter byte (0, no
// filter: differences of packed glyph rows compress worse than the rows) and
// the pixels, depth bits each, from the most significant bit down.
type packer struct {
	depth int // bits of a pixel in the file
	size  int // bytes of a row, the filter byte included

	// last has the bits of a row's last word that lie left of Width, pad the
	// rest, filled with pixels of the lowest index used: the file's index 0.
	last, pad uint64

	// identity tells that the words of Pix are the bytes of the file.
	identity bool
	// limit is added to the pixels of a word, one in each byte, to carry into
	// the byte's top bit from those whose index is past the palette.
	limit uint64

	// table gives for a byte of Pix its pixels in the file, with foreign set
	// if the index of one is not in Used.
	table [256]uint16
}

const foreign = 1 << 15

func (p *packer) reset(m *Image) {
	colors := bits.OnesCount16(m.Used)
	switch {
	case colors <= 2:
		p.depth = 1
	case colors <= 4:
		p.depth = 2
	default:
		p.depth = 4
	}
	p.size = 1 + (m.Width*p.depth+7)/8

	lowest := uint64(bits.TrailingZeros16(m.Used))
	p.last = ^uint64(0) << (-uint(m.Width*m.Bits) % 64)
	p.pad = 0
	for s := 0; s < 64; s += m.Bits {
		p.pad |= lowest << s
	}
	p.pad &^= p.last

	switch {
	case m.Bits == 4 && p.depth == 4 && m.Used&(m.Used+1) == 0:
		p.identity, p.limit = true, uint64(0x80-colors)*everyByte
	case m.Bits == 1 && colors == 2:
		p.identity, p.limit = true, 0 // no index of one bit is past two colours
	default:
		p.identity = false
		p.fillTable(m)
	}
}

func (p *packer) fillTable(m *Image) {
	for b := range p.table {
		var out, bad uint16
		for s := 8 - m.Bits; s >= 0; s -= m.Bits {
			index := b >> s & (1<<m.Bits - 1)
			if m.Used>>index&1 == 0 {
				bad = foreign
			}
			out = out<<p.depth | uint16(bits.OnesCount16(m.Used&(1<<index-1)))
		}
		p.table[b] = out | bad
	}
}

// pack writes row y of m to dst, which has rowSlack bytes more than the row.
// It reports whether every index of the row is in m.Used.
func (p *packer) pack(dst []byte, m *Image, y int) bool {
	src := m.Pix[y*m.Stride:][:m.rowWords()]
	dst[0] = 0
	if p.identity {
		return p.copyRow(dst[1:], src)
	}
	return p.mapRow(dst[1:], src, 8*p.depth/m.Bits)
}

func (p *packer) copyRow(dst []byte, src []uint64) bool {
	const low = 0x0f * everyByte
	last := len(src) - 1
	var over uint64
	limit := p.limit
	for i, w := range src {
		if i == last {
			w &= p.last
		}
		over |= (w&low + limit) | (w>>4&low + limit)
		binary.BigEndian.PutUint64(dst[8*i:8*i+8], w)
	}
	return over&(0x80*everyByte) == 0
}

// mapRow packs a row by table; step is the number of bits of the file that a
// byte of src becomes: 2, 4 or 8.
func (p *packer) mapRow(dst []byte, src []uint64, step int) bool {
	t := &p.table
	last := len(src) - 1
	var seen uint16
	var before, out uint64
	for i, w := range src {
		if i == last {
			w = w&p.last | p.pad
		}
		// Most words are the same as the one before: background.
		if w != before || i == 0 {
			before = w
			t0, t1, t2, t3 := t[w>>56], t[w>>48&0xff], t[w>>40&0xff], t[w>>32&0xff]
			t4, t5, t6, t7 := t[w>>24&0xff], t[w>>16&0xff], t[w>>8&0xff], t[w&0xff]
			seen |= t0 | t1 | t2 | t3 | t4 | t5 | t6 | t7
			out = (join2(t0, t1, step)<<(2*step)|join2(t2, t3, step))<<(4*step) |
				join2(t4, t5, step)<<(2*step) | join2(t6, t7, step)
			out <<= 64 - 8*step
		}
		binary.BigEndian.PutUint64(dst[step*i:step*i+8], out)
	}
	return seen&foreign == 0
}

// join2 returns the pixels of a followed by those of b.
func join2(a, b uint16, step int) uint64 {
	return uint64(uint8(a))<<step | uint64(uint8(b))
}
