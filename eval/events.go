package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
)

// event is a line of events.jsonl.
type event struct {
	Outcome *Outcome `json:"outcome,omitempty"` // nil if only something was paid
	Paid    llm.Bill `json:"paid,omitzero"`     // for it; an answer of the cache takes nothing
	Calls   int      `json:"calls,omitempty"`   // of the reader or the model

	// Elapsed is the time that the run had taken, in seconds, that of earlier
	// processes included.
	Elapsed float64 `json:"elapsed,omitempty"`
}

// maxEvent bounds a line in bytes: an answer has at most some MB.
const maxEvent = 64 << 20

// maxElapsed is above the length of any run, in seconds: a century.
const maxElapsed = 3.2e9

// log is what the events of a run say.
type log struct {
	outcomes map[key]*Outcome // the last of each
	spent    llm.Bill
	calls    int
	elapsed  time.Duration
}

// learn takes an event over.
func (l *log) learn(line []byte) error {
	e, err := parseEvent(line)
	if err != nil {
		return err
	}
	l.spent = l.spent.Plus(e.Paid)
	l.calls += e.Calls
	l.elapsed = max(l.elapsed, time.Duration(e.Elapsed*float64(time.Second)))
	if e.Outcome != nil {
		if l.outcomes == nil {
			l.outcomes = map[key]*Outcome{}
		}
		l.outcomes[e.Outcome.key()] = e.Outcome
	}
	return nil
}

func parseEvent(line []byte) (event, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, err
	}
	if o := e.Outcome; o == nil && e.Paid == (llm.Bill{}) && e.Calls == 0 || o != nil && (o.Task == "" || o.Probe == "") {
		return e, errors.New("no outcome of a probe; accepted: an object with one")
	}
	if !(e.Elapsed >= 0 && e.Elapsed < maxElapsed) || e.Calls < 0 {
		return e, fmt.Errorf("%v seconds and %d calls; accepted: numbers from 0", e.Elapsed, e.Calls)
	}
	return e, nil
}
