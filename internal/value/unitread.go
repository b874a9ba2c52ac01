package value

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// unitWords are the names of units in all languages, in small letters.
var unitWords = sync.OnceValue(func() map[string]*Unit {
	x := unitsOnce()
	out := map[string]*Unit{}
	for name, d := range x.names {
		out[name] = &d.unit
		out[name+"s"] = &d.unit
	}
	out["feet"], out["inches"], out["centuries"] = &x.names["foot"].unit, &x.names["inch"].unit, &x.names["century"].unit
	for word, id := range words().units {
		_, name, _ := strings.Cut(id, "-")
		u, ok := x.named(name)
		if !ok || len(word) <= 3 && word[0] < utf8.RuneSelf && !shortUnitWords[word] || strings.HasSuffix(word, "²") || strings.HasSuffix(word, "³") {
			continue // a symbol, which is read with its case
		}
		out[word] = &u
	}
	for word, like := range map[string]string{
		"sec": "s", "secs": "s", "mins": "min", "hrs": "h", "std": "h", "sek": "s", "byte": "B", "octets": "B", "octet": "B", "bytes": "B", "бит": "bit",
		"percent": "%", "per cent": "%", "prozent": "%", "pour cent": "%", "por ciento": "%", "por cento": "%", "per cento": "%", "procent": "%",
		"процент": "%", "процента": "%", "процентов": "%", "パーセント": "%", "퍼센트": "%", "个百分点": "%", "字节": "B", "バイト": "B", "바이트": "B",
		"个月": "mo", "年": "y", "日": "d", "天": "d", "か月": "mo", "ヶ月": "mo", "カ月": "mo", "개월": "mo", "년": "y", "일": "d", "시간": "h", "分": "min", "秒": "s", "小时": "h", "時間": "h",
		"周": "wk", "週間": "wk", "주": "wk", "分钟": "min", "公里": "km", "千米": "km", "公斤": "kg", "千克": "kg", "吨": "t", "米": "m", "克": "g", "升": "l", "度": "°", "摄氏度": "°C", "톤": "t", "л": "l", "г": "g", "кг": "kg", "м": "m", "км": "km", "ч": "h", "с": "s", "сек": "s", "мин": "min", "год": "y", "года": "y", "лет": "y",
	} {
		out[word] = &x.symbols[like].unit
	}
	delete(out, "节") // a section as well as a knot
	return out
})

// shortUnitWords are words of up to three letters that are no symbols.
var shortUnitWords = setOf("ans ano año dag uur ora ore rok lat dni día dia mês jr std sek ton hrs yrs wks")

// named resolves a name of the CLDR such as square-kilometer-per-hour.
func (x *unitIndex) named(name string) (Unit, bool) {
	if d, ok := x.names[name]; ok {
		return d.unit, true
	}
	p := newProduct()
	over, under, per := strings.Cut(name, "-per-")
	for side, part := range []string{over, under} {
		if side == 1 && !per {
			break
		}
		power := 1
		for w := range strings.SplitSeq(part, "-") {
			switch w {
			case "square":
				power = 2
				continue
			case "cubic":
				power = 3
				continue
			}
			d, ok := x.names[w]
			if !ok {
				return Unit{}, false
			}
			if side == 1 {
				power = -power
			}
			p.multiply(d.unit, power)
			power = 1
		}
	}
	return p.unit(), true
}

// maxFactors is the most units in a product.
const maxFactors = 8

// ReadUnit reads the unit that begins at byte i of s, simple or compound: "km",
// "kg·m/s²", "mol L−1", "square metres", "mg per kg". end is its end, or i if
// there is none. Symbols are case-sensitive, names are not. A symbol is not read
// out of a longer word.
func ReadUnit(s string, i int) (u Unit, end int) {
	var factors [maxFactors]factor
	n, end := readFactors(s, i, &factors)
	if n == 0 {
		return Unit{}, i
	}
	p := newProduct()
	for _, f := range factors[:n] {
		p.multiply(*f.unit, f.power)
	}
	return p.unit(), end
}

// UnitEnd is the end of the unit at byte i of s, or i if there is none, and the
// kind of value that a number in front of it makes: Percentage, Duration or
// Quantity. A unit of time has a size in seconds.
func UnitEnd(s string, i int) (end int, kind Kind, seconds float64) {
	var factors [maxFactors]factor
	n, end := readFactors(s, i, &factors)
	if n == 0 {
		return i, "", 0
	}
	if u := factors[0].unit; n == 1 && factors[0].power == 1 {
		switch u.Dimension {
		case "":
			return end, Percentage, 0
		case "s", "mo":
			seconds, _ = u.factor().Float64()
			if u.Dimension == "mo" {
				seconds *= secondsPerMonth
			}
			return end, Duration, seconds
		}
	}
	return end, Quantity, 0
}

func readFactors(s string, i int, factors *[maxFactors]factor) (n, end int) {
	f, end := readFactor(s, i)
	if end == i {
		return 0, i
	}
	factors[0] = f
	n = 1
	for n < maxFactors {
		k, sign, explicit := joint(s, end)
		if k == end {
			break
		}
		next, e := readFactor(s, k)
		if e == k || !explicit && next.power > 0 && !pairs[s[i:e]] {
			break
		}
		next.power *= sign
		factors[n] = next
		end = e
		n++
	}
	return n, end
}

// pairs are products of two symbols that are written with a blank.
var pairs = setOf2("J s|N m|W h|kW h|V A|A h|Pa s|kg m|kgf m|lm s|mol L|C m")

func setOf2(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(words, "|") {
		set[w] = true
	}
	return set
}

// joint reads what stands between two units. sign is -1 behind a word or sign of
// division; explicit is false for a blank.
func joint(s string, i int) (end, sign int, explicit bool) {
	switch {
	case i >= len(s):
		return i, 0, false
	case s[i] == '/':
		if strings.HasPrefix(s[i:], "/ ") {
			return i + 2, -1, true
		}
		return i + 1, -1, true
	case s[i] == '*':
		return i + 1, 1, true
	case strings.HasPrefix(s[i:], "·"), strings.HasPrefix(s[i:], "⋅"):
		_, n := utf8.DecodeRuneInString(s[i:])
		return i + n, 1, true
	case s[i] == ' ':
		for _, w := range []string{"per ", "pro ", "par ", "por ", "/ "} {
			if strings.HasPrefix(s[i+1:], w) {
				return i + 1 + len(w), -1, true
			}
		}
		return i + 1, 1, false
	}
	return i, 0, false
}

type factor struct {
	unit  *Unit
	power int
}

// readFactor reads one unit with its power.
func readFactor(s string, i int) (f factor, end int) {
	if i >= len(s) {
		return f, i
	}
	x := unitsOnce()
	word := letters(s, i)
	if word == i {
		return f, i
	}
	power := powerEnd(s, word)
	if power > word {
		symbol, n := splitPower(s[i:power])
		if d, ok := x.symbols[symbol]; ok && symbol == s[i:word] {
			return factor{&d.unit, n}, power
		}
		power = word
	}
	w := s[i:word]
	if d, ok := x.symbols[w]; ok {
		if e := suffixed(s, word, &f); e > word {
			f.unit = &d.unit
			return f, e
		}
		if phrase, e := readPhrase(s, i, word); e > word {
			return phrase, e
		}
		return factor{&d.unit, 1}, word
	}
	if d, ok := x.symbols[strings.ReplaceAll(w, "º", "°")]; ok {
		return factor{&d.unit, 1}, word
	}
	if f, end = readPhrase(s, i, word); end > i {
		return f, end
	}
	if s[i] >= 0xE3 {
		return readCJK(s, i, word)
	}
	return f, i
}

// suffixed reads "squared" and "cubed" behind a unit.
func suffixed(s string, i int, f *factor) int {
	f.power = 1
	for n, w := range []string{" squared", " cubed"} {
		if strings.HasPrefix(s[i:], w) && letters(s, i+len(w)) == i+len(w) {
			f.power = n + 2
			return i + len(w)
		}
	}
	return i
}

// readPhrase reads a name of up to three words whose first ends at word.
func readPhrase(s string, i, word int) (f factor, end int) {
	names := unitWords()
	power, from := 1, i
	switch strings.ToLower(s[i:word]) {
	case "square", "sq", "sq.":
		power = 2
	case "cubic", "cu":
		power = 3
	}
	if power > 1 {
		from = word
		if strings.HasPrefix(s[from:], ".") {
			from++
		}
		if !strings.HasPrefix(s[from:], " ") {
			return f, i
		}
		from++
		if next, e := readFactor(s, from); e > from && next.power == 1 {
			return factor{next.unit, power}, e
		}
		return f, i
	}
	ends := [3]int{word}
	n := 1
	for n < 3 {
		k := ends[n-1]
		if k >= len(s) || s[k] != ' ' && s[k] != '-' {
			break
		}
		e := letters(s, k+1)
		if e == k+1 {
			break
		}
		ends[n] = e
		n++
	}
	for n--; n >= 0; n-- {
		const longest = 48
		if ends[n]-i > longest {
			continue
		}
		if u, ok := names[strings.ToLower(s[i:ends[n]])]; ok {
			f.unit = u
			end = suffixed(s, ends[n], &f)
			return f, end
		}
	}
	return f, i
}

// readCJK reads the longest unit that a run of letters without blanks begins
// with.
func readCJK(s string, i, word int) (f factor, end int) {
	names := unitWords()
	const longest = 18
	for end = min(word, i+longest); end > i; end-- {
		if end < len(s) && !utf8.RuneStart(s[end]) {
			continue
		}
		if u, ok := names[s[i:end]]; ok {
			return factor{u, 1}, end
		}
	}
	return f, i
}

// letters is the end of the letters and unit signs that begin at i.
func letters(s string, i int) int {
	if i < len(s) && s[i] == '%' {
		return i + 1
	}
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'a' <= c|0x20 && c|0x20 <= 'z' {
				i++
				continue
			}
			return i
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune("°‰′″℃℉㎡㎢㎥％º", r) || r >= 0x3380 && r <= 0x33DF) {
			i += n
			continue
		}
		return i
	}
	return i
}

// powerEnd is the end of the power that stands at i behind a symbol.
func powerEnd(s string, i int) int {
	k := i
	if k < len(s) && s[k] == '^' {
		k++
	}
	if k < len(s) && s[k] == '-' {
		k++
	} else if strings.HasPrefix(s[k:], "−") {
		k += len("−")
	}
	from := k
	for k < len(s) && k < from+2 && '0' <= s[k] && s[k] <= '9' {
		k++
	}
	if k > from {
		if k < len(s) && (letters(s, k) > k || '0' <= s[k] && s[k] <= '9') {
			return i
		}
		return k
	}
	k = i
	for k < len(s) {
		r, n := utf8.DecodeRuneInString(s[k:])
		if !strings.ContainsRune("²³¹⁻⁴⁵⁶⁷⁸⁹", r) {
			break
		}
		k += n
	}
	return k
}
