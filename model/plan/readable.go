package plan

import (
	"context"
	"io"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/render"
)

// Text is a document as this package reads it.
func Text(d *document.Document) Document {
	return Document{Name: d.Name, Open: func() (io.ReadCloser, error) { return d.Text() }}
}

// Readable are the documents that give a page of r, and why the others do not.
// The error is that of ctx.
func Readable(ctx context.Context, r *render.Renderer, docs []*document.Document) (list []Document, leftOut []render.LeftOut, err error) {
	for _, d := range docs {
		t := Text(d)
		err := hasPage(ctx, r, t)
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			leftOut = append(leftOut, render.LeftOut{Name: d.Name, Reason: err.Error(), Failed: !d.Found})
			continue
		}
		list = append(list, t)
	}
	return list, leftOut, nil
}

func hasPage(ctx context.Context, r *render.Renderer, d Document) error {
	t, err := d.Open()
	if err != nil {
		return err
	}
	defer t.Close()
	for _, err := range r.Measure(ctx, d.Name, t) {
		return err
	}
	return render.ErrBlank
}
