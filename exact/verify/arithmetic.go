package verify

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/value"
)

// maxOperands is how many numbers and dates of an answer are calculated with.
const maxOperands = 64

// An operand is a value that the answer or the question mentions and the
// sources hold.
type operand struct {
	value.Value
	approx float64 // its number in base units, rounded
	number float64 // its number, rounded
	slack  float64 // half of its last digit, rounded
}

func newOperand(v *value.Value) operand {
	o := operand{Value: *v}
	if v.Number != nil {
		o.approx = base(v)
		o.number, _ = v.Number.Float64()
		o.slack, _ = o.half().Float64()
	}
	return o
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// mentioned returns the operands that the answer and the question give, in
// order.
func (v *verification) mentioned(found []exact.String) []operand {
	var out []operand
	seen := map[string]bool{}
	for _, s := range append(exact.Find(v.question.texts[0]), found...) {
		if len(out) == maxOperands || !isMeasured(s.Kind) || seen[s.Text] {
			continue
		}
		seen[s.Text] = true
		r, ok := v.held(s.Text, s.Kind)
		if !ok || r.Number == nil && r.Moment.Set&value.Day == 0 {
			continue
		}
		out = append(out, newOperand(&r))
	}
	return out
}

// held returns the meaning of a value that the sources hold in any notation.
func (v *verification) held(text string, kind value.Kind) (value.Value, bool) {
	as := readings(text, kind)
	for _, a := range as {
		for _, id := range v.index.typed.alike(&a) {
			for _, b := range v.index.typed.readings(id) {
				if value.Compare(&a, &b) == value.Same {
					return a, true
				}
			}
		}
	}
	if places, _ := v.index.verbatim(text, kind); len(places) > 0 {
		return as[0], true
	}
	if _, ok := v.heldInText(text, kind); ok {
		return as[0], true
	}
	return value.Value{}, false
}

// computed says how a value follows from operands, or returns "": a sum, a
// difference, a product, a quotient, a percentage, a change in per cent, the
// time between two dates. A value that is a source value but for one character
// is a misreading, whatever gives it.
//
// Floating-point numbers rule a pair out, exact fractions confirm it: the cost
// is a few nanoseconds for each of at most maxOperands² pairs.
func (v *verification) computed(text string, kind value.Kind) string {
	if len(v.operands) < 2 || !isMeasured(kind) {
		return ""
	}
	how := ""
	for _, want := range readings(text, kind) {
		if want.Number == nil {
			continue
		}
		if how = v.follows(&want); how != "" {
			break
		}
	}
	const tooShort = 3 // digits: nearly every short number is near another
	if how == "" || len(digitsOf(text)) >= tooShort && v.isMisreadNumber(text) {
		return ""
	}
	return how
}

func (v *verification) follows(want *value.Value) string {
	w := newOperand(want)
	for i := range v.operands {
		a := &v.operands[i]
		for j := range v.operands {
			b := &v.operands[j]
			if i == j || a.Text == want.Text || b.Text == want.Text {
				continue
			}
			if a.Number == nil || b.Number == nil {
				if how := w.between(a, b); how != "" {
					return how
				}
				continue
			}
			if !w.mayFollow(a, b) {
				continue
			}
			if how := w.calculated(a, b, i < j); how != "" {
				return how
			}
		}
	}
	return w.total(v.operands)
}

// total says of which operands, three or more that follow one another, w is the
// sum.
func (w *operand) total(ops []operand) string {
	for i := range ops {
		sum, terms := 0.0, 0
		for k := i; k < len(ops); k++ {
			o := &ops[k]
			if o.Number == nil || o.Text == w.Text || !o.measures(&ops[i]) {
				break
			}
			sum += o.approx
			if terms++; terms > 2 && near(sum, w.approx) && w.measures(o) && w.isTotal(ops[i:k+1]) {
				return joined(ops[i : k+1])
			}
		}
	}
	return ""
}

func (w *operand) isTotal(ops []operand) bool {
	sum := new(big.Rat)
	for i := range ops {
		sum.Add(sum, exactBase(&ops[i].Value))
	}
	return sum.Cmp(exactBase(&w.Value)) == 0
}

func joined(ops []operand) string {
	terms := make([]string, len(ops))
	for i := range ops {
		terms[i] = ops[i].Text
	}
	return strings.Join(terms, " + ")
}

// measures tells whether two operands are amounts of one thing.
func (w *operand) measures(o *operand) bool {
	if w.isBare() || o.isBare() {
		return true
	}
	return w.Unit.Dimension == o.Unit.Dimension && w.Currency == o.Currency && isPercent(&w.Value) == isPercent(&o.Value)
}

// isBare tells a number without a unit: the answer may name the unit once.
func (w *operand) isBare() bool { return w.Kind == value.Number }

func isPercent(v *value.Value) bool { return v.Kind == value.Percentage }

func exactBase(v *value.Value) *big.Rat {
	r := new(big.Rat).Set(v.Number)
	if v.Unit.Factor != nil {
		r.Mul(r, v.Unit.Factor)
	}
	return r
}

// near tells whether two rounded values can be of equal exact ones. The
// relative error of a few operations on rounded values is below 1e-9, unless a
// difference cancels digits: hence the absolute part, which lets more through.
func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}

// half is half of the last digit of w, in its own unit.
func (w *operand) half() *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(w.Places, -w.Places))), nil)
	h := new(big.Rat).SetInt(ten)
	if w.Places > 0 {
		h.Inv(h)
	}
	return h.Mul(h, big.NewRat(1, 2))
}

// mayFollow is false only if calculated returns "".
func (w *operand) mayFollow(a, b *operand) bool {
	n, an, bn, h := w.number, a.number, b.number, w.slack
	scale := 1e-9 * (math.Abs(a.approx) + math.Abs(b.approx) + math.Abs(an) + math.Abs(bn)) // of cancelled digits
	within := func(r, want, slack float64) bool {
		return math.Abs(r-want) <= slack+scale+1e-9*(1+math.Abs(r)+math.Abs(want))
	}
	if within(a.approx+b.approx, w.approx, 0) || within(a.approx-b.approx, w.approx, 0) || within(an-bn, n, 0) || within(an*bn, n, 0) || within(an*bn, w.approx, 0) {
		return true
	}
	if b.approx == 0 {
		return false
	}
	q := a.approx / b.approx
	return within(100*q, n, h) || within(100*(q-1), n, h) || within(100*(1-q), n, h) || within(q, n, h) || within(a.approx*b.approx, w.approx, h*math.Max(1, math.Abs(w.approx)))
}

// calculated says how w is calculated from a and b, or returns "". Quotients
// and percentages may be rounded to the digits that w has; whole ones of less
// than three digits are too likely by chance.
func (w *operand) calculated(a, b *operand, ordered bool) string {
	x, y, n := exactBase(&a.Value), exactBase(&b.Value), exactBase(&w.Value)
	r := new(big.Rat)
	alike := a.measures(b)
	if alike && w.measures(a) {
		if ordered && r.Add(x, y).Cmp(n) == 0 {
			return a.Text + " + " + b.Text
		}
		if r.Sub(x, y).Cmp(n) == 0 {
			return a.Text + " − " + b.Text
		}
	}
	bare := w.Currency == "" && w.Unit.Dimension == "" && !isPercent(&w.Value)
	if alike && isPercent(&a.Value) && bare && r.Sub(a.Number, b.Number).Cmp(w.Number) == 0 {
		return a.Text + " − " + b.Text // percentage points
	}
	bareB := b.Currency == "" && b.Unit.Dimension == ""
	if bareB && w.measures(a) && r.Mul(x, y).Cmp(n) == 0 {
		return a.Text + " × " + b.Text
	}
	if y.Sign() == 0 {
		return ""
	}
	quotient := new(big.Rat).Quo(x, y)
	hundred := big.NewRat(100, 1)
	switch {
	case alike && isPercent(&w.Value):
		if w.rounds(r.Mul(quotient, hundred)) {
			return fmt.Sprintf("%s ÷ %s in per cent", a.Text, b.Text)
		}
		change := r.Mul(r.Sub(quotient, big.NewRat(1, 1)), hundred)
		if w.rounds(change) || w.rounds(change.Neg(change)) {
			return fmt.Sprintf("change from %s to %s in per cent", b.Text, a.Text)
		}
	case alike && bare && (quotient.IsInt() || significant(w.Text) >= 3) && w.rounds(quotient):
		return a.Text + " ÷ " + b.Text
	case bareB && w.measures(a) && w.rounds(quotient):
		return a.Text + " ÷ " + b.Text
	}
	return ""
}

// between says between which dates w is the time, or returns "".
func (w *operand) between(a, b *operand) string {
	const date = value.Year | value.Month | value.Day
	if a.Moment.Set&date != date || b.Moment.Set&date != date {
		return ""
	}
	days := dayNumber(&b.Moment) - dayNumber(&a.Moment)
	months := (b.Moment.Year-a.Moment.Year)*12 + b.Moment.Month - a.Moment.Month
	if days <= 0 || !w.Number.IsInt() {
		return ""
	}
	const day = 24 * 60 * 60
	n := w.Number.Num().Int64()
	switch {
	case w.Unit.Dimension == "s" && near(w.approx, float64(days*day)), w.Unit.Dimension == "" && n == int64(days),
		w.Unit.Dimension == "mo" && a.Moment.Day == b.Moment.Day && near(w.approx, float64(months)):
		return "from " + a.Text + " to " + b.Text
	}
	return ""
}

// rounds tells whether the number of w is r rounded to its last digit.
func (w *operand) rounds(r *big.Rat) bool {
	off := new(big.Rat).Sub(r, w.Number)
	return off.Abs(off).Cmp(w.half()) <= 0
}

// derivedFrom returns the source value that a value is the rounded or converted
// form of. A rounded value must have lost digits, and fit few values of the
// sources; none may be a misreading of a value that stands there.
func (v *verification) derivedFrom(by map[value.Relation]relative, text string, kind value.Kind) (relative, bool) {
	for _, r := range []value.Relation{value.Converted, value.Rounded} {
		b, ok := by[r]
		if !ok {
			continue
		}
		if kind == value.Timestamp || kind == value.Time || kind == value.Date {
			if r == value.Converted || !v.isMisreadNumber(text) {
				return b, true
			}
			continue
		}
		if !v.isMisreadNumber(text) && v.fitsFew(text, kind) {
			return b, true
		}
	}
	return relative{}, false
}

// converted names the operand that a value is in another unit or zone, or is "".
func (v *verification) converted(text string, kind value.Kind) string {
	for _, a := range readings(text, kind) {
		for i := range v.operands {
			o := &v.operands[i]
			if a.Number != nil && (o.Number == nil || a.Unit.Same(o.Unit) || a.Unit.Dimension != o.Unit.Dimension) {
				continue
			}
			if o.Text != text && value.Compare(&a, &o.Value) == value.Converted {
				return "converted from " + o.Text
			}
		}
	}
	return ""
}

// fitsFew tells whether the sources have at most maxFitting values that a value
// may be rounded or converted from.
func (v *verification) fitsFew(text string, kind value.Kind) bool {
	const maxFitting = 3
	for _, a := range readings(text, kind) {
		if a.Number != nil && len(v.index.typed.near(&a)) > maxFitting {
			return false
		}
	}
	return true
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// isMisreadNumber tells whether the digits of a string are those of a number of
// the sources but for one that is another, is lost or is new.
func (v *verification) isMisreadNumber(text string) bool {
	read := digitsOf(text)
	if len(read) == 0 {
		return false
	}
	found, complete := v.index.numerals.near.within(glyphs.appendFolded(nil, read), 1)
	for _, n := range found {
		truth := v.index.numerals.texts[n.id]
		if truth != read && (len(truth) == len(read) || len(read) > minRepaired) {
			return true
		}
	}
	return !complete
}

// numerals are the digits of the source strings that have any.
type numerals struct {
	texts []string
	near  *neighbours
}

func newNumerals(entries []entry) *numerals {
	seen := map[string]bool{}
	n := &numerals{}
	for _, e := range entries {
		if d := digitsOf(e.text); d != "" && len(d) <= maxNumeral && !seen[d] {
			seen[d] = true
			n.texts = append(n.texts, d)
		}
	}
	n.near = newNeighbours(n.texts)
	return n
}

const maxNumeral = 64 // digits
