package metric

// EditDistance is the Levenshtein distance of a and b: the fewest insertions,
// deletions and substitutions, each counting 1. It is exact. One step of its
// inner loop is 64 cells of the usual table (Myers, J. ACM 46, 1999, in the
// form of Hyyrö 2003 for patterns of many words), so texts of 100,000 items
// take about half a second.
func EditDistance[T comparable](a, b []T) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	blocks := (len(a) + 63) / 64
	// equal[x] has bit i set where a[i] == x. Most items stand in few blocks,
	// but a dense row is what the loop reads fastest.
	equal := map[T][]uint64{}
	for i, x := range a {
		row := equal[x]
		if row == nil {
			row = make([]uint64, blocks)
			equal[x] = row
		}
		row[i/64] |= 1 << (i % 64)
	}
	nowhere := make([]uint64, blocks)
	// Vertical differences of the table's current column: +1 and -1.
	plus, minus := make([]uint64, blocks), make([]uint64, blocks)
	for i := range plus {
		plus[i] = ^uint64(0)
	}
	distance := len(a)
	last := uint64(1) << ((len(a) - 1) % 64)
	for _, y := range b {
		row := equal[y]
		if row == nil {
			row = nowhere
		}
		// Horizontal differences that enter a block from the one above; the
		// first row of the table grows by one a column.
		plusIn, minusIn := uint64(1), uint64(0)
		for w, eq := range row {
			pv, mv := plus[w], minus[w]
			xv := eq | mv
			eq |= minusIn
			xh := (((eq & pv) + pv) ^ pv) | eq
			ph := mv | ^(xh | pv)
			mh := pv & xh
			if w == blocks-1 {
				if ph&last != 0 {
					distance++
				} else if mh&last != 0 {
					distance--
				}
			}
			plusOut, minusOut := ph>>63, mh>>63
			ph = ph<<1 | plusIn
			mh = mh<<1 | minusIn
			plus[w] = mh | ^(xv | ph)
			minus[w] = ph & xv
			plusIn, minusIn = plusOut, minusOut
		}
	}
	return distance
}
