package stats

import (
	"fmt"
	"math"
	"slices"
)

// Scale is what differences between ratings mean to Alpha.
type Scale string

// The scales: ratings are names, ranks, or numbers.
const (
	Nominal  Scale = "nominal"
	Ordinal  Scale = "ordinal"
	Interval Scale = "interval"
)

// Alpha is Krippendorff's α of ratings[item][rater], with NaN where a rater has
// not rated: 1 is agreement, 0 what chance gives (Krippendorff, Computing
// Krippendorff's Alpha-Reliability, 2011). Items with fewer than two ratings
// are left out; N counts the others. It is an error where all ratings
// are equal, since α is then undefined. Names of a nominal scale are numbered
// by the caller.
func Alpha(ratings [][]float64, scale Scale, unit string) (Coefficient, error) {
	if scale != Nominal && scale != Ordinal && scale != Interval {
		return Coefficient{}, fmt.Errorf("scale %q: %q, %q and %q are known", scale, Nominal, Ordinal, Interval)
	}
	var items [][]float64
	var values []float64
	for _, item := range ratings {
		rated := slices.DeleteFunc(slices.Clone(item), math.IsNaN)
		if err := finite(rated...); err != nil {
			return Coefficient{}, err
		}
		if len(rated) >= 2 {
			items = append(items, rated)
			values = append(values, rated...)
		}
	}
	if len(items) == 0 {
		return Coefficient{}, fmt.Errorf("no item with two ratings: %w", errEmpty)
	}
	slices.Sort(values)
	n := float64(len(values))
	values = slices.Compact(values)

	coincidences := make([][]float64, len(values))
	for i := range coincidences {
		coincidences[i] = make([]float64, len(values))
	}
	for _, item := range items {
		for i, a := range item {
			for j, b := range item {
				if i != j {
					x, _ := slices.BinarySearch(values, a)
					y, _ := slices.BinarySearch(values, b)
					coincidences[x][y] += 1 / float64(len(item)-1)
				}
			}
		}
	}
	counts := make([]float64, len(values))
	for i, row := range coincidences {
		for _, c := range row {
			counts[i] += c
		}
	}
	var observed, expected float64
	for i := range values {
		for j := i + 1; j < len(values); j++ {
			d := difference(scale, values, counts, i, j)
			observed += coincidences[i][j] * d
			expected += counts[i] * counts[j] * d
		}
	}
	if expected == 0 {
		return Coefficient{}, fmt.Errorf("all ratings are %v: two different ones are needed", values[0])
	}
	return Coefficient{
		Name: "Krippendorff's alpha (" + string(scale) + ")", Value: 1 - (n-1)*observed/expected,
		N: len(items), Unit: unit,
	}, nil
}

// difference is δ² of values i < j.
func difference(scale Scale, values, counts []float64, i, j int) float64 {
	switch scale {
	case Nominal:
		return 1
	case Ordinal:
		sum := -(counts[i] + counts[j]) / 2
		for _, c := range counts[i : j+1] {
			sum += c
		}
		return sum * sum
	default:
		d := values[i] - values[j]
		return d * d
	}
}
