package verify

import "slices"

// An edit is one place where the read string differs from the true one: true
// characters from..fromEnd were read as characters to..toEnd.
type edit struct {
	from, fromEnd int
	to, toEnd     int
	cost          cost
}

const (
	opMatch uint8 = iota
	opDrop
	opInvent
	opSequence // + index of the rule
)

// align returns the cheapest way to read the true string as the read one, and
// its edits in order, or ok = false when it needs more than band characters
// more or fewer at any point. Time and memory are len(truth) · (2·band+1).
func (c *confusions) align(truth, read []rune, band int) (total cost, edits []edit, ok bool) {
	const unreachable = cost(1 << 29)
	n, m := len(truth), len(read)
	if n-m > band || m-n > band {
		return 0, nil, false
	}
	width := 2*band + 1
	costs := make([]cost, (n+1)*width)
	ops := make([]uint8, (n+1)*width)
	for i := range costs {
		costs[i] = unreachable
	}
	at := func(i, j int) int { return i*width + j - i + band }
	inside := func(i, j int) bool { return i <= n && j <= m && j-i <= band && i-j <= band }
	relax := func(i, j int, co cost, op uint8) {
		if inside(i, j) {
			if k := at(i, j); co < costs[k] {
				costs[k], ops[k] = co, op
			}
		}
	}
	costs[at(0, 0)] = 0
	for i := 0; i <= n; i++ {
		for j := max(0, i-band); j <= min(m, i+band); j++ {
			here := costs[at(i, j)]
			if here >= unreachable {
				continue
			}
			if j < m {
				relax(i, j+1, here+inventCost, opInvent)
			}
			if i == n {
				continue
			}
			relax(i+1, j, here+dropCost, opDrop)
			if j < m {
				relax(i+1, j+1, here+c.substitution(truth[i], read[j]), opMatch)
			}
			if truth[i] < rune(len(c.sequences)) {
				for k, r := range c.sequences[truth[i]] {
					if hasPrefix(truth[i:], r.from) && hasPrefix(read[j:], r.to) {
						relax(i+len(r.from), j+len(r.to), here+r.cost, opSequence+uint8(k))
					}
				}
			}
		}
	}
	total = costs[at(n, m)]
	if total >= unreachable {
		return 0, nil, false
	}
	for i, j := n, m; i > 0 || j > 0; {
		e := edit{fromEnd: i, toEnd: j}
		switch op := ops[at(i, j)]; op {
		case opMatch:
			i, j = i-1, j-1
		case opDrop:
			i--
		case opInvent:
			j--
		default:
			i, j = c.beforeSequence(truth, read, i, j, int(op-opSequence))
		}
		e.from, e.to = i, j
		e.cost = costs[at(e.fromEnd, e.toEnd)] - costs[at(i, j)]
		if !slices.Equal(truth[i:e.fromEnd], read[j:e.toEnd]) {
			edits = append(edits, e)
		}
	}
	slices.Reverse(edits)
	return total, edits, true
}

// beforeSequence finds where the k-th sequence rule that ends at i, j began.
// Rules change one character into two or two into one.
func (c *confusions) beforeSequence(truth, read []rune, i, j, k int) (int, int) {
	for _, d := range [][2]int{{2, 1}, {1, 2}, {2, 2}} {
		a, b := i-d[0], j-d[1]
		if a < 0 || b < 0 || truth[a] >= rune(len(c.sequences)) || k >= len(c.sequences[truth[a]]) {
			continue
		}
		r := c.sequences[truth[a]][k]
		if slices.Equal(truth[a:i], r.from) && slices.Equal(read[b:j], r.to) {
			return a, b
		}
	}
	panic("verify: alignment has no beginning")
}

func hasPrefix(s, prefix []rune) bool {
	return len(s) >= len(prefix) && slices.Equal(s[:len(prefix)], prefix)
}

// withinEdits tells whether a and b are at most k insertions, deletions and
// substitutions apart, and how many.
func withinEdits(a, b []byte, k int) (int, bool) { return newMeasure(a).within(b, k) }

// A measure tells how far strings are from one.
type measure struct {
	of     []byte
	occurs *[256]uint64 // where a byte occurs, of strings of 1 to 64 bytes
}

func newMeasure(a []byte) *measure {
	m := &measure{of: a}
	if len(a) > 0 && len(a) <= 64 {
		m.occurs = new([256]uint64)
		for i, x := range a {
			m.occurs[x] |= 1 << i
		}
	}
	return m
}

func (m *measure) within(b []byte, k int) (int, bool) {
	a := m.of
	if len(a)-len(b) > k || len(b)-len(a) > k {
		return 0, false
	}
	if m.occurs != nil {
		d := m.bitDistance(b)
		return d, d <= k
	}
	var stack [2 * 64]int
	row := append(stack[:0], make([]int, len(b)+1)...)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		lo, hi := max(1, i+1-k), min(len(b), i+1+k)
		diagonal := row[lo-1]
		row[lo-1] = k + 1
		if lo == 1 {
			row[0] = i + 1
		}
		best := k + 1
		for j := lo; j <= hi; j++ {
			up := k + 1
			if j < i+1+k {
				up = row[j]
			}
			d := diagonal
			if a[i] != b[j-1] {
				d = 1 + min(diagonal, up, row[j-1])
			}
			diagonal, row[j] = row[j], d
			best = min(best, d)
		}
		if best > k {
			return 0, false
		}
	}
	return row[len(b)], row[len(b)] <= k
}

// bitDistance is the Levenshtein distance of b by Myers' bit vectors in Hyyrö's
// form (2003): a column of the matrix a step.
func (m *measure) bitDistance(b []byte) int {
	plus, minus, last := ^uint64(0), uint64(0), uint64(1)<<(len(m.of)-1)
	d := len(m.of)
	for _, x := range b {
		eq := m.occurs[x]
		zero := (((eq & plus) + plus) ^ plus) | eq | minus
		up, down := minus|^(zero|plus), plus&zero
		if up&last != 0 {
			d++
		} else if down&last != 0 {
			d--
		}
		up = up<<1 | 1
		plus, minus = down<<1|^(zero|up), up&zero
	}
	return d
}
