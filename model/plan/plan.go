package plan

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Ask is what a plan is asked for. One side of the trade between tokens and
// pixels is fixed, the other is solved for.
type Ask struct {
	Model *vision.Profile
	// Base is the config whose type, margins and notation are kept. Its page
	// size is replaced; its type is only made smaller where Budget or Ratio ask
	// for that and MinPx allows it.
	Base configs.Config
	// Budget is the most image tokens that the pages may cost; 0 for no bound.
	Budget int64
	// Ratio is the least compression: Budget is the text's tokens over it.
	// 0 for no bound. At most one of Budget and Ratio is given.
	Ratio float64
	// MinPx is the smallest em in px that is accepted; 0 means Base's size: a
	// density is not raised above what a config was measured at unless that is
	// asked for. Alone it is the size that is drawn at; with Budget or Ratio
	// type shrinks towards it as far as it must.
	MinPx float64
	// Options are for the renderers that lay candidates out.
	Options render.Options
	// Tokenizers of the user's own, by name; may be nil. See CounterFor.
	Tokenizers map[string]tokens.Counter
	// Progress is told which part of the work is done, from 0 to 1 and never
	// less than before, by one goroutine at a time. It may be nil.
	Progress func(done float64)
}

// Plan is the cheapest geometry found.
type Plan struct {
	Config configs.Config
	Px     float64 // em in px
	Cost   Cost
	// Reference is the cost at the published 595×842 pt page with the same type.
	Reference Cost
	// Gave says, a sentence each, what had to give.
	Gave       []string
	Considered int // geometries compared
}

// UnmetError says that no page keeps what was asked, and what comes nearest.
type UnmetError struct {
	Ask     string
	Nearest *Plan
	Hint    string
}

func (e *UnmetError) Error() string {
	return fmt.Sprintf("no page of %s keeps %s: the nearest is %d image tokens on %d pages at %.4g px type; %s",
		e.Nearest.Cost.Model, e.Ask, e.Nearest.Cost.ImageTokens, e.Nearest.Cost.Pages, e.Nearest.Px, e.Hint)
}

// Solve finds the geometry that costs the fewest tokens for docs.
func Solve(ctx context.Context, a Ask, docs []Document) (*Plan, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	counter, err := CounterFor(a.Model, a.Tokenizers)
	if err != nil {
		return nil, err
	}
	work := newWork(a.Progress, docs)
	docs = work.docs
	counts, err := countText(ctx, docs, []tokens.Counter{counter})
	if err != nil {
		return nil, err
	}
	work.counted()
	s := &solver{ask: a, docs: docs, counter: counter, text: counts[0], work: work}
	budget, want := a.Budget, fmt.Sprintf("a budget of %d tokens", a.Budget)
	if a.Ratio > 0 {
		budget = int64(math.Floor(float64(s.text) / a.Ratio))
		want = fmt.Sprintf("a ratio of %.4g (%d tokens)", a.Ratio, budget)
	}
	ownPx := a.Base.EmPx()
	basePx, minPx := max(ownPx, a.MinPx), a.MinPx
	if budget == 0 && minPx > 0 {
		basePx = minPx
	}
	lo, hi := int(math.Ceil(minPx*4)), int(math.Floor(basePx*4))
	steps := 1
	if budget > 0 && minPx > 0 && minPx < basePx {
		steps += 1 + bits.Len(uint(max(hi-lo-1, 0)))
	}
	work.steps(steps)
	p, err := s.at(ctx, basePx)
	if err != nil {
		return nil, err
	}
	if basePx != ownPx {
		p.Gave = append(p.Gave, fmt.Sprintf("type is %.4g px instead of %.4g px, as min-px asks", basePx, ownPx))
	}
	if budget == 0 || p.Cost.ImageTokens <= budget {
		return p, nil
	}
	if minPx == 0 || minPx >= basePx {
		return nil, &UnmetError{want, p, fmt.Sprintf("accepted: a larger budget, or type below %.4g px by a smaller min-px", basePx)}
	}
	// Tokens fall with the size of type; take the largest of the quarter-pixel
	// sizes that keeps the budget.
	smallest, err := s.at(ctx, float64(lo)/4)
	if err != nil {
		return nil, err
	}
	if smallest.Cost.ImageTokens > budget {
		return nil, &UnmetError{want, smallest, "accepted: a larger budget, or a smaller min-px"}
	}
	best := smallest
	for lo+1 < hi {
		mid := (lo + hi) / 2
		q, err := s.at(ctx, float64(mid)/4)
		if err != nil {
			return nil, err
		}
		if q.Cost.ImageTokens <= budget {
			lo, best = mid, q
		} else {
			hi = mid
		}
	}
	best.Gave = append(best.Gave, fmt.Sprintf("type is %.4g px instead of %.4g px, to keep %s", best.Px, ownPx, want))
	best.Considered = s.considered
	return best, nil
}

func (a *Ask) check() error {
	switch {
	case a.Budget < 0:
		return fmt.Errorf("budget %d: want a number of tokens above 0", a.Budget)
	case a.Ratio < 0 || math.IsNaN(a.Ratio) || math.IsInf(a.Ratio, 0):
		return fmt.Errorf("ratio %v: want a number above 0, such as 3", a.Ratio)
	case a.MinPx < 0 || math.IsNaN(a.MinPx) || math.IsInf(a.MinPx, 0):
		return fmt.Errorf("min-px %v: want a size in px, such as 8", a.MinPx)
	case a.Budget > 0 && a.Ratio > 0:
		return errors.New("a budget and a ratio were given; accepted: one of them")
	}
	return a.Base.Validate()
}
