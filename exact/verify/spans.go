package verify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/value"
)

// A span is a string of the answer to look up.
type span struct {
	start, end int
	kind       value.Kind
}

// maxWindow is the longest source string that is looked for across fields, in
// fields: dates, phone numbers and amounts have spaces.
const maxWindow = 5

// checkStrings looks up the strings of the answer. A misread string is often
// none that package exact would find, so the answer is also cut at white space:
// a field that holds an exact string, or looks like one, is looked up as a
// whole, then in parts.
func (v *verification) checkStrings(found []exact.String) {
	quotations := v.findings
	spans := make([]span, len(found))
	for i, f := range found {
		spans[i] = span{int(f.Start), int(f.End), f.Kind}
	}
	references := v.references()
	fields := v.fields()
	done := 0 // bytes of the answer
	for i, f := range fields {
		if v.stopped() {
			return
		}
		if f.start < done || settled(quotations, f.start, f.end) || refers(references, f) {
			continue
		}
		for len(spans) > 0 && spans[0].end <= f.start {
			spans = spans[1:]
		}
		if end := v.checkWindow(fields[i:]); end > 0 {
			done = end
			continue
		}
		if len(spans) > 0 && spans[0].start <= f.end && spans[0].end > f.end {
			s := spans[0] // of several fields
			v.findings = append(v.findings, v.check(s))
			done = s.end
			continue
		}
		inside := spans
		for n := range spans {
			if spans[n].start >= f.end {
				inside = spans[:n]
				break
			}
		}
		if len(inside) > 0 || looksExact(v.answer[f.start:f.end]) {
			v.checkField(f, inside)
		}
		done = f.end
	}
}

// checkField looks up a field, then its parts, then what package exact found
// in it: the first that the sources explain is reported.
func (v *verification) checkField(f span, inside []span) {
	for _, s := range inside {
		if s.start == f.start && s.end == f.end {
			f.kind = s.kind
		}
	}
	whole := v.check(f)
	// A repair must not take key= from before a value.
	if whole.Status != Absent && whole.Status != Ambiguous && (whole.Status != Repaired || sameCuts(whole.Text, whole.Replacement)) {
		v.findings = append(v.findings, whole)
		return
	}
	parts := v.parts(f, inside)
	if whole.Status == Absent && len(parts) < 2 && len(inside) > 0 && coversDigits(v.answer, f, inside) {
		parts = inside
	}
	unexplained := func(s span) bool { return !v.resolves(s) }
	if len(parts) == 0 || whole.Status != Absent && slices.ContainsFunc(parts, unexplained) {
		parts = []span{f}
	}
	for _, p := range parts {
		c := v.check(p)
		if c.Status == Repaired && v.isJoined(p) {
			c.Status, c.Candidates = Ambiguous, []string{c.Replacement}
			c.Replacement, c.Places, c.PlaceCount = "", nil, 0
			c.Note = "it is part of a longer string that the source lacks"
		}
		// Words such as and/or only look like it: no finding if nothing is near.
		if c.Status != Absent || p.kind != "" || strings.ContainsFunc(c.Text, isDigit) {
			v.findings = append(v.findings, c)
		}
	}
}

// isJoined tells whether a span is part of a longer string of the answer.
func (v *verification) isJoined(s span) bool {
	if end := v.answer[s.end:]; len(end) > 1 && strings.ContainsRune(inner, rune(end[0])) {
		if r, _ := utf8.DecodeRuneInString(end[1:]); isWord(r) {
			return true
		}
	}
	if start := v.answer[:s.start]; len(start) > 1 && strings.ContainsRune(inner, rune(start[len(start)-1])) {
		r, _ := utf8.DecodeLastRuneInString(start[:len(start)-1])
		return isWord(r)
	}
	return false
}

// resolves tells whether the sources explain a span.
func (v *verification) resolves(s span) bool {
	status := v.check(s).Status
	return status == Found || status == Repaired
}

// sameCuts tells whether two strings have the same characters of those that
// strings are cut at and none is misread as.
func sameCuts(a, b string) bool {
	keep := func(r rune) rune {
		if strings.ContainsRune("=()[]{}<>\"`", r) {
			return r
		}
		return -1
	}
	return strings.Map(keep, a) == strings.Map(keep, b)
}

// checkWindow looks for a source string of several fields at the first of
// these, and returns its end if it is found or repaired, else 0.
func (v *verification) checkWindow(fields []span) int {
	spaced := v.index.spaced
	if len(spaced.entries) == 0 {
		return 0
	}
	for n := min(maxWindow, len(fields)); n >= 2; n-- {
		s := span{fields[0].start, fields[n-1].end, ""}
		text := v.answer[s.start:s.end]
		if strings.Contains(text, "\n") || !strings.ContainsAny(text, "0123456789") {
			continue
		}
		d := spaced.decide(text, "")
		if d.status != Repaired {
			continue
		}
		if f := v.check(span{s.start, s.end, d.best.kind}); f.Status == Found || f.Status == Repaired {
			v.findings = append(v.findings, f)
			return s.end
		}
	}
	return 0
}

// check looks up one string, each only once.
func (v *verification) check(s span) Finding {
	key := checked{v.answer[s.start:s.end], s.kind}
	f, ok := v.checked[key]
	if !ok {
		f = v.lookUp(s)
		v.checked[key] = f
	}
	f.Start, f.End = s.start, s.end
	if f.Status == Absent || f.Status == Ambiguous {
		if how := v.counted(s); how != "" {
			return Finding{Start: s.start, End: s.end, Text: f.Text, Kind: f.Kind, Status: Computed, Note: how}
		}
	}
	return f
}

func (v *verification) lookUp(s span) Finding {
	text := v.answer[s.start:s.end]
	f := Finding{Start: s.start, End: s.end, Text: text, Kind: s.kind, Status: Absent}
	if f.Kind == "" {
		f.Kind = value.Identifier
	}
	if v.checkFound(&f) {
		return f
	}
	if len(v.question.find(text, wholeToken(text))) > 0 {
		f.Status = InQuestion
		return f
	}
	if how := v.computed(text); how != "" {
		f.Status, f.Note = Computed, how
		return f
	}
	d := v.index.strings.decide(text, s.kind)
	f.Status, f.Candidates, f.Note = d.status, d.candidates, d.note
	if d.status == Repaired {
		f.Kind, f.Replacement = d.best.kind, d.best.text
		places := v.index.words.find(f.Replacement, wholeToken(f.Replacement))
		f.Places, f.PlaceCount = v.index.places(places), len(places)
	}
	return f
}

// checkFound fills in the places of a string that the sources hold.
func (v *verification) checkFound(f *Finding) bool {
	x := v.index
	places := x.words.find(f.Text, wholeToken(f.Text))
	if len(places) == 0 {
		bare, unit := withoutUnit(f.Text)
		if unit == "" {
			return false
		}
		if places = x.words.find(bare, wholeToken(bare)); len(places) == 0 {
			return false
		}
		f.Note = "the source has " + bare + ", not beside " + unit
	}
	f.Status, f.Places, f.PlaceCount = Found, x.places(places), len(places)
	first := places[0]
	if got := x.sources[first.source].Text[first.start:first.end]; f.Note == "" && got != f.Text {
		f.Note = "the source writes " + got
	}
	return true
}

// wholeToken tells whether an occurrence of a string between two texts is a
// string of its own there. A number is none inside 1,024.50 or 2024-01-05; a
// name may be part of a path.
func wholeToken(s string) func(before, after string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	numeric := strings.IndexFunc(s, unicode.IsLetter) < 0
	return func(before, after string) bool {
		b, n := utf8.DecodeLastRuneInString(before)
		a, m := utf8.DecodeRuneInString(after)
		if isWord(first) && isWord(b) && !standsAlone(b) || isWord(last) && isWord(a) && !standsAlone(a) {
			return false
		}
		if !numeric {
			return true
		}
		bb, _ := utf8.DecodeLastRuneInString(before[:len(before)-n])
		aa, _ := utf8.DecodeRuneInString(after[m:])
		return !(joins(b) && isWord(bb)) && !(joins(a) && isWord(aa))
	}
}

// joins tells characters that make one string of two numbers.
func joins(r rune) bool { return strings.ContainsRune(".,:-_/'’", r) }

const (
	wrapping = "\"'`()[]{}<>*“”‘’„«»「」『』|"
	trailing = wrapping + ".,;:!?…。、"
	inner    = "-_/\\.@+#%&"
	cuts     = "=;,()[]{}<>\"'`|“”‘’«»"
)

// fields returns what stands between white space, without the punctuation
// around it. The two parts of a Markdown link, [text](target), are fields of
// their own; control characters end a field as white space does.
func (v *verification) fields() []span {
	var fields []span
	for i := 0; i < len(v.answer); {
		r, n := utf8.DecodeRuneInString(v.answer[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		if isControl(r) {
			i += n + len(controlSequence.FindString(v.answer[i+n:]))
			continue
		}
		end := i
		for end < len(v.answer) && (end == i || !strings.HasPrefix(v.answer[end-1:], "](")) {
			r, n := utf8.DecodeRuneInString(v.answer[end:])
			if unicode.IsSpace(r) || isControl(r) {
				break
			}
			end += n
		}
		if s := v.trim(span{i, end, ""}); s.start < s.end {
			fields = append(fields, s)
		}
		i = end
	}
	return fields
}

func (v *verification) trim(s span) span {
	text := v.answer[s.start:s.end]
	// A bar before a digit or a letter may be a misread 1.
	cut := strings.TrimLeft(text, strings.Trim(wrapping, "|"))
	if strings.HasPrefix(cut, "|") && strings.HasSuffix(cut, "|") {
		cut = strings.TrimLeft(cut, wrapping)
	}
	s.start += len(text) - len(cut)
	s.end = s.start + len(strings.TrimRight(cut, trailing))
	return s
}

// parts cuts a field where one string cannot go on, at = and ; and brackets,
// and at commas and colons that are not between digits.
func (v *verification) parts(f span, inside []span) []span {
	text := v.answer[f.start:f.end]
	var parts []span
	start := 0
	add := func(end int) {
		p := v.trim(span{f.start + start, f.start + end, ""})
		if p.start >= p.end || !hasWord(v.answer[p.start:p.end]) {
			return
		}
		known := false
		for _, s := range inside {
			known = known || s.start < p.end && s.end > p.start
			if s.start == p.start && s.end == p.end {
				p.kind = s.kind
			}
		}
		if known || looksExact(v.answer[p.start:p.end]) {
			parts = append(parts, p)
		}
	}
	for i, r := range text {
		if strings.ContainsRune(cuts, r) || r == ':' {
			if (r == ',' || r == ':') && betweenDigits(text, i) || strings.HasPrefix(text[i:], "://") {
				continue
			}
			add(i)
			start = i + utf8.RuneLen(r)
		}
	}
	if start == 0 {
		return nil
	}
	add(len(text))
	return parts
}

func betweenDigits(s string, i int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return digit(i-1) && digit(i+1)
}

// coversDigits tells whether every digit of a field lies in one of the spans.
func coversDigits(answer string, f span, spans []span) bool {
	for i := f.start; i < f.end; i++ {
		if answer[i] < '0' || answer[i] > '9' {
			continue
		}
		covered := false
		for _, s := range spans {
			covered = covered || i >= s.start && i < s.end
		}
		if !covered {
			return false
		}
	}
	return true
}

// looksExact tells fields that package exact may not find because they were
// misread: with a digit, with a mark between letters that words do not have,
// or with a capital after a small letter.
func looksExact(s string) bool {
	var before rune
	for i, r := range s {
		switch {
		case unicode.IsDigit(r):
			return true
		case unicode.IsUpper(r) && unicode.IsLower(before):
			return true
		case i > 0 && strings.ContainsRune("_/\\@.,:;=|", r) && i < len(s)-1 && isWord(before):
			return true
		}
		before = r
	}
	return false
}
