// Package corpus generates deterministic text for tests and benchmarks: the
// same kind, seed and size give the same bytes on every machine and in every
// release (the tests pin a SHA-256 per kind).
//
// It is not a data set: no sentence means anything and nothing here should be
// used to measure reading quality by meaning. It is made so that caches and
// line breakers are not flattered: words follow Zipf's law over thousands of
// forms, lines and paragraphs have natural lengths, and characters come in
// natural proportions.
//
// Distinct whitespace-separated tokens, mean line in characters (with the line
// feed), characters outside ASCII and distinct characters in the first 450,000
// bytes of seed 1 (go test -run TestShape -v ./internal/corpus), and speed on
// one core of a 2-core amd64 machine (go test -bench . ./internal/corpus):
//
//	kind          tokens   line  not ASCII  distinct   MB/s
//	prose           9724  140.0     0.59 %        79    170
//	licence        10095   51.0     0.18 %       119    125
//	code           16108   26.9          0        91    150
//	log            15722  134.4          0        76    380
//	markdown       12694   61.4     0.05 %       116    190
//	table          22283   82.0     0.04 %        71    290
//	json           14911   33.6     0.01 %        79    360
//	chinese         2259   98.1    88.86 %      3463    250
//	japanese        2098   51.3    89.83 %      2908    270
//	multilingual   11360  207.1    49.07 %      1087    350
package corpus

import (
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// Kind names a sort of text.
type Kind string

// The kinds of text.
const (
	Prose        Kind = "prose"        // a novel: one paragraph a line, dialogue, chapter headings
	Licence      Kind = "licence"      // licences and READMEs, hard-wrapped at 70 to 78 columns: the benchmark corpus
	Code         Kind = "code"         // Go, Python and C source, indented by tabs and by spaces
	Log          Kind = "log"          // timestamps, levels, UUIDs, IP addresses, paths
	Markdown     Kind = "markdown"     // headings, lists, tables, fenced code, unwrapped paragraphs
	Table        Kind = "table"        // CSV and TSV with header rows
	JSON         Kind = "json"         // indented objects, one after the other
	Chinese      Kind = "chinese"      // simplified Chinese with some Latin words and digits
	Japanese     Kind = "japanese"     // kanji, both kana, some Latin words
	Multilingual Kind = "multilingual" // eleven scripts, combining marks, right-to-left text, emoji
)

// Kinds returns every kind, in a fixed order.
func Kinds() []Kind {
	return []Kind{Prose, Licence, Code, Log, Markdown, Table, JSON, Chinese, Japanese, Multilingual}
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, error) {
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
	}
	names := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return "", fmt.Errorf("parsing corpus kind %q: want one of %s", name, strings.Join(names, ", "))
}

// New returns a reader of exactly size bytes of valid UTF-8 of that kind. It
// works in constant memory, and a longer text of the same kind and seed begins
// with the shorter one but for its last three bytes at most. A reader serves
// one goroutine; readers do not share state. New panics on a kind that is not
// one of Kinds.
func New(kind Kind, seed uint64, size int64) io.Reader {
	block := blocks[kind]
	if block == nil {
		panic("corpus: no kind " + string(kind))
	}
	g := &generator{block: block, left: max(size, 0)}
	g.pcg.Seed(seed, seedStream(kind))
	return g
}

// blocks appends one paragraph, record or function of each kind.
var blocks = map[Kind]func(*generator){
	Prose: (*generator).proseBlock, Licence: (*generator).licenceBlock, Code: (*generator).codeBlock,
	Log: (*generator).logBlock, Markdown: (*generator).markdownBlock, Table: (*generator).tableBlock,
	JSON: (*generator).jsonBlock, Chinese: (*generator).chineseBlock, Japanese: (*generator).japaneseBlock,
	Multilingual: (*generator).multilingualBlock,
}

// seedStream is FNV-1a of the name, so that kinds of one seed are unrelated.
func seedStream(kind Kind) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	return h
}

type generator struct {
	pcg   rand.PCG
	block func(*generator)
	left  int64  // bytes still to deliver
	buf   []byte // the current blocks
	off   int    // of buf already delivered
	tmp   []byte // a paragraph before wrapping
	step  int    // blocks so far: chapters, sections and clocks count with it
	clock int64  // log time, milliseconds
}

func (g *generator) Read(p []byte) (int, error) {
	if g.left == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && g.left > 0 {
		if g.off == len(g.buf) {
			g.fill()
		}
		c := copy(p[n:], g.buf[g.off:])
		g.off += c
		g.left -= int64(c)
		n += c
	}
	return n, nil
}

// fill makes the next blocks, and cuts the last ones to the size asked for.
func (g *generator) fill() {
	const enough = 16 << 10 // bytes: a few paragraphs at a time keep calls rare
	g.buf, g.off = g.buf[:0], 0
	for len(g.buf) < enough {
		g.block(g)
		g.step++
	}
	if int64(len(g.buf)) > g.left {
		g.buf = g.buf[:g.left]
		// A rune cut in half is replaced by line feeds.
		for i := len(g.buf) - 1; i >= 0 && i >= len(g.buf)-utf8.UTFMax; i-- {
			if utf8.RuneStart(g.buf[i]) {
				if !utf8.FullRune(g.buf[i:]) {
					for ; i < len(g.buf); i++ {
						g.buf[i] = '\n'
					}
				}
				break
			}
		}
	}
}

// n returns a number in 0..k-1. It does not use rand.Rand, whose methods may
// change between Go releases.
func (g *generator) n(k int) int {
	hi, _ := bits.Mul64(g.pcg.Uint64(), uint64(k))
	return int(hi)
}

// one returns true once in k times.
func (g *generator) one(k int) bool { return g.n(k) == 0 }

// put appends text as it is.
func (g *generator) put(s string) { g.buf = append(g.buf, s...) }

// pick appends one of the words, all equally likely.
func (g *generator) pick(words []string) { g.put(words[g.n(len(words))]) }

// word appends a word of the distribution and a space.
func (g *generator) word(z *zipf) {
	g.buf = append(append(g.buf, z.draw(g.pcg.Uint64())...), ' ')
}

// bare appends a word of the distribution without a space.
func (g *generator) bare(z *zipf) { g.put(z.draw(g.pcg.Uint64())) }

// mark puts punctuation in place of the last space.
func (g *generator) mark(s string) {
	if n := len(g.buf); n > 0 && g.buf[n-1] == ' ' {
		g.buf = g.buf[:n-1]
	}
	g.put(s)
}

// number appends a decimal number, padded with zeros to width.
func (g *generator) number(v, width int) {
	var d [20]byte
	i := len(d)
	for ; v > 0 || i == len(d); v /= 10 {
		i--
		d[i] = byte('0' + v%10)
	}
	for len(d)-i < width {
		i--
		d[i] = '0'
	}
	g.buf = append(g.buf, d[i:]...)
}

// hex appends n hexadecimal digits, n ≤ 16.
func (g *generator) hex(n int) {
	r := g.pcg.Uint64()
	for range n {
		g.buf = append(g.buf, "0123456789abcdef"[r&15])
		r >>= 4
	}
}
