package exact

import (
	"strings"
	"unicode/utf8"
)

// matchMAC reads six pairs of hexadecimal digits with colons or hyphens.
func matchMAC(s string, i int) int {
	if len(s) < i+17 || s[i+2] != ':' && s[i+2] != '-' {
		return i
	}
	for k := range 17 {
		if c := s[i+k]; k%3 == 2 && c != s[i+2] || k%3 != 2 && !isHex(c) {
			return i
		}
	}
	if wordLen(s, i+17) > 0 || at(s, i+17) == s[i+2] && isHex(at(s, i+18)) {
		return i
	}
	return i + 17
}

// matchIP reads an IPv4 or IPv6 address with its prefix length or port.
func matchIP(s string, i int) int {
	k := i
	for part := range 4 {
		end := digitsEnd(s, k)
		if n := end - k; n == 0 || n > 3 || n == 3 && s[k:end] > "255" {
			return matchIPv6(s, i)
		}
		if k = end; part < 3 {
			if at(s, k) != '.' {
				return matchIPv6(s, i)
			}
			k++
		}
	}
	if wordLen(s, k) > 0 || at(s, k) == '.' && isDigit(at(s, k+1)) {
		return i
	}
	k = matchPrefixLength(s, k)
	return portEnd(s, k)
}

// portEnd adds the port of 10.0.0.1:80 and the :* of netstat.
func portEnd(s string, k int) int {
	if at(s, k) != ':' {
		return k
	}
	if at(s, k+1) == '*' {
		return k + 2
	}
	if end := digitsEnd(s, k+1); end > k+1 && end <= k+6 && wordLen(s, end) == 0 {
		return end
	}
	return k
}

// matchListener reads the addresses of netstat: :::22, ::1:25 and :::*.
func matchListener(s string, i int) int {
	if endsWord(s, i) || at(s, i-1) == ':' || !strings.HasPrefix(s[i:], "::") {
		return i
	}
	k := i + 2
	for k < len(s) && isHex(s[k]) && k < i+6 {
		k++
	}
	if end := portEnd(s, k); end > k && !(at(s, end) == ':' || wordLen(s, end) > 0) && digitsEnd(s, k+1) != k+1 || at(s, k+1) == '*' && at(s, k) == ':' {
		return portEnd(s, k)
	}
	return i
}

// matchNetwork reads 192.56.76.x and 10.x.x.x.
func matchNetwork(s string, i int) int {
	k, wild := i, 0
	for part := range 4 {
		end := digitsEnd(s, k)
		switch {
		case end > k && end-k <= 3 && wild == 0:
		case part > 0 && (at(s, k) == 'x' || at(s, k) == 'X' || at(s, k) == '*'):
			end = k + 1
			wild++
		default:
			return i
		}
		if k = end; part < 3 {
			if at(s, k) != '.' {
				return i
			}
			k++
		}
	}
	if wild == 0 || wordLen(s, k) > 0 {
		return i
	}
	return matchPrefixLength(s, k)
}

func matchPrefixLength(s string, i int) int {
	if at(s, i) == '/' {
		if end := digitsEnd(s, i+1); end > i+1 && end <= i+4 && wordLen(s, end) == 0 {
			return end
		}
	}
	return i
}

// matchIPv6 reads groups of hexadecimal digits with colons, as RFC 4291 writes
// them: eight, or fewer with one pair of colons.
func matchIPv6(s string, i int) int {
	if endsWord(s, i) || at(s, i-1) == ':' {
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
		if at(s, k) != ':' {
			break
		}
		switch {
		case at(s, k+1) == ':':
			if gap {
				return i
			}
			gap = true
			k += 2
		case end > i && isHex(at(s, k+1)):
			k++
		default:
			if groups == 8 {
				return k
			}
			return i
		}
	}
	if wordLen(s, k) > 0 || !gap && groups != 8 || gap && groups < 1 {
		return i
	}
	if gap && strings.Trim(s[i:k], "0123456789:") != "" && !strings.ContainsAny(s[i:k], "0123456789") {
		return i // std::dec
	}
	return matchPrefixLength(s, k)
}

// matchEmail reads an address with a host that has a dot.
func matchEmail(s string, i int) int {
	k := i
	for k < len(s) && (wordLen(s, k) > 0 || strings.IndexByte(".+-%", s[k]) >= 0) {
		k += max(1, wordLen(s, k))
	}
	if k == i || at(s, k) != '@' {
		return i
	}
	end, dots := k+1, 0
	for end < len(s) {
		switch c := s[end]; {
		case isHostLetter(s, end):
			end += wordLen(s, end)
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
	if isDigit(s[end-1]) {
		return i // name@v1.2.3
	}
	return end
}

// isHostLetter reports whether a host may have what stands at i < len(s): any
// letter or digit, for names are international.
func isHostLetter(s string, i int) bool { return s[i] != '_' && wordLen(s, i) > 0 }

// matchURL reads scheme://… and www.…
func matchURL(s string, i int) int {
	if strings.HasPrefix(s[i:], "www.") && wordLen(s, i+4) > 0 {
		return urlEnd(s, i, i+4)
	}
	if !isAlpha(s[i]) {
		return i
	}
	for k := i; k < len(s) && k < i+32; k++ {
		switch c := s[k]; {
		case c == ':' && strings.HasPrefix(s[k:], "://"):
			return urlEnd(s, i, k+3)
		case isAlpha(c) || isDigit(c) || c == '+' || c == '.' || c == '-' || c == ':' && isLower(at(s, k+1)):
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
			n := wordLen(s, k)
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
	if c := at(s, k); c != '\n' && c != '\r' || !isWrapped(s, k) {
		return k
	}
	next := indentEnd(s, k, k)
	if next == k || strings.Count(s[i:k], "\n") > 4 {
		return k
	}
	if s[next] == '/' && wordLen(s, next+1) > 0 && s[k-1] != '/' {
		return next
	}
	if strings.IndexByte("/-_?&=", s[k-1]) < 0 || i == 0 {
		return k
	}
	end := next
	for end < len(s) && s[end] > ' ' && strings.IndexByte(">)]", s[end]) < 0 && !strings.HasPrefix(s[end:], "⟩") {
		end++
	}
	if c := s[i-1]; end > next && (c == '<' && at(s, end) == '>' || c == '(' && at(s, end) == ')' || strings.HasSuffix(s[:i], "⟨") && strings.HasPrefix(s[end:], "⟩")) {
		return next
	}
	return k
}
