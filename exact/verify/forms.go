package verify

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/value"
)

// forms are ways to write a value that answers have and that package exact does
// not take for one value in any text, because most strings of the form are
// none. They count where the sources hold the value.
var forms = []struct {
	kind value.Kind
	re   *regexp.Regexp
}{
	{value.Account, regexp.MustCompile(`\b[A-Za-z]{2}[0-9]{2}(?:[\s\x{a0}\x{202f}\x{2009}-]?[A-Za-z0-9]{2,4}){2,8}(?:[\s\x{a0}\x{202f}\x{2009}-]?[A-Za-z0-9])?\b`)},
	{value.Hash, regexp.MustCompile(`\b[0-9a-fA-F]{4}(?:[\s\x{a0}\x{202f}\x{2009}-]{1,2}[0-9a-fA-F]{4}){4,15}\b`)},
	{value.Hash, regexp.MustCompile(`\b[0-9a-fA-F]{32,64}\b`)},
	{value.Phone, regexp.MustCompile(`(?:\+|\b00)[0-9]{1,3}(?:[\s\x{a0}\x{202f}\x{2009}-]?[0-9]{2,5}){2,5}\b`)},
	{value.Money, regexp.MustCompile(`\b[A-Z]{3}[\s\x{a0}\x{202f}\x{2009}][0-9]{1,3}(?:[\s\x{a0}\x{202f}\x{2009}][0-9]{3})+(?:[.,][0-9]{1,2})?\b`)},
	{value.Money, regexp.MustCompile(`[0-9]{1,3}(?:[ .,][0-9]{3})*(?:[.,][0-9]{1,2})?[\s\x{a0}\x{202f}\x{2009}][A-Z]{3}`)},
	{value.Quantity, regexp.MustCompile(`[-−]?[0-9]+(?:[.,][0-9]+)?[\s\x{a0}\x{202f}\x{2009}]?\p{L}+/[\p{L}³²]+`)},
	{value.Timestamp, regexp.MustCompile(`[0-9]{1,4}(?:[-./\s\x{a0}]+[\p{L}0-9]+){1,4}\.?,?[\s\x{a0}\x{202f}\x{2009}][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[\s\x{a0}\x{202f}\x{2009}]\((?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?\)`)},
	{value.Time, regexp.MustCompile(`\b[0-9]{1,2}[:.][0-9]{2}[\s\x{a0}\x{202f}\x{2009}]\((?:UTC|GMT)[+-][0-9]{1,2}(?::?[0-9]{2})?\)`)},
	{value.Date, regexp.MustCompile(`\b[0-9]{4}\.[\s\x{a0}\x{202f}\x{2009}]?[0-9]{1,2}\.[\s\x{a0}\x{202f}\x{2009}]?[0-9]{1,2}\.?`)},
	{value.Time, regexp.MustCompile(`\b[0-9]{1,2}[.:][0-9]{2}(?:[\s\x{a0}\x{202f}\x{2009}]?[aApP]\.?[mM]\.?)?\b`)},
	{value.Time, regexp.MustCompile(`\b[0-9]{1,2}[\s\x{a0}\x{202f}\x{2009}]?h[\s\x{a0}\x{202f}\x{2009}]?[0-9]{2}\b`)},
	{value.Time, regexp.MustCompile(`(?:午前|午後|上午|下午|오전[\s\x{a0}\x{202f}\x{2009}]?|오후[\s\x{a0}\x{202f}\x{2009}]?)?[0-9]{1,2}(?:時|时|点|點|시)[\s\x{a0}\x{202f}\x{2009}]?[0-9]{1,2}(?:分|분)`)},
	{value.Number, regexp.MustCompile(`\b[0-9]{1,3}(?:[\s\x{a0}\x{202f}\x{2009}][0-9]{3})+(?:[.,][0-9]+)?\b`)},
	{value.Number, regexp.MustCompile(`\b[0-9]+[万億亿][0-9]{1,4}\b`)},
	{value.Number, regexp.MustCompile(`\b[0-9]+[.,][0-9]+\b`)},
	{value.Range, regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)?(?:至|到|から|~|～|부터[\s\x{a0}\x{202f}\x{2009}]?)[0-9]+(?:[.,][0-9]+)?[\s\x{a0}\x{202f}\x{2009}]?\p{L}{1,4}`)},
	{value.IP, regexp.MustCompile(`\b[0-9a-fA-F]{1,4}:[0-9a-fA-F:]{4,37}`)},
	{value.Name, regexp.MustCompile(`\p{Lu}[\p{Lu}'’.-]+(?:[\s\x{a0}\x{202f}\x{2009}]\p{Lu}[\p{Lu}'’-]*\p{Lu}){1,3}`)},
	{value.Quantity, regexp.MustCompile(`[-−]?[0-9]+(?:[.,][0-9]+)*[\s\x{a0}\x{202f}]?(?:%|‰|\p{Latin}{1,4})`)},
	{value.Flag, regexp.MustCompile(`--[a-z][a-z0-9-]+`)},
}

// withForms adds the strings of the forms that the sources hold to those that
// were found in an answer, in place of what they overlap.
func (v *verification) withForms(found []exact.String) []exact.String {
	var added []exact.String
	for _, form := range forms {
		for _, m := range form.re.FindAllStringIndex(v.answer, -1) {
			if v.stopped() {
				return found
			}
			if end, ok := v.heldPrefix(m[0], m[1], form.kind); ok {
				added = append(added, exact.String{Start: int64(m[0]), End: int64(end), Kind: form.kind, Text: v.answer[m[0]:end]})
			} else if form.kind == value.Number && v.isGrouped(v.answer[m[0]:m[1]]) {
				added = append(added, exact.String{Start: int64(m[0]), End: int64(m[1]), Kind: form.kind, Text: v.answer[m[0]:m[1]]})
			}
		}
	}
	out := merged(found, added)
	for i := range out {
		v.extend(&out[i])
	}
	return out
}

var (
	signAfter   = regexp.MustCompile(`^[\s\x{a0}\x{202f}]?(?:\p{Sc}|%|‰|°[CF]?)`)
	signBefore  = regexp.MustCompile(`(?:\p{Sc}[\s\x{a0}\x{202f}]?|[-−])$`)
	halfBefore  = regexp.MustCompile(`(?:午前|午後|上午|下午|오전 ?|오후 ?)$`)
	preposition = regexp.MustCompile(`[\s\x{a0}](?:in|no|a)$`)
	smallWord   = regexp.MustCompile(`^[\s\x{a0}]\p{Ll}`)
	unitAfter   = regexp.MustCompile(`^[\s\x{a0}\x{202f}](\p{L}+)`)
	wordAfter   = regexp.MustCompile(`^[\s\x{a0}\x{202f}](\p{L}{4,})`)
)

// extend gives a number the sign of a unit or a currency that stands beside it,
// and the word of a unit behind it; a time its half of the day.
func (v *verification) extend(s *exact.String) {
	before, after := v.answer[max(0, int(s.Start)-16):s.Start], v.answer[s.End:min(len(v.answer), int(s.End)+64)]
	switch s.Kind {
	case value.IP, value.Version, value.Identifier:
		// Three groups of digits look like an address.
		if r := readings(s.Text, value.Number)[0]; r.Number != nil && unitAfter.MatchString(after) {
			s.Kind = value.Number
			v.extend(s)
		}
	case value.Quantity:
		// In "96.607 in the passage" the inch is a preposition.
		if m := preposition.FindString(s.Text); m != "" && smallWord.MatchString(after) {
			s.Text = strings.TrimSuffix(s.Text, m)
			s.End -= int64(len(m))
			s.Kind = value.Number
		}
	case value.Time:
		if m := halfBefore.FindString(before); m != "" {
			s.Start -= int64(len(m))
			s.Text = m + s.Text
		}
	case value.Number:
		kind := value.Money
		m := signAfter.FindString(after)
		if m == "" {
			re := wordAfter
			if strings.Count(s.Text, ".") > 1 {
				re = unitAfter
			}
			if w := re.FindStringSubmatch(after); w != nil {
				if _, end := value.ReadUnit(w[1], 0); end == len(w[1]) {
					m, kind = w[0], value.Quantity
				}
			}
		}
		if m != "" {
			text := s.Text + m
			if r := readings(text, kind)[0]; r.Number != nil {
				s.End += int64(len(m))
				s.Text, s.Kind = text, r.Kind
			}
			return
		}
		if m := signBefore.FindString(before); m != "" && m != "-" && m != "−" {
			if r := readings(m+s.Text, kind)[0]; r.Number != nil {
				s.Start -= int64(len(m))
				s.Text, s.Kind = m+s.Text, r.Kind
			}
		}
	}
}

// isGrouped tells whether a number with blanks is one, and not two of which the
// sources hold the second.
func (v *verification) isGrouped(text string) bool {
	cut := strings.LastIndexAny(text, " \u00a0\u202f\u2009")
	if cut < 0 {
		return false
	}
	last := strings.TrimLeft(text[cut:], " \u00a0\u202f\u2009")
	return len(v.index.words.find(last, wholeToken(last))) == 0
}

// heldPrefix returns where the longest prefix of words of a range ends that the
// sources hold as a value of a kind.
func (v *verification) heldPrefix(start, end int, kind value.Kind) (int, bool) {
	const shorter = 6 // words that may be left out
	for range shorter {
		text := v.answer[start:end]
		if _, ok := v.index.heldCode(text); ok || kind == value.Name && len(v.index.words.find(titled(text), wholeToken(text))) > 0 {
			return end, true
		}
		for _, a := range readings(text, kind) {
			if isMeasured(kind) && a.Number == nil && a.Moment.Set == 0 && a.Low == nil {
				continue
			}
			if v.index.typed.holds(&a) {
				return end, true
			}
		}
		if _, ok := v.heldInText(text, kind); ok && kind == value.Time {
			return end, true
		}
		cut := strings.LastIndexAny(text, " \u00a0\u202f")
		if cut <= 0 {
			break
		}
		end = start + cut
	}
	return 0, false
}

// titled gives every word of a name in capitals small letters but the first.
func titled(name string) string {
	var b strings.Builder
	before := ' '
	for _, r := range name {
		if unicode.IsLetter(before) {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// holds tells whether the sources hold a value, in any notation.
func (x *typed) holds(a *value.Value) bool {
	for _, id := range x.alike(a) {
		for _, b := range x.readings(id) {
			if same(a, &b) {
				return true
			}
		}
	}
	return false
}

// merged is the strings of two lists in order. Of strings that overlap the
// longer one counts.
func merged(found, added []exact.String) []exact.String {
	if len(added) == 0 {
		return found
	}
	all := slices.Concat(found, added)
	slices.SortStableFunc(all, func(a, b exact.String) int {
		if a.Start != b.Start {
			return int(a.Start - b.Start)
		}
		return int(b.End - a.End)
	})
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && out[n-1].End > s.Start {
			if s.End-s.Start >= out[n-1].End-out[n-1].Start {
				out[n-1] = s
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

var (
	ibanForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$`)
	hexForm  = regexp.MustCompile(`^(?:0X)?[0-9A-F]{7,128}$`)
	cveForm  = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,}$`)
	callForm = regexp.MustCompile(`^(?:\+|00)[0-9]{7,15}$`)
)

// codeForm is the normal form of a number of an account or a telephone, a
// digest, a CVE id: of codes that are written with blanks or without and whose
// case means nothing. It is "" for other strings.
func codeForm(s string) string {
	const longest = 128
	if len(s) > longest || !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	s = strings.Trim(s, "{}[]()")
	up := strings.TrimPrefix(strings.ToUpper(s), "URN:UUID:")
	if up = strings.NewReplacer("‑", "-", "‐", "-").Replace(up); cveForm.MatchString(up) {
		return up
	}
	up = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "-", "", "\n", "", ":", "").Replace(up)
	switch {
	case callForm.MatchString(up):
		return "+" + strings.TrimPrefix(strings.TrimPrefix(up, "+"), "00")
	case ibanForm.MatchString(up):
		return up
	case hexForm.MatchString(up) && strings.ContainsAny(up, "ABCDEF0123456789") && len(digitsOf(up)) < len(up):
		return strings.TrimPrefix(up, "0X")
	}
	return ""
}

// same tells whether two values are one: by what they mean, or as codes.
func same(a, b *value.Value) bool {
	if value.Compare(a, b) == value.Same {
		return true
	}
	c := codeForm(a.Text)
	return c != "" && c == codeForm(b.Text)
}
