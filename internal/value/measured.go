package value

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// measured reads a number with what stands around it. A sum of parts of one
// dimension (2 h 23 min, 3 years, 2 months) is one value.
func measured(s string, kind Kind, c Conventions) []Value {
	if kind == Ratio {
		if v, ok := ratio(s); ok {
			return v
		}
	}
	parts := readAmounts(s, 0, c)
	var out []Value
	for _, p := range parts {
		if v, ok := p.whole(s, c); ok {
			out = append(out, v)
		}
	}
	return out
}

// amount is a reading of a number with sign, currency, scale and unit that ends
// at end.
type amount struct {
	number
	unit     Unit
	hasUnit  bool
	currency string
	end      int
}

// readAmounts returns the readings of the amount at i.
func readAmounts(s string, i int, c Conventions) []amount {
	k, negative := i, false
	currency := ""
	if k < len(s) && s[k] == '(' && strings.HasSuffix(s, ")") {
		k++
		negative = true // an accountant's minus
	}
	sign := func() {
		if k < len(s) && (s[k] == '-' || s[k] == '+') {
			negative = negative != (s[k] == '-')
			k++
		}
		for k < len(s) && s[k] == ' ' {
			k++
		}
	}
	sign()
	if e, code := readCurrency(s, k); e > k {
		currency, k = code, e
		for k < len(s) && (s[k] == ' ' || s[k] == '.') && !(s[k] == '.' && k+1 < len(s) && isDigit(s[k+1])) {
			k++
		}
		sign()
	}
	readings, end := readNumbers(s, k, c)
	if end == k {
		n, e := ReadSpelled(s, k, "")
		if e == k {
			return nil
		}
		readings, end = []number{{value: n, digits: strings.Trim(n.RatString(), "0")}}, e
	}
	out := make([]amount, 0, len(readings))
	for _, n := range readings {
		if negative {
			n.value = new(big.Rat).Neg(n.value)
		}
		a := amount{number: n, currency: currency, end: end}
		a.mixed(s)
		a.tail(s, c)
		out = append(out, a)
	}
	return out
}

// mixed adds the fraction of 2 1/2 and makes 1/40 a fraction.
func (a *amount) mixed(s string) {
	if !a.value.IsInt() || a.places != 0 {
		return
	}
	k := a.end
	if k < len(s) && s[k] == '/' {
		if f, e := readFraction(s, k+1); e == k+1 && f == nil {
			den := k + 1
			for den < len(s) && isDigit(s[den]) {
				den++
			}
			if n := atoi(s[k+1 : den]); n > 0 && den > k+1 && den-k < 6 && (den == len(s) || s[den] != '/') {
				a.value = new(big.Rat).Quo(a.value, big.NewRat(int64(n), 1))
				a.digits += "/" + s[k+1:den]
				a.end = den
			}
		}
		return
	}
	if k < len(s) && (s[k] == ' ' || s[k] == '-') {
		k++
	}
	if f, e := readFraction(s, k); e > k {
		if a.value.Sign() < 0 {
			f = new(big.Rat).Neg(f)
		}
		a.value = new(big.Rat).Add(a.value, f)
		a.digits += " " + s[k:e]
		a.end = e
	}
}

// tail reads what follows the digits: scale word, unit, currency, "per" unit.
func (a *amount) tail(s string, c Conventions) {
	k := skipBlank(s, a.end)
	if k < len(s) && s[k] == '-' && k+1 < len(s) && letters(s, k+1) > k+1 {
		k++ // 27-kilometer
	}
	if power, e := readScale(s, k, c.Language, a.currency != ""); e > k {
		a.number = a.times(power)
		a.end = e
		k = skipBlank(s, e)
		for _, of := range []string{"de ", "di ", "of "} {
			if strings.HasPrefix(s[k:], of) {
				k += len(of)
			}
		}
	}
	if a.currency == "" {
		if e, code := readCurrency(s, k); e > k {
			a.currency, a.end = code, e
			k = e
		}
	}
	if a.currency != "" {
		// $15.4/hour, $350 per kg
		if j, sign, explicit := joint(s, a.end); explicit && sign < 0 {
			if u, e := ReadUnit(s, j); e > j {
				p := newProduct()
				p.multiply(u, -1)
				a.unit, a.end, a.hasUnit = p.unit(), e, true
			}
		}
		return
	}
	if u, e := ReadUnit(s, k); e > k {
		a.unit, a.end, a.hasUnit = u, e, true
		if e < len(s) && s[e] == '.' {
			a.end++
		}
	}
}

// secondsPerMonth is an average month of the Gregorian calendar, so that sums of
// months and days are equal where their parts are.
const secondsPerMonth = 2629746

// ScaleEnd is the end of the scale word ("million", "Mrd.", "万") at byte k of s,
// or k if there is none. One letter, as in $5M, is a scale of money only.
func ScaleEnd(s string, k int, money bool) int {
	_, end := readScale(s, k, "", money)
	return end
}

// CurrencyEnd is the end of the sign, code or word of a currency at byte k of s,
// or k if there is none.
func CurrencyEnd(s string, k int) int {
	end, _ := readCurrency(s, k)
	return end
}

func skipBlank(s string, k int) int {
	for k < len(s) && s[k] == ' ' {
		k++
	}
	return k
}

// readScale reads a scale word. One letter is a scale behind a currency only,
// for "5 M" may be a unit.
func readScale(s string, k int, language string, money bool) (power, end int) {
	e := letters(s, k)
	if e == k {
		return 0, k
	}
	if s[k] >= 0xE3 {
		for e = min(e, k+12); e > k; e-- {
			if p, ok := Scale(s[k:e], language); ok && (e == len(s) || utf8.RuneStart(s[e])) {
				return p, e
			}
		}
		return 0, k
	}
	w := s[k:e]
	if len(w) == 1 {
		switch {
		case money && (w == "k" || w == "K"):
			return 3, e
		case money && (w == "M" || w == "m"):
			return 6, e
		case money && w == "B":
			return 9, e
		case money && w == "T":
			return 12, e
		}
		return 0, k
	}
	p, ok := Scale(w, language)
	if !ok {
		return 0, k
	}
	if e < len(s) && s[e] == '.' {
		e++
	}
	if e+1 < len(s) && s[e] == ' ' { // mil millones
		if p2, e2 := readScale(s, e+1, language, false); e2 > e+1 && p == 3 {
			return p + p2, e2
		}
	}
	return p, e
}

// readCurrency reads a sign, code or word of a currency at k.
func readCurrency(s string, k int) (end int, code string) {
	if k >= len(s) {
		return k, ""
	}
	const longestSign = 5
	for e := min(len(s), k+longestSign); e > k; e-- {
		if c := currencySigns[s[k:e]]; c != "" && (e == len(s) || letters(s, e) == e || letters(s, k) == k) {
			return e, c
		}
	}
	ends := [3]int{}
	n := 0
	for e := k; n < 3; n++ {
		next := letters(s, e)
		if next == e {
			break
		}
		ends[n], e = next, next
		if e >= len(s) || s[e] != ' ' && s[e] != '-' {
			n++
			break
		}
		e++
	}
	for n--; n >= 0; n-- {
		if c := Currency(s[k:ends[n]]); c != "" {
			return ends[n], c
		}
	}
	if s[k] >= 0xE3 {
		for e := min(letters(s, k), k+12); e > k; e-- {
			if (e == len(s) || utf8.RuneStart(s[e])) && Currency(s[k:e]) != "" {
				return e, Currency(s[k:e])
			}
		}
	}
	return k, ""
}

// whole makes a value of an amount that s ends with, alone or as the first of
// parts of one dimension.
func (a amount) whole(s string, c Conventions) (Value, bool) {
	v := a.plain()
	k := a.end
	const maxParts = 8
	parts := 1
	for k < len(s) && parts < maxParts {
		k = skipBlank(s, k)
		for _, and := range []string{", and ", ",", "and ", "und ", "et ", "y ", "e ", "en ", "i ", "и "} {
			if strings.HasPrefix(s[k:], and) {
				k = skipBlank(s, k+len(and))
				break
			}
		}
		next := readAmounts(s, k, c)
		if len(next) == 0 || !a.hasUnit || !next[0].hasUnit || !next[0].unit.IsTime() && next[0].unit.Dimension != a.unit.Dimension || !a.unit.IsTime() && next[0].unit.IsTime() {
			break
		}
		n := next[0].plain()
		if !v.add(&n) {
			break
		}
		k = next[0].end
		parts++
	}
	if k < len(s) && strings.Trim(s[k:], " .,;:)") != "" {
		return v, false
	}
	v.key()
	if parts > 1 {
		v.Digits = ""
	}
	return v, true
}

func (a amount) plain() Value {
	v := Value{Number: a.value, Places: a.places, Digits: a.digits, Unit: a.unit, Currency: a.currency}
	switch {
	case a.currency != "":
		v.Kind = Money
	case !a.hasUnit:
		v.Kind = Number
	case a.unit.Dimension == "":
		v.Kind = Percentage
	case a.unit.IsTime():
		v.Kind = Duration
	default:
		v.Kind = Quantity
	}
	return v
}

// add adds a part. Calendar time and clock time have no common unit, so 3 years
// and 14 days keep both, the clock time in the key.
func (v *Value) add(w *Value) bool {
	switch {
	case v.Unit.Dimension == w.Unit.Dimension:
		sum := new(big.Rat).Add(v.base(), w.base())
		v.Number, v.Unit, v.Places = sum.Quo(sum, w.Unit.factor()), w.Unit, w.Places
		return true
	case v.Unit.Dimension == "mo":
		months := v.base()
		v.Number = new(big.Rat).Add(new(big.Rat).Mul(months, big.NewRat(secondsPerMonth, 1)), w.base())
		v.Unit = Unit{Dimension: "s", Factor: big.NewRat(1, 1)}
		return true
	}
	return false
}

func (v *Value) key() {
	currency := v.Currency
	if currency != "" {
		currency += " "
	}
	v.Key = currency + v.base().RatString() + " " + v.Unit.Dimension
}

// ratio reads 3:2 and 16:9, not reduced.
func ratio(s string) ([]Value, bool) {
	for _, sep := range []string{":", "/", " to ", " zu "} {
		a, b, ok := strings.Cut(s, sep)
		if a, b = strings.TrimSpace(a), strings.TrimSpace(b); ok && a != "" && b != "" && digitsOnly(a) && digitsOnly(b) && atoi(b) > 0 && len(a) < 9 && len(b) < 9 {
			return []Value{{Kind: Ratio, Number: big.NewRat(int64(atoi(a)), int64(atoi(b))), Key: a + ":" + b, Digits: a + ":" + b}}, true
		}
	}
	return nil, false
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// ranges reads two ends with a dash or a word between them. What stands behind
// the second end only counts for both.
func ranges(s string, c Conventions) []Value {
	for _, sep := range []string{" - ", "...", "…", " to ", " bis ", " à ", " a ", " al ", " tot ", " do ", " до ", "至", "から", "부터", "~", "～", " through ", "- to ", "-", "/"} {
		for at := 1; ; {
			k := strings.Index(s[min(at, len(s)):], sep)
			if k < 0 {
				break
			}
			k += at
			low, high := strings.TrimSpace(s[:k]), strings.TrimSpace(s[k+len(sep):])
			if v, ok := rangeOf(low, high, c); ok {
				return []Value{v}
			}
			at = k + len(sep)
		}
	}
	return nil
}

func rangeOf(low, high string, c Conventions) (Value, bool) {
	if low == "" || high == "" {
		return Value{}, false
	}
	for _, kind := range []Kind{Number, Date} {
		a, b := Parse(low, kind, c)[0], Parse(high, kind, c)[0]
		switch {
		case kind == Number && a.Number != nil && b.Number != nil:
			if a.Unit.Dimension == "" && a.Kind == Number && a.Currency == "" {
				a.Unit, a.Kind = b.Unit, b.Kind
			}
			if a.Currency == "" {
				a.Currency, a.Kind = b.Currency, b.Kind
			} else if b.Currency == "" {
				b.Currency, b.Kind = a.Currency, a.Kind
			}
			a.key()
			b.key()
		case kind == Date && a.Moment.Set != 0 && b.Moment.Set != 0:
		default:
			continue
		}
		return Value{Kind: Range, Low: &a, High: &b, Key: a.Key + " to " + b.Key}, true
	}
	if strings.ContainsAny(low+high, "0123456789") {
		a, b := Value{Kind: Identifier, Text: low, Key: low}, Value{Kind: Identifier, Text: high, Key: high}
		return Value{Kind: Range, Low: &a, High: &b, Key: low + " to " + high}, true
	}
	return Value{}, false
}
