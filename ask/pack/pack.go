package pack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/render"
)

// Pack is documents as a model gets them, drawn once for any number of
// questions. It is not changed once it is built, and safe for concurrent use.
type Pack struct {
	Documents []*Document
	LeftOut   []render.LeftOut // documents a walk found that hold no text

	Legend  string         // how to read the newline marker; "" if there is none
	Secrets secrets.Report // of the documents and the instruction

	builder
	instruction secrets.Checked
	index       func() *verify.Index
	asText      int64 // tokens of all documents as one request of quoted text, without question
	pageTokens  int64 // of all pages
}

// builder is what packs of the same documents share.
type builder struct {
	o       Options
	r       *render.Renderer
	config  configs.Config
	counter tokens.Counter
}

func (b *builder) count(text string) (int64, error) {
	n, err := b.counter.Count(strings.NewReader(text))
	if err != nil {
		return 0, fmt.Errorf("counting text for %s: %w", b.o.Model.Name, err)
	}
	return n, nil
}

// Build draws documents. For the same documents, config, options and versions
// the pack is the same to the byte.
//
// All texts are scanned for secrets before anything is drawn. The label of a
// document, which is what the model is told of its name, is the name with
// quotation marks, line ends and everything else that could end a label
// replaced, and at most 80 characters. A name that is no path within the working
// directory gives its last element only: where files lie on the machine is not
// for the model.
//
// Errors are a *secrets.FoundError, a *LimitError for a page that no request of
// the model may hold, those of a document that cannot be read or drawn
// (document.ErrEmpty, *document.NotTextError, render.ErrBlank), and ctx's.
func Build(ctx context.Context, docs []*document.Document, r *render.Renderer, o Options) (*Pack, error) {
	if err := o.validate(docs, r); err != nil {
		return nil, err
	}
	b := builder{o: o, r: r, config: r.Config()}
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
	p.asText, err = p.countAsText()
	return p, err
}

// draw makes the parts of all documents.
func (p *Pack) draw(ctx context.Context) error {
	all := p.Documents
	p.Documents = nil
	for _, d := range all {
		d.number, d.Label, d.lines = len(p.Documents)+1, labelOf(d.Name), document.NewLines(d.Text)
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
		if p.o.ExactBudget != budgetOff {
			d.strings = exactStrings(d, p.Secrets.Mode)
		}
		p.Documents = append(p.Documents, d)
		for _, part := range d.Parts {
			if part.Page != nil {
				p.pageTokens += part.Tokens
			}
		}
	}
	if len(p.Documents) == 0 {
		return fmt.Errorf("packing: none of %d documents holds text; accepted: at least one that does", len(p.LeftOut))
	}
	return nil
}

func (p *Pack) leaveOut(name string, why error) {
	p.LeftOut = append(p.LeftOut, render.LeftOut{Name: name, Reason: why.Error()})
}

// guard looks for secrets in all that is sent but the question.
func (p *Pack) guard(ctx context.Context) error {
	g := secrets.Guard{Mode: p.o.Secrets, Exceptions: p.o.Exceptions}
	for _, d := range p.Documents {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.checked = g.Check(d.Name, d.Text)
		d.Text = d.checked.Text()
	}
	p.instruction = secrets.Own(instruction)
	if p.o.Instruction != "" {
		p.instruction = g.Check("", p.o.Instruction)
	}
	if err := g.Err(); err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	p.Secrets = g.Report()
	return nil
}

// exactStrings are those of the text that are not part of a mask.
func exactStrings(d *Document, mode secrets.Mode) []exact.String {
	all := exact.Find(d.Text)
	masks := slices.DeleteFunc(slices.Clone(d.checked.Found()), func(f secrets.Finding) bool { return f.Allowed != "" }) // ordered, by their ends too
	if mode != secrets.Redact || len(masks) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(s exact.String) bool {
		for len(masks) > 0 && int64(masks[0].End) <= s.Start {
			masks = masks[1:]
		}
		return len(masks) > 0 && int64(masks[0].Start) < s.End
	})
}

// countAsText counts what the documents cost as quoted text in one request.
func (p *Pack) countAsText() (int64, error) {
	var all []*Part
	for _, d := range p.Documents {
		all = append(all, &Part{doc: d, End: int64(len(d.Text)), FirstLine: 1, LastLine: d.lines.Last(int64(len(d.Text)))})
	}
	r := &Request{Number: 1, Of: 1, Parts: all, question: &Question{Pack: p}}
	r.compose("")
	total := int64(0)
	for _, c := range r.contents {
		if c.kind == questionContent {
			continue
		}
		n, err := p.count(c.Checked.Text())
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
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
