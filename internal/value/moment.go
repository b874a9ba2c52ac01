package value

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is a part of a date or time that is said.
type Part uint16

// The parts of a Moment.
const (
	Year Part = 1 << iota
	Month
	Day
	Hour
	Minute
	Second
	Fraction
	Zone
)

// Moment is a date, a time of day, or both, as far as Set says.
type Moment struct {
	Set                  Part
	Year, Month, Day     int
	Hour, Minute, Second int
	Fraction             string // digits behind the second, without zeros at the end
	Offset               int    // of the zone, in minutes east of UTC
	ShortYear            bool   // written with two digits
}

// moments returns the readings of a date, time or timestamp.
func moments(s string, c Conventions) []Value {
	r := momentReader{s: s, c: c}
	if !r.read() {
		return nil
	}
	var out []Value
	for _, m := range r.readings() {
		if m.valid() {
			out = append(out, Value{Kind: m.kind(), Moment: m, Key: m.key()})
		}
	}
	return out
}

type momentReader struct {
	s string
	c Conventions
	k int
	m Moment
	// numeric are numbers whose parts are not yet known: 03/04.
	numeric []int
}

func (r *momentReader) read() bool {
	for r.k < len(r.s) {
		from := r.k
		switch {
		case isDigit(r.s[r.k]):
			if !r.clock() && !r.digits() {
				return false
			}
		case strings.IndexByte(" ,./T_:[(@)]'", r.s[r.k]) >= 0:
			if r.s[r.k] == 'T' && (r.k+1 >= len(r.s) || !isDigit(r.s[r.k+1])) {
				return false
			}
			r.k++
		case (r.s[r.k] == '+' || r.s[r.k] == '-') && r.m.Set&Hour != 0:
			if !r.offset() {
				return false
			}
		case r.s[r.k] == '-':
			r.k++
		default:
			if !r.word() {
				return false
			}
		}
		if r.k == from {
			return false
		}
	}
	return r.m.Set != 0 || len(r.numeric) > 0
}

// clock reads 10:00, 10:00:00.123 and 10h30.
func (r *momentReader) clock() bool {
	s, k := r.s, r.k
	e := k
	for e < len(s) && isDigit(s[e]) {
		e++
	}
	if e-k > 2 || e+2 >= len(s) || s[e] != ':' && s[e] != 'h' || !isDigit(s[e+1]) || !isDigit(s[e+2]) || r.m.Set&Hour != 0 {
		return false
	}
	r.m.Hour, r.m.Minute = atoi(s[k:e]), atoi(s[e+1:e+3])
	r.m.Set |= Hour | Minute
	k = e + 3
	if k+2 < len(s) && s[k] == ':' && isDigit(s[k+1]) && isDigit(s[k+2]) {
		r.m.Second = atoi(s[k+1 : k+3])
		r.m.Set |= Second
		k += 3
		k = r.fraction(k)
	}
	r.k = k
	r.halfDay()
	return true
}

func (r *momentReader) fraction(k int) int {
	if k+1 < len(r.s) && (r.s[k] == '.' || r.s[k] == ',') && isDigit(r.s[k+1]) {
		e := k + 1
		for e < len(r.s) && isDigit(r.s[e]) {
			e++
		}
		r.m.Fraction = strings.TrimRight(r.s[k+1:e], "0")
		if r.m.Fraction != "" {
			r.m.Set |= Fraction
		}
		return e
	}
	return k
}

func (r *momentReader) halfDay() {
	w := strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(r.s[r.k:]))
	switch {
	case strings.HasPrefix(w, "pm") && r.m.Hour < 12:
		r.m.Hour += 12
	case strings.HasPrefix(w, "am") && r.m.Hour == 12:
		r.m.Hour = 0
	}
	if strings.HasPrefix(w, "pm") || strings.HasPrefix(w, "am") {
		r.k = strings.IndexAny(strings.ToLower(r.s[r.k:]), "m") + r.k + 1
	}
}

// offset reads +01:00, -0700, -5 and the [-5:EST] of OFX.
func (r *momentReader) offset() bool {
	sign := 1
	if r.s[r.k] == '-' {
		sign = -1
	}
	e := r.k + 1
	for e < len(r.s) && isDigit(r.s[e]) {
		e++
	}
	n := e - r.k - 1
	minutes := 0
	switch n {
	case 1, 2:
		minutes = 60 * atoi(r.s[r.k+1:e])
		if e+2 < len(r.s) && r.s[e] == ':' && isDigit(r.s[e+1]) && isDigit(r.s[e+2]) {
			minutes += atoi(r.s[e+1 : e+3])
			e += 3
		}
	case 4:
		minutes = 60*atoi(r.s[r.k+1:r.k+3]) + atoi(r.s[r.k+3:e])
	default:
		return false
	}
	r.m.Offset = sign * minutes
	r.m.Set |= Zone
	r.k = e
	return true
}

// zones are abbreviations with their offsets in minutes (IANA time zone
// database; of those with several meanings the North American one).
var zones = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "CET": 60, "WEST": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180,
	"IST": 330, "JST": 540, "KST": 540, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
	"AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "SGT": 480, "HKT": 480,
}

func (r *momentReader) word() bool {
	e := letters(r.s, r.k)
	if e == r.k {
		_, n := utf8.DecodeRuneInString(r.s[r.k:])
		if strings.ContainsRune("‘’´º年月日时分秒時년월일시분초", firstRune(r.s[r.k:])) {
			r.k += n
			return true
		}
		return false
	}
	w := r.s[r.k:e]
	if o, ok := zones[w]; ok && r.m.Set&Hour != 0 {
		if r.m.Set&Zone == 0 {
			r.m.Offset = o
			r.m.Set |= Zone
		}
		r.k = e
		return true
	}
	if n := MonthOf(w); n > 0 {
		r.m.Month = n
		r.m.Set |= Month
		r.k = e
		return true
	}
	if IsWeekday(w) {
		r.k = e
		return true
	}
	switch strings.ToLower(w) {
	case "st", "nd", "rd", "th", "er", "º", "ª", "of", "de", "del", "d", "day", "г", "года", "r", "roku", "uhr", "o", "clock", "at", "à", "à_", "um", "den", "年", "t", "do", "le", "il", "el":
		r.k = e
		return true
	case "am", "pm", "a", "p", "m":
		r.k = e
		return true
	}
	if r.s[r.k] >= 0xE3 {
		_, n := utf8.DecodeRuneInString(r.s[r.k:])
		r.k += n // a sign of year, month, weekday
		return true
	}
	return false
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// digits reads a number of a date.
func (r *momentReader) digits() bool {
	s, k := r.s, r.k
	e := k
	for e < len(s) && isDigit(s[e]) {
		e++
	}
	n := atoi(s[k:e])
	sign := ' '
	if e < len(s) {
		sign = firstRune(s[skipBlank(s, e):] + " ")
	}
	r.k = e
	switch {
	case e-k == 14 || e-k == 8 || e-k == 12:
		r.m.Year, r.m.Month, r.m.Day = atoi(s[k:k+4]), atoi(s[k+4:k+6]), atoi(s[k+6:k+8])
		r.m.Set |= Year | Month | Day
		if e-k > 8 {
			r.m.Hour, r.m.Minute = atoi(s[k+8:k+10]), atoi(s[k+10:k+12])
			r.m.Set |= Hour | Minute
			if e-k == 14 {
				r.m.Second = atoi(s[k+12 : e])
				r.m.Set |= Second
				r.k = r.fraction(e)
			}
		}
	case e-k == 6 && r.m.Set&Day != 0: // 20260301T101500
		r.m.Hour, r.m.Minute, r.m.Second = n/10000, n/100%100, n%100
		r.m.Set |= Hour | Minute | Second
	case e-k == 4 && r.m.Set&Day != 0 && k > 0 && s[k-1] == 'T':
		r.m.Hour, r.m.Minute = n/100, n%100
		r.m.Set |= Hour | Minute
	case e-k == 4:
		r.m.Year = n
		r.m.Set |= Year
	case sign == '年' || sign == '년':
		r.m.Year, r.m.ShortYear = n, e-k < 3
		r.m.Set |= Year
	case sign == '月' || sign == '월':
		r.m.Month = n
		r.m.Set |= Month
	case sign == '日' || sign == '일':
		r.m.Day = n
		r.m.Set |= Day
	case k > 0 && strings.ContainsRune("'‘’´", lastRune(s[:k])):
		r.m.Year, r.m.ShortYear = 2000+n, true
		r.m.Set |= Year
	case e-k <= 2 && (sign == 'a' || sign == 'p') && r.m.Set&Hour == 0 && halfDayAt(s, e):
		r.m.Hour = n
		r.m.Set |= Hour
		r.halfDay()
	case e-k <= 2:
		r.numeric = append(r.numeric, n)
	default:
		return false
	}
	return true
}

func halfDayAt(s string, e int) bool {
	w := strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(s[e:]))
	return strings.HasPrefix(w, "am") || strings.HasPrefix(w, "pm")
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// readings gives the numbers that are left their parts.
func (r *momentReader) readings() []Moment {
	m := r.m
	n := r.numeric
	switch {
	case len(n) == 0:
		return []Moment{m}
	case len(n) == 1 && m.Set&Month != 0 && m.Set&Day == 0:
		m.Day = n[0]
		m.Set |= Day
		return []Moment{m}
	case len(n) == 1 && m.Set&Year != 0 && m.Set&Month == 0:
		m.Month = n[0]
		m.Set |= Month
		return []Moment{m}
	case len(n) == 2 && m.Set&Month != 0:
		m.Day, m.Year, m.ShortYear = n[0], century(n[1]), true
		m.Set |= Day | Year
		return []Moment{m}
	case len(n) == 3:
		m.Year, m.ShortYear = century(n[2]), true
		m.Set |= Year
		n = n[:2]
	}
	if len(n) != 2 || m.Set&(Month|Day) != 0 {
		return nil
	}
	m.Set |= Month | Day
	if m.Set&Year != 0 && !m.ShortYear && r.yearFirst() || strings.ContainsAny(r.s, "'‘’´") {
		m.Month, m.Day = n[0], n[1]
		if m.Month > 12 {
			m.Month, m.Day = m.Day, m.Month
		}
		return []Moment{m}
	}
	byDay, byMonth := m, m
	byDay.Day, byDay.Month = n[0], n[1]
	byMonth.Month, byMonth.Day = n[0], n[1]
	switch {
	case !byMonth.valid() || r.c.Order == DayFirst && byDay.valid() || strings.Contains(r.s, ".") && byDay.valid():
		return []Moment{byDay}
	case !byDay.valid() || r.c.Order == MonthFirst:
		return []Moment{byMonth}
	case m.Set&Year == 0:
		return []Moment{byMonth, byDay}
	}
	return []Moment{byDay, byMonth}
}

// yearFirst reports whether the year stands before the other numbers.
func (r *momentReader) yearFirst() bool {
	k := strings.IndexFunc(r.s, unicode.IsDigit)
	return k >= 0 && k+4 <= len(r.s) && digitsOnly(r.s[k:k+4])
}

func century(n int) int {
	if n >= 100 {
		return n
	}
	if n < 70 {
		return 2000 + n
	}
	return 1900 + n
}

func (m *Moment) valid() bool {
	has := func(p Part) bool { return m.Set&p != 0 }
	return (!has(Month) || 1 <= m.Month && m.Month <= 12) && (!has(Day) || 1 <= m.Day && m.Day <= 31) &&
		(!has(Hour) || m.Hour <= 24) && (!has(Minute) || m.Minute < 60) && (!has(Second) || m.Second <= 60)
}

func (m *Moment) kind() Kind {
	switch {
	case m.Set&(Year|Month|Day) == 0:
		return Time
	case m.Set&Hour != 0:
		return Timestamp
	}
	return Date
}

// key is like ISO 8601, with "-" for what is not said and the offset of the zone
// in minutes.
func (m *Moment) key() string {
	part := func(p Part, format string, n int) string {
		if m.Set&p == 0 {
			return "-"
		}
		return fmt.Sprintf(format, n)
	}
	zone := "-"
	if m.Set&Zone != 0 {
		zone = fmt.Sprint(m.Offset)
	}
	second := part(Second, "%02d", m.Second)
	if m.Fraction != "" {
		second += "." + m.Fraction
	}
	return part(Year, "%04d", m.Year) + "-" + part(Month, "%02d", m.Month) + "-" + part(Day, "%02d", m.Day) +
		" " + part(Hour, "%02d", m.Hour) + ":" + part(Minute, "%02d", m.Minute) + ":" + second + " " + zone
}
