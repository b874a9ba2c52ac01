package secrets

import (
	"regexp"
	"strings"
)

var cookiePair = regexp.MustCompile(`([\w.-]{2,64})=([^;\s"'\\\\,]{16,})`)

// cookieLine reads the cookies behind the name of their header, on its line, and
// on the next one if that has the value of the header.
func (p *pairs) cookieLine(at int) {
	t := p.text
	if at < p.cookied {
		return
	}
	e := lineEnd(t, at)
	if n := min(e+1, len(t)); strings.HasPrefix(strings.TrimLeft(t[n:lineEnd(t, n)], " \t"), `"value"`) {
		e = lineEnd(t, n)
	}
	p.cookies(at, e)
	p.cookied = e
}

// cookies reads pairs of a name and a value.
func (p *pairs) cookies(start, end int) {
	line := p.text[start:end]
	if strings.IndexByte(line, '=') < 0 {
		return
	}
	for _, m := range cookiePair.FindAllStringSubmatchIndex(line, -1) {
		if name := line[m[2]:m[3]]; isCookie(name) || strings.EqualFold(name, "session") || kindOf(name) == token || kindOf(name) == userPass {
			p.emit(cookie, start+m[4], start+m[5], literal)
		}
	}
}
