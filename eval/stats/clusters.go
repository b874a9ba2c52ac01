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
	e := c.mean(len(scores), func(i int) float64 { return scores[i] })
	e.bound(0, 1)
	return e
}

// PairedScore is the mean of a - b for scores between 0 and 1 of the same
// observations. Those without a score in one of them are left out.
func (c *Clusters) PairedScore(a, b []float64) Estimate {
	e := c.mean(min(len(a), len(b)), func(i int) float64 { return a[i] - b[i] })
	if e.N > 0 {
		e.Method = "paired clustered t"
	}
	e.bound(-1, 1)
	return e
}

func (c *Clusters) mean(n int, value func(i int) float64) Estimate {
	if c.of != nil && n > len(c.of) {
		panic(fmt.Sprintf("stats: %d observations in a list of %d", n, len(c.of)))
	}
	used, sum := 0, 0.0
	for i := range n {
		if v := value(i); !math.IsNaN(v) {
			used++
			sum += v
		}
	}
	e := Estimate{N: used, Unit: c.unit, Method: "clustered t"}
	if used == 0 {
		e.NoInterval = "nothing was scored"
		return e
	}
	e.Value = sum / float64(used)
	residuals, seen := make([]float64, n), make([]bool, n)
	for i := range n {
		v := value(i)
		if math.IsNaN(v) {
			continue
		}
		cluster := i
		if c.of != nil {
			cluster = c.of[i]
		}
		residuals[cluster] += v - e.Value
		seen[cluster] = true
	}
	squares := 0.0
	for i, r := range residuals {
		if seen[i] {
			e.Clusters++
			squares += float64(r * r)
		}
	}
	e.spread(squares)
	return e
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
