package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/value"
)

// rangeEnd reads the other end of a range whose first is a: 7-10 mL, 3 to 4 L,
// 13 ～ 24, 2013-14, $5–7.
func (sc *scanner) rangeEnd(s string, k int, a *amount, money bool) (end int, ok bool) {
	e, word := rangeSign(s, a.end)
	if e == a.end {
		return k, false
	}
	if n := currencySign(s, e); n > 0 && money && e+n < len(s) {
		if word {
			return k, false // $5 to $10 are two amounts
		}
		e += n
	}
	if !isDigit(at(s, e)) {
		return k, false
	}
	b := sc.numberAt(s, e)
	if b.end == e {
		return k, false
	}
	undecorated := b.end
	sc.tail(s, e, &b, money)
	unit := b.end > undecorated || money
	if c := at(s, b.end); (c == '-' || c == '/' || c == ':' || c == '.') && wordLen(s, b.end+1) > 0 || wordLen(s, b.end) > 0 && s[b.end] < utf8.RuneSelf && !unit {
		return k, false // a code, a date, an account
	}
	sign := s[a.end:e]
	if c := at(s, k-1); c == '-' || c == '/' || c == ':' || isDigit(at(s, k-2)) && c == '.' {
		return k, false
	}
	switch {
	case word || strings.HasPrefix(sign, " "):
		return b.end, unit || strings.ContainsAny(sign, "–~～〜")
	case s[k] == '0' && !a.decimal && undecorated-e > 2:
		return k, false
	case sign == "/":
		return b.end, isYear(s[k:a.end]) && isYear(s[e:b.end])
	case sign == "-" && a.kind == value.Number && !unit:
		return b.end, a.end-k <= 4 && undecorated-e <= 4+btoi(b.decimal)*4 && a.end-k >= 1
	}
	return b.end, true
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func isYear(s string) bool {
	return len(s) == 4 && digitsEnd(s, 0) == 4 && (s[0] == '1' && s[1] >= '5' || s[0] == '2' && s[1] == '0')
}

// rangeSign is the end of what stands between the ends of a range, k if it is
// nothing of the kind. word is true for words.
func rangeSign(s string, k int) (end int, word bool) {
	c := at(s, k)
	if c == '-' {
		for _, w := range []string{"- to ", "- bis ", "-"} {
			if strings.HasPrefix(s[k:], w) {
				return k + len(w), len(w) > 1
			}
		}
	}
	if c == '/' {
		return k + 1, false
	}
	e := blanksEnd(s, k)
	if e-k > 1 || e >= len(s) {
		return k, false
	}
	for _, sign := range []string{"–", "—", "～", "〜", "~", "-", "...", "…", ".."} {
		if strings.HasPrefix(s[e:], sign) && (sign != "~" || e == k) {
			return blanksEnd(s, e+len(sign)), false
		}
	}
	if e == k {
		return k, false
	}
	for _, w := range []string{"to ", "bis ", "à ", "al ", "tot ", "do ", "до "} {
		if strings.HasPrefix(s[e:], w) {
			return e + len(w), true
		}
	}
	return k, false
}

// listEnd reads a/b/c, of three numbers or more, that have one unit behind them.
func (sc *scanner) listEnd(s string, k, end int) int {
	parts := 1
	for at(s, end) == '/' && isDigit(at(s, end+1)) {
		b := sc.numberAt(s, end+1)
		end = b.end
		parts++
	}
	if parts < 3 || wordLen(s, end) > 0 {
		return k
	}
	return end
}
