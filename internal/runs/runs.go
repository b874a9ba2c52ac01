// Package runs is what all runs are made of that take long or cost money: those
// of eval, search, calibrate, examine and judge.
//
// A run is a directory. run.json says what the run is a function of, its
// [Identity]; events.jsonl is its journal, a line for each answer as it comes;
// result.json is what follows from both. A directory that was begun with
// another identity is refused, so two builds, readers or prices are never mixed.
// The journal outlives a kill at any moment, and the same run goes on from it.
// One process at a time writes to a directory; others may read it, see [Load].
//
// What the events say, and what follows from them, is up to each kind of run.
// The package also has what such runs share: a [Budget], a pool of workers
// ([Each]), [Progress], and parts of a run for several machines ([Shard],
// [Merge]).
package runs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/version"
)

// The files of a run.
const (
	IdentityFile = "run.json"
	JournalFile  = "events.jsonl"
	ResultFile   = "result.json"

	// ResponsesDir has the responses of endpoints, so that no call is paid twice.
	ResponsesDir = "responses"
)

// Options are the parts that a kind of run has of its own.
type Options struct {
	// Limit is the longest line of the journal in bytes.
	Limit int

	// Learn is told each event of the journal, in order. An error ends Open.
	Learn func(line []byte) error

	// Begin writes the files that a new run needs beside its identity; it may be
	// nil. It runs before run.json is written, so what has a run.json has them
	// all. After a kill it runs again.
	Begin func() error

	// Own are the names of the files and directories that Begin writes.
	Own []string
}

// Run is a run that this process works on. Its methods are safe for concurrent
// use.
type Run struct {
	dir  string
	tool string
	log  *Log // nil for a run that is not kept
}

// Open goes on with the run in a directory, or begins one there. The directory
// is made if it is not there. It is an error if the directory holds another run
// (a [*DifferentError]) or other files, or if another process works on the run;
// nothing in it is changed then. With dir "" the run is not kept.
func Open(dir string, id Identity, o Options) (*Run, error) {
	tool, err := version.Build()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return &Run{tool: tool}, nil
	}
	id.Tool = tool
	now, err := id.encode()
	if err != nil {
		return nil, err
	}
	if _, err := check(dir, now, o.Own); err != nil {
		return nil, fmt.Errorf("opening the run %q: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	learn := o.Learn
	if learn == nil {
		learn = func([]byte) error { return nil }
	}
	log, err := OpenLog(filepath.Join(dir, JournalFile), o.Limit, learn)
	if err != nil {
		return nil, err
	}
	r := &Run{dir, tool, log}
	if err := r.begin(now, o); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the run %q: %w", dir, err), log.Close())
	}
	return r, nil
}

// begin completes the directory. The process holds the journal by now.
func (r *Run) begin(now []byte, o Options) error {
	// Another process may have begun in the meantime.
	begun, err := check(r.dir, now, o.Own)
	if err != nil {
		return err
	}
	for _, name := range append([]string{"."}, o.Own...) {
		if err := sweep(filepath.Join(r.dir, name)); err != nil {
			return err
		}
	}
	if begun {
		return nil
	}
	if o.Begin != nil {
		if err := o.Begin(); err != nil {
			return err
		}
	}
	return WriteFile(filepath.Join(r.dir, IdentityFile), now)
}

// check reports whether a directory holds the run already. It is an error if it
// holds anything else, but for what an interrupted beginning leaves.
func check(dir string, now []byte, own []string) (begun bool, err error) {
	old, err := os.ReadFile(filepath.Join(dir, IdentityFile))
	switch {
	case err == nil:
		if err := compare(old, now); err != nil {
			return false, err
		}
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	for _, e := range entries {
		if name := e.Name(); name != JournalFile && !slices.Contains(own, name) && !strings.HasPrefix(name, unfinished) {
			return false, fmt.Errorf("it holds other files, such as %q; accepted: an empty or new directory, or one of the same run", name)
		}
	}
	return false, nil
}

// Kept reports whether the run has a directory.
func (r *Run) Kept() bool { return r.log != nil }

// Tool is the build that the run belongs to.
func (r *Run) Tool() string { return r.tool }

// Append keeps an event. When it returns nil, the event outlives the process.
func (r *Run) Append(event any) error {
	if r.log == nil {
		return nil
	}
	return r.log.Append(event)
}

// Failed returns the first error of Append, nil if there was none.
func (r *Run) Failed() error {
	if r.log == nil {
		return nil
	}
	return r.log.Failed()
}

// WriteFile puts a file into the directory at once, if the run has one.
func (r *Run) WriteFile(name string, data []byte) error {
	if r.log == nil {
		return nil
	}
	return WriteFile(filepath.Join(r.dir, name), data)
}

// Close lets go of the directory.
func (r *Run) Close() error {
	if r.log == nil {
		return nil
	}
	return r.log.Close()
}

// Load reads a run without holding it, whether it is finished, interrupted or
// under way in another process. Params is what the parameters of the identity
// are unmarshalled into, and learn is told each complete event of at most limit
// bytes. It is an error if the run is of another kind.
func Load(dir, kind string, params any, limit int, learn func(line []byte) error) (Identity, error) {
	id, err := load(dir, kind, params, limit, learn)
	if errors.Is(err, fs.ErrNotExist) {
		return id, fmt.Errorf("reading the run %q: %w; accepted: the directory of a run", dir, err)
	}
	if err != nil {
		return id, fmt.Errorf("reading the run %q: %w", dir, err)
	}
	return id, nil
}

func load(dir, kind string, params any, limit int, learn func(line []byte) error) (Identity, error) {
	data, err := os.ReadFile(filepath.Join(dir, IdentityFile))
	if err != nil {
		return Identity{}, err
	}
	// Kind first: parameters of another kind need not fit.
	var stored struct {
		Identity
		Params json.RawMessage `json:"params"`
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		return Identity{}, fmt.Errorf("%s: %w", IdentityFile, err)
	}
	if stored.Kind != kind {
		return Identity{}, fmt.Errorf("%s: kind %.40q; accepted: %q", IdentityFile, stored.Kind, kind)
	}
	if err := json.Unmarshal(stored.Params, params); err != nil {
		return Identity{}, fmt.Errorf("%s: %w", IdentityFile, err)
	}
	id := stored.Identity
	id.Params = params
	f, err := os.Open(filepath.Join(dir, JournalFile))
	if err != nil {
		return id, err
	}
	defer f.Close()
	if _, err := Read(f, limit, learn); err != nil {
		return id, fmt.Errorf("%s: %w", JournalFile, err)
	}
	return id, nil
}
