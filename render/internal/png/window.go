package png

import (
	"encoding/binary"
	"math/bits"
)

const (
	// span is the number of bytes in which matches are looked for, at most the
	// 32768 of the format. Positions are kept modulo span, and the window
	// slides by multiples of it, so that they stay what they are.
	span = 1 << 15

	windowSize = 1 << 18
	// maxRow is the largest number of bytes added to the window at once: a row
	// of MaxSide pixels of 4 bits.
	maxRow = 1 + (MaxSide+1)/2
	// maxBlock is the largest number of bytes compressed at once: what the
	// window has room for besides up to 2*span bytes before the block, which a
	// slide leaves, and a row that is longer than what the block lacks.
	maxBlock = windowSize - 2*span - maxRow - rowSlack
)

// A window is the bytes to be compressed and those before them. It is longer
// than its size so that load needs no check, whatever the index.
type window [windowSize + 8]byte

// load returns the eight bytes at i, the first lowest.
func (w *window) load(i int) uint64 {
	j := uint(i) % windowSize
	return binary.LittleEndian.Uint64(w[j : j+8])
}

// matchLength returns how many bytes from a are the same as those from b, at
// most limit.
func (w *window) matchLength(a, b, limit int) int {
	n := 0
	for ; n < limit; n += 8 {
		if x := w.load(a+n) ^ w.load(b+n); x != 0 {
			n += bits.TrailingZeros64(x) / 8
			break
		}
	}
	return min(n, limit)
}
