package search

import (
	"context"

	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// Proposer suggests new candidates from the history, as a language model does.
//
// Propose returns when ctx ends. An error or a proposal without use is
// recorded and costs the search nothing but its price: places that it does not
// fill go to the other operators. Propose is never called by two goroutines at
// once, and not at all for what the run directory already holds.
type Proposer interface {
	Name() string // with the version of model and prompt: part of what a run is
	Propose(ctx context.Context, h History) (Proposal, error)
}

// Proposal is the answer of a Proposer.
type Proposal struct {
	Patches  []genome.Patch `json:"patches"`            // best first; those beyond History.Want are left
	Insights []string       `json:"insights,omitempty"` // deltas for the playbook, in its own format
	Cost     probe.Cost     `json:"cost"`

	Malformed []refused `json:"malformed,omitempty"` // parts of an answer that are no patches
	Failures  []string  `json:"failures,omitempty"`  // what failed beside the patches
}

// History is what a Proposer is told.
type History struct {
	Generation  int
	Want        int // patches asked for
	Reader      string
	Genes       []genome.Gene // what may be changed
	Reference   Point         // hypervolume counts above it
	Hypervolume float64
	Front       []Candidate // in order of falling accuracy
	Parents     []Candidate // the population, best first; the front is among them
	Dropped     []Candidate // those that lost a race last generation
	Errors      []confusion // most frequent misreadings, at most maxConfusions
	Playbook    []string    // lines, nil without a playbook
	Refused     []refused   // last proposal's patches that were not read
}

// confusion is a kind of misreading with how often it was seen.
type confusion struct {
	Kind     string          `json:"kind"`
	Count    int             `json:"count"`
	Examples []probe.Misread `json:"examples"`
}

// refused is a patch that was not tried, and why.
type refused struct {
	Patch  genome.Patch `json:"patch"`
	Reason string       `json:"reason"`
}

// Playbook is the memory of what helped. The search calls it from one
// goroutine, always in the same order, also when a run is resumed; so it is
// handed to [Run] in the state that it had when the run began.
type Playbook interface {
	// Lines returns the lines for the proposer, with their IDs.
	Lines() []string

	// Credit reports what a patch that rested on the lines with these IDs made
	// of its parent. IDs that the playbook does not know are its to ignore.
	Credit(ids []string, d diff)

	// Learn adds insights of a [Proposal].
	Learn(insights []string) error
}

// diff is a child measured against its parent.
type diff struct {
	Accuracy    Interval // of the difference, over the probes that both were asked
	Compression float64  // child's characters per token over the parent's
}

// maxConfusions and maxExamples bound what a proposer is told of errors.
const (
	maxConfusions = 12
	maxExamples   = 3
)
