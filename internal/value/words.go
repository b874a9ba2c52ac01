package value

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// cldr.txt.gz is made by hand: go run cldr_gen.go DIRECTORY_OF_CLDR_JSON, then
// gzip. It is packed because the binary has a size to keep.

//go:embed cldr.txt.gz
var packed []byte

// cldr is the text of cldr.txt.
func cldr() string {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // the file is embedded
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// tables are the words of cldr.txt, folded to small letters and without full
// stops.
type tables struct {
	months     map[string]int
	weekdays   map[string]bool
	units      map[string]string         // word to identifier of the CLDR
	currencies map[string]string         // word to ISO 4217 code
	scales     map[string]map[string]int // language to word to power of ten
	numbers    map[string]map[string]int // language to word to number
}

var words = sync.OnceValue(func() *tables {
	t := &tables{
		map[string]int{}, map[string]bool{}, map[string]string{}, map[string]string{}, map[string]map[string]int{}, map[string]map[string]int{},
	}
	for line := range strings.Lines(cldr()) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			continue
		}
		n, _ := strconv.Atoi(f[2])
		for w := range strings.SplitSeq(f[3], "|") {
			t.add(f[0], f[1], f[2], n, fold(w))
		}
	}
	for w, n := range map[string]int{"sept": 9, "setiembre": 9, "març": 3, "avr": 4, "dez": 12, "sierp": 8, "wrzes": 9} {
		t.months[w] = n
	}
	for w, code := range map[string]string{
		"dollar": "$", "dollars": "$", "dólar": "$", "dólares": "$", "dollari": "$", "dolarów": "$", "доллар": "$", "доллара": "$",
		"долларов": "$", "pound": "£", "pounds": "£", "yen": "JPY", "yuan": "CNY", "franc": "CHF", "francs": "CHF", "franken": "CHF",
		"euro": "EUR", "euros": "EUR", "eur": "EUR", "rupee": "INR", "rupees": "INR", "рубль": "RUB", "рубля": "RUB", "рублей": "RUB", "руб": "RUB",
		"евро": "EUR", "złoty": "PLN", "złote": "PLN", "złotych": "PLN", "reais": "BRL", "pesos": "peso", "peso": "peso",
		"kronen": "kr", "kronor": "kr", "元": "CNY", "人民币": "CNY", "円": "JPY", "日元": "JPY", "원": "KRW", "달러": "$", "美元": "USD", "ドル": "$",
		"欧元": "EUR", "ユーロ": "EUR", "유로": "EUR", "엔": "JPY", "위안": "CNY", "zł": "PLN", "kč": "CZK", "kr": "kr", "rs": "INR", "rmb": "CNY",
	} {
		t.currencies[w] = code
	}
	t.add("scale", "en", "", 9, "bn")
	t.add("scale", "en", "", 9, "b")
	t.add("scale", "en", "", 12, "tn")
	t.add("scale", "en", "", 6, "mn")
	t.add("scale", "en", "", 5, "lakh")
	t.add("scale", "en", "", 7, "crore")
	t.add("scale", "zh", "", 3, "千")
	t.add("scale", "zh", "", 7, "千万")
	t.add("scale", "zh", "", 6, "百万")
	t.add("scale", "ja", "", 6, "百万")
	t.add("scale", "ko", "", 6, "백만")
	t.add("scale", "ko", "", 7, "천만")
	t.add("scale", "fr", "", 9, "mds")
	t.add("scale", "ru", "", 3, "тыс")
	return t
})

func (t *tables) add(table, language, meaning string, n int, w string) {
	if w == "" {
		return
	}
	switch table {
	case "month":
		// Names such as "11월" are read as numbers with a sign.
		if !unicode.IsDigit(rune(w[0])) && !strings.ContainsRune(w, '月') {
			t.months[w] = n
		}
	case "weekday":
		t.weekdays[w] = true
	case "unit":
		if (utf8.RuneCountInString(w) > 1 || w[0] >= 0xE3) && !strings.HasSuffix(meaning, "-person") {
			t.units[w] = meaning
		}
	case "currency":
		t.currencies[w] = meaning
	case "scale":
		if t.scales[language] == nil {
			t.scales[language] = map[string]int{}
		}
		t.scales[language][w] = n
	case "number":
		if t.numbers[language] == nil {
			t.numbers[language] = map[string]int{}
		}
		t.numbers[language][w] = n
	}
}

// fold makes the forms of a word alike: small letters, no full stop at the end.
func fold(w string) string { return strings.TrimSuffix(strings.ToLower(w), ".") }

// MonthOf is the month, 1 to 12, that a word names in one of the languages, in
// any letter case and with or without the full stop of an abbreviation. It is 0
// for another word.
func MonthOf(word string) int {
	if len(word) > 24 {
		return 0
	}
	var b [24]byte
	return words().months[string(foldInto(b[:0], word))]
}

// foldInto is fold without an allocation for words of ASCII.
func foldInto(b []byte, word string) []byte {
	word = strings.TrimSuffix(word, ".")
	for k := range len(word) {
		c := word[k]
		if c >= utf8.RuneSelf {
			return append(b[:0], strings.ToLower(word)...)
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		b = append(b, c)
	}
	return b
}

// IsNumberWord reports whether a word in small letters is a number below 100, a
// hundred or a thousand in one of the languages.
func IsNumberWord(word string) bool {
	n := numberWords()
	return word != "" && len(word) < 64 && n.lengths[word[0]]>>len(word)&1 == 1 && n.words[word]
}

// numberWordSet is a set with the lengths of its words by their first byte, which
// most other words do not have.
type numberWordSet struct {
	words   map[string]bool
	lengths [256]uint64
}

var numberWords = sync.OnceValue(func() *numberWordSet {
	set := &numberWordSet{words: map[string]bool{}}
	for l, sp := range spellings() {
		if l == "zh" || l == "ja" || l == "ko" {
			continue
		}
		for w := range sp.words {
			first, _, _ := strings.Cut(w, " ")
			if first != "" && len(first) < 64 {
				set.words[first] = true
				set.lengths[first[0]] |= 1 << len(first)
			}
		}
	}
	return set
})

// IsWeekday reports whether a word names a day of the week.
func IsWeekday(word string) bool {
	var b [32]byte
	return len(word) <= 32 && words().weekdays[string(foldInto(b[:0], word))]
}

// Currency is the ISO 4217 code of a currency's word, code or sign in one of the
// languages, or the sign itself where several currencies share it ("$", "kr"). It
// is "" for another word.
func Currency(word string) string {
	if len(word) > 40 {
		return ""
	}
	if c := currencySigns[word]; c != "" {
		return c
	}
	if currencyCodes[word] {
		return word
	}
	return words().currencies[fold(word)]
}

var currencySigns = map[string]string{
	"$": "$", "＄": "$", "€": "EUR", "£": "£", "￡": "£", "¥": "¥", "￥": "¥", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "₴": "UAH",
	"₦": "NGN", "₱": "PHP", "₪": "ILS", "฿": "THB", "¢": "cent", "￠": "cent", "₿": "BTC", "US$": "USD", "R$": "BRL", "C$": "CAD", "CA$": "CAD",
	"A$": "AUD", "AU$": "AUD", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "RMB": "CNY",
}

var currencyCodes = setOf(`AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW
MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR BTC`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// Scale is the power of ten that a word multiplies the number before it by. The
// language (BCP 47) decides where one word has two meanings: "billion" is 9 in
// English and 12 in French. Without a language English is tried first. ok is
// false for another word.
func Scale(word, language string) (power int, ok bool) {
	if len(word) > 32 {
		return 0, false
	}
	w := fold(word)
	t := words()
	if power, ok = t.scales[language][w]; ok {
		return power, true
	}
	for _, l := range languages {
		if l == "pt" && len(w) < 4 && w != "mil" {
			continue // mi is a mile
		}
		if power, ok = t.scales[l][w]; ok {
			return power, true
		}
	}
	return 0, false
}

// languages are those of the tables, in the order in which a word is looked up
// where the language is not known.
var languages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja", "ko"}
