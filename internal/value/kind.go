// Package value reads exact strings as typed values: what a string means, so
// that two notations of one date or amount compare as equal and two amounts with
// the same digits but other units do not.
//
// Parse reads a string of a known kind. Compare tells how two values relate.
// Numbers are exact decimals. Words of months, units, currencies, scales and
// numbers come from the Unicode CLDR for English, German, French, Spanish,
// Italian, Portuguese, Dutch, Polish, Russian, Chinese, Japanese and Korean
// (cldr.txt); symbols of units from the SI brochure, IEC 80000-13 and NIST
// SP 811.
package value

// Kind is what an exact string is.
type Kind string

// The kinds of exact strings.
const (
	Identifier Kind = "identifier" // camelCase, snake_case, dotted, and codes such as INV-2041
	UUID       Kind = "uuid"
	Hash       Kind = "hash" // hex of a digest's length, with its algorithm if that stands before it
	Hex        Kind = "hex"
	Base64     Kind = "base64"
	Account    Kind = "account" // IBAN, ISBN, CAS and card numbers …
	Phone      Kind = "phone"
	Email      Kind = "email"
	URL        Kind = "url"
	Path       Kind = "path" // with its line, as in main.go:42
	IP         Kind = "ip"   // with its port or prefix length
	MAC        Kind = "mac"
	Version    Kind = "version" // with its epoch, tilde and build suffix
	Flag       Kind = "flag"
	Date       Kind = "date"
	Time       Kind = "time"      // of day
	Timestamp  Kind = "timestamp" // date and time, with the zone
	Duration   Kind = "duration"
	Number     Kind = "number"
	Percentage Kind = "percentage"
	Quantity   Kind = "quantity" // a number with a unit
	Money      Kind = "money"    // a number with a currency
	Range      Kind = "range"
	Ratio      Kind = "ratio"
	Citation   Kind = "citation" // of a law, a standard, a paper
	Quotation  Kind = "quotation"
	Name       Kind = "name" // of a person, a place, a product
)

// Kinds returns every kind, in the order of the fact sheet.
func Kinds() []Kind {
	return []Kind{
		Identifier, UUID, Hash, Hex, Base64, Account, Phone, Email, URL, Path, IP, MAC,
		Version, Flag, Date, Time, Timestamp, Duration, Number, Percentage, Quantity, Money,
		Range, Ratio, Citation, Quotation, Name,
	}
}

// IsMeasured reports whether values of the kind are numbers, alone or with a unit,
// a currency or a second end.
func (k Kind) IsMeasured() bool {
	switch k {
	case Number, Percentage, Quantity, Money, Duration, Range, Ratio:
		return true
	}
	return false
}
