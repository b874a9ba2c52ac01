package calibrate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/vision"
)

// runKind names the kind of a calibration's directory, with the version of its
// events.
const runKind = "glyph-calibrate/1"

// maxEvent is the longest line of a journal in bytes.
const maxEvent = 1 << 20

// identity is what a calibration is a function of, besides the readings.
type identity struct {
	Reader    string          `json:"reader"`
	Base      configs.Config  `json:"base"`
	Model     *vision.Profile `json:"model"`
	Sample    string          `json:"sample_sha256"`
	Threshold float64         `json:"threshold"`
	MinPx     float64         `json:"min_px"`
	MaxPx     float64         `json:"max_px"`
	Calls     int             `json:"calls"`
	Seed      uint64          `json:"seed"`
}

// event is a line of the journal: a chart that was read, or without errors what
// was spent on one that was not.
type event struct {
	Chart     int             `json:"chart"`
	Px        float64         `json:"px"`
	Errors    []metric.Errors `json:"errors"` // by row
	Resampled bool            `json:"resampled,omitempty"`
	Spent     llm.Bill        `json:"spent,omitzero"` // on it, whether it was read or not
}

// open goes on with the calibration in Options.Dir, or begins one.
func (m *measurement) open() (err error) {
	sample := sha256.New()
	for _, d := range m.o.Sample {
		text, err := d.Open()
		if err == nil {
			_, err = io.Copy(sample, text)
			err = errors.Join(err, text.Close())
		}
		if err != nil {
			return fmt.Errorf("reading %q: %w", d.Name, err)
		}
		fmt.Fprintf(sample, "\n%q\n", d.Name)
	}
	m.kept = map[int]event{}
	m.run, err = runs.Open(m.o.Dir, runs.Identity{Kind: runKind, Params: identity{
		Reader: m.o.Reader.Name(), Base: m.o.Base, Model: m.o.Model, Sample: hex.EncodeToString(sample.Sum(nil)),
		Threshold: m.o.Threshold, MinPx: m.o.MinPx, MaxPx: m.o.MaxPx, Calls: m.o.Calls, Seed: m.o.Seed,
	}}, runs.Options{Limit: maxEvent, Learn: m.learn, Own: []string{runs.ResponsesDir}})
	return err
}

func (m *measurement) learn(line []byte) error {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	m.spent = m.spent.Plus(e.Spent)
	if e.Errors == nil && e.Spent != (llm.Bill{}) {
		return nil
	}
	if e.Chart < 0 || e.Chart >= len(m.charts) || len(e.Errors) != len(m.charts[e.Chart].rows) {
		return fmt.Errorf("chart %d with %d rows; accepted: charts from 0 to %d with all their rows", e.Chart, len(e.Errors), len(m.charts)-1)
	}
	m.kept[e.Chart] = e
	return nil
}
