package search

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/glyphkit/glyph/internal/search/probe"
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

// Of intervals of the mean of scores with a known mean, 95 in 100 hold it.
func TestIntervalCoverage(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	missed, runs := 0, 4000
	for range runs {
		x := make([]float64, 8)
		for i := range x {
			x[i] = min(max(0.6+0.1*rng.NormFloat64(), 0), 1)
		}
		if v := meanOf(x); v.Low > 0.6 || v.High < 0.6 {
			missed++
		}
	}
	if rate := float64(missed) / float64(runs); rate < 0.04 || rate > 0.06 {
		t.Errorf("%.4f of the intervals miss the mean, want 0.05", rate)
	}
}

// Probes that all agree, and probes of one document, do not make a candidate
// certain: what is published is by document and never of no width.
func TestPublishedIntervals(t *testing.T) {
	var infos []probe.Info
	var list []int
	perfect, uneven := make([]float64, 72), make([]float64, 72)
	for i := range 72 {
		document := i / 18
		infos, list = append(infos, probe.Info{Document: fmt.Sprint(document)}), append(list, i)
		perfect[i], uneven[i] = 1, 1-0.1*float64(document)
	}
	documents := clustersOf(infos, list)
	e := &entry{hash: "0123456789abcdef", scores: perfect}
	if a := e.candidate(documents).Accuracy; !(a.Low < 0.6) || a.High != 1 || a.N != 72 || a.Clusters != 4 || a.Unit != "document" {
		t.Errorf("four documents without an error: %s", a)
	}
	e.scores = uneven
	byDocument, byProbe := e.candidate(documents).Accuracy, e.accuracy()
	if byDocument.High-byDocument.Low < 3*(byProbe.High-byProbe.Low) {
		t.Errorf("probes of one document count as independent: %s by document, %s by probe", byDocument, byProbe)
	}
	if a := clustersOf(infos[:18], list[:18]).Score(uneven[:18]); intervalOf(a, 0, 1).Low != 0 || intervalOf(a, 0, 1).High != 1 {
		t.Errorf("one document: %s", intervalOf(a, 0, 1))
	}
	if v := pairedDiff(perfect[:8], uneven[64:]); v.Low > 0 || v.High < 0.3 {
		t.Errorf("eight equal differences: %s", v)
	}
}

func TestUnscoredIsNotZero(t *testing.T) {
	v := meanOf([]float64{1, math.NaN(), 1})
	if v.Mean != 1 || v.N != 2 {
		t.Errorf("got %v", v)
	}
	if none, err := meanOf([]float64{math.NaN()}).MarshalJSON(); string(none) != "null" || err != nil {
		t.Errorf("an interval of nothing is %s, %v", none, err)
	}
}

func TestProbeOrderMixesStrata(t *testing.T) {
	var infos []probe.Info
	for i := range 90 {
		infos = append(infos, probe.Info{Stratum: []string{"prose", "prose", "code"}[i/30], HeldOut: i%10 == 0})
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
