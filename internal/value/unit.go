package value

import (
	"math/big"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Unit is a unit of measurement as dimension and factor: 1 of it is Factor times
// the product of base units, plus Offset where its zero is another (°C).
type Unit struct {
	// Dimension is the product of the base units in a normal form, such as
	// "kg·m·s^-2"; "" for a pure number.
	Dimension string
	Factor    *big.Rat
	Offset    *big.Rat // nil for none
}

// Same reports whether two units are one: kilometre and km.
func (u Unit) Same(v Unit) bool {
	return u.Dimension == v.Dimension && u.factor().Cmp(v.factor()) == 0 && (u.Offset == nil) == (v.Offset == nil) &&
		(u.Offset == nil || u.Offset.Cmp(v.Offset) == 0)
}

// IsTime reports whether the unit is one of time or of calendar time.
func (u Unit) IsTime() bool { return u.Dimension == "s" || u.Dimension == "mo" }

func (u Unit) factor() *big.Rat {
	if u.Factor == nil {
		return big.NewRat(1, 1)
	}
	return u.Factor
}

// base is n of the unit in base units.
func (u Unit) base(n *big.Rat) *big.Rat {
	r := new(big.Rat).Mul(n, u.factor())
	if u.Offset != nil {
		r.Add(r, u.Offset)
	}
	return r
}

// unitTable defines the units: symbols, names of the CLDR (empty if it has
// none), prefixes that apply (s for SI, b for binary), factor and the units that
// it is a multiple of. Sources: SI brochure (9th edition), IEC 80000-13, NIST
// SP 811.
const unitTable = `
m|meter metre|s|1|!
g|gram gramme|s|1|!
s sec secs|second|s|1|!
mo mos|month||1|!
A|ampere amp|s|1|!
K|kelvin|s|1|!
mol|mole|s|1|!
cd|candela|s|1|!
bit b|bit|sb|1|!
px|pixel|s|1|!
dB|decibel||1|!
em|em||1|!
pH|ph||1|!
% pct|percent||1/100|
‰|permille||1/1000|
ppm|part-per-1e6 permillion||1/1000000|
ppb|part-per-1e9||1/1000000000|
° deg|degree||1|!
′ arcmin|arc-minute||1/60|°
″ arcsec|arc-second||1/3600|°
rad|radian|s|1|!
min mins|minute||60|s
h hr hrs|hour||3600|s
d|day||86400|s
wk wks|week||604800|s
y yr yrs a|year year-person|s|12|mo
qtr|quarter||3|mo
|fortnight||1209600|s
|decade||120|mo
|century||1200|mo
B|byte|sb|8|bit
o|octet|sb|8|bit
Hz|hertz|s|1|s^-1
N|newton|s|1|kg m s^-2
J|joule|s|1|N m
W|watt|s|1|J s^-1
Pa|pascal|s|1|N m^-2
C|coulomb|s|1|A s
V|volt|s|1|W A^-1
F|farad|s|1|C V^-1
Ω|ohm|s|1|V A^-1
S|siemens|s|1|A V^-1
T|tesla|s|1|V s m^-2
Wb|weber|s|1|V s
H|henry|s|1|V s A^-1
lm|lumen|s|1|cd
lx|lux|s|1|cd m^-2
Bq|becquerel|s|1|s^-1
Gy|gray|s|1|J kg^-1
Sv|sievert|s|1|J kg^-1
kat|katal|s|1|mol s^-1
eV|electronvolt|s|1602176634/10000000000000000000000000000|J
l L|liter litre|s|1/1000|m^3
t|tonne metric-ton||1000000|g
kt|||1000000000|g
Mt|megatonne||1000000000000|g
ha|hectare||10000|m^2
Da|dalton|s|1|!
in|inch||254/10000|m
ft|foot||3048/10000|m
yd yds|yard||9144/10000|m
mi|mile||1609344/1000|m
nmi|nautical-mile||1852|m
|furlong||201168/1000|m
|fathom||18288/10000|m
au|astronomical-unit||149597870700|m
ly|light-year||9460730472580800|m
pc|parsec|s|30856775814913673|m
Å|||1/10000000000|m
oz|ounce||28349523125/1000000000|g
lb lbs|pound||45359237/100000|g
st|stone||635029318/100000|g
|ton||90718474/100|g
ct|carat||1/5|g
gr|grain||6479891/100000000|g
gal|gallon||3785411784/1000000000000|m^3
qt|quart||946352946/1000000000000|m^3
pt|pint||473176473/1000000000000|m^3
|cup||2365882365/10000000000000|m^3
|fluid-ounce||295735295625/10000000000000000|m^3
|tablespoon||147867647813/10000000000000000|m^3
|teaspoon||49289215938/10000000000000000|m^3
|barrel||158987294928/1000000000000|m^3
|bushel||3523907016688/100000000000000|m^3
|acre||40468564224/10000000|m^2
bar|bar|s|100000|Pa
atm|atmosphere||101325|Pa
psi|pound-force-per-square-inch||8896443230521/1290320000|Pa
mmHg|millimeter-ofhg||101325/760|Pa
Torr|||101325/760|Pa
cal|calorie|s|4184/1000|J
Cal|foodcalorie||4184|J
BTU Btu|british-thermal-unit||1055|J
Wh||s|3600|J
Ah||s|3600|C
hp|horsepower||745699871582/1000000000|W
kn|knot||1852/3600|m s^-1
mph|||1609344/3600000|m s^-1
kph|||1000/3600|m s^-1
rpm|||1/60|s^-1
bps||s|1|bit s^-1
Bps||s|8|bit s^-1
VA||s|1|W
dpi|dot-per-inch||1|!
ppi|pixel-per-inch||1|!
lp|||1|!
rem|||1|!
vh|||1|!
vw|||1|!
fps|||1|!
req|||1|!
op ops|||1|!
tok|token||1|!
`

type definition struct {
	unit   Unit
	prefix string // those that apply
}

// unitIndex finds definitions by symbol and by English name.
type unitIndex struct {
	symbols, names map[string]*definition
}

var prefixes = []struct {
	symbol, name string
	power        int // of 10, or of 1024 for binary ones
	binary       bool
}{
	{"Q", "quetta", 30, false}, {"R", "ronna", 27, false}, {"Y", "yotta", 24, false}, {"Z", "zetta", 21, false}, {"E", "exa", 18, false},
	{"P", "peta", 15, false}, {"T", "tera", 12, false}, {"G", "giga", 9, false}, {"M", "mega", 6, false}, {"k", "kilo", 3, false},
	{"K", "kilo", 3, false}, {"h", "hecto", 2, false}, {"da", "deca", 1, false}, {"d", "deci", -1, false}, {"c", "centi", -2, false}, {"m", "milli", -3, false},
	{"µ", "micro", -6, false}, {"μ", "micro", -6, false}, {"u", "micro", -6, false}, {"n", "nano", -9, false}, {"p", "pico", -12, false},
	{"f", "femto", -15, false}, {"a", "atto", -18, false}, {"z", "zepto", -21, false}, {"y", "yocto", -24, false},
	{"Ki", "kibi", 1, true}, {"Mi", "mebi", 2, true}, {"Gi", "gibi", 3, true}, {"Ti", "tebi", 4, true}, {"Pi", "pebi", 5, true}, {"Ei", "exbi", 6, true},
}

var unitsOnce = sync.OnceValue(func() *unitIndex {
	x := &unitIndex{map[string]*definition{}, map[string]*definition{}}
	// A unit may be defined by one that stands behind it.
	for pass := range 3 {
		for line := range strings.FieldsFuncSeq(unitTable, func(r rune) bool { return r == '\n' }) {
			f := strings.Split(line, "|")
			symbols, names := strings.Fields(f[0]), strings.Fields(f[1])
			u, ok := x.define(f[3], f[4], append(symbols, names...)[0])
			if !ok && pass < 2 {
				continue
			}
			d := &definition{u, f[2]}
			for _, s := range symbols {
				x.put(x.symbols, s, d, false)
			}
			for _, n := range names {
				x.put(x.names, n, d, true)
			}
		}
	}
	kelvin := &definition{unit: Unit{"K", big.NewRat(1, 1), big.NewRat(27315, 100)}}
	fahrenheit := &definition{unit: Unit{"K", big.NewRat(5, 9), big.NewRat(45967*5, 900)}}
	for _, s := range []string{"°C", "℃", "ºC"} {
		x.symbols[s] = kelvin
	}
	for _, s := range []string{"°F", "℉", "ºF"} {
		x.symbols[s] = fahrenheit
	}
	x.names["celsius"], x.names["fahrenheit"] = kelvin, fahrenheit
	for s, like := range map[string]string{"㎡": "m²", "㎢": "km²", "㎥": "m³", "㎏": "kg", "㎎": "mg", "㎞": "km", "㎝": "cm", "㎜": "mm", "％": "%", "m2": "m²", "m3": "m³", "km2": "km²", "cm2": "cm²", "cm3": "cm³", "mm2": "mm²", "cc": "cm³"} {
		if u, ok := x.product(like); ok {
			x.symbols[s] = &definition{unit: u}
		}
	}
	return x
})

// put enters a unit with its prefixes, which do not replace a unit of its own.
func (x *unitIndex) put(m map[string]*definition, word string, d *definition, name bool) {
	m[word] = &definition{unit: d.unit}
	for _, p := range prefixes {
		if p.binary && !strings.Contains(d.prefix, "b") || !p.binary && !strings.Contains(d.prefix, "s") {
			continue
		}
		if p.symbol == "K" && !strings.Contains(d.prefix, "b") {
			continue
		}
		w := p.symbol + word
		if name {
			w = p.name + word
		}
		if _, taken := m[w]; taken {
			continue
		}
		factor := tenTo(p.power)
		if p.binary {
			factor = new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(10*p.power)))
		}
		m[w] = &definition{unit: Unit{Dimension: d.unit.Dimension, Factor: new(big.Rat).Mul(factor, d.unit.factor())}}
	}
}

func (x *unitIndex) define(factor, product, base string) (Unit, bool) {
	f, _ := new(big.Rat).SetString(factor)
	if product == "!" {
		return Unit{Dimension: base, Factor: f}, true
	}
	if product == "" {
		return Unit{Factor: f}, true
	}
	u, ok := x.product(product)
	if !ok {
		return Unit{}, false
	}
	u.Factor = f.Mul(f, u.factor())
	return u, true
}

// product reads symbols with powers and blanks between them.
func (x *unitIndex) product(s string) (Unit, bool) {
	p := newProduct()
	for w := range strings.FieldsSeq(s) {
		symbol, power := splitPower(w)
		d, ok := x.symbols[symbol]
		if !ok {
			return Unit{}, false
		}
		p.multiply(d.unit, power)
	}
	return p.unit(), true
}

// product is a unit under way.
type product struct {
	powers map[string]int
	factor *big.Rat
	single *Unit // the only factor, with its offset
	n      int
}

func newProduct() *product { return &product{powers: map[string]int{}, factor: big.NewRat(1, 1)} }

func (p *product) multiply(u Unit, power int) {
	p.n++
	if p.n == 1 && power == 1 {
		p.single = &u
	}
	for part := range strings.SplitSeq(u.Dimension, "·") {
		if part != "" {
			symbol, n := splitPower(part)
			p.powers[symbol] += n * power
		}
	}
	f := u.factor()
	if power < 0 {
		f = new(big.Rat).Inv(f)
		power = -power
	}
	for range power {
		p.factor.Mul(p.factor, f)
	}
}

func (p *product) unit() Unit {
	if p.n == 1 && p.single != nil {
		return *p.single
	}
	var parts []string
	for symbol, n := range p.powers {
		switch {
		case n == 1:
			parts = append(parts, symbol)
		case n != 0:
			parts = append(parts, symbol+"^"+itoa(n))
		}
	}
	slices.Sort(parts)
	return Unit{Dimension: strings.Join(parts, "·"), Factor: p.factor}
}

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// splitPower takes m^-2, m², s⁻¹ and s-1 apart.
func splitPower(w string) (symbol string, power int) {
	end := len(w)
	for end > 0 {
		r, n := utf8.DecodeLastRuneInString(w[:end])
		if !strings.ContainsRune("0123456789-−+^²³¹⁻⁴⁵⁶⁷⁸⁹⁰", r) {
			break
		}
		end -= n
	}
	if end == 0 || end == len(w) {
		return w, 1
	}
	sign := 1
	for _, r := range w[end:] {
		switch r {
		case '-', '−', '⁻':
			sign = -1
		case '²':
			power = 2
		case '³':
			power = 3
		case '¹':
			power = 1
		case '^', '+', '⁰':
		default:
			if i := strings.IndexRune("⁴⁵⁶⁷⁸⁹", r); i >= 0 {
				power = 4 + i/3
			} else {
				power = power*10 + int(r-'0')
			}
		}
	}
	if power == 0 || power > 9 {
		return w, 1
	}
	return w[:end], sign * power
}

// tenTo is a power of ten.
func tenTo(n int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	if n < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), p)
	}
	return new(big.Rat).SetInt(p)
}
