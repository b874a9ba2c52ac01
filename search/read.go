package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/runs"
)

// batchSize is how many probes are asked between two looks at the budget: what
// a budget may be overrun by when probes cost more than those before. It does
// not depend on the number of workers, or results would.
const batchSize = 32

// maxFailing is how many probes may fail in a row. A reader that fails so
// often is not there.
const maxFailing = 64

// maxConfusionKinds bounds the kinds of misreading that are counted apart.
const maxConfusionKinds = 10_000

var (
	errBudget = errors.New("budget used")
	errReader = errors.New("reader fails")
)

// task is a probe to be asked of an entry.
type task struct {
	e     *entry
	probe int
}

// measure returns the size of a config, from the journal if it is there.
func (s *search) measure(ctx context.Context, hash string, c configs.Config) (Size, error) {
	e, ok := s.journal.size(hash)
	if !ok {
		size, err := s.problem.Compression(ctx, c)
		if ctx.Err() != nil {
			return Size{}, ctx.Err() // err may be only that
		}
		if err == nil {
			err = size.check()
		}
		e = sizeEvent{Config: hash, Size: size}
		if err != nil {
			e = sizeEvent{Config: hash, Error: clip(err.Error())}
		}
		if err := s.journal.record(event{Size: &e}); err != nil {
			return Size{}, err
		}
	}
	if e.Error != "" {
		return Size{}, errors.New(e.Error)
	}
	return e.Size, nil
}

// answer has a probe answered, from the journal if it is there.
func (s *search) answer(t task) (probeEvent, error) {
	if e, ok := s.journal.probe(t.e.hash, t.probe); ok {
		return e, nil
	}
	out, err := s.problem.Probe(s.ctx, t.e.config, t.probe)
	if s.ctx.Err() != nil {
		return probeEvent{}, s.ctx.Err()
	}
	if err == nil {
		err = out.check()
	}
	e := probeEvent{Config: t.e.hash, Probe: t.probe, Outcome: out.trimmed()}
	if err != nil {
		e.Error = clip(err.Error())
		if e.Outcome = (Outcome{Cost: out.Cost}); out.Cost.check() != nil {
			e.Outcome = Outcome{}
		}
	}
	return e, s.journal.record(event{Probe: &e})
}

// ask has a batch of tasks answered, adds the scores to their entries in the
// order of tasks, and returns what each cost.
func (s *search) ask(tasks []task) ([]Cost, error) {
	answers := make([]probeEvent, len(tasks))
	if err := runs.Each(s.ctx, len(tasks), s.Workers, func(_ context.Context, i int) (err error) {
		answers[i], err = s.answer(tasks[i])
		return err
	}); err != nil {
		return nil, err
	}
	costs := make([]Cost, len(tasks))
	for i, a := range answers {
		e := tasks[i].e
		costs[i] = a.Outcome.Cost
		s.asked++
		if a.Error != "" {
			e.scores = append(e.scores, math.NaN())
			s.unscored++
			s.failing++
			if s.failing >= maxFailing || s.unscored == s.asked && s.asked >= s.rungs[0] {
				return nil, fmt.Errorf("%w: %s failed on %d probes in a row, last with: %s", errReader, s.problem.Reader(), s.failing, a.Error)
			}
			continue
		}
		s.failing = 0
		e.scores = append(e.scores, a.Outcome.Score)
		for _, m := range a.Outcome.Misread {
			s.countMisread(m)
		}
	}
	return costs, nil
}

func (s *search) countMisread(m Misread) {
	c := s.confusions[m.Kind]
	if c == nil {
		if len(s.confusions) >= maxConfusionKinds {
			m.Kind = "other"
			if c = s.confusions[m.Kind]; c != nil {
				c.Count++
				return
			}
		}
		c = &Confusion{Kind: m.Kind}
		s.confusions[m.Kind] = c
	}
	c.Count++
	if len(c.Examples) < maxExamples {
		c.Examples = append(c.Examples, m)
	}
}

// askRung asks probes from..to, in race order, of every entry.
func (s *search) askRung(entries []*entry, from, to int) error {
	var tasks []task
	for _, e := range entries {
		for _, probe := range s.order[from:to] {
			tasks = append(tasks, task{e, probe})
		}
	}
	for len(tasks) > 0 {
		n, err := s.affordable()
		if err != nil {
			return err
		}
		n = min(n, len(tasks))
		costs, err := s.ask(tasks[:n])
		if err != nil {
			return err
		}
		for i, c := range costs {
			s.charge(tasks[i].e.origin.operator, c)
		}
		tasks = tasks[n:]
	}
	return nil
}

func (s *search) charge(operator string, c Cost) {
	s.spent = s.spent.plus(c)
	if arm := s.bandit.arm(operator); arm != nil {
		arm.Cost = arm.Cost.plus(c)
		arm.paid += s.price(c)
	}
}

// price is a cost in the unit of the budget, in calls without one.
func (s *search) price(c Cost) float64 {
	switch {
	case s.Budget.Money > 0:
		return c.Money
	case s.Budget.Tokens > 0:
		return float64(c.Tokens)
	case s.Budget.Minutes > 0:
		return c.Seconds
	}
	return float64(c.Calls)
}

// reserved is the number of probes set aside for the end.
func (s *search) reserved() int { return (s.Finalists + len(s.Baselines)) * len(s.heldOut) }

// usage lists what each limit of the budget allows and what is spent of it.
func (s *search) usage() (limits, spent []float64) {
	add := func(limit, v float64) {
		if limit > 0 {
			limits, spent = append(limits, limit), append(spent, v)
		}
	}
	add(float64(s.Budget.Calls), float64(s.spent.Calls))
	add(float64(s.Budget.Tokens), float64(s.spent.Tokens))
	add(s.Budget.Money, s.spent.Money)
	add(s.Budget.Minutes*60, s.elapsed)
	return limits, spent
}

// affordable returns how many probes may be asked before the next look at the
// budget, at least 1, or errBudget.
func (s *search) affordable() (int, error) {
	if err := s.readClock(); err != nil {
		return 0, err
	}
	n := batchSize
	limits, spent := s.usage()
	for i, limit := range limits {
		if s.asked == 0 {
			if spent[i] >= limit {
				return 0, errBudget
			}
			n = min(n, s.rungs[0])
			continue
		}
		each := spent[i] / float64(s.asked)
		left := limit - spent[i] - each*float64(s.reserved())
		if left < each || left <= 0 {
			return 0, errBudget
		}
		if each > 0 {
			n = int(min(float64(n), left/each))
		}
	}
	return n, nil
}

// readClock sets elapsed, from the journal if it is there.
func (s *search) readClock() error {
	if s.Budget.Minutes == 0 {
		return nil
	}
	s.checks++
	seconds, ok := s.journal.clocks[s.checks]
	if !ok {
		seconds = s.clockBase + time.Since(s.started).Seconds()
		if err := s.journal.record(event{Clock: &clockEvent{s.checks, seconds}}); err != nil {
			return err
		}
	}
	s.elapsed = seconds
	return nil
}

func (j *journal) lastClock() float64 {
	last := 0.0
	for _, seconds := range j.clocks {
		last = max(last, seconds)
	}
	return last
}
