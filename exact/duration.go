package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

var ands = []string{", and ", ", ", " and ", " und ", " et ", " y ", " e ", " en ", " i ", " и ", " "}

// durationEnd adds the smaller parts of a duration: 2 h 23 min 40 s.
func (sc *scanner) durationEnd(s string, a amount) int {
	const maxParts = 8
	for range maxParts {
		next := a.end
		for _, and := range ands {
			if strings.HasPrefix(s[a.end:], and) {
				next = a.end + len(and)
				break
			}
		}
		if next == a.end && !lex.IsDigit(lex.At(s, next)) {
			return a.end
		}
		b := sc.numberOrWord(s, next)
		if b.end == next {
			return a.end
		}
		sc.tail(s, next, &b, false)
		if b.kind != value.Duration || b.seconds >= a.seconds {
			return a.end
		}
		a = b
	}
	return a.end
}

// smallerEnd adds the inches of 5 ft 10 in and the ounces of 3 lb 4 oz behind a
// quantity that ends at k.
func (sc *scanner) smallerEnd(s string, k int) int {
	for _, pair := range [][2]string{{" ft", "in"}, {" lb", "oz"}, {"ft", "in"}, {"lb", "oz"}, {"foot", "inch"}, {"feet", "inches"}, {"°", "′"}} {
		if !strings.HasSuffix(s[:k], pair[0]) {
			continue
		}
		e := lex.BlanksEnd(s, k)
		end := lex.DigitsEnd(s, min(e, len(s)))
		if end == e || end-e > 2 {
			return k
		}
		b := lex.BlanksEnd(s, end)
		if strings.HasPrefix(s[b:], pair[1]) && lex.WordLen(s, b+len(pair[1])) == 0 {
			return b + len(pair[1])
		}
	}
	return k
}

// numberOrWord reads a number in digits or words.
func (sc *scanner) numberOrWord(s string, k int) amount {
	if lex.IsDigit(lex.At(s, k)) {
		return sc.numberAt(s, k)
	}
	if end := spelledEnd(s, k); end > k {
		return amount{end: end, kind: value.Number}
	}
	return amount{end: k}
}

// oneWords are articles as well.
var oneWords = lex.SetOf("a an one ein eine einen einem einer eines un une uno una um uma een jeden jedna один одна одного de")

// spelledEnd is the end of the number in words at k.
func spelledEnd(s string, k int) int {
	if oneWords[s[k:lex.WordEnd(s, k)]] || !value.IsNumberWord(s[k:lex.WordEnd(s, k)]) {
		return k
	}
	_, end := value.ReadSpelled(s, k, "")
	return end
}

// spelledDuration reads a duration whose number is a word: three days, trois
// ans, twenty-one years and six months.
func (sc *scanner) spelledDuration(s string, i int) int {
	end := spelledEnd(s, i)
	if end == i {
		return i
	}
	a := amount{end: end, kind: value.Number}
	sc.tail(s, i, &a, false)
	if a.kind != value.Duration {
		return i
	}
	return sc.durationEnd(s, a)
}

// compactDuration reads 1h30m and 3m12s.
func compactDuration(s string, i int) int {
	k, parts := i, 0
	for k < len(s) && lex.IsDigit(s[k]) {
		e := lex.DigitsEnd(s, k)
		if lex.At(s, e) == '.' && lex.IsDigit(lex.At(s, e+1)) {
			e = lex.DigitsEnd(s, e+1)
		}
		n := 1
		switch {
		case strings.HasPrefix(s[e:], "ms"), strings.HasPrefix(s[e:], "us"), strings.HasPrefix(s[e:], "ns"):
			n = 2
		case lex.At(s, e) == 0 || strings.IndexByte("dhms", s[e]) < 0:
			return i
		}
		k = e + n
		parts++
	}
	if parts == 0 || lex.WordLen(s, k) > 0 {
		return i
	}
	return k
}

// matchRatio reads 3:2 and 16:9.
func matchRatio(s string, i int) int {
	const most = 4
	k := lex.DigitsEnd(s, i)
	end := lex.DigitsEnd(s, k+1)
	if lex.At(s, k) != ':' || k-i > most || end == k+1 || end-k-1 > most {
		return i
	}
	if c := lex.At(s, i-1); c != 0 && strings.IndexByte(":.[-", c) >= 0 || lex.WordLen(s, end) > 0 {
		return i
	}
	if c := lex.At(s, end); c == ':' || (c == '.' || c == ',') && lex.IsDigit(lex.At(s, end+1)) {
		return i
	}
	return end
}

// wideNumber reads a number in full-width digits.
func (sc *scanner) wideNumber(s string, i int) int {
	digits, k := 0, i
	for k < len(s) {
		r, n := utf8.DecodeRuneInString(s[k:])
		switch {
		case '０' <= r && r <= '９':
			digits++
		case (r == '．' || r == '，' || r == '：') && digits > 0 && wideDigit(s, k+n):
		default:
			if digits == 0 {
				return i
			}
			a := amount{end: k}
			sc.tail(s, k, &a, false)
			if digits < 2 && a.end == k {
				return i
			}
			return a.end
		}
		k += n
	}
	if digits < 2 {
		return i
	}
	return k
}

func wideDigit(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return '０' <= r && r <= '９'
}

// hanNumber reads a number in Chinese characters with a unit or currency:
// 三十万元.
func (sc *scanner) hanNumber(s string, i int) int {
	r, _ := utf8.DecodeRuneInString(s[i:])
	if !strings.ContainsRune("一二三四五六七八九十百千两兩", r) {
		return i
	}
	if i >= 3 {
		if p, _ := utf8.DecodeLastRuneInString(s[:i]); unicode.Is(unicode.Han, p) && strings.ContainsRune("第十百千万星周每", p) {
			return i
		}
	}
	_, end := value.ReadSpelled(s, i, "zh")
	const single = 3 // bytes of one character, which is part of many words
	if end-i <= single {
		return i
	}
	if e := value.CurrencyEnd(s, end); e > end {
		return e
	}
	if e, _, _ := value.UnitEnd(s, end); e > end {
		return e
	}
	return i
}
