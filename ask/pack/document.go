package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// MaxText is the most text in bytes that the documents of a pack hold together:
// some 16 million tokens, more than any model takes.
const MaxText = 64 << 20

// Document is a document of a pack.
type Document struct {
	Name  string // as it was given
	Label string // as the model is told: see Build

	Encoding document.Encoding

	// Text is what is sent: UTF-8 but for bytes that were none in the document,
	// secrets masked if the pack was asked to. All ranges count its bytes.
	Text  string
	Parts []*Part          // in the order of the text
	Gate  *render.Decision // nil unless Options.Gate

	found   bool // by a walk, not named by the caller
	number  int  // from 1 within the pack
	pages   int
	lines   *document.Lines
	checked secrets.Checked // what Text is
	strings []exact.String  // in the order of the text, without masked ones
}

// Part is a stretch of a document: a page, or text.
type Part struct {
	Page *render.Page // nil for text

	Start, End          int64 // of Document.Text
	FirstLine, LastLine int   // from 1, of the document

	// Tokens is what it costs as it is sent, without its label.
	Tokens int64

	doc    *Document
	asText int64 // tokens of its text
}

// Document is the document that p is a part of.
func (p *Part) Document() *Document { return p.doc }

// image is the page as limits of requests look at it.
func (p *Part) image() vision.ImageInfo {
	return vision.ImageInfo{Width: p.Page.Width, Height: p.Page.Height, Bytes: int64(len(p.Page.PNG))}
}

// Shows is the text that a page shows, for a reader that sends it.
func (p *Part) Shows() secrets.Checked { return p.doc.checked.Derive(p.text()) }

// text is the part of the document's text that it stands for.
func (p *Part) text() string { return p.doc.Text[p.Start:p.End] }

// read holds a document in memory. Room is how many bytes it may have.
func read(d *document.Document, room int64) (*Document, error) {
	t, err := d.Text()
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", d.Name, err)
	}
	defer t.Close()
	var b strings.Builder
	switch _, err := limit.Copy(&b, t, room, "the text"); {
	case errors.Is(err, limit.ErrTooLong):
		return nil, fmt.Errorf("reading %q: %w", d.Name, errTooLong)
	case err != nil:
		return nil, fmt.Errorf("reading %q: %w", d.Name, err)
	}
	if b.Len() == 0 { // a mark of the charset alone
		return nil, fmt.Errorf("reading %q: %w", d.Name, document.ErrEmpty)
	}
	return &Document{Name: d.Name, Encoding: t.Encoding, Text: b.String(), found: d.Found}, nil
}

var errTooLong = fmt.Errorf("the documents have over %d bytes of text; accepted: fewer documents in each pack", MaxText)

// read reads all documents. Those that a walk found and that hold no text are
// left out.
func (p *Pack) read(ctx context.Context, docs []*document.Document) error {
	room := int64(MaxText)
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		doc, err := read(d, room)
		if err != nil {
			if d.Found && !errors.Is(err, errTooLong) {
				p.leaveOut(d.Name, errors.Unwrap(err))
				continue
			}
			return err
		}
		room -= int64(len(doc.Text))
		p.Documents = append(p.Documents, doc)
	}
	return nil
}

// draw makes the parts of a document.
func (b *builder) draw(ctx context.Context, d *Document) error {
	parts := []render.Part{{End: int64(len(d.Text))}}
	if b.o.Gate {
		gated, err := plan.Gate(ctx, b.r, plan.Document{
			Name: d.Label,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(d.Text)), nil },
		}, b.o.Model, b.counter)
		if err != nil {
			return err
		}
		d.Gate, parts = gated, gated.Parts
	}
	for step, err := range b.r.Parts(ctx, d.Label, strings.NewReader(d.Text), parts) {
		switch {
		case err != nil:
		case step.Page != nil:
			err = b.appendPage(d, step.Page)
		default:
			d.Parts, err = b.appendText(d.Parts, d, parts[step.Part].Start, parts[step.Part].End)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) appendPage(d *Document, page *render.Page) error {
	d.pages = page.Number
	p := &Part{
		Page: page, doc: d,
		Start: page.Lines[0].Start, End: page.Lines[len(page.Lines)-1].End,
		FirstLine: page.FirstLine, LastLine: page.LastLine,
	}
	if over := b.o.Model.Check([]vision.ImageInfo{p.image()}); over != nil {
		return limitError(b.o.Model, p, strings.TrimPrefix(over[0].String(), "image 1: ")+"; accepted: a smaller page-size, or another model")
	}
	n, err := b.o.Model.Tokens(page.Width, page.Height)
	if err != nil {
		return fmt.Errorf("page %d: %w", page.Number, err)
	}
	p.Tokens = int64(n)
	if p.asText, err = b.count(p.text()); err != nil {
		return err
	}
	d.Parts = append(d.Parts, p)
	return nil
}

// textPart is the size in bytes of the pieces that text is split into, so that
// requests can be filled: some 1,000 tokens. Neighbours are sent as one.
const textPart = 4 << 10

// appendText adds the text from start to end in pieces that end at line ends
// where there are any.
func (b *builder) appendText(parts []*Part, d *Document, start, end int64) ([]*Part, error) {
	for start < end {
		n := end - start
		if n > textPart {
			piece := d.Text[start : start+textPart]
			if lf := strings.LastIndexByte(piece, '\n'); lf >= 0 {
				n = int64(lf + 1)
			} else {
				n = textPart
				for back := int64(1); back < utf8.UTFMax && !utf8.RuneStart(d.Text[start+n]); back++ {
					n--
				}
			}
		}
		p := &Part{doc: d, Start: start, End: start + n, FirstLine: d.lines.At(start), LastLine: d.lines.Last(start + n)}
		valid, _ := escapeInvalid(p.text())
		var err error
		if p.Tokens, err = b.count(valid); err != nil {
			return nil, err
		}
		p.asText = p.Tokens
		parts = append(parts, p)
		start += n
	}
	return parts, nil
}

// page is the page of d that shows the byte at offset or, where that byte was
// dropped with a blank page, the page before it; 0 if the byte is sent as text.
func (d *Document) page(offset int64) int {
	i := sort.Search(len(d.Parts), func(i int) bool { return d.Parts[i].Start > offset }) - 1
	if i < 0 {
		i = 0
	}
	if len(d.Parts) == 0 || d.Parts[i].Page == nil {
		return 0
	}
	return d.Parts[i].Page.Number
}
