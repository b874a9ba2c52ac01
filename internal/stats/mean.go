package stats

// Observation is one score and the cluster that it belongs to: observations of
// one cluster may depend on each other, clusters do not.
type Observation struct {
	Cluster string
	Value   float64
}

// Mean is the mean of all observations, each with the same weight. Its standard
// error is clustered, sqrt(G/(G-1) · Σ_g (Σ_{i∈g} (x_i - x̄))²) / n over the G
// clusters (Liang and Zeger 1986; the factor is the usual correction for few
// clusters), and its interval takes Student's t with G-1 degrees of freedom.
// With one cluster there is no interval.
//
// Where each observation is its own cluster, that is the usual standard error.
func Mean(observations []Observation, unit string) (Estimate, error) {
	if len(observations) == 0 {
		return Estimate{}, errEmpty
	}
	var sum float64
	for _, o := range observations {
		if err := finite(o.Value); err != nil {
			return Estimate{}, err
		}
		sum += o.Value
	}
	n := float64(len(observations))
	mean := sum / n
	groups := groupBy(observations, func(o Observation) string { return o.Cluster })
	e := Estimate{Value: mean, N: len(observations), Clusters: len(groups), Unit: unit, Method: "clustered t"}
	var squares float64
	for _, group := range groups {
		var residual float64
		for _, o := range group {
			residual += o.Value - mean
		}
		squares += float64(residual * residual)
	}
	e.spread(squares)
	return e, nil
}

// Score is Mean of scores between 0 and 1: the interval is cut to that range
// and printed in per cent. Where all clusters agree, t would give an interval of
// no width; it is then Wilson's on the number of clusters, which Method says.
func Score(observations []Observation, unit string) (Estimate, error) {
	e, err := Mean(observations, unit)
	e.bound(0, 1)
	return e, err
}

// PairedScore is PairedMean of scores between 0 and 1: the interval is cut to
// -1 to 1 and printed in per cent. Where all clusters agree it is as wide as
// Wilson's upper end for the share of clusters that differ, of which none was
// seen, allows, which Method says.
func PairedScore(pairs []Pair, unit string) (Estimate, error) {
	e, err := PairedMean(pairs, unit)
	e.bound(-1, 1)
	return e, err
}

// bound makes e an estimate of shares that lie between low and high.
func (e *Estimate) bound(low, high float64) {
	e.Percent = true
	switch {
	case e.NoInterval != "" || e.N == 0:
	case e.StdErr < 1e-12: // but for rounding, 0
		share := unseen(e.Clusters)
		e.Low, e.High = e.Value-share*(e.Value-low), e.Value+share*(high-e.Value)
		e.Method = "Wilson on clusters that all agree"
	default:
		e.Low, e.High = max(low, e.Low), min(high, e.High)
	}
}

// unseen is the upper end of Wilson's interval for a share of clusters of which
// n have none: so many may be otherwise, as far off as the range allows. For n
// clusters that are all right the interval of their mean is then Wilson's.
func unseen(n int) float64 { return z * z / (float64(n) + z*z) }

// Pair is what two arms, A and B, scored on the same probe.
type Pair struct {
	Cluster string
	A, B    float64
}

// PairedMean is the mean of A - B with the standard error and interval of Mean.
func PairedMean(pairs []Pair, unit string) (Estimate, error) {
	differences := make([]Observation, len(pairs))
	for i, p := range pairs {
		differences[i] = Observation{p.Cluster, p.A - p.B}
	}
	e, err := Mean(differences, unit)
	e.Method = "paired clustered t"
	return e, err
}

// groupBy splits items by key, groups in order of their first item, so that
// sums do not depend on the order of a map.
func groupBy[T any](items []T, key func(T) string) [][]T {
	index := map[string]int{}
	var groups [][]T
	for _, item := range items {
		i, seen := index[key(item)]
		if !seen {
			i = len(groups)
			index[key(item)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], item)
	}
	return groups
}
