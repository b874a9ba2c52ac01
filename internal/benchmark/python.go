package benchmark

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// isSpace is Python's str.isspace, which has four separators that Unicode's
// White_Space lacks.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F
}

// fields is str.split without arguments.
func fields(s string) []string { return strings.FieldsFunc(s, isSpace) }

// lower is str.lower: full case mapping, final sigma included.
func lower(s string) string { return cases.Lower(language.Und).String(s) }

// isWordRune is \w of re.
func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// isASCIIPunct is membership in string.punctuation.
func isASCIIPunct(r rune) bool {
	return r > ' ' && r < 0x7F && !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
}

// digitRuns is re.findall(r"\d+").
func digitRuns(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
}

// digitsAfter is the first match of prefix followed by \d+: its digits, or "".
func digitsAfter(s, prefix string) string {
	for {
		_, rest, found := strings.Cut(s, prefix)
		if !found {
			return ""
		}
		if end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) }); end > 0 {
			return rest[:end]
		} else if end < 0 && rest != "" {
			return rest
		}
		s = rest
	}
}
