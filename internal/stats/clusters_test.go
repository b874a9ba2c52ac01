package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Clusters give what Score and PairedScore give, for any list, and leave out
// what has no score.
func TestClustersAreScore(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + rng.IntN(30)
		names := make([]string, n)
		a, b := make([]float64, n), make([]float64, n)
		var scores []Observation
		var pairs []Pair
		for i := range n {
			names[i] = fmt.Sprint(rng.IntN(5))
			a[i], b[i] = float64(rng.IntN(3))/2, float64(rng.IntN(3))/2
			if rng.IntN(4) == 0 {
				a[i] = math.NaN()
				continue
			}
			scores = append(scores, Observation{names[i], a[i]})
			pairs = append(pairs, Pair{names[i], a[i], b[i]})
		}
		c := NewClusters(names, "document")
		if len(scores) == 0 {
			if e := c.Score(a); e.N != 0 || e.NoInterval == "" {
				t.Errorf("of nothing: %+v", e)
			}
			continue
		}
		want, err := Score(scores, "document")
		if got := c.Score(a); err != nil || !alike(got, want) {
			t.Errorf("score %+v, want %+v, %v", got, want, err)
		}
		want, err = PairedScore(pairs, "document")
		if got := c.PairedScore(a, b); err != nil || !alike(got, want) {
			t.Errorf("paired score %+v, want %+v, %v", got, want, err)
		}
	}
}

// alike allows for sums in another order.
func alike(a, b Estimate) bool {
	for _, pair := range [][2]*float64{{&a.Value, &b.Value}, {&a.Low, &b.Low}, {&a.High, &b.High}, {&a.StdErr, &b.StdErr}} {
		if math.Abs(*pair[0]-*pair[1]) > 1e-12 {
			return false
		}
		*pair[0] = *pair[1]
	}
	return a == b
}

// Without names each observation is independent, and the first of a list can be
// taken alone.
func TestClustersWithoutNames(t *testing.T) {
	alone, named := NewClusters(nil, "probe"), NewClusters([]string{"a", "b", "c", "d", "d"}, "probe")
	scores := []float64{0.5, 1, 0.25, 0.75}
	if a, b := alone.Score(scores), named.Score(scores); a != b || a.Clusters != 4 {
		t.Errorf("%+v and %+v", a, b)
	}
	if e := alone.Score([]float64{1, 1, 1}); e.Low > 0.5 || e.High != 1 {
		t.Errorf("three that agree: %s", e)
	}
	defer func() {
		if recover() == nil {
			t.Error("more scores than the list has")
		}
	}()
	named.Score(make([]float64, 6))
}

func TestEstimateOfNothingIsNull(t *testing.T) {
	data, err := json.Marshal(map[string]any{"none": NewClusters(nil, "probe").Score(nil), "one": Estimate{N: 1, Value: 0.5}})
	if err != nil || string(data[:13]) != `{"none":null,` || len(data) < 40 {
		t.Errorf("%s, %v", data, err)
	}
}
