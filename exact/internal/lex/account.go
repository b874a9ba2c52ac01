package lex

import (
	"strings"

	"github.com/glyphkit/glyph/internal/value"
)

// groups reads digits in groups with one separator between them and returns
// the length of each group, at most eight.
func groups(s string, i int, sep byte) (lengths [8]int, n, end int) {
	k := i
	for n < len(lengths) {
		e := DigitsEnd(s, k)
		if e == k {
			break
		}
		lengths[n] = e - k
		n++
		end = e
		if At(s, e) != sep {
			break
		}
		k = e + 1
	}
	return lengths, n, end
}

// MatchPhone reads the forms that do not begin with a plus sign: 555-0142,
// 555-010-4477, 138-0013-8000.
func MatchPhone(s string, i int) int {
	for _, sep := range []byte{'-', '.', ' '} {
		if l := DigitsEnd(s, i); At(s, l) != sep || l-i != 3 {
			continue
		}
		g, n, end := groups(s, i, sep)
		if WordLen(s, end) > 0 || At(s, end) == sep && WordLen(s, end+1) > 0 {
			continue
		}
		switch {
		case n == 2 && g[0] == 3 && g[1] == 4 && sep == '-',
			n == 3 && g[0] == 3 && g[1] == 3 && g[2] == 4,
			n == 3 && g[0] == 3 && g[1] == 4 && g[2] == 4 && sep != '.':
			return end
		}
	}
	return i
}

// MatchAreaPhone reads 02) 748 - 6350 and (02)  748  -   6350.
func MatchAreaPhone(s string, i int) int {
	k := i
	if At(s, k) == '(' {
		k++
	}
	e := DigitsEnd(s, k)
	if n := e - k; n < 2 || n > 5 || s[k] != '0' || At(s, e) != ')' {
		return i
	}
	k = BlanksEnd(s, e+1)
	e = DigitsEnd(s, k)
	if n := e - k; n < 3 || n > 4 {
		return i
	}
	k = BlanksEnd(s, e)
	if At(s, k) != '-' {
		return i
	}
	k = BlanksEnd(s, k+1)
	e = DigitsEnd(s, k)
	if e-k != 4 || WordLen(s, e) > 0 {
		return i
	}
	return e
}

// MatchInternationalPhone reads +44 20 7946 0018, +1 (555) 010-4477 and (0171)
// 555-0142.
func MatchInternationalPhone(s string, i int) int {
	const minDigits, maxDigits = 7, 15 // E.164
	k, digits, signs := i, 0, 0
	switch {
	case s[i] == '+' && IsDigit(At(s, i+1)) && !EndsWord(s, i):
		k++
	case s[i] == '(' && IsDigit(At(s, i+1)):
		e := DigitsEnd(s, i+1)
		if e-i < 3 || e-i > 7 || At(s, e) != ')' {
			return i
		}
	default:
		return i
	}
	end := k
	for k < len(s) {
		switch c := s[k]; {
		case IsDigit(c):
			digits++
			end = k + 1
		case c == '(' && IsDigit(At(s, k+1)), c == ')':
			signs++
		case (c == ' ' || c == '-' || c == '.') && (IsDigit(At(s, k+1)) || At(s, k+1) == '(' && IsDigit(At(s, k+2))):
			signs++
		default:
			goto done
		}
		k++
	}
done:
	if digits < minDigits || digits > maxDigits || WordLen(s, end) > 0 || s[i] == '+' && signs == 0 && digits < 10 {
		return i
	}
	return end
}

// MatchAccount reads card numbers (four groups of four) and other digits in
// three or more groups with hyphens.
func MatchAccount(s string, i int) int {
	for _, sep := range []byte{'-', ' '} {
		g, n, end := groups(s, i, sep)
		if n < 3 || WordLen(s, end) > 0 || At(s, end) == '-' && WordLen(s, end+1) > 0 {
			continue
		}
		if sep == '-' || n == 4 && g[0] == 4 && g[1] == 4 && g[2] == 4 && g[3] == 4 {
			return end
		}
	}
	return i
}

// MatchIBAN reads two capitals, two digits and 11 to 30 more characters (ISO
// 13616, and ISO 11649 references), together or in groups of four.
func MatchIBAN(s string, i int) int {
	const minRest, maxRest = 11, 30
	if len(s) < i+4 || !IsUpper(s[i]) || !IsUpper(s[i+1]) || !IsDigit(s[i+2]) || !IsDigit(s[i+3]) {
		return i
	}
	k, rest, inGroup := i+4, 0, 0
	grouped := At(s, k) == ' '
	end := k
	digits := 0
	for k < len(s) {
		switch c := s[k]; {
		case IsDigit(c), IsUpper(c):
			rest++
			inGroup++
			if IsDigit(c) {
				digits++
			}
			end = k + 1
		case grouped && c == ' ' && (inGroup == 4 || rest == 0) && digitOrUpper(At(s, k+1)) && groupOf(s, k+1) <= 4:
			inGroup = 0
		default:
			goto done
		}
		k++
	}
done:
	if rest < minRest || rest > maxRest || digits*2 < rest || WordLen(s, end) > 0 || grouped && inGroup > 4 {
		return i
	}
	return end
}

func digitOrUpper(c byte) bool { return IsDigit(c) || IsUpper(c) }

func groupOf(s string, i int) int { return WordEnd(s, i) - i }

// MatchPostcode reads the postcodes with letters of Britain, Canada and the
// Netherlands: SW1A 1AA, K1A 0B1, 1012 AB.
func MatchPostcode(s string, i int) int {
	word := WordEnd(s, i)
	const inner = 3
	if At(s, word) != ' ' {
		return i
	}
	end := WordEnd(s, word+1)
	out, in := s[i:word], s[word+1:end]
	shape := func(w string) string {
		var b [4]byte
		for k := range len(w) {
			switch c := w[k]; {
			case IsDigit(c):
				b[k] = '9'
			case IsUpper(c):
				b[k] = 'A'
			default:
				return ""
			}
		}
		return string(b[:len(w)])
	}
	if len(out) < 2 || len(out) > 4 || len(in) > 4 {
		return i
	}
	switch a, b := shape(out), shape(in); {
	case len(in) == inner && b == "9AA" && (a == "A9" || a == "A99" || a == "AA9" || a == "AA99" || a == "A9A" || a == "AA9A"):
		return end
	case a == "A9A" && b == "9A9":
		return end
	case a == "9999" && b == "AA" && out[0] != '0' && (At(s, end) == ' ' && IsUpper(At(s, end+1)) || At(s, end) == ','):
		if !isUnitName(in) && value.Currency(in) == "" && !bodies[in] && in != "AM" && in != "PM" && in != "AD" && in != "BC" && in != "CE" {
			return end
		}
	}
	return i
}

// MatchForeignPhone reads 0049 30 1234567.
func MatchForeignPhone(s string, i int) int {
	if !strings.HasPrefix(s[i:], "00") || At(s, i+2) == '0' {
		return i
	}
	const minDigits, maxDigits = 9, 17
	g, n, end := groups(s, i, ' ')
	digits := 0
	for _, l := range g[:n] {
		digits += l
	}
	if n < 2 || g[0] < 4 || g[0] > 5 || digits < minDigits || digits > maxDigits || WordLen(s, end) > 0 {
		return i
	}
	return end
}

// MatchBibcode reads the 19 characters that astronomers cite papers by:
// 1953Natur.171..737W.
func MatchBibcode(s string, i int) int {
	const length, year, journal = 19, 4, 9
	if len(s) < i+length || !IsYear(s[i:i+year]) || !IsUpper(s[i+length-1]) || WordLen(s, i+length) > 0 || !IsUpper(s[i+year]) {
		return i
	}
	for k := i + year; k < i+length-1; k++ {
		c := s[k]
		if c != '.' && !IsAlpha(c) && (c != '&' || k >= i+journal) && (!IsDigit(c) || k < i+journal) {
			return i
		}
	}
	return i + length
}
