package secrets

import (
	"regexp"
	"strings"
)

var (
	// nameBefore is what stands before the name of a value.
	nameBefore = regexp.MustCompile(`(?i)(?:[^\w](?:name|key|id|n|variable|parameterkey|parameter|env|field|setting|property|option|header|label|k)["'\\]{0,4}[ \t]{0,2}[:=][ \t]{0,2}["'\\]{0,4}|\bvariable[ \t]+["']|<(?:\w+:)?(?:name|key|td|th|dt|param-name|variable)(?:[ \t][^>]{0,40})?>[ \t]{0,8})$`)
	// nameAfter is what parts it from its value.
	nameAfter  = regexp.MustCompile(`(?is)^["'\\]{0,4}(?:[ \t]*</[\w:-]+>|[ \t]*\{|(?:[ \t]+(?:serializeas|type|xml:\w+|class|translatable|encoding|secure)="[^"]{0,60}"){1,4})?[ \t\r\n,;]{0,60}(?:["'\\]{0,4}(?:type|enabled|secret|is_?secret|sensitive|encrypted|description|disabled|scope|protected|masked|slot_?setting|system|env|overwrite|path)["'\\]{0,4}[ \t]*[:=][ \t]*["'\\]{0,4}[\w ./-]{0,40}["'\\]{0,4}[ \t\r\n,;]{1,40}){0,4}(?:<(?:\w+:)?(?:value|string|val|td|dd|param-value|content)[^>]{0,60}>|/?>[ \t\r\n]{0,40}(?:<(?:\w+:)?(?:value|string|val|content)[^>]{0,60}>)?|["'\\]{0,4}(?:value|val|v|parametervalue|secretvalue|default|defaultvalue|default_value|current_?value|content|data)["'\\]{0,4}[ \t]*(?::|=>?)[ \t]*)`)
	valueFirst = regexp.MustCompile(`(?i)["'\\]{0,4}(?:value|val|v)["'\\]{0,4}[ \t]*[:=][ \t]*(["'][^"'\n]{4,400}["'])[ \t\r\n]*,[^{}]{0,60}$`)
	cdata      = "<![CDATA["
)

// isName reports whether a key is the name of a value that stands elsewhere.
func (p *pairs) isName(start int) bool {
	before := p.text[max(start-64, 0):start]
	if trimmed := strings.TrimRight(before, " "); trimmed == "" || strings.IndexByte("\"'>:=", trimmed[len(trimmed)-1]) < 0 {
		return false
	}
	return nameBefore.MatchString(before)
}

// named reads the value of a name, as in {"name": "PASSWORD", "value": "…"}.
func (p *pairs) named(k kind, start, end int) bool {
	t := p.text
	m := nameAfter.FindString(t[end:min(end+400, len(t))])
	if m == "" {
		lo := max(start-400, 0)
		if m := valueFirst.FindStringSubmatchIndex(t[lo:start]); m != nil {
			return p.quoted(k, lo+m[2], literal)
		}
		return false
	}
	i := end + len(m)
	if strings.HasSuffix(m, ">") {
		return p.content(k, i)
	}
	found := len(p.found)
	p.value(k, i, i, ':')
	return len(p.found) > found
}

var openTag = regexp.MustCompile(`^[ \t]*(?:[ \t][\w:-]+[ \t]*=[ \t]*(?:"[^"]{0,80}"|'[^']{0,80}'))*[ \t]*>[ \t\r\n]{0,80}(?:<(?:\w+:)?(?i:value|string)>)?`)

// element reads the content of an element of XML that is named for a secret.
func (p *pairs) element(k kind, start, end int) bool {
	t := p.text
	for n := 0; n < 24 && start > 0 && (t[start-1] == ':' || n > 0 && inKey(rune(t[start-1]))); n++ {
		start-- // a namespace
	}
	if start == 0 || t[start-1] != '<' {
		return false
	}
	m := openTag.FindString(t[end:min(end+400, len(t))])
	return m != "" && p.content(k, end+len(m))
}

// content reads the content of an element that begins at i.
func (p *pairs) content(k kind, i int) bool {
	t := p.text
	rest := t[i:min(i+longestLine, len(t))]
	end := "<"
	if strings.HasPrefix(rest, cdata) {
		i, rest, end = i+len(cdata), rest[len(cdata):], "]]>"
	}
	n := strings.Index(rest, end)
	if n < 0 {
		return false
	}
	value := strings.TrimSpace(rest[:n])
	i += strings.Index(rest, value)
	return p.emitAs(k, unescapeXML.Replace(value), i, i+len(value), literal)
}

var unescapeXML = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'")
