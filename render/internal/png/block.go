package png

import (
	"encoding/binary"
	"slices"
)

// The kinds of block, as their heads have them.
const (
	storedBlock = iota
	fixedBlock
	dynamicBlock
)

const (
	// maxStored is the largest number of bytes in a stored block.
	maxStored = 65535
	// storedCost is the size in bits of what precedes them, at most: the head,
	// up to a whole byte, and their number, twice.
	storedCost = 3 + 7 + 32
)

// block compresses the next size bytes, appends them to dst, and returns the
// extended slice. Bits that do not fill a byte are kept for the next block,
// unless this one is final.
func (d *deflater) block(dst []byte, size int, final bool) []byte {
	start := d.pos
	d.pos += size
	d.find(start, d.pos)
	d.freq.countLengths()

	d.dynamic.fit(&d.freq)
	kind, coding := dynamicBlock, &d.dynamic
	cost := 3 + d.header.fit(&d.dynamic) + d.dynamic.cost(&d.freq)
	if c := 3 + fixed.cost(&d.freq); c <= cost {
		kind, coding, cost = fixedBlock, fixed, c
	}
	if c := 8*size + (1+size/maxStored)*storedCost; c < cost {
		kind, cost = storedBlock, c
	}

	dst = slices.Grow(dst, cost/8+2*flushSize)
	w := &d.out
	w.buf, w.n = dst[len(dst):cap(dst)], 0
	if kind == storedBlock {
		w.store(d.window[start:d.pos], final)
	} else {
		w.putHead(kind, final)
		if kind == dynamicBlock {
			d.header.write(w)
		}
		d.write(start, coding)
	}
	if final {
		w.align()
	}
	dst = dst[:len(dst)+w.n]
	w.buf = nil
	return dst
}

// putHead begins a block.
func (w *bitWriter) putHead(kind int, final bool) {
	if final {
		w.put(1, 1)
	} else {
		w.put(0, 1)
	}
	w.put(uint64(kind), 2)
}

// store writes p as stored blocks.
func (w *bitWriter) store(p []byte, final bool) {
	for {
		n := min(len(p), maxStored)
		w.putHead(storedBlock, final && n == len(p))
		w.align()
		w.put(uint64(n)|uint64(^uint16(n))<<16, 32)
		w.n += copy(w.buf[w.n:], p[:n])
		p = p[n:]
		if len(p) == 0 {
			return
		}
	}
}

// write writes the sequences of the block that begins at start in c, and its
// end.
func (d *deflater) write(start int, c *coding) {
	// The code of each length less 3, with its extra bits.
	var lengths [256]code
	for l := range lengths {
		s := lengthSymbol[l]
		bits, size := c.literals[firstLength+int(s)].split()
		bits, size = push(bits, size, uint64(l)-uint64(lengthBase[s]), uint(lengthExtra[s]))
		lengths[l] = join(bits, size)
	}

	w := &d.window
	literals := (*[256]code)(c.literals[:])
	out := d.out.buf
	n, acc, size := d.out.n, d.out.acc, d.out.size
	i := start
	for _, s := range d.sequences {
		// Four literals have at most 4*maxCodeBits = 56 bits.
		run := int(s.literals)
		for ; run >= 4; run -= 4 {
			v := uint32(w.load(i))
			acc, size = literals[byte(v)].push(acc, size)
			acc, size = literals[byte(v>>8)].push(acc, size)
			acc, size = literals[byte(v>>16)].push(acc, size)
			acc, size = literals[byte(v>>24)].push(acc, size)
			binary.LittleEndian.PutUint64(out[n:n+flushSize], acc)
			n += int(size / 8)
			acc, size = drop(acc, size)
			i += 4
		}
		// The up to three that are left without a branch, which would be
		// guessed wrong more often than not: all three, cut off after run.
		v := uint32(w.load(i))
		var sizes [4]uint
		var bits uint64
		bits, sizes[1] = literals[byte(v)].push(0, 0)
		bits, sizes[2] = literals[byte(v>>8)].push(bits, sizes[1])
		bits, sizes[3] = literals[byte(v>>16)].push(bits, sizes[2])
		keep := sizes[run&3]
		acc, size = push(acc, size, bits&(1<<(keep%64)-1), keep)
		binary.LittleEndian.PutUint64(out[n:n+flushSize], acc)
		n += int(size / 8)
		acc, size = drop(acc, size)
		i += run

		if s.length == 0 {
			break
		}
		// A match has at most 14+5+14+13 bits.
		i += int(s.length)
		acc, size = lengths[uint8(s.length-3)].push(acc, size)
		symbol, extra := distanceSymbol(s.distance)
		acc, size = c.distances[symbol%32].push(acc, size)
		acc, size = push(acc, size, uint64(s.distance-1)&(1<<extra-1), extra)
		binary.LittleEndian.PutUint64(out[n:n+flushSize], acc)
		n += int(size / 8)
		acc, size = drop(acc, size)
	}
	d.out.n, d.out.acc, d.out.size = n, acc, size
	d.out.put(c.literals[endOfBlock].split())
}
