package metric

// Edit is one step of an alignment: an item of want is read as another one, is
// missing, or there is one too many.
type Edit struct {
	Kind editKind
	Want int // index in want; of what is too much, of the item that it stands before
	Got  int // index in got; of what is missing, of the item that it would stand before
}

// editKind is what an [Edit] does.
type editKind uint8

// The kinds of an [Edit].
const (
	Substitution editKind = iota
	Deletion              // an item of want is missing
	Insertion             // an item of got is too much
)

// Align returns a shortest list of edits that make got of want, in order. Their
// number is EditDistance(want, got), and all items between them are equal. Of
// several such lists it is always the same one; equal beginnings and ends stay
// whole.
//
// With a distance of d it takes time in proportion to d·len(want), beside that
// of EditDistance, and memory in proportion to the two lengths. It is the
// algorithm of Hirschberg (Commun. ACM 18, 1975) on the diagonals of the table
// that a path of d edits can reach (Ukkonen, Inf. Control 64, 1985).
func Align[T comparable](want, got []T) []Edit {
	a := &aligner[T]{}
	a.align(want, got, 0, 0, -1)
	return a.edits
}

type aligner[T comparable] struct {
	edits        []Edit
	upper, lower []int32
}

// align appends the edits of two sequences that begin at w and g of the whole
// ones. D is their distance; -1 if it is not known.
func (a *aligner[T]) align(want, got []T, w, g, d int) {
	n := 0
	for n < min(len(want), len(got)) && want[n] == got[n] {
		n++
	}
	want, got, w, g = want[n:], got[n:], w+n, g+n
	for len(want) > 0 && len(got) > 0 && want[len(want)-1] == got[len(got)-1] {
		want, got = want[:len(want)-1], got[:len(got)-1]
	}
	switch {
	case len(want) == 0 || len(got) == 0:
		for i := range want {
			a.edits = append(a.edits, Edit{Deletion, w + i, g})
		}
		for i := range got {
			a.edits = append(a.edits, Edit{Insertion, w, g + i})
		}
		return
	case len(want) == 1:
		a.one(want[0], got, w, g)
		return
	}
	if d < 0 {
		d = EditDistance(want, got)
	}
	half := len(want) / 2
	a.upper = distances(a.upper, want[:half], got, d, false)
	a.lower = distances(a.lower, want[half:], got, d, true)
	cut := max(0, half-d)
	for int(a.upper[cut]+a.lower[len(got)-cut]) > d {
		cut++
	}
	above, below := int(a.upper[cut]), int(a.lower[len(got)-cut])
	a.align(want[:half], got[:cut], w, g, above)
	a.align(want[half:], got[cut:], w+half, g+cut, below)
}

// one aligns a single item: with its last equal, or else with the first of got.
func (a *aligner[T]) one(want T, got []T, w, g int) {
	at, kept := 0, false
	for i, x := range got {
		if x == want {
			at, kept = i, true
		}
	}
	for i := range got {
		switch {
		case i < at:
			a.edits = append(a.edits, Edit{Insertion, w, g + i})
		case i > at:
			a.edits = append(a.edits, Edit{Insertion, w + 1, g + i})
		case !kept:
			a.edits = append(a.edits, Edit{Substitution, w, g})
		}
	}
}

// distances returns the edit distances of want and every beginning of got, by
// its length; if backwards, of every end. Those above d are some number above d.
// Row is the memory to use.
func distances[T comparable](row []int32, want, got []T, d int, backwards bool) []int32 {
	const far = 1 << 30
	if cap(row) <= len(got) {
		row = make([]int32, len(got)+1)
	}
	row = row[:len(got)+1]
	for j := range row {
		row[j] = far
		if j <= d {
			row[j] = int32(j)
		}
	}
	at := func(s []T, i int) T {
		if backwards {
			return s[len(s)-1-i]
		}
		return s[i]
	}
	// Row i+1 has the lengths from lo to hi; those below it are far.
	for i := range want {
		x := at(want, i)
		lo, hi := max(0, i+1-d), min(len(got), i+1+d)
		var diagonal, left int32 = far, far
		if lo > 0 {
			diagonal, row[lo-1] = row[lo-1], far
		}
		for j := lo; j <= hi; j++ {
			best := min(left, row[j]) + 1
			if j > 0 {
				step := diagonal
				if x != at(got, j-1) {
					step++
				}
				best = min(best, step)
			}
			diagonal, left, row[j] = row[j], best, best
		}
	}
	return row
}
