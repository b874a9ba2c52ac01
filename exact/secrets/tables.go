package secrets

import (
	"regexp"
	"strings"
)

// table is a header of comma-separated values that names columns of secrets.
type table struct {
	start     int // of the header
	end       int // of the rows
	delimiter byte
	columns   int
	kinds     []kind // of the columns; nothing for others
}

// beside is the name of a column that stands beside one of passwords.
var beside = regexp.MustCompile(`(?i)(?:user|login|name|url|uri|host|email|e-mail|mail|account|site|title|service|server|ip|note|id|db|port|system|benutzer|konto|usuario|utilisateur|dienst|domain|device|role|group|address)s?$`)

var listedRule = [2]string{"listed-password", "A password or key in a column that is named for it."}

// header reads the header of a table around the key at start, and its rows.
func (p *pairs) header(start, i int) bool {
	t := p.text
	if i < len(t) && strings.IndexByte(",;\t|\r\n", t[i]) < 0 {
		return false
	}
	ls, e := lineStart(t, start), lineEnd(t, start)
	line := strings.TrimRight(t[ls:e], "\r")
	for _, d := range []byte(",;\t|") {
		cells := fieldsOf(line, d)
		if len(cells) < 2 || len(cells) > 64 {
			continue
		}
		tb, secrets, known := table{ls, 0, d, len(cells), make([]kind, len(cells))}, 0, false
		for n, c := range cells {
			name := strings.TrimSpace(line[c.start:c.end])
			if len(name) > 32 || strings.Count(name, " ") > 2 || strings.ContainsAny(name, "=(){}[]<>\"'`$:;,") || name == "" && d != '|' || digitsOnly(name) && name != "" {
				secrets = -len(cells)
				break
			}
			known = known || beside.MatchString(name)
			if k := kindOf(name); k == password || k == secret || k == token {
				tb.kinds[n] = k
				secrets++
			}
		}
		if secrets > 0 && known {
			p.done = e
			tb.end = p.rows(tb, min(e+1, len(t)))
			p.table = &tb
			return true
		}
	}
	return false
}

// rows reads the rows of a table from i on, where a line begins, and returns
// where they end.
func (p *pairs) rows(tb table, i int) int {
	t := p.text
	for i < len(t) {
		e := lineEnd(t, i)
		line := strings.TrimRight(t[i:e], "\r")
		cells := fieldsOf(line, tb.delimiter)
		ruler := tb.delimiter == '|' && strings.Trim(line, "|-: ") == ""
		if len(cells) != tb.columns || e-i >= longestLine {
			return i
		}
		for n, k := range tb.kinds {
			if k == nothing || ruler {
				continue
			}
			c := cells[n]
			value := strings.Trim(line[c.start:c.end], " `")
			if value == "" {
				continue
			}
			at := i + c.start + strings.Index(line[c.start:c.end], value)
			if k.plausible(value, literal) {
				p.found = append(p.found, Finding{Start: at, End: at + len(value), Rule: listedRule[0], Description: listedRule[1]})
			}
		}
		i = min(e+1, len(t))
	}
	return i
}

// fieldsOf returns the fields of a line, without the quotation marks around
// them.
func fieldsOf(line string, delimiter byte) []argument {
	var cells []argument
	for i := 0; ; {
		var a argument
		if i < len(line) && line[i] == '"' {
			a.start = i + 1
			n := strings.Index(line[a.start:], `"`)
			for n >= 0 && a.start+n+1 < len(line) && line[a.start+n+1] == '"' {
				m := strings.Index(line[a.start+n+2:], `"`)
				if m < 0 {
					n = -1
					break
				}
				n += 2 + m
			}
			if n < 0 {
				return nil
			}
			a.end = a.start + n
			i = a.end + 1
		} else {
			a.start = i
			if n := strings.IndexByte(line[i:], delimiter); n >= 0 {
				i += n
			} else {
				i = len(line)
			}
			a.end = i
		}
		cells = append(cells, a)
		if i >= len(line) || len(cells) > 64 {
			return cells
		}
		if line[i] != delimiter {
			return nil
		}
		i++
	}
}

// containers are keys behind which stand keys of any name, with secrets.
var containers = map[string]kind{
	"tokens": token, "secrets": secret, "passwords": password, "apikeys": token, "credentials": secret, "stringdata": secret, "passwoerter": password, "authtokens": token,
}

var (
	entry     = regexp.MustCompile(`^[ \t]*(?:[-*][ \t]+)?["']?([\w.@/-]{1,64})["']?[ \t]*([:=])>?[ \t]*`)
	opens     = regexp.MustCompile(`^["'\]]{0,2}[ \t]*[:=]?>?[ \t]*(\{?)[ \t]*(?:#[^\n]*)?\r?\n`)
	plainName = set(`id name type kind url host port user username email description label version region file path namespace enabled created updated expires`)
)

const (
	longestContainer = 64 // lines
)

// container reads the entries of a block whose key ends at end.
func (p *pairs) container(k kind, start, end int) {
	t := p.text
	m := opens.FindStringSubmatchIndex(t[end:min(end+longestLine, len(t))])
	if m == nil {
		return
	}
	braces := m[3] > m[2]
	indent := indentOf(t[lineStart(t, start):start])
	i := end + m[1]
	for n := 0; n < longestContainer && i < len(t); n++ {
		e := lineEnd(t, i)
		line := t[i:e]
		if trimmed := strings.TrimSpace(line); trimmed != "" {
			if braces && trimmed[0] == '}' || !braces && indentOf(line) <= indent {
				return
			}
			if m := entry.FindStringSubmatchIndex(line); m != nil {
				if name := line[m[2]:m[3]]; kindOf(name) == nothing && !plainName[strings.ToLower(name)] {
					p.value(k, i+m[2], i+m[5], line[m[4]])
				}
			}
		}
		i = e + 1
	}
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

var insertHead = regexp.MustCompile(`(?is)\binsert\s+into\s+[^\s(]{1,80}\s*\(([^()]{1,600})\)\s*values\s*`)

// insert reads the rows of a statement of SQL that has a column of passwords.
func (p *pairs) insert(k kind, start, end int) bool {
	t := p.text
	lo := max(start-600, 0)
	n := strings.LastIndexByte(t[lo:start], '(')
	if k != password && k != secret && k != token || n < 0 || strings.ContainsAny(t[lo+n:start], ")=:;{") {
		return false
	}
	from := max(lo+n-120, 0)
	if !strings.Contains(strings.ToLower(t[from:lo+n]), "into") {
		return false
	}
	m := insertHead.FindStringSubmatchIndex(t[from:min(end+700, len(t))])
	if m == nil || from+m[2] > start || from+m[3] < end {
		return false
	}
	column := strings.Count(t[from+m[2]:start], ",")
	i := from + m[1]
	for i < len(t) && t[i] == '(' {
		for n, j := 0, i+1; j < len(t); {
			j = skipSpace(t, j)
			if j < len(t) && (t[j] == '\'' || t[j] == '"') {
				s, e, next := quotation(t, j)
				if s < 0 {
					return true
				}
				if n == column {
					p.emit(k, s, e, literal)
				}
				j = next
			}
			for j < len(t) && strings.IndexByte(",)\n", t[j]) < 0 {
				j++
			}
			if j >= len(t) || t[j] != ',' {
				i = j + 1
				break
			}
			n, j = n+1, j+1
		}
		if i >= len(t) || t[i-1] != ')' {
			return true
		}
		if i = skipSpace(t, i); i >= len(t) || t[i] != ',' {
			return true
		}
		i = skipSpace(t, i+1)
	}
	return true
}
