package search

import (
	"context"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/model/vision"
)

// ReadingOptions say which excerpts of documents a search reads.
type ReadingOptions = probe.Options

// NewReading makes the problem of a search: excerpts of documents, drawn under
// each config, read by a reader, and priced for a model. Options and errors are
// those of the excerpts; a document that holds secrets is refused unless the
// options say otherwise.
func NewReading(ctx context.Context, docs []*document.Document, reader read.Reader, model *vision.Profile, o ReadingOptions) (*probe.Reading, error) {
	return probe.New(ctx, docs, reader, model, o)
}

// Founders are configs to begin a search for density with.
func Founders() []configs.Config { return genome.DenseFounders() }
