package shape

import (
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// Fit shapes as much of the start of text as is at most avail wide, ending
// between grapheme clusters, and returns it with its length in bytes. At least
// one cluster is taken, however wide.
func (s *Shaper) Fit(text []byte, rtl bool, avail fixed.Int26_6) (*Word, int, error) {
	avail = max(avail, 0)
	if n := s.fitASCII(text, avail); n > 0 {
		w := s.unit(text[:n], rtl)
		return w, n, s.err
	}
	// A window that holds more than fits, or all there is.
	var ends []int
	for window := 256; ; window *= 2 {
		ends = s.clusterEnds(text, window)
		w := s.unit(text[:ends[len(ends)-1]], rtl)
		if s.err != nil {
			return nil, 0, s.err
		}
		if ends[len(ends)-1] == len(text) && w.Width <= avail {
			return w, len(text), nil
		}
		if w.Width > avail {
			break
		}
	}
	// Bisect: advances are additive but for context, so the width grows.
	lo, hi := 1, len(ends) // lo fits or is the least we take; hi does not fit
	best := s.unit(text[:ends[0]], rtl)
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if w := s.unit(text[:ends[mid-1]], rtl); w.Width <= avail {
			lo, best = mid, w
		} else {
			hi = mid
		}
	}
	return best, ends[lo-1], s.err
}

// fitASCII is Fit for what long words mostly are: there a cluster is a byte,
// and without kerning the advances add up exactly. It returns 0 where that
// does not hold up to the character that overflows.
func (s *Shaper) fitASCII(text []byte, avail fixed.Int26_6) int {
	if s.kerning {
		return 0
	}
	var pen int64
	for i, c := range text {
		if c >= utf8.RuneSelf || !s.ascii[c] {
			return 0
		}
		if pen += s.advance[c]; scaled(pen, s.faces[0].xScale) > avail {
			return i
		}
	}
	return len(text)
}

// clusterEnds returns the ends, in bytes, of the clusters in the first window
// bytes of text, at least one.
func (s *Shaper) clusterEnds(text []byte, window int) []int {
	for {
		cut := window < len(text)
		part := text
		if cut {
			n := window
			for !utf8.RuneStart(text[n]) {
				n--
			}
			part = text[:n]
		}
		var ends []int
		s.seg.InitWithBytes(part)
		for it := s.seg.GraphemeIterator(); it.Next(); {
			g := it.Grapheme()
			ends = append(ends, g.OffsetInBytes+g.LengthInBytes)
		}
		if !cut {
			return ends
		}
		if len(ends) > 1 { // the last one may be cut
			return ends[:len(ends)-1]
		}
		window *= 2
	}
}
