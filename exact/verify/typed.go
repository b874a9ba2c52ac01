package verify

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/value"
)

// A typed index finds the values of sources by what they mean. It keeps the
// strings, where they stand, and for each distinct one a few hashes: of its
// normal form, and of parts that a wrong value may share with it. It is safe
// for concurrent use.
type typed struct {
	entries     []entry
	conventions []value.Conventions // of each source
	origins     []uint32            // source in which an entry stands first
	spans       [][]placed          // of each source, in order
	facets      []facet             // by hash
	amounts     []amount            // by dimension and size
	seed        maphash.Seed
}

// placed is where a source holds a value.
type placed struct{ start, end, id uint32 }

type facet struct {
	hash uint64
	id   uint32
}

// An amount is a number in base units.
type amount struct {
	measure uint64 // of currency and dimension
	base    float64
	id      uint32
}

// maxAlike bounds the values of a source that one value is compared with for
// each facet and for its size: what a source repeats more often than that in
// other forms is not all looked at.
const maxAlike = 48

func newTyped(sources []Source) *typed {
	x := &typed{seed: maphash.MakeSeed()}
	ids := map[entry]uint32{}
	for i, s := range sources {
		x.conventions = append(x.conventions, value.Learn(s.Text))
		var spans []placed
		for _, e := range exact.Find(s.Text) {
			if len(e.Text) > maxStringLength {
				continue
			}
			key := entry{e.Text, e.Kind}
			id, ok := ids[key]
			if !ok {
				id = uint32(len(x.entries))
				ids[key] = id
				x.entries = append(x.entries, key)
				x.origins = append(x.origins, uint32(i))
			}
			spans = append(spans, placed{uint32(e.Start), uint32(e.End), id})
		}
		x.spans = append(x.spans, spans)
	}
	for id := range x.entries {
		x.add(uint32(id))
	}
	slices.SortFunc(x.facets, func(a, b facet) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.id, b.id))
	})
	x.facets = slices.Compact(x.facets)
	slices.SortFunc(x.amounts, func(a, b amount) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.base, b.base), cmp.Compare(a.id, b.id))
	})
	return x
}

func (x *typed) add(id uint32) {
	for _, v := range x.readings(id) {
		for _, f := range facetsOf(&v) {
			x.facets = append(x.facets, facet{x.hash(f), id})
		}
		for _, p := range []*value.Value{&v, v.Low, v.High} {
			if p != nil && p.Number != nil {
				x.amounts = append(x.amounts, amount{x.measure(p), base(p), id})
				if p.Kind != value.Number { // an answer may leave out the unit
					bare := value.Value{Number: p.Number}
					x.amounts = append(x.amounts, amount{x.measure(&bare), base(&bare), id})
				}
			}
		}
	}
}

func (x *typed) hash(s string) uint64 { return maphash.String(x.seed, s) }

func (x *typed) measure(v *value.Value) uint64 { return x.hash(v.Currency + "|" + v.Unit.Dimension) }

func base(v *value.Value) float64 {
	n, _ := v.Number.Float64()
	if v.Unit.Factor != nil {
		f, _ := v.Unit.Factor.Float64()
		n *= f
	}
	if v.Unit.Offset != nil {
		f, _ := v.Unit.Offset.Float64()
		n += f
	}
	return n
}

// readings are what an entry may mean.
func (x *typed) readings(id uint32) []value.Value {
	e := x.entries[id]
	c := x.conventions[x.origins[id]]
	out := value.Parse(e.text, e.kind, c)
	const longest = 24 // bytes of a quantity without a blank
	if e.kind == value.Identifier && len(e.text) < longest && isDigit(rune(e.text[0])) {
		if q := value.Parse(e.text, value.Quantity, c)[0]; q.Number != nil {
			out = append(out, q)
		}
	}
	return out
}

// facetsOf are the forms by which a value is found: first its normal form, then
// what a value that differs in one part has in common with it.
func facetsOf(v *value.Value) []string {
	switch {
	case v.Low != nil:
		return append(append([]string{"r" + v.Key}, facetsOf(v.Low)...), facetsOf(v.High)...)
	case v.Number != nil:
		return []string{"n" + v.Key, "d" + v.Digits, "v" + v.Number.RatString()}
	case v.Moment.Set != 0:
		return momentFacets(&v.Moment)
	}
	f := []string{plainClass(v.Kind) + v.Key}
	if c := codeForm(v.Text); c != "" {
		f = append(f, "c"+c)
	}
	switch v.Kind {
	case value.Hash, value.Hex, value.UUID:
		digest := v.Key
		if _, after, ok := strings.Cut(digest, ":"); ok {
			digest = after
		}
		f = append(f, plainClass(value.Hash)+digest)
		if len(digest) >= shortHash {
			f = append(f, "h"+digest[:shortHash])
		}
	case value.URL:
		_, rest, _ := strings.Cut(v.Key, "://")
		f = append(f, "u"+strings.TrimPrefix(cmp.Or(rest, v.Key), "www."))
	case value.IP:
		host, _, _ := strings.Cut(v.Key, "/")
		f = append(f, "a"+host)
	case value.Phone:
		const subscriber = 7
		if n := len(v.Key); n >= subscriber {
			f = append(f, "t"+v.Key[n-subscriber:])
		}
	}
	return f
}

const shortHash = 7 // characters, as git abbreviates

// plainClass is what kinds whose normal forms are comparable share.
func plainClass(k value.Kind) string {
	switch k {
	case value.Hash, value.Hex, value.UUID, value.MAC:
		return "x"
	}
	return "k" + string(k) + " "
}

func momentFacets(m *value.Moment) []string {
	const date, clock = value.Year | value.Month | value.Day, value.Hour | value.Minute
	f := []string{"m" + fmt.Sprintf("%d %d-%d-%d %d:%d:%d.%s %d", m.Set, m.Year, m.Month, m.Day, m.Hour, m.Minute, m.Second, m.Fraction, m.Offset)}
	has := func(p value.Part) bool { return m.Set&p == p }
	add := func(p value.Part, form string, of ...any) {
		if has(p) {
			f = append(f, fmt.Sprintf(form, of...))
		}
	}
	add(date|clock, "YMDHM%d-%d-%d %d:%d", m.Year%100, m.Month, m.Day, m.Hour, m.Minute)
	add(date, "YMD%d-%d-%d", m.Year%100, m.Month, m.Day)
	add(value.Month|value.Day, "MD%d-%d", m.Month, m.Day)
	add(value.Year|value.Month, "YM%d-%d", m.Year%100, m.Month)
	add(value.Year|value.Day, "YD%d-%d", m.Year%100, m.Day)
	add(clock, "HM%d:%d", m.Hour, m.Minute)
	add(clock, "h12%d:%d", m.Hour%12, m.Minute)
	add(value.Hour, "H%d", m.Hour)
	if has(date | clock | value.Zone) {
		f = append(f, "utc"+fmt.Sprint(instant(m)))
	}
	return f
}

// instant is a moment with a zone in minutes of UTC, from a fixed one.
func instant(m *value.Moment) int {
	return (dayNumber(m)*24+m.Hour)*60 + m.Minute - m.Offset
}

// dayNumber counts the days of the Gregorian calendar.
func dayNumber(m *value.Moment) int {
	y, mo := m.Year, m.Month
	if mo <= 2 {
		y--
		mo += 12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(mo-3)+2)/5 + m.Day
}

// alike returns the entries that share a facet with a value or are near in
// size, those of the same normal form first. Time is bounded by maxAlike times
// the facets, and a binary search for each.
func (x *typed) alike(v *value.Value) []uint32 {
	var ids []uint32
	for _, f := range facetsOf(v) {
		h := x.hash(f)
		from, _ := slices.BinarySearchFunc(x.facets, h, func(a facet, h uint64) int { return cmp.Compare(a.hash, h) })
		for k := from; k < min(len(x.facets), from+maxAlike) && x.facets[k].hash == h; k++ {
			ids = append(ids, x.facets[k].id)
		}
	}
	if v.Number != nil {
		ids = append(ids, x.near(v)...)
	}
	seen := map[uint32]bool{}
	return slices.DeleteFunc(ids, func(id uint32) bool {
		known := seen[id]
		seen[id] = true
		return known
	})
}

// near returns the entries of the dimension of v whose size is that of v, but
// for rounding to its last digit.
func (x *typed) near(v *value.Value) []uint32 {
	places := v.Places
	if places == 0 && v.Number.IsInt() {
		n := v.Number.Num().String()
		if t := strings.TrimRight(n, "0"); len(t) > 1 {
			places = len(t) - len(n)
		}
	}
	half := 0.5 * math.Pow10(-places)
	if v.Unit.Factor != nil {
		f, _ := v.Unit.Factor.Float64()
		half *= f
	}
	b, m := base(v), x.measure(v)
	slack := half + 1e-9*math.Abs(b)
	from := sort.Search(len(x.amounts), func(i int) bool {
		a := x.amounts[i]
		return a.measure > m || a.measure == m && a.base >= b-slack
	})
	var ids []uint32
	for k := from; k < min(len(x.amounts), from+maxAlike); k++ {
		if a := x.amounts[k]; a.measure != m || a.base > b+slack {
			break
		}
		ids = append(ids, x.amounts[k].id)
	}
	return ids
}

// around returns the value of a source that holds a range and is longer, and
// whether there is one.
func (x *typed) around(source, start, end int) (placed, bool) {
	spans := x.spans[source]
	n := sort.Search(len(spans), func(i int) bool { return int(spans[i].end) > start })
	if n == len(spans) || int(spans[n].start) > start || int(spans[n].end) < end {
		return placed{}, false
	}
	return spans[n], int(spans[n].end-spans[n].start) > end-start
}
