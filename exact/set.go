package exact

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/internal/lex"
)

const (
	// maxExpand bounds what one pattern expands to, in strings and bytes.
	maxExpand      = 1 << 16
	maxExpandBytes = 16 << 20
	// maxCounter is the most digits of a counter: it fits an int64.
	maxCounter = 18
)

// expand returns the strings that a set of the sheet stands for, in order. The
// notation has one pair of braces, with what differs in it:
//
//	INV-{2041..2060}       counting by one, with the digits of the first number
//	img{000..090..10}.png  counting by ten
//	10:0{0:01,2:17,9:59}   a list
//
// A backslash quotes braces, commas and itself. A pattern of another form, or of
// more than 65,536 strings or 16 MiB, is an error.
func expand(pattern string) ([]string, error) {
	prefix, rest, ok := unquoteTo(pattern, "{")
	if !ok {
		return nil, fmt.Errorf("expanding %q: no {: a set is prefix{first..last}suffix, prefix{first..last..step}suffix or prefix{a,b}suffix", pattern)
	}
	var items []string
	inner := rest
	for closed := false; !closed; {
		item, tail, ok := unquoteTo(rest, ",}")
		if !ok {
			return nil, fmt.Errorf("expanding %q: no } behind the {", pattern)
		}
		closed = rest[len(rest)-len(tail)-1] == '}'
		items = append(items, item)
		if rest = tail; len(items) > maxExpand {
			return nil, fmt.Errorf("expanding %q: more than %d strings", abbreviated(pattern), maxExpand)
		}
	}
	inner = inner[:len(inner)-len(rest)-1]
	suffix, tail, ok := unquoteTo(rest, "{}")
	if ok || tail != "" {
		return nil, fmt.Errorf("expanding %q: a brace behind the }: a set has one pair, others are written \\{ and \\}", abbreviated(pattern))
	}
	if len(items) == 1 {
		counted, err := count(inner)
		if err != nil {
			return nil, fmt.Errorf("expanding %q: %w", abbreviated(pattern), err)
		}
		items = counted
	}
	if len(items)*(len(prefix)+len(suffix)) > maxExpandBytes {
		return nil, fmt.Errorf("expanding %q: more than %d bytes", abbreviated(pattern), maxExpandBytes)
	}
	for i := range items {
		items[i] = prefix + items[i] + suffix
	}
	return items, nil
}

func abbreviated(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// count expands first..last and first..last..step.
func count(inner string) ([]string, error) {
	parts := strings.Split(inner, "..")
	if len(parts) != 2 && len(parts) != 3 {
		return nil, fmt.Errorf("%q is neither a list nor first..last nor first..last..step", abbreviated(inner))
	}
	numbers := [3]int64{2: 1}
	for i, p := range parts {
		if p == "" || len(p) > maxCounter || lex.DigitsEnd(p, 0) != len(p) {
			return nil, fmt.Errorf("%q is not a number of 1 to %d digits", abbreviated(p), maxCounter)
		}
		numbers[i], _ = strconv.ParseInt(p, 10, 64)
	}
	first, last, step := numbers[0], numbers[1], numbers[2]
	if step < 1 || last < first || (last-first)%step != 0 || (last-first)/step >= maxExpand {
		return nil, fmt.Errorf("%d to %d by %d is not a sequence of 1 to %d numbers", first, last, step, maxExpand)
	}
	var out []string
	for n := first; n <= last; n += step {
		out = append(out, fmt.Sprintf("%0*d", len(parts[0]), n))
	}
	return out, nil
}

// unquoteTo returns s up to the first of the stops that no backslash quotes, and
// what stands behind that. ok is false if there is none.
func unquoteTo(s, stops string) (before, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
		case strings.IndexByte(stops, s[i]) >= 0:
			return b.String(), s[i+1:], true
		}
		b.WriteByte(s[i])
	}
	return b.String(), "", false
}

var quoter = strings.NewReplacer(`\`, `\\`, `{`, `\{`, `}`, `\}`, `,`, `\,`)

// listPattern writes strings, at least two, as a set: what they have in common
// in front and behind once, the rest as a list.
func listPattern(values []string) string {
	prefix, suffix := values[0], values[0]
	for _, v := range values[1:] {
		prefix = prefix[:commonPrefix(prefix, v)]
	}
	for _, v := range values {
		suffix = commonSuffix(suffix, v[len(prefix):])
	}
	var b strings.Builder
	b.WriteString(quoter.Replace(prefix))
	for i, v := range values {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(quoter.Replace(v[len(prefix) : len(v)-len(suffix)]))
	}
	b.WriteByte('}')
	b.WriteString(quoter.Replace(suffix))
	return b.String()
}

// commonPrefix is the length of what a and b begin with, in whole characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}

// commonSuffix is what a and b end with, in whole characters.
func commonSuffix(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	return a[len(a)-n:]
}

// counter is a string taken apart at its last run of digits.
type counter struct {
	prefix, suffix, digits string
	n                      int64
}

func counterOf(s string) (c counter, ok bool) {
	end := len(s)
	for end > 0 && !lex.IsDigit(s[end-1]) {
		end--
	}
	start := end
	for start > 0 && lex.IsDigit(s[start-1]) {
		start--
	}
	if start == end || end-start > maxCounter {
		return counter{}, false
	}
	c = counter{prefix: s[:start], digits: s[start:end], suffix: s[end:]}
	c.n, _ = strconv.ParseInt(c.digits, 10, 64)
	return c, true
}

// follows reports whether c stands step behind b and is written with the digits
// that counting on from first gives.
func (c counter) follows(b counter, step int64, width int) bool {
	return step > 0 && c.n-b.n == step && c.digits == fmt.Sprintf("%0*d", width, c.n)
}

// countPattern writes counters, which follow one another by step, as a set.
func countPattern(cs []counter, step int64) string {
	by := ""
	if step != 1 {
		by = fmt.Sprintf("..%d", step)
	}
	first, last := cs[0], cs[len(cs)-1]
	return quoter.Replace(first.prefix) + "{" + first.digits + ".." + last.digits + by + "}" + quoter.Replace(first.suffix)
}

const (
	// minSet is the fewest strings that a set is shorter for.
	minSet = 3
	// maxList keeps a list short enough to find one's place in.
	maxList = 64
)

// item is a line of the sheet: one string, or a set of one kind and page.
type item struct {
	entries []*entry
	pattern string // "" for one string
}

// items makes sets of the entries of one kind on one page, which are in their
// order: first counters, then neighbours that begin alike.
func items(entries []*entry) []item {
	var out []item
	inSet := map[*entry]bool{}
	byShape := map[[2]string][]*entry{}
	var shapes [][2]string
	for _, e := range entries {
		if c, ok := counterOf(e.Text); ok {
			k := [2]string{c.prefix, c.suffix}
			if byShape[k] == nil {
				shapes = append(shapes, k)
			}
			byShape[k] = append(byShape[k], e)
		}
	}
	for _, k := range shapes {
		for group := byShape[k]; len(group) >= minSet; {
			n, pattern := counted(group)
			if n >= minSet {
				out = append(out, item{group[:n], pattern})
				for _, e := range group[:n] {
					inSet[e] = true
				}
			}
			group = group[max(1, n):]
		}
	}
	rest := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return inSet[e] })
	for len(rest) > 0 {
		n := alike(rest)
		if n < minSet {
			out = append(out, item{entries: rest[:1]})
			rest = rest[1:]
			continue
		}
		out = append(out, item{rest[:n], listPattern(texts(rest[:n]))})
		rest = rest[n:]
	}
	slices.SortStableFunc(out, func(a, b item) int { return a.entries[0].order - b.entries[0].order })
	return out
}

// counted is how many of the entries, from the first, count in even steps.
func counted(entries []*entry) (n int, pattern string) {
	cs := make([]counter, 0, len(entries))
	var step int64
	for _, e := range entries {
		c, _ := counterOf(e.Text)
		if len(cs) == 1 {
			step = c.n - cs[0].n
		}
		if len(cs) > 0 && !c.follows(cs[len(cs)-1], step, len(cs[0].digits)) || len(cs) == maxExpand {
			break
		}
		cs = append(cs, c)
	}
	if len(cs) < minSet {
		return len(cs) - 1, ""
	}
	return len(cs), countPattern(cs, step)
}

// alike is how many of the entries, from the first, begin with the same
// characters, enough of them to be worth braces.
func alike(entries []*entry) int {
	const minPrefix = 5
	prefix := entries[0].Text
	n := 1
	for n < min(len(entries), maxList) {
		v := entries[n].Text
		p := commonPrefix(prefix, v)
		if p < minPrefix || p*2 < len(v) || p*2 < len(entries[0].Text) {
			break
		}
		prefix = prefix[:p]
		n++
	}
	return n
}

func texts(entries []*entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Text
	}
	return out
}
