package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/stats"
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
		entries[i] = &entry{hash: f.Config.Hash(), config: f.Config, size: probe.Size{CharsPerToken: f.CharsPerToken}}
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
			s.heldOutCost = s.heldOutCost.Plus(c)
		}
		tasks = tasks[n:]
	}
	if s.unread > 0 {
		s.degrade("the budget ended before all finalists were measured: %d of %d held-out probes were not read", s.unread, len(list)*len(s.heldOut))
	}
	infos := s.problem.Probes()
	all, strata := clustersOf(infos, s.heldOut), strataOf(infos, s.heldOut)
	for i := range list {
		f, e := &list[i], entries[i]
		f.Accuracy = intervalOf(all.Score(e.scores), 0, 1)
		f.Unscored = len(e.scores) - f.Accuracy.N
		f.Strata = map[string]Interval{}
		for _, st := range strata {
			f.Strata[st.name] = intervalOf(st.documents.Score(st.of(e.scores)), 0, 1)
		}
		f.Against = nil
		for b := range list {
			if f.Name != "" || list[b].Name == "" {
				continue
			}
			base := entries[b]
			c := compare(f.ID, e.size, list[b].Name, base.size, intervalOf(all.PairedScore(e.scores, base.scores), -1, 1))
			c.Strata = map[string]Interval{}
			for _, st := range strata {
				c.Strata[st.name] = intervalOf(st.documents.PairedScore(st.of(e.scores), st.of(base.scores)), -1, 1)
			}
			f.Against = append(f.Against, c)
		}
	}
	return nil
}

// stratum is the part of a list of probes that is of one kind.
type stratum struct {
	name      string
	places    []int // in the list
	documents *stats.Clusters
}

func strataOf(infos []probe.Info, list []int) (all []*stratum) {
	probes := map[string][]int{}
	index := map[string]*stratum{}
	for place, probe := range list {
		name := infos[probe].Stratum
		if index[name] == nil {
			index[name] = &stratum{name: name}
			all = append(all, index[name])
		}
		index[name].places = append(index[name].places, place)
		probes[name] = append(probes[name], probe)
	}
	for _, st := range all {
		st.documents = clustersOf(infos, probes[st.name])
	}
	return all
}

// of are the scores of the stratum's probes.
func (st *stratum) of(scores []float64) []float64 {
	part := make([]float64, len(st.places))
	for i, place := range st.places {
		part[i] = scores[place]
	}
	return part
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
	return finalists, s.journal.bill(), errors.Join(err, s.journal.run.Close())
}
