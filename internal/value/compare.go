package value

import (
	"math/big"
	"strings"
)

// Relation is how a value a, say of an answer, relates to a value b, say of the
// source.
type Relation int

// The relations, from the nearest to the farthest. Those from OtherSign to
// OtherPart mean that a and b look alike and differ in the named part.
const (
	Same      Relation = iota
	Partial            // the parts that both have are the same; one says more
	Rounded            // a is b rounded to the last digit of a
	Converted          // the same amount in another unit of the dimension, or the same instant in another zone; perhaps rounded
	OtherCase          // letter case differs where it means something
	OtherSign
	OtherUnit
	OtherCurrency
	OtherScale // digits alike, a power of ten between
	OtherYear
	OtherMonth
	OtherDay
	OtherTime
	OtherZone
	OtherPart // port, prefix length, scheme, epoch or suffix
	Different
)

var relationNames = [...]string{
	"same value", "part of the value", "rounded", "converted", "other letter case", "other sign", "other unit", "other currency", "other scale",
	"other year", "other month", "other day", "other time", "other zone", "other part", "different",
}

func (r Relation) String() string { return relationNames[r] }

// Contradicts reports whether the relation is that of a near miss: alike, and
// wrong in one part.
func (r Relation) Contradicts() bool { return OtherSign <= r && r <= OtherPart }

// CompareAny is the nearest relation of two lists of readings.
func CompareAny(as, bs []Value) Relation {
	best := Different
	for i := range as {
		for j := range bs {
			best = min(best, Compare(&as[i], &bs[j]))
		}
	}
	return best
}

// Compare tells how a relates to b. Kinds that measure are compared by what they
// measure, so "85 %" is 0.85; other kinds are compared by their normal forms.
func Compare(a, b *Value) Relation {
	switch {
	case a.Low != nil || b.Low != nil:
		return compareRanges(a, b)
	case a.Kind == Ratio || b.Kind == Ratio:
		if a.Kind == b.Kind && a.Key == b.Key {
			return Same
		}
		return Different
	case a.Number != nil && b.Number != nil:
		return compareNumbers(a, b)
	case a.Moment.Set != 0 && b.Moment.Set != 0:
		return compareMoments(&a.Moment, &b.Moment)
	case a.Number != nil || b.Number != nil || a.Moment.Set != 0 || b.Moment.Set != 0:
		return Different
	case a.Key == b.Key:
		return Same
	}
	return comparePlain(a, b)
}

func compareRanges(a, b *Value) Relation {
	if a.Low == nil || b.Low == nil {
		one, r := a, b
		if a.Low != nil {
			one, r = b, a
		}
		if Compare(one, r.Low) == Same || Compare(one, r.High) == Same {
			return Partial
		}
		return Different
	}
	low, high := Compare(a.Low, b.Low), Compare(a.High, b.High)
	if low == high || low == Same || high == Same {
		return max(low, high)
	}
	return Different
}

func compareNumbers(a, b *Value) Relation {
	currency := sameCurrency(a.Currency, b.Currency)
	unit := a.Unit.Same(b.Unit)
	if currency && a.Unit.Dimension == b.Unit.Dimension {
		x, y := a.base(), b.base()
		alike := unit || a.Unit.Dimension == "" && a.Unit.Offset == nil
		switch {
		case x.Cmp(y) == 0 && alike:
			return Same
		case x.Cmp(y) == 0:
			return Converted
		case a.Number.Cmp(b.Number) == 0:
			return OtherUnit
		case new(big.Rat).Neg(x).Cmp(y) == 0:
			return OtherSign
		case isPowerOfTen(x, y):
			return OtherScale
		case rounds(a, x, y) && alike:
			return Rounded
		case rounds(a, x, y) && significant(a) >= 2:
			return Converted
		}
		return Different
	}
	equal := a.Number.Cmp(b.Number) == 0
	bareUnit := a.Unit.Dimension == "" || b.Unit.Dimension == ""
	switch {
	case !equal && !(isPowerOfTen(a.Number, b.Number) && a.Number.Sign() == b.Number.Sign()):
		return Different
	case !currency && a.Currency != "" && b.Currency != "":
		return OtherCurrency
	case equal && (!currency || bareUnit) && (a.Kind == Number || b.Kind == Number):
		return Partial
	case equal:
		return OtherUnit
	}
	return Different
}

// sameCurrency reports whether two currencies may be one. A sign that several
// share may be any of them.
func sameCurrency(a, b string) bool {
	if a == b {
		return true
	}
	return a != "" && b != "" && (strings.Contains(signOf[a], " "+b+" ") || strings.Contains(signOf[b], " "+a+" "))
}

// signOf are the currencies that share a sign or word.
var signOf = map[string]string{
	"$":    " USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP BRL ",
	"£":    " GBP EGP ",
	"¥":    " JPY CNY ",
	"kr":   " SEK NOK DKK ISK ",
	"peso": " MXN ARS CLP COP PHP ",
	"cent": " USD EUR ",
}

func isPowerOfTen(x, y *big.Rat) bool {
	if x.Sign() == 0 || y.Sign() == 0 || x.Sign() != y.Sign() {
		return false
	}
	q := new(big.Rat).Quo(x, y)
	return onlyTen(q.Num()) && q.Denom().IsInt64() && q.Denom().Int64() == 1 || q.Num().IsInt64() && q.Num().Int64() == 1 && onlyTen(q.Denom())
}

func onlyTen(n *big.Int) bool {
	s := n.String()
	return s[0] == '1' && strings.Trim(s[1:], "0") == ""
}

// rounds reports whether a, whose base is x, is y rounded to the last digit of a.
func rounds(a *Value, x, y *big.Rat) bool {
	if a.Digits == "" {
		return false
	}
	places := a.Places
	if places == 0 {
		// The zeros at the end of a whole number may not count: 12,000.
		n := a.Number.Num().String()
		if t := strings.TrimRight(n, "0"); len(t) > 1 {
			places = len(t) - len(n)
		}
	}
	half := new(big.Rat).Mul(tenTo(-places), big.NewRat(1, 2))
	half.Mul(half, a.Unit.factor())
	d := new(big.Rat).Sub(x, y)
	return d.Abs(d).Cmp(half) <= 0
}

func significant(a *Value) int { return len(a.Digits) }

// compareMoments compares the parts that both have.
func compareMoments(a, b *Moment) Relation {
	both := a.Set & b.Set
	if both == 0 {
		return Different
	}
	if both&Zone != 0 && a.Offset != b.Offset && both&(Hour|Day) == Hour|Day {
		if x, y := a.minutes()-a.Offset, b.minutes()-b.Offset; x == y && a.Second == b.Second && a.Fraction == b.Fraction {
			return Converted
		}
	}
	differs, n := Same, 0
	note := func(p Part, r Relation, x, y int) {
		if both&p != 0 && x != y {
			if differs != r {
				n++
			}
			differs = r
		}
	}
	year := func(m *Moment) int {
		if a.ShortYear || b.ShortYear {
			return m.Year % 100
		}
		return m.Year
	}
	note(Year, OtherYear, year(a), year(b))
	note(Month, OtherMonth, a.Month, b.Month)
	note(Day, OtherDay, a.Day, b.Day)
	note(Hour, OtherTime, a.Hour, b.Hour)
	note(Minute, OtherTime, a.Minute, b.Minute)
	note(Second, OtherTime, a.Second, b.Second)
	note(Zone, OtherZone, a.Offset, b.Offset)
	if both&Fraction != 0 && a.Fraction != b.Fraction {
		if strings.HasPrefix(b.Fraction, a.Fraction) && n == 0 {
			return Rounded
		}
		note(Fraction, OtherTime, 0, 1)
	}
	switch {
	case n > 1:
		return Different
	case n == 1:
		return differs
	case a.Set != b.Set:
		return Partial
	}
	return Same
}

// minutes count from a fixed day in the Gregorian calendar.
func (m *Moment) minutes() int {
	y, mo := m.Year, m.Month
	if mo <= 2 {
		y--
		mo += 12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(mo-3)+2)/5 + m.Day
	return (days*24+m.Hour)*60 + m.Minute
}

// comparePlain compares values whose normal forms differ.
func comparePlain(a, b *Value) Relation {
	switch b.Kind {
	case Hash, Hex:
		const short = 7 // as git abbreviates
		if len(a.Key) >= short && isHexWord(a.Key) && strings.HasPrefix(b.Key, a.Key) {
			return Same
		}
		if _, digest, ok := strings.Cut(b.Key, ":"); ok && digest == a.Key {
			return Same
		}
	case URL:
		sa, ra, oka := strings.Cut(a.Key, "://")
		sb, rb, okb := strings.Cut(b.Key, "://")
		if !oka {
			ra = sa
		}
		if !okb {
			rb = sb
		}
		if ra == rb || strings.TrimPrefix(ra, "www.") == strings.TrimPrefix(rb, "www.") {
			if oka && okb && sa != sb {
				return OtherPart
			}
			return Same
		}
	case IP, Path:
		for _, sep := range []string{":", "/"} {
			if partOf(a.Key, b.Key, sep) {
				return Partial
			}
		}
		if hostOf(a.Key) == hostOf(b.Key) && hostOf(a.Key) != a.Key {
			return OtherPart
		}
	case Version:
		if partOf(a.Key, b.Key, "-") || partOf(a.Key, b.Key, "+") || strings.HasSuffix(b.Key, ":"+a.Key) || strings.HasSuffix(a.Key, ":"+b.Key) {
			return Partial
		}
		ca, cb := strings.FieldsFunc(a.Key, versionSign), strings.FieldsFunc(b.Key, versionSign)
		if len(ca) > 1 && len(cb) > 1 && ca[0] == cb[0] && ca[1] == cb[1] {
			return OtherPart
		}
	case Phone:
		x, y := strings.TrimPrefix(a.Key, "0"), strings.TrimPrefix(b.Key, "0")
		const subscriber = 7
		if len(x) >= subscriber && strings.HasSuffix(b.Key, x) || len(y) >= subscriber && strings.HasSuffix(a.Key, y) {
			return Partial
		}
	case Identifier, Flag, Base64:
		if strings.EqualFold(a.Key, b.Key) {
			return OtherCase
		}
	}
	return Different
}

func versionSign(r rune) bool { return strings.ContainsRune("-+~:", r) }

func partOf(a, b, sep string) bool {
	return strings.HasPrefix(b, a+sep) || strings.HasPrefix(a, b+sep)
}

// hostOf is an address without its port or prefix length.
func hostOf(s string) string {
	if k := strings.LastIndexByte(s, '/'); k > 0 {
		return s[:k]
	}
	if k := strings.LastIndexByte(s, ':'); k > 0 && strings.Count(s, ":") == 1 {
		return s[:k]
	}
	return s
}
