package verify

import "sync"

// siblings tells in which families strings come a digit apart, as counters do:
// there a digit in place of another is more likely another string of the family
// than a misread one. It is safe for concurrent use.
type siblings struct {
	near    *neighbours
	kin     *families
	counted sync.Map // shape → bool
}

const (
	siblingSample = 16
	siblingShare  = 4 // one in so many of the sample has a sibling
)

// comeInRows tells whether strings of the shape of a source string do. Twins
// that a glyph tells apart count: they are what a reader must not mix up.
func (s *siblings) comeInRows(text string) bool {
	key := shape(text)
	if known, ok := s.counted.Load(key); ok {
		return known.(bool)
	}
	var ids []int
	for i, sh := range s.kin.shapes {
		if sh == key {
			ids = append(ids, i)
		}
	}
	step := (len(ids) + siblingSample - 1) / siblingSample
	sampled, with := 0, 0
	for i := 0; i < len(ids); i += step {
		sampled++
		if s.hasSibling(s.kin.entries[ids[i]].text) {
			with++
		}
	}
	rows := with*siblingShare >= sampled
	s.counted.Store(key, rows)
	return rows
}

// hasSibling tells whether the sources hold a string that differs from one of
// theirs in one digit.
func (s *siblings) hasSibling(text string) bool {
	near, complete := s.near.within(glyphs.appendFolded(nil, text), 1)
	if !complete {
		return true
	}
	for _, n := range near {
		if isSibling(text, s.kin.entries[n.id].text) {
			return true
		}
	}
	return false
}

func isSibling(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	differ := 0
	for i := range len(a) {
		if a[i] == b[i] {
			continue
		}
		if differ++; differ > 1 || !isDigit(rune(a[i])) || !isDigit(rune(b[i])) {
			return false
		}
	}
	return differ == 1
}
