package pack

import (
	"encoding/json"
	"fmt"
	"iter"
	"sort"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/fence"
	"github.com/glyphkit/glyph/model/vision"
)

// LimitError is the error of a part that no request to the model may hold.
type LimitError struct {
	Model    string
	Document string
	Part     *Part
	Reason   string // the limit, what exceeds it, and what would be accepted
}

func (e *LimitError) Error() string {
	what := lineRange(e.Part.FirstLine, e.Part.LastLine) + " as text"
	if e.Part.Page != nil {
		what = fmt.Sprintf("page %d (%dx%d px)", e.Part.Page.Number, e.Part.Page.Width, e.Part.Page.Height)
	}
	return fmt.Sprintf("packing %q: %s fits no request to %s: %s", e.Document, what, e.Model, e.Reason)
}

func limitError(m *vision.Profile, p *Part, reason string) error {
	return &LimitError{Model: m.Name, Document: p.doc.Name, Part: p, Reason: reason}
}

// partBytes is what JSON adds around a label, a text or an image at most.
const partBytes = 256

// splitter finds the parts of requests. Sums are over the parts before an index.
type splitter struct {
	q      *Question
	parts  []*Part
	images []vision.ImageInfo // of the pages
	pages  []int              // pages
	tokens []int64            // with labels
	saving []int64            // tokens that pages save
	image  []int64            // tokens of pages
	bytes  []int64            // with labels and their share of a fact sheet
	fixed  Tokens             // repeated in every request
	around int64              // bytes, repeated in every request

	number, of int // of all requests; 0 numbers them from 1
}

// split fills q.Requests and q.Price.
func (q *Question) split() error {
	q.budget, _ = q.o.ExactBudget.parse() // as validated
	err := q.splitOnce()
	if q.budget.least > 0 && (err != nil || !q.Price.Cheaper()) {
		q.budget.least = 0
		return q.splitOnce()
	}
	return err
}

// splitOnce is split with the budget as it is.
func (q *Question) splitOnce() error {
	var all []*Part
	for _, d := range q.Documents {
		all = append(all, d.Parts...)
	}
	s, err := newSplitter(q, all)
	if err != nil {
		return err
	}
	if err := s.frame(); err != nil {
		return err
	}
	if q.Requests, err = s.requests(); err != nil {
		return err
	}
	m := q.o.Model
	q.Price = Price{Model: m.Name, Confidence: m.Confidence, Date: m.Date, Tokenizer: q.counter.Name()}
	q.Price.Estimated = !q.counter.Exact() || m.Confidence > "B" && q.pageTokens > 0
	for _, r := range q.Requests {
		q.Price.Tokens.add(r.Tokens)
	}
	q.Price.AsText = q.asText + q.Requests[0].Tokens.Question
	q.Price.Saving = q.Price.AsText - q.Price.Total
	q.Price.Ratio = float64(q.Price.AsText) / float64(q.Price.Total)
	return nil
}

// requests composes all requests. The sums are of parts counted apart; where
// parts cost more together, what they went over the bound by is held back.
func (s *splitter) requests() ([]*Request, error) {
	for {
		ends, err := s.ends()
		if err != nil {
			return nil, err
		}
		list, excess, start := make([]*Request, len(ends)), int64(0), 0
		for i, end := range ends {
			number, of := i+1, len(ends)
			if s.of > 0 {
				number, of = s.number, s.of
			}
			if list[i], err = s.request(number, of, start, end); err != nil {
				return nil, err
			}
			excess = max(excess, list[i].Tokens.Total-s.q.maxTokens)
			start = end
		}
		if s.q.maxTokens == 0 || excess == 0 {
			return list, nil
		}
		s.fixed.Total += excess
	}
}

func newSplitter(q *Question, parts []*Part) (*splitter, error) {
	s := &splitter{q: q, parts: parts, pages: []int{0}, tokens: []int64{0}, saving: []int64{0}, image: []int64{0}, bytes: []int64{0}}
	for i, part := range s.parts {
		label := ""
		tokens, saving, image, pages, bytes := part.Tokens, int64(0), int64(0), 0, int64(0)
		if part.Page != nil {
			info := part.image()
			s.images = append(s.images, info)
			label = pageLabel(part, len(q.Documents))
			image, saving, pages = part.Tokens, part.asText-part.Tokens, 1
			bytes = (info.Bytes+2)/3*4 + partBytes
		} else {
			valid, _ := escapeInvalid(part.text())
			label = textLabel(part.doc, part.FirstLine, part.LastLine, len(q.Documents)) + "\n" + fence.Quote("")
			bytes = jsonBytes(valid)
		}
		n, err := q.count(label)
		if err != nil {
			return nil, err
		}
		s.tokens = append(s.tokens, s.tokens[i]+tokens+n)
		s.saving = append(s.saving, s.saving[i]+saving)
		s.image = append(s.image, s.image[i]+image)
		s.pages = append(s.pages, s.pages[i]+pages)
		s.bytes = append(s.bytes, s.bytes[i]+bytes+jsonBytes(label)+partBytes)
	}
	// Bytes are bounded page by page, so that more parts never have fewer.
	sheets := int64(0)
	for i, part := range s.parts {
		if part.Page != nil && !q.budget.off() {
			sheets += sheetBytesPerToken * int64(1+q.budget.of(s.saving[i+1]-s.saving[i], part.Tokens, q.pageTokens))
		}
		s.bytes[i+1] += sheets
	}
	return s, nil
}

// frame counts what every request holds.
func (s *splitter) frame() error {
	// The largest numbers a split can have, which tell of the others.
	most := max(2, len(s.parts), s.of)
	r := &Request{Number: most, Of: most, question: s.q}
	r.compose("")
	if s.pages[len(s.parts)] > 0 {
		r.addLegend()
	}
	if s.sheets() {
		r.add(sheetContent, secrets.Own("").Derive(sheetTitle+"\n"+fence.Quote("")))
	}
	for _, c := range r.contents {
		s.around += jsonBytes(c.Checked.Text()) + partBytes
	}
	if err := r.price(); err != nil {
		return err
	}
	s.fixed = r.Tokens
	return nil
}

func (s *splitter) sheets() bool {
	return !s.q.budget.off() && s.pages[len(s.parts)] > 0
}

// sheetBudget is for the fact sheet of a request with the parts from a to b.
func (s *splitter) sheetBudget(a, b int) int {
	return s.q.budget.of(s.saving[b]-s.saving[a], s.image[b]-s.image[a], s.q.pageTokens)
}

// sheetBytesPerToken is more than tokens of identifiers have in JSON: they are
// of 2 to 4 bytes.
const sheetBytesPerToken = 16

// over says which limit a request with the parts from a to b exceeds; "" if
// none.
func (s *splitter) over(a, b int) string {
	m := s.q.o.Model
	if over := m.Check(s.images[s.pages[a]:s.pages[b]]); over != nil {
		return over[0].String()
	}
	if limit := m.Limits.RequestBytes; limit > 0 {
		if n := s.bytes[b] - s.bytes[a] + s.around; n > limit {
			return fmt.Sprintf("%d bytes with what stands around it, at most %d", n, limit)
		}
	}
	if limit := s.q.maxTokens; limit > 0 {
		sheet := int64(s.sheetBudget(a, b))
		if n := s.tokens[b] - s.tokens[a] + s.fixed.Total + sheet; n > limit {
			return fmt.Sprintf("%d tokens, %d of them for the fact sheet and %d for what every request repeats, at most %d", n, sheet, s.fixed.Total, limit)
		}
	}
	return ""
}

// fill is the end of the longest run of parts from a, up to end, that one
// request may hold; a if there is none. What holds for a run holds for every
// part of it, so that the end can be searched for.
func (s *splitter) fill(a, end int) int {
	return a + sort.Search(end-a, func(n int) bool { return s.over(a, a+n+1) != "" })
}

// needs is how many requests the parts from a to end take.
func (s *splitter) needs(a, end int) (n int) {
	for ; a < end; n++ {
		b := s.fill(a, end)
		if b == a {
			return n + end - a // reported when it comes to that part
		}
		a = b
	}
	return n
}

// ends returns the end of each request.
func (s *splitter) ends() (ends []int, err error) {
	for a := 0; a < len(s.parts); {
		b := s.fill(a, len(s.parts))
		if b == a {
			return nil, limitError(s.q.o.Model, s.parts[a], s.over(a, a+1)+"; accepted: a smaller page, a larger limit or a shorter question")
		}
		b = s.keepTogether(a, b)
		ends = append(ends, b)
		a = b
	}
	return ends, nil
}

// keepTogether moves the end of a request before the document that it cuts, if
// that saves the document a request.
func (s *splitter) keepTogether(a, b int) int {
	if b == len(s.parts) || s.parts[b].doc != s.parts[b-1].doc {
		return b
	}
	doc := s.parts[b].doc
	first := b
	for first > a && s.parts[first-1].doc == doc {
		first--
	}
	last := b
	for last < len(s.parts) && s.parts[last].doc == doc {
		last++
	}
	if first > a && 1+s.needs(b, last) > s.needs(first, last) {
		return first
	}
	return b
}

// stringsOn are the exact strings that begin on a page.
func stringsOn(p *Part) []exact.String {
	if p.Page == nil {
		return nil
	}
	all := p.doc.strings
	from := sort.Search(len(all), func(i int) bool { return all[i].Start >= p.Start })
	to := sort.Search(len(all), func(i int) bool { return all[i].Start >= p.End })
	return all[from:to]
}

// request composes and prices the request with the parts from a to b.
func (s *splitter) request(number, of, a, b int) (*Request, error) {
	r := &Request{Number: number, Of: of, Parts: s.parts[a:b:b], question: s.q}
	for _, part := range r.Parts {
		r.Strings += len(stringsOn(part))
	}
	sheet := ""
	if n := s.sheetBudget(a, b); n > 0 && r.Strings > 0 {
		var err error
		if r.Sheet, err = s.q.sheet(r.Parts, n); err != nil {
			return nil, err
		}
		sheet = r.Sheet.Text()
	}
	r.compose(sheet)
	return r, r.price()
}

// sheet writes the fact sheet for the pages among parts.
func (p *Pack) sheet(parts []*Part, budget int) (*exact.Sheet, error) {
	var countErr error
	sheet, err := exact.NewSheet(occurrences(parts), exact.SheetOptions{
		EmPx:   p.emPx(parts),
		Budget: budget,
		Count: func(text string) int {
			n, err := p.count(text)
			if err != nil {
				countErr = err
			}
			return int(n)
		},
	})
	if err == nil {
		err = countErr
	}
	if err != nil {
		return nil, fmt.Errorf("writing the fact sheet: %w", err)
	}
	return sheet, nil
}

// occurrences are the exact strings on the pages among parts. One that goes
// over the end of a page belongs to the page it begins on. One that the page
// cuts into several runs, as at a source line's end, has the tag of its first.
func occurrences(parts []*Part) iter.Seq[exact.Occurrence] {
	return func(yield func(exact.Occurrence) bool) {
		for _, part := range parts {
			for _, s := range stringsOn(part) {
				o := exact.Occurrence{String: s, Document: part.doc.number, Page: part.Page.Number, Line: part.doc.lines.At(s.Start)}
				anchors := part.Page.Anchors
				if i := sort.Search(len(anchors), func(i int) bool { return anchors[i].End > s.Start }); i < len(anchors) && anchors[i].Start < s.End {
					o.Anchor = anchors[i].Tag
				}
				if !yield(o) {
					return
				}
			}
		}
	}
}

// emPx is the em in px as the model sees the pages, at its smallest.
func (p *Pack) emPx(parts []*Part) float64 {
	em := p.config.EmPx() * p.config.ExactScale // of exact strings
	scale := 1.0
	for _, part := range parts {
		if part.Page == nil {
			continue
		}
		if v, err := p.o.Model.View(part.Page.Width, part.Page.Height); err == nil {
			scale = min(scale, float64(v.SeenWidth)/float64(part.Page.Width))
		}
	}
	return em * scale
}

// jsonBytes is the size of a text as a JSON string.
func jsonBytes(text string) int64 {
	b, _ := json.Marshal(text) // a string always marshals
	return int64(len(b))
}
