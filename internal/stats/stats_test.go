package stats

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v ± %v", what, got, want, tolerance)
	}
}

// Intervals of Newcombe, Stat. Med. 17 (1998), table I, method 3.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 0.8389, 1}} {
		e, err := Wilson(c.k, c.n, "probe")
		if err != nil {
			t.Fatal(err)
		}
		near(t, e.String()+" low", e.Low, c.low, 5e-5)
		near(t, e.String()+" high", e.High, c.high, 5e-5)
	}
	for _, c := range [][2]int{{0, 0}, {-1, 2}, {3, 2}, {0, -1}} {
		if _, err := Wilson(c[0], c[1], "probe"); err == nil {
			t.Errorf("Wilson(%d, %d) accepted", c[0], c[1])
		}
	}
}

func TestEstimatePrintsItsNAndUnit(t *testing.T) {
	for _, c := range []struct {
		e    Estimate
		want string
	}{
		{Estimate{Value: 0.912, Low: 0.88, High: 0.936, N: 312, Clusters: 312, Unit: "document", Percent: true}, "91.2 % [88.0, 93.6] n=312 by document"},
		{Estimate{Value: 0.5, Low: 0.25, High: 0.75, N: 60, Clusters: 6, Unit: "document", Percent: true}, "50.0 % [25.0, 75.0] n=60 by document (6)"},
		{Estimate{Value: 2.25, N: 3, Clusters: 1, Unit: "book", NoInterval: "only one book"}, "2.25 [no interval: only one book] n=3 by book (1)"},
		{Estimate{Value: 1, Low: 1, High: 2, N: 4, Clusters: 4, Unit: "page", Undefined: 7}, "1 [1, 2] n=4 by page, 7 resamples undefined"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Critical values of the usual tables.
func TestStudent(t *testing.T) {
	for df, want := range map[float64]float64{1: 12.7062, 2: 4.3027, 5: 2.5706, 10: 2.2281, 30: 2.0423, 1000: 1.9623} {
		near(t, "t with df "+strconv.Itoa(int(df)), bisectT(df), want, 6e-5)
	}
}

func TestMeanIsClustered(t *testing.T) {
	// By hand: residuals of the clusters 1, -1 and 0, so sqrt(3/2·2)/6.
	e, err := Mean([]Observation{{"a", 1}, {"b", 0}, {"a", 1}, {"c", 1}, {"b", 0}, {"c", 0}}, "document")
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", e.Value, 0.5, 1e-12)
	near(t, "standard error", e.StdErr, math.Sqrt(3)/6, 1e-12)
	near(t, "low", e.Low, 0.5-4.30265*math.Sqrt(3)/6, 1e-5)
	if e.N != 6 || e.Clusters != 3 {
		t.Errorf("n=%d in %d clusters, want 6 in 3", e.N, e.Clusters)
	}
	// Alone in its cluster each: the usual standard error, sqrt(2.5/5).
	e, _ = Mean([]Observation{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}}, "document")
	near(t, "standard error of independent values", e.StdErr, math.Sqrt(0.5), 1e-12)

	if e, err = Mean([]Observation{{"a", 1}, {"a", 0}}, "document"); err != nil || e.NoInterval == "" {
		t.Errorf("one cluster: %v, %v; want no interval", e, err)
	}
	if e, _ = Score([]Observation{{"a", 1}, {"b", 0.9}}, "document"); e.High > 1 || e.Low < 0 {
		t.Errorf("score %v leaves 0 to 100 %%", e)
	}
	for _, bad := range [][]Observation{nil, {{"a", math.NaN()}}, {{"a", math.Inf(1)}}} {
		if _, err := Mean(bad, "document"); err == nil {
			t.Errorf("Mean(%v) accepted", bad)
		}
	}
}

func TestPairedDifferencesAreSharperThanIntervals(t *testing.T) {
	var pairs []Pair
	var a, b []Observation
	for i := range 40 {
		document := strconv.Itoa(i)
		x := float64(i%10) / 10
		pairs = append(pairs, Pair{document, x + 0.05, x})
		a, b = append(a, Observation{document, x + 0.05 + float64(i%2)/100}), append(b, Observation{document, x})
		pairs[i].A = a[i].Value
	}
	meanA, _ := Mean(a, "document")
	meanB, _ := Mean(b, "document")
	if !meanA.Ties(meanB) || !meanB.Ties(meanA) {
		t.Errorf("%v and %v: want a tie", meanA, meanB)
	}
	d, err := PairedMean(pairs, "document")
	if err != nil || !d.ExcludesZero() {
		t.Errorf("difference %v, %v: want an interval above 0", d, err)
	}
	near(t, "difference", d.Value, 0.055, 1e-12)
	for _, method := range []Method{Percentile, BCa} {
		boot, err := PairedBootstrap(pairs, Resampling{Seed: 1, Method: method, Unit: "document"})
		if err != nil || !boot.ExcludesZero() {
			t.Errorf("%s %v, %v: want an interval above 0", method, boot, err)
		}
		near(t, string(method)+" low", boot.Low, d.Low, 0.001)
		near(t, string(method)+" high", boot.High, d.High, 0.001)
	}
}

func TestTies(t *testing.T) {
	at := func(low, high float64) Estimate { return Estimate{Low: low, High: high} }
	for _, c := range []struct {
		a, b Estimate
		want bool
	}{
		{at(0, 1), at(0.5, 2), true}, {at(0, 1), at(1, 2), true}, {at(0, 1), at(1.01, 2), false},
		{at(0, 1), Estimate{NoInterval: "only one document"}, true}, {at(0, 3), at(1, 2), true},
	} {
		if c.a.Ties(c.b) != c.want || c.b.Ties(c.a) != c.want {
			t.Errorf("%v and %v: tie is not %v", c.a, c.b, c.want)
		}
	}
}

// The spatial test data of Efron and Tibshirani, table 14.1; the acceleration
// of its variance is 0.061 there.
func TestBCaAcceleration(t *testing.T) {
	var clusters [][]float64
	for _, s := range strings.Fields("48 36 20 29 42 42 20 42 22 41 45 14 6 0 33 28 34 4 32 24 47 41 24 26 30 41") {
		v, _ := strconv.ParseFloat(s, 64)
		clusters = append(clusters, []float64{v})
	}
	variance := func(values []float64) float64 {
		var sum, squares float64
		for _, v := range values {
			sum += v
		}
		mean := sum / float64(len(values))
		for _, v := range values {
			squares += (v - mean) * (v - mean)
		}
		return squares / float64(len(values))
	}
	near(t, "acceleration", jackknife(clusters, variance), 0.061, 5e-4)
	percentile, _ := Bootstrap(clusters, variance, Resampling{Seed: 3, Resamples: 4000, Unit: "child"})
	bca, err := Bootstrap(clusters, variance, Resampling{Seed: 3, Resamples: 4000, Method: BCa, Unit: "child"})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "variance", bca.Value, 171.5, 0.05)
	if bca.Low <= percentile.Low || bca.High <= percentile.High {
		t.Errorf("BCa %v is not to the right of percentile %v, as the skew asks for", bca, percentile)
	}
}

func TestBootstrapDependsOnTheSeedAlone(t *testing.T) {
	var fractions []Fraction
	for i := range 30 {
		fractions = append(fractions, Fraction{strconv.Itoa(i / 3), float64(i % 7), float64(10 + i%5)})
	}
	first, err := Ratio(fractions, Resampling{Seed: 7, Unit: "document"})
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Ratio(fractions, Resampling{Seed: 7, Unit: "document"}); again != first {
		t.Errorf("%v, then %v", first, again)
	}
	if other, _ := Ratio(fractions, Resampling{Seed: 8, Unit: "document"}); other == first {
		t.Errorf("seeds 7 and 8 both give %v", first)
	}
	if !(first.Low < first.Value && first.Value < first.High) || first.N != 30 || first.Clusters != 10 {
		t.Errorf("%+v", first)
	}
}

func TestBootstrapCountsUndefinedResamples(t *testing.T) {
	fractions := []Fraction{{"a", 0, 0}, {"b", 1, 2}, {"c", 1, 2}}
	e, err := Ratio(fractions, Resampling{Unit: "page"})
	if err != nil || e.Undefined == 0 || !strings.Contains(e.String(), "undefined") {
		t.Errorf("%v, %v: want undefined resamples counted", e, err)
	}
	for name, r := range map[string]Resampling{"method": {Method: "jackknife"}, "few": {Resamples: 3}} {
		if _, err := Ratio(fractions, r); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Ratio(nil, Resampling{}); err == nil {
		t.Error("no observations accepted")
	}
	if _, err := Ratio([]Fraction{{"a", 1, 0}}, Resampling{}); err == nil {
		t.Error("nothing to divide by accepted")
	}
}

func TestCrossing(t *testing.T) {
	var levels []Level
	for size, errs := range map[float64][]float64{12: {1, 1, 1, 1}, 8: {3, 2, 4, 3}, 6: {9, 8, 10, 9}, 5: {2, 2, 2, 2}} {
		l := Level{Size: size}
		for i, e := range errs {
			l.Fractions = append(l.Fractions, Fraction{"strip " + strconv.Itoa(i), e, 100})
		}
		levels = append(levels, l)
	}
	slices.SortFunc(levels, func(a, b Level) int { return int(a.Size - b.Size) })
	// By hand: a third of the way from 8 to 6 in the logarithm.
	e, err := Crossing(levels, 0.05, Resampling{Seed: 1, Unit: "strip"})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "size", e.Value, 8*math.Cbrt(0.75), 1e-12)
	if !(e.Low < e.Value && e.Value < e.High && e.Low >= 6 && e.High <= 8) {
		t.Errorf("interval of %v", e)
	}
	if e.Clusters != 4 {
		t.Errorf("%d clusters, want 4 strips drawn at all sizes together", e.Clusters)
	}
	for _, threshold := range []float64{0.001, 0.5} {
		if _, err := Crossing(levels, threshold, Resampling{Unit: "strip"}); !errors.Is(err, ErrNotCrossed) {
			t.Errorf("threshold %v: %v, want ErrNotCrossed", threshold, err)
		}
	}
	for name, bad := range map[string][]Level{"none": nil, "twice": {{Size: 1}, {Size: 1}}, "negative": {{Size: -1}}, "empty": {{Size: 1}, {Size: 2}}} {
		if _, err := Crossing(bad, 0.05, Resampling{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestKappa(t *testing.T) {
	// 20 times both yes, 15 both no, 5 and 10 apart: 0.7 observed, 0.5 by chance.
	var a, b []string
	for pair, n := range map[[2]string]int{{"y", "y"}: 20, {"y", "n"}: 5, {"n", "y"}: 10, {"n", "n"}: 15} {
		for range n {
			a, b = append(a, pair[0]), append(b, pair[1])
		}
	}
	k, err := Kappa(a, b, "answer")
	if err != nil {
		t.Fatal(err)
	}
	near(t, k.String(), k.Value, 0.4, 1e-12)
	for _, bad := range [][2][]string{{nil, nil}, {{"a"}, nil}, {{"a", "a"}, {"a", "a"}}} {
		if _, err := Kappa(bad[0], bad[1], "answer"); err == nil {
			t.Errorf("Kappa(%q) accepted", bad)
		}
	}
}

func TestSpearman(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y []float64
		want float64
		tied int
	}{
		{"no ties: 1 - 6·194/990", []float64{106, 100, 86, 101, 99, 103, 97, 113, 112, 110}, []float64{7, 27, 2, 50, 28, 29, 20, 12, 6, 17}, -29.0 / 165, 0},
		{"ties: ranks 1, 2.5, 2.5, 4 against 1 to 4", []float64{1, 2, 2, 3}, []float64{1, 2, 3, 4}, 4.5 / math.Sqrt(22.5), 2},
		{"opposite", []float64{1, 2, 3}, []float64{9, 8, 7}, -1, 0},
	} {
		s, err := Spearman(c.x, c.y, "answer")
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, s.Value, c.want, 1e-12)
		if s.Tied != c.tied {
			t.Errorf("%s: %d tied, want %d", c.name, s.Tied, c.tied)
		}
	}
	for _, bad := range [][2][]float64{{nil, nil}, {{1}, {1, 2}}, {{1, 1}, {1, 2}}, {{math.NaN(), 1}, {1, 2}}} {
		if _, err := Spearman(bad[0], bad[1], "answer"); err == nil {
			t.Errorf("Spearman(%v) accepted", bad)
		}
	}
}

// Krippendorff's example of four observers, twelve units and missing data.
func TestAlpha(t *testing.T) {
	var ratings [][]float64
	for _, row := range []string{"1 1 * 1", "2 2 3 2", "3 3 3 3", "3 3 3 3", "2 2 2 2", "1 2 3 4", "4 4 4 4", "1 1 2 1", "2 2 2 2", "* 5 5 5", "* * 1 1", "* 3 * *"} {
		var item []float64
		for _, s := range strings.Fields(row) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				v = math.NaN()
			}
			item = append(item, v)
		}
		ratings = append(ratings, item)
	}
	for scale, want := range map[Scale]float64{Nominal: 0.743, Ordinal: 0.815, Interval: 0.849} {
		a, err := Alpha(ratings, scale, "unit")
		if err != nil {
			t.Fatal(err)
		}
		near(t, a.String(), a.Value, want, 5e-4)
		if a.N != 11 {
			t.Errorf("n=%d, want the 11 items with two ratings", a.N)
		}
	}
	for name, bad := range map[string][][]float64{"none": nil, "alone": {{1}, {2}}, "equal": {{1, 1}}, "infinite": {{1, math.Inf(1)}}} {
		if _, err := Alpha(bad, Nominal, "unit"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Alpha(ratings, "ratio", "unit"); err == nil {
		t.Error("unknown scale accepted")
	}
}

// Clusters that all agree leave room for one that does not.
func TestAgreementIsNotCertainty(t *testing.T) {
	clusters := func(n int, value float64) (of []Observation, pairs []Pair) {
		for i := range 3 * n {
			of = append(of, Observation{string(rune('a' + i%n)), value})
			pairs = append(pairs, Pair{string(rune('a' + i%n)), value, 0})
		}
		return of, pairs
	}
	for _, test := range []struct {
		n                     int
		value                 float64
		low, high             float64 // of Score
		pairedLow, pairedHigh float64
	}{
		{2, 1, 0.3424, 1, -0.3152, 1},
		{10, 1, 0.7225, 1, 0.4449, 1},
		{10, 0, 0, 0.2775, -0.2775, 0.2775},
		{10, 0.9, 0.6502, 0.9278, 0.3727, 0.9278},
	} {
		of, pairs := clusters(test.n, test.value)
		e, err := Score(of, "document")
		if err != nil || math.Abs(e.Low-test.low) > 1e-4 || math.Abs(e.High-test.high) > 1e-4 || !strings.Contains(e.Method, "Wilson") {
			t.Errorf("%d clusters of %v: %s by %q, %v; want [%v, %v]", test.n, test.value, e, e.Method, err, test.low, test.high)
		}
		d, err := PairedScore(pairs, "document")
		if err != nil || math.Abs(d.Low-test.pairedLow) > 1e-4 || math.Abs(d.High-test.pairedHigh) > 1e-4 || !d.Percent {
			t.Errorf("%d clusters that differ by %v: %s, %v; want [%v, %v]", test.n, test.value, d, err, test.pairedLow, test.pairedHigh)
		}
		if w, err := Wilson(test.n, test.n, "document"); test.value == 1 && (err != nil || math.Abs(w.Low-e.Low) > 1e-12) {
			t.Errorf("%d clusters all right: from %v, Wilson has %v", test.n, e.Low, w.Low)
		}
	}
}
