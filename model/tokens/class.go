package tokens

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Classes of characters that pre-tokenizers tell apart, as a bit set. A
// character of none (controls, formats, private use) is 0.
const (
	upper  = 1 << iota // \p{Lu} \p{Lt}
	lower              // \p{Ll}
	other              // \p{Lm} \p{Lo}: letters without case
	mark               // \p{M}
	number             // \p{N}
	space              // \s
	punct              // \p{P} \p{S}
	kana               // Han and kana that DeepSeek cuts out: 一-龥, U+3040 - U+30FF

	letter = upper | lower | other
)

// classes holds the classes of every character in Go's version of Unicode
// (unicode.Version), about 200 KB.
var classes = sync.OnceValue(func() *classTable {
	t := new(classTable)
	for _, c := range []struct {
		class uint8
		table *unicode.RangeTable
	}{
		{upper, unicode.Lu}, {upper, unicode.Lt},
		{lower, unicode.Ll},
		{other, unicode.Lm}, {other, unicode.Lo},
		{mark, unicode.M},
		{number, unicode.N},
		{space, unicode.White_Space},
		{punct, unicode.P}, {punct, unicode.S},
		{kana, &unicode.RangeTable{R16: []unicode.Range16{{0x3040, 0x30ff, 1}, {0x4e00, 0x9fa5, 1}}}},
	} {
		for _, r := range c.table.R16 {
			t.add(c.class, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range c.table.R32 {
			t.add(c.class, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	t.ascii = t.pages[0]
	empty := new([256]uint8)
	for i, p := range t.pages {
		if p == nil {
			t.pages[i] = empty
		}
	}
	return t
})

type classTable struct {
	pages [(unicode.MaxRune + 1) >> 8]*[256]uint8 // of r: pages[r>>8][r&0xff]
	ascii *[256]uint8                             // pages[0]
}

func (t *classTable) add(class uint8, lo, hi, stride rune) {
	for r := lo; r <= hi; r += stride {
		page := &t.pages[r>>8]
		if *page == nil {
			*page = new([256]uint8)
		}
		(*page)[r&0xff] |= class
	}
}

// at returns the classes and the bytes of the character at s[i].
func (t *classTable) at(s []byte, i int) (uint8, int) {
	if b := s[i]; b < utf8.RuneSelf {
		return t.ascii[b], 1
	}
	r, n := utf8.DecodeRune(s[i:])
	return t.of(r), n
}

// Of returns the classes of r.
func (t *classTable) of(r rune) uint8 { return t.pages[r>>8][r&0xff] }
