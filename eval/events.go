package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/runs"
)

// event is a line of events.jsonl.
type event struct {
	Outcome *Outcome `json:"outcome,omitempty"` // nil if only something was paid
	Paid    llm.Bill `json:"paid,omitzero"`     // for it; an answer of the cache takes nothing
}

// maxEvent bounds a line in bytes: an answer has at most some MB.
const maxEvent = 64 << 20

// openEvents opens the log of a run and returns what it holds.
func openEvents(path string) (*runs.Log, []event, error) {
	var events []event
	log, err := runs.Open(path, maxEvent, func(line []byte) error {
		e, err := parseEvent(line)
		events = append(events, e)
		return err
	})
	return log, events, err
}

func parseEvent(line []byte) (event, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, err
	}
	if o := e.Outcome; o == nil && e.Paid == (llm.Bill{}) || o != nil && (o.Task == "" || o.Probe == "") {
		return e, errors.New("no outcome of a probe; accepted: an object with one")
	}
	return e, nil
}

// writeOnce writes a file named by its content's hash, unless it is there.
func writeOnce(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return runs.WriteFile(path, data)
}
