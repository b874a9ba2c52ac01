package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Coefficient is a measure of agreement or association.
type Coefficient struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	N     int     `json:"n"`    // items
	Unit  string  `json:"unit"` // what an item is
	Tied  int     `json:"tied"` // items that share their value with another, for rank measures
}

// String is the name, value, n and unit, such as "Spearman's rho 0.83 n=50 by
// answer".
func (c Coefficient) String() string {
	s := fmt.Sprintf("%s %.2f n=%d by %s", c.Name, c.Value, c.N, c.Unit)
	if c.Tied > 0 {
		s += fmt.Sprintf(", %d tied", c.Tied)
	}
	return s
}

// Kappa is Cohen's κ of two raters' categories of the same items (Educ.
// Psychol. Meas. 20, 1960): agreement beyond chance, at most 1. It is an error
// where both raters used the same single category, as agreement by chance is
// then 1 and κ undefined.
func Kappa(a, b []string, unit string) (Coefficient, error) {
	if len(a) != len(b) {
		return Coefficient{}, fmt.Errorf("%d and %d ratings: as many of each are accepted", len(a), len(b))
	}
	if len(a) == 0 {
		return Coefficient{}, errEmpty
	}
	inA, inB := map[string]int{}, map[string]int{}
	agreed := 0
	for i := range a {
		inA[a[i]]++
		inB[b[i]]++
		if a[i] == b[i] {
			agreed++
		}
	}
	chance := 0 // times n²; an integer, so the order of the map does not matter
	for category, count := range inA {
		chance += count * inB[category]
	}
	n := len(a)
	if chance == n*n {
		return Coefficient{}, fmt.Errorf("both raters used %q only: two categories are needed", a[0])
	}
	value := float64(agreed*n-chance) / float64(n*n-chance)
	return Coefficient{Name: "Cohen's kappa", Value: value, N: n, Unit: unit}, nil
}

// Spearman is the rank correlation ρ of x and y, -1 to 1: Pearson's correlation
// of the ranks, where equal values share the mean of their ranks. Tied counts
// the items that share their x or their y with another. It is an error where
// all x or all y are equal.
func Spearman(x, y []float64, unit string) (Coefficient, error) {
	if len(x) != len(y) {
		return Coefficient{}, fmt.Errorf("%d and %d values: as many of each are accepted", len(x), len(y))
	}
	if len(x) == 0 {
		return Coefficient{}, errEmpty
	}
	if err := finite(slices.Concat(x, y)...); err != nil {
		return Coefficient{}, err
	}
	rankX, tiedX := ranks(x)
	rankY, tiedY := ranks(y)
	tied := 0
	for i := range x {
		if tiedX[i] || tiedY[i] {
			tied++
		}
	}
	mean := float64(len(x)+1) / 2
	var xy, xx, yy float64
	for i := range x {
		dx, dy := rankX[i]-mean, rankY[i]-mean
		xy += dx * dy
		xx += dx * dx
		yy += dy * dy
	}
	if xx == 0 || yy == 0 {
		return Coefficient{}, fmt.Errorf("%d equal values: two different ones are needed", len(x))
	}
	return Coefficient{Name: "Spearman's rho", Value: xy / math.Sqrt(xx*yy), N: len(x), Unit: unit, Tied: tied}, nil
}

// ranks are the ranks of values from 1, ties at their mean rank.
func ranks(values []float64) (rank []float64, tied []bool) {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	rank, tied = make([]float64, len(values)), make([]bool, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			rank[i], tied[i] = float64(from+1+to)/2, to-from > 1
		}
		from = to
	}
	return rank, tied
}
