package benchmark

import "slices"

// LCS is a longest common subsequence of x and y as index pairs, ascending. Of
// several it is the one found from the ends, which on a tie goes back in y
// first. Time is len(x)·len(y), memory a bit for each such cell.
func LCS(x, y []string) [][2]int {
	ids := map[string]int32{}
	number := func(words []string) []int32 {
		out := make([]int32, len(words))
		for i, w := range words {
			id, ok := ids[w]
			if !ok {
				id = int32(len(ids))
				ids[w] = id
			}
			out[i] = id
		}
		return out
	}
	a, b := number(x), number(y)
	stride := (len(b) + 63) / 64
	up := make([]uint64, len(a)*stride) // bit j of row i: the cell above is the longer one
	above, row := make([]int32, len(b)+1), make([]int32, len(b)+1)
	for i, p := range a {
		bits := up[i*stride : (i+1)*stride]
		for j, q := range b {
			switch {
			case p == q:
				row[j+1] = above[j] + 1
			case above[j+1] > row[j]:
				row[j+1] = above[j+1]
				bits[j/64] |= 1 << (j % 64)
			default:
				row[j+1] = row[j]
			}
		}
		above, row = row, above
	}
	pairs := make([][2]int, 0, above[len(b)])
	for i, j := len(a)-1, len(b)-1; i >= 0 && j >= 0; {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i-1, j-1
		case up[i*stride+j/64]>>(j%64)&1 == 1:
			i--
		default:
			j--
		}
	}
	slices.Reverse(pairs)
	return pairs
}
