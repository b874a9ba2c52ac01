package png

import "encoding/binary"

// flushSize is the number of bytes that the bit writer stores at once, most of
// them to be overwritten by the next ones.
const flushSize = 8

// A bitWriter writes bits to buf, the lowest of a value and of a byte first.
// The caller makes buf large enough, with flushSize bytes to spare.
type bitWriter struct {
	buf []byte
	n   int // whole bytes written

	acc  uint64 // bits not yet in a whole byte of buf, the rest 0
	size uint   // their number, at most 7 between calls
}

// put writes the low size bits of v, at most 56; the others are 0.
func (w *bitWriter) put(v uint64, size uint) {
	w.acc, w.size = push(w.acc, w.size, v, size)
	binary.LittleEndian.PutUint64(w.buf[w.n:], w.acc)
	w.n += int(w.size / 8)
	w.acc, w.size = drop(w.acc, w.size)
}

// align fills up the last byte with zeros.
func (w *bitWriter) align() {
	w.put(0, -w.size%8)
}

// push returns the bits acc with size bits of v added. Like drop, it is what a
// bitWriter does, for loops that keep its state in variables of their own.
func push(acc uint64, size uint, v uint64, n uint) (uint64, uint) {
	return acc | v<<(size%64), size + n
}

// drop returns the bits of acc that do not fill a byte.
func drop(acc uint64, size uint) (uint64, uint) {
	return acc >> (size &^ 7 % 64), size % 8
}
