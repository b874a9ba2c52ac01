package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/value"
)

// suffixes stand directly behind a number only.
var suffixes = setOf("k K M G T P Ki Mi Gi Ti x X bn mn n")

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
	if isUpper(s[i]) {
		for n := 1; n <= 2; n++ {
			if at(s, i+n) == '$' {
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
	e := blanksEnd(s, a.end)
	const most = 2
	if c := at(s, a.end); c == '\n' || c == '\r' {
		if e = lineBreakEnd(s, a.end, a.end); e == a.end {
			return
		}
	} else if c := at(s, e); e-a.end > most || e >= len(s) {
		return
	} else if c == '\n' || c == '\r' {
		if e = lineBreakEnd(s, a.end, e); e == a.end {
			return
		}
	}
	adjacent := e == a.end
	if c := counterEnd(s, e); c > e && adjacent {
		a.end, a.kind, a.decorated = c, value.Citation, true
		return
	}
	if adjacent && at(s, e) == '-' && isLower(at(s, e+1)) { // 27-kilometer
		e++
	} else if c := s[e]; c < utf8.RuneSelf && !isAlpha(c) && c != '%' && c != '$' || adjacent && isAlpha(c) && isHexWordOnly(s, k) {
		if money {
			sc.per(s, a)
		}
		return
	}
	if end := value.ScaleEnd(s, e, money); end > e && (s[e] >= utf8.RuneSelf || end-e > 1 || money) && !(end-e == 1 && wordLen(s, end) > 0) {
		a.end, a.decorated = end, true
		if end < len(s) {
			e = blanksEnd(s, end)
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
		if w := wordEnd(s, e); adjacent && suffixes[s[e:w]] {
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

// counterEnd reads the sign of numbered resolutions and decrees: 1373호.
func counterEnd(s string, e int) int {
	for _, sign := range []string{"호", "号", "號", "조", "항", "条", "條"} {
		if strings.HasPrefix(s[e:], sign) {
			return e + len(sign)
		}
	}
	return e
}

// isHexWordOnly reports whether the word at k mixes digits and letters in a way
// that a number with a unit does not.
func isHexWordOnly(s string, k int) bool {
	e := wordEnd(s, k)
	changes := 0
	for i := k + 1; i < e; i++ {
		if isDigit(s[i]) != isDigit(s[i-1]) {
			changes++
		}
	}
	return changes > 1 && at(s, k-1) != '.' || strings.IndexByte(s[k:e], '_') >= 0
}

// per reads what money is for: $15.4/hour, $350 per kg.
func (sc *scanner) per(s string, a *amount) {
	e := a.end
	switch {
	case at(s, e) == '/':
		e++
	case strings.HasPrefix(s[e:], " per "), strings.HasPrefix(s[e:], " pro "), strings.HasPrefix(s[e:], " par "), strings.HasPrefix(s[e:], " por "):
		e += len(" per ")
	default:
		return
	}
	if end, _, _ := value.UnitEnd(s, e); end > e && wordLen(s, end) == 0 {
		a.end = end
	}
}

// Symbols that are words too: they are units where the number leaves no doubt or
// the text is no sentence.
var (
	wordUnits  = setOf("in a A as at am pm d y us em pt cal bar an me min mi ha el T C F S H B P g m s l t h")
	neverUnits = setOf("a as at am pm an me us y C F S H")
)

// isUnit reports whether the unit s[e:end] behind the number a is one.
func (sc *scanner) isUnit(s string, a *amount, e, end int, adjacent bool) bool {
	if end < len(s) && s[end-1] < utf8.RuneSelf && s[end-1] != '%' {
		if wordLen(s, end) > 0 || at(s, end) == '\'' || at(s, end) == '-' && wordLen(s, end+1) > 0 && end-e < 3 {
			return false
		}
	}
	u := s[e:end]
	if s[e] >= utf8.RuneSelf {
		return s[e] >= 0xE3 || strings.HasPrefix(u, "°") || wordLen(s, end) == 0
	}
	if adjacent {
		return !neverUnits[u] || u == "a" && false
	}
	if neverUnits[u] {
		return false
	}
	if u == "in" {
		return (a.decimal || strings.Contains(s[max(0, a.end-4):a.end], "/")) && !(at(s, end) == ' ' && (isUpper(at(s, end+1)) || isDigit(at(s, end+1)) || strings.HasPrefix(s[end+1:], "the ")))
	}
	if len(u) == 1 && wordUnits[u] && at(s, end) == ' ' && isUpper(at(s, end+1)) && isUpper(u[0]) {
		return false
	}
	return true
}

// rangeEnd reads the other end of a range whose first is a: 7-10 mL, 3 to 4 L,
// 13 ～ 24, 2013-14, $5–7.
func (sc *scanner) rangeEnd(s string, k int, a *amount, money bool) (end int, ok bool) {
	e, word := rangeSign(s, a.end)
	if e == a.end {
		return k, false
	}
	if n := currencySign(s, e); n > 0 && money && e+n < len(s) {
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

var ands = []string{", and ", ", ", " and ", " und ", " et ", " y ", " e ", " en ", " i ", " и ", " "}

// durationEnd adds the smaller parts of a duration: 2 h 23 min 40 s.
func (sc *scanner) durationEnd(s string, a amount) int {
	for {
		next := a.end
		for _, and := range ands {
			if strings.HasPrefix(s[a.end:], and) {
				next = a.end + len(and)
				break
			}
		}
		if next == a.end && !isDigit(at(s, next)) {
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
}

// numberOrWord reads a number in digits or words.
func (sc *scanner) numberOrWord(s string, k int) amount {
	if isDigit(at(s, k)) {
		return sc.numberAt(s, k)
	}
	if end := spelledEnd(s, k); end > k {
		return amount{end: end, kind: value.Number}
	}
	return amount{end: k}
}

// oneWords are articles as well.
var oneWords = setOf("a an one ein eine einen einem einer eines un une uno una um uma een jeden jedna один одна одного de")

// spelledEnd is the end of the number in words at k.
func spelledEnd(s string, k int) int {
	if oneWords[s[k:wordEnd(s, k)]] || !value.IsNumberWord(s[k:wordEnd(s, k)]) {
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
	for k < len(s) && isDigit(s[k]) {
		e := digitsEnd(s, k)
		if at(s, e) == '.' && isDigit(at(s, e+1)) {
			e = digitsEnd(s, e+1)
		}
		n := 1
		switch {
		case strings.HasPrefix(s[e:], "ms"), strings.HasPrefix(s[e:], "us"), strings.HasPrefix(s[e:], "ns"):
			n = 2
		case at(s, e) == 0 || strings.IndexByte("dhms", s[e]) < 0:
			return i
		}
		k = e + n
		parts++
	}
	if parts == 0 || wordLen(s, k) > 0 {
		return i
	}
	return k
}

// matchRatio reads 3:2 and 16:9.
func matchRatio(s string, i int) int {
	const most = 4
	k := digitsEnd(s, i)
	end := digitsEnd(s, k+1)
	if at(s, k) != ':' || k-i > most || end == k+1 || end-k-1 > most {
		return i
	}
	if c := at(s, i-1); c != 0 && strings.IndexByte(":.[-", c) >= 0 || wordLen(s, end) > 0 {
		return i
	}
	if c := at(s, end); c == ':' || (c == '.' || c == ',') && isDigit(at(s, end+1)) {
		return i
	}
	return end
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
	if end := ordinalEnd(s, digitsEnd(s, k)); k == i && end > digitsEnd(s, k) {
		return sc.ordinal(s, i, end)
	}
	a := sc.amountAt(s, k, money)
	if a.end == k {
		return i
	}
	if wordLen(s, a.end) > 0 && s[a.end] < utf8.RuneSelf && s[a.end-1] < utf8.RuneSelf {
		if end := compactDuration(s, k); end > k {
			return sc.emit(s, i, end, value.Duration)
		}
		return i
	}
	if !a.decorated && a.end-k < 2 {
		return i
	}
	// A code, not a number: 16-B7.
	if at(s, a.end) == '-' && wordLen(s, a.end+1) > 0 && !a.decimal && a.kind == value.Number && k == i && matchCode(s, k) > a.end {
		return i
	}
	return sc.emit(s, i, a.end, a.kind)
}

// ordinal emits the 21st century. Other ordinals are words.
func (sc *scanner) ordinal(s string, i, end int) int {
	e := end
	if c := at(s, e); c == ' ' || c == '-' {
		e++
	}
	if w := wordEnd(s, e); w > e && (s[e:w] == "century" || s[e:w] == "siècle" || s[e:w] == "centuries") {
		return sc.emit(s, i, w, value.Date)
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
	if isDigit(at(s, k)) {
		return k, false
	}
	if k < len(s) && s[k] == '.' {
		if isDigit(at(s, k+1)) && !endsWord(s, k) && at(s, k-1) != '.' && at(s, k-1) != '/' && at(s, k-1) != ')' {
			return k, false
		}
		return -1, false
	}
	if k >= len(s) {
		return -1, false
	}
	if sign() {
		if p := at(s, i-1); p != 0 && !isSpace(p) && strings.IndexByte("([{,;=:\"'`|<>", p) < 0 && p < utf8.RuneSelf {
			return -1, false
		}
	}
	if n := currencySign(s, k); n > 0 {
		money = true
		k += n
		if e := blanksEnd(s, k); e-k <= maxBlanks {
			k = e
		}
		if k < len(s) && sign() && at(s, k) == ' ' {
			return -1, false
		}
	}
	if k == i || !isDigit(at(s, k)) && !(at(s, k) == '.' && isDigit(at(s, k+1))) {
		return -1, false
	}
	return k, money
}

// currencyCode reads EUR 12.50 and Rs. 500.
func (sc *scanner) currencyCode(s string, i int) int {
	e := wordEnd(s, i)
	if w := s[i:e]; len(w) > 4 || len(w) < 2 || value.Currency(w) == "" {
		return i
	}
	if at(s, e) == '.' {
		e++
	}
	if b := blanksEnd(s, e); b-e <= 1 {
		e = b
	}
	if (at(s, e) == '-' || at(s, e) == '+') && isDigit(at(s, e+1)) {
		e++
	}
	if !isDigit(at(s, e)) {
		return i
	}
	if a := sc.amountAt(s, e, true); a.end > e {
		return a.end
	}
	return i
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
