package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/glyphkit/glyph/document"
)

// Model counts the tokens that text and pages cost a vision-language model. This
// package knows none of them: vision.Profile has the count of pages, and
// tokens.Counter that of text.
type Model struct {
	Name, Confidence, Date string // see ManifestCost

	Tokenizer  string
	Estimated  bool // TextTokens is an estimate
	TextTokens func(io.Reader) (int64, error)

	// PageTokens counts a page of so many px. An error ends the bundle: the
	// model takes no such page. Nil counts text only, for the summary.
	PageTokens func(width, height int) (int, error)
}

// parts draws the parts of a document that a gate chose, and writes the others
// to text files. The errors are those of whole.
func (b *bundle) parts(ctx context.Context, name string, t *document.Text, list []Part) (parts []ManifestPart, drawErr, err error) {
	lines := &lineCounter{r: t}
	first := b.Totals.Pages
	for _, p := range list {
		src := io.LimitReader(lines, p.End-p.Start)
		m := ManifestPart{Kind: PartPages, Start: p.Start, End: p.End, Tokens: p.Tokens}
		if p.Text {
			m.Kind = PartText
			m.File, m.SHA256, drawErr, err = b.text(src)
			b.Cost.KeptTokens += p.Tokens
		} else {
			at := origin{offset: p.Start, line: lines.n, page: b.Totals.Pages - first}
			m.FirstPage = b.Totals.Pages + 1
			drawErr, err = b.pages(ctx, name, t, src, at)
			m.Pages = b.Totals.Pages + 1 - m.FirstPage
		}
		if drawErr != nil || err != nil {
			return nil, drawErr, err
		}
		parts = append(parts, m)
	}
	// What was weighed is what was read.
	weighed := int64(0)
	if n := len(list); n > 0 {
		weighed = list[n-1].End
	}
	switch n, err := t.Read(make([]byte, 1)); {
	case err != nil && err != io.EOF:
		return nil, err, nil
	case n > 0 || t.UTF8().Bytes != weighed:
		return nil, errors.New("it changed while it was read"), nil
	}
	return parts, nil, nil
}

// text writes a part that is kept as text.
func (b *bundle) text(src io.Reader) (name, sum string, readErr, err error) {
	if b.Totals.TextParts == maxFiles {
		return "", "", nil, fmt.Errorf("text part %d: a bundle holds at most %d; accepted: fewer documents in each bundle", maxFiles+1, maxFiles)
	}
	name = textFile(b.Totals.TextParts + 1)
	f, err := b.o.create(filepath.Join(b.dir, name))
	if err != nil {
		return "", "", nil, err
	}
	defer f.Close() // for the error paths; closed below otherwise
	b.Totals.TextParts++
	digest := sha256.New()
	buf := make([]byte, 32<<10)
	for {
		n, readErr := src.Read(buf)
		digest.Write(buf[:n])
		b.Totals.TextBytes += int64(n)
		if _, err := f.Write(buf[:n]); err != nil {
			return "", "", nil, err
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return "", "", readErr, nil
		}
	}
	return name, hex.EncodeToString(digest.Sum(nil)), nil, f.Close()
}

// origin is where in its document a part begins: after so many bytes, lines
// and pages.
type origin struct {
	offset     int64
	line, page int
}

// shift makes positions in a part those in its document.
func (o origin) shift(p *Page) {
	p.Number += o.page
	p.FirstLine += o.line
	p.LastLine += o.line
	for i := range p.Lines {
		p.Lines[i].Start += o.offset
		p.Lines[i].End += o.offset
	}
	for i := range p.Notes {
		p.Notes[i].Start += o.offset
		p.Notes[i].End += o.offset
	}
}

// lineCounter counts the lines that end in what is read through it, as layout
// numbers them: by LF, CRLF and CR.
type lineCounter struct {
	r    io.Reader
	n    int
	last byte
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for _, b := range p[:n] {
		if b == '\r' || b == '\n' && c.last != '\r' {
			c.n++
		}
		c.last = b
	}
	return n, err
}

// tokenCount counts the tokens of what is read through it, beside the reader.
type tokenCount struct {
	io.Reader
	w    *io.PipeWriter
	done chan struct{}
	n    int64
	err  error
}

func countTokens(r io.Reader, count func(io.Reader) (int64, error)) *tokenCount {
	pr, pw := io.Pipe()
	c := &tokenCount{Reader: io.TeeReader(r, pw), w: pw, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.n, c.err = count(pr)
		pr.CloseWithError(c.err) // which the reader then gets
	}()
	return c
}

// finish ends counting. Err is why reading stopped; nil is the end of the text.
func (c *tokenCount) finish(err error) (int64, error) {
	c.w.CloseWithError(err)
	<-c.done
	return c.n, c.err
}
