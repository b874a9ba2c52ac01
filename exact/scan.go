package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/value"
)

// scanner finds the strings of one line at a time.
//
// A matcher is a function of the line and a position that returns the end of
// its string, or the position itself if there is none. Matchers are tried from
// the most specific to the least; the first that matches wins. A position that
// matchers are tried at never stands inside a word.
type scanner struct {
	base    int64
	passage passage
	machine *bool // whether the line is code, configuration or a log
	found   []String
	tooLong []*TooLongError
	runEnd  int // of the run that was looked at last
}

func (sc *scanner) line(s string, base int64) {
	sc.base, sc.runEnd, sc.machine = base, 0, nil
	sc.text(s)
}

func (sc *scanner) isMachine(s string) bool {
	if sc.machine == nil {
		sc.machine = new(isMachineLine(s))
	}
	return *sc.machine
}

// maxRun bounds the work where every word of a run makes matchers read to its
// end. Longer runs are strings from their first byte to their last, or nothing
// is looked for behind what they begin with.
const maxRun = 1 << 10

// isRunByte reports whether a matcher may go on over c.
func isRunByte(c byte) bool { return isPathByte(c) || c == ':' || c == '\\' || c >= utf8.RuneSelf }

// endLongRun returns where to go on after end: end itself, or the end of the run
// that is too long and has begun at i.
func (sc *scanner) endLongRun(s string, i, end int) int {
	if i < sc.runEnd {
		return end
	}
	k := i
	for k < len(s) && isRunByte(s[k]) && (s[k] < utf8.RuneSelf || wordLen(s, k) > 0) {
		k += max(1, wordLen(s, k))
	}
	sc.runEnd = k
	if k-i <= maxRun || end >= k {
		return end
	}
	sc.tooLong = append(sc.tooLong, &TooLongError{sc.base + int64(end), sc.base + int64(k)})
	return k
}

func (sc *scanner) emit(s string, from, to int, k value.Kind) int {
	sc.found = append(sc.found, String{sc.base + int64(from), sc.base + int64(to), k, s[from:to]})
	return to
}

func (sc *scanner) text(s string) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			i = sc.unicode(s, i)
		case classes[c] == digit:
			i = sc.digit(s, i)
		case classes[c] == lower || classes[c] == upper:
			i = sc.letter(s, i)
		case classes[c] == quote:
			i = sc.quote(s, i, 1, s[i:i+1])
		case classes[c] == lead:
			i = sc.lead(s, i)
		default:
			i++
		}
	}
}

// matcher is a way to read a place.
type matcher struct {
	kind  value.Kind
	match func(s string, i int) int
}

var (
	digitMatchers = []matcher{
		{value.Date, matchDate}, {value.UUID, matchUUID}, {value.MAC, matchMAC}, {value.IP, matchIP}, {value.Time, matchTime},
		{value.Phone, matchPhone}, {value.Account, matchAccount}, {value.Email, matchEmail}, {value.Hash, matchHash}, {value.Base64, matchBase64},
		{value.Hex, matchHex}, {value.Path, matchFile}, {value.Version, matchVersion}, {value.Number, matchRatio}, {value.Number, matchNumber}, {value.Identifier, matchCode},
	}
	letterMatchers = []matcher{
		{value.URL, matchURL}, {value.Date, matchNamedDate}, {value.Number, matchCurrencyCode}, {value.UUID, matchUUID}, {value.MAC, matchMAC}, {value.IP, matchIPv6},
		{value.Account, matchIBAN}, {value.Email, matchEmail}, {value.Path, matchDrive}, {value.Hash, matchHash}, {value.Base64, matchBase64}, {value.Path, matchFile},
		{value.Hex, matchHex}, {value.Version, matchVersion}, {value.Identifier, matchIdentifier},
	}
	leadMatchers = []matcher{
		{value.Flag, matchFlag}, {value.Phone, matchInternationalPhone}, {value.Number, matchSigned}, {value.Base64, matchSignedBase64}, {value.Path, matchPath},
		{value.Path, matchVariablePath}, {value.Identifier, matchVariable}, {value.IP, matchIPv6},
	}
)

func (sc *scanner) try(s string, i int, matchers []matcher) (end int, ok bool) {
	for _, m := range matchers {
		if end := m.match(s, i); end > i {
			return sc.emit(s, i, end, m.kind), true
		}
	}
	return i, false
}

func (sc *scanner) digit(s string, i int) int {
	end, ok := sc.try(s, i, digitMatchers)
	if !ok {
		end = wordEnd(s, i)
	}
	return sc.endLongRun(s, i, end)
}

func (sc *scanner) letter(s string, i int) int {
	end := wordEnd(s, i)
	if isPlain(s, i, end) {
		if isRare(s, i, end) && !sc.passage.isForeign() {
			sc.emit(s, i, end, value.Name)
		}
		return end
	}
	if end, ok := sc.try(s, i, letterMatchers); ok {
		return sc.endLongRun(s, i, end)
	}
	if e := matchHyphenated(s, i); e > i && sc.isMachine(s) {
		end = sc.emit(s, i, e, value.Identifier)
	} else if sc.isCapitalName(s, i, end) {
		sc.emit(s, i, end, value.Identifier)
	} else if isRare(s, i, end) && !sc.passage.isForeign() {
		sc.emit(s, i, end, value.Name)
	}
	return sc.endLongRun(s, i, end)
}

// isPlain reports whether the word s[i:end] is plain text by itself, so that
// most matchers need not be tried: letters, at most the first a capital, no
// month or currency, and nothing behind it that could make it longer.
func isPlain(s string, i, end int) bool {
	if end < len(s) && s[end] != ' ' && s[end] != '\n' && s[end] != ',' {
		// A full stop at the end of a sentence joins nothing.
		if s[end] != '.' || wordLen(s, end+1) > 0 {
			return false
		}
	}
	if end-i > maxPlain {
		return false
	}
	if isUpper(s[i]) && (end-i == 3 || monthOf(s[i:end]) > 0 || weekdays[s[i:end]]) {
		return false
	}
	for k := i; k < end; k++ {
		if c := s[k]; isDigit(c) || c == '_' || k > i && isUpper(c) {
			return false
		}
	}
	return true
}

// maxPlain is above every English word and below a run of letters that may be
// base64.
const maxPlain = 19

func (sc *scanner) lead(s string, i int) int {
	end, ok := sc.try(s, i, leadMatchers)
	if !ok {
		end = i + 1
	}
	return sc.endLongRun(s, i, end)
}

func (sc *scanner) unicode(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	if wordLen(s, i) > 0 {
		return sc.letter(s, i)
	}
	if closing, ok := closingQuote[r]; ok {
		return sc.quote(s, i, n, closing)
	}
	if end := matchWideNumber(s, i); end > i {
		return sc.emit(s, i, end, value.Number)
	}
	return i + n
}

var closingQuote = map[rune]string{'“': "”", '‘': "’", '„': "“", '«': "»", '「': "」", '『': "』", '‹': "›"}

// maxQuoted is the longest quotation, in characters, that is one string. A
// longer one is a text with strings in it.
const maxQuoted = 60

// quote reads what a quotation mark of n bytes opens at i, if it does.
func (sc *scanner) quote(s string, i, n int, closing string) int {
	from := i + n
	if endsWord(s, i) && n == 1 || from >= len(s) || isSpace(s[from]) {
		return from
	}
	to := closingAt(s, from, closing)
	if to <= from || isSpace(s[to-1]) {
		return from
	}
	if end, k := whole(s[:to], from); end == to {
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
			if utf8.RuneCountInString(s[from:k]) > maxQuoted || len(closing) == 1 && wordLen(s, after) > 0 {
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
func whole(s string, i int) (end int, kind value.Kind) {
	if i >= len(s) {
		return i, ""
	}
	var matchers []matcher
	switch classes[s[i]] {
	case digit:
		matchers = digitMatchers
	case lower, upper:
		matchers = letterMatchers
	case lead:
		matchers = leadMatchers
	}
	for _, m := range matchers {
		if m.match(s, i) == len(s) {
			return len(s), m.kind
		}
	}
	if matchPair(s, i) == len(s) {
		return len(s), value.Path
	}
	if end := matchWideNumber(s, i); end == len(s) {
		return end, value.Number
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
		if n := wordLen(s, i); n > 0 {
			content = true
			if isDigit(s[i]) || s[i] == '_' {
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
