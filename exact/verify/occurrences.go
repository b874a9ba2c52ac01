package verify

import (
	"math/bits"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// occurrences finds where the sources hold a text: every word of them with its
// offset, by a hash of the word. A word is a run of letters, digits and marks;
// in scripts without spaces every character is one. Memory is 8 bytes a word
// and 4 to 8 for the table.
type occurrences struct {
	texts   []string
	bases   []int64 // offset of each text in all of them, one after the other
	shift   uint
	buckets []uint32
	at      []int64 // offsets by bucket, ascending in each
}

func newOccurrences(texts []string) *occurrences {
	x := &occurrences{texts: texts, bases: make([]int64, len(texts))}
	total, words := int64(0), 0
	for i, t := range texts {
		x.bases[i] = total
		total += int64(len(t))
		eachWord(t, func(from, to int) { words++ })
	}
	size := max(uint(bits.Len(uint(words))), 2) - 1
	x.shift = 64 - size
	x.buckets = make([]uint32, 1<<size+1)
	x.at = make([]int64, words)
	for _, t := range texts {
		eachWord(t, func(from, to int) { x.buckets[x.bucket(t[from:to])+1]++ })
	}
	for b := range len(x.buckets) - 1 {
		x.buckets[b+1] += x.buckets[b]
	}
	next := slices.Clone(x.buckets)
	for i, t := range texts {
		eachWord(t, func(from, to int) {
			b := x.bucket(t[from:to])
			x.at[next[b]] = x.bases[i] + int64(from)
			next[b]++
		})
	}
	return x
}

func (x *occurrences) bucket(word string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 0x100000001b3
	}
	h ^= h >> 32
	return h * 0x9e3779b97f4a7c15 >> x.shift
}

func (x *occurrences) postings(word string) []int64 {
	b := x.bucket(word)
	return x.at[x.buckets[b]:x.buckets[b+1]]
}

// source returns the text that holds an offset, and the offset in it.
func (x *occurrences) source(at int64) (i int, offset int) {
	i = sort.Search(len(x.bases), func(i int) bool { return x.bases[i] > at }) - 1
	return i, int(at - x.bases[i])
}

// An occurrence is where a text stands in a source.
type occurrence struct {
	source, start, end int
}

// find returns every occurrence of a text, in order, but for white space,
// dashes and quotation marks that are written in another way. The sides tell
// which neighbours an occurrence may have.
func (x *occurrences) find(text string, allowed func(before, after string) bool) []occurrence {
	from, to := -1, -1
	fewest := 0
	eachWord(text, func(a, b int) {
		if n := len(x.postings(text[a:b])); from < 0 || n < fewest {
			from, to, fewest = a, b, n
		}
	})
	if from < 0 {
		return nil
	}
	var found []occurrence
	for _, at := range x.postings(text[from:to]) {
		i, offset := x.source(at)
		t := x.texts[i]
		if !strings.HasPrefix(t[offset:], text[from:to]) {
			continue
		}
		start, ok := matchBackward(t, offset, text[:from])
		if !ok {
			continue
		}
		end, ok := matchForward(t, offset, text[from:])
		if ok && allowed(t[:start], t[end:]) {
			found = append(found, occurrence{i, start, end})
		}
	}
	return found
}

// matchForward returns where want ends in t when it begins at from.
func matchForward(t string, from int, want string) (int, bool) {
	for i := 0; i < len(want); {
		a, n := spelling(want[i:])
		i += n
		if i > n && a != ' ' && strings.IndexByte(breaks, want[i-n-1]) >= 0 {
			from += wrapped(t[from:])
		}
		b, m := spelling(t[from:])
		if m == 0 || a != b {
			return 0, false
		}
		from += m
	}
	return from, true
}

// breaks are the signs behind which a line is broken inside of a name.
const breaks = "-/_."

// wrapped is the length of the line end and the indentation that s begins with.
func wrapped(s string) int {
	if r, n := spelling(s); r == ' ' && strings.Contains(s[:n], "\n") {
		return n
	}
	return 0
}

// matchBackward returns where want begins in t when it ends at end.
func matchBackward(t string, end int, want string) (int, bool) {
	for i := len(want); i > 0; {
		a, n := lastSpelling(want[:i])
		if (i == len(want) || want[i] != ' ') && n == 1 && strings.IndexByte(breaks, want[i-1]) >= 0 {
			if r, m := lastSpelling(t[:end]); r == ' ' && strings.Contains(t[end-m:end], "\n") {
				end -= m
			}
		}
		i -= n
		b, m := lastSpelling(t[:end])
		if m == 0 || a != b {
			return 0, false
		}
		end -= m
	}
	return end, true
}

// spelling returns the first character of s as one of all that mean the same,
// and its length: white space is one space however long.
func spelling(s string) (rune, int) {
	if s == "" {
		return 0, 0
	}
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsSpace(r) {
		return plain(r), n
	}
	for n < len(s) {
		r, m := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsSpace(r) {
			break
		}
		n += m
	}
	return ' ', n
}

func lastSpelling(s string) (rune, int) {
	if s == "" {
		return 0, 0
	}
	r, n := utf8.DecodeLastRuneInString(s)
	if !unicode.IsSpace(r) {
		return plain(r), n
	}
	for n < len(s) {
		r, m := utf8.DecodeLastRuneInString(s[:len(s)-n])
		if !unicode.IsSpace(r) {
			break
		}
		n += m
	}
	return ' ', n
}

// plain gives dashes and quotation marks their ASCII form.
func plain(r rune) rune {
	switch r {
	case '‐', '‑', '‒', '–', '—', '−', '﹣', '－':
		return '-'
	case '‘', '’', '‚', '‛', '′':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»':
		return '"'
	}
	return r
}

// normal is text with every spelling made plain.
func normal(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, n := spelling(text)
		b.WriteRune(r)
		text = text[n:]
	}
	return b.String()
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// standsAlone tells scripts that put no spaces between words.
func standsAlone(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func isHangul(r rune) bool { return r >= 0x1100 && unicode.Is(unicode.Hangul, r) }

// goesOn tells whether a character is in the word of the one before it. In
// Korean, particles follow figures and Latin words without a blank.
func goesOn(before, r rune) bool {
	return isWord(before) && isWord(r) && !standsAlone(before) && !standsAlone(r) && isHangul(before) == isHangul(r)
}

func eachWord(text string, visit func(from, to int)) {
	start := -1
	before := rune(0)
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch alone := standsAlone(r); {
		case !alone && isWord(r):
			if start >= 0 && r >= utf8.RuneSelf != (before >= utf8.RuneSelf) && !goesOn(before, r) {
				visit(start, i)
				start = i
			}
			if start < 0 {
				start = i
			}
		default:
			if start >= 0 {
				visit(start, i)
				start = -1
			}
			if alone && isWord(r) {
				visit(i, i+n)
			}
		}
		i += n
		before = r
	}
	if start >= 0 {
		visit(start, len(text))
	}
}
