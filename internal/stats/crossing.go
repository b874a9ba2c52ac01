package stats

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Level is what was measured at one size, in px for example: errors and
// characters of every strip.
type Level struct {
	Size      float64
	Fractions []Fraction
}

// ErrNotCrossed is returned where the rate is on one side of the threshold at
// every size, so that there is nothing to interpolate.
var ErrNotCrossed = errors.New("the rate does not cross the threshold")

// Crossing is the size at which the rate, going down from the largest size,
// first exceeds threshold. Between the two levels around it the rate is taken
// to be linear in the logarithm of the size. The interval is a percentile
// bootstrap over clusters; a cluster of one name is drawn at all levels
// together. A resample that does not cross counts as the smallest or the
// largest size measured, so an interval that ends there is open.
//
// It is an error where two levels have the same size, a size is not positive
// or, with ErrNotCrossed, the rate does not cross.
func Crossing(levels []Level, threshold float64, r Resampling) (Estimate, error) {
	levels = slices.SortedFunc(slices.Values(levels), func(a, b Level) int { return cmp.Compare(b.Size, a.Size) })
	type placed struct {
		level int
		Fraction
	}
	var all []placed
	for i, l := range levels {
		if !(l.Size > 0) || math.IsInf(l.Size, 0) {
			return Estimate{}, fmt.Errorf("size %v: finite sizes above 0 are accepted", l.Size)
		}
		if i > 0 && l.Size == levels[i-1].Size {
			return Estimate{}, fmt.Errorf("size %v given twice: join its fractions in one level", l.Size)
		}
		for _, f := range l.Fractions {
			if err := finite(f.Numerator, f.Denominator); err != nil {
				return Estimate{}, fmt.Errorf("size %v: %w", l.Size, err)
			}
			all = append(all, placed{i, f})
		}
	}
	if len(all) == 0 {
		return Estimate{}, errEmpty
	}
	rates := make([]float64, len(levels))
	byLevel := make([][]Fraction, len(levels))
	measure := func(items []placed) ([]float64, bool) {
		for i := range byLevel {
			byLevel[i] = byLevel[i][:0]
		}
		for _, p := range items {
			byLevel[p.level] = append(byLevel[p.level], p.Fraction)
		}
		for i := range levels {
			if rates[i] = ratio(byLevel[i]); math.IsNaN(rates[i]) {
				return nil, false
			}
		}
		return rates, true
	}
	if measured, ok := measure(all); !ok {
		return Estimate{}, fmt.Errorf("a size without characters: %w", errEmpty)
	} else if _, err := cross(levels, measured, threshold); err != nil {
		return Estimate{}, err
	}
	r.Method = Percentile
	return Bootstrap(groupBy(all, func(p placed) string { return p.Cluster }), func(items []placed) float64 {
		measured, ok := measure(items)
		if !ok {
			return math.NaN()
		}
		size, _ := cross(levels, measured, threshold)
		return size
	}, r)
}

// cross is the crossing of rates at levels, largest size first. With an error
// it is the end of the range that the crossing lies beyond.
func cross(levels []Level, rates []float64, threshold float64) (float64, error) {
	i := slices.IndexFunc(rates, func(rate float64) bool { return rate > threshold })
	if i < 0 {
		last := levels[len(levels)-1].Size
		return last, fmt.Errorf("%w: it is at most %v down to size %v; measure smaller sizes", ErrNotCrossed, threshold, last)
	}
	if i == 0 {
		return levels[0].Size, fmt.Errorf("%w: it is above %v at size %v already; measure larger sizes", ErrNotCrossed, threshold, levels[0].Size)
	}
	share := (threshold - rates[i-1]) / (rates[i] - rates[i-1])
	from, to := math.Log(levels[i-1].Size), math.Log(levels[i].Size)
	return math.Exp(from + share*(to-from)), nil
}
