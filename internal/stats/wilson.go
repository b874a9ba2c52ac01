package stats

import (
	"fmt"
	"math"
)

// z is the standard normal quantile at 97.5 %.
const z = 1.959963984540054

// Wilson is the share of successes among n independent trials with Wilson's
// score interval (J. Am. Stat. Assoc. 22, 1927), without continuity correction.
// Unit names the trial. Trials that share a document are not independent: Mean
// is for them.
func Wilson(successes, n int, unit string) (Estimate, error) {
	if n == 0 {
		return Estimate{}, errEmpty
	}
	if n < 0 || successes < 0 || successes > n {
		return Estimate{}, fmt.Errorf("%d successes of %d: 0 to n are accepted", successes, n)
	}
	total := float64(n)
	p := float64(successes) / total
	centre := (p + z*z/(2*total)) / (1 + z*z/total)
	half := z / (1 + z*z/total) * math.Sqrt(p*(1-p)/total+z*z/(4*total*total))
	e := Estimate{
		Value: p, Low: max(0, centre-half), High: min(1, centre+half),
		N: n, Clusters: n, Unit: unit, Method: "Wilson", Percent: true,
	}
	// At the ends the bound is exact, but rounding leaves 1e-17 of it.
	if successes == 0 {
		e.Low = 0
	}
	if successes == n {
		e.High = 1
	}
	return e, nil
}
