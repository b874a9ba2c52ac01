package secrets

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/document"
)

const (
	// window is how much of a document is scanned at once, in bytes: between two
	// windows a scan can be interrupted.
	window = 1 << 20
	// overlap is how much of a window the next one scans again, in bytes: as
	// much as the longest match and what a rule looks at around it.
	overlap = 2 * farthest
	// maxRedacted bounds a document that is masked, in bytes: it is held in
	// memory while it is read.
	maxRedacted = 256 << 20
)

// Documents checks documents, each of which has to open more than once. In the
// mode Redact the result has documents with masks, as UTF-8, in the place of
// those that hold secrets; positions refer to that text. Documents that are no
// text, or cannot be read, are left as they are: whoever reads them next meets
// the same error. The Checked, whose text is "", derives others from what the
// documents say.
//
// It reads each document once, in pieces of 1 MiB, and holds none. Errors are
// that of Err and of ctx.
func (g *Guard) Documents(ctx context.Context, docs []*document.Document) ([]*document.Document, Checked, error) {
	out := slices.Clone(docs)
	for i, d := range docs {
		found, sum, err := scanDocument(ctx, d, g.Exceptions)
		if ctx.Err() != nil {
			return nil, Checked{}, context.Cause(ctx)
		}
		if err != nil || len(found) == 0 {
			continue
		}
		for k := range found {
			found[k].Document = d.Name
		}
		g.found = append(g.found, found...)
		if bad := unallowed(found); g.Mode == Redact && len(bad) > 0 {
			out[i] = redacted(d, bad, sum)
		}
	}
	if err := g.Err(); err != nil {
		return nil, Checked{}, err
	}
	return out, Checked{ok: true}, nil
}

// scanDocument returns what is found in a document, and the SHA-256 of its
// text.
func scanDocument(ctx context.Context, d *document.Document, e *Exceptions) ([]Finding, [sha256.Size]byte, error) {
	t, err := d.Text()
	if err != nil {
		return nil, [sha256.Size]byte{}, err
	}
	defer t.Close()
	sum := sha256.New()
	found, err := scanReader(ctx, io.TeeReader(t, sum), e)
	return found, sumOf(sum), err
}

func sumOf(h hash.Hash) (sum [sha256.Size]byte) {
	h.Sum(sum[:0])
	return sum
}

// scanReader is Scan of a text that is longer than a window.
func scanReader(ctx context.Context, r io.Reader, e *Exceptions) ([]Finding, error) {
	var all []Finding
	buf := make([]byte, 0, window)
	base, line := 0, 0 // before buf
	var open *table    // whose rows buf begins with
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text := string(buf)
		found, rest := scanText(text, open)
		e.decide(text, found)
		for _, f := range found {
			f.Start, f.End, f.Line = f.Start+base, f.End+base, f.Line+line
			all = append(all, f)
		}
		if last {
			return outermost(all), nil
		}
		next := len(text) - overlap
		open = nil
		if lf := strings.IndexByte(text[next:], '\n'); lf >= 0 && lf < overlap/2 {
			if next += lf + 1; rest != nil && rest.start < next && rest.end >= next {
				open = &table{-1, 0, rest.delimiter, rest.columns, rest.kinds}
			}
		}
		line += lineEnds(text, 0, next)
		base += next
		buf = append(buf[:0], text[next:]...)
	}
}

// redacted is a document whose secrets are masked.
func redacted(d *document.Document, found []Finding, sum [sha256.Size]byte) *document.Document {
	return &document.Document{Name: d.Name, Size: d.Size, Charset: "utf-8", Found: d.Found, Open: func() (io.ReadCloser, error) {
		t, err := d.Text()
		if err != nil {
			return nil, err
		}
		defer t.Close()
		var b strings.Builder
		switch n, err := io.Copy(&b, io.LimitReader(t, maxRedacted+1)); {
		case err != nil:
			return nil, err
		case n > maxRedacted:
			return nil, fmt.Errorf("masking its secrets: it has over %d bytes; accepted: smaller documents, or the mode block or allow", maxRedacted)
		case sha256.Sum256([]byte(b.String())) != sum:
			return nil, errors.New("masking its secrets: it has changed since it was checked; accepted: documents that stay as they are")
		}
		return io.NopCloser(strings.NewReader(Mask(b.String(), found))), nil
	}}
}
