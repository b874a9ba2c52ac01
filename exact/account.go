package exact

// groups reads digits in groups with one separator between them and returns
// the length of each group, at most eight.
func groups(s string, i int, sep byte) (lengths [8]int, n, end int) {
	k := i
	for n < len(lengths) {
		e := digitsEnd(s, k)
		if e == k {
			break
		}
		lengths[n] = e - k
		n++
		end = e
		if at(s, e) != sep {
			break
		}
		k = e + 1
	}
	return lengths, n, end
}

// matchPhone reads the forms that do not begin with a plus sign: 555-0142,
// 555-010-4477, 138-0013-8000.
func matchPhone(s string, i int) int {
	for _, sep := range []byte{'-', '.', ' '} {
		if l := digitsEnd(s, i); at(s, l) != sep || l-i != 3 {
			continue
		}
		g, n, end := groups(s, i, sep)
		if wordLen(s, end) > 0 || at(s, end) == sep && wordLen(s, end+1) > 0 {
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

// matchAreaPhone reads 02) 748 - 6350 and (02)  748  -   6350.
func matchAreaPhone(s string, i int) int {
	k := i
	if at(s, k) == '(' {
		k++
	}
	e := digitsEnd(s, k)
	if n := e - k; n < 2 || n > 5 || s[k] != '0' || at(s, e) != ')' {
		return i
	}
	k = blanksEnd(s, e+1)
	e = digitsEnd(s, k)
	if n := e - k; n < 3 || n > 4 {
		return i
	}
	k = blanksEnd(s, e)
	if at(s, k) != '-' {
		return i
	}
	k = blanksEnd(s, k+1)
	e = digitsEnd(s, k)
	if e-k != 4 || wordLen(s, e) > 0 {
		return i
	}
	return e
}

// matchInternationalPhone reads +44 20 7946 0018, +1 (555) 010-4477 and (0171)
// 555-0142.
func matchInternationalPhone(s string, i int) int {
	const minDigits, maxDigits = 7, 15 // E.164
	k, digits, signs := i, 0, 0
	switch {
	case s[i] == '+' && isDigit(at(s, i+1)) && !endsWord(s, i):
		k++
	case s[i] == '(' && isDigit(at(s, i+1)):
		e := digitsEnd(s, i+1)
		if e-i < 3 || e-i > 7 || at(s, e) != ')' {
			return i
		}
	default:
		return i
	}
	end := k
	for k < len(s) {
		switch c := s[k]; {
		case isDigit(c):
			digits++
			end = k + 1
		case c == '(' && isDigit(at(s, k+1)), c == ')':
			signs++
		case (c == ' ' || c == '-' || c == '.') && (isDigit(at(s, k+1)) || at(s, k+1) == '(' && isDigit(at(s, k+2))):
			signs++
		default:
			goto done
		}
		k++
	}
done:
	if digits < minDigits || digits > maxDigits || wordLen(s, end) > 0 || s[i] == '+' && signs == 0 && digits < 10 {
		return i
	}
	return end
}

// matchAccount reads card numbers (four groups of four) and other digits in
// three or more groups with hyphens.
func matchAccount(s string, i int) int {
	for _, sep := range []byte{'-', ' '} {
		g, n, end := groups(s, i, sep)
		if n < 3 || wordLen(s, end) > 0 || at(s, end) == '-' && wordLen(s, end+1) > 0 {
			continue
		}
		if sep == '-' || n == 4 && g[0] == 4 && g[1] == 4 && g[2] == 4 && g[3] == 4 {
			return end
		}
	}
	return i
}

// matchIBAN reads two capitals, two digits and 11 to 30 more characters (ISO
// 13616, and ISO 11649 references), together or in groups of four.
func matchIBAN(s string, i int) int {
	const minRest, maxRest = 11, 30
	if len(s) < i+4 || !isUpper(s[i]) || !isUpper(s[i+1]) || !isDigit(s[i+2]) || !isDigit(s[i+3]) {
		return i
	}
	k, rest, inGroup := i+4, 0, 0
	grouped := at(s, k) == ' '
	end := k
	digits := 0
	for k < len(s) {
		switch c := s[k]; {
		case isDigit(c), isUpper(c):
			rest++
			inGroup++
			if isDigit(c) {
				digits++
			}
			end = k + 1
		case grouped && c == ' ' && (inGroup == 4 || rest == 0) && digitOrUpper(at(s, k+1)) && groupOf(s, k+1) <= 4:
			inGroup = 0
		default:
			goto done
		}
		k++
	}
done:
	if rest < minRest || rest > maxRest || digits*2 < rest || wordLen(s, end) > 0 || grouped && inGroup > 4 {
		return i
	}
	return end
}

func digitOrUpper(c byte) bool { return isDigit(c) || isUpper(c) }

func groupOf(s string, i int) int { return wordEnd(s, i) - i }
