package fonts

import (
	"encoding/binary"
	"slices"
)

// spans are code points as ascending, disjoint, inclusive ranges.
type spans [][2]rune

func (s spans) contain(r rune) bool {
	i, ok := slices.BinarySearchFunc(s, r, func(span [2]rune, r rune) int { return int(span[0] - r) })
	return ok || i > 0 && r <= s[i-1][1]
}

// unpackSpans reads what gen.go writes: uvarints, how far each range begins
// behind the end of the one before, and how long it is.
func unpackSpans(packed string) (s spans) {
	end := rune(0)
	for data := []byte(packed); len(data) > 0; {
		gap, n := binary.Uvarint(data)
		length, m := binary.Uvarint(data[n:])
		data = data[n+m:]
		start := end + rune(gap)
		end = start + rune(length)
		s = append(s, [2]rune{start, end})
	}
	return s
}
