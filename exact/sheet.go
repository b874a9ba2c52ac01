package exact

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/internal/value"
)

// Occurrence is an exact string where the pages show it.
type Occurrence struct {
	String
	Document int // as numbered by the caller
	Page     int
	Line     int
	Anchor   string // the tag that the page draws beside it, "" for none
}

// entry is an exact string of a document with its first place.
type entry struct {
	Kind       value.Kind
	Text       string
	Document   int
	Page, Line int
	Count      int    // occurrences
	Anchor     string // of the first occurrence
	order      int    // among those of its kind
}

// SheetOptions are what NewSheet needs to know of the reader.
type SheetOptions struct {
	// EmPx is the em in pixels as the model sees the pages.
	EmPx float64
	// Budget is the most tokens of the text, 0 for no limit.
	Budget int
	// Count counts tokens as the model does. It may be nil without a budget.
	Count func(string) int
}

// Sheet is a fact sheet: the exact strings of some pages as text.
type Sheet struct {
	// Carried are the strings of the text in its order, each once.
	Carried []entry
	// Left counts those that did not fit.
	Left map[value.Kind]int
	// Tokens is what Count says of the text, 0 without Count.
	Tokens int

	text string
}

// Text is the sheet as it goes to the model, "" if it carries nothing. A string
// stands in it as it stands in the source, at the end of its line; a set stands
// in it as a pattern that Expand undoes, on a line that begins with an asterisk.
func (s *Sheet) Text() string { return s.text }

// maxDistinct bounds the memory of NewSheet. Strings beyond it are counted as
// left out, each time they occur.
const maxDistinct = 1 << 20

// NewSheet writes the fact sheet of strings, which come in the order of
// the pages. Every string is on it once, with its first place. Under a budget those
// are carried that are worth most for their length: how likely a misread is
// (Misread) times how much the kind matters, less if it occurs more than once.
// What is left out is counted in the sheet and said in its text.
func NewSheet(occurrences iter.Seq[Occurrence], o SheetOptions) (*Sheet, error) {
	switch {
	case !(o.EmPx > 0):
		return nil, fmt.Errorf("writing a fact sheet: em of %v px: accepted are positive sizes", o.EmPx)
	case o.Budget < 0:
		return nil, fmt.Errorf("writing a fact sheet: budget of %d tokens: accepted are 0 (no limit) and above", o.Budget)
	case o.Budget > 0 && o.Count == nil:
		return nil, errors.New("writing a fact sheet: a budget needs a token counter")
	}
	w := writer{o: o, left: map[value.Kind]int{}}
	if err := w.collect(occurrences); err != nil {
		return nil, fmt.Errorf("writing a fact sheet: %w", err)
	}
	return w.write(), nil
}

type writer struct {
	o             SheetOptions
	entries       []*entry
	left          map[value.Kind]int
	manyDocuments bool
	anchors       bool
}

func (w *writer) collect(occurrences iter.Seq[Occurrence]) error {
	seen := map[string]*entry{}
	for oc := range occurrences {
		if e := seen[oc.Text]; e != nil {
			e.Count++
			continue
		}
		if _, known := worths[oc.Kind]; !known {
			return fmt.Errorf("string %q is of kind %q: accepted are those of Kinds", oc.Text, oc.Kind)
		}
		if oc.Text == "" || strings.ContainsAny(oc.Text, "\r\n") || !utf8.ValidString(oc.Text) {
			return fmt.Errorf("string %q: accepted is text within a line", oc.Text)
		}
		if len(seen) == maxDistinct {
			w.left[oc.Kind]++
			continue
		}
		e := &entry{
			Kind: oc.Kind, Text: oc.Text, Document: oc.Document, Page: oc.Page, Line: oc.Line,
			Count: 1, Anchor: oc.Anchor, order: len(w.entries),
		}
		w.anchors = w.anchors || e.Anchor != ""
		seen[oc.Text] = e
		w.manyDocuments = w.manyDocuments || len(w.entries) > 0 && e.Document != w.entries[0].Document
		w.entries = append(w.entries, e)
	}
	return nil
}

// candidate is an item with what it costs and is worth.
type candidate struct {
	item
	rank    int // of its kind in the sheet
	density float64
	tokens  int // of its line, 0 if not counted yet
}

func (w *writer) write() *Sheet {
	all := w.candidates()
	if w.o.Budget == 0 {
		return w.sheet(all, all)
	}
	// Lines counted one by one are not quite the tokens of the text, so what
	// the text leaves of the budget, or takes too much, goes into another try.
	const tries = 4
	best, extra := w.sheet(all, nil), 0
	for range tries {
		s := w.sheet(all, w.fill(all, extra))
		if s.Tokens <= w.o.Budget && len(s.Carried) >= len(best.Carried) {
			best = s
		}
		slack := w.o.Budget - s.Tokens
		if slack == 0 || len(s.Left) == 0 && slack > 0 {
			break
		}
		extra += slack
		if slack > 0 {
			extra -= slack / 8
		}
	}
	return best
}

// candidates are the lines of a sheet without limit, in its order.
func (w *writer) candidates() []*candidate {
	byKind := map[value.Kind][]*entry{}
	for _, e := range w.entries {
		byKind[e.Kind] = append(byKind[e.Kind], e)
	}
	var out []*candidate
	for rank, kind := range value.Kinds() {
		entries := byKind[kind]
		slices.SortStableFunc(entries, func(a, b *entry) int {
			return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Line, b.Line))
		})
		for i, e := range entries {
			e.order = i
		}
		for len(entries) > 0 {
			n := 1
			for n < len(entries) && entries[n].Document == entries[0].Document && entries[n].Page == entries[0].Page {
				n++
			}
			for _, it := range w.items(entries[:n]) {
				c := &candidate{item: it, rank: rank}
				for _, e := range it.entries {
					c.density += e.value(w.o.EmPx)
				}
				// Strings of a set are much alike, and a question turns on
				// all of them less often than on as many of different kinds.
				c.density /= math.Sqrt(float64(len(it.entries))) * float64(len(w.line(it)))
				out = append(out, c)
			}
			entries = entries[n:]
		}
	}
	return out
}

// items forms sets, but not of strings with tags, which number as they are drawn.
func (w *writer) items(entries []*entry) []item {
	if !w.anchors {
		return items(entries)
	}
	single := make([]item, len(entries))
	for i := range entries {
		single[i] = item{entries: entries[i : i+1]}
	}
	return single
}

// fill takes the lines that are worth most for their bytes until they have the
// budget and extra tokens. It counts the tokens of no more than it needs to, and
// of none twice.
func (w *writer) fill(all []*candidate, extra int) []*candidate {
	ranked := slices.Clone(all)
	slices.SortStableFunc(ranked, func(a, b *candidate) int { return cmp.Compare(b.density, a.density) })
	// Places that nothing fitted in after so many tries stay empty.
	const maxMisses = 256
	room := w.o.Budget + extra - w.o.Count(legend(true, w.manyDocuments, w.anchors)) - w.o.Count(w.leftLine(w.totals(all)))
	headed := map[int]bool{}
	var kept []*candidate
	for misses := 0; len(ranked) > 0 && misses < maxMisses && room > 0; ranked = ranked[1:] {
		c := ranked[0]
		if c.tokens == 0 {
			c.tokens = w.o.Count(w.line(c.item))
		}
		tokens := c.tokens
		if !headed[c.rank] {
			tokens += w.o.Count(header(c.entries[0].Kind))
		}
		if tokens > room {
			misses++
			continue
		}
		headed[c.rank] = true
		room -= tokens
		kept = append(kept, c)
	}
	return kept
}

func (w *writer) totals(cs []*candidate) map[value.Kind]int {
	n := map[value.Kind]int{}
	for k, v := range w.left {
		n[k] = v
	}
	for _, c := range cs {
		n[c.entries[0].Kind] += len(c.entries)
	}
	return n
}

// sheet writes the lines kept of all.
func (w *writer) sheet(all, kept []*candidate) *Sheet {
	s := &Sheet{Left: w.totals(all)}
	for _, c := range kept {
		k := c.entries[0].Kind
		if s.Left[k] -= len(c.entries); s.Left[k] == 0 {
			delete(s.Left, k)
		}
	}
	if len(kept) == 0 {
		return s
	}
	kept = slices.Clone(kept)
	slices.SortStableFunc(kept, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.entries[0].order, b.entries[0].order))
	})
	sets := slices.ContainsFunc(kept, func(c *candidate) bool { return c.pattern != "" })
	var b strings.Builder
	b.WriteString(legend(sets, w.manyDocuments, w.anchors))
	last := -1
	for _, c := range kept {
		if c.rank != last {
			b.WriteString(header(c.entries[0].Kind))
			last = c.rank
		}
		for _, e := range c.entries {
			s.Carried = append(s.Carried, *e)
		}
		b.WriteString(w.line(c.item))
	}
	b.WriteString(w.leftLine(s.Left))
	s.text = b.String()
	if w.o.Count != nil {
		s.Tokens = w.o.Count(s.text)
	}
	return s
}

func header(k value.Kind) string { return "[" + string(k) + "]\n" }

func legend(sets, documents, anchors bool) string {
	place := "page:line"
	if documents {
		place = "document/page:line"
	}
	if anchors {
		place = "the tag beside it on the page, " + place
	}
	text := "Exact strings of the pages, each as: " + place + " of its first place, xN if it occurs N times, then the string verbatim to the end of the line.\n"
	if sets {
		text += `Lines with * are sets: P{a,b}S is PaS and PbS, {01..09} counts, {10..90..10} counts by 10, \ quotes the next character.` + "\n"
	}
	return text
}

// line writes an item.
func (w *writer) line(it item) string {
	var b strings.Builder
	first, last := it.entries[0], it.entries[len(it.entries)-1]
	if it.pattern != "" {
		b.WriteByte('*')
	}
	if first.Anchor != "" {
		b.WriteString(first.Anchor + " ")
	}
	if w.manyDocuments {
		b.WriteString(strconv.Itoa(first.Document) + "/")
	}
	b.WriteString(strconv.Itoa(first.Page) + ":" + strconv.Itoa(first.Line))
	if last.Line != first.Line {
		b.WriteString("-" + strconv.Itoa(last.Line))
	}
	if it.pattern == "" {
		if first.Count > 1 {
			b.WriteString(" x" + strconv.Itoa(first.Count))
		}
		b.WriteString(" " + first.Text + "\n")
	} else {
		b.WriteString(" " + it.pattern + "\n")
	}
	return b.String()
}

// leftLine says how many strings are left out, "" if none.
func (w *writer) leftLine(left map[value.Kind]int) string {
	total := 0
	var parts []string
	for _, k := range value.Kinds() {
		if n := left[k]; n > 0 {
			total += n
			parts = append(parts, strconv.Itoa(n)+" "+string(k))
		}
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("Not listed, read them off the pages with care: %d strings (%s).\n", total, strings.Join(parts, ", "))
}
