package search

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// Confidence is the two-sided level of every interval of this package. A
// candidate is compared with many others, so some are dropped by chance. That
// costs an evolutionary search, which comes by the same place again, less than
// the probes that a higher level asks of every candidate.
const Confidence = 0.95

// Interval is a mean and its Student t interval at [Confidence]. With N < 2
// it spans the whole range, since one probe says nothing of the spread.
// Scores without any spread give an interval of no width: then N is what
// tells how much it is worth.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// String returns "0.9731 [0.9610, 0.9852] n=72".
func (v Interval) String() string {
	return fmt.Sprintf("%.4f [%.4f, %.4f] n=%d", v.Mean, v.Low, v.High, v.N)
}

// MarshalJSON writes null for an interval of nothing: unscored is not 0.
func (v Interval) MarshalJSON() ([]byte, error) {
	if v.N == 0 {
		return []byte("null"), nil
	}
	type plain Interval
	return json.Marshal(plain(v))
}

// meanOf returns the interval of the mean of x, whose values lie in lo..hi.
// NaNs, the unscored, are left out.
func meanOf(x []float64, lo, hi float64) Interval {
	n, sum := 0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			n, sum = n+1, sum+v
		}
	}
	if n == 0 {
		return Interval{Mean: math.NaN(), Low: lo, High: hi}
	}
	mean := sum / float64(n)
	if n == 1 {
		return Interval{mean, lo, hi, 1}
	}
	ss := 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			ss += float64((v - mean) * (v - mean))
		}
	}
	half := studentQuantile(n-1) * math.Sqrt(ss/float64(n-1)/float64(n))
	return Interval{mean, max(lo, mean-half), min(hi, mean+half), n}
}

// pairedDiff returns the interval of the mean of a[i]-b[i] over the probes
// that both have scored. Probes differ far more than configs do, and the
// difference takes the probe out.
func pairedDiff(a, b []float64) Interval {
	n := min(len(a), len(b))
	d := make([]float64, n)
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return meanOf(d, -1, 1)
}

var quantiles sync.Map // degrees of freedom -> quantile

// studentQuantile returns the two-sided quantile of Student's t at Confidence,
// by bisection of the closed form of Abramowitz and Stegun, 26.7.3 and 26.7.4.
func studentQuantile(df int) float64 {
	if q, ok := quantiles.Load(df); ok {
		return q.(float64)
	}
	lo, hi := 0.0, 1000.0
	for range 80 {
		if mid := (lo + hi) / 2; studentWithin(mid, df) < Confidence {
			lo = mid
		} else {
			hi = mid
		}
	}
	quantiles.Store(df, hi)
	return hi
}

// studentWithin is the probability that |T| <= t.
func studentWithin(t float64, df int) float64 {
	theta := math.Atan(t / math.Sqrt(float64(df)))
	sin, cos := math.Sincos(theta)
	term, sum := 1.0, 0.0
	if df%2 == 1 {
		term = cos
	}
	for k := 2 + df%2; k <= df; k += 2 {
		sum += term
		term *= cos * cos * float64(k-1) / float64(k)
	}
	if df%2 == 0 {
		return sin * sum
	}
	return 2 / math.Pi * (theta + sin*sum)
}
