package stats

import (
	"fmt"
	"math"
	"sync"
)

// Clusters says which of a list of observations depend on each other. It is for
// many estimates over the same list, such as the scores of many configs on the
// same probes, and safe for concurrent use. Estimates are those of [Score] and
// [PairedScore].
type Clusters struct {
	of   []int // index of the cluster of an observation; nil if each is its own
	unit string
}

// NewClusters makes the clusters of a list: observations with equal names are in
// one. With nil for names, each observation is a cluster of its own. Unit is what
// a cluster is called.
func NewClusters(names []string, unit string) *Clusters {
	c := &Clusters{unit: unit}
	if names == nil {
		return c
	}
	index := map[string]int{}
	c.of = make([]int, len(names))
	for i, name := range names {
		at, seen := index[name]
		if !seen {
			at = len(index)
			index[name] = at
		}
		c.of[i] = at
	}
	return c
}

// Score is the mean of scores between 0 and 1, of the first observations of the
// list. NaN is an observation without a score and left out. Where all are, N of
// the estimate is 0. It panics if there are more scores than the list has.
func (c *Clusters) Score(scores []float64) Estimate {
	e := c.mean(scores)
	e.bound(0, 1)
	return e
}

// few is for how many observations an estimate needs no allocation.
const few = 128

// PairedScore is the mean of a - b for scores between 0 and 1 of the same
// observations. Those without a score in one of them are left out.
func (c *Clusters) PairedScore(a, b []float64) Estimate {
	var buffer [few]float64
	differences := buffer[:0]
	for i := range min(len(a), len(b)) {
		differences = append(differences, a[i]-b[i])
	}
	e := c.mean(differences)
	if e.N > 0 {
		e.Method = "paired clustered t"
	}
	e.bound(-1, 1)
	return e
}

func (c *Clusters) mean(values []float64) Estimate {
	if c.of != nil && len(values) > len(c.of) {
		panic(fmt.Sprintf("stats: %d observations in a list of %d", len(values), len(c.of)))
	}
	sum := 0.0
	e := Estimate{Unit: c.unit, Method: "clustered t"}
	for _, v := range values {
		if !math.IsNaN(v) {
			e.N++
			sum += v
		}
	}
	if e.N == 0 {
		e.NoInterval = "nothing was scored"
		return e
	}
	e.Value = sum / float64(e.N)
	e.spread(c.squares(values, &e))
	return e
}

// squares is the sum of the squares of the clusters' residuals, whose number it
// puts into e.
func (c *Clusters) squares(values []float64, e *Estimate) (squares float64) {
	if c.of == nil {
		for _, v := range values {
			if r := v - e.Value; !math.IsNaN(r) {
				squares += float64(r * r)
			}
		}
		e.Clusters = e.N
		return squares
	}
	residuals, seen := make([]float64, len(values)), make([]bool, len(values)) // by cluster: there are no more
	for i, v := range values {
		if !math.IsNaN(v) {
			residuals[c.of[i]] += v - e.Value
			seen[c.of[i]] = true
		}
	}
	for i, r := range residuals {
		if seen[i] {
			e.Clusters++
			squares += float64(r * r)
		}
	}
	return squares
}

// spread adds the interval of a clustered mean, from the sum of the squares of
// the clusters' residuals.
func (e *Estimate) spread(squares float64) {
	if e.Clusters == 1 {
		e.NoInterval = "only one " + e.Unit
		return
	}
	g := float64(e.Clusters)
	e.StdErr = math.Sqrt(g/(g-1)*squares) / float64(e.N)
	half := tQuantile(e.Clusters-1) * e.StdErr
	e.Low, e.High = e.Value-half, e.Value+half
}

var quantiles sync.Map // degrees of freedom to quantile

// tQuantile is Student's t at 97.5 % with df degrees of freedom, df >= 1.
func tQuantile(df int) float64 {
	if q, ok := quantiles.Load(df); ok {
		return q.(float64)
	}
	q := bisectT(float64(df))
	quantiles.Store(df, q)
	return q
}
