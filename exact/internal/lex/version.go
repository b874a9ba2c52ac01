package lex

import "strings"

// MatchFullVersion reads the versions that no other string looks like: with an
// epoch, a tilde, a build suffix, or four and more parts with a suffix, as
// distributions write them: 2:1.8+git20210923~, 2.36-9+deb12u14, 15.17-1.pgdg12+1.
func MatchFullVersion(s string, i int) int {
	k := DigitsEnd(s, i)
	epoch := false
	const longestEpoch = 2
	if At(s, k) == ':' && k-i <= longestEpoch && IsDigit(At(s, k+1)) && At(s, k+2) != ':' {
		epoch = true
		k = DigitsEnd(s, k+1)
	}
	if k-i > 8 {
		return i
	}
	dots := 0
	for At(s, k) == '.' && WordLen(s, k+1) > 0 && s[k+1] < 0x80 {
		k = asciiWordEnd(s, k+1)
		dots++
	}
	if e := asciiWordEnd(s, k); dots > 0 || IsDigit(At(s, i)) {
		k = e
	}
	upstream := k
	if strings.ContainsAny(s[i:k], "_") {
		return i
	}
	end, signs, letters := suffixEnd(s, k)
	if WordLen(s, end) > 0 || At(s, end) == '/' || At(s, end) == '@' || At(s, end) == ':' && IsDigit(At(s, end+1)) {
		return i
	}
	suffix := s[upstream:end]
	switch {
	case epoch && dots > 0 && (dots > 1 || suffix != "" || strings.ContainsAny(s[i:upstream], "abcdefghijklmnopqrstuvwxyz")):
	case epoch:
		return i
	case strings.HasSuffix(suffix, "~") && At(s, i-1) != '~':
	case suffix == "" && dots > 0 && isReleaseWord(s[i:upstream]):
	case dots == 0 && k-i >= 6 && strings.Contains(suffix, "~"): // 20240101~ds1-1
	case suffix == "" || dots == 0:
		return i
	case dots >= 3:
	case strings.Contains(suffix, "~") || strings.Contains(suffix, "+"):
	case dots > 0 && signs == 1 && IsDigit(At(s, upstream+1)) && s[upstream] == '-' && letters == 0 && !strings.Contains(suffix, ".") && wholeDigits(s[i:upstream]):
		// 4.2-3 is a version where the part behind the hyphen is small.
		if len(suffix) > 3 || suffix[1] == '0' {
			return i
		}
	case letters > 0 && dots > 0 && s[upstream] == '-':
	default:
		return i
	}
	return end
}

// releases are the letters between two numbers of a version: 0.93R5, 8.1p1.
var releases = SetOf("v R r p P rc RC a b beta alpha pre post dev sp SP git")

// isReleaseWord reports whether letters stand between two numbers of the last part
// of a version.
func isReleaseWord(v string) bool {
	last := strings.TrimLeft(v[strings.LastIndexByte(v, '.')+1:], "0123456789")
	letters := strings.TrimRight(last, "0123456789")
	return releases[letters] && letters != last && IsDigit(v[strings.LastIndexByte(v, '.')+1])
}

func wholeDigits(s string) bool { return strings.Trim(s, "0123456789.:") == "" }

func asciiWordEnd(s string, k int) int {
	for k < len(s) && IsWordByte(s[k]) {
		k++
	}
	return k
}

// suffixEnd reads parts behind -, + and ~, each of words with dots.
func suffixEnd(s string, k int) (end, signs, letters int) {
	for {
		c := At(s, k)
		if c == '~' && WordLen(s, k+1) == 0 && At(s, k+1) != '/' && At(s, k+1) != '~' {
			return k + 1, signs + 1, letters
		}
		if c != '-' && c != '+' && c != '~' && (c != '.' || signs == 0) || WordLen(s, k+1) == 0 || At(s, k+1) >= 0x80 {
			return k, signs, letters
		}
		if c != '.' {
			signs++
		}
		e := asciiWordEnd(s, k+1)
		for _, b := range []byte(s[k+1 : e]) {
			if IsAlpha(b) {
				letters++
			}
		}
		k = e
	}
}

// MatchVersion reads v1, v1.2, 1.2.3, 2026f and what semantic versions add to
// them.
func MatchVersion(s string, i int) int {
	k := i
	if s[k]|0x20 == 'v' {
		k++
	}
	parts := 0
	for IsDigit(At(s, k)) {
		k = DigitsEnd(s, k)
		parts++
		if At(s, k) != '.' || !IsDigit(At(s, k+1)) {
			break
		}
		k++
	}
	if parts == 0 || s[i] != 'v' && (s[i] == 'V' || parts < 3) || At(s, k) == ',' && IsDigit(At(s, k+1)) && IsDigit(s[i]) {
		return i
	}
	if c := At(s, k); c == '-' || c == '+' {
		k = joinedEnd(s, k+1)
		if At(s, k-1) == '-' || At(s, k-1) == '+' {
			k--
		}
		return k
	}
	if e := WordEnd(s, k); e > k {
		// 1.2.3rc1
		if parts < 2 || !IsLower(s[k]) || e-k > 6 {
			return i
		}
		return e
	}
	return k
}
