package lex

import (
	"strings"
)

// compactDate reads 20260301T101500Z. Eight digits alone are a number.
func compactDate(s string, i int) int {
	k := i + 8
	if At(s, k) != 'T' {
		return i
	}
	end := DigitsEnd(s, k+1)
	if n := end - k - 1; n != 4 && n != 6 {
		return i
	}
	if At(s, end) == 'Z' {
		end++
	}
	if WordLen(s, end) > 0 {
		return i
	}
	return end
}

// compactTimestamp reads 20260301101500 and the 20260301101500.000[-5:EST] of
// bank statements.
func compactTimestamp(s string, i int) int {
	end := i + 14
	m, d, h := s[i+4:i+6], s[i+6:i+8], s[i+8:i+10]
	if !IsYear(s[i:i+4]) || At(s, end) == '@' || At(s, end) == '.' && IsAlpha(At(s, end+1)) || m < "01" || m > "12" || d < "01" || d > "31" || h > "24" || s[i+10:i+12] > "59" || s[i+12:end] > "60" || WordLen(s, end) > 0 {
		return i
	}
	if At(s, end) == '.' && IsDigit(At(s, end+1)) {
		end = DigitsEnd(s, end+1)
	}
	const longest = 12
	if k := strings.IndexByte(s[end:min(len(s), end+longest)], ']'); At(s, end) == '[' && k > 0 {
		return end + k + 1
	}
	return zoneEnd(s, end)
}

// withClock adds the time that follows a date after sep, if one does.
func withClock(s string, end int, sep byte) int {
	t := end + 1
	if sep == ' ' {
		k := end
		if At(s, k) == ',' {
			k++
		}
		t = Gap(s, k)
		if t == k {
			return end
		}
	} else if At(s, end) != sep {
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
	if y, ye := wholeNumber(s, clock+1, 4, 4); At(s, clock) == ' ' && y >= 1000 && WordLen(s, ye) == 0 {
		return zoneEnd(s, ye)
	}
	zone := zoneEnd(s, clock)
	if y, ye := wholeNumber(s, zone+1, 4, 4); zone > clock && At(s, zone) == ' ' && y >= 1000 && WordLen(s, ye) == 0 {
		return ye
	}
	return zone
}

// clockEnd reads 10:00, 10:00:00 and 10:00:00.123.
func clockEnd(s string, i int) int {
	h, k := wholeNumber(s, i, 1, 2)
	if h < 0 || h > 24 || At(s, k) != ':' {
		return i
	}
	m, end := wholeNumber(s, k+1, 2, 2)
	if m < 0 || m > 59 {
		return i
	}
	if sec, e := wholeNumber(s, end+1, 2, 2); At(s, end) == ':' && sec >= 0 && sec <= 60 {
		end = e
		if c := At(s, end); (c == '.' || c == ',') && IsDigit(At(s, end+1)) {
			end = DigitsEnd(s, end+1)
		}
	}
	return end
}

var zones = SetOf("UTC GMT CET CEST EET EEST WET BST IST JST MSK EST EDT CST CDT MST MDT PST PDT")

// zoneEnd reads what may follow a clock: Z, +01:00, " +0000", " UTC".
func zoneEnd(s string, i int) int {
	k := i
	if At(s, k) == 'Z' && WordLen(s, k+1) == 0 {
		return k + 1
	}
	if At(s, k) == ' ' {
		k++
		if e := WordEnd(s, k); zones[s[k:e]] || s[k:e] == "Uhr" || s[k:e] == "uur" {
			return e
		}
	}
	if c := At(s, k); c != '+' && c != '-' {
		return i
	}
	e := DigitsEnd(s, k+1)
	switch {
	case e == k+3 && At(s, e) == ':' && DigitsEnd(s, e+1) == e+3:
		return e + 3
	case e == k+5, e == k+3 && k == i:
		return e
	}
	return i
}

// MatchTime reads a time of day.
func MatchTime(s string, i int) int {
	if end := clockEnd(s, i); end > i {
		if WordLen(s, end) > 0 || At(s, end) == ':' && IsDigit(At(s, end+1)) {
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
	if h, k := wholeNumber(s, i, 1, 2); h >= 0 && h <= 24 && At(s, k) == '.' {
		if m, end := wholeNumber(s, k+1, 2, 2); m >= 0 && m < 60 {
			if e := Gap(s, end); e > end && strings.HasPrefix(s[e:], "Uhr") && WordLen(s, e+3) == 0 {
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
	k = BlanksEnd(s, k)
	if At(s, k) != 'h' {
		return i
	}
	k = BlanksEnd(s, k+1)
	m, end := wholeNumber(s, k, 2, 2)
	if m < 0 || m > 59 || WordLen(s, end) > 0 || At(s, end) == '.' || At(s, end) == ' ' && (strings.HasPrefix(s[end+1:], "m") || strings.HasPrefix(s[end+1:], "s")) {
		return i
	}
	return end
}

// halfDayEnd reads am, p.m. and the like.
func halfDayEnd(s string, i int) int {
	k := i
	if At(s, k) == ' ' {
		k++
	}
	if c := At(s, k) | 0x20; c != 'a' && c != 'p' {
		return i
	}
	switch {
	case At(s, k+1)|0x20 == 'm' && WordLen(s, k+2) == 0:
		return k + 2
	case At(s, k+1) == '.' && At(s, k+2)|0x20 == 'm' && At(s, k+3) == '.':
		return k + 4
	}
	return i
}
