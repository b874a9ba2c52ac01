package verify

import (
	"strings"
	"unicode"
)

// lookalikes are the letters of Cyrillic, Greek and Armenian that look like a
// Latin one (Unicode Technical Standard 39, confusables). The signs of units, µ
// and Ω, are none.
const lookalikes = "аеорсухіјѕһԁԛԝѵгпкмтвнзьӏүАВЕКМНОРСТУХІЈЅҺԚԜӀҮ" + "αορνυικτχγϲϳεηΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ" + "օսոցհյ"

// spoofed says why a string is not what it looks like, or returns "": it has
// characters that are not seen or that change the direction of text, or a word
// of it mixes Latin letters with others that look like Latin ones. Verify finds
// no such string in a source, whatever the source holds.
func spoofed(s string) string {
	latin, alike, other := false, false, false
	for i, r := range s {
		switch {
		case r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
			latin = true
		case isInvisible(r) && i > 0:
			return "it has characters that are not seen"
		case strings.ContainsRune(lookalikes, r):
			alike = true
		case unicode.IsLetter(r):
			other = true
		case r == '_' || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
		default:
			if latin && alike && !other {
				return lookalikeNote
			}
			latin, alike, other = false, false, false
		}
	}
	if latin && alike && !other {
		return lookalikeNote
	}
	return ""
}

const lookalikeNote = "letters of two scripts that look alike are mixed in it"

// isInvisible tells format characters: zero-width ones, bidi controls, tags.
// Soft hyphens are seen where a line is broken.
func isInvisible(r rune) bool {
	return r != '\u00AD' && unicode.Is(unicode.Cf, r) || r >= 0xFE00 && r <= 0xFE0F && r != 0xFE0F || r >= 0xE0000 && r <= 0xE01EF
}
