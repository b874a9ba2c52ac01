package value

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// number is a number as written.
type number struct {
	value *big.Rat
	// places is the number of digits behind the decimal mark; it is negative
	// where a scale word or an exponent moves the last digit above the ones.
	places int
	// digits are the digits without zeros at either end.
	digits string
}

// maxDigits and maxPower bound the work on a number that is not trusted.
const (
	maxDigits = 400
	maxPower  = 400
)

var plainMarks = strings.NewReplacer("−", "-", "–", "-", "－", "-", "＋", "+", "\u00a0", " ", "\u202f", " ", "\u2009", " ", "’", "'", "′", "'", "·", "·")

// readNumbers returns the readings of the number that begins at i: sign,
// digits with groups and a decimal mark, exponent. There are two where a mark
// may be of either kind and the conventions do not tell. end is i if no number
// begins there.
func readNumbers(s string, i int, c Conventions) (readings []number, end int) {
	k, sign := i, 1
	if k < len(s) && (s[k] == '-' || s[k] == '+') {
		if s[k] == '-' {
			sign = -1
		}
		k++
		for k < len(s) && s[k] == ' ' {
			k++
		}
	}
	from := k
	if k < len(s) && s[k] == '.' && k+1 < len(s) && isDigit(s[k+1]) {
		k++
	}
	for k < len(s) && k-from <= maxDigits {
		switch b := s[k]; {
		case isDigit(b):
			k++
			continue
		case strings.IndexByte(".,'_ ", b) >= 0 && k > from && isDigit(s[k-1]) && k+1 < len(s) && isDigit(s[k+1]):
			if b == ' ' && !isGroup(s, k, strings.ContainsAny(s[from:k], ".,")) {
				break
			}
			k++
			continue
		}
		break
	}
	if k == from || k-from > maxDigits {
		return nil, i
	}
	body := s[from:k]
	power := 0
	if e, p := exponent(s, k); e > k {
		k, power = e, p
	}
	if max(power, -power) > maxPower {
		return nil, i
	}
	for _, d := range decimals(body, c) {
		if n, ok := makeNumber(body, d, sign, power); ok {
			readings = append(readings, n)
		}
	}
	if len(readings) == 0 {
		return nil, i
	}
	return readings, k
}

// isGroup reports whether a blank at k stands between groups of three digits.
// The last group behind a decimal mark may be shorter.
func isGroup(s string, k int, decimal bool) bool {
	e := k + 1
	for e < len(s) && isDigit(s[e]) {
		e++
	}
	return e-k-1 == 3 || decimal && e-k-1 < 3 && k >= 3 && isDigit(s[k-3]) && isDigit(s[k-2])
}

// exponent reads e-5, ×10^-5, ·10⁻⁵, * 10^5 and ^5 behind a number that is a
// power's base.
func exponent(s string, k int) (end, power int) {
	e := k
	switch {
	case e < len(s) && s[e]|0x20 == 'e':
		e++
	default:
		for e < len(s) && s[e] == ' ' {
			e++
		}
		times := 0
		for _, t := range []string{"×", "·", "⋅", "*", "x"} {
			if strings.HasPrefix(s[e:], t) {
				times = len(t)
			}
		}
		if times == 0 {
			return k, 0
		}
		e += times
		for e < len(s) && s[e] == ' ' {
			e++
		}
		if !strings.HasPrefix(s[e:], "10") {
			return k, 0
		}
		e += 2
		if e < len(s) && s[e] == '^' {
			e++
		} else if e < len(s) && isDigit(s[e]) {
			return k, 0
		}
		if p := powerEnd(s, e); p > e {
			_, n := splitPower("x" + s[e:p])
			if s[e] < utf8.RuneSelf {
				n = atoi(strings.TrimLeft(s[e:p], "-+^"))
				if s[e] == '-' {
					n = -n
				}
			}
			return p, n
		}
	}
	sign := 1
	if e < len(s) && (s[e] == '-' || s[e] == '+') {
		if s[e] == '-' {
			sign = -1
		}
		e++
	}
	from := e
	for e < len(s) && isDigit(s[e]) {
		e++
	}
	if e == from || e < len(s) && letters(s, e) > e {
		return k, 0
	}
	return e, sign * atoi(s[from:e])
}

// decimals are the decimal marks that digits and marks may have; 0 is none.
func decimals(body string, c Conventions) []byte {
	points, commas := strings.Count(body, "."), strings.Count(body, ",")
	point, comma := strings.LastIndexByte(body, '.'), strings.LastIndexByte(body, ',')
	switch {
	case points == 0 && commas == 0:
		return []byte{0}
	case points > 1 && commas == 0, commas > 1 && points == 0:
		return []byte{0}
	case points > 0 && commas > 0:
		if point > comma {
			return []byte{'.'}
		}
		return []byte{','}
	}
	mark := max(point, comma)
	if len(body)-mark-1 != 3 || mark > 3 || mark == 0 || body[0] == '0' || strings.ContainsAny(body, " '_") {
		return []byte{body[mark]}
	}
	switch c.Decimal {
	case 0:
		return []byte{0, body[mark]}
	case body[mark]:
		return []byte{body[mark]}
	}
	return []byte{0}
}

func makeNumber(body string, decimal byte, sign, power int) (n number, ok bool) {
	var digits strings.Builder
	places, behind := 0, false
	for k := range len(body) {
		switch {
		case isDigit(body[k]):
			digits.WriteByte(body[k])
			if behind {
				places++
			}
		case body[k] == decimal:
			behind = true
		}
	}
	d := digits.String()
	i, good := new(big.Int).SetString(d, 10)
	if !good {
		return n, false
	}
	if sign < 0 {
		i.Neg(i)
	}
	n.value = new(big.Rat).Mul(new(big.Rat).SetInt(i), tenTo(power-places))
	n.places = places - power
	n.digits = strings.Trim(d, "0")
	return n, true
}

func (n number) times(power int) number {
	n.value = new(big.Rat).Mul(n.value, tenTo(power))
	n.places -= power
	return n
}

// clean makes the forms of characters alike: compatibility forms, minus signs,
// blanks.
func clean(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			// Powers and a vulgar fraction would lose their meaning.
			if !strings.ContainsAny(s, "²³¹⁰⁴⁵⁶⁷⁸⁹⁻½¼¾⅓⅔⅛") {
				s = norm.NFKC.String(s)
			} else {
				s = norm.NFC.String(s)
			}
			s = plainMarks.Replace(s)
			break
		}
	}
	return strings.Join(strings.Fields(s), " ")
}
