package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

// amount is how far a number reaches and what it is with what stands around it.
type amount struct {
	end  int
	kind value.Kind
	// decorated numbers are exact strings though they have one digit: those with
	// a decimal mark, an exponent, a unit or a currency.
	decorated bool
	decimal   bool
	seconds   float64 // size of a unit of time
}

// amountAt reads the number whose digits begin at k, with scale word, unit,
// currency and, if it is one, the other end of its range. money says that a
// currency stands before it. The end is k if it is none.
func (sc *scanner) amountAt(s string, k int, money bool) amount {
	a := sc.numberAt(s, k)
	if a.end == k {
		return a
	}
	if money {
		a.kind, a.decorated = value.Money, true
	}
	if standsAlone(s, a.end) {
		return a
	}
	if e := sc.listEnd(s, k, a.end); e > a.end {
		a.end, a.decorated, a.kind = e, true, value.Quantity
	}
	if e := sc.dimensionsEnd(s, k, a.end); e > a.end {
		a.end, a.decorated, a.kind = e, true, value.Quantity
	}
	if lex.IsYear(s[k:a.end]) && lex.At(s, a.end) == 's' && lex.WordLen(s, a.end+1) == 0 && s[a.end-1] == '0' {
		a.end, a.kind, a.decorated = a.end+1, value.Date, true // 1990s
		return a
	}
	if e := toleranceEnd(s, a.end); e > a.end {
		if b := sc.numberAt(s, e); b.end > e {
			a.end, a.decorated = b.end, true
		}
	}
	if end, ok := sc.rangeEnd(s, k, &a, money); ok {
		a.end, a.kind, a.decorated = end, value.Range, true
		return a
	}
	sc.tail(s, k, &a, money)
	if sign := lex.At(s, a.end); a.kind == value.Quantity && (sign == '-' || sign == '.' || sign >= 0x80) {
		if end, ok := sc.rangeEnd(s, k, &a, money); ok { // 16K-32K
			a.end, a.kind = end, value.Range
		}
	}
	if e := toleranceEnd(s, a.end); e > a.end { // 37 °C ± 0.5 °C
		if b := sc.numberAt(s, e); b.end > e {
			sc.tail(s, e, &b, false)
			a.end = b.end
		}
	}
	switch a.kind {
	case value.Duration:
		a.end = sc.durationEnd(s, a)
	case value.Quantity:
		a.end = sc.smallerEnd(s, a.end)
	}
	return a
}

// standsAlone reports whether nothing behind a number that ends at k belongs to
// it: no unit, no scale word, no other end of a range.
func standsAlone(s string, k int) bool {
	switch lex.At(s, k) {
	case ',', ';', ']', '}', '"', '|', '<', '>', '=', '\t', 0:
		return true
	case '\n':
		return lex.LineBreakEnd(s, k, k) == k
	case ' ':
		return lex.IsDigit(lex.At(s, k+1))
	}
	return false
}

// numberAt reads digits with groups, a decimal mark, an exponent or a fraction.
func (sc *scanner) numberAt(s string, k int) amount {
	first := k
	a := amount{end: k, kind: value.Number}
	if lex.At(s, k) == '.' && lex.IsDigit(lex.At(s, k+1)) {
		a.end, a.decorated, a.decimal = lex.DigitsEnd(s, k+1), true, true
	} else if !lex.IsDigit(lex.At(s, k)) {
		return a
	} else {
		a.end, a.decimal = sc.digitsWithGroups(s, k)
		a.decorated = a.decimal
	}
	if e := exponentEnd(s, a.end); e > a.end {
		a.end, a.decorated = e, true
	} else if e := fractionEnd(s, first, a.end); e > a.end && !a.decimal {
		a.end, a.decorated = e, true
	}
	return a
}

// dimensionsEnd reads 1920x1080 and 10 × 20 × 5 behind the first number, which
// begins at k.
func (sc *scanner) dimensionsEnd(s string, k, end int) int {
	from := end
	for {
		e := lex.BlanksEnd(s, end)
		n := 0
		if strings.HasPrefix(s[e:], "×") {
			n = len("×")
		} else if lex.At(s, e) == 'x' {
			n = 1
		}
		next := lex.BlanksEnd(s, min(e+n, len(s)))
		if n == 0 || e-end > 1 || next-e-n > 1 || (e == end) != (next == e+n) || !lex.IsDigit(lex.At(s, next)) || s[k] == '0' {
			break
		}
		b := sc.numberAt(s, next)
		if lex.WordLen(s, b.end) > 0 && sc.unitOrCurrencyEnd(s, b.end) == b.end {
			break
		}
		end = b.end
	}
	if end-k < 4 && lex.WordLen(s, end) > 0 {
		return from
	}
	return end
}

// exponentEnd reads e-5, ×10^-5, * 10^5, ×10⁻⁵ and ^32-1 behind digits.
func exponentEnd(s string, k int) int {
	if c := lex.At(s, k); c|0x20 == 'e' {
		e := k + 1
		if c := lex.At(s, e); c == '-' || c == '+' {
			e++
		}
		if end := lex.DigitsEnd(s, e); end > e && lex.WordLen(s, end) == 0 {
			return end
		}
		return k
	}
	if lex.At(s, k) == '^' {
		e := k + 1
		if lex.At(s, e) == '-' {
			e++
		}
		end := lex.DigitsEnd(s, e)
		if end == e || lex.WordLen(s, end) > 0 {
			return k
		}
		if c := lex.At(s, end); (c == '-' || c == '+') && lex.DigitsEnd(s, end+1) > end+1 {
			return lex.DigitsEnd(s, end+1)
		}
		return end
	}
	e := lex.BlanksEnd(s, k)
	n := 0
	for _, t := range []string{"×", "·", "⋅", "*", "x"} {
		if strings.HasPrefix(s[min(e, len(s)):], t) {
			n = len(t)
		}
	}
	if n == 0 || e-k > 1 {
		return k
	}
	e = lex.BlanksEnd(s, e+n)
	if !strings.HasPrefix(s[e:], "10") {
		return k
	}
	e += 2
	from := e
	if lex.At(s, e) == '^' {
		e++
	}
	for _, minus := range []string{"-", "−", "–", "+", "{", "{-"} {
		if strings.HasPrefix(s[min(e, len(s)):], minus) {
			e += len(minus)
			break
		}
	}
	if end := lex.DigitsEnd(s, e); end > e && e > from && lex.WordLen(s, end) == 0 {
		return end
	}
	for e < len(s) {
		r, n := utf8.DecodeRuneInString(s[e:])
		if !strings.ContainsRune("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", r) {
			break
		}
		e += n
	}
	if e > from {
		return e
	}
	return k
}

// fractionEnd reads the fraction of 2 1/2 and 2½, and 1/40 itself. k is the end
// of the whole number that begins at first.
func fractionEnd(s string, first, k int) int {
	const most = 3 // digits
	if r, n := utf8.DecodeRuneInString(s[k:]); r == '½' || r == '¼' || r == '¾' || r == '⅓' || r == '⅔' || r == '⅛' {
		return k + n
	}
	from := k
	if c := lex.At(s, k); c == ' ' || c == '-' {
		from = k + 1
	} else if c != '/' || lex.At(s, first-1) == '/' || k-first > most {
		return k
	} else {
		from = first
	}
	slash := lex.DigitsEnd(s, from)
	if slash == from || lex.At(s, slash) != '/' || slash-from > most {
		return k
	}
	end := lex.DigitsEnd(s, slash+1)
	if end == slash+1 || end-slash > most+1 || lex.WordLen(s, end) > 0 || lex.At(s, end) == '/' || lex.At(s, end) == '.' && lex.IsDigit(lex.At(s, end+1)) || lex.At(s, slash+1) == '0' && end-slash > 2 {
		return k
	}
	if from > k && (k-first > most || s[from:slash] >= s[slash+1:end] && slash-from >= end-slash-1) {
		return k // 2016 15/7 is no mixed number
	}
	return end
}

// toleranceEnd is the end of ± or +/- between two numbers.
func toleranceEnd(s string, k int) int {
	e := lex.BlanksEnd(s, k)
	for _, sign := range []string{"±", "+/-", "+-"} {
		if strings.HasPrefix(s[e:], sign) {
			if e = lex.BlanksEnd(s, e+len(sign)); lex.IsDigit(lex.At(s, e)) {
				return e
			}
		}
	}
	return k
}

// digitsWithGroups reads digits with separators of groups and decimals, in the
// customs of English (1,234.5), continental Europe (1.234,5 and 1 234,5),
// Switzerland (1'234) and India (12,34,567), and 1_000 of programs.
func (sc *scanner) digitsWithGroups(s string, i int) (end int, decimal bool) {
	k := lex.DigitsEnd(s, i)
	if k-i <= 3 {
		for _, sep := range []string{",", ".", "'", "’", "\u00a0", "\u202f", "\u2009", " "} {
			if e := sc.groupsEnd(s, i, k, sep); e > k {
				if e2, ok := sc.decimalEnd(s, i, e, sep); ok {
					return e2, true
				}
				return e, false
			}
		}
	}
	for lex.At(s, k) == '_' && lex.IsDigit(lex.At(s, k+1)) {
		k = lex.DigitsEnd(s, k+1)
	}
	return sc.decimalEnd(s, i, k, "")
}

// groupsEnd reads the groups behind the first, which ends at k; k if they are
// none.
func (sc *scanner) groupsEnd(s string, i, k int, sep string) int {
	first, groups := k, 0
	last := 0
	const maxGroups = 8
	for strings.HasPrefix(s[k:], sep) {
		if groups == maxGroups {
			return first
		}
		e := lex.DigitsEnd(s, k+len(sep))
		n := e - k - len(sep)
		if n != 3 && (n != 2 || sep != ",") {
			break
		}
		k, last = e, n
		groups++
	}
	if groups == 0 || last != 3 || s[i] == '0' {
		return first
	}
	switch sep {
	case ",":
		// In a row of a table commas stand between numbers.
		if c := lex.At(s, i-1); c == ',' || lex.At(s, k) == ',' && lex.At(s, k+1) != ' ' && lex.At(s, k+1) != '\n' && lex.At(s, k+1) != 0 {
			return first
		}
	case ".":
		// 1.234 is a decimal; 1.234,5 and 1.234.567 are grouped.
		_, ok := sc.decimalEnd(s, i, k, sep)
		if groups < 2 && !ok && sc.unitOrCurrencyEnd(s, k) == k {
			return first
		}
	case " ":
		if !sc.isBlankGrouped(s, i, k, groups) {
			return first
		}
	}
	return k
}

// isBlankGrouped reports whether digits with single blanks between them are one
// number rather than columns.
func (sc *scanner) isBlankGrouped(s string, i, k, groups int) bool {
	_, decimal := sc.decimalEnd(s, i, k, " ")
	if lex.At(s, i-1) == ' ' && lex.IsDigit(lex.At(s, i-2)) && !(decimal && groups > 1) || lex.At(s, k) == ' ' && lex.IsDigit(lex.At(s, k+1)) || lex.WordLen(s, k) > 0 && sc.unitOrCurrencyEnd(s, k) == k {
		return false
	}
	if decimal || groups > 1 || sc.unitOrCurrencyEnd(s, k) > k {
		return true
	}
	// 25 000 unités: other languages than English group this way.
	return sc.passage.IsForeign() && lex.At(s, k) == ' ' && lex.WordLen(s, k+1) > 0
}

func (sc *scanner) unitOrCurrencyEnd(s string, k int) int {
	a := amount{end: k, kind: value.Number}
	sc.tail(s, k, &a, false)
	return a.end
}

// decimalEnd reads a decimal point or comma and what follows; i is where the
// number begins. After groups the other sign is meant.
func (sc *scanner) decimalEnd(s string, i, k int, groupSep string) (int, bool) {
	c := lex.At(s, k)
	if c != '.' && c != ',' || !lex.IsDigit(lex.At(s, k+1)) || groupSep == string(c) {
		return k, false
	}
	e := lex.DigitsEnd(s, k+1)
	if lex.At(s, e) == c && lex.IsDigit(lex.At(s, e+1)) {
		return k, false
	}
	if c == ',' && groupSep == "" && !sc.isDecimalComma(s, i, k, e) {
		return k, false
	}
	// Digits in groups of three behind the mark: 6.626 070 15.
	if groups, n := e, 0; e-k == 4 {
		for lex.At(s, groups) == ' ' && lex.IsDigit(lex.At(s, groups+1)) {
			end := lex.DigitsEnd(s, groups+1)
			if end-groups > 4 || lex.WordLen(s, end) > 0 {
				break
			}
			groups = end
			n++
		}
		if n > 1 {
			e = groups
		}
	}
	return e, true
}

// isDecimalComma reports whether a comma between digits at k is a decimal mark
// rather than one of a list.
func (sc *scanner) isDecimalComma(s string, i, k, e int) bool {
	if c := lex.At(s, i-1); c == ',' || c == '.' || lex.At(s, e) == ',' && lex.IsDigit(lex.At(s, e+1)) {
		return false
	}
	if e-k == 4 && s[i] != '0' {
		return sc.unitOrCurrencyEnd(s, e) > e // a group, if it is one
	}
	if s[i] == '0' && k == i+1 {
		return true
	}
	const cents, many = 2, 4
	if e-k-1 >= many {
		return true
	}
	if p := lex.At(s, i-1); e-k-1 == cents && (p == ' ' || p == 0 || p == '\n') && strings.IndexByte(" .;\n)", lex.At(s, e)|0) >= 0 {
		return true
	}
	return !sc.passage.IsEnglish() || sc.unitOrCurrencyEnd(s, e) > e || money(s, i)
}

// money reports whether a currency sign stands before i.
func money(s string, i int) bool {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	if i == 0 {
		return false
	}
	if s[i-1] == '$' {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r >= utf8.RuneSelf && strings.ContainsRune(currencySigns, r)
}

// binaryEnd reads 0b101 and 0o17.
func binaryEnd(s string, k int) int {
	if s[k] == '0' && lex.At(s, k+1) != 0 && strings.IndexByte("bBoO", s[k+1]) >= 0 {
		if end := lex.DigitsEnd(s, k+2); end > k+2 && lex.WordLen(s, end) == 0 {
			return end
		}
	}
	return k
}
