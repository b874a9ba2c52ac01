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

// draw draws a document, or the parts of it that a gate chose, and writes the
// other parts to text files. The first error is the document's, the second one
// the bundle's.
func (b *bundle) draw(ctx context.Context, name string, t *document.Text, gate *Decision) (parts []manifestPart, drawErr, err error) {
	var list []Part
	var src io.Reader = t
	if gate != nil {
		list = append([]Part{}, gate.Parts...) // not nil, which would be all of it
		b.Cost.TextTokens += gate.TextTokens
	} else if b.o.Model != nil {
		count := countTokens(t, b.o.Model.TextTokens)
		defer func() {
			n, countErr := count.finish(errors.Join(drawErr, err))
			if drawErr == nil && err == nil {
				drawErr = countErr
			}
			b.Cost.TextTokens += n
		}()
		src = count
	}
	for _, p := range list {
		m := manifestPart{Kind: partPages, Start: p.Start, End: p.End, Tokens: p.Tokens}
		if p.Text {
			m.Kind = partText
		}
		parts = append(parts, m)
	}
	for step, err := range b.r.Parts(ctx, name, src, list) {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			return nil, err, nil
		}
		if step.Page == nil {
			part := &parts[step.Part]
			b.Cost.KeptTokens += part.Tokens
			if part.File, part.SHA256, drawErr, err = b.text(step.Text); drawErr != nil || err != nil {
				return nil, drawErr, err
			}
			continue
		}
		if err := b.page(name, step.Page); err != nil {
			return nil, nil, err
		}
		if list != nil {
			part := &parts[step.Part]
			if part.Pages++; part.Pages == 1 {
				part.FirstPage = b.Totals.Pages
			}
		}
		if b.o.Progress != nil {
			b.o.Progress(Progress{Document: name, Pages: b.Totals.Pages, Read: b.read + t.BytesRead(), Size: b.size})
		}
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
