package png

import "math/bits"

const (
	minMatch = 4 // of bytes; the format allows 3, which does not pay on pages
	maxMatch = 258

	// longMatch is the number of bytes that the long table looks for.
	longMatch = 7

	// tableBits is the log2 of the entries of a table, of two bytes each. One
	// more makes pages 1 % smaller and takes 15 % longer.
	tableBits = 14

	// insertLimit is the length of a match from which only its ends are
	// entered in the tables.
	insertLimit = 32

	// tail is the number of bytes at the end of a block that are not looked
	// up, so that no byte past the block is hashed.
	tail = 12
)

// A sequence is a run of literals and the match that follows it. The last of
// a block has no match: its length is 0.
type sequence struct {
	literals uint32
	length   uint16
	distance uint16
}

// A deflater compresses bytes into a deflate stream (RFC 1951), block by
// block. The bytes of a block are written to room and confirmed by grow before
// block is called.
type deflater struct {
	window window
	pos    int // start of the bytes in the window that are not yet compressed
	end    int // end of the bytes in the window

	// The latest position, modulo 2^16, of minMatch and of longMatch bytes by
	// their hash. Bytes are compared wherever an entry points, so that one
	// that is out of date does no harm.
	short, long [1 << tableBits]uint16

	// The block at hand: what it is to be written as, how often each symbol
	// occurs in it, and the code made of that.
	sequences []sequence
	freq      frequencies
	dynamic   coding
	header    header

	out bitWriter
}

// reset begins a new stream.
func (d *deflater) reset() {
	d.pos, d.end = 0, 0
	clear(d.short[:])
	clear(d.long[:])
	d.out = bitWriter{}
}

// pending returns the number of bytes that wait to be compressed.
func (d *deflater) pending() int { return d.end - d.pos }

// next returns the next n bytes to be compressed.
func (d *deflater) next(n int) []byte { return d.window[d.pos : d.pos+n] }

// room returns where the next n bytes go, at most maxRow, with rowSlack bytes
// after them to spare. At most maxBlock bytes may be pending.
func (d *deflater) room(n int) []byte {
	if d.end+n+rowSlack > windowSize {
		shift := (d.pos - maxDistance) / windowStep * windowStep
		copy(d.window[:], d.window[shift:d.end])
		d.pos -= shift
		d.end -= shift
	}
	return d.window[d.end : d.end+n+rowSlack]
}

// grow confirms that n bytes were written to room.
func (d *deflater) grow(n int) { d.end += n }

func shortHash(v uint64) uint32 {
	return uint32(v) * 0x9e3779b1 >> (32 - tableBits)
}

func longHash(v uint64) uint64 {
	return v << (64 - 8*longMatch) * 0x9e3779b97f4a7c15 >> (64 - tableBits)
}

// insert enters position i, where the window has v, in the tables.
func (d *deflater) insert(i int, v uint64) {
	d.short[shortHash(v)] = uint16(i)
	d.long[longHash(v)] = uint16(i)
}

// find divides the bytes of the window from start to end into sequences and
// counts their symbols.
//
// It is greedy, with one look ahead: a short match is given up if a long one
// begins at the byte after it. On a page literals and matches follow each other
// without a rule, so that what costs is less the work than the branches the
// processor guesses wrong: a literal takes no branch that a match does not, and
// the length of a short match is computed, not searched for.
func (d *deflater) find(start, end int) {
	w := &d.window
	f := &d.freq
	*f = frequencies{}
	sequences := d.sequences[:0]

	i := start
	literals := start // start of the run of literals that i is in
	for i < end-tail {
		v := w.load(i)
		hs, hl := shortHash(v), longHash(v)
		// A distance too large is not refused but cut, and then compared as
		// any other: that takes no branch. At distance 0 the entry is i itself,
		// 2^16 bytes ago.
		reach := min(i, maxDistance)
		ds := min(int(uint16(i)-d.short[hs]), reach)
		dl := min(int(uint16(i)-d.long[hl]), reach)
		d.short[hs], d.long[hl] = uint16(i), uint16(i)

		var length, distance int
		if xl := w.load(i-dl) ^ v; xl<<(64-8*longMatch) == 0 && dl != 0 {
			if v == bits.RotateLeft64(v, 8) {
				// In a run of one byte nothing is cheaper than the byte before.
				if i == 0 || w[i-1] != byte(v) {
					f.literals[byte(v)]++
					i++
					continue
				}
				dl = 1
			}
			distance = dl
			length = w.matchLength(i-dl, i, min(maxMatch, end-i))
		} else if xs := w.load(i-ds) ^ v; uint32(xs) == 0 && ds != 0 {
			distance = ds
			length = bits.TrailingZeros64(xs) / 8
			// Unless the next byte begins a longer one.
			if j := i + 1; length < longMatch {
				v := w.load(j)
				hl := longHash(v)
				dl := min(int(uint16(j)-d.long[hl]), reach)
				if xl := w.load(j-dl) ^ v; xl<<(64-8*longMatch) == 0 && dl != 0 {
					f.literals[w[i]]++
					d.insert(j, v)
					i = j
					distance = dl
					length = w.matchLength(i-dl, i, min(maxMatch, end-i))
				}
			}
		} else {
			f.literals[byte(v)]++
			i++
			continue
		}

		sequences = append(sequences, sequence{uint32(i - literals), uint16(length), uint16(distance)})
		f.lengths[uint8(length-3)]++
		symbol, _ := distanceSymbol(uint16(distance))
		f.distances[symbol%32]++

		d.insert(i+1, w.load(i+1))
		d.insert(i+2, w.load(i+2))
		d.insert(i+3, w.load(i+3))
		from, to := i+minMatch, min(i+length, end-tail)
		if length >= insertLimit {
			from = to - 3
		}
		for j := from; j < to; j++ {
			d.insert(j, w.load(j))
		}
		i += length
		literals = i
	}
	for _, c := range w[i:end] {
		f.literals[c]++
	}
	d.sequences = append(sequences, sequence{literals: uint32(end - literals)})
}
