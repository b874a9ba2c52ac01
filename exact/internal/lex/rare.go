package lex

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:generate go run words_gen.go

// The table is 27³ surprisals of a letter after two others, in 1/16 bit, and a
// Bloom filter of 10,847 common words with four hashes.
//
//go:embed words.bin
var wordTable string

const (
	letterCount = 27
	trigrams    = letterCount * letterCount * letterCount
	bloomBits   = 18
)

// Mean surprisal of a letter, in bits, from which a word that is not known is
// rare. The mean of the known words is about 2.9 (TestSurprisalOfKnownWords).
// A capital inside a sentence says "name" by itself, and names that look like
// English words (Harrison) are what a reader expects.
const (
	RareName  = 3.35 // a capital inside a sentence
	rareStart = 3.9  // a capital where any word has one
	rareLower = 8.0  // the table cannot tell short words such as bowl from names
)

// ExpectedNames are names that every reader expects, in small letters.
var ExpectedNames = SetOf(`
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
africa america argentina asia australia austria belgium brazil britain california canada chile china cuba denmark egypt
england europe finland florida france germany greece hungary iceland india indonesia iran iraq ireland israel italy
japan kenya korea mexico netherlands nigeria norway pakistan peru poland portugal russia scotland spain sweden
switzerland texas turkey ukraine wales vietnam
african american arabic asian australian austrian belgian british canadian chinese danish dutch egyptian english european
finnish french german greek hungarian indian irish israeli italian japanese jewish korean latin mexican norwegian
polish portuguese roman russian scottish spanish swedish swiss turkish welsh christian muslim
amsterdam athens barcelona beijing berlin boston brussels cairo chicago copenhagen delhi dublin edinburgh geneva
hamburg istanbul jerusalem london madrid manchester melbourne milan montreal moscow mumbai munich oslo oxford
cambridge paris prague rome shanghai singapore stockholm sydney tokyo toronto venice vienna warsaw washington york
alice andrew anna anne arthur barbara charles daniel david edward elizabeth emily emma frank george hannah helen henry
jack jacob james jane jennifer john joseph julia karen kate laura linda lucy maria martin mary matthew michael nancy
oliver patricia paul peter philip richard robert sarah simon susan thomas victoria walter william
anderson brown clark davis evans harris jackson johnson jones lewis miller moore roberts robinson smith taylor thompson
walker williams wilson wright
google microsoft amazon apple facebook twitter linux windows python kubernetes docker internet unix
secretary minister president senator professor colonel sergeant lieutenant majesty parliament congress senate`)

// IsRare reports whether s[i:end] is a word that a language prior would replace.
func IsRare(s string, i, end int) bool {
	w := s[i:end]
	if len(w) < 4 || len(w) > 40 || At(s, i-1) == '@' || At(s, i-1) == '#' {
		return false
	}
	first, n := utf8.DecodeRuneInString(w)
	capital := unicode.IsUpper(first)
	name := capital && IsGaelic(w)
	var folded [40]byte
	letters, foreign := 0, false
	for k := 0; k < len(w); {
		c, size := rune(w[k]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(w[k:])
			if !unicode.Is(unicode.Latin, c) {
				return false
			}
			foreign = true
			c = 'e' // its letter does not matter: it is rare already
		}
		if k >= n && 'A' <= c && c <= 'Z' && !name {
			return false
		}
		c |= 0x20
		if c < 'a' || c > 'z' {
			return false
		}
		folded[letters] = byte(c)
		letters++
		k += size
	}
	if letters < 4 {
		return false
	}
	if foreign || name {
		return capital
	}
	word := folded[:letters]
	if IsKnownForm(string(word)) || ExpectedNames[string(word)] {
		return false
	}
	limit := rareLower
	switch {
	case capital && StartsSentence(s, i):
		limit = rareStart
	case capital:
		limit = RareName
	}
	return Surprisal(word) >= limit
}

// StartsSentence reports whether a capital at i says nothing.
func StartsSentence(s string, i int) bool {
	k := i - 1
	for k >= 0 && (IsSpace(s[k]) || strings.IndexByte("\"'`([{*_>#-", s[k]) >= 0) {
		k--
	}
	return k < 0 || strings.IndexByte(".!?:", s[k]) >= 0
}

// Surprisal is the mean of a word's letters, its end included, in bits.
func Surprisal(word []byte) float64 {
	sum, a, b := 0, 0, 0
	for i := range len(word) + 1 {
		c := 0
		if i < len(word) {
			c = int(word[i]-'a') + 1
		}
		sum += int(wordTable[(a*letterCount+b)*letterCount+c])
		a, b = b, c
	}
	return float64(sum) / 16 / float64(len(word)+1)
}

// IsKnownForm reports whether a word or what it is made from is common.
func IsKnownForm(w string) bool {
	if isKnown(w) {
		return true
	}
	for _, ending := range []string{"s", "es", "ed", "d", "ing", "ly", "er", "ness", "ful", "less"} {
		if stem, ok := strings.CutSuffix(w, ending); ok && len(stem) >= 3 && (isKnown(stem) || isKnown(stem+"e") || stem[len(stem)-1] == 'i' && isKnown(stem[:len(stem)-1]+"y")) {
			return true
		}
	}
	for _, prefix := range []string{"un", "re", "non", "pre", "sub", "over"} {
		if stem, ok := strings.CutPrefix(w, prefix); ok && len(stem) >= 4 && isKnown(stem) {
			return true
		}
	}
	return false
}

// isKnown looks a word in small letters up in the Bloom filter. One word in
// thousands that is not in it is taken for known.
func isKnown(w string) bool {
	bloom := wordTable[trigrams:]
	for seed := range uint32(4) {
		h := 2166136261 ^ seed*0x9E3779B9
		for k := range len(w) {
			h = (h ^ uint32(w[k])) * 16777619
		}
		h = (h ^ h>>15) & (1<<bloomBits - 1)
		if bloom[h/8]>>(h%8)&1 == 0 {
			return false
		}
	}
	return true
}
