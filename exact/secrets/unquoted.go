package secrets

import (
	"regexp"
	"strings"
)

var (
	// lineHead is what may stand before a key that begins a line.
	lineHead = regexp.MustCompile("^[ \t>|+-]*(?:#|//|;|--|\\*)*[ \t]*(?:export[ \t]+|set[ \t]+|setx[ \t]+|ENV[ \t]+|ARG[ \t]+|declare -x[ \t]+|\\$env:|\\$|[0-9]+\\.[ \t]+)?[\"'`*_@:%\\[]{0,4}$")
	// label is a line that begins with a few words before a key.
	label      = regexp.MustCompile(`^[ \t>*#-]*(?:[\pL\pN/_-]+[ \t]){1,3}[*_]{0,2}$`)
	connecting = regexp.MustCompile(`^;[ \t]*[A-Za-z][\w ]{0,40}=`)
	nextParam  = regexp.MustCompile(`[&,;][A-Za-z_][\w.-]*[=:]`)
	ampersand  = regexp.MustCompile(`^&[\w.-]{1,64}=`)
	assigned   = regexp.MustCompile(`^[A-Za-z_][\w.-]*=`)
	identifier = regexp.MustCompile(`^[A-Za-z_$][\w.$]*$`)
)

// unquoted reads a value without quotation marks at i: the rest of a line, or
// a part of a URL, of a connection string or of a list of pairs.
func (p *pairs) unquoted(k kind, start, at, i int, sep byte) {
	t := p.text
	ls, e := lineStart(t, start), lineEnd(t, i)
	head, rest := t[ls:start], strings.TrimRight(t[i:e], " \t\r")
	if n := len(head) - 1; n >= 0 && strings.IndexByte("\"'`", head[n]) >= 0 {
		rest = rest[:cut(rest, head[n:])] // the key begins a string
	}
	tight := i == at && sep == '='
	before := byte(0)
	if start > ls {
		before = t[start-1]
	}
	trimmedHead := strings.TrimRight(head, " ")
	switch {
	case tight && (before == '?' || before == '&' || ampersand.MatchString(rest[cut(rest, "& \t\"'"):])):
		p.emit(k, i, i+cut(rest, "& \t\"'<>#`\\"), bare)
	case tight && (strings.HasSuffix(trimmedHead, ";") || connecting.MatchString(rest[cut(rest, "; \t\"'"):])):
		p.connection(k, i, rest)
	case len(head) < longestHead && (lineHead.MatchString(head) || sep == ':' && label.MatchString(head)):
		p.restOfLine(k, i, rest, sep, tight)
	default:
		p.inLine(k, i, rest, sep, tight, before)
	}
}

// longestHead bounds what may stand before a key that begins a line, in bytes.
const longestHead = 100

// withoutRemark cuts off what a remark begins, behind a blank.
func withoutRemark(line string) string {
	for i := 1; i < len(line); i++ {
		if b := line[i-1]; b != ' ' && b != '\t' {
			continue
		}
		for _, m := range [...]string{"#", "//", ";", "--", "/*"} {
			if strings.HasPrefix(line[i:], m) {
				return strings.TrimRight(line[:i], " \t")
			}
		}
	}
	return line
}

// nested reports whether a value is a key of a secret with its value.
func nested(value string) bool {
	n := strings.IndexByte(value, '=')
	return n > 0 && n < longestKey && n+1 < len(value) && identifier.MatchString(value[:n]) && kindOf(value[:n]) != nothing
}

func cut(s, any string) int {
	if n := strings.IndexAny(s, any); n >= 0 {
		return n
	}
	return len(s)
}

// connection reads a value of a connection string, which ends in ";".
func (p *pairs) connection(k kind, i int, rest string) {
	if strings.HasPrefix(rest, "{") {
		if n := strings.IndexByte(rest, '}'); n > 0 {
			p.emit(k, i+1, i+n, literal)
		}
		return
	}
	end := 0
	for end < len(rest) && strings.IndexByte("\"'<> \t`", rest[end]) < 0 {
		if rest[end] == '&' {
			if n := strings.IndexByte(rest[end:min(end+8, len(rest))], ';'); n > 0 {
				end += n + 1 // an entity
				continue
			}
		}
		if rest[end] == ';' {
			break
		}
		end++
	}
	p.emit(k, i, i+end, bare)
}

// restOfLine reads the value of a line that its key begins.
func (p *pairs) restOfLine(k kind, i int, rest string, sep byte, tight bool) {
	rest = withoutRemark(rest)
	where := bare
	if n := strings.IndexAny(rest, " \t"); n >= 0 {
		if scheme := strings.ToLower(rest[:n]); k == header && schemes[scheme] {
			p.emit(k, i, i+n+1+cut(rest[n+1:], " \t\"'"), bare)
			return
		}
		if !nextPair.MatchString(rest[n:]) {
			where = loose
		}
		rest = rest[:n]
	}
	value := strings.TrimRight(rest, "\\")
	if nested(value) {
		return
	}
	if trimmed := strings.TrimRight(value, ",;"); trimmed != value {
		if identifier.MatchString(trimmed) {
			return
		}
		value = trimmed
	}
	if sep == '=' && !tight && where == bare && identifier.MatchString(value) && !strings.ContainsAny(value, ".-") {
		where = loose
	}
	p.emit(k, i, i+len(value), where)
}

var nextPair = regexp.MustCompile(`^[ \t]+[A-Za-z_-][\w.-]*=`)

// inLine reads a value amid a line.
func (p *pairs) inLine(k kind, i int, rest string, sep byte, tight bool, before byte) {
	if k == header {
		if n := strings.IndexByte(rest, ' '); n > 0 && schemes[strings.ToLower(rest[:n])] {
			p.emit(k, i, i+n+1+cut(rest[n+1:], " \t\"'`<>\\[,"), bare)
			return
		}
	}
	end := cut(rest, " \t\"'`<>")
	closing := end < len(rest) && rest[end] != ' ' && rest[end] != '\t'
	value := rest[:end]
	if n := strings.IndexAny(value, "&,;"); n >= 0 {
		if m := nextParam.FindStringIndex(value[n:]); m != nil {
			value = value[:n+m[0]]
		}
	}
	if nested(value) {
		return
	}
	if strings.IndexByte(value, '(') < 0 {
		value = value[:cut(value, ")]")]
	}
	if strings.IndexByte(value, '{') < 0 {
		value = value[:cut(value, "}")]
	}
	if n := strings.IndexByte(value, ';'); n >= 0 {
		value = value[:n]
	}
	value = strings.TrimRight(value, ",\\")
	followed := byte(' ')
	if len(value) < len(rest) {
		followed = rest[len(value)]
	}
	if identifier.MatchString(value) && strings.IndexByte(",;)]}", followed) >= 0 && before != '&' && before != ';' {
		return
	}
	where := loose
	if (tight || sep == ':' && before == '/') && !closing || closing && tight && strings.IndexByte("\"'`", followed) >= 0 {
		where = bare
	}
	p.emit(k, i, i+len(value), where)
}

// cell reads a cell of a table of Markdown.
func (p *pairs) cell(k kind, at int) {
	i := skipBlanks(p.text, at)
	line := p.text[i:lineEnd(p.text, i)]
	n := strings.IndexByte(line, '|')
	if n < 0 {
		return
	}
	value := strings.TrimRight(line[:n], " \t")
	inner := strings.Trim(value, "`*")
	i += strings.Index(value, inner)
	p.emit(k, i, i+len(inner), loose)
}

// fillers are words between a key and its value.
var (
	verbs   = set(`is ist lautet to est es è é was:`)
	fillers = set(`0 5 7 8 9 6 encrypted plain plaintext iscrypted plain-text cleartext clear ascii-text ascii enc text string password sha512 sha256 md5`)
)

// word reads a value that only blanks part from its key: an option of a
// command, a line of a device's or a server's configuration, SQL.
func (p *pairs) word(k kind, start, end, i int) {
	t := p.text
	if k == userPass || k == cookie || k == header {
		return
	}
	option := t[start] == '-' && start+1 < end
	ls, e := lineStart(t, start), lineEnd(t, i)
	rest := strings.TrimRight(t[i:e], " \t\r")
	filled, said := false, false
	for range 2 {
		n := cut(rest, " \t")
		f := strings.TrimLeft(strings.ToLower(rest[:n]), "-")
		if n == len(rest) || !fillers[f] && (!verbs[f] || end-start < len("password")) {
			break
		}
		m := skipBlanks(rest, n)
		i, rest = i+m, rest[m:]
		filled, said = filled || fillers[f], said || verbs[f]
	}
	head := strings.TrimSpace(t[ls:start])
	if rest == "" || assigned.MatchString(rest) || strings.EqualFold(t[start:end], "pass") && head != "" && head != "set" {
		return
	}
	if j, ok := p.opening(i); ok {
		p.quoted(k, j, literal)
		return
	}
	n := cut(rest, " \t\"'`")
	value, last := rest[:n], n == len(rest)
	if option && strings.HasPrefix(value, "-") {
		return
	}
	where := loose
	if option || last && !said && (head == "" || head == "set" || filled) {
		where = bare
	}
	if !option && (k == token || where == loose && !last && strings.Contains(head, " ") && !filled && k != password) {
		if head != "" && !last {
			return
		}
	}
	value = strings.TrimRight(value, ",;")
	if where == loose {
		value = strings.TrimRight(value, ".:)")
		if identifier.MatchString(value) && !strong(value) && !(last || filled) {
			return
		}
	}
	p.emit(k, i, i+len(value), where)
}
