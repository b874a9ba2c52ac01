package png

import (
	"encoding/binary"
	"math/bits"
)

const (
	maxDistance = 32768

	windowSize = 1 << 18
	// windowStep is the unit by which the window slides: positions are kept in
	// 16 bits, and those kept before must mean the same bytes after.
	windowStep = 1 << 16
	// maxRow is the largest number of bytes added to the window at once.
	maxRow = 1 + MaxSide/2 + 1 + rowSlack
	// maxBlock is the largest number of bytes compressed at once: what the
	// window holds besides the bytes in reach, the slide, and a row too many.
	// Pages of 64 KB to 256 KB come out within 0.1 % of the same size with
	// blocks of any size from 64 KB.
	maxBlock = windowSize - maxDistance - windowStep - maxRow
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
