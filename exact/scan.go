package exact

import (
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
	"github.com/glyphkit/glyph/internal/value"
)

// scanner finds the strings of one passage at a time.
//
// A matcher is a function of the passage and a position that returns the end of
// its string, or the position itself if there is none. Matchers are tried from
// the most specific to the least; the first that matches wins. A position that
// matchers are tried at never stands inside a word.
type scanner struct {
	base    int64
	passage lex.Passage
	line    line
	found   []String
	tooLong []*tooLongError
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
		l.known, l.machine = true, lex.IsMachineLine(s[l.start:l.end])
	}
	return l.machine
}

// maxRun bounds the work where every word of a run makes matchers read to its
// end. Longer runs are strings from their first byte to their last, or nothing
// is looked for behind what they begin with.
const maxRun = 1 << 10

// isRunByte reports whether a matcher may go on over c.
func isRunByte(c byte) bool { return lex.IsPathByte(c) || c == ':' || c == '\\' || c >= utf8.RuneSelf }

// endLongRun returns where to go on after end: end itself, or the end of the run
// that is too long and has begun at i.
func (sc *scanner) endLongRun(s string, i, end int) int {
	if i < sc.runEnd {
		return end
	}
	k := i
	for k < len(s) && isRunByte(s[k]) && (s[k] < utf8.RuneSelf || lex.WordLen(s, k) > 0) {
		k += max(1, lex.WordLen(s, k))
	}
	sc.runEnd = k
	if k-i <= maxRun || end >= k {
		return end
	}
	sc.tooLong = append(sc.tooLong, &tooLongError{sc.base + int64(end), sc.base + int64(k)})
	return k
}

func (sc *scanner) emit(s string, from, to int, k value.Kind) int {
	if k == value.Date && hasClock(s[from:to]) {
		k = value.Timestamp
	}
	sc.found = append(sc.found, String{sc.base + int64(from), sc.base + int64(to), k, lex.OneLine(s[from:to], k)})
	return to
}

// hasClock reports whether a date has a time of day.
func hasClock(date string) bool {
	const compact = 14 // digits
	return strings.IndexByte(date, ':') >= 0 || lex.DigitsEnd(date, 0) >= compact || strings.IndexByte(date, 'T') == len("20260301")
}

func (sc *scanner) text(s string) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			i = sc.unicode(s, i)
		case lex.Classes[c] == lex.Digit:
			i = sc.digit(s, i)
		case lex.Classes[c] == lex.Lower || lex.Classes[c] == lex.Upper:
			i = sc.letter(s, i)
		case lex.Classes[c] == lex.Quote:
			i = sc.quote(s, i, 1, s[i:i+1])
		case lex.Classes[c] == lex.Lead:
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
		{value.Date, lex.MatchDate}, {value.UUID, lex.MatchUUID}, {value.Hash, lex.MatchFingerprint}, {value.MAC, lex.MatchMAC}, {value.Account, lex.MatchPostcode}, {value.Account, lex.MatchBibcode}, {value.Version, lex.MatchFullVersion}, {value.IP, lex.MatchIP}, {value.IP, lex.MatchNetwork},
		{value.Time, lex.MatchTime}, {value.Identifier, lex.MatchProcess}, {value.Citation, lex.MatchNumberOfYear},
		{value.Citation, lex.MatchNumberedCitation}, {value.Phone, lex.MatchPhone}, {value.Phone, lex.MatchAreaPhone}, {value.Phone, lex.MatchForeignPhone}, {value.Account, lex.MatchAccount}, {value.Email, lex.MatchEmail}, {value.Hash, lex.MatchHash},
		{value.Base64, lex.MatchBase64}, {value.Hex, lex.MatchHex}, {value.Path, lex.MatchFile}, {value.Version, lex.MatchVersion}, {value.Ratio, matchRatio},
	}
	letterMatchers = []matcher{
		{value.URL, lex.MatchURL}, {value.Date, lex.MatchNamedDate}, {value.Account, lex.MatchIBAN}, {value.Citation, lex.MatchCitation}, {value.UUID, lex.MatchUUID}, {value.Hash, lex.MatchFingerprint}, {value.MAC, lex.MatchMAC}, {value.IP, lex.MatchIPv6},
		{value.Account, lex.MatchPostcode}, {value.Date, lex.MatchQuarter},
		{value.Email, lex.MatchEmail}, {value.Path, lex.MatchDrive}, {value.Hash, lex.MatchPrefixedHash}, {value.Hash, lex.MatchHash},
		{value.Base64, lex.MatchBase64}, {value.Range, lex.MatchCellRange}, {value.Identifier, lex.MatchTagged}, {value.Path, lex.MatchFile}, {value.Hex, lex.MatchHex}, {value.Version, lex.MatchVersion}, {value.Identifier, lex.MatchAccountAt},
		{value.Identifier, lex.MatchDesignation}, {value.Identifier, lex.MatchIdentifier},
	}
	// smallMatchers are those of letterMatchers that may begin with a small letter.
	smallMatchers = []matcher{
		{value.URL, lex.MatchURL}, {value.UUID, lex.MatchUUID}, {value.Hash, lex.MatchFingerprint}, {value.MAC, lex.MatchMAC},
		{value.IP, lex.MatchIPv6}, {value.Email, lex.MatchEmail}, {value.Path, lex.MatchDrive}, {value.Hash, lex.MatchPrefixedHash},
		{value.Hash, lex.MatchHash}, {value.Base64, lex.MatchBase64}, {value.Identifier, lex.MatchTagged}, {value.Path, lex.MatchFile},
		{value.Hex, lex.MatchHex}, {value.Version, lex.MatchVersion}, {value.Identifier, lex.MatchAccountAt},
		{value.Identifier, lex.MatchIdentifier},
	}
	leadMatchers = []matcher{
		{value.Flag, lex.MatchFlag}, {value.Identifier, lex.MatchSigned}, {value.Phone, lex.MatchAreaPhone}, {value.Phone, lex.MatchInternationalPhone}, {value.Base64, lex.MatchSignedBase64},
		{value.Path, lex.MatchPath}, {value.Path, lex.MatchVariablePath}, {value.Identifier, lex.MatchVariable}, {value.IP, lex.MatchListener}, {value.IP, lex.MatchIPv6},
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

// isPlainNumber reports whether the digits at i can be no more than a number by
// what is joined to them: nothing, or one decimal point with digits.
func isPlainNumber(s string, i int) bool {
	const timestamp = 14 // digits
	k := lex.DigitsEnd(s, i)
	first := k - i
	if first >= timestamp {
		return false
	}
	if lex.At(s, k) == '.' && lex.IsDigit(lex.At(s, k+1)) {
		k = lex.DigitsEnd(s, k+1)
		first = 0
	}
	if k == len(s) {
		return true
	}
	if s[k] != ' ' {
		return strings.IndexByte(",;]}\"'\n\t|<>=", s[k]) >= 0
	}
	next := lex.At(s, k+1)
	switch {
	case lex.IsDigit(next): // a phone, a card, a fingerprint, 16 or 20 digits in groups
		return first != 3 && first != 4 && !(s[i] == '0' && lex.At(s, i+1) == '0')
	case lex.IsAlpha(next):
		return first == 0 && next != 'U' // 14.30 Uhr
	}
	return next < utf8.RuneSelf && next != ' '
}

func (sc *scanner) digit(s string, i int) int {
	matchers := digitMatchers
	if isPlainNumber(s, i) {
		matchers = nil
	}
	end, ok := sc.try(s, i, matchers)
	if !ok {
		end = sc.number(s, i)
	}
	if !ok && end == i {
		if end = lex.MatchCode(s, i); end > i {
			sc.emit(s, i, end, value.Identifier)
		} else {
			end = lex.WordEnd(s, i)
		}
	}
	return sc.endLongRun(s, i, end)
}

func (sc *scanner) letter(s string, i int) int {
	end := lex.WordEnd(s, i)
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
	matchers := letterMatchers
	if lex.IsLower(s[i]) {
		matchers = smallMatchers
	}
	if end, ok := sc.try(s, i, matchers); ok {
		return sc.endLongRun(s, i, end)
	}
	if e := lex.MatchCapitalPair(s, i); e > i {
		end = sc.emit(s, i, e, value.Identifier)
	} else if e := lex.MatchHyphenated(s, i); e > i && (sc.isMachine(s, i) || lex.IsStrange(s[i:e])) {
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
	next := lex.At(s, end)
	first := s[i]
	if next != ' ' && next != '\n' && next != '.' && next != '-' && next != '\'' && next != 0xC2 && next != ',' && !(first == 'n' || first == 'N') {
		return i
	}
	if (first == 'n' || first == 'N') && end-i <= 3 {
		if e := lex.MatchNumberSign(s, i); e > i {
			return sc.emit(s, i, e, value.Citation)
		}
	}
	if first < utf8.RuneSelf && !lex.IsUpper(first) {
		const longestNumber = 16
		if end-i <= longestNumber && next != '.' {
			if value.IsNumberWord(s[i:end]) {
				if e := sc.spelledDuration(s, i); e > i {
					return sc.emit(s, i, e, value.Duration)
				}
			}
			if e := lex.Gap(s, end); e > end && (lex.IsDigit(lex.At(s, e)) || strings.HasPrefix(s[e:], "de ") || strings.HasPrefix(s[e:], "del ")) {
				if e := lex.MatchNamedDate(s, i); e > i {
					return sc.emit(s, i, e, value.Date)
				}
			}
		}
		return i
	}
	if mayBeginDate(s, end) {
		if e := lex.MatchNamedDate(s, i); e > i {
			return sc.emit(s, i, e, value.Date)
		}
	}
	if e := lex.MatchCitation(s, i); e > i {
		return sc.emit(s, i, e, value.Citation)
	}
	if e := lex.ActEnd(s, i, end); e > i {
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
	for lex.At(s, end) == ',' || lex.At(s, end) == '.' {
		end++
	}
	e := lex.Gap(s, end)
	if e == end || e >= len(s) {
		return false
	}
	c := s[e]
	return lex.IsDigit(c) || c == 'd' || c == 'o' || c == 't' || lex.IsUpper(c) && e-end < lex.MaxBlanks || c >= 0xC0
}

// isPlain reports whether the word s[i:end] is plain text by itself, so that
// most matchers need not be tried: letters, at most the first a capital, no
// month or currency, and nothing behind it that could make it longer.
func isPlain(s string, i, end int) bool {
	if end < len(s) && s[end] != ' ' && s[end] != '\n' && s[end] != ',' {
		// A full stop at the end of a sentence joins nothing.
		if s[end] != '.' || lex.WordLen(s, end+1) > 0 {
			return false
		}
	}
	if end-i > lex.MaxPlain {
		return false
	}
	if lex.IsUpper(s[i]) && end-i <= 3 && end-i > 1 {
		return false
	}
	for k := i; k < end; k++ {
		if c := s[k]; lex.IsDigit(c) || c == '_' || k > i && lex.IsUpper(c) {
			return false
		}
	}
	return true
}

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
	if lex.WordLen(s, i) > 0 {
		return sc.letter(s, i)
	}
	if e := lex.MatchShortYear(s, i); e > i {
		return sc.emit(s, i, e, value.Date)
	}
	if closing, ok := closingQuote[r]; ok {
		return sc.quote(s, i, n, closing)
	}
	if r == '№' {
		if e := lex.MatchNumberSign(s, i); e > i {
			return sc.emit(s, i, e, value.Citation)
		}
	}
	if r == '§' {
		if e := lex.MatchSection(s, i); e > i {
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
