package lex

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/value"
)

// maxMonth is the longest name of a month, in bytes.
const maxMonth = 24

// wordMonths are names of months in small letters that are words as well.
var wordMonths = SetOf("may mar set out ago dec gen lis march")

// monthEnd is the end of the name of a month at i, with the full stop of an
// abbreviation if more follows; i if there is none.
func monthEnd(s string, i int) int {
	e := WordEnd(s, i)
	if e-i < 3 || e-i > maxMonth || value.MonthOf(s[i:e]) == 0 {
		return i
	}
	const shortest = 5 // of the names that are not abbreviated
	if At(s, e) == '.' && e-i <= 2*shortest {
		if k := Gap(s, e+1); IsDigit(At(s, k)) || WordLen(s, k) > 0 {
			return e + 1
		}
	}
	return e
}

// wholeNumber reads a whole number of lo to hi digits that is followed by no other.
func wholeNumber(s string, i, lo, hi int) (n, end int) {
	if end = i; i < len(s) {
		end = DigitsEnd(s, i)
	}
	if end-i < lo || end-i > hi {
		return -1, i
	}
	for _, c := range []byte(s[i:end]) {
		n = n*10 + int(c-'0')
	}
	return n, end
}

func isDay(n int) bool   { return 1 <= n && n <= 31 }
func isMonth(n int) bool { return 1 <= n && n <= 12 }

// MatchDate reads a date that begins with a digit.
func MatchDate(s string, i int) int {
	n, k := wholeNumber(s, i, 1, 14)
	if k == i {
		return i
	}
	switch k - i {
	case 8:
		return compactDate(s, i)
	case 14:
		return compactTimestamp(s, i)
	case 4:
		return yearFirst(s, i, k)
	case 1, 2:
		return dayFirst(s, i, k, n)
	}
	return i
}

// yearFirst reads 2026-03-01, 2026/03/01, 2026.03.01 and 2026年3月1日, with a
// time behind it.
func yearFirst(s string, i, k int) int {
	if end := cjkDate(s, i, k); end > i {
		return end
	}
	sep := At(s, k)
	if sep != '-' && sep != '/' && sep != '.' {
		return i
	}
	m, k := wholeNumber(s, k+1, 1, 2)
	if !isMonth(m) || At(s, k) != sep {
		return i
	}
	d, k := wholeNumber(s, k+1, 1, 2)
	if !isDay(d) {
		return i
	}
	if c := At(s, k); c == 'T' || c == ' ' || c == '_' {
		if end := clockEnd(s, k+1); end > k+1 {
			return zoneEnd(s, end)
		}
	}
	if WordLen(s, k) > 0 || At(s, k) == '-' && WordLen(s, k+1) > 0 || At(s, k) == sep && IsDigit(At(s, k+1)) {
		return i
	}
	return k
}

var dateSigns = [][2]string{{"年", "년"}, {"月", "월"}, {"日", "일"}}

// cjkDate reads a date with the signs of year, month and day; k is the end of
// its first number. Blanks may stand around the signs: 1995 年 12 月 11 日.
func cjkDate(s string, i, k int) int {
	end, from := i, -1
	for n, sign := range dateSigns[:2] {
		if e := BlanksEnd(s, k); strings.HasPrefix(s[e:], sign[0]) || strings.HasPrefix(s[e:], sign[1]) {
			from = n
		}
	}
	if from < 0 {
		return i
	}
	parts := 0
	for _, sign := range dateSigns[from:] {
		e := BlanksEnd(s, k)
		if e-k > 1 || !strings.HasPrefix(s[e:], sign[0]) && !strings.HasPrefix(s[e:], sign[1]) {
			break
		}
		end = e + len(sign[0])
		parts++
		k = Gap(s, end)
		if !IsDigit(At(s, k)) {
			break
		}
		_, k = wholeNumber(s, k, 1, 2)
	}
	digits := DigitsEnd(s, i) - i
	if parts == 1 && digits < 4 {
		return i // 3月 may be a span of months, 3年 one of years
	}
	return end
}

// dayFirst reads a date whose first number, n, ends at k.
func dayFirst(s string, i, k, n int) int {
	if end := cjkDate(s, i, k); end > i {
		return end
	}
	sep := At(s, k)
	switch {
	case sep != '/' && sep != '.' && sep != '-':
		k, sep = OrdinalEnd(s, k), ' '
	case IsDigit(At(s, k+1)):
		return numericDate(s, i, k, n)
	case sep == '.':
		k, sep = k+1, ' ' // 31. August
	}
	if !isDay(n) {
		return i
	}
	if sep != ' ' {
		return dayMonthYear(s, i, k+1, sep)
	}
	e := Gap(s, k)
	if e == k || WordLen(s, e) == 0 {
		return i
	}
	return dayMonthYear(s, i, e, sep)
}

// numericDate reads 12/03/2026, 12.03.2026, 3/12/26, with a time behind it.
func numericDate(s string, i, k, n int) int {
	sep := At(s, k)
	m, e := wholeNumber(s, k+1, 1, 2)
	y, end := wholeNumber(s, e+1, 2, 4)
	if m < 0 || At(s, e) != sep || y < 0 || !(isDay(n) && isMonth(m) || isMonth(n) && isDay(m)) {
		return i
	}
	if digits := end - e - 1; digits == 3 || digits == 2 && (sep == '-' || sep == '.' && (k-i < 2 || e-k-1 < 2)) {
		return i // 2.6.39 is a version
	}
	if WordLen(s, end) > 0 || (At(s, end) == sep || At(s, end) == '-') && WordLen(s, end+1) > 0 {
		return i
	}
	return withClock(s, end, ' ')
}

// dayMonthYear reads 12 March 2026, 12-Mar-2026 and 01/Mar/2026:10:00:00 +0000,
// whose month begins at k.
func dayMonthYear(s string, i, k int, sep byte) int {
	if sep != ' ' {
		month := WordEnd(s, k)
		if value.MonthOf(s[k:month]) == 0 || At(s, month) != sep {
			return i
		}
		y, end := wholeNumber(s, month+1, 2, 4)
		if y < 0 || end == month+4 || WordLen(s, end) > 0 {
			return i
		}
		if sep == '/' {
			return withClock(s, end, ':')
		}
		return withClock(s, end, ' ')
	}
	for _, of := range []string{"day of ", "of ", "de ", "d'"} {
		if strings.HasPrefix(s[k:], of) {
			k += len(of)
			break
		}
	}
	month := monthEnd(s, k)
	if month == k {
		return i
	}
	end := yearEnd(s, month)
	if end == month {
		const long = 5
		if name := trimStop(s, month); IsUpper(s[k]) || s[k] >= utf8.RuneSelf || name-k >= long {
			return name
		}
		return i
	}
	return withClock(s, end, ' ')
}

// trimStop is end without the full stop of an abbreviation.
func trimStop(s string, end int) int {
	if At(s, end-1) == '.' {
		return end - 1
	}
	return end
}

// yearEnd is the end of the year behind a month that ends at k, k if there is
// none: " 2009", ", 2009", " de 2009", " del 2009".
func yearEnd(s string, k int) int {
	e := k
	if At(s, e) == ',' {
		e++
	}
	e = Gap(s, e)
	if e == k {
		return k
	}
	for _, of := range []string{"de ", "del ", "of ", "r. "} {
		if strings.HasPrefix(s[e:], of) {
			e += len(of)
		}
	}
	y, end := wholeNumber(s, e, 4, 4)
	if y < 1000 || y > 2999 || WordLen(s, end) > 0 && s[end] < utf8.RuneSelf || At(s, end) == '.' && IsDigit(At(s, end+1)) {
		return k
	}
	for _, word := range []string{" года", " год", " г.", " roku", " r."} {
		if strings.HasPrefix(s[end:], word) && WordLen(s, end+len(word)) == 0 {
			return end + len(word)
		}
	}
	return end
}

// OrdinalEnd is the end of the letters of an ordinal at k: st, nd, er, º; k if
// there are none.
func OrdinalEnd(s string, k int) int {
	if k >= len(s) || !IsAlpha(s[k]) && s[k] < utf8.RuneSelf {
		return k
	}
	if strings.HasPrefix(s[k:], "° ") && monthEnd(s, k+3) > k+3 {
		return k + len("°") // 1° gennaio
	}
	switch strings.ToLower(s[k:min(len(s), k+2)]) {
	case "st", "nd", "rd", "th", "er", "º", "ª":
		if WordLen(s, k+2) == 0 {
			return k + 2
		}
	}
	return k
}

// MatchNamedDate reads a date that begins with the name of a month or a
// weekday: March 1, 2026; avril 1996; Fevereiro de 2009; Mar  1 10:00:00; Tue, 03
// Mar 2026.
func MatchNamedDate(s string, i int) int {
	e := WordEnd(s, i)
	if e-i < 2 || e-i > maxMonth+8 {
		return i
	}
	if IsUpper(s[i]) && value.IsWeekday(s[i:e]) && monthEnd(s, i) == i {
		k := e
		for At(s, k) == ',' || At(s, k) == '.' {
			k++
		}
		k = Gap(s, k)
		if k == e {
			return i
		}
		if strings.HasPrefix(s[k:], "the ") {
			k += len("the ")
		}
		if end := MatchDate(s, k); end > k {
			return end
		}
		if k < len(s) && WordLen(s, k) > 0 && monthEnd(s, k) > k {
			if end := MatchNamedDate(s, k); end > k {
				return end
			}
		}
		return i
	}
	month := monthEnd(s, i)
	if month == i {
		return i
	}
	if end := yearEnd(s, month); end > month && !wordMonths[s[i:e]] {
		return end
	}
	k := Gap(s, month)
	if k == month || !IsUpper(s[i]) {
		return i // in the languages with small months the day stands first
	}
	d, end := wholeNumber(s, k, 1, 2)
	if !isDay(d) {
		return i
	}
	if c := At(s, end); (c == ',' || c == '.') && IsDigit(At(s, end+1)) && DigitsEnd(s, end+1) != end+5 {
		return i // April 9,310.20
	}
	end = OrdinalEnd(s, end)
	if WordLen(s, end) > 0 || At(s, end) == '%' {
		return i
	}
	if t := Gap(s, end); t > end {
		if clock := clockEnd(s, t); clock > t {
			return zoneAndYear(s, clock)
		}
	}
	if y := yearEnd(s, end); y > end {
		return withClock(s, y, ' ')
	}
	return end
}

// MatchShortYear reads the dates of Korean documents: ’01. 9. 28 and ’09.
func MatchShortYear(s string, i int) int {
	n := quoteMark(s, i)
	if n == 0 || !IsDigit(At(s, i+n)) || EndsWord(s, i) {
		return i
	}
	k := DigitsEnd(s, i+n)
	if k-i-n != 2 {
		return i
	}
	if strings.HasPrefix(s[k:], "년") || strings.HasPrefix(s[k:], "年") {
		return k + len("년")
	}
	for part := range 2 {
		if At(s, k) != '.' {
			return i
		}
		e := Gap(s, k+1)
		v, end := wholeNumber(s, e, 1, 2)
		if v < 1 || part == 0 && !isMonth(v) || part == 1 && !isDay(v) {
			return i
		}
		k = end
	}
	if e, _ := RangeSign(s, k); e > k {
		if v, end := wholeNumber(s, e, 1, 2); isDay(v) {
			return end
		}
	}
	return k
}

// quoteMark is the length of the apostrophe at i, 0 if there is none.
func quoteMark(s string, i int) int {
	for _, q := range []string{"'", "’", "‘", "´"} {
		if strings.HasPrefix(s[i:], q) {
			return len(q)
		}
	}
	return 0
}

// MatchQuarter reads Q3 2024.
func MatchQuarter(s string, i int) int {
	if s[i] != 'Q' && s[i] != 'H' || !IsDigit(At(s, i+1)) || At(s, i+2) != ' ' && At(s, i+2) != '/' {
		return i
	}
	if end := DigitsEnd(s, i+3); end == i+7 && IsYear(s[i+3:end]) && WordLen(s, end) == 0 {
		return end
	}
	return i
}
