package verify

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"unicode"

	"github.com/glyphkit/glyph/exact"
)

// A number is a decimal number as it is written.
type number struct {
	text     string
	value    *big.Rat
	approx   float64 // value, rounded
	decimals int     // digits after the decimal sign
	percent  bool
}

const (
	maxDigits        = 30  // of a number that is calculated with
	maxOperands      = 64  // numbers of an answer that are calculated with
	maxSourceNumbers = 200 // of sources that are calculated with unmentioned
	chancePairs      = 100 // values that a number could have for every sum of two
)

// parseNumber reads a number without its unit. One comma or stop before three
// digits groups thousands if the number has another sign, or is a comma.
func parseNumber(s string) (number, bool) {
	bare, unit := withoutUnit(s)
	n := number{text: s, percent: strings.HasPrefix(unit, "%")}
	negative := strings.HasPrefix(bare, "-") || strings.HasPrefix(bare, "−")
	bare = strings.TrimLeft(bare, "-−+")
	if bare == "" || strings.IndexFunc(bare, func(r rune) bool {
		return !(r >= '0' && r <= '9') && !strings.ContainsRune(".,' \u00a0\u202f", r)
	}) >= 0 || bare[0] < '0' || bare[0] > '9' {
		return n, false
	}
	decimal := strings.LastIndexAny(bare, ".,")
	if decimal >= 0 {
		mark, after := bare[decimal:decimal+1], bare[decimal+1:]
		other := strings.Replace(".,", mark, "", 1)
		grouped := strings.Count(bare, mark) > 1 || mark == "," && len(after) == 3 && !strings.Contains(bare, other)
		if grouped {
			decimal = -1
		}
	}
	var digits strings.Builder
	for i, r := range bare {
		if i == decimal {
			digits.WriteByte('.')
			n.decimals = len(bare) - i - 1
		} else if r >= '0' && r <= '9' {
			digits.WriteRune(r)
		}
	}
	if digits.Len() > maxDigits {
		return n, false
	}
	value, ok := new(big.Rat).SetString(digits.String())
	if !ok {
		return n, false
	}
	if negative {
		value.Neg(value)
	}
	n.value = value
	n.approx, _ = value.Float64()
	return n, true
}

// withoutUnit cuts the unit from a number: a currency sign before or after it,
// a per cent sign, or up to five letters and a space. The unit is "" if s is
// not a number with one. Letters without a space are none: 42l may be a misread
// 421.
func withoutUnit(s string) (bare, unit string) {
	space := func(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' }
	isUnit := func(unit string, spaced bool) bool {
		letters := 0
		for _, r := range unit {
			switch {
			case unicode.Is(unicode.Sc, r), r == '%', r == '°':
			case unicode.IsLetter(r) && spaced && letters < 5:
				letters++
			default:
				return false
			}
		}
		return true
	}
	first := strings.IndexFunc(s, isDigit)
	last := strings.LastIndexFunc(s, isDigit)
	if first < 0 {
		return s, ""
	}
	for first > 0 && strings.ContainsRune("-+", rune(s[first-1])) {
		first--
	}
	before, after := s[:first], s[last+1:]
	bare = s[first : last+1]
	left, right := strings.TrimRightFunc(before, space), strings.TrimLeftFunc(after, space)
	if !isUnit(left, left != before) || !isUnit(right, right != after) || strings.IndexFunc(bare, unicode.IsLetter) >= 0 {
		return s, ""
	}
	if right != "" {
		return bare, right
	}
	return bare, left
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func sourceNumbers(entries []entry) []number {
	var numbers []number
	for _, e := range entries {
		if !e.kind.IsMeasured() {
			continue
		}
		if n, ok := parseNumber(e.text); ok {
			if numbers = append(numbers, n); len(numbers) > maxSourceNumbers {
				return nil
			}
		}
	}
	return numbers
}

// mentioned returns the numbers of the sources that the answer or the question
// gives, in order.
func (v *verification) mentioned(found []exact.String) []number {
	var numbers []number
	seen := map[string]bool{}
	add := func(s string) {
		n, ok := parseNumber(s)
		if !ok || seen[s] || len(numbers) == maxOperands {
			return
		}
		seen[s] = true
		bare, _ := withoutUnit(s)
		if len(v.index.words.find(bare, wholeToken(bare))) > 0 {
			numbers = append(numbers, n)
		}
	}
	for _, s := range append(exact.Find(v.question.texts[0]), found...) {
		if s.Kind.IsMeasured() {
			add(s.Text)
		}
	}
	return numbers
}

// computed says how a number follows from numbers of the sources, or returns
// "". Few numbers are excused by chance: operands are those that the answer or
// the question mentions and the sources hold; numbers of the sources that are
// not mentioned are only added and subtracted, in pairs, and only when a
// number of that many digits has at least chancePairs values for every pair.
//
// Floating-point numbers rule a pair out, exact fractions confirm it: the cost
// is a few nanoseconds for each of at most maxOperands² + maxSourceNumbers²/2
// pairs.
func (v *verification) computed(text string) string {
	want, ok := parseNumber(text)
	if !ok {
		return ""
	}
	ops := v.operands
	for i, a := range ops {
		if a.text == text {
			continue
		}
		for j, b := range ops {
			if i == j || b.text == text || !want.mayFollow(a, b) {
				continue
			}
			if how := want.follows(a, b, i < j); how != "" {
				return how
			}
		}
	}
	for i := range ops {
		sum, terms := 0.0, 0
		for _, n := range ops[i:] {
			if n.text == text {
				break
			}
			sum += n.approx
			if terms++; terms > 2 && near(sum, want.approx) && sumOf(ops[i:i+terms]).Cmp(want.value) == 0 {
				return joined(ops[i : i+terms])
			}
		}
	}
	pairs := int64(len(v.index.numbers)) * int64(len(v.index.numbers))
	if values := magnitude(want); values < float64(pairs*chancePairs) {
		return ""
	}
	for i, a := range v.index.numbers {
		for _, b := range v.index.numbers[i+1:] {
			if near(a.approx+b.approx, want.approx) && new(big.Rat).Add(a.value, b.value).Cmp(want.value) == 0 {
				return a.text + " + " + b.text
			}
			if near(a.approx-b.approx, want.approx) && new(big.Rat).Sub(a.value, b.value).Cmp(want.value) == 0 {
				return a.text + " − " + b.text
			}
			if near(b.approx-a.approx, want.approx) && new(big.Rat).Sub(b.value, a.value).Cmp(want.value) == 0 {
				return b.text + " − " + a.text
			}
		}
	}
	return ""
}

// near tells whether two rounded values can be of equal exact ones. The
// relative error of a few operations on rounded values is below 1e-9, unless a
// difference cancels digits: hence the absolute part, which lets more through.
func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}

func sumOf(numbers []number) *big.Rat {
	sum := new(big.Rat)
	for _, n := range numbers {
		sum.Add(sum, n.value)
	}
	return sum
}

func joined(numbers []number) string {
	terms := make([]string, len(numbers))
	for i, n := range numbers {
		terms[i] = n.text
	}
	return strings.Join(terms, " + ")
}

// mayFollow is false only if follows returns "".
func (n number) mayFollow(a, b number) bool {
	w, x, y := n.approx, a.approx, b.approx
	scale := 1e-9 * (math.Abs(x) + math.Abs(y)) // of cancelled digits
	within := func(r, slack float64) bool { return math.Abs(r-w) <= slack+scale+1e-9*(1+math.Abs(r)+math.Abs(w)) }
	if within(x+y, 0) || within(x-y, 0) || within(x*y, 0) {
		return true
	}
	if y == 0 {
		return false
	}
	half := 0.5 * math.Pow10(-n.decimals)
	if n.percent {
		change := 100 * (x/y - 1)
		return within(100*x/y, half) || within(change, half) || within(-change, half)
	}
	return within(x/y, half) || b.percent && within(x*y/100, half)
}

// follows says how n is calculated from a and b, or returns "". Quotients and
// percentages may be rounded to the digits that n has; whole ones of less than
// three digits are too likely by chance.
func (n number) follows(a, b number, ordered bool) string {
	r := new(big.Rat)
	if ordered && r.Add(a.value, b.value).Cmp(n.value) == 0 {
		return a.text + " + " + b.text
	}
	if r.Sub(a.value, b.value).Cmp(n.value) == 0 {
		return a.text + " − " + b.text
	}
	if ordered && r.Mul(a.value, b.value).Cmp(n.value) == 0 {
		return a.text + " × " + b.text
	}
	if b.value.Sign() == 0 {
		return ""
	}
	quotient := new(big.Rat).Quo(a.value, b.value)
	hundred := big.NewRat(100, 1)
	if n.percent {
		if n.rounds(r.Mul(quotient, hundred)) {
			return fmt.Sprintf("%s ÷ %s in per cent", a.text, b.text)
		}
		change := r.Mul(r.Sub(quotient, big.NewRat(1, 1)), hundred)
		if n.rounds(change) || n.rounds(change.Neg(change)) {
			return fmt.Sprintf("change from %s to %s in per cent", b.text, a.text)
		}
		return ""
	}
	if (quotient.IsInt() || magnitude(n) >= 1000) && n.rounds(quotient) {
		return a.text + " ÷ " + b.text
	}
	if b.percent && n.rounds(r.Quo(r.Mul(a.value, b.value), hundred)) {
		return b.text + " of " + a.text
	}
	return ""
}

// rounds tells whether n is r rounded to the decimals of n.
func (n number) rounds(r *big.Rat) bool {
	off := new(big.Rat).Sub(r, n.value)
	off.Abs(off)
	half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n.decimals)), nil))
	half.Mul(half, big.NewRat(1, 2))
	return off.Cmp(half) <= 0
}

// magnitude is how many numbers have as many digits as n.
func magnitude(n number) float64 {
	values := 1.0
	for _, r := range n.text {
		if r >= '0' && r <= '9' {
			values *= 10
		}
	}
	return values
}
