package shape

import (
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// Fit shapes as much of the start of text as is at most avail wide, ending
// between grapheme clusters, and returns it with its length in bytes. At least
// one cluster is taken, however wide.
func (s *Shaper) Fit(text []byte, rtl bool, avail fixed.Int26_6) (*Word, int, error) {
	// Guess from the width of a stretch that surely overflows or is all there
	// is, then correct by shaping; advances are additive but for context.
	avail = max(avail, 0)
	ends := s.clusterEnds(text, avail)
	lo, hi := 1, len(ends) // the answer is in [lo, hi] clusters
	var best *Word
	bestN := 0
	for guess := hi; lo <= hi; {
		w := s.unit(text[:ends[guess-1]], rtl)
		if s.err != nil {
			return nil, 0, s.err
		}
		if w.Width <= avail || guess == 1 {
			best, bestN = w, guess
			lo = guess + 1
			if guess == len(ends) {
				break
			}
		} else {
			hi = guess - 1
		}
		if lo > hi {
			break
		}
		// Proportional step, kept inside the bracket.
		next := guess
		if w.Width > 0 {
			next = int(int64(guess) * int64(avail) / int64(w.Width))
		}
		guess = min(max(next, lo), hi)
	}
	return best, ends[bestN-1], nil
}

// clusterEnds returns the ends, in bytes, of the first clusters of text, as
// many as could fit in avail if each were a quarter of a space wide.
func (s *Shaper) clusterEnds(text []byte, avail fixed.Int26_6) []int {
	most := 16 + int(4*avail/max(s.space, 1))
	window := most * 4
	cut := len(text) > window
	if cut {
		for window < len(text) && !utf8.RuneStart(text[window]) {
			window++
		}
		text = text[:window]
	}
	var ends []int
	s.seg.InitWithBytes(text)
	for it := s.seg.GraphemeIterator(); it.Next() && len(ends) < most; {
		g := it.Grapheme()
		ends = append(ends, g.OffsetInBytes+g.LengthInBytes)
	}
	if cut && len(ends) > 1 && len(ends) < most {
		ends = ends[:len(ends)-1] // the window may have cut the last cluster
	}
	return ends
}
