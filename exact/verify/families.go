package verify

import (
	"math/bits"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"
)

// families tells how many values the strings of a shape may have, learned from
// those that the sources hold. It keeps 4 bytes a string, and is safe for
// concurrent use.
type families struct {
	entries []entry
	shapes  []uint32
	known   sync.Map // shape → family
}

// A family is the strings of one shape.
type family struct {
	size int
	// varieties is how many characters each place of such a string may have.
	// Places that are not seen to vary vary little, the less the more strings
	// there are.
	varieties []float64
}

func newFamilies(entries []entry) *families {
	f := &families{entries: entries, shapes: make([]uint32, len(entries))}
	for i, e := range entries {
		f.shapes[i] = shape(e.text)
	}
	return f
}

// has tells whether the sources hold a string of a shape.
func (f *families) has(shape uint32) bool { return slices.Contains(f.shapes, shape) }

// Characters that a place may have at most: a letter of a word carries about
// three bits.
const (
	digits10   = 10
	wordLetter = 8
	codeSign   = 20
	unseen     = 10 // strings by which a place that does not vary is half believed
)

// family returns the family of a string of the sources.
func (f *families) family(text string) family {
	key := shape(text)
	if known, ok := f.known.Load(key); ok {
		return known.(family)
	}
	places := utf8.RuneCountInString(text)
	seen := make([]uint64, places)
	fam := family{varieties: make([]float64, places)}
	for i, sh := range f.shapes {
		if sh != key {
			continue
		}
		fam.size++
		at := 0
		for _, r := range f.entries[i].text {
			if at < places {
				seen[at] |= 1 << (uint(r) % 64)
			}
			at++
		}
	}
	truth := []rune(text)
	for i := range truth {
		left, right := run(truth, i, i)
		digits, letters := count(truth[left:right])
		most := float64(codeSign)
		if letters == 0 {
			most = digits10
		} else if digits == 0 {
			most = wordLetter
		}
		fam.varieties[i] = min(most, float64(bits.OnesCount64(seen[i]))*(1+unseen/float64(fam.size)))
	}
	f.known.Store(key, fam)
	return fam
}

// shape is a hash of what kind of character a string has at each place.
func shape(text string) uint32 {
	h := uint64(14695981039346656037)
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case isWord(r):
			r = 'a'
		}
		h = (h ^ uint64(r)) * 1099511628211
	}
	return uint32(h >> 32)
}
