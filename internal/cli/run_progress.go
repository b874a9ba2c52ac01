package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/glyphkit/glyph/internal/runs"
)

// runProgress is one line on a terminal that is drawn over and over. All verbs
// with a run show it:
//
//	[######------] 1,204 of 3,000  84.2 % so far  3 unscored  12.5/s  2m24s left  88,214 tokens, $0.12  ruler/vt
type runProgress struct {
	out      io.Writer
	currency string
	last     time.Time // when the line was drawn
}

func (p *runProgress) show(at runs.Progress) {
	now := time.Now()
	if now.Sub(p.last) < progressEvery && at.Done < at.Total {
		return
	}
	p.last = now
	fmt.Fprint(p.out, "\r\x1b[K"+p.line(at))
}

func (p *runProgress) line(at runs.Progress) string {
	var parts []string
	if at.Total > 0 {
		full := min(at.Done, at.Total) * progressBar / at.Total
		parts = append(parts, fmt.Sprintf("[%s%s] %s of %s", strings.Repeat("#", full), strings.Repeat("-", progressBar-full), thousands(at.Done), thousands(at.Total)))
	} else {
		parts = append(parts, thousands(at.Done))
	}
	if at.Scored > 0 {
		parts = append(parts, fmt.Sprintf("%.1f %% so far", 100*at.Score))
	}
	if at.Unscored > 0 {
		parts = append(parts, thousands(at.Unscored)+" unscored")
	}
	if at.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%.3g/s", at.Rate))
	}
	if at.Left > 0 {
		parts = append(parts, at.Left.Round(time.Second).String()+" left")
	}
	if at.Tokens > 0 {
		cost := thousands(at.Tokens) + " tokens"
		if at.Money > 0 {
			cost += ", " + money(p.currency, at.Money)
		}
		parts = append(parts, cost)
	}
	if at.At != "" {
		parts = append(parts, shorten(at.At, progressName))
	}
	return strings.Join(parts, "  ")
}

// clear leaves the terminal as it was.
func (p *runProgress) clear() {
	if !p.last.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// responsesIn is where a run keeps the responses of its endpoint, "" for none.
func responsesIn(run string) string {
	if run == "" {
		return ""
	}
	return filepath.Join(run, runs.ResponsesDir)
}

// interruptedRun is the error of a verb that was interrupted and has told what it
// has so far. run is its directory, "" for none.
func interruptedRun(run string) error {
	if run == "" {
		return &codedError{exitInterrupted, errors.New("interrupted; with --run DIR the same command would go on")}
	}
	return &codedError{exitInterrupted, fmt.Errorf("interrupted; %s has all answers so far, and the same command goes on", clean(run))}
}
