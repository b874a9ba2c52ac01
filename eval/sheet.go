package eval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/exact"
)

// sheetStrings are the strings on the fact sheets of a pack; empty, not nil, if
// there is none.
func sheetStrings(k *pack.Question) []string {
	carried := []string{}
	for _, r := range k.Requests {
		if r.Sheet == nil {
			continue
		}
		for _, e := range r.Sheet.Carried {
			carried = append(carried, e.Text)
		}
	}
	return carried
}

// fromSheet puts strings of the sheet in place of what was misread of them: the
// answer as a whole if that is near one, else every word of it with a digit or
// that looks exact. Near is at most a third of the characters, and nearer than
// to any other string of the sheet; a string that the word has all of is no
// misreading. It is a rule for what a model does that is told to copy from the
// sheet.
func fromSheet(answer string, carried []string) string {
	trimmed := strings.TrimSpace(answer)
	if s, ok := nearestString(trimmed, carried); ok {
		return s
	}
	var out strings.Builder
	for rest := answer; rest != ""; {
		space := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) })
		if space < 0 {
			space = len(rest)
		}
		out.WriteString(rest[:space])
		rest = rest[space:]
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		out.WriteString(wordFromSheet(rest[:end], carried))
		rest = rest[end:]
	}
	return out.String()
}

// wordFromSheet keeps the punctuation around a word.
func wordFromSheet(word string, carried []string) string {
	const around = `.,;:!?"'()[]{}<>“”‘’`
	core := strings.Trim(word, around)
	if core == "" || slices.Contains(carried, word) || !strings.ContainsFunc(core, unicode.IsDigit) && len(exact.Find(core)) == 0 {
		return word
	}
	if s, ok := nearestString(core, carried); ok {
		at := strings.Index(word, core)
		return word[:at] + s + word[at+len(core):]
	}
	return word
}

// nearestString is the string of the sheet that s is, or is a misreading of.
func nearestString(s string, carried []string) (string, bool) {
	n := utf8.RuneCountInString(s)
	if n == 0 {
		return "", false
	}
	read := []rune(s)
	best, least, tied := "", n/3+1, true
	for _, c := range carried {
		if c == s {
			return s, true
		}
		if strings.Contains(s, c) {
			continue
		}
		if difference := utf8.RuneCountInString(c) - n; max(difference, -difference) > least {
			continue
		}
		switch d := metric.EditDistance([]rune(c), read); {
		case d < least:
			best, least, tied = c, d, false
		case d == least:
			tied = true
		}
	}
	return best, !tied
}
