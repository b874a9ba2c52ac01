package exact

import (
	"strings"
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
	if k == value.Date && hasClock(s[from:to]) {
		k = value.Timestamp
	}
	sc.found = append(sc.found, String{sc.base + int64(from), sc.base + int64(to), k, oneLine(s[from:to], k)})
	return to
}

// hasClock reports whether a date has a time of day.
func hasClock(date string) bool {
	const compact = 14 // digits
	return strings.IndexByte(date, ':') >= 0 || digitsEnd(date, 0) >= compact || strings.IndexByte(date, 'T') == len("20260301")
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
		{value.Date, matchDate}, {value.UUID, matchUUID}, {value.Hash, matchFingerprint}, {value.MAC, matchMAC}, {value.Account, matchPostcode}, {value.Account, matchBibcode}, {value.Version, matchFullVersion}, {value.IP, matchIP}, {value.IP, matchNetwork},
		{value.Time, matchTime}, {value.Identifier, matchProcess}, {value.Citation, matchNumberOfYear},
		{value.Citation, matchNumberedCitation}, {value.Phone, matchPhone}, {value.Phone, matchAreaPhone}, {value.Phone, matchForeignPhone}, {value.Account, matchAccount}, {value.Email, matchEmail}, {value.Hash, matchHash},
		{value.Base64, matchBase64}, {value.Hex, matchHex}, {value.Path, matchFile}, {value.Version, matchVersion}, {value.Ratio, matchRatio},
	}
	letterMatchers = []matcher{
		{value.URL, matchURL}, {value.Date, matchNamedDate}, {value.Account, matchIBAN}, {value.Citation, matchCitation}, {value.UUID, matchUUID}, {value.Hash, matchFingerprint}, {value.MAC, matchMAC}, {value.IP, matchIPv6},
		{value.Account, matchPostcode}, {value.Date, matchQuarter},
		{value.Email, matchEmail}, {value.Path, matchDrive}, {value.Hash, matchPrefixedHash}, {value.Hash, matchHash},
		{value.Base64, matchBase64}, {value.Range, matchCellRange}, {value.Identifier, matchTagged}, {value.Path, matchFile}, {value.Hex, matchHex}, {value.Version, matchVersion}, {value.Identifier, matchAccountAt},
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
	matchers := digitMatchers
	const timestamp = 14 // digits
	if d := digitsEnd(s, i); d-i < timestamp && (d == len(s) || strings.IndexByte(",;]}\"'\n\t|<>=", s[d]) >= 0) {
		matchers = nil // nothing is joined to them
	}
	end, ok := sc.try(s, i, matchers)
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
	if (first == 'n' || first == 'N') && end-i <= 3 {
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
	if mayBeginDate(s, end) {
		if e := matchNamedDate(s, i); e > i {
			return sc.emit(s, i, e, value.Date)
		}
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

// mayBeginDate reports whether a capitalised word that ends at end may be a month
// or a weekday by what stands behind it.
func mayBeginDate(s string, end int) bool {
	for at(s, end) == ',' || at(s, end) == '.' {
		end++
	}
	e := gap(s, end)
	if e == end || e >= len(s) {
		return false
	}
	c := s[e]
	return isDigit(c) || c == 'd' || c == 'o' || c == 't' || isUpper(c) && e-end < maxBlanks || c >= 0xC0
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
	if isUpper(s[i]) && end-i <= 3 && end-i > 1 {
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
