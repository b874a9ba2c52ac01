package value

import (
	"math/big"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// spelling is the number words of one language, by length for greedy reading.
type spelling struct {
	words   map[string]int
	longest int
}

var spellings = sync.OnceValue(func() map[string]*spelling {
	out := map[string]*spelling{}
	t := words()
	for _, l := range languages {
		s := &spelling{words: map[string]int{}}
		for w, n := range t.numbers[l] {
			s.words[w] = n
			s.words[strings.ReplaceAll(w, " ", "-")] = n
			s.words[strings.ReplaceAll(w, "-", " ")] = n
		}
		for w, n := range glue[l] {
			s.words[w] = n
		}
		for w := range s.words {
			s.longest = max(s.longest, len(w))
		}
		out[l] = s
	}
	return out
})

// glue are the words inside of numbers that the tables have in compounds only.
var glue = map[string]map[string]int{
	"en": {"hundred": 100, "thousand": 1000, "a": 1, "dozen": 12, "a dozen": 12},
	"de": {"hundert": 100, "tausend": 1000, "ein": 1, "dutzend": 12},
	"fr": {"cents": 100, "cent": 100, "mille": 1000, "quatre-vingt": 80},
	"es": {"ciento": 100, "mil": 1000},
	"it": {"cento": 100, "mila": 1000, "mille": 1000},
	"pt": {"cento": 100, "mil": 1000},
	"nl": {"honderd": 100, "duizend": 1000},
	"pl": {"sto": 100, "tysiąc": 1000, "tysiące": 1000, "tysięcy": 1000},
	"ru": {"сто": 100, "тысяча": 1000, "тысячи": 1000, "тысяч": 1000},
	"zh": {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100000000, "〇": 0, "零": 0, "两": 2},
	"ja": {"十": 10, "百": 100, "千": 1000, "万": 10000, "億": 100000000, "〇": 0},
	"ko": {"십": 10, "백": 100, "천": 1000, "만": 10000, "억": 100000000},
}

// joiners stand between number words and say nothing.
var joiners = setOf("and und et y e i en и")

// ReadSpelled reads the number in words that begins at byte i of s: "twenty-one",
// "zweihundertdreißig", "三十万". The language is a BCP 47 code of the tables; ""
// tries all. end is i if there is none. It does not look at what stands before i.
func ReadSpelled(s string, i int, language string) (n *big.Rat, end int) {
	const longest = 200
	text := strings.ToLower(s[i:min(len(s), i+longest)])
	if len(text) > 0 && len(text) != len(s[i:min(len(s), i+longest)]) {
		return nil, i // lower case of another length: offsets would be off
	}
	for _, l := range languages {
		if language != "" && l != language {
			continue
		}
		if v, e := spellings()[l].read(text, l); e > 0 && (end == 0 || i+e > end) {
			n, end = v, i+e
		}
	}
	if n == nil {
		return nil, i
	}
	return n, end
}

func (sp *spelling) read(text, l string) (*big.Rat, int) {
	total, current, end, k := int64(0), int64(0), 0, 0
	last := int64(1 << 40)
	for k < len(text) {
		w, n := sp.word(text, k)
		if w == 0 {
			word := letters(text, k)
			if p, ok := words().scales[l][text[k:word]]; ok && end > 0 && p < 16 && p >= 3 {
				w, n = word-k, pow10(p)
			}
		}
		if w == 0 {
			break
		}
		v := int64(n)
		switch {
		case v >= 1000:
			// 万 and thousands close what stands before them.
			if v >= 10000 && total > 0 && current == 0 && total < v {
				total *= v
			} else {
				total += max(current, 1) * v
			}
			current, last = 0, v
		case v == 100 || v == 10 && strings.Contains("zh ja ko", l):
			if current%v == current && current > 0 && current < 10 {
				current *= v
			} else if c := current % 10; c > 0 && current >= v {
				current += c*v - c
			} else {
				current += v
			}
			last = v
		default:
			if v >= last || current%100 > 0 && v >= 10 || current%10 > 0 && current != 0 {
				return finish(total+current, end)
			}
			current += v
			last = max(10, v-v%10)
			if v == 0 {
				last = 10
			}
			if v >= 100 {
				last = 100
			}
		}
		if total > 1<<50 {
			return nil, 0
		}
		k += w
		end = k
		for k < len(text) && (text[k] == ' ' || text[k] == '-') && k-end < 1 {
			k++
		}
		if e := letters(text, k); k > end && joiners[text[k:e]] && e < len(text) && text[e] == ' ' {
			k = e + 1
		}
	}
	// A word goes on where a number does not.
	if end < len(text) && end > 0 && letters(text, end) > end && text[end] < 0xE3 {
		return nil, 0
	}
	return finish(total+current, end)
}

func finish(n int64, end int) (*big.Rat, int) {
	if end == 0 {
		return nil, 0
	}
	return new(big.Rat).SetInt64(n), end
}

func pow10(p int) int {
	n := 1
	for range p {
		n *= 10
	}
	return n
}

// word is the length and number of the longest word at k.
func (sp *spelling) word(text string, k int) (length, n int) {
	for e := min(len(text), k+sp.longest); e > k; e-- {
		if e < len(text) && !utf8.RuneStart(text[e]) {
			continue
		}
		if n, ok := sp.words[text[k:e]]; ok {
			return e - k, n
		}
	}
	return 0, 0
}

// fractions are the characters for one half and the like.
var fractions = []struct {
	r        rune
	num, den int64
}{{'½', 1, 2}, {'¼', 1, 4}, {'¾', 3, 4}, {'⅓', 1, 3}, {'⅔', 2, 3}, {'⅛', 1, 8}}

// readFraction reads "1/2" or "½" at i, as behind the whole number of 2 1/2.
func readFraction(s string, i int) (*big.Rat, int) {
	r, n := utf8.DecodeRuneInString(s[i:])
	if k := slices.IndexFunc(fractions, func(f struct {
		r        rune
		num, den int64
	}) bool {
		return f.r == r
	}); k >= 0 {
		return big.NewRat(fractions[k].num, fractions[k].den), i + n
	}
	k := i
	for k < len(s) && isDigit(s[k]) {
		k++
	}
	if k == i || k-i > 4 || k >= len(s) || s[k] != '/' {
		return nil, i
	}
	e := k + 1
	for e < len(s) && isDigit(s[e]) {
		e++
	}
	den := atoi(s[k+1 : e])
	if e == k+1 || e-k > 5 || den == 0 {
		return nil, i
	}
	return big.NewRat(int64(atoi(s[i:k])), int64(den)), e
}
