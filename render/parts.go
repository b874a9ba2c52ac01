package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/glyphkit/glyph/render/internal/layout"
)

// Part is a stretch of a document that goes to the model as text or as pages.
type Part struct {
	Start, End int64 // bytes of the document's text
	Text       bool  // sent as text, because that costs less
	Tokens     int64 // what it costs that way
}

// Decision says which parts of a document to draw, and why.
type Decision struct {
	Model     string `json:"model"`
	Tokenizer string `json:"tokenizer"`
	Estimated bool   `json:"estimated"` // TextTokens is an estimate

	// Tokens for the whole document sent in one of three ways.
	TextTokens  int64 `json:"text_tokens"`
	ImageTokens int64 `json:"image_tokens"`
	MixedTokens int64 `json:"mixed_tokens"` // as Parts say

	// Saving is the share of TextTokens that the parts save, 0 if all is text.
	Saving  float64 `json:"saving"`
	Verdict string  `json:"verdict"` // "text is cheaper", "pages are cheaper" or "a mixture is cheapest"

	// Parts follow one another from the first byte to the last.
	Parts []Part `json:"-"`
}

// step is a page of a document in parts, or one of its parts that stay text.
type step struct {
	Part int       // index in the list of parts
	Page *Page     // nil for a text part
	Text io.Reader // the bytes of a text part, until the next step
}

// Parts draws the parts of a document that are not text and yields their pages,
// and between them the text parts, in order. With a nil list the
// document is one part that is drawn.
//
// Whatever pages say of themselves counts through the document: page and line
// numbers, ranges, tags, labels; a legend on the first page stands there once.
// Each part begins a page. Name, src and errors are as in [Renderer.Pages],
// but for two: a part of which nothing leaves a mark yields ErrBlank with its
// index, and the next part follows if the caller goes on; and it is an error if
// the list does not cover src from its first byte to its last.
func (r *Renderer) Parts(ctx context.Context, name string, src io.Reader, list []Part) iter.Seq2[step, error] {
	return r.parts(ctx, name, src, list, (*painter).paint)
}

// MeasureParts yields what Parts would, without drawing, as [Renderer.Measure]
// does.
func (r *Renderer) MeasureParts(ctx context.Context, name string, src io.Reader, list []Part) iter.Seq2[step, error] {
	return r.parts(ctx, name, src, list, (*painter).measure)
}

var errChanged = errors.New("it changed while it was read")

func (r *Renderer) parts(ctx context.Context, name string, src io.Reader, list []Part, finish finisher) iter.Seq2[step, error] {
	return func(yield func(step, error) bool) {
		var at layout.Origin
		if list == nil {
			for page, err := range r.pages(ctx, name, src, &at, finish) {
				if !yield(step{Page: page}, err) {
					return
				}
			}
			return
		}
		counted := &counter{r: src}
		for i, p := range list {
			at.Offset, at.Lines = counted.bytes, counted.lines
			if p.Start != at.Offset {
				yield(step{Part: i}, fmt.Errorf("part %d begins at byte %d; accepted: where the part before ends, at %d", i+1, p.Start, at.Offset))
				return
			}
			stretch := io.LimitReader(counted, p.End-p.Start)
			if p.Text {
				if !yield(step{Part: i, Text: stretch}, nil) {
					return
				}
				if _, err := io.Copy(io.Discard, stretch); err != nil {
					yield(step{Part: i}, err)
					return
				}
			} else {
				for page, err := range r.pages(ctx, name, stretch, &at, finish) {
					if !yield(step{Part: i, Page: page}, err) || err != nil && !errors.Is(err, ErrBlank) {
						return
					}
				}
			}
			if counted.bytes != p.End {
				yield(step{Part: i}, errChanged)
				return
			}
		}
		last := step{Part: len(list) - 1}
		switch n, err := io.ReadFull(src, make([]byte, 1)); {
		case n > 0:
			yield(last, errChanged)
		case err != io.EOF:
			yield(last, err)
		}
	}
}

// counter counts what is read through it: bytes, and lines as layout numbers
// them, which end with LF, CRLF or CR.
type counter struct {
	r     io.Reader
	bytes int64
	lines int
	last  byte
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.bytes += int64(n)
	for _, b := range p[:n] {
		if b == '\r' || b == '\n' && c.last != '\r' {
			c.lines++
		}
		c.last = b
	}
	return n, err
}
