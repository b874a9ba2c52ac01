package search

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/stats"
)

// Candidate is a config that was read.
type Candidate struct {
	ID         string         `json:"id"` // start of the config's hash
	Config     configs.Config `json:"config"`
	Size       probe.Size     `json:"size"`
	Accuracy   Interval       `json:"accuracy"` // on the search's probes, by document
	Asked      int            `json:"asked"`    // probes; those asked and not in Accuracy.N are unscored
	Generation int            `json:"generation"`
	Operator   string         `json:"operator"`
	Parent     string         `json:"parent,omitempty"`
	Lines      []string       `json:"lines,omitempty"`   // of the playbook
	Reason     string         `json:"reason,omitempty"`  // the proposer's
	Dropped    string         `json:"dropped,omitempty"` // why it left the race; "" if it did not
}

// Point returns the candidate's objectives.
func (c Candidate) Point() Point { return Point{c.Size.CharsPerToken, c.Accuracy.Mean} }

// Why a search stopped.
const (
	stopBudget      = "budget"
	stopConverged   = "converged"   // hypervolume has not grown for Patience generations
	StopGenerations = "generations" // all done
	stopCancelled   = "cancelled"   // to be resumed; no held-out probe was read
)

// Result is the outcome of a search, and archive.json.
type Result struct {
	Stop        string `json:"stop"`
	Reader      string `json:"reader"`
	Generations int    `json:"generations"`

	// Front has the candidates that no other beats in both objectives, in order
	// of falling accuracy, of those that were asked Rung probes. Rung is the
	// last rung, unless the budget ended before any candidate got there.
	Front       []Candidate `json:"front"`
	Rung        int         `json:"rung"`
	Hypervolume float64     `json:"hypervolume"`
	Reference   Point       `json:"reference"`

	// Picks names candidates of the front by ID. faithful is the densest that
	// is not told apart in accuracy from the most accurate, by paired interval;
	// balanced is the knee of the front; dense is the densest.
	Picks map[string]string `json:"picks"`

	// Finalists has the picks and what else of the front adds most hypervolume,
	// read anew on the held-out probes, and then the baselines.
	Finalists []Finalist `json:"finalists"`

	// Unresolved lists neighbours on the front whose paired interval of accuracy
	// includes 0: the search did not tell them apart.
	Unresolved []Comparison `json:"unresolved"`

	Candidates []Candidate    `json:"candidates"` // all that were read, in order of reading
	Refused    map[string]int `json:"refused"`    // before reading, by reason
	Unscored   int            `json:"unscored"`   // probes that the reader failed on
	Unfinished int            `json:"unfinished"` // candidates that were racing at the end
	Operators  []Operator     `json:"operators"`
	Errors     []confusion    `json:"errors"`   // all kinds of misreading, most frequent first
	Degraded   []string       `json:"degraded"` // what failed without ending the search
	History    []generation   `json:"history"`

	// Spent and HeldOut are what the answers cost that the search and the
	// finalists rest on. A reading that serves several probes is in it for each.
	Spent   probe.Cost `json:"spent"`
	HeldOut probe.Cost `json:"held_out"`

	// Billed is what endpoints billed for the run, over all resumptions: every
	// reading once, proposals, repetitions and failures included. Two runs with
	// the same answers differ in it if one was interrupted.
	Billed llm.Bill `json:"billed,omitzero"`
}

// generation is a line of the search's history.
type generation struct {
	Generation  int        `json:"generation"`
	Spent       probe.Cost `json:"spent"` // so far
	Hypervolume float64    `json:"hypervolume"`
	Front       int        `json:"front"`
	Read        int        `json:"read"` // candidates of this generation
	Dropped     int        `json:"dropped"`
}

// Comparison is one config measured against another.
type Comparison struct {
	ID          string   `json:"id"`
	Other       string   `json:"other"`       // an ID, or the name of a baseline
	Compression float64  `json:"compression"` // ID's characters per token over Other's
	Accuracy    Interval `json:"accuracy"`    // of the paired difference

	Strata map[string]Interval `json:"strata,omitempty"` // Accuracy by stratum, of finalists
}

// JSON returns the result as archive.json has it. Equal runs have equal bytes.
func (r *Result) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", " ")
	return append(data, '\n'), err
}

// entry is a candidate with what only the search needs.
type entry struct {
	hash    string
	config  configs.Config
	size    probe.Size
	origin  origin
	gen     int
	scores  []float64 // in race order; NaN is unscored
	dropped string
}

// origin is where a config comes from.
type origin struct {
	operator string
	parent   *entry
	lines    []string
	reason   string
}

func (e *entry) id() string { return shortID(e.hash) }

// shortID is long enough for the candidates of one run and short enough for a
// proposer to copy.
func shortID(hash string) string { return hash[:12] }

// accuracy is by probe; see byProbe.
func (e *entry) accuracy() Interval { return meanOf(e.scores) }

func (e *entry) point() Point { return Point{e.size.CharsPerToken, e.accuracy().Mean} }

// candidate is the entry as it is published, its accuracy by document.
func (e *entry) candidate(documents *stats.Clusters) Candidate {
	c := Candidate{
		ID: e.id(), Config: e.config, Size: e.size, Accuracy: intervalOf(documents.Score(e.scores), 0, 1), Asked: len(e.scores), Generation: e.gen,
		Operator: e.origin.operator, Lines: e.origin.lines, Reason: e.origin.reason, Dropped: e.dropped,
	}
	if e.origin.parent != nil {
		c.Parent = e.origin.parent.id()
	}
	return c
}

func (s *search) candidates(entries []*entry) []Candidate {
	out := make([]Candidate, len(entries))
	for i, e := range entries {
		out[i] = e.candidate(s.documents)
	}
	return out
}

func points(entries []*entry) []Point {
	out := make([]Point, len(entries))
	for i, e := range entries {
		out[i] = e.point()
	}
	return out
}

// frontOf returns those that no other dominates, in order of falling accuracy;
// of equals the one read first.
func frontOf(entries []*entry) []*entry {
	ps := points(entries)
	var front []*entry
	taken := map[Point]bool{}
	for i, rank := range paretoRanks(ps) {
		if rank == 0 && !taken[ps[i]] {
			taken[ps[i]] = true
			front = append(front, entries[i])
		}
	}
	slices.SortStableFunc(front, func(a, b *entry) int {
		return cmp.Compare(a.size.CharsPerToken, b.size.CharsPerToken)
	})
	return front
}

// picks names entries of a front, which is not empty.
func picks(front []*entry) map[string]*entry {
	faithful := front[0]
	for _, e := range front[1:] {
		if pairedDiff(front[0].scores, e.scores).Low <= 0 {
			faithful = e
		}
	}
	return map[string]*entry{
		"faithful": faithful,
		"balanced": front[knee(points(front))],
		"dense":    front[len(front)-1],
	}
}

// finalists returns the picks and then those of the front that add most
// hypervolume, at most n but for the picks, in the order of the front.
func finalists(front []*entry, n int, ref Point) []*entry {
	chosen := map[*entry]bool{}
	for _, e := range picks(front) {
		chosen[e] = true
	}
	type share struct {
		e    *entry
		adds float64
	}
	ps := points(front)
	whole := Hypervolume(ps, ref)
	var shares []share
	for i, e := range front {
		shares = append(shares, share{e, whole - Hypervolume(slices.Delete(slices.Clone(ps), i, i+1), ref)})
	}
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.adds, a.adds) })
	for _, s := range shares {
		if len(chosen) < n {
			chosen[s.e] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(front), func(e *entry) bool { return !chosen[e] })
}

// unresolved compares neighbours on a front.
func unresolved(front []*entry) []Comparison {
	list := []Comparison{}
	for i := 1; i < len(front); i++ {
		if c := compare(front[i].id(), front[i].size, front[i-1].id(), front[i-1].size, pairedDiff(front[i].scores, front[i-1].scores)); c.Accuracy.High >= 0 {
			list = append(list, c)
		}
	}
	return list
}

func compare(id string, size probe.Size, other string, otherSize probe.Size, accuracy Interval) Comparison {
	ratio := 0.0
	if otherSize.CharsPerToken > 0 {
		ratio = size.CharsPerToken / otherSize.CharsPerToken
	}
	return Comparison{ID: id, Other: other, Compression: ratio, Accuracy: accuracy}
}
