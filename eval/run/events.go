package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// event is a line of events.jsonl.
type event struct {
	Outcome *Outcome `json:"outcome,omitempty"` // nil if only something was paid
	Paid    paid     `json:"paid,omitzero"`
}

// paid is what an outcome took from the budget, attempts without an answer
// included; an answer of the cache takes nothing.
type paid struct {
	Tokens int64   `json:"tokens,omitempty"`
	Money  float64 `json:"money,omitempty"`
	Maybe  int     `json:"maybe,omitempty"` // attempts that may have been billed on top
}

func (p *paid) add(o paid) {
	p.Tokens += o.Tokens
	p.Money += o.Money
	p.Maybe += o.Maybe
}

// eventLog appends events. It is safe for concurrent use.
type eventLog struct {
	mu sync.Mutex
	f  *os.File
}

// maxEvent bounds a line: an answer has at most some MB.
const maxEvent = 64 << 20

// openEvents reads a log and opens it for more. A last line without its end,
// as a kill leaves it, is cut off; any other line that is no event is an error.
func openEvents(path string) (*eventLog, []event, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, nil, err
	}
	events, size, err := readEvents(f)
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading %q: %w", path, errors.Join(err, f.Close()))
	}
	return &eventLog{f: f}, events, nil
}

// readEvents returns the events and the bytes that they take.
func readEvents(r io.Reader) (events []event, size int64, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	for line := 1; ; line++ {
		data, err := readLine(in)
		if err == io.EOF {
			return events, size, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", line, err)
		}
		var e event
		if err := json.Unmarshal(data, &e); err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", line, err)
		}
		if o := e.Outcome; o == nil && e.Paid == (paid{}) || o != nil && (o.Task == "" || o.Probe == "") {
			return nil, 0, fmt.Errorf("line %d: no outcome of a probe; accepted: an object with one", line)
		}
		events = append(events, e)
		size += int64(len(data))
	}
}

// readLine returns a line with its end; io.EOF if there is no complete one.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(line) > maxEvent {
			return nil, fmt.Errorf("over %d bytes", maxEvent)
		}
	}
}

// append writes an event; when it returns, a kill does not lose it.
func (l *eventLog) append(e event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.f.Write(append(data, '\n')); err != nil {
		return err
	}
	return l.f.Sync()
}

func (l *eventLog) close() error { return l.f.Close() }

// writeFile puts data in place of a file at once: a kill leaves the old one or
// the new one.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// writeOnce writes a file named by its content's hash, unless it is there.
func writeOnce(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return writeFile(path, data)
}
