package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	titles    = setOf("Sir Dr Mr Mrs Ms Prof Lord Lady Dame Herr Frau Monsieur Madame Señor Señora Signor Pan Pani")
	particles = setOf("de van von der den del da dos do di la le bin ibn al el zu af ter")
)

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
	if at(s, i+n) == '.' && wordLen(s, i) == n {
		p.initial, p.end = true, i+n+1
		return p
	}
	const longest = 24
	end := wordEnd(s, i)
	if end-i < 2 || end-i > longest {
		return p
	}
	w := s[i:end]
	smalls := 0
	for k, r := range w {
		switch {
		case r == '_' || r < utf8.RuneSelf && isDigit(byte(r)):
			return p
		case unicode.IsLower(r):
			smalls++
		case k > 0 && unicode.IsUpper(r) && !isGaelic(w):
			return p
		}
	}
	if smalls == 0 {
		return p
	}
	// O'Brien, Gay-Lussac
	if c := at(s, end); (c == '-' || c == '\'') && isUpper(at(s, end+1)) && wordEnd(s, end+1) > end+2 {
		end = wordEnd(s, end+1)
		w = s[i:end]
	}
	p.end = end
	low := strings.ToLower(w)
	p.given = isGivenName(low)
	p.english = isKnownForm(low)
	p.known = p.english || isCommonWord(low)
	return p
}

// personEnd is the end of the name of a person that begins with the word
// s[i:end], i if none does: a given name, initials or a title with a surname, or
// two words that no language has.
func (sc *scanner) personEnd(s string, i, end int) int {
	k := i
	titled := titles[s[i:end]]
	if titled {
		k = end
		if at(s, k) == '.' {
			k++
		}
		if k = gap(s, k); k == end {
			return i
		}
	}
	first := partAt(s, k)
	if first.end == k {
		return i
	}
	parts := []namePart{first}
	e := first.end
	var last namePart
	const most = 5
	for len(parts) < most {
		g := gap(s, e)
		if first := parts[len(parts)-1]; g == e && !first.initial {
			break
		}
		if w := wordEnd(s, g); particles[s[g:w]] {
			after := gap(s, w)
			if after == w || partAt(s, after).end == after || parts[0].initial && len(parts) == 0 {
				break
			}
			g = after
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
		return a.given && !b.initial || !a.known && !b.known && !startsSentence(s, i)
	}
	if a.given {
		// A given name that is a word as well needs a surname that is none.
		if a.english && !expectedNames[strings.ToLower(s[i:a.end])] {
			return !b.known
		}
		return !sc.passage.isGerman() || !b.known
	}
	if sc.passage.isGerman() {
		return false
	}
	return !a.known && (!b.known || b.given && !b.english || !b.english && !startsSentence(s, i)) && !strings.HasSuffix(s[i:a.end], "s")
}

// isRareName reports whether s[i:end] is a name of one word that a language
// prior would replace: no common word of any language, in an English passage.
func (sc *scanner) isRareName(s string, i, end int) bool {
	if !isRare(s, i, end) || !sc.passage.isEnglish() || sc.passage.isGerman() {
		return false
	}
	low := strings.ToLower(s[i:end])
	for _, ending := range []string{"", "s", "ed", "ing", "ly", "er", "less", "ness", "ful", "ous", "ment", "ation", "ity", "able", "al", "ian", "ic", "ist"} {
		if stem, ok := strings.CutSuffix(low, ending); ok && len(stem) > 2 && isCommonWord(stem) {
			return false
		}
	}
	return true
}
