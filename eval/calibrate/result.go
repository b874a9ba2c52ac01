package calibrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/internal/stats"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

// unit is what the bootstrap takes to be independent. The lines of a chart
// share no string; a reader that loses its place in a chart makes them less
// independent than that.
const unit = "line"

// outcome says what was seen in the range of sizes.
type outcome string

// The outcomes.
const (
	crossed  outcome = "crossed"   // the CER crosses the threshold, and so does its interval
	open     outcome = "open"      // it crosses, but the interval reaches beyond the largest size
	allRead  outcome = "all read"  // the CER is at most the threshold at every size
	noneRead outcome = "none read" // the CER is above the threshold at the largest size already
)

// sizeLevel is what was read at one size.
type sizeLevel struct {
	Px         float64        `json:"px"`
	Charts     int            `json:"charts"`   // that were read
	Unscored   int            `json:"unscored"` // charts that were not
	CER        stats.Estimate `json:"cer"`      // of all lines
	Random     metric.Errors  `json:"random"`   // in lines of random strings
	Confusable metric.Errors  `json:"confusable"`
}

// unscoredCalls counts charts by the reason why they were not read.
type unscoredCalls struct {
	Reason string `json:"reason"`
	Charts int    `json:"charts"`
}

// pageArea is px² for a character of text, with the interval of the crossing.
type pageArea struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Result is a calibration. It is a function of Options and of what the reader
// read.
type Result struct {
	Version   string   `json:"version"` // of this toolkit
	Reader    string   `json:"reader"`
	Model     string   `json:"model,omitempty"` // "" if the page is that of the base config
	Fonts     []string `json:"fonts"`           // that drew the charts
	Base      string   `json:"base_sha256"`     // of the base config
	Seed      uint64   `json:"seed"`
	Threshold float64  `json:"threshold"`

	Levels    []sizeLevel     `json:"levels"` // largest first; without those of which nothing was read
	Calls     int             `json:"calls"`  // charts that the reader was asked for
	Unscored  []unscoredCalls `json:"unscored"`
	Resampled int             `json:"resampled"`      // charts that the model scaled before it looked
	Spent     llm.Bill        `json:"spent,omitzero"` // at the endpoint, on charts that were not read as well

	// Unfinished says that the calibration was interrupted: this is what follows
	// from the charts so far.
	Unfinished bool `json:"unfinished,omitempty"`

	Outcome  outcome         `json:"outcome"`
	Crossing *stats.Estimate `json:"crossing_px,omitempty"` // size of the em in px
	// AtCrossing is the advance of a character of the sample by the line height,
	// at the crossing: a·E·L with a the mean advance in em, E the em and L the
	// line height in px.
	AtCrossing *pageArea `json:"px2_per_character_at_crossing,omitempty"`

	// Px is the em of Preset: the upper end of the crossing's interval, in
	// tenths of a px upwards. If all was read it is the smallest size such that
	// there and above the interval of the CER is below the threshold. 0 if
	// there is none.
	Px     float64         `json:"px,omitempty"`
	Preset *configs.Config `json:"preset,omitempty"` // nil if Px is 0
	Sample string          `json:"sample,omitempty"` // what its page was chosen for
	Cost   *plan.Cost      `json:"cost,omitempty"`   // of the sample, if there is a model
	Gave   []string        `json:"gave,omitempty"`   // what had to give for the page
}

// level is the readings at one size.
type level struct {
	px       float64
	readings []reading
}

func (l level) errors() (sum metric.Errors) {
	for _, r := range l.readings {
		for _, e := range r.errors {
			sum.Distance += e.Distance
			sum.Length += e.Length
		}
	}
	return sum
}

func (l level) rate() float64 { return l.errors().Rate() }

// fractions are the lines, each with a name of its own.
func (l level) fractions() (all []stats.Fraction) {
	for _, r := range l.readings {
		for row, e := range r.errors {
			all = append(all, stats.Fraction{
				Cluster: fmt.Sprintf("%d/%d", r.chart, row), Numerator: float64(e.Distance), Denominator: float64(e.Length),
			})
		}
	}
	return all
}

// levels are the sizes at which something was read, largest first.
func (m *measurement) levels() []level {
	byPx := map[float64]*level{}
	for _, r := range m.readings {
		if r.errors == nil {
			continue
		}
		if byPx[r.px] == nil {
			byPx[r.px] = &level{px: r.px}
		}
		byPx[r.px].readings = append(byPx[r.px].readings, r)
	}
	var levels []level
	for _, l := range byPx {
		levels = append(levels, *l)
	}
	slices.SortFunc(levels, func(a, b level) int { return cmp.Compare(b.px, a.px) })
	return levels
}

// result is everything but the config.
func (m *measurement) result() (*Result, error) {
	r := &Result{
		Version: version.Module(), Reader: m.o.Reader.Name(), Fonts: m.fonts, Base: m.o.Base.Hash(), Seed: m.o.Seed, Threshold: m.o.Threshold,
		Calls: len(m.readings), Unscored: []unscoredCalls{}, Resampled: m.resampled, Spent: m.spent,
	}
	if m.o.Model != nil {
		r.Model = m.o.Model.Name
	}
	unscored, byReason := map[float64]int{}, map[string]int{}
	for _, reading := range m.readings {
		if reading.errors == nil {
			unscored[reading.px]++
			byReason[reading.unscored]++
		}
	}
	for reason, n := range byReason {
		r.Unscored = append(r.Unscored, unscoredCalls{reason, n})
	}
	slices.SortFunc(r.Unscored, func(a, b unscoredCalls) int {
		return cmp.Or(cmp.Compare(b.Charts, a.Charts), cmp.Compare(a.Reason, b.Reason))
	})
	levels := m.levels()
	if len(levels) == 0 && m.stopped != nil {
		return nil, m.stopped
	}
	if len(levels) == 0 {
		return nil, fmt.Errorf("none of %d charts was read: %s", len(m.readings), r.Unscored[0].Reason)
	}
	resampling := stats.Resampling{Seed: m.o.Seed, Unit: unit}
	var measured []stats.Level
	for _, l := range levels {
		fractions := l.fractions()
		cer, err := stats.Ratio(fractions, resampling)
		if err != nil {
			return nil, err
		}
		cer.Percent = true
		out := sizeLevel{Px: l.px, Charts: len(l.readings), Unscored: unscored[l.px], CER: cer}
		for _, reading := range l.readings {
			for row, e := range reading.errors {
				sum := &out.Random
				if row%2 == 1 {
					sum = &out.Confusable
				}
				sum.Distance += e.Distance
				sum.Length += e.Length
			}
		}
		r.Levels = append(r.Levels, out)
		measured = append(measured, stats.Level{Size: l.px, Fractions: fractions})
	}
	crossing, err := stats.Crossing(measured, m.o.Threshold, resampling)
	switch {
	case errors.Is(err, stats.ErrNotCrossed) && levels[0].rate() > m.o.Threshold:
		r.Outcome = noneRead
	case errors.Is(err, stats.ErrNotCrossed):
		r.Outcome = allRead
		for _, l := range r.Levels {
			if l.CER.High > m.o.Threshold {
				break
			}
			r.Px = l.Px
		}
	case err != nil:
		return nil, err
	default:
		r.Outcome, r.Crossing = crossed, &crossing
		if crossing.High >= levels[0].px {
			r.Outcome = open
		} else {
			r.Px = math.Ceil(crossing.High*10) / 10
		}
	}
	return r, nil
}

// choose makes the config, and prices it.
func (r *Result) choose(ctx context.Context, o *Options) error {
	advance, err := meanAdvance(ctx, o)
	if err != nil {
		return err
	}
	if r.Crossing != nil {
		leading := o.Base.LineHeight / o.Base.FontSize
		area := func(px float64) float64 { return advance * px * px * leading }
		r.AtCrossing = &pageArea{area(r.Crossing.Value), area(r.Crossing.Low), area(r.Crossing.High)}
	}
	if r.Px == 0 {
		return nil
	}
	cfg := sized(o.Base, r.Px)
	r.Sample = o.Sample[0].Name
	if n := len(o.Sample); n > 1 {
		r.Sample = fmt.Sprintf("%d documents", n)
	}
	if o.Model == nil {
		r.Preset = &cfg
		return cfg.Validate()
	}
	p, err := plan.Solve(ctx, plan.Ask{Model: o.Model, Base: cfg, Options: o.Render, Tokenizers: o.Tokenizers}, o.Sample)
	if err != nil {
		return err
	}
	r.Preset, r.Cost, r.Gave = &p.Config, &p.Cost, p.Gave
	return nil
}

// meanAdvance is the advance width of a character of the sample in em, newlines
// and the space at line ends included.
func meanAdvance(ctx context.Context, o *Options) (float64, error) {
	const px = 20.0 // large enough for widths in whole px
	cfg := sized(o.Base, px)
	cfg.Alignment = configs.AlignLeft
	cfg.PageSize = configs.Size{Width: 60 * cfg.FontSize, Height: 80 * cfg.FontSize}
	cfg.MarginX, cfg.MarginY, cfg.Columns, cfg.PatchSize = 0, 0, 1, 0
	renderer, err := render.New(cfg, o.Render)
	if err != nil {
		return 0, err
	}
	width, characters := 0, 0
	for _, d := range o.Sample {
		err := func() error {
			text, err := d.Open()
			if err != nil {
				return err
			}
			defer text.Close()
			for page, err := range renderer.Measure(ctx, d.Name, text) {
				if err != nil {
					return err
				}
				characters += page.Runes
				for _, l := range page.Lines {
					width += l.Width
				}
			}
			return nil
		}()
		if err != nil {
			return 0, fmt.Errorf("measuring %q: %w", d.Name, err)
		}
	}
	return float64(width) / float64(characters) / px, nil
}
