package pack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/render"
)

// Pack is what goes to a model: documents as pages or text, and a question, in
// one request or several. It is not changed once it is built, and safe for
// concurrent use.
type Pack struct {
	Documents []*Document
	LeftOut   []render.LeftOut // documents a walk found that hold no text

	Legend   string // how to read the newline marker; "" if there is none
	Question string // secrets masked if the pack was asked to

	Secrets []Secret // in the order of documents, then those of the question

	Requests []*Request // in the order of the documents
	Price    Price

	builder
	index  func() *verify.Index
	asText int64 // tokens of all documents as one request of quoted text, without question
}

// builder is what packs of the same documents share.
type builder struct {
	o       Options
	r       *render.Renderer
	config  configs.Config
	counter tokens.Counter
	budget  budget
}

func (b *builder) count(text string) (int64, error) {
	n, err := b.counter.Count(strings.NewReader(text))
	if err != nil {
		return 0, fmt.Errorf("counting text for %s: %w", b.o.Model.Name, err)
	}
	return n, nil
}

// Build draws documents and makes a pack of them. For the same documents,
// config, options and versions it is the same to the byte.
//
// All texts are scanned for secrets before anything is drawn. The label of a
// document is its name with quotation marks, line ends and everything else that
// could end a label replaced, and at most 80 characters.
//
// Errors are a *SecretsError, a *LimitError for a page that no request of the
// model may hold, those of a document that cannot be read or drawn
// (document.ErrEmpty, *document.NotTextError, render.ErrBlank), and ctx's.
func Build(ctx context.Context, docs []*document.Document, r *render.Renderer, o Options) (*Pack, error) {
	if err := o.validate(docs, r); err != nil {
		return nil, err
	}
	if o.Secrets == "" {
		o.Secrets = Block
	}
	b := builder{o: o, r: r, config: r.Config()}
	b.budget, _ = o.ExactBudget.parse() // as validated
	var err error
	if b.counter, err = plan.CounterFor(o.Model, o.Tokenizers); err != nil {
		return nil, err
	}
	p := &Pack{builder: b, Legend: r.Legend()}
	if err = p.read(ctx, docs); err != nil {
		return nil, err
	}
	if err := p.guard(ctx); err != nil {
		return nil, err
	}
	if err := p.draw(ctx); err != nil {
		return nil, err
	}
	p.index = sync.OnceValue(func() *verify.Index { return newIndex(p.Documents) })
	if p.asText, err = p.countAsText(); err != nil {
		return nil, err
	}
	return p, p.split()
}

// draw makes the parts of all documents.
func (p *Pack) draw(ctx context.Context) error {
	all := p.Documents
	p.Documents = nil
	for _, d := range all {
		d.number, d.Label, d.lines = len(p.Documents)+1, safeName(d.Name), document.NewLines(d.Text)
		if err := p.builder.draw(ctx, d); err != nil {
			if d.found && errors.Is(err, render.ErrBlank) {
				p.leaveOut(d.Name, render.ErrBlank)
				continue
			}
			if _, ok := errors.AsType[*LimitError](err); ok {
				return err
			}
			return fmt.Errorf("packing %q: %w", d.Name, err)
		}
		if !p.budget.off() {
			d.strings = exactStrings(d)
		}
		p.Documents = append(p.Documents, d)
	}
	if len(p.Documents) == 0 {
		return fmt.Errorf("packing: none of %d documents holds text; accepted: at least one that does", len(p.LeftOut))
	}
	return nil
}

func (p *Pack) leaveOut(name string, why error) {
	p.LeftOut = append(p.LeftOut, render.LeftOut{Name: name, Reason: why.Error()})
}

// guard looks for secrets in all that is sent.
func (p *Pack) guard(ctx context.Context) error {
	for _, d := range p.Documents {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, found := guard(p.o.Secrets, d.Name, d.Text)
		if p.o.Secrets == Redact {
			d.Text, d.redacted = text, found
		}
		p.Secrets = append(p.Secrets, found...)
	}
	var found []Secret
	p.Question, found = guard(p.o.Secrets, "", p.o.Question)
	p.o.Question = "" // which may hold a secret
	p.Secrets = append(p.Secrets, found...)
	if p.o.Secrets == Block && len(p.Secrets) > 0 {
		return &SecretsError{p.Secrets}
	}
	return nil
}

// exactStrings are those of the text that are not part of a mask.
func exactStrings(d *Document) []exact.String {
	all := exact.Find(d.Text)
	if len(d.redacted) == 0 {
		return all
	}
	masks := d.redacted // ordered, by their ends too
	return slices.DeleteFunc(all, func(s exact.String) bool {
		for len(masks) > 0 && masks[0].End <= s.Start {
			masks = masks[1:]
		}
		return len(masks) > 0 && masks[0].Start < s.End
	})
}

// Ask is the same pack with another question. Nothing is drawn again. Its
// errors are a *SecretsError and those of a limit that the question exceeds.
func (p *Pack) Ask(question string) (*Pack, error) {
	if !utf8.ValidString(question) {
		return nil, errQuestion
	}
	q := *p
	text, found := guard(p.o.Secrets, "", question)
	if p.o.Secrets == Block && len(found) > 0 {
		return nil, &SecretsError{found}
	}
	q.Question = text
	q.Secrets = slices.DeleteFunc(slices.Clone(p.Secrets), func(s Secret) bool { return s.Document == "" })
	q.Secrets = append(q.Secrets, found...)
	return &q, q.split()
}

// Within is the same pack in requests of at most so many input tokens each, or
// fewer if the pack already has a lower bound. It is for a model that says its
// context is full.
func (p *Pack) Within(maxTokens int64) (*Pack, error) {
	if maxTokens <= 0 {
		return nil, fmt.Errorf("packing: at most %d tokens in a request; accepted: 1 or more", maxTokens)
	}
	q := *p
	if q.o.MaxTokens == 0 || maxTokens < q.o.MaxTokens {
		q.o.MaxTokens = maxTokens
	}
	return &q, q.split()
}

// TextOnly is the same pack with all documents as quoted text and no page. It
// is for a model that refuses pages, or where text is cheaper (see
// Price.Cheaper).
func (p *Pack) TextOnly() (*Pack, error) {
	q := *p
	q.Documents = make([]*Document, len(p.Documents))
	for i, d := range p.Documents {
		text := *d
		text.Parts, text.Gate, text.pages, text.strings = nil, nil, 0, nil
		var err error
		if text.Parts, err = p.appendText(nil, &text, 0, int64(len(d.Text))); err != nil {
			return nil, err
		}
		q.Documents[i] = &text
	}
	q.index = sync.OnceValue(func() *verify.Index { return newIndex(q.Documents) })
	return &q, q.split()
}

// countAsText counts what the documents cost as quoted text in one request.
func (p *Pack) countAsText() (int64, error) {
	var all []*Part
	for _, d := range p.Documents {
		all = append(all, &Part{doc: d, End: int64(len(d.Text)), FirstLine: 1, LastLine: d.lines.Last(int64(len(d.Text)))})
	}
	r := &Request{Number: 1, Of: 1, Parts: all, pack: p}
	r.compose("")
	total := int64(0)
	for _, c := range r.contents {
		if c.kind == questionContent {
			continue
		}
		n, err := p.count(c.text)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// Verify looks the exact strings of an answer up in the documents of a pack, as
// they were sent. The question's own strings are told apart. The first call
// builds an index of the documents, which the pack keeps. The only error is
// that of the context.
func Verify(ctx context.Context, answer string, p *Pack) (*verify.Report, error) {
	return p.index().Verify(ctx, answer, p.Question)
}

func newIndex(docs []*Document) *verify.Index {
	sources := make([]verify.Source, len(docs))
	for i, d := range docs {
		sources[i] = verify.Source{
			Name: d.Name, Text: d.Text,
			Locate: func(offset int64) (page, line int) { return d.page(offset), d.lines.At(offset) },
		}
	}
	return verify.New(sources)
}
