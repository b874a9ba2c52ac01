package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Method is how a bootstrap interval is read off the resamples.
type Method string

// The bootstrap methods (Efron and Tibshirani, An Introduction to the
// Bootstrap, 1993, chapters 13 and 14).
const (
	Percentile Method = "percentile"
	BCa        Method = "BCa" // corrected for bias and skew; costs one more evaluation a cluster
)

// DefaultResamples moves a 95 % bound by about 2 % of the interval's width from
// seed to seed.
const DefaultResamples = 2000

// Resampling is how a bootstrap draws.
type Resampling struct {
	Seed      uint64
	Resamples int    // 0 means DefaultResamples
	Method    Method // "" means Percentile
	Unit      string // what a cluster is
}

// Bootstrap is statistic over all clusters' items with a bootstrap interval:
// whole clusters are drawn with replacement, as many as there are. Statistic
// must not depend on the order of items, nor keep or change the slice; it
// returns NaN where it is not defined, and such resamples are counted in
// Undefined. It is an error where the statistic of all items, or of more than
// half of the resamples, is undefined.
func Bootstrap[T any](clusters [][]T, statistic func([]T) float64, r Resampling) (Estimate, error) {
	e, err := newEstimate(clusters, &r)
	if err != nil {
		return Estimate{}, err
	}
	e.Value = statistic(slices.Concat(clusters...))
	if err := finite(e.Value); err != nil {
		return Estimate{}, fmt.Errorf("statistic of all %d observations: %w", e.N, err)
	}
	if len(clusters) == 1 {
		e.NoInterval = "only one " + r.Unit
		return e, nil
	}
	values := make([]float64, 0, r.Resamples)
	var sample []T
	for i := range r.Resamples {
		// A stream for each resample, so that it could be drawn by any worker.
		rng := rand.New(rand.NewPCG(r.Seed, uint64(i)))
		sample = sample[:0]
		for range clusters {
			sample = append(sample, clusters[rng.IntN(len(clusters))]...)
		}
		if v := statistic(sample); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	e.Undefined = r.Resamples - len(values)
	if e.Undefined > r.Resamples/2 {
		return Estimate{}, fmt.Errorf("statistic undefined in %d of %d resamples: more data is needed", e.Undefined, r.Resamples)
	}
	slices.Sort(values)
	low, high := (1-Confidence)/2, 1-(1-Confidence)/2
	if r.Method == BCa {
		bias, acceleration := biasCorrection(values, e.Value), jackknife(clusters, statistic)
		low, high = bcaLevel(low, bias, acceleration), bcaLevel(high, bias, acceleration)
	}
	e.Low, e.High = quantile(values, low), quantile(values, high)
	return e, nil
}

func newEstimate[T any](clusters [][]T, r *Resampling) (Estimate, error) {
	if r.Resamples == 0 {
		r.Resamples = DefaultResamples
	}
	if r.Method == "" {
		r.Method = Percentile
	}
	if r.Method != Percentile && r.Method != BCa {
		return Estimate{}, fmt.Errorf("bootstrap method %q: %q and %q are known", r.Method, Percentile, BCa)
	}
	if r.Resamples < 40 {
		return Estimate{}, fmt.Errorf("%d resamples: at least 40 are needed for a 95 %% interval", r.Resamples)
	}
	n := 0
	for _, c := range clusters {
		n += len(c)
	}
	if n == 0 {
		return Estimate{}, errEmpty
	}
	return Estimate{N: n, Clusters: len(clusters), Unit: r.Unit, Method: "bootstrap " + string(r.Method)}, nil
}

// quantile of sorted values, linear between neighbours (type 7 of Hyndman and
// Fan 1996, the default of R and NumPy).
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	f := at - float64(i)
	return sorted[i]*(1-f) + sorted[i+1]*f
}

// biasCorrection is z0: the normal quantile of the share of resamples under the
// value, those equal to it counting half.
func biasCorrection(sorted []float64, value float64) float64 {
	under, _ := slices.BinarySearch(sorted, value)
	equal := 0
	for _, v := range sorted[under:] {
		if v != value {
			break
		}
		equal++
	}
	n := float64(len(sorted))
	share := (float64(under) + float64(equal)/2) / n
	return normalQuantile(min(max(share, 0.5/n), 1-0.5/n))
}

// jackknife is the acceleration: a sixth of the skewness of the statistic with
// one cluster left out at a time.
func jackknife[T any](clusters [][]T, statistic func([]T) float64) float64 {
	var values []float64
	var sum float64
	for i := range clusters {
		v := statistic(slices.Concat(slices.Concat(clusters[:i]...), slices.Concat(clusters[i+1:]...)))
		if !math.IsNaN(v) {
			values = append(values, v)
			sum += v
		}
	}
	mean := sum / float64(len(values))
	var squares, cubes float64
	for _, v := range values {
		d := mean - v
		squares += d * d
		cubes += d * d * d
	}
	if squares == 0 || math.IsNaN(squares) {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

func bcaLevel(p, bias, acceleration float64) float64 {
	q := bias + normalQuantile(p)
	return normalCDF(bias + q/(1-acceleration*q))
}

func normalCDF(x float64) float64      { return math.Erfc(-x/math.Sqrt2) / 2 }
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// Fraction is one observation of a rate: errors among characters, tokens of
// text for tokens of image.
type Fraction struct {
	Cluster     string
	Numerator   float64
	Denominator float64
}

// Ratio is ΣNumerator/ΣDenominator with a bootstrap interval.
func Ratio(fractions []Fraction, r Resampling) (Estimate, error) {
	for _, f := range fractions {
		if err := finite(f.Numerator, f.Denominator); err != nil {
			return Estimate{}, err
		}
	}
	return Bootstrap(groupBy(fractions, func(f Fraction) string { return f.Cluster }), ratio, r)
}

func ratio(fractions []Fraction) float64 {
	var numerator, denominator float64
	for _, f := range fractions {
		numerator += f.Numerator
		denominator += f.Denominator
	}
	if denominator == 0 {
		return math.NaN()
	}
	return numerator / denominator
}

// PairedBootstrap is the mean of A - B with a bootstrap interval. It assumes
// less than PairedMean and needs more clusters, about 20.
func PairedBootstrap(pairs []Pair, r Resampling) (Estimate, error) {
	for _, p := range pairs {
		if err := finite(p.A, p.B); err != nil {
			return Estimate{}, err
		}
	}
	return Bootstrap(groupBy(pairs, func(p Pair) string { return p.Cluster }), func(pairs []Pair) float64 {
		var sum float64
		for _, p := range pairs {
			sum += p.A - p.B
		}
		return sum / float64(len(pairs))
	}, r)
}
