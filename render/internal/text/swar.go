package text

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain reports whether b is printable ASCII throughout: such a line is drawn
// as it stands. Eight bytes at a time, since nearly all text is.
func plain(b []byte) bool {
	for len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b)
		del := x ^ ones*0x7f
		if (x|(x-ones*0x20)&^x|(del-ones)&^del)&highs != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return true
}

// rareBreak returns the offset of the first byte that can begin a line break
// other than LF, or -1: VT, FF, CR, and the lead bytes 0xC2 and 0xE2.
func rareBreak(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		lo := x ^ ones*0x0b
		ff := x ^ ones*0x0c
		cr := x ^ ones*0x0d
		c2 := x ^ ones*0xc2
		e2 := x ^ ones*0xe2
		hit := ((lo-ones)&^lo | (ff-ones)&^ff | (cr-ones)&^cr | (c2-ones)&^c2 | (e2-ones)&^e2) & highs
		if hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case '\v', '\f', '\r', 0xC2, 0xE2:
			return i
		}
	}
	return -1
}
