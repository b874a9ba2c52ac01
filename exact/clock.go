package exact

import (
	"strings"
)

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
	if !isYear(s[i:i+4]) || at(s, end) == '@' || at(s, end) == '.' && isAlpha(at(s, end+1)) || m < "01" || m > "12" || d < "01" || d > "31" || h > "24" || s[i+10:i+12] > "59" || s[i+12:end] > "60" || wordLen(s, end) > 0 {
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
		if e := wordEnd(s, k); zones[s[k:e]] || s[k:e] == "Uhr" || s[k:e] == "uur" {
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
			return zoneEnd(s, e)
		}
		return zoneEnd(s, end)
	}
	if end := hourSignEnd(s, i); end > i {
		return end
	}
	if h, k := wholeNumber(s, i, 1, 2); h >= 0 && h <= 24 && at(s, k) == '.' {
		if m, end := wholeNumber(s, k+1, 2, 2); m >= 0 && m < 60 {
			if e := gap(s, end); e > end && strings.HasPrefix(s[e:], "Uhr") && wordLen(s, e+3) == 0 {
				return e + 3
			}
		}
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
