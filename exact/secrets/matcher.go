package secrets

// matcher finds all occurrences of a set of lower-case ASCII strings in one
// pass, whatever the case of the text (Aho and Corasick, 1975, with the
// failure links folded into the table).
type matcher struct {
	class  [256]uint8 // byte to column; 0 is every byte that no word has
	width  int        // columns
	next   []uint16   // state*width+column to state
	output [][]uint16 // words that end in a state, the longest first
	length []int      // of each word, in bytes
}

// maxStates is what a uint16 numbers. A word adds at most its length.
const maxStates = 1 << 16

func newMatcher(words []string) *matcher {
	m := &matcher{width: 1}
	for _, w := range words {
		m.length = append(m.length, len(w))
		for _, c := range []byte(w) {
			if m.class[c] == 0 {
				m.class[c] = uint8(m.width)
				m.width++
			}
		}
	}
	for c := byte('A'); c <= 'Z'; c++ {
		m.class[c] = m.class[c+'a'-'A']
	}
	add := func() uint16 {
		if len(m.output) == maxStates {
			panic("secrets: the rules have too many words")
		}
		m.next = append(m.next, make([]uint16, m.width)...)
		m.output = append(m.output, nil)
		return uint16(len(m.output) - 1)
	}
	add()
	for i, w := range words {
		s := uint16(0)
		for _, c := range []byte(w) {
			edge := int(s)*m.width + int(m.class[c])
			if m.next[edge] == 0 {
				child := add() // may move m.next
				m.next[edge] = child
			}
			s = m.next[edge]
		}
		m.output[s] = append(m.output[s], uint16(i))
	}
	fail := make([]uint16, len(m.output))
	var queue []uint16
	for _, s := range m.next[:m.width] {
		if s != 0 {
			queue = append(queue, s)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		f := fail[s]
		m.output[s] = append(m.output[s], m.output[f]...)
		for c := range m.width {
			edge, other := int(s)*m.width+c, m.next[int(f)*m.width+c]
			if t := m.next[edge]; t != 0 {
				fail[t] = other
				queue = append(queue, t)
			} else {
				m.next[edge] = other
			}
		}
	}
	return m
}

// each calls found with every word in text and where it begins, in the order
// of their ends.
func (m *matcher) each(text string, found func(word, start int)) {
	s := 0
	for i := range len(text) {
		s = int(m.next[s*m.width+int(m.class[text[i]])])
		for _, w := range m.output[s] {
			found(int(w), i+1-m.length[w])
		}
	}
}

// any reports whether some word is in text.
func (m *matcher) any(text string) bool {
	s := 0
	for i := range len(text) {
		s = int(m.next[s*m.width+int(m.class[text[i]])])
		if len(m.output[s]) > 0 {
			return true
		}
	}
	return false
}
