package eval

import (
	"context"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/render"
)

// respondent answers probes: a model, or a transcribing reader with the task's
// solver. It is safe for concurrent use.
type respondent interface {
	// fromPages answers from all that a pack holds, the probe's question
	// included.
	fromPages(ctx context.Context, q *question) (*answer, error)

	// fromText answers from the probe's text.
	fromText(ctx context.Context, q *question) (*answer, error)

	// again answers a second time, from the views that are read anew.
	again(ctx context.Context, q *question, before *answer, views []view) (*answer, error)

	// stands tells on which lines of the base pages the strings stand that
	// verification did not accept; nothing if it cannot be told.
	stands(before *answer) []place
}

// question is a probe before a respondent.
type question struct {
	task   task.Task
	probe  *task.Probe
	pack   *pack.Question // nil where the respondent needs none for text
	sheet  []string       // exact strings beside the pages
	config string         // name of the pages' config
}

// answer is what a respondent made of a question.
type answer struct {
	text  string
	usage llm.Usage // of the answer and the readings that it is made of, paid now or before
	cost  float64   // of usage
	paid  llm.Bill  // now

	pieces []piece // of a transcribing reader
	check  *checked
}

// piece is what a base page shows, as it was read last.
type piece struct {
	start, end int64 // bytes of the text
	lines      int   // on the base page
	transcript string
}

// view is what is read again: a page or a strip of one, or text if page is nil.
type view struct {
	part       *pack.Part // that page shows, whole or in part
	piece      int        // index of the base page that it replaces
	start, end int64
	page       *render.Page
	shown      Page
	text       string

	// first and last are the lines of the base page that a strip replaces.
	first, last int
}

// place is a run of lines on a base page, both counted from 0 and included.
type place struct{ piece, first, last int }
