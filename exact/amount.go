package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

// suffixes stand directly behind a number only.
var suffixes = lex.SetOf("k K M G T P Ki Mi Gi Ti x X bn mn n")

const currencySigns = "$€£¥₹₩₽₺₫₴₦₱₪฿￥＄￡￠¢₿"

// currencySign is the length of the currency sign at i, with the letters of US$
// and R$; 0 if there is none.
func currencySign(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	if s[i] == '$' {
		return 1
	}
	if lex.IsUpper(s[i]) {
		for n := 1; n <= 2; n++ {
			if lex.At(s, i+n) == '$' {
				return n + 1
			}
		}
		return 0
	}
	if s[i] < utf8.RuneSelf {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if r != utf8.RuneError && strings.ContainsRune(currencySigns, r) {
		return n
	}
	return 0
}

// tail reads what stands behind the digits that begin at k: a scale word, a
// unit or a currency, and what it is per.
func (sc *scanner) tail(s string, k int, a *amount, money bool) {
	e := lex.BlanksEnd(s, a.end)
	const most = 2
	if c := lex.At(s, a.end); c == '\n' || c == '\r' {
		if e = lex.LineBreakEnd(s, a.end, a.end); e == a.end {
			return
		}
	} else if c := lex.At(s, e); e-a.end > most || e >= len(s) {
		return
	} else if c == '\n' || c == '\r' {
		if e = lex.LineBreakEnd(s, a.end, e); e == a.end {
			return
		}
	}
	adjacent := e == a.end
	if c := counterEnd(s, e); c > e && adjacent {
		a.end, a.kind, a.decorated = c, value.Citation, true
		return
	}
	if adjacent && lex.At(s, e) == '-' && lex.IsLower(lex.At(s, e+1)) { // 27-kilometer
		e++
	} else if c := s[e]; c < utf8.RuneSelf && !lex.IsAlpha(c) && c != '%' && c != '$' || adjacent && lex.IsAlpha(c) && isHexWordOnly(s, k) {
		if money {
			sc.per(s, a)
		}
		return
	}
	if end := value.ScaleEnd(s, e, money); end > e && (s[e] >= utf8.RuneSelf || end-e > 1 || money) && !(end-e == 1 && lex.WordLen(s, end) > 0) {
		end = sc.scaledEnd(s, end)
		a.end, a.decorated = end, true
		if end < len(s) {
			e = lex.BlanksEnd(s, end)
			for _, of := range []string{"de ", "di ", "of ", "d'", "d’"} {
				if strings.HasPrefix(s[e:], of) {
					e += len(of)
				}
			}
		}
	}
	if e >= len(s) {
		return
	}
	if end := value.CurrencyEnd(s, e); end > e && (s[e] != '$' || adjacent) {
		a.end, a.kind, a.decorated = end, value.Money, true
		sc.per(s, a)
		return
	}
	if money {
		sc.per(s, a)
		return
	}
	end, kind, seconds := value.UnitEnd(s, e)
	if end > e && !sc.isUnit(s, a, e, end, adjacent) {
		end = e
	}
	if end == e {
		if w := lex.WordEnd(s, e); adjacent && suffixes[s[e:w]] {
			a.end, a.decorated, a.kind = w, true, value.Quantity
		}
		return
	}
	a.end, a.kind, a.decorated, a.seconds = end, kind, true, seconds
	if r, n := utf8.DecodeRuneInString(s[end:]); r == '間' || r == '间' || r == '간' || r == '급' {
		if kind == value.Duration {
			a.end += n
		}
	}
}

// scaledEnd adds the smaller parts of 1조 2,000억 and 3億5000万 behind a scale word
// that ends at k.
func (sc *scanner) scaledEnd(s string, k int) int {
	const maxParts = 3
	for range maxParts {
		e := lex.BlanksEnd(s, k)
		if s[k-1] < utf8.RuneSelf || e-k > 1 || !lex.IsDigit(lex.At(s, e)) {
			break
		}
		b := sc.numberAt(s, e)
		end := value.ScaleEnd(s, b.end, false)
		if end == b.end || s[b.end] < 0xE3 {
			break
		}
		k = end
	}
	return k
}

// counterEnd reads the sign of numbered resolutions and decrees: 1373호.
func counterEnd(s string, e int) int {
	for _, sign := range []string{"호", "号", "號", "条", "條"} {
		if strings.HasPrefix(s[e:], sign) {
			return e + len(sign)
		}
	}
	return e
}

// isHexWordOnly reports whether the word at k mixes digits and letters in a way
// that a number with a unit does not.
func isHexWordOnly(s string, k int) bool {
	e := lex.WordEnd(s, k)
	changes := 0
	for i := k + 1; i < e; i++ {
		if lex.IsDigit(s[i]) != lex.IsDigit(s[i-1]) {
			changes++
		}
	}
	return changes > 1 && lex.At(s, k-1) != '.' || strings.IndexByte(s[k:e], '_') >= 0
}

// per reads what money is for: $15.4/hour, $350 per kg.
func (sc *scanner) per(s string, a *amount) {
	e := a.end
	switch {
	case lex.At(s, e) == '/':
		e++
	case strings.HasPrefix(s[e:], " per "), strings.HasPrefix(s[e:], " pro "), strings.HasPrefix(s[e:], " par "), strings.HasPrefix(s[e:], " por "):
		e += len(" per ")
	default:
		return
	}
	if end, _, _ := value.UnitEnd(s, e); end > e && lex.WordLen(s, end) == 0 {
		a.end = end
	}
}

// Symbols that are words too: they are units where the number leaves no doubt or
// the text is no sentence.
var (
	wordUnits  = lex.SetOf("in a A as at am pm d y us em pt cal bar an me min mi ha el T C F S H B P g m s l t h")
	neverUnits = lex.SetOf("a as at am pm an me us y o с C F S H")
)

// inchWords stand behind "in" where it is the inch.
var inchWords = lex.SetOf("thick wide long high deep tall by x diameter square")

// isUnit reports whether the unit s[e:end] behind the number a is one.
func (sc *scanner) isUnit(s string, a *amount, e, end int, adjacent bool) bool {
	if end < len(s) && s[end-1] < utf8.RuneSelf && s[end-1] != '%' {
		if lex.WordLen(s, end) > 0 || lex.At(s, end) == '\'' || lex.At(s, end) == '-' && lex.WordLen(s, end+1) > 0 && end-e < 3 {
			return false
		}
	}
	u := s[e:end]
	if neverUnits[u] {
		return false
	}
	if s[e] >= utf8.RuneSelf {
		return s[e] >= 0xE3 || strings.HasPrefix(u, "°") || lex.WordLen(s, end) == 0
	}
	if adjacent {
		return true
	}
	if u == "in" {
		next := s[min(end+1, len(s)):]
		word := next[:lex.WordEnd(next, 0)]
		return (a.decimal || strings.Contains(s[max(0, a.end-4):a.end], "/")) && (lex.At(s, end) != ' ' || inchWords[word])
	}
	if len(u) == 1 && wordUnits[u] && lex.At(s, end) == ' ' && lex.IsUpper(lex.At(s, end+1)) && lex.IsUpper(u[0]) {
		return false
	}
	return true
}

// number reads the number at i, with its sign and currency, and emits it. It
// returns i if it is none.
func (sc *scanner) number(s string, i int) int {
	k, money := sc.leadOfNumber(s, i)
	if k < 0 {
		return i
	}
	if end := binaryEnd(s, k); end > k {
		return sc.emit(s, i, end, value.Number)
	}
	if end := lex.OrdinalEnd(s, lex.DigitsEnd(s, k)); k == i && end > lex.DigitsEnd(s, k) {
		return sc.ordinal(s, i, end)
	}
	a := sc.amountAt(s, k, money)
	if a.end == k {
		return i
	}
	if lex.WordLen(s, a.end) > 0 && s[a.end] < utf8.RuneSelf && s[a.end-1] < utf8.RuneSelf {
		if end := compactDuration(s, k); end > k {
			return sc.emit(s, i, end, value.Duration)
		}
		return i
	}
	if !a.decorated && a.end-k < 2 {
		return i
	}
	// A code, not a number: 16-B7.
	if lex.At(s, a.end) == '-' && lex.WordLen(s, a.end+1) > 0 && !a.decimal && a.kind == value.Number && k == i && lex.MatchCode(s, k) > a.end {
		return i
	}
	if e := lex.DigitsEnd(s, a.end+1); k == i && a.kind == value.Number && !a.decimal && lex.At(s, a.end) == '-' && e > a.end+1 && lex.WordLen(s, e) == 0 && lex.At(s, e) != '-' && lex.At(s, e) != '.' && lex.At(s, e) != '/' {
		return sc.emit(s, i, e, value.Identifier) // 00-950
	}
	return sc.emit(s, i, a.end, a.kind)
}

// ordinal emits the 21st century, and 14th as a number.
func (sc *scanner) ordinal(s string, i, end int) int {
	e := end
	if c := lex.At(s, e); c == ' ' || c == '-' {
		e++
	}
	if w := lex.WordEnd(s, e); w > e && (s[e:w] == "century" || s[e:w] == "siècle" || s[e:w] == "centuries") {
		return sc.emit(s, i, w, value.Date)
	}
	if s[end-1] < utf8.RuneSelf && !strings.HasSuffix(s[i:end], "er") {
		return sc.emit(s, i, end, value.Number)
	}
	return end
}

// leadOfNumber is where the digits begin behind the sign and currency at i; -1
// if no number begins at i.
func (sc *scanner) leadOfNumber(s string, i int) (k int, money bool) {
	k = i
	sign := func() bool {
		r, n := utf8.DecodeRuneInString(s[k:])
		if r != '-' && r != '+' && r != '−' && r != '－' && r != '＋' {
			return false
		}
		k += n
		return true
	}
	if lex.IsDigit(lex.At(s, k)) {
		return k, false
	}
	if k < len(s) && s[k] == '.' {
		if lex.IsDigit(lex.At(s, k+1)) && !lex.EndsWord(s, k) && lex.At(s, k-1) != '.' && lex.At(s, k-1) != '/' && lex.At(s, k-1) != ')' {
			return k, false
		}
		return -1, false
	}
	if k >= len(s) {
		return -1, false
	}
	if sign() {
		if p := lex.At(s, i-1); p != 0 && !lex.IsSpace(p) && strings.IndexByte("([{,;=:\"'`|<>", p) < 0 && p < utf8.RuneSelf {
			return -1, false
		}
	}
	if n := currencySign(s, k); n > 0 {
		money = true
		k += n
		if e := lex.BlanksEnd(s, k); e-k <= lex.MaxBlanks {
			k = e
		}
		if k < len(s) && sign() && lex.At(s, k) == ' ' {
			return -1, false
		}
	}
	if k == i || !lex.IsDigit(lex.At(s, k)) && !(lex.At(s, k) == '.' && lex.IsDigit(lex.At(s, k+1))) {
		return -1, false
	}
	return k, money
}

// currencyCode reads EUR 12.50 and Rs. 500.
func (sc *scanner) currencyCode(s string, i int) int {
	e := lex.WordEnd(s, i)
	w := s[i:e]
	if len(w) > 4 || len(w) < 2 {
		return i
	}
	if lex.At(s, e) == '.' {
		e++
	}
	if b := lex.BlanksEnd(s, e); b-e <= 1 {
		e = b
	}
	if (lex.At(s, e) == '-' || lex.At(s, e) == '+') && lex.IsDigit(lex.At(s, e+1)) {
		e++
	}
	if !lex.IsDigit(lex.At(s, e)) || value.Currency(w) == "" {
		return i
	}
	if a := sc.amountAt(s, e, true); a.end > e {
		return a.end
	}
	return i
}
