package exact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/value"
)

// scanner finds the strings of one passage at a time.
//
// A matcher is a function of the passage and a position that returns the end of
// its string, or the position itself if there is none. Matchers are tried from
// the most specific to the least; the first that matches wins. A position that
// matchers are tried at never stands inside a word.
type scanner struct {
	base    int64
	passage passage
	line    line
	found   []String
	tooLong []*TooLongError
	runEnd  int // of the run that was looked at last
}

// line is the line of the passage that was looked at last.
type line struct {
	start, end int
	known      bool
	machine    bool // code, configuration or a log
}

func (sc *scanner) scanPassage(s string, base int64) {
	sc.base, sc.runEnd, sc.line = base, 0, line{}
	sc.text(s)
}

// isMachine reports whether the line at i is code, configuration or a log.
func (sc *scanner) isMachine(s string, i int) bool {
	l := &sc.line
	if !l.known || i >= l.end || i < l.start {
		l.start = strings.LastIndexByte(s[:i], '\n') + 1
		l.end = len(s)
		if k := strings.IndexByte(s[i:], '\n'); k >= 0 {
			l.end = i + k + 1
		}
		l.known, l.machine = true, isMachineLine(s[l.start:l.end])
	}
	return l.machine
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
	sc.found = append(sc.found, String{sc.base + int64(from), sc.base + int64(to), k, oneLine(s[from:to], k)})
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
		{value.Date, matchDate}, {value.UUID, matchUUID}, {value.MAC, matchMAC}, {value.Version, matchFullVersion}, {value.IP, matchIP}, {value.IP, matchNetwork},
		{value.Time, matchTime}, {value.Identifier, matchProcess}, {value.Citation, matchNumberOfYear},
		{value.Citation, matchNumberedCitation}, {value.Phone, matchPhone}, {value.Phone, matchAreaPhone}, {value.Account, matchAccount}, {value.Email, matchEmail}, {value.Hash, matchHash},
		{value.Base64, matchBase64}, {value.Hex, matchHex}, {value.Path, matchFile}, {value.Version, matchVersion}, {value.Ratio, matchRatio},
	}
	letterMatchers = []matcher{
		{value.URL, matchURL}, {value.Date, matchNamedDate}, {value.Citation, matchCitation}, {value.UUID, matchUUID}, {value.MAC, matchMAC}, {value.IP, matchIPv6},
		{value.Account, matchIBAN}, {value.Email, matchEmail}, {value.Path, matchDrive}, {value.Hash, matchPrefixedHash}, {value.Hash, matchHash},
		{value.Base64, matchBase64}, {value.Range, matchCellRange}, {value.Path, matchFile}, {value.Hex, matchHex}, {value.Version, matchVersion}, {value.Identifier, matchAccountAt}, {value.Identifier, matchTagged},
		{value.Identifier, matchDesignation}, {value.Identifier, matchIdentifier},
	}
	leadMatchers = []matcher{
		{value.Flag, matchFlag}, {value.Identifier, matchSigned}, {value.Phone, matchAreaPhone}, {value.Phone, matchInternationalPhone}, {value.Base64, matchSignedBase64},
		{value.Path, matchPath}, {value.Path, matchVariablePath}, {value.Identifier, matchVariable}, {value.IP, matchListener}, {value.IP, matchIPv6},
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
		end = sc.number(s, i)
	}
	if !ok && end == i {
		if end = matchCode(s, i); end > i {
			sc.emit(s, i, end, value.Identifier)
		} else {
			end = wordEnd(s, i)
		}
	}
	return sc.endLongRun(s, i, end)
}

func (sc *scanner) letter(s string, i int) int {
	end := wordEnd(s, i)
	if e := sc.words(s, i, end); e > i {
		return e
	}
	if isPlain(s, i, end) {
		if sc.isRareName(s, i, end) {
			sc.emit(s, i, end, value.Name)
		}
		return end
	}
	if currencySign(s, i) > 1 {
		if e := sc.number(s, i); e > i {
			return sc.endLongRun(s, i, e)
		}
	}
	if e := sc.currencyCode(s, i); e > i {
		return sc.endLongRun(s, i, sc.emit(s, i, e, value.Money))
	}
	if end, ok := sc.try(s, i, letterMatchers); ok {
		return sc.endLongRun(s, i, end)
	}
	if e := matchCapitalPair(s, i); e > i {
		end = sc.emit(s, i, e, value.Identifier)
	} else if e := matchHyphenated(s, i); e > i && (sc.isMachine(s, i) || isStrange(s[i:e])) {
		end = sc.emit(s, i, e, value.Identifier)
	} else if sc.isCapitalName(s, i, end) {
		sc.emit(s, i, end, value.Identifier)
	} else if sc.isRareName(s, i, end) {
		sc.emit(s, i, end, value.Name)
	}
	return sc.endLongRun(s, i, end)
}

// words reads what begins with a plain word and goes on in others: a person's
// name, a month with its year, a duration in words, a citation. It returns i if
// s[i:end] begins nothing of the kind.
func (sc *scanner) words(s string, i, end int) int {
	next := at(s, end)
	first := s[i]
	if next != ' ' && next != '\n' && next != '.' && next != '-' && next != '\'' && next != 0xC2 && next != ',' && !(first == 'n' || first == 'N') {
		return i
	}
	if (first == 'n' || first == 'N') && end-i <= 2 {
		if e := matchNumberSign(s, i); e > i {
			return sc.emit(s, i, e, value.Citation)
		}
	}
	if first < utf8.RuneSelf && !isUpper(first) {
		const longestNumber = 16
		if end-i <= longestNumber && next != '.' {
			if value.IsNumberWord(s[i:end]) {
				if e := sc.spelledDuration(s, i); e > i {
					return sc.emit(s, i, e, value.Duration)
				}
			}
			if e := gap(s, end); e > end && (isDigit(at(s, e)) || at(s, e) == 'd') {
				if e := matchNamedDate(s, i); e > i {
					return sc.emit(s, i, e, value.Date)
				}
			}
		}
		return i
	}
	if e := matchNamedDate(s, i); e > i {
		return sc.emit(s, i, e, value.Date)
	}
	if e := matchCitation(s, i); e > i {
		return sc.emit(s, i, e, value.Citation)
	}
	if e := actEnd(s, i, end); e > i {
		return sc.emit(s, i, e, value.Citation)
	}
	if e := sc.personEnd(s, i, end); e > i {
		return sc.emit(s, i, e, value.Name)
	}
	return i
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
	if isUpper(s[i]) && end-i == 3 {
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
		if end = sc.number(s, i); end == i {
			end = i + 1
		}
	}
	return sc.endLongRun(s, i, end)
}

func (sc *scanner) unicode(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	if wordLen(s, i) > 0 {
		return sc.letter(s, i)
	}
	if e := matchShortYear(s, i); e > i {
		return sc.emit(s, i, e, value.Date)
	}
	if closing, ok := closingQuote[r]; ok {
		return sc.quote(s, i, n, closing)
	}
	if r == '№' {
		if e := matchNumberSign(s, i); e > i {
			return sc.emit(s, i, e, value.Citation)
		}
	}
	if r == '§' {
		if e := matchSection(s, i); e > i {
			return sc.emit(s, i, e, value.Citation)
		}
	}
	if end := sc.number(s, i); end > i {
		return end
	}
	if end := sc.wideNumber(s, i); end > i {
		return sc.emit(s, i, end, value.Number)
	}
	if end := sc.hanNumber(s, i); end > i {
		return sc.emit(s, i, end, value.Quantity)
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
	if e := matchShortYear(s, i); e > i {
		return sc.emit(s, i, e, value.Date)
	}
	if endsWord(s, i) && n == 1 || from >= len(s) || isSpace(s[from]) {
		return from
	}
	to := closingAt(s, from, closing)
	if to <= from || isSpace(s[to-1]) {
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
func (sc *scanner) whole(s string, i int) (end int, kind value.Kind) {
	if i >= len(s) {
		return i, ""
	}
	probe := scanner{passage: sc.passage}
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
