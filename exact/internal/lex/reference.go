package lex

import (
	"strings"
)

// numberSigns stand before the number of a law, a letter or an invoice.
var numberSigns = []string{"n°", "N°", "nº", "Nº", "n.º", "№", "No.", "No", "Nr.", "Nr", "nr.", "nr", "n."}

// MatchNumberSign reads n° 2016-1691, No 1901/2006 and Nr. 2024/0815. The number
// has three digits or more.
func MatchNumberSign(s string, i int) int {
	for _, sign := range numberSigns {
		if !strings.HasPrefix(s[i:], sign) {
			continue
		}
		k := i + len(sign)
		if g := Gap(s, k); g-k <= 1 {
			k = g
		} else {
			continue
		}
		end := citedNumber(s, k)
		if digits := end - k; end == k || digits < 3 || WordLen(s, end) > 0 || At(s, end) == ',' && IsDigit(At(s, end+1)) {
			continue
		}
		return end
	}
	return i
}

// MatchNumberOfYear reads the 39/2015 and 8.666/93 of laws.
func MatchNumberOfYear(s string, i int) int {
	k := DigitsEnd(s, i)
	grouped, handle := false, false
	if At(s, k) == '.' && DigitsEnd(s, k+1) == k+4 {
		k, grouped = k+4, true
	} else if e := DigitsEnd(s, min(k+1, len(s))); At(s, k) == '.' && e > k+1 && k-i >= 4 {
		k, handle = e, true // the handle 1895.22/1006
	}
	if At(s, k) != '/' || At(s, i-1) == '/' || k-i > 9 {
		return i
	}
	end := DigitsEnd(s, k+1)
	if WordLen(s, end) > 0 && s[end] < 0x80 || At(s, end) == '/' || At(s, end) == '.' && IsDigit(At(s, end+1)) {
		return i
	}
	const serial = 3 // digits of the number that follows a year
	if handle && end-k > serial {
		return end
	}
	if IsYear(s[k+1:end]) && !IsYear(s[i:k]) && !handle || grouped && end-k == 3 || IsYear(s[i:k]) && !IsYear(s[k+1:end]) && end-k > serial {
		return end
	}
	return i
}

// MatchPrefixedHash reads a digest behind the name of its algorithm: sha256:…,
// h1:….
func MatchPrefixedHash(s string, i int) int {
	e := WordEnd(s, i)
	const longest = 10
	if e-i > longest || At(s, e) != ':' && At(s, e) != '-' || !strings.ContainsAny(s[i:e], "0123456789") || IsDigit(s[i]) {
		return i
	}
	if end := MatchHash(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	if end := MatchBase64(s, min(e+1, len(s)-1)); end > e+1 {
		return end
	}
	return i
}

// MatchCellRange reads B1:B5 and $A$1:$C$9 of spreadsheets.
func MatchCellRange(s string, i int) int {
	cell := func(k int) int {
		e := k
		for IsUpper(At(s, e)) && e < k+3 {
			e++
		}
		end := DigitsEnd(s, min(e, len(s)))
		if e == k || end == e || end-e > 7 {
			return k
		}
		return end
	}
	k := cell(i)
	if k == i || At(s, k) != ':' {
		return i
	}
	end := cell(k + 1)
	if end == k+1 || WordLen(s, end) > 0 {
		return i
	}
	return end
}
