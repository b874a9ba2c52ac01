package exact

import (
	"strings"
)

// numberSigns stand before the number of a law, a letter or an invoice.
var numberSigns = []string{"n°", "N°", "nº", "Nº", "n.º", "№", "No.", "No", "Nr.", "Nr", "nr.", "nr", "n."}

// matchNumberSign reads n° 2016-1691, No 1901/2006 and Nr. 2024/0815. The number
// has three digits or more.
func matchNumberSign(s string, i int) int {
	for _, sign := range numberSigns {
		if !strings.HasPrefix(s[i:], sign) {
			continue
		}
		k := i + len(sign)
		if g := gap(s, k); g-k <= 1 {
			k = g
		} else {
			continue
		}
		end := citedNumber(s, k)
		if digits := end - k; end == k || digits < 3 || wordLen(s, end) > 0 || at(s, end) == ',' && isDigit(at(s, end+1)) {
			continue
		}
		return end
	}
	return i
}

// matchNumberOfYear reads the 39/2015 and 8.666/93 of laws.
func matchNumberOfYear(s string, i int) int {
	k := digitsEnd(s, i)
	grouped, handle := false, false
	if at(s, k) == '.' && digitsEnd(s, k+1) == k+4 {
		k, grouped = k+4, true
	} else if e := digitsEnd(s, min(k+1, len(s))); at(s, k) == '.' && e > k+1 && k-i >= 4 {
		k, handle = e, true // the handle 1895.22/1006
	}
	if at(s, k) != '/' || at(s, i-1) == '/' || k-i > 9 {
		return i
	}
	end := digitsEnd(s, k+1)
	if wordLen(s, end) > 0 && s[end] < 0x80 || at(s, end) == '/' || at(s, end) == '.' && isDigit(at(s, end+1)) {
		return i
	}
	const serial = 3 // digits of the number that follows a year
	if handle && end-k > serial {
		return end
	}
	if isYear(s[k+1:end]) && !isYear(s[i:k]) && !handle || grouped && end-k == 3 || isYear(s[i:k]) && !isYear(s[k+1:end]) && end-k > serial {
		return end
	}
	return i
}

// matchPrefixedHash reads a digest behind the name of its algorithm: sha256:…,
// h1:….
func matchPrefixedHash(s string, i int) int {
	e := wordEnd(s, i)
	const longest = 10
	if e-i > longest || at(s, e) != ':' && at(s, e) != '-' || !strings.ContainsAny(s[i:e], "0123456789") || isDigit(s[i]) {
		return i
	}
	if end := matchHash(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	if end := matchBase64(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	return i
}

// matchCellRange reads B1:B5 and $A$1:$C$9 of spreadsheets.
func matchCellRange(s string, i int) int {
	cell := func(k int) int {
		e := k
		for isUpper(at(s, e)) && e < k+3 {
			e++
		}
		end := digitsEnd(s, min(e, len(s)))
		if e == k || end == e || end-e > 7 {
			return k
		}
		return end
	}
	k := cell(i)
	if k == i || at(s, k) != ':' {
		return i
	}
	end := cell(k + 1)
	if end == k+1 || wordLen(s, end) > 0 {
		return i
	}
	return end
}
