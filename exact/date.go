package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/value"
)

// maxMonth is the longest name of a month, in bytes.
const maxMonth = 24

// wordMonths are names of months in small letters that are words as well.
var wordMonths = setOf("may mar set out ago dec gen lis march")

// monthEnd is the end of the name of a month at i, with the full stop of an
// abbreviation if more follows; i if there is none.
func monthEnd(s string, i int) int {
	e := wordEnd(s, i)
	if e-i < 3 || e-i > maxMonth || value.MonthOf(s[i:e]) == 0 {
		return i
	}
	const shortest = 5 // of the names that are not abbreviated
	if at(s, e) == '.' && e-i <= 2*shortest {
		if k := gap(s, e+1); isDigit(at(s, k)) || wordLen(s, k) > 0 {
			return e + 1
		}
	}
	return e
}

// wholeNumber reads a whole number of lo to hi digits that is followed by no other.
func wholeNumber(s string, i, lo, hi int) (n, end int) {
	if end = i; i < len(s) {
		end = digitsEnd(s, i)
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

// matchDate reads a date that begins with a digit.
func matchDate(s string, i int) int {
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

// compactDate reads 20260301T101500Z. Eight digits alone are a number.
func compactDate(s string, i int) int {
	k := i + 8
	if at(s, k) != 'T' {
		return i
	}
	end := digitsEnd(s, k+1)
	if n := end - k - 1; n != 4 && n != 6 {
		return i
	}
	if at(s, end) == 'Z' {
		end++
	}
	if wordLen(s, end) > 0 {
		return i
	}
	return end
}

// compactTimestamp reads 20260301101500 and the 20260301101500.000[-5:EST] of
// bank statements.
func compactTimestamp(s string, i int) int {
	end := i + 14
	m, d, h := s[i+4:i+6], s[i+6:i+8], s[i+8:i+10]
	if !isYear(s[i:i+4]) || m < "01" || m > "12" || d < "01" || d > "31" || h > "24" || s[i+10:i+12] > "59" || s[i+12:end] > "60" || wordLen(s, end) > 0 {
		return i
	}
	if at(s, end) == '.' && isDigit(at(s, end+1)) {
		end = digitsEnd(s, end+1)
	}
	const longest = 12
	if k := strings.IndexByte(s[end:min(len(s), end+longest)], ']'); at(s, end) == '[' && k > 0 {
		return end + k + 1
	}
	return zoneEnd(s, end)
}

// yearFirst reads 2026-03-01, 2026/03/01, 2026.03.01 and 2026年3月1日, with a
// time behind it.
func yearFirst(s string, i, k int) int {
	if end := cjkDate(s, i, k); end > i {
		return end
	}
	sep := at(s, k)
	if sep != '-' && sep != '/' && sep != '.' {
		return i
	}
	m, k := wholeNumber(s, k+1, 1, 2)
	if !isMonth(m) || at(s, k) != sep {
		return i
	}
	d, k := wholeNumber(s, k+1, 1, 2)
	if !isDay(d) {
		return i
	}
	if c := at(s, k); c == 'T' || c == ' ' || c == '_' {
		if end := clockEnd(s, k+1); end > k+1 {
			return zoneEnd(s, end)
		}
	}
	if wordLen(s, k) > 0 || at(s, k) == '-' && wordLen(s, k+1) > 0 || at(s, k) == sep && isDigit(at(s, k+1)) {
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
		if e := blanksEnd(s, k); strings.HasPrefix(s[e:], sign[0]) || strings.HasPrefix(s[e:], sign[1]) {
			from = n
		}
	}
	if from < 0 {
		return i
	}
	parts := 0
	for _, sign := range dateSigns[from:] {
		e := blanksEnd(s, k)
		if e-k > 1 || !strings.HasPrefix(s[e:], sign[0]) && !strings.HasPrefix(s[e:], sign[1]) {
			break
		}
		end = e + len(sign[0])
		parts++
		k = gap(s, end)
		if !isDigit(at(s, k)) {
			break
		}
		_, k = wholeNumber(s, k, 1, 2)
	}
	digits := digitsEnd(s, i) - i
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
	sep := at(s, k)
	switch {
	case sep != '/' && sep != '.' && sep != '-':
		k, sep = ordinalEnd(s, k), ' '
	case isDigit(at(s, k+1)):
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
	e := gap(s, k)
	if e == k || wordLen(s, e) == 0 {
		return i
	}
	return dayMonthYear(s, i, e, sep)
}

// numericDate reads 12/03/2026, 12.03.2026, 3/12/26, with a time behind it.
func numericDate(s string, i, k, n int) int {
	sep := at(s, k)
	m, e := wholeNumber(s, k+1, 1, 2)
	y, end := wholeNumber(s, e+1, 2, 4)
	if m < 0 || at(s, e) != sep || y < 0 || !(isDay(n) && isMonth(m) || isMonth(n) && isDay(m)) {
		return i
	}
	if digits := end - e - 1; digits == 3 || digits == 2 && (sep == '-' || sep == '.' && (k-i < 2 || e-k-1 < 2)) {
		return i // 2.6.39 is a version
	}
	if wordLen(s, end) > 0 || (at(s, end) == sep || at(s, end) == '-') && wordLen(s, end+1) > 0 {
		return i
	}
	return withClock(s, end, ' ')
}

// dayMonthYear reads 12 March 2026, 12-Mar-2026 and 01/Mar/2026:10:00:00 +0000,
// whose month begins at k.
func dayMonthYear(s string, i, k int, sep byte) int {
	if sep != ' ' {
		month := wordEnd(s, k)
		if value.MonthOf(s[k:month]) == 0 || at(s, month) != sep {
			return i
		}
		y, end := wholeNumber(s, month+1, 2, 4)
		if y < 0 || end == month+4 || wordLen(s, end) > 0 {
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
		if name := trimStop(s, month); isUpper(s[k]) || s[k] >= utf8.RuneSelf || name-k >= long {
			return name
		}
		return i
	}
	return withClock(s, end, ' ')
}

// trimStop is end without the full stop of an abbreviation.
func trimStop(s string, end int) int {
	if at(s, end-1) == '.' {
		return end - 1
	}
	return end
}

// yearEnd is the end of the year behind a month that ends at k, k if there is
// none: " 2009", ", 2009", " de 2009", " del 2009".
func yearEnd(s string, k int) int {
	e := k
	if at(s, e) == ',' {
		e++
	}
	e = gap(s, e)
	if e == k {
		return k
	}
	for _, of := range []string{"de ", "del ", "of ", "r. "} {
		if strings.HasPrefix(s[e:], of) {
			e += len(of)
		}
	}
	y, end := wholeNumber(s, e, 4, 4)
	if y < 1000 || y > 2999 || wordLen(s, end) > 0 && s[end] < utf8.RuneSelf || at(s, end) == '.' && isDigit(at(s, end+1)) {
		return k
	}
	for _, word := range []string{" года", " год", " г.", " roku", " r."} {
		if strings.HasPrefix(s[end:], word) && wordLen(s, end+len(word)) == 0 {
			return end + len(word)
		}
	}
	return end
}

// withClock adds the time that follows a date after sep, if one does.
func withClock(s string, end int, sep byte) int {
	t := end + 1
	if sep == ' ' {
		k := end
		if at(s, k) == ',' {
			k++
		}
		t = gap(s, k)
		if t == k {
			return end
		}
	} else if at(s, end) != sep {
		return end
	}
	if clock := clockEnd(s, t); clock > t {
		if e := halfDayEnd(s, clock); e > clock {
			clock = e
		}
		return zoneEnd(s, clock)
	}
	return end
}

func ordinalEnd(s string, k int) int {
	switch strings.ToLower(s[k:min(len(s), k+2)]) {
	case "st", "nd", "rd", "th", "er", "º", "ª":
		if wordLen(s, k+2) == 0 {
			return k + 2
		}
	}
	return k
}

// matchNamedDate reads a date that begins with the name of a month or a
// weekday: March 1, 2026; avril 1996; Fevereiro de 2009; Mar  1 10:00:00; Tue, 03
// Mar 2026.
func matchNamedDate(s string, i int) int {
	e := wordEnd(s, i)
	if e-i < 2 || e-i > maxMonth+8 {
		return i
	}
	if isUpper(s[i]) && value.IsWeekday(s[i:e]) && monthEnd(s, i) == i {
		k := e
		for at(s, k) == ',' || at(s, k) == '.' {
			k++
		}
		k = gap(s, k)
		if k == e {
			return i
		}
		if strings.HasPrefix(s[k:], "the ") {
			k += len("the ")
		}
		if end := matchDate(s, k); end > k {
			return end
		}
		if k < len(s) && wordLen(s, k) > 0 && monthEnd(s, k) > k {
			if end := matchNamedDate(s, k); end > k {
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
	k := gap(s, month)
	if k == month || !isUpper(s[i]) {
		return i // in the languages with small months the day stands first
	}
	d, end := wholeNumber(s, k, 1, 2)
	if !isDay(d) {
		return i
	}
	if c := at(s, end); (c == ',' || c == '.') && isDigit(at(s, end+1)) && digitsEnd(s, end+1) != end+5 {
		return i // April 9,310.20
	}
	end = ordinalEnd(s, end)
	if wordLen(s, end) > 0 || at(s, end) == '%' {
		return i
	}
	if t := gap(s, end); t > end {
		if clock := clockEnd(s, t); clock > t {
			return zoneAndYear(s, clock)
		}
	}
	if y := yearEnd(s, end); y > end {
		return withClock(s, y, ' ')
	}
	return end
}

// zoneAndYear reads what stands behind the clock of Mar  9 01:45:21 UTC 2022.
func zoneAndYear(s string, clock int) int {
	if y, ye := wholeNumber(s, clock+1, 4, 4); at(s, clock) == ' ' && y >= 1000 && wordLen(s, ye) == 0 {
		return zoneEnd(s, ye)
	}
	zone := zoneEnd(s, clock)
	if y, ye := wholeNumber(s, zone+1, 4, 4); zone > clock && at(s, zone) == ' ' && y >= 1000 && wordLen(s, ye) == 0 {
		return ye
	}
	return zone
}

// clockEnd reads 10:00, 10:00:00 and 10:00:00.123.
func clockEnd(s string, i int) int {
	h, k := wholeNumber(s, i, 1, 2)
	if h < 0 || h > 24 || at(s, k) != ':' {
		return i
	}
	m, end := wholeNumber(s, k+1, 2, 2)
	if m < 0 || m > 59 {
		return i
	}
	if sec, e := wholeNumber(s, end+1, 2, 2); at(s, end) == ':' && sec >= 0 && sec <= 60 {
		end = e
		if c := at(s, end); (c == '.' || c == ',') && isDigit(at(s, end+1)) {
			end = digitsEnd(s, end+1)
		}
	}
	return end
}

var zones = setOf("UTC GMT CET CEST EET EEST WET BST IST JST MSK EST EDT CST CDT MST MDT PST PDT")

// zoneEnd reads what may follow a clock: Z, +01:00, " +0000", " UTC".
func zoneEnd(s string, i int) int {
	k := i
	if at(s, k) == 'Z' && wordLen(s, k+1) == 0 {
		return k + 1
	}
	if at(s, k) == ' ' {
		k++
		if e := wordEnd(s, k); zones[s[k:e]] {
			return e
		}
	}
	if c := at(s, k); c != '+' && c != '-' {
		return i
	}
	e := digitsEnd(s, k+1)
	switch {
	case e == k+3 && at(s, e) == ':' && digitsEnd(s, e+1) == e+3:
		return e + 3
	case e == k+5, e == k+3 && k == i:
		return e
	}
	return i
}

// matchTime reads a time of day.
func matchTime(s string, i int) int {
	if end := clockEnd(s, i); end > i {
		if wordLen(s, end) > 0 || at(s, end) == ':' && isDigit(at(s, end+1)) {
			if e := halfDayEnd(s, end); e > end {
				return e
			}
			if zoneEnd(s, end) == end {
				return i
			}
		}
		if e := halfDayEnd(s, end); e > end {
			return e
		}
		return zoneEnd(s, end)
	}
	if end := hourSignEnd(s, i); end > i {
		return end
	}
	if h, k := wholeNumber(s, i, 1, 2); 1 <= h && h <= 12 {
		if e := halfDayEnd(s, k); e > k {
			return e
		}
	}
	return i
}

// hourSignEnd reads 12h30 and 12 h 30.
func hourSignEnd(s string, i int) int {
	h, k := wholeNumber(s, i, 1, 2)
	if h < 0 || h > 24 {
		return i
	}
	k = blanksEnd(s, k)
	if at(s, k) != 'h' {
		return i
	}
	k = blanksEnd(s, k+1)
	m, end := wholeNumber(s, k, 2, 2)
	if m < 0 || m > 59 || wordLen(s, end) > 0 || at(s, end) == '.' || at(s, end) == ' ' && (strings.HasPrefix(s[end+1:], "m") || strings.HasPrefix(s[end+1:], "s")) {
		return i
	}
	return end
}

// halfDayEnd reads am, p.m. and the like.
func halfDayEnd(s string, i int) int {
	k := i
	if at(s, k) == ' ' {
		k++
	}
	if c := at(s, k) | 0x20; c != 'a' && c != 'p' {
		return i
	}
	switch {
	case at(s, k+1)|0x20 == 'm' && wordLen(s, k+2) == 0:
		return k + 2
	case at(s, k+1) == '.' && at(s, k+2)|0x20 == 'm' && at(s, k+3) == '.':
		return k + 4
	}
	return i
}

// matchShortYear reads the dates of Korean documents: ’01. 9. 28 and ’09.
func matchShortYear(s string, i int) int {
	n := quoteMark(s, i)
	if n == 0 || !isDigit(at(s, i+n)) || endsWord(s, i) {
		return i
	}
	k := digitsEnd(s, i+n)
	if k-i-n != 2 {
		return i
	}
	if strings.HasPrefix(s[k:], "년") || strings.HasPrefix(s[k:], "年") {
		return k + len("년")
	}
	for part := range 2 {
		if at(s, k) != '.' {
			return i
		}
		e := gap(s, k+1)
		v, end := wholeNumber(s, e, 1, 2)
		if v < 1 || part == 0 && !isMonth(v) || part == 1 && !isDay(v) {
			return i
		}
		k = end
	}
	if e, _ := rangeSign(s, k); e > k {
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
