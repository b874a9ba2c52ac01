package exact

import (
	"unicode"
	"unicode/utf8"
)

type class uint8

const (
	other class = iota
	digit
	lower
	upper
	quote
	lead // may begin a string: sign, slash, bracket …
	space
)

var classes = func() (t [256]class) {
	for c := range 256 {
		switch {
		case '0' <= c && c <= '9':
			t[c] = digit
		case 'a' <= c && c <= 'z', c == '_':
			t[c] = lower
		case 'A' <= c && c <= 'Z':
			t[c] = upper
		case c == '"' || c == '\'' || c == '`':
			t[c] = quote
		case c == '-' || c == '+' || c == '/' || c == '.' || c == '~' || c == '$' || c == '(' || c == '\\' || c == ':' || c == '#':
			t[c] = lead
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			t[c] = space
		}
	}
	return t
}()

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isAlpha(c byte) bool { return isUpper(c) || isLower(c) }
func isSpace(c byte) bool { return classes[c] == space }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// isWordByte reports whether an ASCII byte is part of a word.
func isWordByte(c byte) bool { return digit <= classes[c] && classes[c] <= upper }

// wordLen is the length of the word character at s[i:], 0 if there is none.
// Scripts without blanks between words have no word characters here: they are
// what stands around a string, not part of it.
func wordLen(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	if s[i] < utf8.RuneSelf {
		if isWordByte(s[i]) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError || r >= 0x0E00 && r < 0x1000 || r >= 0x2E80 || !unicode.In(r, unicode.L, unicode.M) {
		return 0
	}
	return n
}

// endsWord reports whether the character before s[i] is part of a word.
func endsWord(s string, i int) bool {
	if i == 0 {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return isWordByte(c)
	}
	_, n := utf8.DecodeLastRuneInString(s[:i])
	return wordLen(s, i-n) > 0
}

// wordEnd is the end of the word that begins at i.
func wordEnd(s string, i int) int {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if !isWordByte(c) {
				return i
			}
			i++
			continue
		}
		n := wordLen(s, i)
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
	for {
		i = wordEnd(s, i)
		if next := hyphenBreak(s, i); next > i {
			i = next
			continue
		}
		if i+1 >= len(s) || s[i] != '.' && s[i] != '-' && s[i] != '+' || wordLen(s, i+1) == 0 {
			return i
		}
		i++
	}
}

// hyphenBreak is where a code goes on in the next line behind a hyphen at i that
// ends its line and stands between two digits: CVE-2026- and 28389. It is i if
// none does.
func hyphenBreak(s string, i int) int {
	if at(s, i) != '-' || !isDigit(at(s, i-1)) || at(s, i+1) != '\n' && at(s, i+1) != '\r' {
		return i
	}
	if next := indentEnd(s, i, i+1); next > i && isDigit(at(s, next)) {
		return next
	}
	return i
}

// digitsEnd is the end of the ASCII digits that begin at i.
func digitsEnd(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

func at(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}
