package search

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
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Files of a run directory.
const (
	runFile     = "run.json"     // what the run is a function of, besides the answers
	eventsFile  = "events.jsonl" // the answers
	archiveFile = "archive.json" // the Result so far
)

// maxEvent is the longest line of a journal in bytes: a proposal with hundreds
// of patches. Longer ones are not written and not read.
const maxEvent = 4 << 20

// event is one line of the journal: exactly one of the pointers is set.
type event struct {
	Size     *sizeEvent     `json:"size,omitempty"`
	Probe    *probeEvent    `json:"probe,omitempty"`
	Proposal *proposalEvent `json:"proposal,omitempty"`
	Clock    *clockEvent    `json:"clock,omitempty"`
}

type sizeEvent struct {
	Config string `json:"config"`
	Size   Size   `json:"size"`
	Error  string `json:"error,omitempty"`
}

type probeEvent struct {
	Config  string  `json:"config"`
	Probe   int     `json:"probe"`
	Outcome Outcome `json:"outcome"`
	Error   string  `json:"error,omitempty"`
}

type proposalEvent struct {
	Generation int      `json:"generation"`
	Proposal   Proposal `json:"proposal"`
	Error      string   `json:"error,omitempty"`
}

// clockEvent is the time the run had taken at a check of its budget.
type clockEvent struct {
	Check   int     `json:"check"`
	Seconds float64 `json:"seconds"`
}

type probeKey struct {
	config string
	probe  int
}

// journal holds the answers of a run, in memory and, with a directory, on
// disk. Its methods are safe for concurrent use.
type journal struct {
	mu        sync.Mutex
	file      *os.File // nil without a directory
	err       error    // first failed write: nothing is written after it
	sizes     map[string]sizeEvent
	probes    map[probeKey]probeEvent
	proposals map[int]proposalEvent
	clocks    map[int]float64
}

// openJournal opens or begins the run in dir, "" for one that is not kept. A
// directory that holds another run is refused with what differs.
func openJournal(dir string, identity map[string]any) (*journal, error) {
	j := &journal{
		sizes: map[string]sizeEvent{}, probes: map[probeKey]probeEvent{},
		proposals: map[int]proposalEvent{}, clocks: map[int]float64{},
	}
	if dir == "" {
		return j, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("opening run: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, eventsFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, fmt.Errorf("opening run: %w", err)
	}
	j.file = file
	if err := lock(file); err != nil {
		return nil, errors.Join(fmt.Errorf("opening run %q: another process is at work on it: %w", dir, err), file.Close())
	}
	if err := checkIdentity(filepath.Join(dir, runFile), identity); err != nil {
		return nil, errors.Join(fmt.Errorf("opening run %q: %w", dir, err), file.Close())
	}
	end, err := j.load(file)
	if err == nil {
		err = file.Truncate(end)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening run %q: %s: %w", dir, eventsFile, err), file.Close())
	}
	return j, nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// checkIdentity writes identity when there is none yet, and otherwise refuses
// another one.
func checkIdentity(path string, identity map[string]any) error {
	data, err := json.MarshalIndent(identity, "", "  ")
	if err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return writeFile(path, append(data, '\n'))
	} else if err != nil {
		return err
	}
	var was, is map[string]any
	if err := json.Unmarshal(old, &was); err != nil {
		return fmt.Errorf("%s: %w", runFile, err)
	}
	if err := json.Unmarshal(data, &is); err != nil {
		return err
	}
	var diffs []string
	keys := map[string]bool{}
	for _, m := range []map[string]any{was, is} {
		for key := range m {
			keys[key] = true
		}
	}
	for key := range keys {
		if !reflect.DeepEqual(was[key], is[key]) {
			a, _ := json.Marshal(was[key])
			b, _ := json.Marshal(is[key])
			diffs = append(diffs, fmt.Sprintf("%s was %s and is now %s", key, clip(string(a)), clip(string(b))))
		}
	}
	if diffs == nil {
		return nil
	}
	slices.Sort(diffs)
	return fmt.Errorf("it is another run: %s: want the same options or a new directory", strings.Join(diffs, "; "))
}

// writeFile replaces a file as a whole or not at all.
func writeFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// load reads the events and returns where the last whole one ends. What
// follows it was being written when the process died. If the last probes failed
// they are forgotten, so that a run stopped by a dead reader goes on when the
// reader is back; and so are the failures of a batch before, since answers that
// were under way may have come after the first failure.
func (j *journal) load(r io.Reader) (end int64, err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	var failed []probeAt
	probes, success := 0, 0 // read so far; up to the last that did not fail
	for n := 1; ; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return 0, fmt.Errorf("line %d: %w", n, err)
		}
		var e event
		if err := decodeEvent(line, &e); err != nil {
			if _, peek := in.Peek(1); errors.Is(peek, io.EOF) {
				break
			}
			return 0, fmt.Errorf("line %d: %w", n, err)
		}
		end += int64(len(line))
		j.learn(e)
		if p := e.Probe; p != nil {
			if probes++; p.Error == "" {
				success = probes
			} else {
				failed = append(failed, probeAt{probeKey{p.Config, p.Probe}, probes})
			}
		}
	}
	for _, f := range failed {
		if success < probes && f.at > success-batchSize {
			delete(j.probes, f.key)
		}
	}
	return end, nil
}

type probeAt struct {
	key probeKey
	at  int
}

// readLine returns the next line with its newline, or io.EOF when what is left
// has none.
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
			return nil, fmt.Errorf("longer than %d bytes", maxEvent)
		}
	}
}

func decodeEvent(line []byte, e *event) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(e); err != nil {
		return err
	}
	if p := e.Probe; p != nil && p.Error == "" {
		return p.Outcome.check()
	}
	if s := e.Size; s != nil && s.Error == "" {
		return s.Size.check()
	}
	if p := e.Proposal; p != nil {
		return p.Proposal.Cost.check()
	}
	return nil
}

// learn takes an event into memory. The first answer to a question stays.
func (j *journal) learn(e event) {
	if s := e.Size; s != nil {
		learn(j.sizes, s.Config, *s)
	}
	if p := e.Probe; p != nil {
		learn(j.probes, probeKey{p.Config, p.Probe}, *p)
	}
	if p := e.Proposal; p != nil {
		learn(j.proposals, p.Generation, *p)
	}
	if c := e.Clock; c != nil {
		learn(j.clocks, c.Check, c.Seconds)
	}
}

func learn[K comparable, V any](m map[K]V, key K, v V) {
	if _, ok := m[key]; !ok {
		m[key] = v
	}
}

// record keeps an event: when it returns, the event outlives the process.
func (j *journal) record(e event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if j.file != nil {
		line, err := json.Marshal(e)
		if err == nil && len(line) >= maxEvent {
			err = fmt.Errorf("an event of %d bytes: want under %d", len(line), maxEvent)
		}
		if err == nil {
			_, err = j.file.Write(append(line, '\n'))
		}
		if err == nil {
			err = j.file.Sync()
		}
		if err != nil {
			j.err = fmt.Errorf("recording: %w", err)
			return j.err
		}
	}
	j.learn(e)
	return nil
}

// failed returns the first failed write, nil if none did.
func (j *journal) failed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

func (j *journal) size(config string) (sizeEvent, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.sizes[config]
	return e, ok
}

func (j *journal) probe(config string, i int) (probeEvent, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.probes[probeKey{config, i}]
	return e, ok
}
