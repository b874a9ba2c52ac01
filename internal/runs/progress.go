package runs

import (
	"sync"
	"time"
)

// Progress is how far a run has come.
type Progress struct {
	Done  int // items, those of earlier processes included
	Total int // 0 if it is not known

	// Score is the mean score of Scored items so far; Unscored counts those that
	// are done without one.
	Score    float64
	Scored   int
	Unscored int

	Tokens int64   // that were billed
	Money  float64 // for them

	Elapsed time.Duration // of this process
	Rate    float64       // items a second, of this process
	Left    time.Duration // at this rate; 0 if it cannot be told

	At string // what was worked on last: a task, a document
}

// Tracker counts items and tells of them, one at a time. It is safe for
// concurrent use.
type Tracker struct {
	report func(Progress)
	start  time.Time

	mu     sync.Mutex
	before int
	at     Progress
}

// Track begins to count. What at holds was done before. Report may be nil.
func Track(at Progress, report func(Progress)) *Tracker {
	return &Tracker{report: report, start: time.Now(), before: at.Done, at: at}
}

// Step counts an item as done. Change, which may be nil, says what else is new.
func (t *Tracker) Step(change func(*Progress)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at.Done++
	if change != nil {
		change(&t.at)
	}
	if t.report == nil {
		return
	}
	t.at.Elapsed = time.Since(t.start)
	if s := t.at.Elapsed.Seconds(); s > 0 {
		t.at.Rate = float64(t.at.Done-t.before) / s
	}
	t.at.Left = 0
	if rest := t.at.Total - t.at.Done; rest > 0 && t.at.Rate > 0 {
		t.at.Left = time.Duration(float64(rest) / t.at.Rate * float64(time.Second))
	}
	t.report(t.at)
}

// Add takes the score of a done item into the mean so far.
func (p *Progress) Add(score float64) {
	p.Score += (score - p.Score) / float64(p.Scored+1)
	p.Scored++
}
