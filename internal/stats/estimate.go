package stats

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Confidence is the coverage that every interval of the package aims at.
const Confidence = 0.95

var errEmpty = errors.New("no observations: at least one is needed")

// Estimate is a measured value with its 95 % confidence interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`

	// NoInterval says why there is no interval; Low and High are then 0.
	NoInterval string `json:"no_interval,omitempty"`

	N         int     `json:"n"`                // observations
	Clusters  int     `json:"clusters"`         // independent units among them
	Unit      string  `json:"unit"`             // what is independent, "document" for example
	Method    string  `json:"method"`           // how the interval was made
	Undefined int     `json:"undefined"`        // resamples without a value, left out of the interval
	Percent   bool    `json:"percent"`          // Value is a share, printed in per cent
	StdErr    float64 `json:"stderr,omitempty"` // standard error, where the method has one
}

// String is the value, its interval, n and the unit, such as
// "91.2 % [88.0, 93.6] n=312 by document". Where observations share a unit, the
// number of units follows in brackets.
func (e Estimate) String() string {
	value, interval := number(e.Value), "["+number(e.Low)+", "+number(e.High)+"]"
	if e.Percent {
		value, interval = percent(e.Value)+" %", "["+percent(e.Low)+", "+percent(e.High)+"]"
	}
	if e.NoInterval != "" {
		interval = "[no interval: " + e.NoInterval + "]"
	}
	s := fmt.Sprintf("%s %s n=%d by %s", value, interval, e.N, e.Unit)
	if e.Clusters != e.N {
		s += fmt.Sprintf(" (%d)", e.Clusters)
	}
	if e.Undefined > 0 {
		s += fmt.Sprintf(", %d resamples undefined", e.Undefined)
	}
	return s
}

// MarshalJSON writes null for an estimate of nothing: unscored is not 0.
func (e Estimate) MarshalJSON() ([]byte, error) {
	if e.N == 0 {
		return []byte("null"), nil
	}
	type plain Estimate
	return json.Marshal(plain(e))
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) }
func number(v float64) string  { return strconv.FormatFloat(v, 'g', 4, 64) }

// Ties reports whether the two are a tie: their intervals overlap or touch, or
// one has none. For two arms on the same probes PairedMean is the sharper
// question.
func (e Estimate) Ties(other Estimate) bool {
	if e.NoInterval != "" || other.NoInterval != "" {
		return true
	}
	return e.Low <= other.High && other.Low <= e.High
}

// ExcludesZero reports whether the whole interval lies on one side of 0, as
// that of a difference does when one arm is better.
func (e Estimate) ExcludesZero() bool {
	return e.NoInterval == "" && (e.Low > 0 || e.High < 0)
}

func finite(values ...float64) error {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("value %v: finite numbers are accepted; leave out what is unscored", v)
		}
	}
	return nil
}
