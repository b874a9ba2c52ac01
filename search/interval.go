package search

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/stats"
)

// Interval is a mean with its 95 % interval, as package stats makes it:
// clustered, and never of no width. Where there is no interval, because all
// scores are of one unit, it spans the whole range: nothing is known.
type Interval struct {
	Mean     float64 `json:"mean"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	N        int     `json:"n"`        // probes
	Clusters int     `json:"clusters"` // independent units among them
	Unit     string  `json:"unit"`     // what is independent: a document, or a probe
}

// String returns "0.9731 [0.9610, 0.9852] n=72 by document (9)".
func (v Interval) String() string {
	s := fmt.Sprintf("%.4f [%.4f, %.4f] n=%d by %s", v.Mean, v.Low, v.High, v.N, v.Unit)
	if v.Clusters != v.N {
		s += fmt.Sprintf(" (%d)", v.Clusters)
	}
	return s
}

// MarshalJSON writes null for an interval of nothing: unscored is not 0.
func (v Interval) MarshalJSON() ([]byte, error) {
	if v.N == 0 {
		return []byte("null"), nil
	}
	type plain Interval
	return json.Marshal(plain(v))
}

// intervalOf is an estimate of values from lo to hi.
func intervalOf(e stats.Estimate, lo, hi float64) Interval {
	v := Interval{e.Value, e.Low, e.High, e.N, e.Clusters, e.Unit}
	if e.N == 0 {
		v.Mean = math.NaN()
	}
	if e.NoInterval != "" {
		v.Low, v.High = lo, hi
	}
	return v
}

// byProbe takes each probe to be independent. The search decides by it which
// configs it goes on with: that is about the probes at hand, and the difference
// of two configs on one probe takes most of what a document's probes have in
// common out. A decision that is wrong by chance costs an evolutionary search,
// which comes by the same place again, less than wider intervals would.
var byProbe = stats.NewClusters(nil, "probe")

// meanOf is the interval of the mean of scores, by probe.
func meanOf(scores []float64) Interval { return intervalOf(byProbe.Score(scores), 0, 1) }

// pairedDiff is the interval of the mean of a[i]-b[i] over the probes that both
// have scored, by probe. Probes differ far more than configs do, and the
// difference takes the probe out.
func pairedDiff(a, b []float64) Interval { return intervalOf(byProbe.PairedScore(a, b), -1, 1) }

// clustersOf are the probes of a list by document, as what the search publishes
// is clustered. Probes that name no document are independent.
func clustersOf(infos []probe.Info, list []int) *stats.Clusters {
	names := make([]string, len(list))
	unit := "probe"
	for i, probe := range list {
		if names[i] = infos[probe].Document; names[i] != "" {
			unit = "document"
		} else {
			names[i] = fmt.Sprintf("probe %d", probe)
		}
	}
	return stats.NewClusters(names, unit)
}
