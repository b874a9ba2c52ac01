package png

import (
	"math/bits"
	"slices"
)

// The alphabets of deflate (RFC 1951, section 3.2).
const (
	literalSymbols  = 288 // 0-255 bytes, 256 end of block, 257-285 lengths; two never occur
	distanceSymbols = 30
	headerSymbols   = 19 // in which a block's header gives the lengths of its codes

	endOfBlock  = 256
	firstLength = 257
)

const (
	// maxCodeBits bounds the codes of literals, lengths and distances. The
	// format allows 15; with 14 four literals fit into the bit buffer at once.
	maxCodeBits = 14
	// maxHeaderBits bounds the codes in a block's header. The format allows 7.
	maxHeaderBits = 7
)

// A code is the bits that stand for a symbol, the first lowest, above their
// number in the low eight bits.
type code uint32

func join(bits uint64, size uint) code { return code(bits<<8 | uint64(size)) }

func (c code) split() (bits uint64, size uint) { return uint64(c >> 8), uint(c & 0xff) }

// push adds the bits of c to acc, as the function push does.
func (c code) push(acc uint64, size uint) (uint64, uint) {
	return push(acc, size, uint64(c>>8), uint(c&0xff))
}

// codeSizes sets sizes to those of an optimal prefix code of at most limit
// bits for symbols that occur freq times, 0 for those that do not. Where fewer
// than two occur it adds symbols: some decoders reject a code of one.
func codeSizes(sizes []uint8, freq []uint32, limit int) {
	clear(sizes)

	// Symbols in ascending order of frequency, then of value.
	var buf [literalSymbols]uint64
	order := buf[:0]
	for s, f := range freq {
		if f != 0 {
			order = append(order, uint64(f)<<16|uint64(s))
		}
	}
	for s := 0; len(order) < 2; s++ {
		if freq[s] == 0 {
			order = append(order, 1<<16|uint64(s))
		}
	}
	slices.Sort(order)

	count := depths(order, limit)
	i := len(order)
	for size, n := range count {
		for range n {
			i--
			sizes[order[i]&0xffff] = uint8(size)
		}
	}
}

// depths returns how many leaves a Huffman tree has at each depth, with none
// below limit. The leaves' frequencies are the upper bits of order, ascending,
// two at least.
//
// The tree is made in place, after Moffat and Katajainen, "In-Place Calculation
// of Minimum-Redundancy Codes" (1995). Leaves that are too deep are then moved
// up to the limit, and the tree is made to fit again by moving the deepest
// leaves above the limit down. That is not always the optimum under the limit,
// but a page comes near the limit only with some symbol rarer than one in
// 10,000.
func depths(order []uint64, limit int) [maxCodeBits + 1]int {
	n := len(order)
	var buf [literalSymbols]uint32
	tree := buf[:n] // frequency of a node not yet joined, then its parent, then its depth
	for i, o := range order {
		tree[i] = uint32(o >> 16)
	}
	leaf, root := 0, 0
	for next := range n - 1 {
		// Join the two rarest, each a leaf or a tree.
		take := func() uint32 {
			if leaf >= n || root < next && tree[root] < tree[leaf] {
				f := tree[root]
				tree[root] = uint32(next)
				root++
				return f
			}
			f := tree[leaf]
			leaf++
			return f
		}
		f := take()
		tree[next] = f + take()
	}

	tree[n-2] = 0
	for next := n - 3; next >= 0; next-- {
		tree[next] = tree[tree[next]] + 1
	}

	// What is not an inner node at its depth is a leaf there.
	var count [maxCodeBits + 1]int
	over := 0 // leaves of 2^-limit each that are too many
	node := n - 2
	for depth, places := 0, 1; places > 0; depth++ {
		inner := 0
		for ; node >= 0 && int(tree[node]) == depth; node-- {
			inner++
		}
		count[min(depth, limit)] += places - inner
		places = 2 * inner
	}
	for depth := 1; depth <= limit; depth++ {
		over += count[depth] << (limit - depth)
	}
	for over -= 1 << limit; over > 0; over-- {
		depth := limit - 1
		for count[depth] == 0 {
			depth--
		}
		// One leaf goes down and takes one from the limit as its sibling.
		count[depth]--
		count[depth+1] += 2
		count[limit]--
	}
	return count
}

// assign sets codes to the canonical code of the given sizes, in bits.
func assign(codes []code, sizes []uint8) {
	var next [16]uint16
	for _, l := range sizes {
		next[l]++
	}
	next[0] = 0
	first := uint16(0)
	for l, n := range next {
		next[l] = first
		first = (first + n) << 1
	}
	for s, l := range sizes {
		codes[s] = 0
		if l != 0 {
			codes[s] = join(uint64(bits.Reverse16(next[l])>>(16-l)), uint(l))
			next[l]++
		}
	}
}
