package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

var (
	titles    = lex.SetOf("Sir Dr Mr Mrs Ms Prof Lord Lady Dame Herr Frau Monsieur Madame Señor Señora Signor Pan Pani")
	particles = lex.SetOf("de van von der den del da dos do di la le bin ibn al el zu af ter")
)

// placeWords begin the names of places rather than of people.
var placeWords = lex.SetOf("Los Las San Santa Saint New North South East West Mount Lake Fort Port")

// authorEnd reads a name as papers cite it, Watson JD, behind the surname that
// begins at i; it is the surname's end if no initials follow.
func authorEnd(s string, surname namePart, i int) int {
	const most = 3
	e := lex.Gap(s, surname.end)
	end := e
	for lex.IsUpper(lex.At(s, end)) {
		end++
	}
	n := end - e
	if e == surname.end || n == 0 || n > most || lex.WordLen(s, end) > 0 || surname.initial || strings.Trim(s[e:end], "IVX") == "" {
		return surname.end
	}
	if c := lex.At(s, end); c != ',' && c != '.' && c != ';' && c != ')' && !strings.HasPrefix(s[end:], " (") && !strings.HasPrefix(s[end:], " et al") {
		return surname.end
	}
	if surname.english && n < 2 || surname.english && lex.StartsSentence(s, i) {
		return surname.end
	}
	return end
}

// namePart is a word of a person's name.
type namePart struct {
	end     int
	initial bool
	given   bool
	known   bool // a common word of some language
	english bool // a common word of English texts
}

// partAt reads a part of a name at i: an initial with its full stop or a word
// with a capital. end is i if there is none.
func partAt(s string, i int) (p namePart) {
	p.end = i
	if i >= len(s) {
		return p
	}
	first, n := utf8.DecodeRuneInString(s[i:])
	if !unicode.IsUpper(first) || !unicode.In(first, unicode.Latin, unicode.Cyrillic) {
		return p
	}
	if lex.At(s, i+n) == '.' && lex.WordLen(s, i) == n {
		p.initial, p.end = true, i+n+1
		return p
	}
	const longest = 24
	end := lex.WordEnd(s, i)
	if end-i < 2 || end-i > longest {
		return p
	}
	w := s[i:end]
	smalls := 0
	for k, r := range w {
		switch {
		case r == '_' || r < utf8.RuneSelf && lex.IsDigit(byte(r)):
			return p
		case unicode.IsLower(r):
			smalls++
		case k > 0 && unicode.IsUpper(r) && !lex.IsGaelic(w):
			return p
		}
	}
	if smalls == 0 {
		return p
	}
	// O'Brien, Gay-Lussac
	if c := lex.At(s, end); (c == '-' || c == '\'') && lex.IsUpper(lex.At(s, end+1)) && lex.WordEnd(s, end+1) > end+2 {
		end = lex.WordEnd(s, end+1)
		w = s[i:end]
	}
	p.end = end
	low := strings.ToLower(w)
	p.given = lex.IsGivenName(low)
	p.english = lex.IsKnownForm(low)
	p.known = p.english || lex.IsCommonWord(low)
	return p
}

// personEnd is the end of the name of a person that begins with the word
// s[i:end], i if none does: a given name, initials or a title with a surname, or
// two words that no language has.
func (sc *scanner) personEnd(s string, i, end int) int {
	if !sc.mayGoOn(s, end) {
		return i
	}
	k := i
	titled := titles[s[i:end]]
	if titled {
		k = end
		if lex.At(s, k) == '.' {
			k++
		}
		if k = lex.Gap(s, k); k == end {
			return i
		}
	}
	first := partAt(s, k)
	if first.end == k || placeWords[s[k:first.end]] {
		return i
	}
	if e := authorEnd(s, first, k); !titled && e > first.end {
		return e
	}
	parts := []namePart{first}
	e := first.end
	var last namePart
	const most = 5
	for len(parts) < most {
		g := lex.Gap(s, e)
		if first := parts[len(parts)-1]; g == e && !first.initial {
			break
		}
		for range 2 { // van der
			w := lex.WordEnd(s, g)
			if after := lex.Gap(s, w); after > w && particles[s[g:w]] {
				g = after
			}
		}
		p := partAt(s, g)
		if p.end == g {
			break
		}
		if len(parts) > 1 && p.english && !p.given && !last.initial && !parts[len(parts)-1].initial {
			break
		}
		parts = append(parts, p)
		e, last = p.end, p
	}
	if last.initial || len(parts) == 1 && !titled {
		return i
	}
	if titled {
		if len(parts) == 1 && parts[0].known && !parts[0].given {
			return i
		}
		return e
	}
	if sc.isPerson(s, i, parts) {
		return e
	}
	return i
}

// mayGoOn reports whether a word that ends at end may be followed by another of
// a name: one with a capital, or a particle.
func (sc *scanner) mayGoOn(s string, end int) bool {
	c := lex.At(s, end)
	if c == '.' || c == '-' || c == '\'' {
		return true
	}
	e := lex.Gap(s, end)
	if e == end || e >= len(s) {
		return false
	}
	return lex.IsUpper(s[e]) || s[e] >= utf8.RuneSelf || particles[s[e:lex.WordEnd(s, e)]]
}

func (sc *scanner) isPerson(s string, i int, parts []namePart) bool {
	a, b := parts[0], parts[1]
	switch {
	case a.initial && b.initial:
		return !parts[len(parts)-1].known
	case a.initial:
		return !b.known || b.given
	case b.initial:
		return a.given && len(parts) > 2
	}
	first, _ := utf8.DecodeRuneInString(s[i:])
	if unicode.Is(unicode.Cyrillic, first) {
		return a.given && !b.initial || !a.known && !b.known
	}
	if a.given {
		// A given name that is a word as well needs a surname that is none.
		if a.english && !lex.ExpectedNames[strings.ToLower(s[i:a.end])] {
			return !b.known
		}
		return !sc.passage.IsGerman() || !b.known
	}
	if sc.passage.IsGerman() {
		const longest = 12 // compounds are longer
		return !a.known && !b.known && a.end-i <= longest && b.end-a.end <= longest && !lex.StartsSentence(s, i)
	}
	return !a.known && (!b.known || !b.english) && !strings.HasSuffix(s[i:a.end], "s")
}

// isRareName reports whether s[i:end] is a name of one word that a language
// prior would replace: no common word of any language, in an English passage.
func (sc *scanner) isRareName(s string, i, end int) bool {
	if first, _ := utf8.DecodeRuneInString(s[i:]); !unicode.IsUpper(first) || !lex.IsRare(s, i, end) || !sc.passage.IsEnglish() || sc.passage.IsGerman() {
		return false
	}
	low := strings.ToLower(s[i:end])
	for _, ending := range []string{"", "s", "ed", "ing", "ly", "er", "less", "ness", "ful", "ous", "ment", "ation", "ity", "able", "al", "ian", "ic", "ist"} {
		if stem, ok := strings.CutSuffix(low, ending); ok && len(stem) > 2 && lex.IsCommonWord(stem) {
			return false
		}
	}
	return true
}

// isCapitalName reports whether s[i:end] is a word of capitals that no reader
// expects: the name of a variable, a bank's code, a currency beside a number.
func (sc *scanner) isCapitalName(s string, i, end int) bool {
	const (
		minLength = 3
		maxLength = 40
		// Shorter ones are abbreviations that readers know (NASA, GPU).
		long = 6
	)
	w := s[i:end]
	if len(w) < minLength || len(w) > maxLength || strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return false
	}
	if lex.At(s, end) == '=' && lex.At(s, end+1) != '=' || value.Currency(w) != "" && lex.BesideNumber(s, i, end) {
		return true
	}
	word := strings.ToLower(w)
	switch {
	case lex.IsKnownForm(word) || lex.ExpectedNames[word]:
		return false
	case lex.IsBIC(w):
		return true
	case len(w) < long:
		return sc.isMachine(s, i)
	}
	return lex.Surprisal([]byte(word)) >= lex.RareName && !sc.passage.IsForeign()
}
