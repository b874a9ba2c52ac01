package verify

import (
	"unicode"

	"github.com/glyphkit/glyph/render/exact"
)

// isMisreading tells whether the edits between a candidate and what was read
// are those of a reader. Glyphs that are alike may be: others only where the
// place that differs cannot be what tells one value from another.
func (c candidate) isMisreading() bool {
	unlike := 0
	for _, e := range c.edits {
		if glyphs.alike(c.truth[e.from:e.fromEnd], c.read[e.to:e.toEnd]) {
			continue
		}
		if c.isValue(e) {
			return false
		}
		unlike++
	}
	n := len(c.truth)
	return unlike <= maxUnlike(n) && len(c.edits) <= max(1, n/maxMisreadShare)
}

// maxMisreadShare is the part of the characters of a string that a repair
// may change: one in two, where the odds are enough.
const maxMisreadShare = 2

// maxUnlike is how many errors that no shape explains a repair may have in a
// string of n characters: by the assumed rates one in 200 characters.
func maxUnlike(n int) int { return 1 + n/40 }

// minWord is how many letters a word has that is hardly another word with one
// letter changed.
const minWord = 6

// isValue tells whether the place of an edit may tell a value from its
// sibling: digits do, and letters of short words. An invented character that
// no value has there tells nothing.
func (c candidate) isValue(e edit) bool {
	if isOpaque(c.kind, c.truth) || e.from == e.fromEnd && c.misfits(e) {
		return false
	}
	digits, letters := count(c.truth[e.from:e.fromEnd])
	moreDigits, moreLetters := count(c.read[e.to:e.toEnd])
	if digits+moreDigits > 0 {
		return true
	}
	left, right := run(c.truth, e.from, e.fromEnd)
	digits, wordLetters := count(c.truth[left:right])
	return letters+moreLetters > 0 && (digits > 0 || wordLetters < minWord)
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

// shape is a hash of what kind of character a string has at each place.
func shape(text string) uint64 {
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
	return h
}

// isOpaque tells digests and random identifiers from strings that people
// count up.
func isOpaque(kind exact.Kind, s []rune) bool {
	zeros := 0
	for _, r := range s {
		if r == '0' {
			zeros++
		}
	}
	if zeros > len(s)/2 { // 00000000-0000-0000-0000-000000000017
		return false
	}
	switch kind {
	case exact.UUID, exact.Hash:
		return true
	case exact.Hex, exact.Base64:
		return len(s) >= 12
	}
	return false
}

func isHex(kind exact.Kind) bool {
	return kind == exact.UUID || kind == exact.Hash || kind == exact.Hex || kind == exact.MAC
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
func compatible(read, truth exact.Kind) bool {
	checked := func(k exact.Kind) bool {
		switch k {
		case exact.UUID, exact.IP, exact.MAC, exact.Email, exact.Date, exact.Time:
			return true
		}
		return false
	}
	return read == truth || !checked(read) || !checked(truth)
}
