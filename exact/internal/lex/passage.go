package lex

import "strings"

const (
	// passageSize is how much text around a word tells its language, in bytes.
	PassageSize = 2 << 10
	// maxPassage is where a passage ends though a value may go on over its end.
	MaxPassage = 4 * PassageSize
)

// Passage is a piece of the text that is looked at as one: whole lines.
type Passage struct {
	Text         string
	decided      bool
	words, known int // in small letters, and those of them that are English
	german       int // articles and conjunctions that only German has
}

func (p *Passage) count() {
	if p.decided {
		return
	}
	p.decided = true
	const enough = 150 // words
	for i, s := 0, p.Text; i < len(s) && p.words < enough; {
		if WordLen(s, i) == 0 {
			i++
			continue
		}
		end := WordEnd(s, i)
		if end-i <= MaxPlain && isSmall(s[i:end]) {
			p.words++
			if IsKnownForm(s[i:end]) {
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

// IsForeign reports whether most words of the passage are no English ones. A
// Passage of few words tells nothing.
func (p *Passage) IsForeign() bool {
	const minWords = 20
	p.count()
	return p.words >= minWords && float64(p.known) < minKnown*float64(p.words)
}

// IsGerman reports whether the passage is German, where every noun has a
// capital.
func (p *Passage) IsGerman() bool {
	p.count()
	return p.german*20 > p.words
}

// IsEnglish reports whether most words in small letters of the passage are
// English. A passage without any is not.
func (p *Passage) IsEnglish() bool {
	p.count()
	return p.words > 0 && float64(p.known) >= minKnown*float64(p.words)
}

// isSmall reports whether a word has two small letters or more and nothing
// else; letters outside ASCII count.
func isSmall(w string) bool {
	for k := range len(w) {
		if c := w[k]; c < 0x80 && !IsLower(c) || c == '_' {
			return false
		}
	}
	return len(w) >= 2
}

// IsMachineLine reports whether a line is code, configuration or a log rather
// than prose: it ends like code, begins with a prompt or a timestamp, is one
// key and its value, or has key=value in it.
func IsMachineLine(s string) bool {
	t := strings.Trim(s, " \t\r\n")
	if t == "" {
		return false
	}
	if strings.IndexByte("{};\\", t[len(t)-1]) >= 0 || strings.HasPrefix(t, "$ ") {
		return true
	}
	if i := len(t) - len(strings.TrimLeft(t, "[")); i < len(t) {
		end := MatchDate(t, i)
		if end == i {
			end = MatchNamedDate(t, i)
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
		if t[i] == '=' && IsWordByte(t[i-1]) && t[i+1] > ' ' && t[i+1] != '=' {
			return true
		}
	}
	return false
}

// MaxPlain is above every English word and below a run of letters that may be
// base64.
const MaxPlain = 19
