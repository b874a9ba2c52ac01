package exact

import (
	"strings"

	"github.com/glyphkit/glyph/exact/value"
)

// refs are the names that branches, remotes and tags begin with.
var refs = setOf("origin upstream refs heads tags remotes feature bugfix hotfix release")

// zoneAreas are the areas of the IANA time zone database.
var zoneAreas = setOf("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific Etc")

// isSlashName reports whether two parts without digits, dots and underscores
// are a name: library/redis, kube-system/vpc-cni, origin/main. Plain words on
// both sides are none, nor are short words that are no English (und/oder).
func isSlashName(p string) bool {
	const minUnknown = 5
	a, b, _ := strings.Cut(p, "/")
	if zoneAreas[a] && b != "" && isUpper(b[0]) {
		return true // a time zone: America/Winnipeg
	}
	if len(a) < 3 || len(b) < 3 || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz-/") != "" {
		return false
	}
	unknownA, unknownB := len(a) >= minUnknown && !areKnown(a), len(b) >= minUnknown && !areKnown(b)
	return refs[a] || unknownA != unknownB || unknownA && strings.Contains(p, "-")
}

// areKnown reports whether all words with hyphens between them are known.
func areKnown(w string) bool {
	for word := range strings.SplitSeq(w, "-") {
		if !isKnownForm(word) {
			return false
		}
	}
	return true
}

// Hyphenated English begins or ends with these.
var (
	hyphenPrefixes = setOf("anti co de ex half long mid multi non one pre re self semi short single sub two un well")
	hyphenSuffixes = setOf("based free in known level like off on only out side time to up wide")
)

// matchHyphenated reads small words with hyphens between them, such as
// db-primary. It is for lines that are no prose.
func matchHyphenated(s string, i int) int {
	if strings.IndexByte("-./@\\", at(s, i-1)) >= 0 {
		return i
	}
	end, hyphens := i, 0
	for isLower(at(s, end)) || at(s, end) == '-' && isLower(at(s, end+1)) && end > i {
		if s[end] == '-' {
			hyphens++
		}
		end++
	}
	const minLength = 5
	if hyphens == 0 || end-i < minLength || wordLen(s, end) > 0 || at(s, end) == '-' {
		return i
	}
	w := s[i:end]
	first, last := w[:strings.IndexByte(w, '-')], w[strings.LastIndexByte(w, '-')+1:]
	if hyphenPrefixes[first] || hyphenSuffixes[last] || strings.HasSuffix(last, "ed") || strings.HasSuffix(last, "ing") {
		return i
	}
	return end
}

// isStrange reports whether a word with hyphens has a part that is no common
// word: glibc-doc.
func isStrange(w string) bool {
	for part := range strings.SplitSeq(w, "-") {
		if len(part) > 2 && !isKnownForm(part) && !isCommonWord(part) {
			return true
		}
	}
	return false
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
	if at(s, end) == '=' && at(s, end+1) != '=' || value.Currency(w) != "" && besideNumber(s, i, end) {
		return true
	}
	word := strings.ToLower(w)
	switch {
	case isKnownForm(word) || expectedNames[word]:
		return false
	case isBIC(w):
		return true
	case len(w) < long:
		return sc.isMachine(s, i)
	}
	return surprisal([]byte(word)) >= rareName && !sc.passage.isForeign()
}

// besideNumber reports whether a number stands before i or after end, with no
// more than blanks and one bar, comma or bracket between.
func besideNumber(s string, i, end int) bool {
	const between = " \t|,(:\""
	const most = 16
	after := strings.TrimLeft(s[end:min(len(s), end+most)], between)
	before := strings.TrimRight(s[max(0, i-most):i], between)
	return after != "" && isDigit(after[0]) || before != "" && isDigit(before[len(before)-1])
}

// bankCountries are the countries of ISO 9362 codes that words of other
// languages rarely have in that place.
var bankCountries = setOf("AT BE CH CN CZ DE DK ES FI FR GB HU IE IT JP LU NL NO PL PT SE US")

// isBIC reports whether a word of capitals has the form of a bank's code (ISO
// 9362): eight letters or eleven, the fifth and sixth a country.
func isBIC(w string) bool {
	return (len(w) == 8 || len(w) == 11) && bankCountries[w[4:6]]
}

// matchVariable reads $HOME and ${HOME}, with an operator of the shell inside
// the braces.
func matchVariable(s string, i int) int {
	const longest = 80
	if s[i] != '$' {
		return i
	}
	if at(s, i+1) != '{' {
		if c := at(s, i+1); !isAlpha(c) && c != '_' {
			return i
		}
		return wordEnd(s, i+1)
	}
	if c := at(s, i+2); !isAlpha(c) && c != '_' {
		return i
	}
	for k := i + 3; k < len(s) && k < i+longest; k++ {
		switch c := s[k]; {
		case c == '}':
			return k + 1
		case c <= ' ' || c >= 0x7F || c == '{' || c == '"':
			return i
		}
	}
	return i
}

// matchVariablePath reads $HOME/src and ${DIR}/x.
func matchVariablePath(s string, i int) int {
	k := matchVariable(s, i)
	if k == i || at(s, k) != '/' || wordLen(s, k+1) == 0 && at(s, k+1) != '.' {
		return i
	}
	return pathEnd(s, k)
}
