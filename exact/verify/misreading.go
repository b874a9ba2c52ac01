package verify

import (
	"slices"
	"unicode"

	"github.com/glyphkit/glyph/internal/value"
)

// isMisreading tells whether the edits between a candidate and what was read
// are those of a reader: glyphs that are alike, and one character lost or
// invented where that alone cannot give another value.
func (c candidate) isMisreading() bool {
	unlike := 0
	for _, e := range c.edits {
		if glyphs.alike(c.truth[e.from:e.fromEnd], c.read[e.to:e.toEnd]) {
			continue
		}
		if !hasFixedLength(c.kind) || e.fromEnd-e.from == e.toEnd-e.to || c.isAround(e) {
			return false
		}
		unlike++
	}
	return unlike <= maxUnlike && len(c.edits) <= max(1, len(c.truth)/maxMisreadShare)
}

const (
	maxMisreadShare = 2 // a repair changes up to one in so many characters
	maxUnlike       = 1
)

func hasFixedLength(kind value.Kind) bool { return kind == value.UUID || kind == value.Hash }

// isAround tells whether an edit adds a mark before or after the candidate: it
// may belong to the text around it.
func (c candidate) isAround(e edit) bool {
	return e.from == e.fromEnd && (e.from == 0 || e.from == len(c.truth)) && !isWord(c.read[e.to])
}

// misfits tells whether an edit puts a letter among digits, or a digit in a
// word: what was read is no value then.
func (c candidate) misfits(e edit) bool {
	left, right := run(c.truth, e.from, e.fromEnd)
	digits, letters := count(c.truth[left:right])
	moreDigits, moreLetters := count(c.read[e.to:e.toEnd])
	switch {
	case letters == 0 && digits > 0:
		return moreLetters > 0
	case isHex(c.kind):
		return !allHex(c.read[e.to:e.toEnd])
	case digits == 0 && letters > 2:
		return moreDigits > 0
	}
	return false
}

// changesDigit tells whether a digit was read in place of another.
func (c candidate) changesDigit() bool {
	return slices.ContainsFunc(c.edits, func(e edit) bool {
		from, to := c.truth[e.from:e.fromEnd], c.read[e.to:e.toEnd]
		return len(from) == 1 && len(to) == 1 && isDigit(from[0]) && isDigit(to[0])
	})
}

// changesShape tells whether an edit puts a character of another sort, or
// another mark, in a place.
func (c candidate) changesShape(e edit) bool {
	return shape(string(c.truth[e.from:e.fromEnd])) != shape(string(c.read[e.to:e.toEnd]))
}

func isHex(kind value.Kind) bool {
	return kind == value.UUID || kind == value.Hash || kind == value.Hex || kind == value.MAC
}

// run returns the run of letters and digits around s[from:to].
func run(s []rune, from, to int) (left, right int) {
	left, right = from, to
	for left > 0 && isWord(s[left-1]) {
		left--
	}
	for right < len(s) && isWord(s[right]) {
		right++
	}
	return left, right
}

func count(s []rune) (digits, letters int) {
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case isWord(r):
			letters++
		}
	}
	return digits, letters
}

func allHex(s []rune) bool {
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F' || r == '-') {
			return false
		}
	}
	return true
}

// compatible tells whether a string of one kind may be a misread string of
// another. Kinds with a form that is checked are not each other's; the rest is
// what a misread string is taken for.
func compatible(read, truth value.Kind) bool {
	checked := func(k value.Kind) bool {
		switch k {
		case value.UUID, value.IP, value.MAC, value.Email, value.Date, value.Time, value.Timestamp:
			return true
		}
		return false
	}
	return read == truth || !checked(read) || !checked(truth)
}
