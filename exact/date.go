package exact

import "strings"

var months = func() map[string]int {
	m := map[string]int{"Sept": 9}
	for i, name := range strings.Fields("January February March April May June July August September October November December") {
		m[name], m[name[:3]] = i+1, i+1
	}
	return m
}()

var weekdays = func() map[string]bool {
	set := map[string]bool{}
	for _, d := range strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday") {
		set[d], set[d[:3]] = true, true
	}
	return set
}()

func monthOf(word string) int {
	if len(word) < 3 || len(word) > 9 || word[0] < 'A' || word[0] > 'S' {
		return 0
	}
	return months[word]
}

// wholeNumber reads a whole number of lo to hi digits that is followed by no other.
func wholeNumber(s string, i, lo, hi int) (value, end int) {
	end = digitsEnd(s, i)
	if end-i < lo || end-i > hi {
		return -1, i
	}
	for _, c := range []byte(s[i:end]) {
		value = value*10 + int(c-'0')
	}
	return value, end
}

func isDay(n int) bool   { return 1 <= n && n <= 31 }
func isMonth(n int) bool { return 1 <= n && n <= 12 }

// matchDate reads a date that begins with a digit.
func matchDate(s string, i int) int {
	n, k := wholeNumber(s, i, 1, 8)
	if k == i {
		return i
	}
	switch k - i {
	case 8:
		return compactDate(s, i)
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
// its first number.
func cjkDate(s string, i, k int) int {
	end, from := i, 0
	switch {
	case strings.HasPrefix(s[k:], "年"), strings.HasPrefix(s[k:], "년"):
	case strings.HasPrefix(s[k:], "月"), strings.HasPrefix(s[k:], "월"):
		from = 1
	default:
		return i
	}
	for _, sign := range dateSigns[from:] {
		if !strings.HasPrefix(s[k:], sign[0]) && !strings.HasPrefix(s[k:], sign[1]) {
			break
		}
		end = k + len(sign[0])
		k = end
		if at(s, k) == ' ' && isDigit(at(s, k+1)) {
			k++
		}
		_, k = wholeNumber(s, k, 1, 2)
	}
	if strings.HasSuffix(s[:end], "月") && digitsEnd(s, i)-i < 4 {
		return i // 3月 may be a span of months
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
	}
	if !isDay(n) || at(s, k) != sep {
		return i
	}
	return dayMonthYear(s, i, k+1, sep)
}

// numericDate reads 12/03/2026, 12.03.2026, 3/12/26, with a time behind it.
func numericDate(s string, i, k, n int) int {
	sep := at(s, k)
	m, e := wholeNumber(s, k+1, 1, 2)
	y, end := wholeNumber(s, e+1, 2, 4)
	if m < 0 || at(s, e) != sep || y < 0 || !(isDay(n) && isMonth(m) || isMonth(n) && isDay(m)) {
		return i
	}
	if digits := end - e - 1; digits == 3 || digits == 2 && sep != '/' {
		return i
	}
	if wordLen(s, end) > 0 || at(s, end) == sep && isDigit(at(s, end+1)) {
		return i
	}
	return withClock(s, end, ' ')
}

// dayMonthYear reads 12 March 2026, 12-Mar-2026 and 01/Mar/2026:10:00:00 +0000,
// of which the month begins at k.
func dayMonthYear(s string, i, k int, sep byte) int {
	month := wordEnd(s, k)
	if monthOf(s[k:month]) == 0 {
		return i
	}
	e := month
	if sep == ' ' && at(s, e) == ',' {
		e++
	}
	y, end := wholeNumber(s, e+1, 4, 4)
	switch {
	case y >= 0 && at(s, e) == sep && wordLen(s, end) == 0:
		if sep == '/' {
			return withClock(s, end, ':')
		}
		return withClock(s, end, ' ')
	case sep == ' ':
		return month
	}
	return i
}

// withClock adds the time that follows a date after sep, if one does.
func withClock(s string, end int, sep byte) int {
	if at(s, end) == sep {
		if t := clockEnd(s, end+1); t > end+1 {
			return zoneEnd(s, t)
		}
	}
	return end
}

func ordinalEnd(s string, k int) int {
	switch strings.ToLower(s[k:min(len(s), k+2)]) {
	case "st", "nd", "rd", "th":
		if wordLen(s, k+2) == 0 {
			return k + 2
		}
	}
	return k
}

// matchNamedDate reads a date that begins with the name of a month or a
// weekday: March 1, 2026; March 2026; Mar  1 10:00:00; Tue, 03 Mar 2026.
func matchNamedDate(s string, i int) int {
	if !isUpper(s[i]) {
		return i
	}
	e := wordEnd(s, i)
	if weekdays[s[i:e]] {
		k := e
		if at(s, k) == ',' {
			k++
		}
		if at(s, k) != ' ' {
			return i
		}
		if end := matchDate(s, k+1); end > k+1 {
			return end
		}
		if k+1 < len(s) {
			if end := matchNamedDate(s, k+1); end > k+1 && !weekdays[s[k+1:wordEnd(s, k+1)]] {
				return end
			}
		}
		return i
	}
	if monthOf(s[i:e]) == 0 || at(s, e) != ' ' {
		return i
	}
	k := e + 1
	if at(s, k) == ' ' && e-i == 3 {
		k++
	}
	if y, end := wholeNumber(s, k, 4, 4); y >= 1000 && y < 3000 && wordLen(s, end) == 0 {
		return end
	}
	d, end := wholeNumber(s, k, 1, 2)
	if !isDay(d) {
		return i
	}
	if c := at(s, end); (c == ',' || c == '.') && isDigit(at(s, end+1)) && digitsEnd(s, end+1) != end+5 {
		return i // April 9,310.20
	}
	end = ordinalEnd(s, end)
	if wordLen(s, end) > 0 {
		return i
	}
	if at(s, end) == ' ' {
		if t := clockEnd(s, end+1); t > end+1 {
			if y, ye := wholeNumber(s, t+1, 4, 4); at(s, t) == ' ' && y >= 1000 && wordLen(s, ye) == 0 {
				t = ye
			}
			return zoneEnd(s, t)
		}
	}
	k = end
	if at(s, k) == ',' {
		k++
	}
	if at(s, k) == ' ' {
		if y, ye := wholeNumber(s, k+1, 4, 4); y >= 1000 && wordLen(s, ye) == 0 {
			return ye
		}
	}
	return end
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
	if h, k := wholeNumber(s, i, 1, 2); 1 <= h && h <= 12 {
		if e := halfDayEnd(s, k); e > k {
			return e
		}
	}
	return i
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
