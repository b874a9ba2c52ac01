package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/clip"
	"github.com/glyphkit/glyph/internal/search/probe"
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
func (s *search) measure(ctx context.Context, hash string, c configs.Config) (probe.Size, error) {
	e, ok := s.journal.size(hash)
	if !ok {
		size, err := s.problem.Compression(ctx, c)
		if ctx.Err() != nil {
			return probe.Size{}, ctx.Err() // err may be only that
		}
		if err == nil {
			err = size.Check()
		}
		e = sizeEvent{Config: hash, Size: size}
		if err != nil {
			e = sizeEvent{Config: hash, Error: clip.Text(err.Error())}
		}
		if err := s.journal.record(event{Size: &e}); err != nil {
			return probe.Size{}, err
		}
	}
	if e.Error != "" {
		return probe.Size{}, errors.New(e.Error)
	}
	return e.Size, nil
}

// answer has a probe answered, from the journal if it is there.
func (s *search) answer(t task) (probeEvent, error) {
	if e, ok := s.journal.probe(t.e.hash, t.probe); ok {
		return e, nil
	}
	out, err := s.problem.Probe(s.ctx, t.e.config, t.probe)
	if bad := errors.Join(out.Cost.Check(), probe.CheckBill(out.Paid)); bad != nil {
		out.Cost, out.Paid, err = probe.Cost{}, llm.Bill{}, errors.Join(err, bad)
	}
	switch {
	case s.ctx.Err() != nil:
		return probeEvent{}, errors.Join(s.ctx.Err(), s.journal.lose(out.Paid))
	case errors.Is(err, llm.ErrBudget):
		return probeEvent{unasked: true}, errors.Join(errBudget, s.journal.lose(out.Paid))
	case err == nil:
		err = out.Check()
	}
	e := probeEvent{Config: t.e.hash, Probe: t.probe, Outcome: out.Trimmed()}
	if err != nil {
		e.Error = clip.Text(err.Error())
		e.Outcome = probe.Outcome{Cost: out.Cost, Paid: out.Paid}
	}
	return e, s.journal.record(event{Probe: &e})
}

// ask has a batch of tasks answered, adds the scores to their entries in the
// order of tasks, and returns what each cost. When the budget does not allow
// all of them it is errBudget and no score counts, but for held-out probes,
// of which those that were read do.
func (s *search) ask(tasks []task) ([]probe.Cost, error) {
	answers := make([]probeEvent, len(tasks))
	errs := make([]error, len(tasks))
	if err := runs.Each(s.ctx, len(tasks), s.Workers, func(_ context.Context, i int) error {
		answers[i], errs[i] = s.answer(tasks[i])
		return nil
	}); err != nil {
		return nil, err
	}
	if err := s.failed(errs); err != nil {
		return nil, err
	}
	costs := make([]probe.Cost, len(tasks))
	for i, a := range answers {
		e := tasks[i].e
		if a.unasked {
			e.scores = append(e.scores, math.NaN())
			s.unread++
			continue
		}
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

// failed is the error of a batch.
func (s *search) failed(errs []error) error {
	budget := false
	for _, err := range errs {
		if err != nil && !errors.Is(err, errBudget) {
			return err
		}
		budget = budget || err != nil
	}
	if budget && !s.finishing {
		return errBudget
	}
	return s.journal.run.Failed()
}

func (s *search) countMisread(m probe.Misread) {
	c := s.confusions[m.Kind]
	if c == nil {
		if len(s.confusions) >= maxConfusionKinds {
			m.Kind = "other"
			if c = s.confusions[m.Kind]; c != nil {
				c.Count++
				return
			}
		}
		c = &confusion{Kind: m.Kind}
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

func (s *search) charge(operator string, c probe.Cost) {
	s.spent = s.spent.Plus(c)
	if arm := s.bandit.arm(operator); arm != nil {
		arm.Cost = arm.Cost.Plus(c)
		arm.paid += s.price(c)
	}
}

// price is a cost in the unit of the budget, in calls without one.
func (s *search) price(c probe.Cost) float64 {
	switch {
	case s.Budget.Money > 0:
		_, money := c.AtMost()
		return money
	case s.Budget.Tokens > 0:
		tokens, _ := c.AtMost()
		return float64(tokens)
	case s.Budget.Minutes > 0:
		return c.Seconds
	}
	return float64(c.Attempts)
}

// reserved is the number of probes set aside for the end.
func (s *search) reserved() int { return (s.Finalists + len(s.Baselines)) * len(s.heldOut) }

// use is what is spent of a limit of the budget.
type use struct {
	limit, spent float64
	most         float64 // that one more call can take
}

// uses lists the limits that there are. What was spent is what the answers cost,
// so that a run that was interrupted goes on as it would have; what was billed
// beside is for the ledger to count.
func (s *search) uses() (list []use) {
	tokens, money := s.spent.AtMost()
	for _, u := range []use{
		{float64(s.Budget.Calls), float64(s.spent.Attempts), 0},
		{float64(s.Budget.Tokens), float64(tokens), float64(s.spent.MostTokens)},
		{s.Budget.Money, money, s.spent.MostMoney},
		{s.Budget.Minutes * 60, s.elapsed, 0},
	} {
		if u.limit > 0 {
			list = append(list, u)
		}
	}
	return list
}

// ledger refuses calls of endpoints that could exceed the budget.
func (s *search) ledger() *llm.Ledger {
	l := llm.NewLedger(llm.Budget{Calls: s.Budget.Calls, Tokens: int64(s.Budget.Tokens), Money: s.Budget.Money})
	l.Add(s.journal.bill())
	return l
}

// affordable returns how many probes may be asked before the next look at the
// budget, at least 1, or errBudget. Each is planned at the most that a call of it
// can cost, so that the held-out probes keep what is set aside for them.
func (s *search) affordable() (int, error) {
	if err := s.readClock(); err != nil {
		return 0, err
	}
	n := batchSize
	for _, u := range s.uses() {
		if s.asked == 0 {
			if u.spent >= u.limit {
				return 0, errBudget
			}
			n = min(n, s.rungs[0])
			continue
		}
		each, left := s.left(u)
		each = max(each, u.most)
		if left < each || left <= 0 {
			return 0, errBudget
		}
		if each > 0 {
			n = int(min(float64(n), left/each))
		}
	}
	return n, nil
}

// left is what a probe has cost so far, and what is left for the search when
// the held-out probes are set aside, and what one call may take beyond what is
// usual: without that room the last of them could not be read.
func (s *search) left(u use) (each, left float64) {
	each = u.spent / float64(max(s.asked, 1))
	return each, u.limit - u.spent - each*float64(s.reserved()) - u.most
}

// canPropose reports whether the budget has room for the calls of a proposal.
func (s *search) canPropose() bool {
	const calls = 2 // patches and a reflection
	for _, u := range s.uses() {
		if _, left := s.left(u); left < calls*u.most {
			return false
		}
	}
	return true
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
