package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// Options say how to search. The zero value of a field takes the default that
// its comment names.
type Options struct {
	Seed        int64
	Population  int   // 24; at least 4
	Generations int   // at most so many; 200, as Glyph ran
	Patience    int   // stop after so many generations without 0.1 % more hypervolume; 20
	Rungs       []int // probes a candidate is asked in all, by rung; 8, 24, 72
	Budget      Budget

	Limits     []string // "font-size=9", "dpi=72..120", "font-path=lato|fixed-5x8"
	Patch      int      // px of the model's image patch; 0 for none
	PixelFloor float64  // least px of an em; 4, where every reader measured loses half of the letters
	Reference  Point    // hypervolume counts above it; {1, 0.5}

	Founders []configs.Config // of the first generation, behind the presets and before samples

	Finalists int        // configs of the front that the held-out probes are read for; 8
	Baselines []Baseline // read on the held-out probes beside them

	Proposer        Proposer      // nil for none
	ProposerTimeout time.Duration // of one proposal; 2 minutes
	Playbook        Playbook      // nil for none

	Workers  int            // compressions and probes under way at once; 1. Never changes a result
	Progress func(Progress) // called from one goroutine after every rung; nil for none
}

// Budget is what a search may spend. What the held-out probes will cost is set
// aside at the cost per probe so far. No call of an endpoint is begun that could
// exceed the budget, whether it reads or proposes: before it the most that it can
// cost is reserved, and afterwards its bill is kept. When that ends the held-out
// probes the result says how many were not read. Calls of an engine that reads
// without an endpoint may exceed it by the probes of one batch.
//
// Minutes are of the clock: they make a run depend on how fast readers are.
// The clock is recorded, so such a run still resumes where it was.
type Budget = runs.Budget

// Baseline is a config that finalists are compared with.
type Baseline struct {
	Name   string         `json:"name"`
	Config configs.Config `json:"config"`
}

// Progress is the state of a search under way. Done counts probes, and Left is
// until the budget ends, at this rate.
type Progress struct {
	runs.Progress

	Generation  int // from 1
	Rung        int // probes each candidate has been asked
	Racing      int // candidates still in the race
	Front       []Candidate
	Hypervolume float64
	Spent       probe.Cost
	Used        float64 // part of the budget that is used, 0..1; 0 without a budget
}

func (o Options) withDefaults() (Options, error) {
	o.Population = cmp.Or(o.Population, 24)
	o.Generations = cmp.Or(o.Generations, 200)
	o.Patience = cmp.Or(o.Patience, 20)
	if len(o.Rungs) == 0 {
		o.Rungs = []int{8, 24, 72}
	}
	o.PixelFloor = cmp.Or(o.PixelFloor, 4)
	o.Reference = cmp.Or(o.Reference, Point{1, 0.5})
	o.Finalists = cmp.Or(o.Finalists, 8)
	o.ProposerTimeout = cmp.Or(o.ProposerTimeout, 2*time.Minute)
	o.Workers = cmp.Or(o.Workers, 1)

	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(o.Population >= 4 && o.Population <= 10_000, "population %d: want 4 to 10000", o.Population)
	check(o.Generations > 0, "generations %d: want at least 1", o.Generations)
	check(o.Patience > 0, "patience %d: want at least 1", o.Patience)
	check(o.Rungs[0] > 0 && slices.IsSorted(o.Rungs), "rungs %v: want rising numbers of probes", o.Rungs)
	check(o.PixelFloor > 0, "pixel floor %v: want more than 0 px", o.PixelFloor)
	check(o.Reference.CharsPerToken >= 0 && o.Reference.Accuracy >= 0 && o.Reference.Accuracy < 1,
		"reference %+v: want at least 0 characters per token and an accuracy from 0 to below 1", o.Reference)
	check(o.Finalists > 0, "finalists %d: want at least 1", o.Finalists)
	check(o.Workers > 0 && o.Workers <= 4096, "workers %d: want 1 to 4096", o.Workers)
	check(o.ProposerTimeout > 0, "proposer timeout %v: want more than 0", o.ProposerTimeout)
	b := o.Budget
	check(b.Calls >= 0 && b.Tokens >= 0 && b.Minutes >= 0 && b.Money >= 0, "budget %+v: want numbers from 0", b)
	for i, c := range o.Founders {
		if err := c.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("founder %d: %w", i+1, err))
		}
	}
	for _, base := range o.Baselines {
		if err := base.Config.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("baseline %q: %w", base.Name, err))
		}
	}
	return o, errors.Join(errs...)
}

// identity is what a run is a function of besides the answers. Workers and
// Progress are not in it.
func (o Options) identity(p Problem) map[string]any {
	probes := sha256.New()
	for _, info := range p.Probes() {
		fmt.Fprintf(probes, "%q %t %q\n", info.Stratum, info.HeldOut, info.Document)
	}
	proposer, playbook := "", ""
	if o.Proposer != nil {
		proposer = o.Proposer.Name()
	}
	if o.Playbook != nil {
		lines := sha256.New()
		for _, line := range o.Playbook.Lines() {
			fmt.Fprintf(lines, "%q\n", line)
		}
		playbook = hex.EncodeToString(lines.Sum(nil))
	}
	var baselines []string
	for _, b := range o.Baselines {
		baselines = append(baselines, b.Name+" "+b.Config.Hash())
	}
	founders := sha256.New()
	for _, c := range o.Founders {
		fmt.Fprintln(founders, c.Hash())
	}
	problem := ""
	if f, ok := p.(interface{ Fingerprint() string }); ok {
		problem = f.Fingerprint()
	}
	found := any(nil)
	if r, ok := p.(interface{ Secrets() secrets.Report }); ok {
		found = r.Secrets()
	}
	return map[string]any{
		"problem": problem, "secrets": found, "founders": hex.EncodeToString(founders.Sum(nil)),
		"reader": p.Reader(), "probes": len(p.Probes()), "probe-kinds": hex.EncodeToString(probes.Sum(nil)),
		"seed": o.Seed, "population": o.Population, "generations": o.Generations, "patience": o.Patience,
		"rungs": o.Rungs, "budget": o.Budget, "limits": o.Limits, "patch": o.Patch, "pixel-floor": o.PixelFloor,
		"reference": o.Reference, "finalists": o.Finalists, "baselines": baselines,
		"proposer": proposer, "playbook": playbook,
	}
}
