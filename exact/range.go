package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

// rangeEnd reads the other end of a range whose first is a: 7-10 mL, 3 to 4 L,
// 13 ～ 24, 2013-14, $5–7.
func (sc *scanner) rangeEnd(s string, k int, a *amount, money bool) (end int, ok bool) {
	e, word := lex.RangeSign(s, a.end)
	if e == a.end {
		return k, false
	}
	if n := currencySign(s, e); n > 0 && money && e+n < len(s) {
		if word {
			return k, false // $5 to $10 are two amounts
		}
		e += n
	}
	if !lex.IsDigit(lex.At(s, e)) {
		return k, false
	}
	b := sc.numberAt(s, e)
	if b.end == e {
		return k, false
	}
	undecorated := b.end
	sc.tail(s, e, &b, money)
	unit := b.end > undecorated || money
	if c := lex.At(s, b.end); (c == '-' || c == '/' || c == ':' || c == '.') && lex.WordLen(s, b.end+1) > 0 || lex.WordLen(s, b.end) > 0 && s[b.end] < utf8.RuneSelf && !unit {
		return k, false // a code, a date, an account
	}
	sign := s[a.end:e]
	if c := lex.At(s, k-1); c == '-' || c == '/' || c == ':' || lex.IsDigit(lex.At(s, k-2)) && c == '.' {
		return k, false
	}
	switch {
	case word || strings.HasPrefix(sign, " "):
		return b.end, unit || strings.ContainsAny(sign, "–~～〜")
	case s[k] == '0' && !a.decimal && undecorated-e > 2:
		return k, false
	case sign == "/":
		return b.end, lex.IsYear(s[k:a.end]) && lex.IsYear(s[e:b.end])
	case sign == "-" && a.kind == value.Number && !unit:
		return b.end, a.end-k <= 4 && undecorated-e <= 4+btoi(b.decimal)*4 && a.end-k >= 1
	}
	return b.end, true
}

// btoi is 1 for true.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// listEnd reads a/b/c, of three numbers or more, that have one unit behind them.
func (sc *scanner) listEnd(s string, k, end int) int {
	parts := 1
	for lex.At(s, end) == '/' && lex.IsDigit(lex.At(s, end+1)) {
		b := sc.numberAt(s, end+1)
		end = b.end
		parts++
	}
	if parts < 3 || lex.WordLen(s, end) > 0 {
		return k
	}
	return end
}
