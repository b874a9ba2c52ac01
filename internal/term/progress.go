package term

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// State is how far a task has come.
type State struct {
	Done, Total int64  // Total is 0 where it is not known
	Unit        string // of Done and Total, plural; "" shows a percentage only

	// Count and CountUnit are what the rate is of, where that is not Done: pages
	// of bytes. CountUnit is plural.
	Count     int64
	CountUnit string

	Cost string // so far, "" where there is none
	Name string // of what is worked on
	Note string // anything else
}

// Line is one line on a terminal that is drawn over and over:
//
//	[######------------------]  25 %  1,204 pages  310/s  0:12 left  book.txt
//
// A nil Line draws nothing. It is safe for concurrent use.
type Line struct {
	out io.Writer
	now func() time.Time

	mu    sync.Mutex
	start time.Time
	drawn time.Time // zero while the terminal shows no line
}

// NewLine returns a line on out, nil unless out is a terminal and wanted.
func NewLine(out io.Writer, wanted bool) *Line {
	if !wanted || !IsTerminal(out) {
		return nil
	}
	return newLine(out, time.Now)
}

func newLine(out io.Writer, now func() time.Time) *Line {
	return &Line{out: out, now: now, start: now()}
}

const (
	redrawAfter = 100 * time.Millisecond
	barCells    = 24
	nameCells   = 30
)

// Show draws the line unless it was drawn a moment ago.
func (l *Line) Show(s State) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if !l.drawn.IsZero() && now.Sub(l.drawn) < redrawAfter {
		return
	}
	l.drawn = now
	fmt.Fprintf(l.out, "\r\x1b[K%s", s.text(now.Sub(l.start)))
}

// Clear leaves the terminal as it was. The next Show begins a new task.
func (l *Line) Clear() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.drawn.IsZero() {
		fmt.Fprint(l.out, "\r\x1b[K")
	}
	l.start, l.drawn = l.now(), time.Time{}
}

func (s *State) text(elapsed time.Duration) string {
	var parts []string
	share := 0.0
	if s.Total > 0 {
		share = min(1, float64(s.Done)/float64(s.Total))
		full := int(share * barCells)
		parts = append(parts, fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("#", full), strings.Repeat("-", barCells-full), 100*share))
	}
	switch {
	case s.Unit != "" && s.Total > 0:
		parts = append(parts, fmt.Sprintf("%s of %s %s", Thousands(s.Done), Thousands(s.Total), s.Unit))
	case s.Unit != "":
		parts = append(parts, Thousands(s.Done)+" "+s.Unit)
	}
	count := s.Done
	if s.CountUnit != "" {
		count = s.Count
		parts = append(parts, Thousands(count)+" "+s.CountUnit)
	}
	if seconds := elapsed.Seconds(); seconds >= 1 && count > 0 && (s.Unit != "" || s.CountUnit != "") {
		parts = append(parts, rate(float64(count)/seconds))
	}
	if share > 0 && share < 1 && elapsed >= time.Second {
		parts = append(parts, clock(time.Duration(float64(elapsed)*(1-share)/share))+" left")
	}
	for _, more := range []string{s.Cost, s.Note, Shorten(s.Name, nameCells)} {
		if more != "" {
			parts = append(parts, more)
		}
	}
	return strings.Join(parts, "  ")
}

func rate(perSecond float64) string {
	switch {
	case perSecond >= 10:
		return Thousands(int64(perSecond)) + "/s"
	case perSecond >= 0.1:
		return fmt.Sprintf("%.1f/s", perSecond)
	}
	return fmt.Sprintf("%.1f/min", 60*perSecond)
}

func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
