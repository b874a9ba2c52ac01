package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"path/filepath"
	"slices"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/stats"
)

// Run searches for configs and keeps the run in dir, which it makes; with dir
// "" nothing is kept. If dir holds a run with the same options and problem it
// goes on where that was; the Playbook must then be in the state in which the
// run began. Another run's dir is refused with what differs.
//
// The search ends when the budget is used, when the hypervolume has not grown
// for some generations, after the last generation, or with ctx. Then, unless
// ctx ended, the held-out probes are read for the finalists. When ctx ends the
// result so far comes with ctx's error.
//
// It is an error when a problem has no probes, nothing can be drawn, or the
// reader fails again and again. What can go on without is in Result.Degraded.
func Run(ctx context.Context, dir string, p Problem, o Options) (*Result, error) {
	return run(ctx, dir, p, o, ownOperators)
}

var ownOperators = []string{opMutate, opCrossover, opPack, opSample}

// run is Run with the search's own operators given.
func run(ctx context.Context, dir string, p Problem, o Options, operators []string) (*Result, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("searching: %w", err)
	}
	s, err := newSearch(p, o, operators)
	if err != nil {
		return nil, fmt.Errorf("searching: %w", err)
	}
	if s.journal, err = openJournal(dir, o.identity(p)); err != nil {
		return nil, fmt.Errorf("searching: %w", err)
	}
	s.clockBase = s.journal.lastClock()
	s.ctx, s.dir, s.started = llm.WithLedger(ctx, s.ledger()), dir, time.Now()
	result, err := s.run()
	if err != nil {
		err = fmt.Errorf("searching: %w", err)
	}
	return result, errors.Join(err, s.journal.run.Close())
}

// search is one run. Only the functions given to parallel run beside its
// goroutine.
type search struct {
	ctx     context.Context // of the run; the evolution engine hands none on
	dir     string
	problem Problem
	Options
	space   *genome.Space
	journal *journal

	order     []int           // search probes, as they are asked
	documents *stats.Clusters // of order
	heldOut   []int
	rungs     []int

	generation int
	known      map[string]bool
	pages      map[string]string // page hash to the ID that had it first
	read       []*entry          // in order
	kept       []*entry          // of those, through all rungs
	byID       map[string]*entry
	bandit     bandit
	refused    map[string]int
	broken     string // what kept the last config from being drawn
	confusions map[string]*confusion
	degraded   []string
	history    []generation
	lastPatch  []refused

	proposerFails, proposerWait int

	spent, heldOutCost probe.Cost
	asked              int  // probes answered or failed
	unscored, failing  int  // in all; in a row
	finishing          bool // held-out probes are being read
	unread             int  // of those, for the budget
	best               float64
	bestGeneration     int

	checks    int // of the clock
	elapsed   float64
	clockBase float64
	started   time.Time
}

func newSearch(p Problem, o Options, operators []string) (*search, error) {
	space, err := genome.NewSpace(o.Limits, o.Patch)
	if err != nil {
		return nil, err
	}
	s := &search{
		problem: p, Options: o, space: space,
		known: map[string]bool{}, pages: map[string]string{}, byID: map[string]*entry{},
		refused: map[string]int{}, confusions: map[string]*confusion{},
	}
	if s.Progress == nil {
		s.Progress = func(Progress) {}
	}
	s.order, s.heldOut = probeOrder(p.Probes(), o.Seed)
	s.documents = clustersOf(p.Probes(), s.order)
	if len(s.order) == 0 {
		return nil, fmt.Errorf("problem has no probes to search with (%d held out): want at least one", len(s.heldOut))
	}
	for _, r := range o.Rungs {
		s.rungs = append(s.rungs, min(r, len(s.order)))
	}
	s.rungs = slices.Compact(s.rungs)
	if most := s.rungs[len(s.rungs)-1]; most < o.Rungs[len(o.Rungs)-1] {
		s.degrade("rungs end at %d probes, not %d: there are no more", most, o.Rungs[len(o.Rungs)-1])
	}
	for _, name := range operators {
		s.bandit.arms = append(s.bandit.arms, &Operator{Name: name})
	}
	if o.Proposer != nil {
		s.bandit.arms = append(s.bandit.arms, &Operator{Name: opPropose})
	}
	if least := s.reserved() + s.rungs[0]; o.Budget.Calls > 0 && o.Budget.Calls < least {
		return nil, fmt.Errorf("budget of %d calls: want at least %d, %d of them for the held-out probes of %d finalists", o.Budget.Calls, least, s.reserved(), s.Finalists+len(s.Baselines))
	}
	return s, nil
}

// probeOrder shuffles the probes of every stratum and interleaves the strata
// in proportion, so that the first n probes are as mixed as all of them.
func probeOrder(infos []probe.Info, seed int64) (order, heldOut []int) {
	rng := rand.New(rand.NewSource(seed))
	strata := map[string][]int{}
	var names []string
	for i, info := range infos {
		if info.HeldOut {
			heldOut = append(heldOut, i)
			continue
		}
		if strata[info.Stratum] == nil {
			names = append(names, info.Stratum)
		}
		strata[info.Stratum] = append(strata[info.Stratum], i)
	}
	type place struct {
		probe int
		at    float64
	}
	var places []place
	for _, name := range names {
		probes := strata[name]
		rng.Shuffle(len(probes), func(i, j int) { probes[i], probes[j] = probes[j], probes[i] })
		for k, probe := range probes {
			places = append(places, place{probe, (float64(k) + 0.5) / float64(len(probes))})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.at, b.at) })
	for _, p := range places {
		order = append(order, p.probe)
	}
	return order, heldOut
}

func (s *search) run() (*Result, error) {
	stop, err := s.evolve()
	if err != nil {
		return nil, err
	}
	front, rung := s.front()
	if len(front) == 0 && stop != stopCancelled {
		return nil, fmt.Errorf("stopped by %s before any candidate was read: refused %v, %d probes unscored", stop, s.refused, s.unscored)
	}
	var final []Finalist
	if stop != stopCancelled {
		if final, err = s.final(front); err != nil && s.ctx.Err() == nil {
			return nil, err
		} else if err != nil {
			stop = stopCancelled
		}
	}
	result := s.result(stop, front, rung, final)
	if s.dir != "" {
		if err := s.save(result); err != nil {
			return nil, err
		}
	}
	if stop == stopCancelled {
		return result, s.ctx.Err()
	}
	return result, nil
}

// front returns the front of what was read to the last rung, or, as long as
// there is none, to the highest rung that any was.
func (s *search) front() ([]*entry, int) {
	if len(s.kept) > 0 {
		return frontOf(s.kept), s.rungs[len(s.rungs)-1]
	}
	most := 0
	for _, e := range s.read {
		if e.accuracy().N > 0 {
			most = max(most, len(e.scores))
		}
	}
	var same []*entry
	for _, e := range s.read {
		if len(e.scores) == most && e.accuracy().N > 0 {
			same = append(same, e)
		}
	}
	return frontOf(same), most
}

func (s *search) hypervolume() float64 {
	return Hypervolume(points(s.kept), s.Reference)
}

func (s *search) result(stop string, front []*entry, rung int, final []Finalist) *Result {
	r := &Result{
		Stop: stop, Reader: s.problem.Reader(), Generations: s.generation,
		Front: s.candidates(front), Rung: rung, Hypervolume: Hypervolume(points(front), s.Reference), Reference: s.Reference,
		Picks: map[string]string{}, Finalists: final, Unresolved: unresolved(front),
		Candidates: s.candidates(s.read), Refused: s.refused, Unscored: s.unscored,
		Errors: s.commonErrors(math.MaxInt), Degraded: s.degraded, History: s.history,
		Spent: s.spent, HeldOut: s.heldOutCost, Billed: s.journal.bill(),
	}
	if len(front) > 0 {
		for name, e := range picks(front) {
			r.Picks[name] = e.id()
		}
	}
	for _, e := range s.read {
		if e.dropped == "" && len(e.scores) < s.rungs[len(s.rungs)-1] {
			r.Unfinished++
		}
	}
	for _, a := range s.bandit.arms {
		r.Operators = append(r.Operators, *a)
	}
	return r
}

func (s *search) save(r *Result) error {
	data, err := r.JSON()
	if err == nil {
		err = runs.WriteFile(filepath.Join(s.dir, archiveFile), data)
	}
	if err != nil {
		return fmt.Errorf("saving archive: %w", err)
	}
	return nil
}

// maxDegraded bounds the list of what failed: a proposer may fail every
// generation.
const maxDegraded = 100

func (s *search) degrade(format string, args ...any) {
	if len(s.degraded) < maxDegraded {
		s.degraded = append(s.degraded, fmt.Sprintf(format, args...))
	} else if len(s.degraded) == maxDegraded {
		s.degraded = append(s.degraded, "and more")
	}
}

// commonErrors returns at most n kinds of misreading, most frequent first.
func (s *search) commonErrors(n int) []confusion {
	list := make([]confusion, 0, len(s.confusions))
	for _, c := range s.confusions {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b confusion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind))
	})
	return list[:min(n, len(list))]
}
