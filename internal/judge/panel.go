package judge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/glyphkit/glyph/internal/stats"
)

// Panel is several judges of one kind, who decide by majority.
type Panel []*Judge

// PanelVerdict is what a panel says of a case. Its Score is the median of the
// judges', than which no majority wants more or less; its Winner is that of more
// than half of the judges with a verdict.
type PanelVerdict struct {
	Verdict
	NoMajority bool      `json:"no_majority,omitempty"` // the pair is a tie because no winner has more than half
	Judges     []Verdict `json:"judges"`                // in the order of the panel
}

// Judge grades one case. Unscored where at most half of the judges have a
// verdict. An error is that of a case that cannot be judged by these judges, or
// of ctx.
func (p Panel) Judge(ctx context.Context, c Case) (PanelVerdict, error) {
	checked, err := p.guard([]Case{c})
	if err != nil {
		return PanelVerdict{}, err
	}
	return p.judge(ctx, checked[0])
}

// guard checks cases as the judges of the panel do.
func (p Panel) guard(cases []Case) ([]checkedCase, error) {
	if len(p) == 0 {
		return nil, errors.New("a panel without judges; accepted: at least one")
	}
	for _, j := range p {
		if j.secrets != p[0].secrets {
			return nil, fmt.Errorf("a panel of judges that treat secrets as %q and %q; accepted: one way", p[0].secrets, j.secrets)
		}
	}
	checked, _, err := guard(p[0].secrets, cases)
	return checked, err
}

func (p Panel) judge(ctx context.Context, c checkedCase) (PanelVerdict, error) {
	verdicts, errs := make([]Verdict, len(p)), make([]error, len(p))
	var wg sync.WaitGroup
	for i, j := range p {
		wg.Go(func() { verdicts[i], errs[i] = j.judge(ctx, c) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return PanelVerdict{}, err
		}
	}
	return majority(verdicts), nil
}

func majority(verdicts []Verdict) PanelVerdict {
	out := PanelVerdict{Judges: verdicts}
	var scores []float64
	votes := map[Winner]int{}
	given, disagree := 0, 0
	for _, v := range verdicts {
		if v.Unscored != "" {
			continue
		}
		given++
		if v.Winner != "" {
			votes[v.Winner]++
		} else {
			scores = append(scores, v.Score)
		}
		if v.OrdersDisagree {
			disagree++
		}
	}
	switch {
	case len(verdicts) == 1:
		out.Verdict = verdicts[0]
	case 2*given <= len(verdicts):
		out.Verdict = unscored(NoQuorum, fmt.Sprintf("%d of %d judges have a verdict", given, len(verdicts)))
	case len(scores) > 0:
		out.Score = median(scores)
	default:
		out.Winner, out.NoMajority = Tie, true
		for _, w := range []Winner{A, B, Tie} {
			if 2*votes[w] > given {
				out.Winner, out.NoMajority = w, false
			}
		}
		out.OrdersDisagree = out.Winner == Tie && 2*disagree > given
	}
	return out
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// Alpha is Krippendorff's α of several judges, verdicts[case][judge]: on the
// interval scale for scores, nominal for pairs. Cases with fewer than two
// verdicts are left out, and so not in its n.
func Alpha(verdicts [][]Verdict) (stats.Coefficient, error) {
	ratings := make([][]float64, len(verdicts))
	scale := stats.Interval
	for i, judges := range verdicts {
		for _, v := range judges {
			rating := v.Score
			switch {
			case v.Unscored != "":
				rating = math.NaN()
			case v.Winner != "":
				scale, rating = stats.Nominal, v.Winner.number()
			}
			ratings[i] = append(ratings[i], rating)
		}
	}
	c, err := stats.Alpha(ratings, scale, "case")
	if err != nil {
		return c, fmt.Errorf("agreement of the panel: %w", err)
	}
	return c, nil
}

// number puts winners in an order.
func (w Winner) number() float64 {
	switch w {
	case A:
		return 1
	case B:
		return -1
	}
	return 0
}

// winnerOf is the winner of a number.
func winnerOf(number float64) Winner {
	switch {
	case number > 0:
		return A
	case number < 0:
		return B
	}
	return Tie
}
