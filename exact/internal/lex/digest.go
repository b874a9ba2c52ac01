package lex

import "strings"

// MatchUUID reads 8-4-4-4-12 hexadecimal digits.
func MatchUUID(s string, i int) int {
	if len(s) < i+36 || s[i+8] != '-' {
		return i
	}
	for k := range 36 {
		c := s[i+k]
		if k == 8 || k == 13 || k == 18 || k == 23 {
			if c != '-' {
				return i
			}
		} else if !isHex(c) {
			return i
		}
	}
	if WordLen(s, i+36) > 0 {
		return i
	}
	return i + 36
}

// hexEnd is the end of the hexadecimal word at i, i if it is none.
func hexEnd(s string, i int) (end int, mixed, cased bool) {
	digits, lowers, uppers := 0, 0, 0
	for end = i; end < len(s) && isHex(s[end]); end++ {
		switch c := s[end]; {
		case IsDigit(c):
			digits++
		case IsLower(c):
			lowers++
		default:
			uppers++
		}
	}
	if WordLen(s, end) > 0 {
		return i, false, false
	}
	return end, digits > 0 && lowers+uppers > 0, lowers == 0 || uppers == 0
}

// MatchHash reads hexadecimal digits as many as MD5, SHA-1, SHA-224, SHA-256,
// SHA-384 and SHA-512 have.
func MatchHash(s string, i int) int {
	end, mixed, cased := hexEnd(s, i)
	switch end - i {
	case 32, 40, 56, 64, 96, 128:
		if mixed && cased {
			return end
		}
	}
	return i
}

// MatchHex reads 0x1F, and words of six or more hexadecimal digits that have
// letters and digits in them.
func MatchHex(s string, i int) int {
	if s[i] == '0' && At(s, i+1)|0x20 == 'x' {
		if end, _, _ := hexEnd(s, i+2); end > i+2 {
			return end
		}
		return i
	}
	if s[i] == '0' && At(s, i+1)|0x20 == 'b' && DigitsEnd(s, i+2) == WordEnd(s, i) {
		return i // binary
	}
	end, mixed, cased := hexEnd(s, i)
	if end-i < 6 || !mixed || !cased || At(s, end) == '-' && WordLen(s, end+1) > 0 {
		return i
	}
	if e := DigitsEnd(s, i); e+2 < end && s[e]|0x20 == 'e' && DigitsEnd(s, e+1) == end {
		return i // 1500e12
	}
	return end
}

// MatchBase64 reads a run of at least 20 characters of base64, plain or for
// URLs, that changes between capitals, small letters and digits too often to be
// words, and three such runs with dots between them (a JSON web token).
func MatchBase64(s string, i int) int {
	const (
		minLength = 20
		// Random base64 changes class at 0.62 of its places, camelCase at
		// about 0.3.
		minChanges = 0.42
	)
	end, changes, digits := i, 0, 0
	for ; end < len(s); end++ {
		c := s[end]
		dot := c == '.' && s[i] == 'e' && IsWordByte(At(s, end+1))
		if !IsWordByte(c) && c != '+' && c != '/' && c != '-' && !dot {
			break
		}
		if IsDigit(c) {
			digits++
		}
		if end > i && Classes[c] != Classes[s[end-1]] {
			changes++
		}
	}
	if n := end - i; n < minLength || digits == 0 || float64(changes) < minChanges*float64(n) || end < len(s) && s[end] == '.' && WordLen(s, end+1) > 0 {
		return i
	}
	capitals, smalls := false, false
	for k := i; k < end; k++ {
		capitals = capitals || IsUpper(s[k])
		smalls = smalls || IsLower(s[k])
	}
	if !capitals || !smalls {
		return i
	}
	for end > i && (s[end-1] == '-' || s[end-1] == '/' || s[end-1] == '+') {
		end--
	}
	for k := 0; k < 2 && At(s, end) == '='; k++ {
		end++
	}
	if WordLen(s, end) > 0 {
		return i
	}
	return end
}

// MatchSignedBase64 reads base64 that begins with a slash or a plus sign, which
// one run in 32 does. Slashes are rarer in it than in a path.
func MatchSignedBase64(s string, i int) int {
	const charactersPerSlash = 12
	if s[i] != '/' && s[i] != '+' || EndsWord(s, i) || strings.IndexByte("/.~", At(s, i-1)) >= 0 {
		return i
	}
	end := MatchBase64(s, i)
	if strings.Count(s[i:end], "/") > 1+(end-i)/charactersPerSlash {
		return i
	}
	return end
}

// MatchFingerprint reads fingerprints in groups: ACCC 1F2A … of five groups of
// four hexadecimal digits or more, and 16 pairs or more with colons.
func MatchFingerprint(s string, i int) int {
	const minGroups, minPairs, maxGroups = 5, 16, 64
	size := WordEnd(s, i) - i
	if size != 2 && size != 4 {
		return i
	}
	k, end, groups, digits := i, i, 0, 0
	for groups < maxGroups {
		e := k
		for e < len(s) && isHex(s[e]) && !IsLower(s[e]) || e < len(s) && size == 2 && isHex(s[e]) {
			if IsDigit(s[e]) {
				digits++
			}
			e++
		}
		if e-k != size || WordLen(s, e) > 0 {
			break
		}
		groups++
		end, k = e, e
		next := k
		switch {
		case size == 2 && At(s, k) == ':':
			next++
		case size == 4:
			next = Gap(s, k)
		}
		if next == k || next >= len(s) || !isHex(s[next]) {
			break
		}
		if e := WordEnd(s, next); e-next != size {
			break
		}
		k = next
	}
	if size == 4 && groups >= minGroups && digits > 0 && digits < 4*groups || size == 2 && groups >= minPairs {
		return end
	}
	return i
}
