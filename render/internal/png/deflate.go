package png

import "math/bits"

const (
	// minMatch is the least length of a match. The format allows 3, which does
	// not pay on pages.
	minMatch = 4
	maxMatch = 258

	// tableBits is the log2 of the entries of a table, of two bytes each. With
	// one less pages are 1 % larger, and hardly sooner done.
	tableBits = 15

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

	// The latest position of minMatch and of longMatch bytes by their hash,
	// modulo span. What an entry points at is compared before it is believed,
	// so that one out of date does no harm.
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
		shift := (d.pos - span) &^ (span - 1)
		copy(d.window[:], d.window[shift:d.end])
		d.pos -= shift
		d.end -= shift
	}
	return d.window[d.end : d.end+n+rowSlack]
}

// grow confirms that n bytes were written to room.
func (d *deflater) grow(n int) { d.end += n }

// The hashes of the first minMatch bytes of v and of all: Fibonacci hashing,
// the top bits of a product with 2^32 or 2^64 over the golden ratio.

func shortHash(v uint64) uint32 { return uint32(v) * 0x9e3779b1 >> (32 - tableBits) }
func longHash(v uint64) uint64  { return v * 0x9e3779b97f4a7c15 >> (64 - tableBits) }

// insert enters position i, where the window has v, in the tables.
func (d *deflater) insert(i int, v uint64) {
	d.short[shortHash(v)] = uint16(i)
	d.long[longHash(v)] = uint16(i)
}

// find divides the bytes of the window from start to end into sequences and
// counts their symbols.
//
// It is greedy but for one look ahead: a short match is given up if a long one
// begins at the next byte. On a page literals and matches follow each other
// without a pattern, so that what takes time is less the work than the branches
// that the processor guesses wrong. Hence bytes are compared at any distance
// that the tables give, without a branch on whether it is a valid one, and the
// length of a short match is computed without one.
func (d *deflater) find(start, end int) {
	w := &d.window
	f := &d.freq
	*f = frequencies{}
	sequences := d.sequences[:0]

	i := start
	run := start // start of the run of literals that i is in
	for i < end-tail {
		v := w.load(i)
		hs, hl := shortHash(v), longHash(v)
		// Any entry gives some distance below span. Whether the bytes there are
		// the same is asked first, which hardly ever is so by chance; whether it
		// is 0, or leads to before the first byte of all, only then.
		ds := (i - int(d.short[hs])) & (span - 1)
		dl := (i - int(d.long[hl])) & (span - 1)
		d.short[hs], d.long[hl] = uint16(i), uint16(i)

		var length, distance int
		if w.load(i-dl) == v && within(dl, i) {
			if v == bits.RotateLeft64(v, 8) {
				// In a run of one byte no distance is cheaper than 1.
				if w[i-1] != byte(v) {
					f.literals[byte(v)]++
					i++
					continue
				}
				dl = 1
			}
			distance = dl
			length = w.matchLength(i-dl, i, min(maxMatch, end-i))
		} else if x := w.load(i-ds) ^ v; uint32(x) == 0 && within(ds, i) {
			distance = ds
			length = bits.TrailingZeros64(x) / 8
			next := w.load(i + 1)
			dl := (i + 1 - int(d.long[longHash(next)])) & (span - 1)
			if w.load(i+1-dl) == next && within(dl, i+1) {
				f.literals[byte(v)]++
				i++
				d.insert(i, next)
				distance = dl
				length = w.matchLength(i-dl, i, min(maxMatch, end-i))
			}
		} else {
			f.literals[byte(v)]++
			i++
			continue
		}

		sequences = append(sequences, sequence{uint32(i - run), uint16(length), uint16(distance)})
		f.lengths[uint8(length-3)]++
		symbol, _ := distanceSymbol(uint16(distance))
		f.distances[symbol%32]++

		// Some positions at either end of the match are nearly as good as all.
		d.insert(i+1, w.load(i+1))
		d.insert(i+2, w.load(i+2))
		d.insert(i+3, w.load(i+3))
		i += length
		if i < end-tail {
			d.insert(i-4, w.load(i-4))
			d.insert(i-3, w.load(i-3))
			d.insert(i-2, w.load(i-2))
			d.insert(i-1, w.load(i-1))
		}
		run = i
	}
	for _, c := range w[i:end] {
		f.literals[c]++
	}
	d.sequences = append(sequences, sequence{literals: uint32(end - run)})
}

// within reports whether distance leads from position i to one before it that
// is not before the first.
func within(distance, i int) bool { return uint(distance-1) < uint(i) }
