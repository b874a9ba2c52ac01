package search

import (
	"cmp"
	"math"
	"slices"
)

// Point is a config seen as its two objectives; more is better in both.
type Point struct {
	CharsPerToken float64 `json:"chars_per_token"`
	Accuracy      float64 `json:"accuracy"` // 0..1
}

// dominates reports whether p is at least as good as q in both objectives and
// better in one.
func (p Point) dominates(q Point) bool {
	return p.CharsPerToken >= q.CharsPerToken && p.Accuracy >= q.Accuracy && p != q
}

// hypervolume returns the area that points dominate above ref, exactly. Points
// that are not better than ref in both objectives add nothing.
func hypervolume(points []Point, ref Point) float64 {
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(a, b Point) int {
		return cmp.Or(cmp.Compare(b.CharsPerToken, a.CharsPerToken), cmp.Compare(b.Accuracy, a.Accuracy))
	})
	area, floor := 0.0, ref.Accuracy
	for _, p := range sorted {
		if p.CharsPerToken > ref.CharsPerToken && p.Accuracy > floor {
			area += float64((p.CharsPerToken - ref.CharsPerToken) * (p.Accuracy - floor))
			floor = p.Accuracy
		}
	}
	return area
}

// paretoRanks returns for every point how many layers of the front lie above
// it: 0 for the front itself (Deb et al., NSGA-II, 2002).
func paretoRanks(points []Point) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(points[b].CharsPerToken, points[a].CharsPerToken), cmp.Compare(points[b].Accuracy, points[a].Accuracy))
	})
	ranks := make([]int, len(points))
	// In this order only an earlier point can dominate a later one, and a
	// layer's last point is its most accurate.
	var tops []Point
	for _, i := range order {
		layer := 0
		for layer < len(tops) && tops[layer].dominates(points[i]) {
			layer++
		}
		if layer == len(tops) {
			tops = append(tops, points[i])
		}
		tops[layer], ranks[i] = points[i], layer
	}
	return ranks
}

// crowding returns the distance of every point to its neighbours in its own
// rank, infinite at the ends (NSGA-II).
func crowding(points []Point, ranks []int) []float64 {
	distance := make([]float64, len(points))
	layers := map[int][]int{}
	for i, r := range ranks {
		layers[r] = append(layers[r], i)
	}
	for _, layer := range layers {
		slices.SortStableFunc(layer, func(a, b int) int {
			return cmp.Or(cmp.Compare(points[a].CharsPerToken, points[b].CharsPerToken), cmp.Compare(points[b].Accuracy, points[a].Accuracy))
		})
		first, last := points[layer[0]], points[layer[len(layer)-1]]
		width := max(last.CharsPerToken-first.CharsPerToken, math.SmallestNonzeroFloat64)
		height := max(first.Accuracy-last.Accuracy, math.SmallestNonzeroFloat64)
		for k, i := range layer {
			if k == 0 || k == len(layer)-1 {
				distance[i] = math.Inf(1)
				continue
			}
			before, after := points[layer[k-1]], points[layer[k+1]]
			distance[i] = (after.CharsPerToken-before.CharsPerToken)/width + (before.Accuracy-after.Accuracy)/height
		}
	}
	return distance
}

// knee returns the index of the point of a front that lies farthest above the
// line through its two ends, both axes scaled to 0..1; the first on a tie.
// points must be a front in order of falling accuracy and not empty.
func knee(points []Point) int {
	a, b := points[0], points[len(points)-1]
	width, height := b.CharsPerToken-a.CharsPerToken, a.Accuracy-b.Accuracy
	best, at := math.Inf(-1), 0
	for i, p := range points {
		above := 0.0
		if width > 0 {
			above += (p.CharsPerToken - a.CharsPerToken) / width
		}
		if height > 0 {
			above += (p.Accuracy - b.Accuracy) / height
		}
		if above > best {
			best, at = above, i
		}
	}
	return at
}
