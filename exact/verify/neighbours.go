package verify

import (
	"math/bits"
	"slices"
)

// maxCompared bounds the strings that one lookup compares, and maxNeighbours
// those it returns; beyond either the answer is "too many", never a guess.
const (
	maxCompared   = 20_000
	maxNeighbours = 256
)

// maxEdits is how many edits of the lookup form a lookup allows for a string of
// n bytes: of ten characters at the assumed error rate, folding leaves more
// than two in 3 of 1,000 strings, of 64 characters more than six as often.
func maxEdits(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 5:
		return 1
	}
	return 2 + n/16
}

// segments is how many parts a string of n bytes is indexed by: more than
// a lookup's widest radius, so that it can leave out those that many strings
// share, such as the day in the timestamps of a log.
func segments(n int) int { return max(maxEdits(n)+2, min(n/4, 12)) }

// segment returns the i-th of the segments of a string of n bytes.
func segment(n, i int) (from, to int) {
	parts := segments(n)
	return n * i / parts, n * (i + 1) / parts
}

// neighbours finds the strings of a set that are near to another. Each string
// is cut into segments: k edits leave at least one of any k+1 segments as it
// was, at a place that the edits before and after it allow (after Li, Deng,
// Wang and Feng, "Pass-Join", 2011). A lookup takes the k+1 rarest. Memory is
// the lookup forms, and 4 bytes a segment twice.
type neighbours struct {
	folded  []byte
	ends    []uint32 // of each string in folded
	lengths map[int]int
	shift   uint
	buckets []uint32 // ids of bucket b are ids[buckets[b]:buckets[b+1]]
	ids     []uint32
}

func newNeighbours(texts []string) *neighbours {
	x := &neighbours{lengths: map[int]int{}, ends: make([]uint32, 0, len(texts))}
	total := 0
	for _, t := range texts {
		before := len(x.folded)
		x.folded = glyphs.appendFolded(x.folded, t)
		x.ends = append(x.ends, uint32(len(x.folded)))
		n := len(x.folded) - before
		x.lengths[n]++
		total += segments(n)
	}
	size := uint(bits.Len(uint(total)))
	x.shift = 64 - size
	x.buckets = make([]uint32, 1<<size+1)
	x.ids = make([]uint32, total)
	hashes := make([]uint32, 0, total)
	for id := range uint32(len(x.ends)) {
		s := x.text(id)
		for i := range segments(len(s)) {
			from, to := segment(len(s), i)
			b := x.bucket(len(s), i, s[from:to])
			hashes = append(hashes, uint32(b))
			x.buckets[b+1]++
		}
	}
	for b := range len(x.buckets) - 1 {
		x.buckets[b+1] += x.buckets[b]
	}
	next := slices.Clone(x.buckets)
	for id := range uint32(len(x.ends)) {
		n := segments(len(x.text(id)))
		for _, b := range hashes[:n] {
			x.ids[next[b]] = id
			next[b]++
		}
		hashes = hashes[n:]
	}
	return x
}

func (x *neighbours) text(id uint32) []byte {
	from := uint32(0)
	if id > 0 {
		from = x.ends[id-1]
	}
	return x.folded[from:x.ends[id]]
}

func (x *neighbours) bucket(n, i int, s []byte) uint64 {
	h := uint64(n)<<32 ^ uint64(i)<<8 ^ 0x9e3779b97f4a7c15
	for _, b := range s {
		h = (h ^ uint64(b)) * 0x100000001b3
	}
	h ^= h >> 29
	return h * 0xbf58476d1ce4e5b9 >> x.shift
}

// A neighbour is a string of the set and its distance in the lookup form.
type neighbour struct {
	id       uint32
	distance int
}

// find returns the strings nearest to a lookup form and all that are at most
// one edit farther, nearest first and then in their order, and whether it is
// all of them. The nearest are at most maxEdits of their length away.
func (x *neighbours) find(query []byte) (found []neighbour, complete bool) {
	widest := maxEdits(len(query) + 1)
	for radius := 0; radius <= widest || len(found) > 0; radius++ {
		found, complete = x.within(query, radius)
		if !complete || len(found) > 0 && found[0].distance < radius {
			break
		}
	}
	isNear := func(n neighbour) bool { return n.distance <= maxEdits(len(x.text(n.id))) }
	if complete && !slices.ContainsFunc(found, isNear) {
		return nil, true
	}
	return found, complete
}

// within returns the strings that are at most radius edits away, of those of n
// bytes at most maxEdits(n)+1.
func (x *neighbours) within(query []byte, radius int) (found []neighbour, complete bool) {
	var ids []uint32
	for n := max(1, len(query)-radius); n <= len(query)+radius; n++ {
		k := min(radius, maxEdits(n)+1)
		if x.lengths[n] == 0 || n-len(query) > k || len(query)-n > k {
			continue
		}
		postings := x.segmentPostings(query, n, k)
		slices.SortStableFunc(postings, func(a, b posting) int { return a.size - b.size })
		for _, p := range postings[:k+1] {
			if len(ids)+p.size > maxCompared {
				return nil, false
			}
			for _, b := range p.buckets {
				ids = append(ids, x.ids[x.buckets[b]:x.buckets[b+1]]...)
			}
		}
	}
	slices.Sort(ids)
	m := newMeasure(query)
	for _, id := range slices.Compact(ids) {
		s := x.text(id)
		if d, ok := m.within(s, min(radius, maxEdits(len(s))+1)); ok {
			found = append(found, neighbour{id, d})
		}
	}
	slices.SortStableFunc(found, func(a, b neighbour) int { return a.distance - b.distance })
	if len(found) > maxNeighbours {
		return found[:maxNeighbours], false
	}
	return found, true
}

// A posting is where the strings stand that share one segment with a query.
type posting struct {
	buckets []uint64
	size    int // strings in all of them
}

// segmentPostings returns a posting for each segment of the strings of n bytes
// that are within k edits of a query.
func (x *neighbours) segmentPostings(query []byte, n, k int) []posting {
	postings := make([]posting, segments(n))
	longer := len(query) - n
	for i := range postings {
		p := &postings[i]
		from, to := segment(n, i)
		for shift := -k; shift <= k; shift++ {
			// The edits before the segment shift it, those after make up the length.
			if max(shift, -shift)+max(longer-shift, shift-longer) > k || from+shift < 0 || to+shift > len(query) {
				continue
			}
			b := x.bucket(n, i, query[from+shift:to+shift])
			p.buckets = append(p.buckets, b)
			p.size += int(x.buckets[b+1] - x.buckets[b])
		}
	}
	return postings
}
