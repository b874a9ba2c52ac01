package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
)

// Finalist is a config measured on the held-out probes.
type Finalist struct {
	Name          string              `json:"name,omitempty"` // of a baseline
	ID            string              `json:"id"`
	Config        configs.Config      `json:"config"`
	CharsPerToken float64             `json:"chars_per_token"`
	Accuracy      Interval            `json:"accuracy"`
	Strata        map[string]Interval `json:"strata"` // Accuracy by stratum
	Unscored      int                 `json:"unscored"`
	Against       []Comparison        `json:"against,omitempty"` // each baseline
}

// final reads the held-out probes, which nothing else does.
func (s *search) final(front []*entry) ([]Finalist, error) {
	var list []Finalist
	for _, e := range finalists(front, s.Finalists, s.Reference) {
		list = append(list, Finalist{ID: e.id(), Config: e.config, CharsPerToken: e.size.CharsPerToken})
	}
	for _, b := range s.Baselines {
		hash := b.Config.Hash()
		size, err := s.measure(s.ctx, hash, b.Config)
		if err != nil && s.ctx.Err() != nil {
			return nil, err
		} else if err != nil {
			s.degrade("baseline %q cannot be drawn: %v", b.Name, err)
			continue
		}
		list = append(list, Finalist{Name: b.Name, ID: shortID(hash), Config: b.Config, CharsPerToken: size.CharsPerToken})
	}
	if err := s.readHeldOut(list); err != nil {
		return nil, err
	}
	return list, nil
}

// readHeldOut measures finalists from scratch: what the search read of them
// does not count.
func (s *search) readHeldOut(list []Finalist) error {
	s.finishing = true
	entries := make([]*entry, len(list))
	var tasks []task
	for i, f := range list {
		entries[i] = &entry{hash: f.Config.Hash(), config: f.Config, size: Size{CharsPerToken: f.CharsPerToken}}
		for _, probe := range s.heldOut {
			tasks = append(tasks, task{entries[i], probe})
		}
	}
	for len(tasks) > 0 {
		n := min(len(tasks), batchSize)
		cost, err := s.ask(tasks[:n])
		if err != nil {
			return err
		}
		for _, c := range cost {
			s.heldOutCost = s.heldOutCost.plus(c)
		}
		tasks = tasks[n:]
	}
	if s.unread > 0 {
		s.degrade("the budget ended before all finalists were measured: %d of %d held-out probes were not read", s.unread, len(list)*len(s.heldOut))
	}
	infos := s.problem.Probes()
	strata := make([]string, len(s.heldOut))
	for i, probe := range s.heldOut {
		strata[i] = infos[probe].Stratum
	}
	for i := range list {
		f, e := &list[i], entries[i]
		f.Accuracy = e.accuracy()
		f.Unscored = len(e.scores) - f.Accuracy.N
		f.Strata = byStratum(e.scores, strata)
		f.Against = nil
		for b := range list {
			if f.Name != "" || list[b].Name == "" {
				continue
			}
			c := compare(f.ID, e.size, e.scores, list[b].Name, entries[b].size, entries[b].scores)
			c.Strata = diffByStratum(e.scores, entries[b].scores, strata)
			f.Against = append(f.Against, c)
		}
	}
	return nil
}

func byStratum(scores []float64, strata []string) map[string]Interval {
	out := map[string]Interval{}
	for name, part := range split(scores, strata) {
		out[name] = meanOf(part, 0, 1)
	}
	return out
}

func diffByStratum(a, b []float64, strata []string) map[string]Interval {
	out := map[string]Interval{}
	other := split(b, strata)
	for name, part := range split(a, strata) {
		out[name] = pairedDiff(part, other[name])
	}
	return out
}

func split(scores []float64, strata []string) map[string][]float64 {
	out := map[string][]float64{}
	for i, v := range scores {
		out[strata[i]] = append(out[strata[i]], v)
	}
	return out
}

// ReadHeldOut has another problem's reader read the held-out probes for the
// finalists of a result: a reader that the search has not seen. The answers are
// kept in dir, which goes on where it was when it is given again; "" keeps
// nothing. It returns the finalists as that reader measures them, and what its
// endpoint billed, over all resumptions. An error of ctx leaves the rest for
// later.
func ReadHeldOut(ctx context.Context, dir string, p Problem, list []Finalist, workers int) (finalists []Finalist, billed llm.Bill, err error) {
	o, err := Options{Workers: workers}.withDefaults()
	if err != nil {
		return nil, llm.Bill{}, fmt.Errorf("reading held-out probes: %w", err)
	}
	s, err := newSearch(p, o, nil)
	if err != nil {
		return nil, llm.Bill{}, fmt.Errorf("reading held-out probes: %w", err)
	}
	identity := o.identity(p)
	var ids []string
	for _, f := range list {
		ids = append(ids, f.ID)
	}
	identity["finalists"] = ids
	if s.journal, err = openJournal(dir, identity); err != nil {
		return nil, llm.Bill{}, fmt.Errorf("reading held-out probes: %w", err)
	}
	s.ctx = ctx
	finalists = append(finalists, list...)
	if err = s.readHeldOut(finalists); err != nil {
		err = fmt.Errorf("reading held-out probes: %w", err)
	}
	return finalists, s.journal.bill(), errors.Join(err, s.journal.close())
}
