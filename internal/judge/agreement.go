package judge

import (
	"fmt"
	"math"
	"slices"

	"github.com/glyphkit/glyph/internal/stats"
)

// Measure is a coefficient of agreement with its bootstrap interval.
type Measure struct {
	Name     string         `json:"name"`
	Estimate stats.Estimate `json:"estimate"`
	NoValue  string         `json:"no_value,omitempty"` // why there is no estimate; "" if there is
}

// String is the name and the estimate, or why there is none.
func (m Measure) String() string {
	if m.NoValue != "" {
		return m.Name + " undefined: " + m.NoValue
	}
	return m.Name + " " + m.Estimate.String()
}

// Agreement is how far a judge agrees with people.
type Agreement struct {
	Labels   int            `json:"labels"`
	Scored   int            `json:"scored"`             // labels that the judge has a verdict on
	Unscored map[Reason]int `json:"unscored,omitempty"` // the others

	// Kappa is, of scores, the quadratic-weighted κ (Cohen, Psychol. Bull. 70,
	// 1968) of the judge's scores rounded to whole numbers, and of pairs Cohen's
	// plain κ of a, b and tie.
	Kappa Measure `json:"kappa"`
	// Spearman is the rank correlation of the judge's scores, not rounded. Of
	// pairs the ranks are b, tie, a.
	Spearman Measure `json:"spearman"`
	Tied     int     `json:"tied"` // labels that share their rank with another, on either side

	Same           int `json:"same"`            // labels with the judge's rounded score, or winner
	JudgeTies      int `json:"judge_ties"`      // pairs
	LabelTies      int `json:"label_ties"`      // pairs
	OrdersDisagree int `json:"orders_disagree"` // of JudgeTies: the order decided
}

// rated is a label and the judge's verdict on it, as numbers.
type rated struct {
	label    float64
	category float64 // of the judge, one of those that labels have
	value    float64 // of the judge
}

// agree compares verdicts with labels of a kind.
func agree(kind Kind, labels []Label, verdicts []Verdict) Agreement {
	out := Agreement{Labels: len(labels)}
	var clusters [][]rated
	clusterOf := map[string]int{}
	for i, v := range verdicts {
		if v.Unscored != "" {
			if out.Unscored == nil {
				out.Unscored = map[Reason]int{}
			}
			out.Unscored[v.Unscored]++
			continue
		}
		out.Scored++
		l := labels[i]
		r := rated{float64(l.Score), math.Round(v.Score), v.Score}
		if kind == Pairs {
			n := v.Winner.number()
			r = rated{l.Winner.number(), n, n}
			out.JudgeTies += count(v.Winner == Tie)
			out.LabelTies += count(l.Winner == Tie)
			out.OrdersDisagree += count(v.OrdersDisagree)
		}
		out.Same += count(r.label == r.category)
		at, known := clusterOf[l.Document]
		if !known || l.Document == "" {
			at = len(clusters)
			clusters = append(clusters, nil)
			clusterOf[l.Document] = at
		}
		clusters[at] = append(clusters[at], r)
	}
	out.Kappa = measure("quadratic-weighted kappa", clusters, quadraticKappa)
	if kind == Pairs {
		out.Kappa = measure("unweighted kappa", clusters, plainKappa)
	}
	out.Spearman = measure("Spearman's rho", clusters, func(items []rated) float64 {
		c, err := spearman(items)
		if err != nil {
			return math.NaN()
		}
		return c.Value
	})
	if c, err := spearman(slices.Concat(clusters...)); err == nil {
		out.Tied = c.Tied
	}
	return out
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func measure(name string, clusters [][]rated, statistic func([]rated) float64) Measure {
	m := Measure{Name: name}
	unit := "label"
	for _, c := range clusters {
		if len(c) > 1 {
			unit = "document"
		}
	}
	if len(clusters) == 0 {
		m.NoValue = "no label has a verdict"
		return m
	}
	e, err := stats.Bootstrap(clusters, statistic, stats.Resampling{Unit: unit})
	if err != nil {
		m.NoValue = fmt.Sprintf("%v; labels and judge need two different values each", err)
		return m
	}
	m.Estimate = e
	return m
}

// quadraticKappa is 1 - Σ w·observed / Σ w·expected with weights (i-j)². That
// is 1 - E(a-b)² / (var a + var b + (mean a - mean b)²); NaN where all ratings
// are equal.
func quadraticKappa(items []rated) float64 {
	n := float64(len(items))
	var sumA, sumB, squaresA, squaresB, apart float64 // exact: sums of small whole numbers
	for _, r := range items {
		sumA += r.label
		sumB += r.category
		squaresA += r.label * r.label
		squaresB += r.category * r.category
		apart += (r.label - r.category) * (r.label - r.category)
	}
	expected := n*(squaresA+squaresB) - 2*sumA*sumB // n² times
	if expected == 0 {
		return math.NaN()
	}
	return 1 - n*apart/expected
}

func plainKappa(items []rated) float64 {
	a, b := make([]string, len(items)), make([]string, len(items))
	for i, r := range items {
		a[i], b[i] = string(winnerOf(r.label)), string(winnerOf(r.category))
	}
	c, err := stats.Kappa(a, b, "label")
	if err != nil {
		return math.NaN()
	}
	return c.Value
}

func spearman(items []rated) (stats.Coefficient, error) {
	x, y := make([]float64, len(items)), make([]float64, len(items))
	for i, r := range items {
		x[i], y[i] = r.label, r.value
	}
	return stats.Spearman(x, y, "label")
}
