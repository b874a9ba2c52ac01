package stats_test

import (
	"fmt"

	"github.com/glyphkit/glyph/internal/stats"
)

// Two arms on the same probes: their intervals overlap, their difference is
// clear all the same.
func Example() {
	var image, hybrid []stats.Observation
	var pairs []stats.Pair
	for i, score := range []float64{0.52, 0.71, 0.64, 0.93, 0.80, 0.45} {
		document := fmt.Sprintf("book %d", i)
		gain := 0.03 + 0.01*float64(i%3)
		image = append(image, stats.Observation{Cluster: document, Value: score})
		hybrid = append(hybrid, stats.Observation{Cluster: document, Value: score + gain})
		pairs = append(pairs, stats.Pair{Cluster: document, A: score + gain, B: score})
	}
	a, _ := stats.Score(image, "document")
	b, _ := stats.Score(hybrid, "document")
	difference, _ := stats.PairedMean(pairs, "document")
	fmt.Println(a)
	fmt.Println(b)
	fmt.Println("tie:", a.Ties(b))
	fmt.Println(difference, difference.ExcludesZero())
	// Output:
	// 67.5 % [48.9, 86.1] n=6 by document
	// 71.5 % [53.3, 89.7] n=6 by document
	// tie: true
	// 0.04 [0.03061, 0.04939] n=6 by document true
}
