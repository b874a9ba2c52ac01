package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Conventions are how a document writes numbers and dates.
type Conventions struct {
	// Decimal is the decimal mark, '.' or ',', 0 if the document does not tell.
	Decimal byte
	// Language is the BCP 47 code of the document's main language, one of the
	// twelve of the tables, "" if it cannot be told.
	Language string
	// Order is the order of numeric dates with the year last.
	Order DateOrder
}

// DateOrder is the order of day and month in a numeric date.
type DateOrder int

// The orders of a date such as 03/04/2026.
const (
	UnknownOrder DateOrder = iota
	DayFirst
	MonthFirst
)

// maxLearnt bounds how much of a document is looked at, in bytes.
const maxLearnt = 1 << 20

// Learn derives the conventions of a document from what it does itself: marks
// in numbers that can be read in one way only, dates with a day above 12, and
// its small words. Of a text above 1 MiB the first MiB counts.
func Learn(text string) Conventions {
	text = text[:min(len(text), maxLearnt)]
	var c Conventions
	c.Language = language(text)
	points, commas := 0, 0
	days, months := 0, 0
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && (isDigit(text[end]) || strings.IndexByte(".,/-", text[end]) >= 0 && end+1 < len(text) && isDigit(text[end+1])) {
			end++
		}
		run := text[i:end]
		if d := decimalMark(run); d == '.' {
			points++
		} else if d == ',' {
			commas++
		}
		if day, month := orderOf(run); day {
			days++
		} else if month {
			months++
		}
		i = end
	}
	const clear = 3 // times as many as of the other
	switch {
	case points > clear*commas:
		c.Decimal = '.'
	case commas > clear*points:
		c.Decimal = ','
	}
	switch {
	case days > clear*months:
		c.Order = DayFirst
	case months > clear*days:
		c.Order = MonthFirst
	case days+months == 0 && c.Language != "" && c.Language != "en":
		c.Order = DayFirst // no other of the languages puts the month first
	}
	return c
}

// decimalMark is the decimal mark that a run of digits and marks proves, 0 if
// it proves none.
func decimalMark(run string) byte {
	if strings.ContainsAny(run, "/-") {
		return 0
	}
	points, commas := strings.Count(run, "."), strings.Count(run, ",")
	point, comma := strings.LastIndexByte(run, '.'), strings.LastIndexByte(run, ',')
	switch {
	case points == 1 && commas > 0 && point > comma:
		return '.'
	case commas == 1 && points > 0 && comma > point:
		return ','
	case points+commas != 1:
		return 0
	}
	mark := max(point, comma)
	behind := len(run) - mark - 1
	if behind == 3 && mark <= 3 && run[0] != '0' {
		return 0 // may be a group
	}
	return run[mark]
}

// orderOf reports what a numeric date with a day above 12 proves.
func orderOf(run string) (dayFirst, monthFirst bool) {
	parts := strings.FieldsFunc(run, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || len(parts[2]) != 4 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return false, false
	}
	a, b := atoi(parts[0]), atoi(parts[1])
	return 12 < a && a <= 31 && b <= 12, a <= 12 && 12 < b && b <= 31
}

// smallWords are words that no other of the languages has, or rarely.
var smallWords = map[string]map[string]bool{
	"en": setOf("the of and is with this that which for from"),
	"de": setOf("der die das und ist nicht mit für auf wird werden ein eine"),
	"fr": setOf("le les des est dans pour une vous avec sur du et"),
	"es": setOf("el los las del que para una con por y es"),
	"it": setOf("il di che per della dei gli una con sono non è"),
	"pt": setOf("o os da do dos uma para não com são foi em"),
	"nl": setOf("het een van de en niet voor met wordt zijn op"),
	"pl": setOf("w z na nie jest się do przez oraz lub które"),
	"ru": setOf("и в не на с для по что как это или"),
}

// language is the language of most small words, or of the script.
func language(text string) string {
	scripts := map[string]int{}
	counts := map[string]int{}
	for w := range strings.FieldsFuncSeq(text[:min(len(text), 64<<10)], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			scripts["ja"]++
		case unicode.Is(unicode.Han, r):
			scripts["zh"]++
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
				scripts["ja"]++
			}
		case unicode.Is(unicode.Hangul, r):
			scripts["ko"]++
		}
		w = strings.ToLower(w)
		for l, set := range smallWords {
			if set[w] {
				counts[l]++
			}
		}
	}
	best, most := "", 2
	for _, l := range languages {
		n := counts[l]
		if l == "zh" || l == "ja" || l == "ko" {
			n = scripts[l]
			if l == "zh" && scripts["ja"] > scripts["zh"]/8 {
				n = 0
			}
		}
		if n > most {
			best, most = l, n
		}
	}
	return best
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// atoi reads at most nine digits.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9 && isDigit(s[i]); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
