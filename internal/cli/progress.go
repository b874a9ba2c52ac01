package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/glyphkit/glyph/render"
)

// progress is one line on a terminal that is drawn over and over:
//
//	[##########----------]  52 %  1,204 pages  310 pages/s  report.txt
type progress struct {
	out   io.Writer
	start time.Time
	last  time.Time // when the line was drawn
}

const (
	progressEvery = 100 * time.Millisecond
	progressBar   = 24 // cells
	progressName  = 30 // cells for the document's name
)

func (p *progress) show(at render.Progress) {
	now := time.Now()
	if now.Sub(p.last) < progressEvery {
		return
	}
	p.last = now
	bar := ""
	if at.Size > 0 {
		share := min(1, float64(at.Read)/float64(at.Size))
		full := int(share * progressBar)
		bar = fmt.Sprintf("[%s%s] %3.0f %%  ", strings.Repeat("#", full), strings.Repeat("-", progressBar-full), 100*share)
	}
	speed := float64(at.Pages) / max(now.Sub(p.start).Seconds(), 1e-3)
	fmt.Fprintf(p.out, "\r\x1b[K%s%s  %.0f pages/s  %s", bar, plural(at.Pages, "page", "pages"), speed, shorten(at.Document, progressName))
}

// clear leaves the terminal as it was.
func (p *progress) clear() {
	if !p.last.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// shorten keeps the end of a path, and what a terminal can print of it.
func shorten(name string, cells int) string {
	name = clean(name)
	r := []rune(name)
	if len(r) <= cells {
		return name
	}
	return "…" + string(r[len(r)-cells+1:])
}
