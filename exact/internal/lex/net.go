package lex

import (
	"strings"
	"unicode/utf8"
)

// MatchMAC reads six pairs of hexadecimal digits with colons or hyphens.
func MatchMAC(s string, i int) int {
	if len(s) < i+17 || s[i+2] != ':' && s[i+2] != '-' {
		return i
	}
	for k := range 17 {
		if c := s[i+k]; k%3 == 2 && c != s[i+2] || k%3 != 2 && !isHex(c) {
			return i
		}
	}
	if WordLen(s, i+17) > 0 || At(s, i+17) == s[i+2] && isHex(At(s, i+18)) {
		return i
	}
	return i + 17
}

// MatchIP reads an IPv4 or IPv6 address with its prefix length or port.
func MatchIP(s string, i int) int {
	k := i
	for part := range 4 {
		end := DigitsEnd(s, k)
		if n := end - k; n == 0 || n > 3 || n == 3 && s[k:end] > "255" {
			return MatchIPv6(s, i)
		}
		if k = end; part < 3 {
			if At(s, k) != '.' {
				return MatchIPv6(s, i)
			}
			k++
		}
	}
	if WordLen(s, k) > 0 || At(s, k) == '.' && IsDigit(At(s, k+1)) {
		return i
	}
	k = matchPrefixLength(s, k)
	return portEnd(s, k)
}

// portEnd adds the port of 10.0.0.1:80 and the :* of netstat.
func portEnd(s string, k int) int {
	if At(s, k) != ':' {
		return k
	}
	if At(s, k+1) == '*' {
		return k + 2
	}
	if end := DigitsEnd(s, k+1); end > k+1 && end <= k+6 && WordLen(s, end) == 0 {
		return end
	}
	return k
}

// MatchListener reads the addresses of netstat: :::22, ::1:25 and :::*.
func MatchListener(s string, i int) int {
	if EndsWord(s, i) || At(s, i-1) == ':' || !strings.HasPrefix(s[i:], "::") {
		return i
	}
	k := i + 2
	for k < len(s) && isHex(s[k]) && k < i+6 {
		k++
	}
	if end := portEnd(s, k); end > k && !(At(s, end) == ':' || WordLen(s, end) > 0) && DigitsEnd(s, k+1) != k+1 || At(s, k+1) == '*' && At(s, k) == ':' {
		return portEnd(s, k)
	}
	return i
}

// MatchNetwork reads 192.56.76.x and 10.x.x.x.
func MatchNetwork(s string, i int) int {
	k, wild := i, 0
	for part := range 4 {
		end := DigitsEnd(s, k)
		switch {
		case end > k && end-k <= 3 && wild == 0:
		case part > 0 && (At(s, k) == 'x' || At(s, k) == 'X' || At(s, k) == '*'):
			end = k + 1
			wild++
		default:
			return i
		}
		if k = end; part < 3 {
			if At(s, k) != '.' {
				return i
			}
			k++
		}
	}
	if wild == 0 || WordLen(s, k) > 0 {
		return i
	}
	return matchPrefixLength(s, k)
}

func matchPrefixLength(s string, i int) int {
	if At(s, i) == '/' {
		if end := DigitsEnd(s, i+1); end > i+1 && end <= i+4 && WordLen(s, end) == 0 {
			return end
		}
	}
	return i
}

// MatchIPv6 reads groups of hexadecimal digits with colons, as RFC 4291 writes
// them: eight, or fewer with one pair of colons.
func MatchIPv6(s string, i int) int {
	if EndsWord(s, i) || At(s, i-1) == ':' {
		return i
	}
	groups, gap, k := 0, false, i
	for {
		end := k
		for end < len(s) && end < k+5 && isHex(s[end]) {
			end++
		}
		if end-k > 4 {
			return i
		}
		if end > k {
			groups++
		}
		if groups > 8 {
			return i
		}
		k = end
		if At(s, k) != ':' {
			break
		}
		switch {
		case At(s, k+1) == ':':
			if gap {
				return i
			}
			gap = true
			k += 2
		case end > i && isHex(At(s, k+1)):
			k++
		default:
			if groups == 8 {
				return k
			}
			return i
		}
	}
	if WordLen(s, k) > 0 || !gap && groups != 8 || gap && groups < 1 {
		return i
	}
	if gap && strings.Trim(s[i:k], "0123456789:") != "" && !strings.ContainsAny(s[i:k], "0123456789") {
		return i // std::dec
	}
	return matchPrefixLength(s, k)
}

// MatchEmail reads an address with a host that has a dot.
func MatchEmail(s string, i int) int {
	k := i
	for k < len(s) && (WordLen(s, k) > 0 || strings.IndexByte(".+-%", s[k]) >= 0) {
		k += max(1, WordLen(s, k))
	}
	if k == i || At(s, k) != '@' {
		return i
	}
	end, dots := k+1, 0
	for end < len(s) {
		switch c := s[end]; {
		case isHostLetter(s, end):
			end += WordLen(s, end)
		case (c == '-' || c == '.') && end > k+1 && end+1 < len(s) && isHostLetter(s, end+1):
			if c == '.' {
				dots++
			}
			end++
		default:
			goto done
		}
	}
done:
	if dots == 0 || s[k+1] == '.' {
		return i
	}
	if IsDigit(s[end-1]) {
		return i // name@v1.2.3
	}
	return end
}

// isHostLetter reports whether a host may have what stands at i < len(s): any
// letter or digit, for names are international.
func isHostLetter(s string, i int) bool { return s[i] != '_' && WordLen(s, i) > 0 }

// MatchURL reads scheme://… and www.…
func MatchURL(s string, i int) int {
	if strings.HasPrefix(s[i:], "www.") && WordLen(s, i+4) > 0 {
		return urlEnd(s, i, i+4)
	}
	if !IsAlpha(s[i]) {
		return i
	}
	for k := i; k < len(s) && k < i+32; k++ {
		switch c := s[k]; {
		case c == ':' && strings.HasPrefix(s[k:], "://"):
			return urlEnd(s, i, k+3)
		case IsAlpha(c) || IsDigit(c) || c == '+' || c == '.' || c == '-' || c == ':' && IsLower(At(s, k+1)):
		default:
			return i
		}
	}
	return i
}

// urlEnd is the end of the URL that begins at i and whose host begins at k.
// Brackets belong to it in pairs.
func urlEnd(s string, i, k int) int {
	host := k
	var open [3]int
	const opening, closing = "([{", ")]}"
loop:
	for k < len(s) {
		c := s[k]
		if c >= utf8.RuneSelf {
			n := WordLen(s, k)
			if n == 0 {
				break
			}
			k += n
			continue
		}
		if c <= ' ' || c == 0x7F || strings.IndexByte("\"<>`|\\^", c) >= 0 {
			break
		}
		if c == '(' && strings.IndexByte(s[host:k], '/') < 0 {
			break // a host does not go on in brackets
		}
		if b := strings.IndexByte(opening, c); b >= 0 {
			open[b]++
		}
		if b := strings.IndexByte(closing, c); b >= 0 {
			if open[b] == 0 {
				break loop
			}
			open[b]--
		}
		k++
	}
	if e := urlBreak(s, i, k); e > k {
		return urlEnd(s, i, e)
	}
	for k > host && strings.IndexByte(".,;:!?'*_~([{", s[k-1]) >= 0 {
		k--
	}
	if k == host {
		return i
	}
	return k
}

// urlBreak is where the URL from i goes on in the next line, k if it ends at k. It
// goes on behind a slash or a hyphen in brackets that are closed there, and with
// a slash.
func urlBreak(s string, i, k int) int {
	if c := At(s, k); c != '\n' && c != '\r' || !isWrapped(s, k) {
		return k
	}
	next := indentEnd(s, k, k)
	if next == k || strings.Count(s[i:k], "\n") > 4 {
		return k
	}
	if s[next] == '/' && WordLen(s, next+1) > 0 && s[k-1] != '/' {
		return next
	}
	if strings.IndexByte("/-_?&=", s[k-1]) < 0 {
		return k
	}
	end := next
	for end < len(s) && s[end] > ' ' && strings.IndexByte(">)]", s[end]) < 0 && !strings.HasPrefix(s[end:], "⟩") {
		end++
	}
	if s[k-1] == '/' && hasExtension(strings.TrimRight(s[next:end], ".,;:")) {
		return next
	}
	if i == 0 {
		return k
	}
	if c := s[i-1]; end > next && (c == '<' && At(s, end) == '>' || c == '(' && At(s, end) == ')' || strings.HasSuffix(s[:i], "⟨") && strings.HasPrefix(s[end:], "⟩")) {
		return next
	}
	return k
}
