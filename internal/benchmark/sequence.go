package benchmark

// sequenceRatio is the similarity of a and b that Python's
// difflib.SequenceMatcher(None, a, b).ratio() gives: twice the characters in
// matching blocks by the characters of both, 1 for two empty texts. The order
// of the arguments matters: in a b of 200 characters or more, those that are
// more than 1 % of it start no match ("autojunk").
//
// The blocks are those of Ratcliff and Obershelp (Dr. Dobb's Journal, July
// 1988): the longest match, then the same to either side of it. Time is
// quadratic at worst.
func sequenceRatio(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	return 2 * float64(newMatcher(x, y).matches()) / float64(len(x)+len(y))
}

const (
	autojunkLength  = 200 // shorter texts have no popular characters
	autojunkDivisor = 100
)

type matcher struct {
	a, b      []rune
	positions map[rune][]int32 // of the characters of b that may start a match, ascending
	run, next []int32          // run[j+1]: length of the match that ends at the last row and b[j]
}

func newMatcher(a, b []rune) *matcher {
	m := &matcher{a: a, b: b, positions: map[rune][]int32{}, run: make([]int32, len(b)+1), next: make([]int32, len(b)+1)}
	for j, r := range b {
		m.positions[r] = append(m.positions[r], int32(j))
	}
	if n := len(b); n >= autojunkLength {
		for r, at := range m.positions {
			if len(at) > n/autojunkDivisor+1 {
				delete(m.positions, r)
			}
		}
	}
	return m
}

// matches is the number of characters in all matching blocks.
func (m *matcher) matches() int {
	type window struct{ aLow, aHigh, bLow, bHigh int }
	total := 0
	for queue := []window{{0, len(m.a), 0, len(m.b)}}; len(queue) > 0; {
		w := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		i, j, size := m.longest(w.aLow, w.aHigh, w.bLow, w.bHigh)
		if size == 0 {
			continue
		}
		total += size
		if w.aLow < i && w.bLow < j {
			queue = append(queue, window{w.aLow, i, w.bLow, j})
		}
		if i+size < w.aHigh && j+size < w.bHigh {
			queue = append(queue, window{i + size, w.aHigh, j + size, w.bHigh})
		}
	}
	return total
}

// longest is the longest match of the window, of several the first in a, then
// in b, extended by popular characters at both ends.
func (m *matcher) longest(aLow, aHigh, bLow, bHigh int) (i, j, size int) {
	i, j = aLow, bLow
	var touched, touchedNext []int32
	for row := aLow; row < aHigh; row++ {
		touchedNext = touchedNext[:0]
		for _, column := range m.positions[m.a[row]] {
			c := int(column)
			if c < bLow {
				continue
			}
			if c >= bHigh {
				break
			}
			k := int32(1)
			if c > bLow {
				k += m.run[c]
			}
			m.next[c+1] = k
			touchedNext = append(touchedNext, column)
			if int(k) > size {
				i, j, size = row-int(k)+1, c-int(k)+1, int(k)
			}
		}
		for _, c := range touched {
			m.run[c+1] = 0
		}
		m.run, m.next = m.next, m.run
		touched, touchedNext = touchedNext, touched
	}
	for _, c := range touched {
		m.run[c+1] = 0
	}
	for i > aLow && j > bLow && m.a[i-1] == m.b[j-1] {
		i, j, size = i-1, j-1, size+1
	}
	for i+size < aHigh && j+size < bHigh && m.a[i+size] == m.b[j+size] {
		size++
	}
	return i, j, size
}
