package tokens

// longRun counts pieces of any length in linear time and constant memory.
//
// Merging is local: a sequence of tokens is what merging makes of its text if
// and only if each two neighbours are what merging makes of theirs. For the
// first merge across a boundary between two tokens has only merges within them
// before it, in the same order as if the two stood alone. So the last token of
// the text up to any byte is the one that ends there and is a valid neighbour
// Of the last token up to where it begins, and there is exactly one.
type longRun struct {
	// Of the text up to byte i: the last token and how many, at i & mask. Tokens
	// reach back no further than the longest is.
	last  []uint32
	count []int
	mask  int
	// reach is the length of the longest token that ends in two given bytes.
	reach []uint16
	valid map[uint64]bool // pairs of tokens, the left in the upper half
	pair  []byte
}

// maxValid bounds the memory of valid, at about 40 bytes a pair.
const maxValid = 1 << 16

func newLongRun(t *table) *longRun {
	size := 4
	for size <= t.longest {
		size *= 2
	}
	l := &longRun{
		last: make([]uint32, size), count: make([]int, size), mask: size - 1,
		reach: make([]uint16, 1<<16), valid: map[uint64]bool{},
	}
	for i := range t.len() {
		if b := t.bytes(uint32(i)); len(b) >= 2 {
			r := &l.reach[ending(b)]
			*r = max(*r, uint16(len(b)))
		}
	}
	return l
}

func ending(b []byte) int { return int(b[len(b)-2])<<8 | int(b[len(b)-1]) }

// countLong is count for long pieces.
func (c *coder) countLong(piece []byte) int {
	if c.long == nil {
		c.long = newLongRun(&c.vocab)
	}
	l := c.long
	l.last[0], l.count[0] = none, 0
	grown := 1
	for i := 1; i <= len(piece); i++ {
		// Most often the last token grew by a byte, or a token begins.
		reach := c.reach(piece[:i])
		if grown > reach || !c.endsWith(piece, i, grown) {
			grown = 1
			if !c.endsWith(piece, i, 1) {
				for grown = reach; !c.endsWith(piece, i, grown); {
					grown--
				}
			}
		}
		grown++
	}
	return l.count[len(piece)&l.mask]
}

// endsWith says whether the n bytes before piece[i] are the last token of
// piece[:i], and notes it.
func (c *coder) endsWith(piece []byte, i, n int) bool {
	l := c.long
	token := c.vocab.find(piece[i-n : i])
	from := (i - n) & l.mask
	if token == none || !c.neighbours(l.last[from], token) {
		return false
	}
	at := i & l.mask
	l.last[at], l.count[at] = token, l.count[from]+1
	return true
}

// reach returns the length of the longest token that may end text.
func (c *coder) reach(text []byte) int {
	if len(text) < 2 {
		return 1
	}
	return max(1, min(len(text), int(c.long.reach[ending(text)])))
}

// neighbours says whether merging the text of tokens a and b makes a and b, and
// with no a, whether merging the text of b makes b.
func (c *coder) neighbours(a, b uint32) bool {
	l := c.long
	key := uint64(a)<<32 | uint64(b)
	ok, known := l.valid[key]
	if known {
		return ok
	}
	l.pair = l.pair[:0]
	if a != none {
		l.pair = append(l.pair, c.vocab.bytes(a)...)
	}
	left := len(l.pair)
	l.pair = append(l.pair, c.vocab.bytes(b)...)
	parts := c.merge(l.pair)
	if a == none {
		ok = len(parts) == 1
	} else {
		ok = len(parts) == 2 && parts[1].start == left
	}
	if len(l.valid) == maxValid {
		clear(l.valid)
	}
	l.valid[key] = ok
	return ok
}
