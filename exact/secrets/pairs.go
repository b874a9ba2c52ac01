package secrets

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// pairs reads what stands behind keys, in whatever format: assignments of
// configuration files and code, elements and attributes of XML, pairs of a
// name and a value, options of commands, and words behind words. Where a value
// begins and ends is for the readers to say; whether it is a secret is judged
// in one place, by kind.plausible.
type pairs struct {
	text  string
	found []Finding
	done  int // up to here keys have been read

	table   *table // the last one
	cookied int    // up to here cookies have been read
}

const (
	longestKey  = 96      // bytes
	longestLine = 4 << 10 // bytes of a line that are looked at around a key
)

// ruleNames are the rules of findings, by kind.
var ruleNames = [...][2]string{
	token:    {"assigned-token", "A key or token behind a name that says so."},
	secret:   {"assigned-secret", "A secret behind a name that says so."},
	password: {"assigned-password", "A password behind a name that says so."},
	userPass: {"assigned-login", "A user with a password, behind a name that says so."},
	header:   {"authorization-header", "The header of a request that carries its credentials."},
	cookie:   {"session-cookie", "A cookie that stands for somebody who is logged in."},
}

// at reads the key in which the word text[start:end] stands.
func (p *pairs) at(start, end int) {
	if start < p.done {
		return
	}
	word := strings.TrimRight(p.text[start:end], ` "`)
	end = start + len(word)
	start, end = p.key(start, end)
	p.done = end
	i := end
	for i < len(p.text) && i < end+8 && strings.IndexByte("\"'`\\)]}*?!", p.text[i]) >= 0 {
		i++
	}
	if strings.HasPrefix(p.text[i:], "[]") {
		i += len("[]")
	}
	closed := i
	for i < len(p.text) && i < closed+64 && (p.text[i] == ' ' || p.text[i] == '\t') {
		i++
	}
	if i < len(p.text) && (p.table == nil || start >= p.table.end) && strings.IndexByte(",;\t|\r\n", p.text[i]) >= 0 && p.header(start, i) {
		return
	}
	name := p.text[start:end]
	if c := containers[strings.ToLower(name)]; c != nothing {
		p.container(c, start, end)
		return
	}
	if n := len(name) - len("cookie"); n >= 0 && strings.EqualFold(name[n:], "cookie") || n > 0 && strings.EqualFold(name[n-1:], "cookies") {
		p.cookieLine(end)
		return
	}
	k := kindOf(name)
	if strings.Contains(word, " ") {
		k = password
	}
	if k == nothing && (strings.EqualFold(name, "key") || strings.EqualFold(name, "id")) {
		k = kindOf(p.wordBefore(start) + " " + name)
	}
	if strings.HasSuffix(p.text[:start], "checksum/") {
		return
	}
	if (k == nothing || k == token) && strings.EqualFold(name, "key") && device.MatchString(p.text[lineStart(p.text, start):start]) {
		k = password
	}
	if strings.HasSuffix(name, "-stdin") {
		p.echoed(name, start)
		return
	}
	if k == nothing || name == "PASS" && strings.HasPrefix(p.text[i:], ":") || end-start > 40 && strings.IndexByte(name, '.') < 0 && strings.IndexByte(name, '_') < 0 {
		return
	}
	if p.isName(start) && p.named(k, start, end) || p.element(k, start, end) {
		return
	}
	if i < len(p.text) && !p.insert(k, start, end) {
		p.behind(k, start, end, closed, i)
	}
}

// device is a line of the configuration of a network device that gives a key.
var device = regexp.MustCompile(`(?i)^[ \t]*(?:crypto[ \t]+)?(?:isakmp|tacacs|radius|tacacs-server|radius-server|ntp)[ \t]`)

// key widens a range to the name around it.
func (p *pairs) key(start, end int) (int, int) {
	for lo := start - longestKey; start > 0 && start > lo; {
		r, n := utf8.DecodeLastRuneInString(p.text[:start])
		if !inKey(r) {
			break
		}
		start -= n
	}
	for hi := end + longestKey; end < len(p.text) && end < hi; {
		r, n := utf8.DecodeRuneInString(p.text[end:])
		if !inKey(r) {
			break
		}
		end += n
	}
	for end > start && p.text[end-1] == '.' {
		end--
	}
	return start, end
}

// wordBefore returns the word before at, if a blank parts them.
func (p *pairs) wordBefore(at int) string {
	if at == 0 || p.text[at-1] != ' ' {
		return ""
	}
	start := at - 1
	for start > 0 && at-start < 24 && inKey(rune(p.text[start-1])) {
		start--
	}
	return p.text[start : at-1]
}

// behind reads the value of a key that stands at [start, end), with quotation
// marks and the like up to closed, and something else than a blank at i.
func (p *pairs) behind(k kind, start, end, closed, i int) {
	t := p.text
	two := t[i:min(i+3, len(t))]
	switch {
	case strings.HasPrefix(two, "：") || strings.HasPrefix(two, "＝"):
		p.value(k, start, i+len("："), ':')
	case strings.HasPrefix(two, ":=") || strings.HasPrefix(two, "=>") || strings.HasPrefix(two, "->"):
		p.value(k, start, i+2, '>')
	case strings.HasPrefix(two, "==="):
		p.value(k, start, i+3, '>')
	case strings.HasPrefix(two, "==") || strings.HasPrefix(two, "?=") || strings.HasPrefix(two, "+=") || strings.HasPrefix(two, "::"):
		p.value(k, start, i+2, '>')
	case t[i] == ':' || t[i] == '=':
		p.value(k, start, i+1, t[i])
	case t[i] == ',' && closed > end:
		p.argument(k, i+1)
	case t[i] == '(' && closed == end:
		p.argument(k, i+1)
	case t[i] == '|' && strings.Contains(t[max(start-40, 0):start], "|"):
		p.cell(k, i+1)
	case i > closed && asType.MatchString(t[i:min(i+40, len(t))]):
		p.value(k, start, i+strings.IndexByte(t[i:], '=')+1, '=')
	case i > closed:
		p.word(k, start, end, i)
	}
}

// emit records text[start:end] if it is a secret behind a key of that kind.
func (p *pairs) emit(k kind, start, end int, where place) bool {
	return p.emitAs(k, p.text[start:end], start, end, where)
}

func (p *pairs) emitAs(k kind, value string, start, end int, where place) bool {
	if k == header {
		scheme, rest, ok := strings.Cut(value, " ")
		if ok && schemes[strings.ToLower(scheme)] {
			start, value = end-len(rest), rest
		}
		if k = token; basic(value) {
			k = userPass
		}
	}
	if start >= end || !k.plausible(value, where) {
		return false
	}
	p.found = append(p.found, Finding{Start: start, End: end, Rule: ruleNames[k][0], Description: ruleNames[k][1]})
	return true
}

var schemes = set("basic bearer token apikey api-key key digest negotiate ntlm bot oauth splunk genie")

var (
	annotation = regexp.MustCompile(`^[\w&'<>\[\]., |?:*]{1,60}=[ \t]*`)
	wrapper    = regexp.MustCompile(`^(?:new[ \t]+)?(?:[\w.]*(?:::|\.))?(?i:some|from|string|secretstr|secretstring|secret|bytes|str|to_?string|bytearray|encode|convertto-securestring|tochararray|quote|c_str|text|literal|just|password|securestring|key)[ \t]?(?:\(|[ \t])[ \t]*`)
	asType     = regexp.MustCompile(`^[Aa]s [Ss]tring[ \t]*=`)
	inside     = regexp.MustCompile(`^\{[^{}]{0,160}?\\?["']?(?i:value)\\?["']?[ \t]*[:=][ \t]*`)
	tag        = regexp.MustCompile(`^(?:!!?\w*|&\w+)[ \t]+(?:[^ \t=]|$)`)
	block      = regexp.MustCompile(`^[>|][+-]?[0-9]?[+-]?[ \t]*(?:#[^\n]*)?\r?\n[ \t]+`)
)

// value reads a value that begins at or behind at; sep is what stands before it.
func (p *pairs) value(k kind, start, at int, sep byte) {
	t := p.text
	i := skipBlanks(t, at)
	line := t[i:lineEnd(t, i)]
	if m := tag.FindString(line); m != "" {
		n := strings.LastIndexAny(m, " \t") + 1
		i, line = i+n, line[n:]
	}
	if m := line[:len(line)-len(strings.TrimLeft(line, "*_"))]; len(m) == 1 || len(m) == 2 { // Markdown
		n := skipBlanks(line, len(m))
		i, line = i+n, line[n:]
	}
	if m := inside.FindString(line); m != "" {
		if j, ok := p.opening(i + len(m)); ok {
			p.quoted(k, j, literal)
		}
		return
	}
	if strings.TrimRight(line, " \t\r\\") == "" {
		next := min(i+len(line)+1, len(t))
		if j := skipBlanks(t, next); j < len(t) && (t[j] == '"' || t[j] == '\'') {
			p.quoted(k, j, literal)
		}
		return
	}
	if line[0] == '|' || line[0] == '>' {
		if m := block.FindString(t[i:min(i+longestLine, len(t))]); m != "" {
			j := i + len(m)
			end := j + len(strings.TrimRight(t[j:lineEnd(t, j)], " \t\r"))
			p.emit(k, j, end, literal)
			return
		}
	}
	if j, ok := p.opening(i); ok {
		p.quoted(k, j, literal)
		return
	}
	if m := annotation.FindString(line); m != "" && sep == ':' {
		if j, ok := p.opening(i + len(m)); ok {
			p.quoted(k, j, literal)
			return
		}
	}
	if m := wrapper.FindString(line); m != "" {
		if j, ok := p.opening(i + len(m)); ok {
			p.quoted(k, j, literal)
			return
		}
	}
	p.unquoted(k, start, at, i, sep)
}

// argument reads a string among the arguments of a call, or in a list.
func (p *pairs) argument(k kind, at int) {
	i := skipBlanks(p.text, at)
	if j, ok := p.opening(i); ok {
		where := literal
		if _, _, next := quotation(p.text, j); k == password && !strings.HasPrefix(p.text[skipSpace(p.text, max(next, 0)):], ")") {
			where = loose // in a list of names, maybe
		}
		p.quoted(k, j, where)
	}
}

// opening tells where the quotation mark of a string stands that begins at i,
// maybe behind a prefix such as b or @.
func (p *pairs) opening(i int) (int, bool) {
	t := p.text
	j := i
	for j < len(t) && j < i+2 && strings.IndexByte("bBrRuUfFL@$", t[j]) >= 0 {
		j++
	}
	for _, i := range [...]int{i, j} {
		if k := skipSlashes(t, i); k < len(t) && strings.IndexByte("\"'`", t[k]) >= 0 || strings.HasPrefix(t[i:], "&quot;") || strings.HasPrefix(t[i:], "“") {
			return i, true
		}
	}
	return 0, false
}

// quoted reads the string that begins with a quotation mark at i, and those
// that are joined to it.
func (p *pairs) quoted(k kind, i int, where place) bool {
	t := p.text
	start, end, next := quotation(t, i)
	if start < 0 {
		return false
	}
	value := t[start:end]
	for n := 0; n < 8; n++ {
		j := skipSpace(t, next)
		if j >= len(t) || strings.IndexByte("+.&", t[j]) < 0 {
			break
		}
		if j = skipSpace(t, j+1); j >= len(t) || t[j] != t[i] {
			break
		}
		s, e, nx := quotation(t, j)
		if s < 0 {
			break
		}
		value, end, next = value+t[s:e], e, nx
	}
	if trimmed := strings.TrimSpace(value); trimmed != value && k != header {
		return false
	}
	return p.emitAs(k, value, start, end, where)
}

// quotation returns the range inside of the quotation marks that begin at i,
// and where what follows begins. The marks may be escaped, as in a string in a
// string, or be entities.
func quotation(t string, i int) (start, end, next int) {
	limit := min(i+longestLine, len(t))
	for _, marks := range [...][2]string{{"&quot;", "&quot;"}, {"“", "”"}, {`"""`, `"""`}} {
		if rest, ok := strings.CutPrefix(t[i:limit], marks[0]); ok {
			n := strings.Index(rest, marks[1])
			if n < 0 {
				return -1, 0, 0
			}
			start = i + len(marks[0])
			return start, start + n, start + n + len(marks[1])
		}
	}
	q := skipSlashes(t, i)
	if q >= len(t) {
		return -1, 0, 0
	}
	mark, slashes := t[q], q-i
	start = q + 1
	for j := start; j < limit; j++ {
		switch c := t[j]; {
		case c == '\n':
			return -1, 0, 0
		case c == '\\':
			n := skipSlashes(t, j) - j
			if j+n < limit && t[j+n] == mark && n == slashes {
				return start, j, j + n + 1
			}
			if j += n - 1; n%2 == 1 && slashes == 0 {
				j++
			}
		case c == mark && slashes == 0:
			if j > start && j+1 < limit && t[j+1] == mark {
				j++ // doubled, as in SQL
				continue
			}
			return start, j, j + 1
		}
	}
	return -1, 0, 0
}

func skipBlanks(t string, i int) int {
	for i < len(t) && (t[i] == ' ' || t[i] == '\t') {
		i++
	}
	return i
}

// skipSpace skips blanks and a few line ends.
func skipSpace(t string, i int) int {
	for n := i + 64; i < len(t) && i < n && strings.IndexByte(" \t\r\n\\", t[i]) >= 0; {
		i++
	}
	return i
}

func skipSlashes(t string, i int) int {
	for n := i + 8; i < len(t) && i < n && t[i] == '\\'; {
		i++
	}
	return i
}

// lineEnd returns the end of the line that i is in, or how far it is looked at.
func lineEnd(t string, i int) int {
	hi := min(i+longestLine, len(t))
	if n := strings.IndexByte(t[i:hi], '\n'); n >= 0 {
		return i + n
	}
	return hi
}

// lineStart returns the start of the line that i is in, or how far it is looked at.
func lineStart(t string, i int) int {
	lo := max(i-longestLine, 0)
	return lo + strings.LastIndexByte(t[lo:i], '\n') + 1
}
