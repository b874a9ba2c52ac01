package value

import (
	"math/big"
	"strings"
)

// Value is what an exact string means. Two values of one kind with the same Key
// are the same value. The other fields serve Compare and derivations.
type Value struct {
	Kind Kind
	Text string // as it was given to Parse
	Key  string // normal form

	// Number is the number of a measured value with its scale word applied and
	// its percent sign or unit not: 1.2e9 for "$1.2 billion", 85 for "85 %". It is
	// nil for kinds without one.
	Number *big.Rat
	// Places is the number of decimal places that Number is written with,
	// negative where its last digit stands for tens and more.
	Places int
	// Digits are the digits as written, without zeros at either end.
	Digits string
	Unit   Unit
	// Currency is an ISO 4217 code, or a sign that several currencies share.
	Currency string

	// Moment is the date and time of a Date, Time or Timestamp.
	Moment Moment

	// Low and High are the ends of a Range.
	Low, High *Value
}

const (
	// maxText bounds what has a normal form, in bytes.
	maxText = 4 << 10
	// maxTyped bounds what is read as a number, a range or a date, in bytes.
	maxTyped = 200
)

// Parse reads text as a value of a kind. There are several readings where the
// notation has more than one meaning and the conventions do not tell ("1,234",
// "03/04/2026"). Text that is not of the kind's form is a value by its
// characters alone, so there is always at least one.
func Parse(text string, kind Kind, c Conventions) []Value {
	if len(text) > maxText {
		return []Value{{Kind: kind, Text: text, Key: text}}
	}
	s := clean(text)
	var out []Value
	if len(s) > maxTyped && (kind.IsMeasured() || kind == Date || kind == Time || kind == Timestamp) {
		return []Value{{Kind: kind, Text: text, Key: strings.ToLower(s)}}
	}
	switch kind {
	case Number, Percentage, Quantity, Money, Duration, Ratio:
		out = measured(s, kind, c)
	case Range:
		out = ranges(s, c)
	case Date, Time, Timestamp:
		out = moments(s, c)
	default:
		out = []Value{{Key: plainKey(s, kind)}}
	}
	if len(out) == 0 {
		out = []Value{{Key: strings.ToLower(s)}}
	}
	for i := range out {
		if out[i].Kind == "" {
			out[i].Kind = kind
		}
		out[i].Text = text
	}
	return out
}

// base is the number in base units, so that equal amounts are equal.
func (v *Value) base() *big.Rat { return v.Unit.base(v.Number) }
