package pack

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
)

// Question is a question about a pack, as one request or several. It is not
// changed once it is made, and safe for concurrent use.
type Question struct {
	*Pack

	Text    string         // secrets masked if the pack was asked to
	Secrets secrets.Report // of the pack and the question

	Requests []*Request // in the order of the documents
	Price    Price

	checked   secrets.Checked
	budget    budget
	maxTokens int64 // 0 for no bound
}

// Ask makes the requests of a question. Nothing is drawn again. Without a
// question, "", the requests hold the documents alone. Errors are a
// *secrets.FoundError and a *LimitError where a limit leaves no room.
func (p *Pack) Ask(question string) (*Question, error) {
	if !utf8.ValidString(question) {
		return nil, errors.New("packing: the question is not UTF-8; accepted: UTF-8")
	}
	g := secrets.Guard{Mode: p.o.Secrets, Exceptions: p.o.Exceptions}
	checked := g.Check("", question)
	if err := g.Err(); err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	q := &Question{Pack: p, Text: checked.Text(), Secrets: p.Secrets, checked: checked, maxTokens: p.o.MaxTokens}
	asked := g.Report()
	q.Secrets.Count += asked.Count
	q.Secrets.Allowed += asked.Allowed
	q.Secrets.Found = append(append([]secrets.Finding{}, p.Secrets.Found...), asked.Found...)
	return q, q.split()
}

// TextOnly is the same question with all documents as quoted text and no page.
// It is for a model that takes no pages, or where text is cheaper (see
// Price.Cheaper).
func (q *Question) TextOnly() (*Question, error) {
	p := *q.Pack
	p.Documents = make([]*Document, len(q.Documents))
	for i, d := range q.Documents {
		text := *d
		text.Parts, text.Gate, text.pages, text.strings = nil, nil, 0, nil
		var err error
		if text.Parts, err = p.appendText(nil, &text, 0, int64(len(d.Text))); err != nil {
			return nil, err
		}
		p.Documents[i] = &text
	}
	p.index = sync.OnceValue(func() *verify.Index { return newIndex(p.Documents) })
	p.pageTokens = 0
	text := *q
	text.Pack = &p
	return &text, text.split()
}

// Cut says how requests are made anew.
type Cut struct {
	Text bool // with quoted text in the place of pages

	// MaxTokens is the most input tokens of a request, 0 for the bound that the
	// question has already. A bound is never raised.
	MaxTokens int64
}

// Recut makes the parts of some of the question's requests into others, in as
// few as the limits allow. It is for a model that refuses pages, or says that its
// context is full. Other requests of the question keep their meaning: where some
// are left, the new ones have the number of the first that they replace. The
// requests may be of an earlier Recut; they are in the order of their parts.
func (q *Question) Recut(requests []*Request, c Cut) ([]*Request, error) {
	if len(requests) == 0 || c.MaxTokens < 0 {
		return nil, fmt.Errorf("packing %d requests anew, of at most %d tokens; accepted: 1 or more, and 0 for no other bound", len(requests), c.MaxTokens)
	}
	anew := *q
	if c.MaxTokens > 0 && (q.maxTokens == 0 || c.MaxTokens < q.maxTokens) {
		anew.maxTokens = c.MaxTokens
	}
	parts := []*Part{}
	for _, r := range requests {
		parts = append(parts, r.Parts...)
	}
	if c.Text {
		var err error
		if parts, err = q.asTextParts(parts); err != nil {
			return nil, err
		}
	}
	s, err := newSplitter(&anew, parts)
	if err != nil {
		return nil, err
	}
	if len(requests) < len(q.Requests) {
		s.number, s.of = requests[0].Number, requests[0].Of
	}
	if err := s.frame(); err != nil {
		return nil, err
	}
	return s.requests()
}

// asTextParts are parts with the stretch of text that it stands for in the place
// of each page: up to the part behind it, for between pages there may be blank
// ones, which are not drawn.
func (q *Question) asTextParts(parts []*Part) (texts []*Part, err error) {
	var doc *Document // of a run of pages
	var from, to int64
	flush := func() {
		if doc != nil && err == nil {
			texts, err = q.appendText(texts, doc, from, to)
		}
		doc = nil
	}
	for _, p := range parts {
		if p.Page == nil {
			flush()
			texts = append(texts, p)
			continue
		}
		start, end := p.stretch()
		if p.doc != doc || start != to {
			flush()
			doc, from = p.doc, start
		}
		to = end
	}
	flush()
	return texts, err
}

// stretch is what a page stands for of its document's text: all stretches
// together are the text.
func (p *Part) stretch() (start, end int64) {
	all := p.doc.Parts
	i := sort.Search(len(all), func(i int) bool { return all[i].Start >= p.Start })
	start, end = p.Start, int64(len(p.doc.Text))
	if i == 0 {
		start = 0
	}
	if i+1 < len(all) {
		end = all[i+1].Start
	}
	return start, end
}

// Derive is for a text that is made of the question and of answers to it.
func (q *Question) Derive(text string) secrets.Checked { return q.checked.Derive(text) }

// Verify looks the exact strings of an answer up in the documents, as they were
// sent. The question's own strings are told apart. The first call builds an index
// of the documents, which the pack keeps for all questions. The error is ctx's.
func (q *Question) Verify(ctx context.Context, answer string) (*verify.Report, error) {
	return q.index().Verify(ctx, answer, q.Text)
}
