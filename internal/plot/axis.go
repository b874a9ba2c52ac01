package plot

import "math"

// axis maps values to positions.
type axis struct {
	low, high float64 // values
	from, to  float64 // positions of low and high
	log       bool
}

// newAxis holds all values with a little room at both ends.
func newAxis(values []float64, log bool) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) || log && v <= 0 {
			continue
		}
		low, high = min(low, v), max(high, v)
	}
	switch {
	case low > high:
		low, high = 0, 1
		if log {
			low, high = 1, 10
		}
	case log:
		room := math.Pow(max(high/low, 1.2), 0.06)
		low, high = low/room, high*room
	default:
		room := (high - low) * 0.06
		if room == 0 {
			room = max(math.Abs(high)*0.1, 0.001)
		}
		low, high = low-room, high+room
	}
	return axis{low: low, high: high, log: log}
}

func (a axis) at(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(max(v, a.low/2))
	}
	return a.from + (v-low)/(high-low)*(a.to-a.from)
}

// ticks are round values inside the axis, about n of them.
func (a axis) ticks(n int) []float64 {
	if a.log {
		return a.logTicks(n)
	}
	step := math.Pow(10, math.Floor(math.Log10((a.high-a.low)/float64(n))))
	for _, f := range []float64{1, 2, 5, 10} {
		if (a.high-a.low)/(step*f) <= float64(n) {
			step *= f
			break
		}
	}
	var ticks []float64
	for i := math.Ceil(a.low / step); i*step <= a.high; i++ {
		ticks = append(ticks, i*step+0) // + 0 makes -0 0
	}
	return ticks
}

func (a axis) logTicks(n int) []float64 {
	for _, factors := range [][]float64{{1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1, 3}, {1}} {
		var ticks []float64
		for e := math.Floor(math.Log10(a.low)); e <= math.Ceil(math.Log10(a.high)); e++ {
			for _, f := range factors {
				if v := f * math.Pow(10, e); v >= a.low && v <= a.high {
					ticks = append(ticks, v)
				}
			}
		}
		if len(ticks) <= n || len(factors) == 1 {
			return ticks
		}
	}
	return nil
}
