package value

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// confusables.txt is made by hand: go run confusables_gen.go confusables.json

//go:embed confusables.txt
var confusables string

var lookAlikes = sync.OnceValue(func() map[rune]byte {
	m := map[rune]byte{}
	for line := range strings.Lines(confusables) {
		r, n := utf8.DecodeRuneInString(line)
		if r >= utf8.RuneSelf && n < len(line) {
			m[r] = line[n]
		}
	}
	return m
})

// Skeleton is s with the letters of other scripts that look like one of ASCII
// replaced by it (Unicode UTS #39). Two strings that differ and have one skeleton
// look alike and are not the same.
func Skeleton(s string) string {
	k := 0
	for k < len(s) && s[k] < utf8.RuneSelf {
		k++
	}
	if k == len(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			if c, ok := lookAlikes()[r]; ok {
				return rune(c)
			}
		}
		return r
	}, s)
}

// IsSpoofed reports whether a word of s has a letter that looks like one of
// ASCII beside Latin letters or digits: a Cyrillic "а" in "pаypal". Words of one
// script are not spoofed, whatever they look like.
func IsSpoofed(s string) bool {
	latin, alike := false, false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			if r >= utf8.RuneSelf && lookAlikes()[r] != 0 {
				alike = true
			} else if unicode.Is(unicode.Latin, r) {
				latin = true
			}
		case r == '_' || r >= '0' && r <= '9' || unicode.IsMark(r):
		default:
			latin, alike = false, false
		}
		if latin && alike {
			return true
		}
	}
	return false
}
