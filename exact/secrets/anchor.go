package secrets

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// anchor says where in a text an expression can match at all: every match
// holds one of words, which begins at most before characters behind the
// match's start, and from which on tail matches.
type anchor struct {
	words  []string // lower-case ASCII
	before int      // characters
	tail   string   // the expression from the word on
	after  int      // characters from the word to the end of the match; unbounded if it has no limit
}

const (
	unbounded = -1
	maxWords  = 64  // of one anchor
	minWord   = 2   // bytes; one is everywhere
	rareWord  = 6   // bytes; from there on longer is not rarer
	maxBefore = 256 // characters
)

// findAnchor returns the anchor with the rarest words, the first of several.
func findAnchor(expr string) (anchor, bool) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return anchor{}, false
	}
	parts := flatten(re, nil)
	var best anchor
	bestLength, before := minWord-1, 0
	for i, part := range parts {
		words, _ := prefixes(&syntax.Regexp{Op: syntax.OpConcat, Sub: parts[i:]})
		if n := min(shortest(words), rareWord); n > bestLength {
			rest := &syntax.Regexp{Op: syntax.OpConcat, Sub: parts[i:]}
			bestLength = n
			best = anchor{words: words, before: before, tail: rest.String(), after: maxLength(rest)}
		}
		n := maxLength(part)
		if n == unbounded || before+n > maxBefore {
			break
		}
		before += n
	}
	return best, bestLength >= minWord
}

// flatten returns the parts of a concatenation without the groups around them.
func flatten(re *syntax.Regexp, parts []*syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			parts = flatten(sub, parts)
		}
		return parts
	}
	return append(parts, re)
}

// prefixes returns strings one of which every match of re begins with, in
// lower case. They are exact if there are no other matches.
func prefixes(re *syntax.Regexp) (words []string, exact bool) {
	none := []string{""}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return none, true
	case syntax.OpLiteral:
		word := strings.ToLower(string(re.Rune))
		if strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) {
			return none, false
		}
		return []string{word}, true
	case syntax.OpCharClass:
		return class(re.Rune)
	case syntax.OpCapture:
		return prefixes(re.Sub[0])
	case syntax.OpPlus:
		words, _ = prefixes(re.Sub[0])
		return words, false
	case syntax.OpRepeat:
		if re.Min == 0 {
			return none, false
		}
		words, exact = prefixes(re.Sub[0])
		return words, exact && re.Min == 1 && re.Max == 1
	case syntax.OpQuest:
		words, exact = prefixes(re.Sub[0])
		return unique(append(words, "")), exact
	case syntax.OpAlternate:
		exact = true
		for _, sub := range re.Sub {
			w, e := prefixes(sub)
			words, exact = append(words, w...), exact && e
		}
		if words = unique(words); len(words) > maxWords {
			return none, false
		}
		return words, exact
	case syntax.OpConcat:
		words, exact = none, true
		for _, sub := range re.Sub {
			more, all := prefixes(sub)
			if len(words)*len(more) > maxWords {
				return words, false
			}
			var joined []string
			for _, w := range words {
				for _, m := range more {
					joined = append(joined, w+m)
				}
			}
			if words = unique(joined); !all {
				return words, false
			}
		}
		return words, true
	}
	return none, false
}

// class returns the characters of a small class of ASCII characters.
func class(ranges []rune) ([]string, bool) {
	const few = 4
	var words []string
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i+1] > unicode.MaxASCII || ranges[i+1]-ranges[i] >= 2*few {
			return []string{""}, false
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			words = append(words, strings.ToLower(string(r)))
		}
	}
	if words = unique(words); len(words) > few {
		return []string{""}, false
	}
	return words, true
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// maxLength bounds the characters that re matches.
func maxLength(re *syntax.Regexp) int {
	repeat := func(times int) int {
		n := maxLength(re.Sub[0])
		if n == 0 {
			return 0
		}
		if n == unbounded || times == unbounded {
			return unbounded
		}
		return n * times
	}
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpQuest:
		return repeat(1)
	case syntax.OpStar, syntax.OpPlus:
		return repeat(unbounded)
	case syntax.OpRepeat:
		return repeat(re.Max)
	case syntax.OpConcat, syntax.OpAlternate:
		total := 0
		for _, sub := range re.Sub {
			n := maxLength(sub)
			switch {
			case n == unbounded:
				return unbounded
			case re.Op == syntax.OpConcat:
				total += n
			default:
				total = max(total, n)
			}
		}
		return total
	}
	return 0
}
