package verify

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/value"
)

// isMeasured tells kinds that are compared by what they measure.
func isMeasured(k value.Kind) bool {
	switch k {
	case value.Number, value.Percentage, value.Quantity, value.Money, value.Duration, value.Range, value.Ratio,
		value.Date, value.Time, value.Timestamp:
		return true
	}
	return false
}

// readings are what a string of the answer may mean. Its conventions are not
// known: a model writes numbers and dates of a German text in English too.
func readings(text string, kind value.Kind) []value.Value {
	if isMalformed(text, kind) {
		return []value.Value{{Kind: kind, Text: text, Key: text}}
	}
	if kind == value.Time {
		text = timePoint.ReplaceAllString(text, "$1:$2")
	}
	return value.Parse(text, kind, value.Conventions{})
}

// isMalformed tells a number or a date that nobody writes so: it was misread.
// Package value reads such strings too.
func isMalformed(text string, kind value.Kind) bool {
	switch kind {
	case value.Date, value.Time, value.Timestamp:
		return strings.Contains(text, "_") || isoLike.MatchString(text) && !isoForm.MatchString(text) || letterAmongDigits.MatchString(text)
	case value.Number, value.Percentage, value.Quantity, value.Money, value.Duration:
		return badGroups.MatchString(text)
	}
	return false
}

var (
	isoLike           = regexp.MustCompile(`^[0-9]{4}-`)
	isoForm           = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2})?(?:(?:T|[\s\x{a0}]+)[0-9]{1,2}[:.]?[0-9]{2}(?:[:.]?[0-9]{2}(?:[.,][0-9]+)?)?)?(?:[\s\x{a0}]?(?:\p{L}+|[+-][0-9]{1,2}(?::?[0-9]{2})?|\(.*\)|\[.*\]))*$`)
	letterAmongDigits = regexp.MustCompile(`(?:^|[0-9:./-])[oOlI|](?:[0-9:./-]|$)`)
	badGroups         = regexp.MustCompile(`[0-9]\.[0-9]+\.[0-9]{1,2}(?:[^0-9.]|$)|[0-9],[0-9]+,[0-9]{1,2}(?:[^0-9,]|$)`)
)

// timePoint matches the time 9.20.
var timePoint = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{2})\b`)

// verbatim returns where the sources hold a string as it is written. A string
// that is part of a longer value of the source counts if the part is complete:
// 15.17 in 15.17-1.pgdg12+1, a date in a timestamp; note names the longer one.
// A number is none in another number, nor in a larger unit: 5 mg in 5 mg/L,
// $3 in $3 million.
func (x *Index) verbatim(text string, kind value.Kind) (places []occurrence, note string) {
	strict := wholeToken(text)
	edges := wordEdges(text)
	const maxCompared = 64 // values around occurrences
	compared := 0
	var parts []occurrence
	for _, o := range x.words.find(text, edges) {
		t := x.sources[o.source].Text
		around, ok := x.typed.around(o.source, o.start, o.end)
		whole := strict(t[:o.start], t[o.end:]) && !isSigned(t, o.start, text)
		if !ok {
			if whole {
				places = append(places, o)
			}
			continue
		}
		if compared == maxCompared {
			continue
		}
		compared++
		longer := x.typed.entries[around.id]
		switch x.partOf(text, kind, around.id, t, o, whole) {
		case value.Same:
			places = append(places, o)
		case value.Partial:
			parts = append(parts, o)
			if note == "" {
				note = "part of " + longer.text
			}
		}
	}
	if len(places) > 0 {
		return places, ""
	}
	return parts, note
}

// partOf tells how a string relates to the longer value that it stands in:
// Same, Partial for a complete part, else Different.
func (x *Index) partOf(text string, kind value.Kind, id uint32, t string, o occurrence, whole bool) value.Relation {
	longer := x.typed.entries[id]
	meant := x.typed.readings(id)[0]
	isRead := meant.Number != nil || meant.Moment.Set != 0 || meant.Low != nil
	if isMeasured(kind) && isRead {
		r := value.CompareAny(readings(text, kind), x.typed.readings(id))
		if r == value.Same || r == value.Partial && whole {
			return r
		}
		if whole && perWord.MatchString(t[o.end:min(len(t), o.end+perWindow)]) {
			return value.Partial
		}
		return value.Different
	}
	switch {
	case longer.kind != value.Quotation && longer.kind != value.Name:
	case whole:
		return value.Same
	case longer.kind == value.Name:
		return value.Different
	}
	if isRead && strings.ContainsFunc(text, unicode.IsLetter) && kind != value.Identifier {
		return value.Different
	}
	digits := func(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
	before, after := t[:o.start], t[o.end:]
	if last := len(before) - 1; last > 0 && strings.IndexByte(".,", before[last]) >= 0 && isDigit(rune(before[last-1])) && digits(text) ||
		len(after) > 1 && strings.IndexByte(".,", after[0]) >= 0 && digits(after[1:]) && isDigit(lastRune(text)) {
		return value.Different
	}
	const minPart = 4 // bytes
	if whole || len(text) >= minPart || value.CompareAny(readings(text, longer.kind), x.typed.readings(id)) == value.Partial {
		return value.Partial
	}
	return value.Different
}

// perWord matches the word before the unit that an amount is for.
var perWord = regexp.MustCompile(`^\s+(?:per|par|pro|por|al|je|a|an|za|в)\s`)

const perWindow = 16

// wordEdges allows occurrences that begin and end where words do.
func wordEdges(s string) func(before, after string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return func(before, after string) bool {
		b, _ := utf8.DecodeLastRuneInString(before)
		a, _ := utf8.DecodeRuneInString(after)
		return !goesOn(b, first) && !goesOn(last, a) &&
			!(isInvisible(b) && isInvisible(a))
	}
}

// isSigned tells whether a minus stands before a number that is written
// without one.
func isSigned(t string, start int, text string) bool {
	if !isDigit(rune(text[0])) || start == 0 {
		return false
	}
	r, n := utf8.DecodeLastRuneInString(t[:start])
	if r != '-' && r != '−' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(t[:start-n])
	return start == n || unicode.IsSpace(before) || strings.ContainsRune("([=:", before)
}

// others are the kinds that a string may be in a source when an answer has it
// in a form that is taken for another kind.
var others = []value.Kind{
	value.Hash, value.UUID, value.Account, value.URL, value.Path, value.IP, value.Phone, value.Email, value.Version, value.MAC,
	value.Citation, value.Name, value.Identifier, value.Flag, value.Hex, value.Time, value.Date, value.Timestamp, value.Range, value.Quantity, value.Money, value.Percentage, value.Duration, value.Number,
}

// A relative is a value of the sources and how a value of the answer relates to it.
type relative struct {
	id       uint32
	relation value.Relation
}

// relatives returns the nearest source value of every relation that is of use.
// A value that says more than the source has is no part of it: more.
func (v *verification) relatives(text string, kind value.Kind) (byRelation map[value.Relation]relative, more *relative) {
	x := v.index.typed
	byRelation = map[value.Relation]relative{}
	kinds := []value.Kind{kind}
	for _, k := range others {
		if k != kind && mayBe(text, kind, k) {
			kinds = append(kinds, k)
		}
	}
	for _, k := range kinds {
		as := readings(text, k)
		for _, a := range as {
			if k != kind && isMeasured(k) && a.Number == nil && a.Moment.Set == 0 && a.Low == nil {
				continue
			}
			for _, id := range x.alike(&a) {
				for _, b := range x.readings(id) {
					r := value.Compare(&a, &b)
					if r != value.Same && same(&a, &b) || r != value.Same && isWithoutRate(&a, &b) {
						r = value.Same
					}
					if r == value.Different && a.Kind == value.Number && b.Number != nil {
						bare := b
						bare.Kind, bare.Unit, bare.Currency = value.Number, value.Unit{}, ""
						if value.Compare(&a, &bare) == value.Rounded {
							r = value.Rounded
						}
					}
					if r == value.Same && a.Number != nil && len(as) > 1 && !a.Unit.Same(b.Unit) {
						continue // 8.753 % may be 8753 %, which is 87.53
					}
					if k != kind && r != value.Same && !isMeasured(k) {
						continue
					}
					if r == value.Partial && saysMore(&a, &b) {
						if more == nil {
							more = &relative{id, r}
						}
						continue
					}
					if _, ok := byRelation[r]; !ok && r != value.Different {
						byRelation[r] = relative{id, r}
					}
				}
			}
			if _, ok := byRelation[value.Same]; ok {
				return byRelation, more
			}
		}
	}
	return byRelation, more
}

// isWithoutRate tells whether a is b but for what b is for: $1,000 of $1,000 per
// month.
func isWithoutRate(a, b *value.Value) bool {
	m := rate.FindStringSubmatchIndex(b.Text)
	if m == nil || a.Unit.Dimension == b.Unit.Dimension {
		return false
	}
	return value.CompareAny([]value.Value{*a}, readings(b.Text[:m[3]], a.Kind)) == value.Same
}

var rate = regexp.MustCompile(`([0-9%\p{Sc}\p{L}])[\s\x{a0}]+(?:per|par|pro|por|al|je|a|an|za|в)[\s\x{a0}]`)

// mayBe tells whether a string that was taken for one kind may be another in
// the sources.
func mayBe(text string, kind, other value.Kind) bool {
	letters, digits, marks := 0, 0, 0
	for _, r := range text {
		switch {
		case isDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		default:
			marks++
		}
	}
	switch other {
	case value.Hash, value.UUID, value.MAC, value.Hex:
		return digits+letters >= shortHash && digits > 0
	case value.Account:
		return digits >= 8 && kind != value.Money && kind != value.Quantity
	case value.Phone:
		return digits >= 7 && letters == 0 && kind != value.Money
	case value.URL, value.Path, value.IP, value.Email, value.Citation, value.Identifier, value.Flag, value.Name:
		return letters+marks > 0 && !isMeasured(kind) || other == value.IP && marks > 1
	case value.Version:
		return digits > 1 && !strings.ContainsAny(text, " $€£%")
	}
	return digits > 0 && (!isMeasured(kind) || marks > 0 && kind == value.Number && (other == value.Time || other == value.Date || other == value.Timestamp))
}

// saysMore tells whether a has a part that b lacks.
func saysMore(a, b *value.Value) bool {
	switch {
	case a.Moment.Set != 0 && b.Moment.Set != 0:
		return a.Moment.Set&^b.Moment.Set != 0
	case a.Low != nil && b.Low == nil:
		return true
	case a.Number != nil && b.Number != nil:
		return b.Currency == "" && a.Currency != "" || b.Unit.Dimension == "" && b.Kind == value.Number && a.Kind != value.Number
	}
	return len(a.Key) > len(b.Key)
}

// judgeTyped fills in what became of a value that the sources do not hold as it
// is written, and tells whether that is settled.
func (v *verification) judgeTyped(f *Finding, s span, text string, kind value.Kind) bool {
	by, _ := v.relatives(text, kind)
	if _, ok := by[value.Same]; !ok {
		for _, look := range []func() (occurrence, bool){
			func() (occurrence, bool) { return v.index.heldCode(text) },
			func() (occurrence, bool) { return v.heldInText(text, kind) },
			func() (occurrence, bool) { return v.heldInWords(text, s) },
		} {
			if o, ok := look(); ok {
				v.index.showAt(f, o)
				return true
			}
		}
	}
	for _, r := range []value.Relation{value.Same, value.Partial} {
		if b, ok := by[r]; ok {
			f.Status = Found
			v.index.show(f, b.id)
			return true
		}
	}
	how := v.converted(text, kind)
	if how == "" {
		how = v.computed(text, kind)
	}
	if how != "" {
		f.Status, f.Note = Derived, how
		return true
	}
	_, otherUnit := by[value.OtherUnit]
	isAmbiguous := otherUnit && len(readings(text, kind)) > 1
	if b, ok := v.derivedFrom(by, text, kind); ok && !isAmbiguous {
		f.Status, f.Note = Derived, b.relation.String()+" from "+v.index.typed.entries[b.id].text
		v.index.show(f, b.id)
		return true
	}
	return false
}

// contradict says which value of the sources a value that no misreading
// explains contradicts, or says more than.
func (v *verification) contradict(f *Finding, text string, kind value.Kind) {
	by, more := v.relatives(text, kind)
	for _, r := range contradictions {
		if b, ok := by[r]; ok && !(r == value.OtherScale && significant(text) < 2) {
			f.Status, f.Note, f.Candidates = Contradicted, r.String(), nil
			v.index.show(f, b.id)
			return
		}
	}
	if more != nil {
		f.Status, f.Note = Ambiguous, "the source says less"
		f.Candidates = []string{v.index.typed.entries[more.id].text}
		return
	}
	v.contradictDate(f, by, kind)
}

// contradictions are the relations of a value that is wrong though its digits
// are right. Other years, months, days and times may be misread digits too: see
// dated.
var contradictions = []value.Relation{
	value.OtherSign, value.OtherUnit, value.OtherCurrency, value.OtherZone, value.OtherScale, value.OtherPart,
}

// dated are the contradictions of dates and times.
var dated = []value.Relation{value.OtherYear, value.OtherMonth, value.OtherDay, value.OtherTime}

// contradictDate says which date of the sources a date contradicts.
func (v *verification) contradictDate(f *Finding, by map[value.Relation]relative, kind value.Kind) {
	if !isMeasured(kind) {
		return
	}
	for _, r := range dated {
		if b, ok := by[r]; ok {
			f.Status, f.Note, f.Candidates = Contradicted, r.String(), nil
			v.index.show(f, b.id)
			return
		}
	}
}

func significant(text string) int {
	n := 0
	for _, r := range strings.TrimRight(digitsOf(text), "0") {
		if isDigit(r) {
			n++
		}
	}
	return n
}

// show fills in what the sources have and where.
func (x *Index) show(f *Finding, id uint32) {
	e := x.typed.entries[id]
	if e.text != f.Text {
		f.Source = e.text
	}
	places, _ := x.verbatim(e.text, e.kind)
	if len(places) == 0 {
		source := int(x.typed.origins[id])
		for _, p := range x.typed.spans[source] {
			if p.id == id {
				places = []occurrence{{source, int(p.start), int(p.end)}}
				break
			}
		}
	}
	f.Places, f.PlaceCount = x.places(places), len(places)
}
