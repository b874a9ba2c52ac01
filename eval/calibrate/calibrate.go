package calibrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// The defaults of Options. The threshold is that of the published acuity tests
// of vision-language models. The sizes reach from type that no reader is known
// to read to type that every reader does.
const (
	defaultThreshold = 0.05

	defaultMinPx = 4.0
	defaultMaxPx = 20.0
	defaultCalls = 20
)

const (
	// maxStep is the largest ratio of two sizes of the first sweep: a reader goes
	// from 0 to all characters wrong within a factor of about 2.
	maxStep = 1.26

	// minSpread keeps two sizes apart, as they are rounded to tenths of a px.
	minSpread = 1.5

	// rounds of refinement: a step of the sweep is parted in three, and the
	// third with the crossing once more. The curve bends where it leaves 0, so
	// that interpolation over a whole step is biased by up to 5 %.
	rounds = 2

	// confirmations is how many charts a round reads at the end of the range when
	// nothing has crossed.
	confirmations = 2

	maxPx    = 100.0
	maxCalls = 1000
)

// Defaults returns options with the effort that zero fields stand for.
func Defaults() Options {
	return Options{Threshold: defaultThreshold, MinPx: defaultMinPx, MaxPx: defaultMaxPx, Calls: defaultCalls}
}

// Options say what is calibrated, and with which effort.
type Options struct {
	Reader read.Reader

	// Base is the config whose face, colours, margins, leading and notation are
	// kept. Its face has to be an outline font.
	Base configs.Config

	// Model is what the pages are made for: charts that it does not resample,
	// and the page that costs it the fewest tokens. Nil keeps Base's page.
	Model *vision.Profile

	// Sample is text of the kind that the config is for; nil is plain English
	// of 32 kB. The page is chosen for it. Charts do not depend on it.
	Sample []plan.Document

	// Threshold is the CER up to which type counts as read, between 0 and 1; 0 is
	// the default. It has to be well above what the reader misreads at any
	// size: engines that know no context take I for l and 0 for O, and have a
	// CER of about 5 % however large the charts are.
	Threshold float64

	MinPx, MaxPx float64 // em sizes in px to measure between; 0 is the default
	Calls        int     // charts to read at most; 0 is the default
	Workers      int     // charts read at once; 0 is GOMAXPROCS
	Seed         uint64  // of the charts and of the bootstrap

	Render     render.Options
	Tokenizers map[string]tokens.Counter // of the user's own, see plan.CounterFor

	// Dir is the directory that keeps what was read; "" keeps nothing. The same
	// options go on with what it has, others are refused.
	Dir string

	// Progress is told of each chart that was read or given up, from one
	// goroutine at a time; it may be nil. Its total is the most charts there
	// will be.
	Progress func(runs.Progress)
}

// complete checks o and fills in defaults.
func (o *Options) complete() error {
	if o.Threshold == 0 {
		o.Threshold = defaultThreshold
	}
	if o.MinPx == 0 {
		o.MinPx = defaultMinPx
	}
	if o.MaxPx == 0 {
		o.MaxPx = defaultMaxPx
	}
	if o.Calls == 0 {
		o.Calls = defaultCalls
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if !(o.Threshold > 0 && o.Threshold < 1) {
		return fmt.Errorf("a threshold of %v: accepted are CERs above 0 and below 1", o.Threshold)
	}
	if !(o.MinPx >= configs.MinFontPixels) || !(o.MaxPx <= maxPx) || !(o.MaxPx >= minSpread*o.MinPx) {
		return fmt.Errorf("sizes from %v to %v px: accepted are %v to %v px, the largest at least %v times the smallest",
			o.MinPx, o.MaxPx, float64(configs.MinFontPixels), maxPx, minSpread)
	}
	if least := len(sweep(o.MinPx, o.MaxPx)); o.Calls < least || o.Calls > maxCalls {
		return fmt.Errorf("%d calls for sizes from %v to %v px: accepted are %d to %d", o.Calls, o.MinPx, o.MaxPx, least, maxCalls)
	}
	return nil
}

// Run calibrates a reader. A first sweep has one chart at each of about eight
// sizes; the other calls go to sizes around the crossing, or to the end of the
// range that it lies beyond. The same options and readings give the same result
// with any number of workers.
//
// A chart that the reader fails to read is unscored and counted by its reason.
// After an error that further calls would meet as well (the budget of a chat
// client is spent, the key is wrong, the endpoint is not there) no more calls
// are made. It is an error if no chart at all was read, if ctx ends, and if
// Options are not accepted; that is found before the first call. With the end of
// ctx comes what follows from the charts so far, without a config, if any was
// read.
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.complete(); err != nil {
		return nil, fmt.Errorf("calibrating: %w", err)
	}
	if o.Sample == nil {
		sample, err := englishSample(o.Seed)
		if err != nil {
			return nil, fmt.Errorf("calibrating: %w", err)
		}
		o.Sample = sample
	}
	charts, err := newCharts(o.Seed, o.Calls)
	if err != nil {
		return nil, err
	}
	m := &measurement{o: &o, charts: charts}
	m.ask = m.show
	if err := m.check(ctx); err != nil {
		return nil, fmt.Errorf("calibrating: %w", err)
	}
	if err := m.open(); err != nil {
		return nil, fmt.Errorf("calibrating %s: %w", o.Reader.Name(), err)
	}
	defer m.run.Close() // each event was synced
	if err := m.measure(ctx); err != nil {
		r, noResult := m.result()
		if ctx.Err() == nil || noResult != nil {
			r = nil
		} else {
			r.Unfinished = true
		}
		return r, fmt.Errorf("calibrating %s: %w", o.Reader.Name(), err)
	}
	r, err := m.result()
	if err != nil {
		return nil, fmt.Errorf("calibrating %s: %w", o.Reader.Name(), err)
	}
	if err := r.choose(ctx, &o); err != nil {
		return nil, fmt.Errorf("making a config of %v px: %w", r.Px, err)
	}
	return r, nil
}

// measurement is what was read so far.
type measurement struct {
	o      *Options
	charts []chart
	// ask returns what a chart at a size in px is read as, and whether the model
	// scaled it before it looked.
	ask      func(context.Context, chart, float64) (got read.Reading, resampled bool, err error)
	readings []reading // in the order of charts
	fonts    []string

	run      *runs.Run
	kept     map[int]event // what earlier processes read, by chart
	progress *runs.Tracker

	mu        sync.Mutex
	resampled int      // charts
	spent     llm.Bill // by all processes
	stopped   error    // why no more calls are made
}

// reading is a chart that was asked for.
type reading struct {
	px       float64
	chart    int
	errors   []metric.Errors // by row; nil if unscored
	unscored string
}

// check draws a chart at either end, so that nothing is paid before a config
// is refused.
func (m *measurement) check(ctx context.Context) error {
	for _, px := range []float64{m.o.MinPx, m.o.MaxPx} {
		d, err := draw(ctx, m.charts[0], m.o.Base, px, m.o.Model, m.o.Render)
		if err != nil {
			return fmt.Errorf("drawing a chart at %v px: %w", px, err)
		}
		m.fonts = nil
		for _, f := range d.page.Faces {
			m.fonts = append(m.fonts, f.Name())
		}
	}
	return nil
}

// measure reads all charts.
func (m *measurement) measure(ctx context.Context) error {
	m.progress = runs.Track(runs.Progress{Total: m.o.Calls}, m.o.Progress)
	if err := m.read(ctx, sweep(m.o.MinPx, m.o.MaxPx)); err != nil {
		return err
	}
	for round := range rounds {
		if err := m.read(ctx, m.refinement(rounds-round)); err != nil {
			return err
		}
	}
	return nil
}

// sweep is sizes from largest to smallest, evenly spaced in their logarithm, in
// tenths of a px.
func sweep(minPx, maxPx float64) []float64 {
	steps := math.Ceil(math.Log(maxPx/minPx) / math.Log(maxStep))
	var sizes []float64
	for i := 0.0; i <= steps; i++ {
		sizes = append(sizes, round(maxPx*math.Pow(minPx/maxPx, i/steps), 10))
	}
	return sizes
}

// refinement is the sizes of the next calls, if those that are left are shared
// among so many rounds: by turns two between those around the crossing, or the
// end of the range. The last round also goes to larger sizes at which the
// reader is not clearly below the threshold: a chart alone there would leave the
// interval open to sizes that are read well enough.
func (m *measurement) refinement(rounds int) []float64 {
	calls := (m.o.Calls - len(m.readings)) / rounds
	levels := m.levels()
	if len(levels) == 0 || m.stopped != nil {
		return nil
	}
	var turns []float64
	switch i := slices.IndexFunc(levels, func(l level) bool { return l.rate() > m.o.Threshold }); i {
	case -1, 0:
		calls = min(calls, confirmations)
		turns = []float64{levels[0].px}
		if i < 0 {
			turns = []float64{levels[len(levels)-1].px}
		}
	default:
		above, below := levels[i-1].px, levels[i].px
		third := math.Cbrt(below / above)
		turns = []float64{round(above*third, 10), round(above*third*third, 10)}
		for _, l := range slices.Backward(levels[:i]) {
			if rounds == 1 && l.rate() > m.o.Threshold/2 {
				turns = append(turns, l.px)
			}
		}
	}
	var sizes []float64
	for i := range calls {
		sizes = append(sizes, turns[i%len(turns)])
	}
	return sizes
}

// read reads the next charts, one at each of sizes.
func (m *measurement) read(ctx context.Context, sizes []float64) error {
	first := len(m.readings)
	for i, px := range sizes {
		m.readings = append(m.readings, reading{px: px, chart: first + i})
	}
	err := runs.Each(ctx, len(sizes), m.o.Workers, func(ctx context.Context, i int) error {
		err := m.readOne(ctx, &m.readings[first+i])
		m.progress.Step(nil)
		return err
	})
	for i := range sizes {
		if r := &m.readings[first+i]; r.errors == nil && r.unscored == "" {
			r.unscored = "not asked: interrupted"
		}
	}
	return err
}

// readOne fills a reading in. An error is one that ends the measurement.
func (m *measurement) readOne(ctx context.Context, r *reading) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	stopped := m.stopped
	kept, isKept := m.kept[r.chart]
	if isKept = isKept && kept.Px == r.px; isKept {
		r.errors = kept.Errors
		if kept.Resampled {
			m.resampled++
		}
	}
	m.mu.Unlock()
	if isKept {
		return nil
	}
	if stopped != nil {
		r.unscored = "not asked: " + reason(stopped)
		return nil
	}
	c := m.charts[r.chart]
	got, resampled, err := m.ask(ctx, c, r.px)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent = m.spent.Plus(got.Paid())
	if resampled {
		m.resampled++
	}
	if paid := got.Paid(); err != nil && paid != (llm.Bill{}) {
		if err := m.run.Append(event{Chart: r.chart, Px: r.px, Spent: paid}); err != nil {
			return err
		}
	}
	switch {
	case err == nil: // it was paid, even if ctx has ended
		r.errors = rowErrors(c.rows, got.Text)
		return m.run.Append(event{Chart: r.chart, Px: r.px, Errors: r.errors, Resampled: resampled, Spent: got.Paid()})
	case ctx.Err() != nil:
		return ctx.Err()
	}
	r.unscored = reason(err)
	if lasting(err) {
		m.stopped = err
	}
	return nil
}

// show draws a chart and has it read.
func (m *measurement) show(ctx context.Context, c chart, px float64) (got read.Reading, resampled bool, err error) {
	d, err := draw(ctx, c, m.o.Base, px, m.o.Model, m.o.Render)
	if err != nil {
		return read.Reading{}, false, fmt.Errorf("drawing a chart at %v px: %w", px, err)
	}
	got, err = m.o.Reader.Read(ctx, read.Page{Page: d.page, Shows: secrets.Own("").Derive(c.text())})
	return got, d.resampled, err
}

// lasting says that further calls would end the same.
func lasting(err error) bool {
	return errors.Is(err, llm.ErrBudget) || errors.Is(err, llm.ErrAuth) || errors.Is(err, llm.ErrUnreachable)
}

// reason is short enough to count by.
func reason(err error) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Kind.Error()
	}
	return err.Error()
}

// englishSample is prose without meaning, of 8,192 tokens as they are counted
// for English.
func englishSample(seed uint64) ([]plan.Document, error) {
	set, err := task.New("ruler/niah_single_2", task.Options{
		Seed: seed, Probes: 1, Lengths: []int{8192}, Count: func(s string) int { return len(s) / 4 },
	})
	if err != nil {
		return nil, fmt.Errorf("making a sample of English: %w", err)
	}
	text := set.Probes[0].Text
	return []plan.Document{{Name: "English", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}}, nil
}
