package tokens

import (
	"hash/maphash"
	"math"
)

// A model is a vocabulary and its merges. It is not changed once built, and
// serves any number of goroutines.
type model struct {
	vocab table
	// merges gives for a pair of tokens, the left in the upper half, the rank of
	// their merge in the upper half and the token it makes. Without merges, as in
	// OpenAI's encodings, any pair merges whose bytes are a token, and the token
	// is the rank.
	merges map[uint64]uint64
	// whole says that a piece which is a token is not built by merges.
	whole bool
}

// none is no token, and the rank of a pair that does not merge: after all others.
const none = math.MaxUint32

// pair returns the rank of the merge of tokens a and b, which together read
// text, and the token that it makes.
func (m *model) pair(a, b uint32, text []byte) (rank, token uint32) {
	if m.merges == nil {
		token = m.vocab.find(text)
		return token, token
	}
	if v, ok := m.merges[uint64(a)<<32|uint64(b)]; ok {
		return uint32(v >> 32), uint32(v)
	}
	return none, none
}

// A table finds tokens by their bytes. Tokens are numbered from 0; number i is
// text[start[i]:start[i+1]].
type table struct {
	text  []byte
	start []uint32
	// slots is a hash table with linear probing, at most half full. A slot is
	// the upper half of the hash over the number, or empty.
	slots   []uint64
	seed    maphash.Seed
	longest int         // token, in bytes
	single  [256]uint32 // tokens of one byte
}

const empty = math.MaxUint64

// newTable indexes tokens, no two of which are equal.
func newTable(text []byte, start []uint32) table {
	t := table{text: text, start: start, seed: maphash.MakeSeed()}
	for i := range t.single {
		t.single[i] = none
	}
	n := t.len()
	size := 4
	for size < 2*n {
		size *= 2
	}
	t.slots = make([]uint64, size)
	for i := range t.slots {
		t.slots[i] = empty
	}
	mask := uint64(size - 1)
	for i := range n {
		token := t.bytes(uint32(i))
		t.longest = max(t.longest, len(token))
		if len(token) == 1 {
			t.single[token[0]] = uint32(i)
		}
		h := t.hash(token)
		at := h & mask
		for t.slots[at] != empty {
			at = (at + 1) & mask
		}
		t.slots[at] = h>>32<<32 | uint64(i)
	}
	return t
}

func (t *table) len() int              { return len(t.start) - 1 }
func (t *table) bytes(i uint32) []byte { return t.text[t.start[i]:t.start[i+1]] }
func (t *table) hash(b []byte) uint64  { return maphash.Bytes(t.seed, b) }
func (t *table) find(b []byte) uint32  { return t.lookup(b, t.hash(b)) }

// lookup returns the token b, whose hash is h, or none.
func (t *table) lookup(b []byte, h uint64) uint32 {
	mask := uint64(len(t.slots) - 1)
	for at := h & mask; ; at = (at + 1) & mask {
		slot := t.slots[at]
		if slot == empty {
			return none
		}
		if slot>>32 == h>>32 && string(t.bytes(uint32(slot))) == string(b) {
			return uint32(slot)
		}
	}
}
