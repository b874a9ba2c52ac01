package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

var closingQuote = map[rune]string{'“': "”", '‘': "’", '„': "“", '«': "»", '「': "」", '『': "』", '‹': "›"}

// maxQuoted is the longest quotation, in characters, that is one string. A
// longer one is a text with strings in it.
const maxQuoted = 60

// quote reads what a quotation mark of n bytes opens at i, if it does.
func (sc *scanner) quote(s string, i, n int, closing string) int {
	from := i + n
	if e := lex.MatchShortYear(s, i); e > i {
		return sc.emit(s, i, e, value.Date)
	}
	if lex.EndsWord(s, i) && n == 1 || from >= len(s) || lex.IsSpace(s[from]) {
		return from
	}
	to := closingAt(s, from, closing)
	if to <= from || lex.IsSpace(s[to-1]) {
		return from
	}
	if end, k := sc.whole(s[:to], from); end == to {
		sc.emit(s, from, to, k)
		return to + len(closing)
	}
	if isLiteral(s[from:to]) {
		sc.emit(s, from, to, value.Quotation)
		return to + len(closing)
	}
	return from
}

// closingAt is where the literal that begins at from is closed, -1 if it is
// not within maxQuoted.
func closingAt(s string, from int, closing string) int {
	limit := min(len(s), from+maxQuoted*utf8.UTFMax)
	for k := from; k < limit; k++ {
		switch {
		case s[k] == '\\' && closing == `"`:
			k++
		case strings.HasPrefix(s[k:], closing):
			after := k + len(closing)
			if utf8.RuneCountInString(s[from:k]) > maxQuoted || len(closing) == 1 && lex.WordLen(s, after) > 0 {
				return -1
			}
			return k
		case s[k] == '\n':
			return -1
		}
	}
	return -1
}

// whole reads s from i as one string of another kind. end is i if it is none.
func (sc *scanner) whole(s string, i int) (end int, kind value.Kind) {
	if i >= len(s) {
		return i, ""
	}
	probe := scanner{passage: sc.passage}
	var matchers []matcher
	switch lex.Classes[s[i]] {
	case lex.Digit:
		matchers = digitMatchers
	case lex.Lower, lex.Upper:
		matchers = letterMatchers
	case lex.Lead:
		matchers = leadMatchers
	}
	for _, m := range matchers {
		if m.match(s, i) == len(s) {
			return len(s), m.kind
		}
	}
	if lex.MatchPair(s, i) == len(s) {
		return len(s), value.Path
	}
	if k, _ := probe.leadOfNumber(s, i); k >= 0 && probe.number(s, i) == len(s) {
		return len(s), probe.found[0].Kind
	}
	return i, ""
}

// isLiteral reports whether a quotation is a literal rather than speech, a word
// or one character: it has more than letters, and does not end like a sentence.
func isLiteral(s string) bool {
	if len(s) < 2 || !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) {
		return false
	}
	switch s[len(s)-1] {
	case '.', ',', '?', '!':
		if strings.Contains(s, " ") {
			return false
		}
	}
	words, signs, content := 1, 0, false
	for i := 0; i < len(s); {
		if n := lex.WordLen(s, i); n > 0 {
			content = true
			if lex.IsDigit(s[i]) || s[i] == '_' {
				signs++
			}
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == ' ':
			words++
		case r >= 0x2E80:
			content = true
			signs++
		default:
			signs++
		}
		i += n
	}
	if strings.HasSuffix(s, "？") || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "！") || strings.HasSuffix(s, "，") {
		return false
	}
	if s[0] == ',' || s[0] == ':' || s[0] == ')' || s[0] == ']' || s[0] == '}' {
		return false // the quotation marks close here, they do not open
	}
	return content && (words > 1 || signs > 0)
}
