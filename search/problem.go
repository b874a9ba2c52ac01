package search

import (
	"context"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// Problem is what a config is searched for: documents, probes about them, a
// reader and a model that sets the price. Its methods are called from several
// goroutines at once. Equal configs must give equal sizes; a reader may be
// noisy, since each answer is asked for once and recorded.
type Problem interface {
	// Reader names the reader and its version.
	Reader() string

	// Probes lists the probes; their index is their name. The list is the
	// same at every call.
	Probes() []probe.Info

	// Compression lays the documents out. An error means that the config
	// cannot be drawn; it refuses the config and does not end the search.
	Compression(ctx context.Context, c configs.Config) (probe.Size, error)

	// Probe has the reader answer probe i on pages drawn with c. An error
	// leaves the probe unscored, and its outcome says what it cost.
	Probe(ctx context.Context, c configs.Config, i int) (probe.Outcome, error)
}
