package exact

import "strings"

// passageSize is how much text around a word tells its language, in bytes.
const passageSize = 2 << 10

// passage is the text around a line.
type passage struct {
	text    string
	decided bool
	foreign bool
}

// isForeign reports whether most words of the passage are no English ones. A
// passage of few words tells nothing.
func (p *passage) isForeign() bool {
	const (
		minWords = 20
		// Of the words in small letters of English prose about 0.9 are known,
		// of German, French and Spanish 0.1 to 0.3.
		minKnown = 0.45
	)
	if p.decided {
		return p.foreign
	}
	words, known := 0, 0
	for i, s := 0, p.text; i < len(s); {
		if wordLen(s, i) == 0 {
			i++
			continue
		}
		end := wordEnd(s, i)
		if end-i <= maxPlain && isSmall(s[i:end]) {
			words++
			if isKnownForm(s[i:end]) {
				known++
			}
		}
		i = end
	}
	p.decided = true
	p.foreign = words >= minWords && float64(known) < minKnown*float64(words)
	return p.foreign
}

// isSmall reports whether a word has two small letters or more and nothing
// else; letters outside ASCII count.
func isSmall(w string) bool {
	for k := range len(w) {
		if c := w[k]; c < 0x80 && !isLower(c) || c == '_' {
			return false
		}
	}
	return len(w) >= 2
}

// isMachineLine reports whether a line is code, configuration or a log rather
// than prose: it ends like code, begins with a prompt or a timestamp, is one
// key and its value, or has key=value in it.
func isMachineLine(s string) bool {
	t := strings.Trim(s, " \t\r\n")
	if t == "" {
		return false
	}
	if strings.IndexByte("{};\\", t[len(t)-1]) >= 0 || strings.HasPrefix(t, "$ ") {
		return true
	}
	if i := len(t) - len(strings.TrimLeft(t, "[")); i < len(t) {
		end := matchDate(t, i)
		if end == i {
			end = matchNamedDate(t, i)
		}
		if strings.Contains(t[i:end], ":") {
			return true
		}
	}
	key := strings.TrimPrefix(t, "- ")
	if k := joinedEnd(key, 0); k > 0 && strings.HasPrefix(key[k:], ": ") && !strings.Contains(strings.TrimLeft(key[k+1:], " "), " ") {
		return true
	}
	for i := 1; i+1 < len(t); i++ {
		if t[i] == '=' && isWordByte(t[i-1]) && t[i+1] > ' ' && t[i+1] != '=' {
			return true
		}
	}
	return false
}
