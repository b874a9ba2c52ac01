package exact

import (
	"strings"
	"unicode/utf8"
)

var units = setOf(`% ‰ ° °C °F ℃ ℉ K
nm µm μm um mm cm dm m km in ft yd mi mm² cm² m² km² ㎡ m2 km2 ha mm³ cm³ m³ m3
µg μg mg g kg t oz lb lbs ml mL cl dl l L gal
ns µs μs us ms s sec min mins h hr hrs d
B kB KB MB GB TB PB KiB MiB GiB TiB PiB Ki Mi Gi Ti bit kbit Mbit Gbit bps kbps Mbps Gbps kb Mb Gb
Hz kHz MHz GHz rpm V mV kV A mA Ah mAh W mW kW MW GW Wh kWh MWh J kJ MJ cal kcal N kN Nm Pa kPa MPa hPa bar mbar psi
dB lm lx px pt em dpi ppm ppb mol mmol
km/h m/s mph MB/s GB/s KB/s kB/s MiB/s GiB/s Mb/s Gb/s kb/s Mbit/s Gbit/s kg/m³ g/l mg/l l/min req/s ops/s tok/s
元 万元 亿元 美元 欧元 円 원`)

// suffixes stand directly behind a number only.
var suffixes = setOf("k M G T P x X bn mn st nd rd th m n")

var currencies = setOf(`AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW
MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RMB RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR Rs kr zł`)

const currencySigns = "$€£¥₹₩₽₺₫₴₦₱₪฿￥＄￡￠¢₿"

// currencySign is the length of the currency sign at i, 0 if there is none.
func currencySign(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	if s[i] < utf8.RuneSelf {
		if s[i] == '$' {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if r != utf8.RuneError && strings.ContainsRune(currencySigns, r) {
		return n
	}
	return 0
}

// matchNumber reads a number with its unit or currency. A single digit without
// either is none: a reader sees it as well as any letter, and texts are full of
// them.
func matchNumber(s string, i int) int { return numberEnd(s, i, i) }

// matchRatio reads 3:2 and 16:9.
func matchRatio(s string, i int) int {
	const most = 4
	k := digitsEnd(s, i)
	end := digitsEnd(s, k+1)
	if at(s, k) != ':' || k-i > most || end == k+1 || end-k-1 > most {
		return i
	}
	if c := at(s, i-1); c != 0 && strings.IndexByte(":.[-", c) >= 0 || wordLen(s, end) > 0 {
		return i
	}
	if c := at(s, end); c == ':' || (c == '.' || c == ',') && isDigit(at(s, end+1)) {
		return i
	}
	return end
}

// matchSigned reads -12.5, +7 %, $12 and -£77.41.
func matchSigned(s string, i int) int {
	k := i
	if c := s[k]; c == '-' || c == '+' {
		if p := at(s, i-1); p != 0 && !isSpace(p) && strings.IndexByte("([{,;=:\"'`|<>", p) < 0 {
			return i
		}
		k++
	}
	n := currencySign(s, k)
	k += n
	if n > 0 && at(s, k) == ' ' && isDigit(at(s, k+1)) {
		k++
	}
	if k == i || !isDigit(at(s, k)) {
		return i
	}
	return numberEnd(s, i, k)
}

// matchCurrencyCode reads EUR 12.50.
func matchCurrencyCode(s string, i int) int {
	e := wordEnd(s, i)
	if !currencies[s[i:e]] {
		return i
	}
	if at(s, e) == '.' {
		e++
	}
	if at(s, e) == ' ' {
		e++
	}
	if !isDigit(at(s, e)) {
		return i
	}
	return numberEnd(s, i, e)
}

// numberEnd is the end of the number whose sign and currency begin at i and
// whose digits begin at k; i if it is none.
func numberEnd(s string, i, k int) int {
	first := k
	if s[k] == '0' && at(s, k+1) != 0 && strings.IndexByte("bBoO", s[k+1]) >= 0 {
		if end := digitsEnd(s, k+2); end > k+2 && wordLen(s, end) == 0 {
			return end
		}
	}
	decorated := k > i && s[k-1] != '-' && s[k-1] != '+'
	k, decimal := digitsWithGroups(s, k)
	decorated = decorated || decimal
	if c := at(s, k); c == 'e' || c == 'E' {
		e := k + 1
		if c := at(s, e); c == '-' || c == '+' {
			e++
		}
		if end := digitsEnd(s, e); end > e && wordLen(s, end) == 0 {
			k, decorated = end, true
		}
	}
	if end := unitEnd(s, k); end > k {
		return end
	}
	if wordLen(s, k) > 0 {
		if end := durationEnd(s, first); end > first {
			return end
		}
		return i
	}
	if !decorated && k-first < 2 {
		return i
	}
	// A code, not a number: 16-B7.
	if at(s, k) == '-' && wordLen(s, k+1) > 0 && !decimal {
		if end := matchCode(s, first); end > first && first == i {
			return i
		}
	}
	return k
}

// digitsWithGroups reads digits with separators of groups and decimals, in the
// customs of English (1,234.5), continental Europe (1.234,5 and 1 234,5),
// Switzerland (1'234) and India (12,34,567), and 1_000 of programs.
func digitsWithGroups(s string, i int) (end int, decimal bool) {
	k := digitsEnd(s, i)
	if k-i <= 3 {
		for _, sep := range []string{",", ".", "'", "’", "\u00a0", "\u202f", "\u2009", " "} {
			if e := groupsEnd(s, i, k, sep); e > k {
				if e2, ok := decimalEnd(s, e, sep); ok {
					return e2, true
				}
				return e, false
			}
		}
	}
	for at(s, k) == '_' && isDigit(at(s, k+1)) {
		k = digitsEnd(s, k+1)
	}
	e, ok := decimalEnd(s, k, "")
	return e, ok
}

// groupsEnd reads the groups behind the first, which ends at k; k if they are
// none.
func groupsEnd(s string, i, k int, sep string) int {
	first, groups := k, 0
	last := 0
	const maxGroups = 8
	for strings.HasPrefix(s[k:], sep) {
		if groups == maxGroups {
			return first
		}
		e := digitsEnd(s, k+len(sep))
		n := e - k - len(sep)
		if n != 3 && (n != 2 || sep != ",") {
			break
		}
		k, last = e, n
		groups++
	}
	if groups == 0 || last != 3 || s[i] == '0' {
		return first
	}
	switch sep {
	case ",":
		// In a row of a table commas stand between numbers.
		if c := at(s, i-1); c == ',' || at(s, k) == ',' && at(s, k+1) != ' ' && at(s, k+1) != '\n' && at(s, k+1) != 0 {
			return first
		}
	case ".":
		// 1.234 is a decimal; 1.234,5 and 1.234.567 are grouped.
		_, ok := decimalEnd(s, k, sep)
		if groups < 2 && !ok && unitEnd(s, k) == k {
			return first
		}
	case " ":
		_, ok := decimalEnd(s, k, sep)
		n := 0
		if at(s, k) == ' ' {
			n = currencySign(s, k+1)
		}
		if !ok && n == 0 && currencySign(s, k) == 0 {
			return first
		}
	}
	return k
}

// decimalEnd reads a decimal point or comma and what follows. After groups the
// other sign is meant; without groups a comma needs a unit behind it.
func decimalEnd(s string, k int, groupSep string) (int, bool) {
	c := at(s, k)
	if c != '.' && c != ',' || !isDigit(at(s, k+1)) || groupSep == string(c) {
		return k, false
	}
	e := digitsEnd(s, k+1)
	if at(s, e) == c && isDigit(at(s, e+1)) {
		return k, false
	}
	if c == ',' && groupSep == "" && unitEnd(s, e) == e {
		return k, false
	}
	return e, true
}

// unitEnd reads a unit or currency at k, after at most one blank; k if there is
// none.
func unitEnd(s string, k int) int {
	from := k
	switch {
	case at(s, k) == ' ':
		from++
	case strings.HasPrefix(s[k:], "\u00a0"), strings.HasPrefix(s[k:], "\u202f"), strings.HasPrefix(s[k:], "\u2009"):
		_, n := utf8.DecodeRuneInString(s[k:])
		from += n
	}
	if at(s, from) == '%' {
		if wordLen(s, from+1) > 0 {
			return k
		}
		return from + 1
	}
	if n := currencySign(s, from); n > 0 && (s[from] != '$' || from == k) {
		return from + n
	}
	// Longest first: letters, signs of degree, powers, one slash.
	var ends [4]int
	n := 0
	e := from
	for e < len(s) && n < len(ends) {
		e2 := e
		for e2 < len(s) && e2 < from+16 {
			r, w := utf8.DecodeRuneInString(s[e2:])
			if r == utf8.RuneError || isDigit(s[e2]) && e2 == from || wordLen(s, e2) == 0 && !strings.ContainsRune("°²³℃℉㎡‰µ元万亿美欧円원", r) {
				break
			}
			e2 += w
		}
		if e2 == e {
			break
		}
		ends[n], e = e2, e2
		n++
		if at(s, e) != '/' {
			break
		}
		e++
	}
	for n--; n >= 0; n-- {
		u := s[from:ends[n]]
		if units[u] || currencies[u] || from == k && suffixes[u] {
			if from > k && ambiguousUnits[u] {
				return k
			}
			return ends[n]
		}
	}
	if r, w := utf8.DecodeRuneInString(s[from:]); r == '元' || r == '円' || r == '원' || r == '℃' || r == '㎡' || r == '%' || r == '％' {
		return from + w
	}
	return k
}

// ambiguousUnits are words too, so that "12 in all" has no unit.
var ambiguousUnits = setOf("in d t A K N em min pt cal bar J L l B us")

// durationEnd reads 1h30m and 3m12s.
func durationEnd(s string, i int) int {
	k, parts := i, 0
	for k < len(s) && isDigit(s[k]) {
		e := digitsEnd(s, k)
		if at(s, e) == '.' && isDigit(at(s, e+1)) {
			e = digitsEnd(s, e+1)
		}
		n := 1
		switch {
		case strings.HasPrefix(s[e:], "ms"), strings.HasPrefix(s[e:], "us"), strings.HasPrefix(s[e:], "ns"):
			n = 2
		case at(s, e) == 0 || strings.IndexByte("dhms", s[e]) < 0:
			return i
		}
		k = e + n
		parts++
	}
	if parts == 0 || wordLen(s, k) > 0 {
		return i
	}
	return k
}

// matchWideNumber reads a number that begins outside ASCII: full-width digits,
// a currency sign, a minus sign.
func matchWideNumber(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	k := i
	if r == '−' || r == '－' || r == '＋' {
		k += n
	}
	n = currencySign(s, k)
	k += n
	if n > 0 && at(s, k) == ' ' {
		k++
	}
	if k > i && isDigit(at(s, k)) {
		return numberEnd(s, i, k)
	}
	digits := 0
	for k < len(s) {
		r, n := utf8.DecodeRuneInString(s[k:])
		switch {
		case '０' <= r && r <= '９':
			digits++
		case (r == '．' || r == '，' || r == '：') && digits > 0 && wideDigit(s, k+n):
		default:
			if digits == 0 {
				return i
			}
			end := unitEnd(s, k)
			if digits < 2 && end == k {
				return i
			}
			return end
		}
		k += n
	}
	if digits < 2 {
		return i
	}
	return k
}

func wideDigit(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return '０' <= r && r <= '９'
}
