package search

import (
	"fmt"
	"slices"
	"time"

	"github.com/glyphkit/glyph/internal/runs"
)

// race reads children rung by rung and drops those that cannot win. The rest
// is kept.
//
// One is dropped when another config, in the race or on the front, has at
// least its compression and reads better: the interval of the paired
// difference over the probes of this rung lies above 0. Two intervals that do
// not overlap would need far more probes for the same certainty, since probes
// differ more than configs do. One is also dropped when even the upper bound
// of its accuracy is no better than the reference or adds next to nothing to
// the front, or when the reader failed on most of its probes.
func (s *search) race(children []*entry) error {
	racing := children
	asked := 0
	for _, rung := range s.rungs {
		if err := s.askRung(racing, asked, rung); err != nil {
			return err
		}
		asked = rung
		racing = s.cull(racing, rung)
		front, _ := s.front()
		used := s.used()
		s.Progress(Progress{
			Progress:   s.progress(used),
			Generation: s.generation, Rung: rung, Racing: len(racing), Front: s.candidates(front),
			Hypervolume: s.hypervolume(), Spent: s.spent, Used: used,
		})
	}
	s.kept = append(s.kept, racing...)
	return nil
}

// progress is how far the search has come when so much of its budget is used.
func (s *search) progress(used float64) runs.Progress {
	billed := s.journal.bill()
	p := runs.Progress{
		Done: s.asked, Total: s.Budget.Calls, Unscored: s.unscored,
		Tokens: billed.Total(), Money: billed.Money, Elapsed: time.Since(s.started),
	}
	if seconds := p.Elapsed.Seconds(); seconds > 0 {
		p.Rate = float64(s.asked) / seconds
	}
	if used > 0 {
		p.Left = time.Duration(float64(p.Elapsed) * (1 - used) / used)
	}
	return p
}

func (s *search) used() float64 {
	used := 0.0
	for _, u := range s.uses() {
		used = max(used, u.spent/u.limit)
	}
	return min(used, 1)
}

func (s *search) cull(racing []*entry, rung int) []*entry {
	front := frontOf(s.kept)
	rivals := append(slices.Clone(front), racing...)
	var left []*entry
	for _, e := range racing {
		if e.dropped = s.lost(e, rivals, rung); e.dropped == "" {
			e.dropped = s.needless(e, front)
		}
	}
	for _, e := range racing {
		if e.dropped == "" {
			left = append(left, e)
		}
	}
	return left
}

// lost says why e is out of the race, "" if it is not.
func (s *search) lost(e *entry, rivals []*entry, rung int) string {
	own := e.accuracy()
	switch {
	case 2*own.N <= len(e.scores):
		return fmt.Sprintf("unscored: the reader failed on %d of %d probes", len(e.scores)-own.N, len(e.scores))
	case own.High <= s.Reference.Accuracy:
		return fmt.Sprintf("unreadable: accuracy %v", own)
	}
	for _, r := range rivals {
		if r == e || r.size.CharsPerToken < e.size.CharsPerToken {
			continue
		}
		if d := pairedDiff(r.scores[:min(rung, len(r.scores))], e.scores); d.Low > 0 {
			return fmt.Sprintf("beaten by %s: accuracy %+.4f [%+.4f, %+.4f] n=%d at %.3g times the compression",
				r.id(), d.Mean, d.Low, d.High, d.N, r.size.CharsPerToken/max(e.size.CharsPerToken, 1e-9))
		}
	}
	return ""
}

// needless says that e adds too little to the front even at the upper bound of
// its accuracy, "" if it may add more. Each config of the front bounds that
// accuracy: by its own, which more probes have measured, less the lower bound
// of the paired difference.
func (s *search) needless(e *entry, front []*entry) string {
	if len(front) == 0 {
		return ""
	}
	most := e.accuracy().High
	for _, r := range front {
		most = min(most, r.accuracy().Mean-pairedDiff(r.scores[:min(len(e.scores), len(r.scores))], e.scores).Low)
	}
	ps := points(front)
	volume := hypervolume(ps, s.Reference)
	gain := hypervolume(append(ps, Point{e.size.CharsPerToken, most}), s.Reference) - volume
	if gain > minGain*volume {
		return ""
	}
	return fmt.Sprintf("needless: at an accuracy of %.4f, its upper bound, it adds %.3g %% to the hypervolume", most, 100*gain/volume)
}

// minGain is the part of the hypervolume that a candidate must be able to add
// to be asked more probes. On the planted landscape of the tests a quarter and
// twice of it both take more probes to the same hypervolume.
const minGain = 2e-3
