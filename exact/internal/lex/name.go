package lex

import (
	"strings"
)

// refs are the names that branches, remotes and tags begin with.
var refs = SetOf("origin upstream refs heads tags remotes feature bugfix hotfix release")

// zoneAreas are the areas of the IANA time zone database.
var zoneAreas = SetOf("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific Etc")

// isSlashName reports whether two parts without digits, dots and underscores
// are a name: library/redis, kube-system/vpc-cni, origin/main. Plain words on
// both sides are none, nor are short words that are no English (und/oder).
func isSlashName(p string) bool {
	const minUnknown = 5
	a, b, _ := strings.Cut(p, "/")
	if zoneAreas[a] && b != "" && IsUpper(b[0]) {
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
		if !IsKnownForm(word) {
			return false
		}
	}
	return true
}

// Hyphenated English begins or ends with these.
var (
	hyphenPrefixes = SetOf("anti co de ex half long mid multi non one pre re self semi short single sub two un well")
	hyphenSuffixes = SetOf("based free in known level like off on only out side time to up wide")
)

// MatchHyphenated reads small words with hyphens between them, such as
// db-primary. It is for lines that are no prose.
func MatchHyphenated(s string, i int) int {
	if strings.IndexByte("-./@\\", At(s, i-1)) >= 0 {
		return i
	}
	end, hyphens := i, 0
	for IsLower(At(s, end)) || At(s, end) == '-' && IsLower(At(s, end+1)) && end > i {
		if s[end] == '-' {
			hyphens++
		}
		end++
	}
	const minLength = 5
	if hyphens == 0 || end-i < minLength || WordLen(s, end) > 0 || At(s, end) == '-' {
		return i
	}
	w := s[i:end]
	first, last := w[:strings.IndexByte(w, '-')], w[strings.LastIndexByte(w, '-')+1:]
	if hyphenPrefixes[first] || hyphenSuffixes[last] || strings.HasSuffix(last, "ed") || strings.HasSuffix(last, "ing") {
		return i
	}
	return end
}

// IsStrange reports whether a word with hyphens has a part that is no common
// word: glibc-doc.
func IsStrange(w string) bool {
	for part := range strings.SplitSeq(w, "-") {
		if len(part) > 2 && !IsKnownForm(part) && !IsCommonWord(part) {
			return true
		}
	}
	return false
}

// BesideNumber reports whether a number stands before i or after end, with no
// more than blanks and one bar, comma or bracket between.
func BesideNumber(s string, i, end int) bool {
	const between = " \t|,(:\""
	const most = 16
	after := strings.TrimLeft(s[end:min(len(s), end+most)], between)
	before := strings.TrimRight(s[max(0, i-most):i], between)
	return after != "" && IsDigit(after[0]) || before != "" && IsDigit(before[len(before)-1])
}

// bankCountries are the countries of ISO 9362 codes that words of other
// languages rarely have in that place.
var bankCountries = SetOf("AT BE CH CN CZ DE DK ES FI FR GB HU IE IT JP LU NL NO PL PT SE US")

// IsBIC reports whether a word of capitals has the form of a bank's code (ISO
// 9362): eight letters or eleven, the fifth and sixth a country.
func IsBIC(w string) bool {
	return (len(w) == 8 || len(w) == 11) && bankCountries[w[4:6]]
}

// MatchVariable reads $HOME and ${HOME}, with an operator of the shell inside
// the braces.
func MatchVariable(s string, i int) int {
	const longest = 80
	if s[i] != '$' {
		return i
	}
	if At(s, i+1) != '{' {
		if c := At(s, i+1); !IsAlpha(c) && c != '_' {
			return i
		}
		end := WordEnd(s, i+1)
		if e := DigitsEnd(s, min(end+1, len(s))); At(s, end) == '$' && e > end+1 {
			return e // the cell $B$2
		}
		return end
	}
	if c := At(s, i+2); !IsAlpha(c) && c != '_' {
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

// MatchVariablePath reads $HOME/src and ${DIR}/x.
func MatchVariablePath(s string, i int) int {
	k := MatchVariable(s, i)
	if k == i || At(s, k) != '/' || WordLen(s, k+1) == 0 && At(s, k+1) != '.' {
		return i
	}
	return pathEnd(s, k)
}
