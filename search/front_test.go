package search

import (
	"math"
	"math/rand"
	"slices"
	"testing"
)

func TestHypervolume(t *testing.T) {
	ref := Point{1, 0.5}
	for _, c := range []struct {
		points []Point
		want   float64
	}{
		{nil, 0},
		{[]Point{{3, 0.75}}, 0.5},
		{[]Point{{3, 0.75}, {2, 1}}, 0.75},
		{[]Point{{2, 1}, {3, 0.75}, {2, 0.75}, {3, 0.75}}, 0.75},
		{[]Point{{0.5, 1}, {9, 0.5}, {9, 0.2}}, 0},
	} {
		if got := Hypervolume(c.points, ref); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v: %v, want %v", c.points, got, c.want)
		}
	}
}

// The area counted on a raster of samples agrees.
func TestHypervolumeByCounting(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 50 {
		points := make([]Point, 1+rng.Intn(12))
		for i := range points {
			points[i] = Point{float64(rng.Intn(40)), float64(rng.Intn(40))}
		}
		cells := 0
		for x := range 40 {
			for y := range 40 {
				if slices.ContainsFunc(points, func(p Point) bool { return p.CharsPerToken > float64(x) && p.Accuracy > float64(y) }) {
					cells++
				}
			}
		}
		if got := Hypervolume(points, Point{}); math.Abs(got-float64(cells)) > 1e-9 {
			t.Fatalf("%v: %v, want %d", points, got, cells)
		}
	}
}

// Rank by peeling off one front after the other.
func TestParetoRanks(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for range 200 {
		points := make([]Point, 1+rng.Intn(15))
		for i := range points {
			points[i] = Point{float64(rng.Intn(6)), float64(rng.Intn(6))}
		}
		want := make([]int, len(points))
		left := make(map[int]bool)
		for i := range points {
			left[i] = true
		}
		for rank := 0; len(left) > 0; rank++ {
			var layer []int
			for i := range left {
				beaten := false
				for j := range left {
					beaten = beaten || points[j].dominates(points[i])
				}
				if !beaten {
					layer = append(layer, i)
				}
			}
			for _, i := range layer {
				want[i] = rank
				delete(left, i)
			}
		}
		if got := paretoRanks(points); !slices.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", points, got, want)
		}
	}
}

func TestKnee(t *testing.T) {
	for _, c := range []struct {
		front []Point
		want  int
	}{
		{[]Point{{5, 0.9}}, 0},
		{[]Point{{5, 0.99}, {9, 0.98}, {10, 0.5}}, 1},
		{[]Point{{5, 0.99}, {6, 0.6}, {10, 0.5}}, 0},
	} {
		if got := knee(c.front); got != c.want {
			t.Errorf("%v: %d, want %d", c.front, got, c.want)
		}
	}
}

// Quantiles of Student's t at 0.975, one-sided, from any table.
func TestStudentQuantile(t *testing.T) {
	for df, want := range map[int]float64{1: 12.706, 2: 4.303, 3: 3.182, 7: 2.365, 8: 2.306, 23: 2.069, 71: 1.994, 1000: 1.962} {
		if got := studentQuantile(df); math.Abs(got-want) > 1e-3 {
			t.Errorf("df %d: %.4f, want %.3f", df, got, want)
		}
	}
}

// Of intervals of the mean of scores with a known mean, 95 in 100 hold it.
func TestIntervalCoverage(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	missed, runs := 0, 4000
	for range runs {
		x := make([]float64, 8)
		for i := range x {
			x[i] = clamp(0.6+0.1*rng.NormFloat64(), 0, 1)
		}
		if v := meanOf(x, 0, 1); v.Low > 0.6 || v.High < 0.6 {
			missed++
		}
	}
	if rate := float64(missed) / float64(runs); rate < 0.04 || rate > 0.06 {
		t.Errorf("%.4f of the intervals miss the mean, want 0.05", rate)
	}
}

func TestUnscoredIsNotZero(t *testing.T) {
	v := meanOf([]float64{1, math.NaN(), 1}, 0, 1)
	if v.Mean != 1 || v.N != 2 {
		t.Errorf("got %v", v)
	}
	if none, err := meanOf([]float64{math.NaN()}, 0, 1).MarshalJSON(); string(none) != "null" || err != nil {
		t.Errorf("an interval of nothing is %s, %v", none, err)
	}
}

func TestProbeOrderMixesStrata(t *testing.T) {
	var infos []ProbeInfo
	for i := range 90 {
		infos = append(infos, ProbeInfo{Stratum: []string{"prose", "prose", "code"}[i/30], HeldOut: i%10 == 0})
	}
	order, heldOut := probeOrder(infos, 5)
	if len(heldOut) != 9 || len(order) != 81 {
		t.Fatalf("%d and %d held out", len(order), len(heldOut))
	}
	for _, n := range []int{9, 24, 48} {
		prose := 0
		for _, i := range order[:n] {
			if infos[i].HeldOut {
				t.Errorf("probe %d is held out", i)
			}
			if infos[i].Stratum == "prose" {
				prose++
			}
		}
		if want := n * 2 / 3; prose < want-1 || prose > want+1 {
			t.Errorf("%d of the first %d are prose, want %d", prose, n, want)
		}
	}
}
