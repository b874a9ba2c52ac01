package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// runKind names the kind of a run directory, with the version of its events.
const runKind = "glyph-search/2"

// archiveFile is the file of a run directory with the Result so far.
const archiveFile = "archive.json"

// maxEvent is the longest line of a journal in bytes: a proposal with hundreds
// of patches. Longer ones are not written and not read.
const maxEvent = 4 << 20

// event is one line of the journal: exactly one of the pointers is set.
type event struct {
	Size     *sizeEvent     `json:"size,omitempty"`
	Probe    *probeEvent    `json:"probe,omitempty"`
	Proposal *proposalEvent `json:"proposal,omitempty"`
	Clock    *clockEvent    `json:"clock,omitempty"`
	Lost     *llm.Bill      `json:"lost,omitempty"` // billed without an answer that is kept
}

// bill is what an endpoint billed for an event.
func (e event) bill() llm.Bill {
	switch {
	case e.Probe != nil:
		return e.Probe.Outcome.Paid
	case e.Proposal != nil:
		return e.Proposal.Proposal.Cost.Bill
	case e.Lost != nil:
		return *e.Lost
	}
	return llm.Bill{}
}

type sizeEvent struct {
	Config string     `json:"config"`
	Size   probe.Size `json:"size"`
	Error  string     `json:"error,omitempty"`
}

type probeEvent struct {
	Config  string        `json:"config"`
	Probe   int           `json:"probe"`
	Outcome probe.Outcome `json:"outcome"`
	Error   string        `json:"error,omitempty"`

	unasked bool // for the budget; such an event is not recorded
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
	run       *runs.Run
	mu        sync.Mutex // of what follows
	sizes     map[string]sizeEvent
	probes    map[probeKey]probeEvent
	proposals map[int]proposalEvent
	clocks    map[int]float64
	billed    llm.Bill // for all events
}

// openJournal opens or begins the run in dir, "" for one that is not kept. A
// directory that holds another run is refused with what differs.
func openJournal(dir string, identity map[string]any) (*journal, error) {
	j := &journal{
		sizes: map[string]sizeEvent{}, probes: map[probeKey]probeEvent{},
		proposals: map[int]proposalEvent{}, clocks: map[int]float64{},
	}
	again := &replay{j: j}
	run, err := runs.Open(dir, runs.Identity{Kind: runKind, Params: identity}, runs.Options{Limit: maxEvent, Learn: again.line})
	if err != nil {
		return nil, err
	}
	again.forget()
	j.run = run
	return j, nil
}

// replay takes the lines of a journal into memory again.
type replay struct {
	j               *journal
	probes, success int // read so far; up to the last that did not fail
	failed          []probeAt
}

type probeAt struct {
	key probeKey
	at  int
}

func (r *replay) line(line []byte) error {
	var e event
	if err := decodeEvent(line, &e); err != nil {
		return err
	}
	r.j.learn(e)
	if p := e.Probe; p != nil {
		if r.probes++; p.Error == "" {
			r.success = r.probes
		} else {
			r.failed = append(r.failed, probeAt{probeKey{p.Config, p.Probe}, r.probes})
		}
	}
	return nil
}

// forget takes back the last probes if they failed, so that a run stopped by a
// dead reader goes on when the reader is back; and so the failures of a batch
// before, since answers that were under way may have come after the first
// failure.
func (r *replay) forget() {
	for _, f := range r.failed {
		if r.success < r.probes && f.at > r.success-batchSize {
			delete(r.j.probes, f.key)
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
		return p.Outcome.Check()
	} else if p != nil {
		return errors.Join(p.Outcome.Cost.Check(), probe.CheckBill(p.Outcome.Paid))
	}
	if e.Lost != nil {
		return probe.CheckBill(*e.Lost)
	}
	if s := e.Size; s != nil && s.Error == "" {
		return s.Size.Check()
	}
	if p := e.Proposal; p != nil {
		return p.Proposal.Cost.Check()
	}
	return nil
}

// learn takes an event into memory. The first answer to a question stays.
func (j *journal) learn(e event) {
	j.billed = j.billed.Plus(e.bill())
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
	if err := j.run.Append(e); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.learn(e)
	return nil
}

// lose records what was billed for an answer that is not kept, if anything was.
func (j *journal) lose(b llm.Bill) error {
	if b == (llm.Bill{}) {
		return nil
	}
	return j.record(event{Lost: &b})
}

// bill is what was billed for the run so far.
func (j *journal) bill() llm.Bill {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.billed
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
