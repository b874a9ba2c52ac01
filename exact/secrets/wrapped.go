package secrets

import (
	"encoding/base64"
	"strings"
)

// wrappedStart is how the base64 of a PEM block begins.
const wrappedStart = "LS0tLS1CRUdJTi"

var wrappedRule = [2]string{"wrapped-private-key", "A private key in base64 around its own."}

// wrapped reads the base64 of a PEM block that begins at start, on one line or
// several, if it is that of a private key.
func (p *pairs) wrapped(start int) {
	t := p.text
	if !strings.HasPrefix(t[start:], wrappedStart) || start > 0 && inBase64(t[start-1]) {
		return
	}
	end := start
	for end < len(t) {
		for end < len(t) && inBase64(t[end]) {
			end++
		}
		next := end
		if strings.HasPrefix(t[next:], `\n`) {
			next += len(`\n`)
		} else if next = skipSpace(t, next); next == end || strings.IndexByte(t[end:next], '\n') < 0 {
			break
		}
		line := next
		for line < len(t) && inBase64(t[line]) {
			line++
		}
		if line-next < 8 {
			break
		}
		end = line
	}
	for end < len(t) && t[end] == '=' {
		end++
	}
	var head strings.Builder
	for i := start; i < end && head.Len() < 80; i++ {
		if inBase64(t[i]) {
			head.WriteByte(t[i])
		}
	}
	b, err := base64.StdEncoding.DecodeString(head.String()[:head.Len()/4*4])
	if err == nil && strings.Contains(string(b), "PRIVATE KEY") {
		p.found = append(p.found, Finding{Start: start, End: end, Rule: wrappedRule[0], Description: wrappedRule[1]})
	}
}

func inBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
