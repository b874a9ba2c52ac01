package corpus

import "math/bits"

// zipf draws words with the frequency of natural text: the word of rank r
// (from 0) has weight 1/(r+shift). It is Walker's alias method with integer
// weights, so that a draw is one table look-up and the tables are the same on
// every CPU.
type zipf struct {
	words []string
	cells []aliasCell
}

// aliasCell is one column of the alias table: its own word when the fraction
// drawn is below keep (of 2³²), else the word at alias.
type aliasCell struct {
	keep  uint32
	alias uint32
}

// newZipf orders lists[0] before lists[1] and so on; a flat head comes from a
// larger shift.
func newZipf(shift int, lists ...[]string) zipf {
	var words []string
	for _, l := range lists {
		words = append(words, l...)
	}
	n := uint64(len(words))
	weights := make([]uint64, n)
	var total uint64
	for r := range weights {
		weights[r] = (1 << 32) / uint64(r+shift)
		total += weights[r]
	}
	// Scaled by n, an average word weighs exactly total.
	var small, large []int
	for i := range weights {
		weights[i] *= n
		if weights[i] < total {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	cells := make([]aliasCell, n)
	for i := range cells {
		cells[i] = aliasCell{keep: 1<<32 - 1, alias: uint32(i)}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		hi, lo := bits.Mul64(weights[s], 1<<32)
		keep, _ := bits.Div64(hi, lo, total)
		cells[s] = aliasCell{keep: uint32(keep), alias: uint32(l)}
		weights[l] -= total - weights[s]
		if weights[l] < total {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	return zipf{words: words, cells: cells}
}

func (z *zipf) draw(r uint64) string {
	i := (r >> 32) * uint64(len(z.cells)) >> 32
	c := z.cells[i]
	if uint32(r) >= c.keep {
		i = uint64(c.alias)
	}
	return z.words[i]
}
