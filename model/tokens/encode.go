package tokens

// A coder counts the tokens of pieces. It serves one goroutine.
type coder struct {
	*model
	parts []part
	ranks []uint32 // of merging part i with part i+1
	cache []cached // by hash: what merging a short piece gave
	long  *longRun
}

// A part is a token in a piece that is being merged.
type part struct {
	start  int
	token  uint32
	merged uint32 // what merging with the next part makes
}

// A cached is the count of one short piece. Most pieces are tokens; the others
// repeat as words do.
type cached struct {
	len, count uint8
	text       [22]byte
}

const cacheSize = 1 << 12

// longPiece is the length in bytes above which a piece is counted by longRun.
// Merging takes quadratic time, and is the faster of the two up to about there.
const longPiece = 512

func newCoder(m *model) *coder {
	return &coder{model: m, cache: make([]cached, cacheSize)}
}

// count returns the number of tokens of a piece.
func (c *coder) count(piece []byte) int {
	if len(piece) == 1 {
		return 1
	}
	if len(piece) > longPiece && len(piece) > c.vocab.longest {
		return c.countLong(piece)
	}
	h := c.vocab.hash(piece)
	if c.whole && c.vocab.lookup(piece, h) != none {
		return 1
	}
	slot := &c.cache[h%cacheSize]
	if string(slot.text[:slot.len]) == string(piece) {
		return int(slot.count)
	}
	n := len(c.merge(piece))
	if len(piece) <= len(slot.text) {
		slot.len = uint8(copy(slot.text[:], piece))
		slot.count = uint8(n)
	}
	return n
}

// merge returns the tokens of a piece: starting from bytes, the leftmost pair
// Of the lowest rank becomes one token until no pair merges. The parts are
// valid until the next call.
func (c *coder) merge(piece []byte) []part {
	parts, ranks := c.parts[:0], c.ranks[:0]
	for i, b := range piece {
		parts = append(parts, part{start: i, token: c.vocab.single[b]})
		ranks = append(ranks, none)
	}
	c.parts, c.ranks = parts, ranks
	end := func(i int) int {
		if i+1 < len(parts) {
			return parts[i+1].start
		}
		return len(piece)
	}
	rate := func(i int) {
		if i+1 >= len(parts) {
			ranks[i] = none
			return
		}
		p := &parts[i]
		ranks[i], p.merged = c.pair(p.token, parts[i+1].token, piece[p.start:end(i+1)])
	}
	for i := range parts {
		rate(i)
	}
	for {
		best, at := uint32(none), 0
		for i, r := range ranks {
			if r < best {
				best, at = r, i
			}
		}
		if best == none {
			return parts
		}
		parts[at].token = parts[at].merged
		parts = append(parts[:at+1], parts[at+2:]...)
		ranks = append(ranks[:at+1], ranks[at+2:]...)
		rate(at)
		if at > 0 {
			rate(at - 1)
		}
	}
}
