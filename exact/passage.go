package exact

import "strings"

const (
	// passageSize is how much text around a word tells its language, in bytes.
	passageSize = 2 << 10
	// maxPassage is where a passage ends though a value may go on over its end.
	maxPassage = 4 * passageSize
)

// passage is a piece of the text that is looked at as one: whole lines.
type passage struct {
	text         string
	decided      bool
	words, known int // in small letters, and those of them that are English
	german       int // articles and conjunctions that only German has
}

func (p *passage) count() {
	if p.decided {
		return
	}
	p.decided = true
	const enough = 400 // words
	for i, s := 0, p.text; i < len(s) && p.words < enough; {
		if wordLen(s, i) == 0 {
			i++
			continue
		}
		end := wordEnd(s, i)
		if end-i <= maxPlain && isSmall(s[i:end]) {
			p.words++
			if isKnownForm(s[i:end]) {
				p.known++
			}
			switch s[i:end] {
			case "der", "und", "das", "wird", "für", "eine":
				p.german++
			}
		}
		i = end
	}
}

// Of the words in small letters of English prose about 0.9 are known, of German,
// French and Spanish 0.1 to 0.3.
const minKnown = 0.45

// isForeign reports whether most words of the passage are no English ones. A
// passage of few words tells nothing.
func (p *passage) isForeign() bool {
	const minWords = 20
	p.count()
	return p.words >= minWords && float64(p.known) < minKnown*float64(p.words)
}

// isGerman reports whether the passage is German, where every noun has a
// capital.
func (p *passage) isGerman() bool {
	p.count()
	return p.german*20 > p.words
}

// isEnglish reports whether most words in small letters of the passage are
// English. A passage without any is not.
func (p *passage) isEnglish() bool {
	p.count()
	return p.words > 0 && float64(p.known) >= minKnown*float64(p.words)
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
	// Depends: a (>= 1.2), b | c
	if k := strings.Index(t, ": "); k > 0 && k < 30 && joinedEnd(t, 0) == k && (strings.Contains(t, " | ") || strings.Contains(t, " (>= ") || strings.Contains(t, " (<< ") || strings.Contains(t, " (= ")) {
		return true
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
