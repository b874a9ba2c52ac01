package read

import (
	"context"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/render"
)

// Reader reads the text of page images. It is safe for concurrent use.
type Reader interface {
	// Name names the engine, its version and whatever else its results depend
	// on, for every number that is quoted: "tesseract 5.3.0 (eng, x3)".
	Name() string

	// Read returns the text of one page in reading order with a line feed after
	// each line. It reads page.PNG. Of the rest it may use the boxes of
	// page.Lines, to find lines and never what they say; a page that has none,
	// for it came as a picture, is read as well. A page on which the reader
	// finds nothing is "" and no error. A failure to read, ctx's end included,
	// is an error, never a text: a page that could not be read must not be
	// scored as one that was read badly. The reading beside an error says what
	// the failure cost.
	Read(ctx context.Context, page Page) (Reading, error)
}

// Page is a page to be read.
type Page struct {
	*render.Page

	// Shows is the text that the page shows, checked for secrets. An engine on
	// this machine does without; a reader behind an endpoint sends no page that
	// has none.
	Shows secrets.Checked
}

// Reading is what a reader made of a page, and what that cost.
type Reading struct {
	Text string `json:"text"`

	// Bill is what the endpoint billed for the page when it was read, attempts
	// that failed included. It is zero for an engine that bills nothing.
	Bill llm.Bill `json:"bill,omitzero"`

	// Stored is true if the page was read before: nothing was paid now.
	Stored bool `json:"-"`
}

// Paid is what the reading cost now: nothing if it is stored.
func (r Reading) Paid() llm.Bill {
	if r.Stored {
		return llm.Bill{}
	}
	return r.Bill
}
