// Package lex has the matchers of exact strings that look at characters alone:
// each is a function of a passage and a position in it that returns the end of
// its string, or the position itself if there is none. It has the word lists and
// the language of a passage as well.
package lex

import (
	"unicode"
	"unicode/utf8"
)

// Class is what a byte may begin.
type Class uint8

// The classes of bytes.
const (
	other Class = iota
	Digit
	Lower
	Upper
	Quote
	Lead // may begin a string: sign, slash, bracket …
	space
)

// Classes are the classes of all bytes; those beyond ASCII have none.
var Classes = func() (t [256]Class) {
	for c := range 256 {
		switch {
		case '0' <= c && c <= '9':
			t[c] = Digit
		case 'a' <= c && c <= 'z', c == '_':
			t[c] = Lower
		case 'A' <= c && c <= 'Z':
			t[c] = Upper
		case c == '"' || c == '\'' || c == '`':
			t[c] = Quote
		case c == '-' || c == '+' || c == '/' || c == '.' || c == '~' || c == '$' || c == '(' || c == '\\' || c == ':' || c == '#':
			t[c] = Lead
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			t[c] = space
		}
	}
	return t
}()

// IsDigit reports whether c is a digit of ASCII.
func IsDigit(c byte) bool { return '0' <= c && c <= '9' }

// IsUpper reports whether c is a capital of ASCII.
func IsUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// IsLower reports whether c is a small letter of ASCII.
func IsLower(c byte) bool { return 'a' <= c && c <= 'z' }

// IsAlpha reports whether c is a letter of ASCII.
func IsAlpha(c byte) bool { return IsUpper(c) || IsLower(c) }

// IsSpace reports whether c is a blank, a tab or a part of a line end.
func IsSpace(c byte) bool { return Classes[c] == space }
func isHex(c byte) bool   { return IsDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// IsWordByte reports whether an ASCII byte is part of a word.
func IsWordByte(c byte) bool { return Digit <= Classes[c] && Classes[c] <= Upper }

// WordLen is the length of the word character at s[i:], 0 if there is none.
// Scripts without blanks between words have no word characters here: they are
// what stands around a string, not part of it.
func WordLen(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	if s[i] < utf8.RuneSelf {
		if IsWordByte(s[i]) {
			return 1
		}
		return 0
	}
	if c := s[i]; c < 0xE0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 && c >= 0xC2 {
		if shortLetters[rune(c&0x1F)<<6|rune(s[i+1]&0x3F)] {
			return 2
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError || r >= 0x0E00 && r < 0x1000 || r >= 0x2E80 || !unicode.In(r, unicode.L, unicode.M) {
		return 0
	}
	return n
}

// shortLetters are the letters and marks of two bytes.
var shortLetters = func() (t [0x800]bool) {
	for r := range rune(len(t)) {
		t[r] = r >= utf8.RuneSelf && unicode.In(r, unicode.L, unicode.M)
	}
	return t
}()

// EndsWord reports whether the character before s[i] is part of a word.
func EndsWord(s string, i int) bool {
	if i == 0 {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return IsWordByte(c)
	}
	_, n := utf8.DecodeLastRuneInString(s[:i])
	return WordLen(s, i-n) > 0
}

// WordEnd is the end of the word that begins at i.
func WordEnd(s string, i int) int {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if !IsWordByte(c) {
				return i
			}
			i++
			continue
		}
		n := WordLen(s, i)
		if n == 0 {
			return i
		}
		i += n
	}
	return i
}

// joinedEnd is the end of the words that begin at i and are joined by single
// dots, hyphens and plus signs.
func joinedEnd(s string, i int) int {
	const maxBreaks = 2
	breaks := 0
	for {
		i = WordEnd(s, i)
		if next := hyphenBreak(s, i); next > i && breaks < maxBreaks {
			i = next
			breaks++
			continue
		}
		if i+1 >= len(s) || s[i] != '.' && s[i] != '-' && s[i] != '+' || WordLen(s, i+1) == 0 {
			return i
		}
		i++
	}
}

// hyphenBreak is where a code goes on in the next line behind a hyphen at i that
// ends its line and stands between two digits: CVE-2026- and 28389. It is i if
// none does.
func hyphenBreak(s string, i int) int {
	if At(s, i) != '-' || !IsDigit(At(s, i-1)) || At(s, i+1) != '\n' && At(s, i+1) != '\r' {
		return i
	}
	if next := indentEnd(s, i, i+1); next > i && IsDigit(At(s, next)) {
		return next
	}
	return i
}

// DigitsEnd is the end of the ASCII digits that begin at i.
func DigitsEnd(s string, i int) int {
	for i < len(s) && IsDigit(s[i]) {
		i++
	}
	return i
}

// At is the byte at i, 0 outside of s.
func At(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}
