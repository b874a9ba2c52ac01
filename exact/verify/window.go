package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/value"
)

// maxWindows bounds how often Verify reads the text around a number of the
// sources as a value, in all of one answer, and perAnchor how many places of
// one number it looks at. A reading takes a few microseconds.
const (
	maxWindows = 20_000
	perAnchor  = 32
	windowSize = 48 // bytes
)

// heldInText looks for a value where the sources have its digits and package
// exact found no value, or another one: it reads what stands there as a value
// of the kind.
func (v *verification) heldInText(text string, kind value.Kind) (occurrence, bool) {
	if !isMeasured(kind) {
		return occurrence{}, false
	}
	for _, a := range readings(text, kind) {
		for _, anchor := range anchors(&a) {
			at := v.index.words.postings(anchor)
			for _, p := range at[:min(len(at), perAnchor)] {
				source, offset := v.index.words.source(p)
				t := v.index.sources[source].Text
				if !strings.HasPrefix(t[offset:], anchor) {
					continue
				}
				if o, ok := v.readAt(&a, kind, source, offset); ok {
					return o, true
				}
				if v.windows >= maxWindows {
					return occurrence{}, false
				}
			}
		}
	}
	return occurrence{}, false
}

// anchors are the words of a source in which a value has its first digits.
func anchors(v *value.Value) []string {
	switch {
	case v.Number != nil:
		whole := strings.TrimPrefix(v.Number.FloatString(0), "-")
		if !v.Number.IsInt() {
			whole = strings.TrimPrefix(v.Number.FloatString(9), "-")
			whole, _, _ = strings.Cut(whole, ".")
		}
		const most = 15 // digits
		if len(whole) > most {
			return nil
		}
		out := []string{whole}
		if len(whole) > 3 {
			out = append(out, whole[:(len(whole)-1)%3+1])
		}
		return out
	case v.Moment.Set&value.Day != 0:
		day := string(rune('0'+v.Moment.Day/10)) + string(rune('0'+v.Moment.Day%10))
		return []string{strings.TrimPrefix(day, "0"), day}
	case v.Moment.Set&value.Hour != 0:
		hour := string(rune('0'+v.Moment.Hour/10)) + string(rune('0'+v.Moment.Hour%10))
		twelve := (v.Moment.Hour+11)%12 + 1
		return []string{strings.TrimPrefix(hour, "0"), hour, strings.TrimPrefix(string(rune('0'+twelve/10))+string(rune('0'+twelve%10)), "0")}
	}
	return nil
}

// readAt reads the values of a kind that begin at an offset of a source, or
// with the sign or currency before it, and tells whether one is a.
func (v *verification) readAt(a *value.Value, kind value.Kind, source, offset int) (occurrence, bool) {
	x := v.index
	t := x.sources[source].Text
	start := offset
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(t[:start])
		if r != '-' && r != '−' && r != '+' && !unicode.Is(unicode.Sc, r) && !(standsAlone(r) && strings.ContainsRune("午前後上下", r)) {
			break
		}
		start -= n
	}
	limit := min(len(t), offset+windowSize)
	before := rune(0)
	for end := offset; end <= limit; {
		r, n := utf8.DecodeRuneInString(t[end:])
		if end > offset && !goesOn(before, r) && isWordOrUnit(before) && !strings.ContainsRune("/·⁻^", r) && !(isDigit(before) && strings.ContainsRune(".,", r) && end+1 < len(t) && isDigit(rune(t[end+1]))) {
			if v.windows++; v.windows > maxWindows {
				return occurrence{}, false
			}
			for _, b := range value.Parse(t[start:end], kind, x.typed.conventions[source]) {
				if (b.Number != nil && a.Unit.Same(b.Unit) || b.Moment.Set != 0) && value.Compare(a, &b) == value.Same {
					return occurrence{source, start, end}, !v.isWithinMeasure(a, source, start, end)
				}
			}
		}
		// A date in figures ends with its line.
		if n == 0 || r == '\n' && (strings.HasPrefix(t[end:], "\n\n") || !strings.ContainsFunc(t[offset:end], unicode.IsLetter)) {
			break
		}
		before = r
		end += n
	}
	return occurrence{}, false
}

func isWordOrUnit(r rune) bool {
	return isWord(r) || strings.ContainsRune("%°‰.²³", r) || unicode.Is(unicode.Sc, r)
}

// isWithinMeasure tells whether a range of a source is in a longer value that
// is another amount.
func (v *verification) isWithinMeasure(a *value.Value, source, start, end int) bool {
	around, longer := v.index.typed.around(source, start, end)
	if !longer || !isMeasured(v.index.typed.entries[around.id].kind) {
		return false
	}
	for _, b := range v.index.typed.readings(around.id) {
		if r := value.Compare(a, &b); r == value.Same || r == value.Partial && !saysMore(a, &b) {
			return false
		}
	}
	return true
}

// heldCode looks for a code where the sources write it with other blanks or in
// other case.
func (x *Index) heldCode(text string) (occurrence, bool) {
	code := codeForm(text)
	const group = 4
	if len(code) < group {
		return occurrence{}, false
	}
	for _, prefix := range []string{code, strings.ToLower(code), code[:group], strings.ToLower(code[:group])} {
		at := x.words.postings(prefix)
		for _, p := range at[:min(len(at), perAnchor)] {
			source, offset := x.words.source(p)
			t := x.sources[source].Text
			if end, ok := spellsCode(t, offset, code); ok {
				return occurrence{source, offset, end}, true
			}
		}
	}
	return occurrence{}, false
}

// spellsCode returns where a code ends that begins at an offset of a text, with
// blanks and hyphens in it or without.
func spellsCode(t string, at int, code string) (end int, ok bool) {
	k := 0
	for at < len(t) && k < len(code) {
		c := t[at]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		switch {
		case c == code[k]:
			k++
			at++
		case k > 0 && (c == ' ' || c == '-' || c == ':' || c == '\n'):
			at++
		case k > 0 && strings.HasPrefix(t[at:], "\u00a0"):
			at += 2
		default:
			return 0, false
		}
	}
	r, _ := utf8.DecodeRuneInString(t[at:])
	return at, k == len(code) && !isWord(r)
}

// heldInWords looks for a whole number that the sources write in words before
// the word that follows it in the answer: 2 digits, two digits.
func (v *verification) heldInWords(text string, s span) (occurrence, bool) {
	number, noun, _ := strings.Cut(text, " ")
	n := readings(number, value.Number)[0]
	if rest, ok := strings.CutPrefix(v.answer[s.end:], " "); ok && noun == "" {
		eachWord(rest[:min(len(rest), windowSize)], func(from, to int) {
			if noun == "" && from == 0 {
				noun = rest[from:to]
			}
		})
	}
	const least = 2 // bytes of a noun
	if len(noun) < least || n.Number == nil || !n.Number.IsInt() || n.Number.Sign() <= 0 {
		return occurrence{}, false
	}
	at := v.index.words.postings(noun)
	for _, p := range at[:min(len(at), perAnchor)] {
		source, offset := v.index.words.source(p)
		t := v.index.sources[source].Text
		if !strings.HasPrefix(t[offset:], noun) {
			continue
		}
		for from := offset - 1; from >= max(0, offset-windowSize); from-- {
			if from > 0 && isWord(lastRune(t[:from])) || !utf8.RuneStart(t[from]) || isDigit(rune(t[from])) {
				continue
			}
			if v.windows++; v.windows > maxWindows {
				return occurrence{}, false
			}
			if m, end := value.ReadSpelled(t, from, ""); m != nil && m.Cmp(n.Number) == 0 && end <= offset && strings.TrimSpace(t[end:offset]) == "" {
				return occurrence{source, from, offset + len(noun)}, true
			}
		}
	}
	return occurrence{}, false
}

// showAt fills in a place of the sources.
func (x *Index) showAt(f *Finding, o occurrence) {
	f.Status, f.Source = Found, x.sources[o.source].Text[o.start:o.end]
	f.Places, f.PlaceCount = x.places([]occurrence{o}), 1
}
