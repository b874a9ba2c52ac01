package cli

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/search"
)

// searchWatch shows how far a search is: on a terminal as a line that is drawn
// again after each reading, and else as a line for each generation.
type searchWatch struct {
	line     *term.Line
	notes    io.Writer
	currency string

	mu    sync.Mutex
	reads int64
	state term.State // but for the readings
	last  int        // generation that was told
}

// rung takes in what the search says after a rung.
func (w *searchWatch) rung(at search.Progress) {
	front := fmt.Sprintf("generation %d  racing %d  front %d", at.Generation, at.Racing, len(at.Front))
	if n := len(at.Front); n > 0 {
		a, b := at.Front[0], at.Front[n-1]
		front += fmt.Sprintf(": %.4f at %.1f to %.4f at %.1f characters/token", a.Accuracy.Mean, a.Size.CharsPerToken, b.Accuracy.Mean, b.Size.CharsPerToken)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state = term.State{
		Done: int64(1000 * at.Used), Total: 1000,
		Cost: verb.CostSoFar(at.Spent.Total(), at.Spent.Money, w.currency), Note: front,
	}
	w.show()
	if w.line == nil && at.Generation > w.last {
		w.last = at.Generation
		fmt.Fprintf(w.notes, "%s  budget left %.0f %%  %s\n", front, 100*(1-at.Used), term.Plural(at.Spent.Attempts, "read", "reads"))
	}
}

func (w *searchWatch) show() {
	s := w.state
	s.Count, s.CountUnit = w.reads, "reads"
	w.line.Show(s)
}

// reader returns r, with its readings shown.
func (w *searchWatch) reader(r read.Reader) read.Reader { return &watchedReader{r, w} }

type watchedReader struct {
	read.Reader
	watch *searchWatch
}

func (r *watchedReader) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	reading, err := r.Reader.Read(ctx, page)
	r.watch.mu.Lock()
	defer r.watch.mu.Unlock()
	r.watch.reads++
	r.watch.show()
	return reading, err
}
