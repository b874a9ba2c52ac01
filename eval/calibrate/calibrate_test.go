package calibrate

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// simulated misreads each character with a probability that falls with the
// size: logistic in its logarithm, as acuity curves are.
type simulated struct {
	half  float64 // size in px at which half is misread
	slope float64
	seed  uint64
}

func (s simulated) rate(px float64) float64 { return 1 / (1 + math.Pow(px/s.half, s.slope)) }

// crossing is where rate is the default threshold.
func (s simulated) crossing() float64 {
	return s.half * math.Pow((1-defaultThreshold)/defaultThreshold, 1/s.slope)
}

func (s simulated) ask(_ context.Context, c chart, px float64) (string, error) {
	h := fnv.New64()
	fmt.Fprint(h, c.rows, px)
	rng := rand.New(rand.NewPCG(s.seed, h.Sum64()))
	return strings.Map(func(r rune) rune {
		if r > ' ' && rng.Float64() < s.rate(px)*36/32 { // 4 of 36 are white space
			return '¿'
		}
		return r
	}, c.text()), nil
}

// blind is a reader that every test but those with a real one puts in the place
// of a reader.
type blind struct{}

func (blind) Name() string                                          { return "blind" }
func (blind) Read(context.Context, read.Page) (read.Reading, error) { return read.Reading{}, nil }

// words is a sample that takes no time.
func words() []plan.Document {
	return []plan.Document{{Name: "words", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Repeat("some words to lay out ", 100))), nil
	}}}
}

func options() Options {
	return Options{Reader: blind{}, Base: configs.Default(), Sample: words(), MinPx: 5, MaxPx: 16, Seed: 7}
}

// simulate is Run with charts that are not drawn.
func simulate(t *testing.T, o Options, ask func(context.Context, chart, float64) (string, error)) (*Result, error) {
	t.Helper()
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	charts, err := newCharts(o.Seed, o.Calls)
	if err != nil {
		t.Fatal(err)
	}
	m := &measurement{o: &o, charts: charts, ask: func(ctx context.Context, c chart, px float64) (read.Reading, bool, error) {
		text, err := ask(ctx, c, px)
		return read.Reading{Text: text}, false, err
	}}
	if err := m.open(); err != nil {
		return nil, err
	}
	defer m.run.Close()
	if err := m.measure(t.Context()); err != nil {
		return nil, err
	}
	r, err := m.result()
	if err != nil {
		return nil, err
	}
	return r, r.choose(t.Context(), &o)
}

func mustSimulate(t *testing.T, o Options, s simulated) *Result {
	t.Helper()
	r, err := simulate(t, o, s.ask)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The interval covers the true crossing about as often as it says.
func TestCrossingIsRecovered(t *testing.T) {
	covered, n := 0, 0
	for _, half := range []float64{4.5, 5.5, 6.3, 7.2} {
		for _, slope := range []float64{8, 14} {
			for seed := range *seeds {
				reader := simulated{half, slope, seed}
				r := mustSimulate(t, options(), reader)
				if r.Outcome != crossed {
					t.Errorf("%v: outcome %q", reader, r.Outcome)
					continue
				}
				n++
				c, want := r.Crossing, reader.crossing()
				if c.Low <= want && want <= c.High {
					covered++
				}
				if math.Abs(c.Value-want) > 0.08*want {
					t.Errorf("%v: crossing %.2f px, want %.2f within 8 %%", reader, c.Value, want)
				}
				if r.Px < c.High || r.Px > c.High+0.1 {
					t.Errorf("%v: config of %v px, want the upper end of %v", reader, r.Px, c)
				}
				if got := r.Preset.FontSize * r.Preset.DPI / 72; math.Abs(got-r.Px) > 0.001 {
					t.Errorf("%v: the preset has %v px, want %v", reader, got, r.Px)
				}
			}
		}
	}
	t.Logf("%d of %d intervals cover the true crossing", covered, n)
	if covered < n*85/100 {
		t.Errorf("%d of %d intervals cover the true crossing, want 85 %% at least", covered, n)
	}
}

var seeds = flag.Uint64("seeds", 5, "simulated readers of each kind in TestCrossingIsRecovered")

func TestOutcomes(t *testing.T) {
	for _, test := range []struct {
		name    string
		reader  simulated
		outcome outcome
		config  bool
		says    string
	}{
		{"crossed", simulated{6, 12, 1}, crossed, true, `CER crosses 5 % at \d+\.\d+ px \[\d+\.\d+, \d+\.\d+\] n=\d+ by line`},
		{"all read", simulated{1, 12, 1}, allRead, true, `no crossing: CER is at most 5 % down to 5\.0 px`},
		{"none read", simulated{60, 12, 1}, noneRead, false, `no crossing: CER is above 5 % at 16\.0 px already`},
		{"open", simulated{11.3, 9, 1}, open, false, `has no upper end in this range`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := mustSimulate(t, options(), test.reader)
			if r.Outcome != test.outcome || (r.Preset != nil) != test.config || (r.Px > 0) != test.config {
				t.Errorf("outcome %q, config %v of %v px; want %q, config %t", r.Outcome, r.Preset, r.Px, test.outcome, test.config)
			}
			if (r.Crossing == nil) != (r.AtCrossing == nil) || (r.Crossing != nil) != (r.Outcome == crossed || r.Outcome == open) {
				t.Errorf("crossing %v with cost %v at outcome %q", r.Crossing, r.AtCrossing, r.Outcome)
			}
			text := r.Text()
			for _, want := range []string{test.says, `blind`, `seed 7`} {
				if !regexp.MustCompile(want).MatchString(text) {
					t.Errorf("the text does not say %s:\n%s", want, text)
				}
			}
			picture, err := r.Plot()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.Decode(strings.NewReader(string(picture))); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	var first string
	for workers := 1; workers <= 8; workers *= 2 {
		o := options()
		o.Workers = workers
		data, err := json.Marshal(mustSimulate(t, o, simulated{6, 12, 3}))
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(data)
		}
		if string(data) != first {
			t.Errorf("%d workers: %s\nwant %s", workers, data, first)
		}
	}
}

func TestUnscored(t *testing.T) {
	var mu sync.Mutex
	calls := 0
	reader := simulated{6, 12, 1}
	failEvery := func(nth int) func(context.Context, chart, float64) (string, error) {
		return func(ctx context.Context, c chart, px float64) (string, error) {
			mu.Lock()
			calls++
			fails := calls%nth == 0
			mu.Unlock()
			if fails {
				return "", errors.New("out of paper")
			}
			return reader.ask(ctx, c, px)
		}
	}
	r, err := simulate(t, options(), failEvery(4))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, l := range r.Levels {
		read += l.Charts
	}
	if len(r.Unscored) != 1 || r.Unscored[0] != (unscoredCalls{"out of paper", 5}) || read != r.Calls-5 {
		t.Errorf("unscored %v and %d read of %d calls, want 5", r.Unscored, read, r.Calls)
	}
	if r.Crossing == nil || math.Abs(r.Crossing.Value-reader.crossing()) > 1 {
		t.Errorf("crossing %v, want %.1f", r.Crossing, reader.crossing())
	}
	if _, err := simulate(t, options(), failEvery(1)); err == nil || !strings.Contains(err.Error(), "out of paper") {
		t.Errorf("error %v where nothing can be read, want the reason", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, options()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		with func(*Options)
		want string
	}{
		{"min", func(o *Options) { o.MinPx = 1 }, "accepted are 2 to 100 px"},
		{"max", func(o *Options) { o.MaxPx = 101 }, "accepted are 2 to 100 px"},
		{"narrow", func(o *Options) { o.MinPx, o.MaxPx = 8, 10 }, "at least 1.5 times"},
		{"not a number", func(o *Options) { o.MinPx = math.NaN() }, "accepted are"},
		{"threshold", func(o *Options) { o.Threshold = 1 }, "above 0 and below 1"},
		{"few calls", func(o *Options) { o.Calls = 3 }, "accepted are 7 to 1000"},
		{"bitmap", func(o *Options) { o.Base.FontPath = "fixed-5x8" }, "bitmap font"},
		{"font", func(o *Options) { o.Base.FontPath = "no-such-face" }, "no-such-face"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options()
			test.with(&o)
			if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func vlm(t *testing.T, s *llmtest.Server, b llm.Budget) read.Reader {
	t.Helper()
	c, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m", Clock: llmtest.NewClock(time.Unix(0, 0)), Budget: b})
	if err != nil {
		t.Fatal(err)
	}
	return read.NewVLM(c, read.VLMOptions{MaxTokens: 1024})
}

func TestFaults(t *testing.T) {
	wrong := llmtest.Text("it shows a page of letters")
	for _, test := range []struct {
		name     string
		script   []llmtest.Reply
		budget   int64
		unscored []unscoredCalls
		fails    string
		calls    int // 0 for all
	}{
		{"reads", []llmtest.Reply{wrong}, 0, nil, "", 0},
		{"is busy", []llmtest.Reply{llmtest.RateLimited("1"), wrong}, 0, nil, "", 0},
		{"refuses twice", []llmtest.Reply{wrong, llmtest.Refusal("no"), llmtest.Refusal("no"), wrong}, 0, []unscoredCalls{{llm.ErrRefused.Error(), 2}}, "", 0},
		{"refuses", []llmtest.Reply{llmtest.Refusal("no")}, 0, nil, llm.ErrRefused.Error(), 0},
		{"wrong key", []llmtest.Reply{llmtest.Unauthorized()}, 0, nil, llm.ErrAuth.Error(), 1},
		{"no budget", []llmtest.Reply{wrong}, 100, nil, llm.ErrBudget.Error(), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := llmtest.New(test.script...)
			defer s.Close()
			o := options()
			o.Reader, o.Workers = vlm(t, s, llm.Budget{Tokens: test.budget}), 1
			r, err := Run(t.Context(), o)
			if test.calls > 0 && s.Calls() != test.calls {
				t.Errorf("%d calls, want %d", s.Calls(), test.calls)
			}
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("error %v, want %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome != noneRead || !slices.Equal(r.Unscored, test.unscored) {
				t.Errorf("outcome %q, unscored %v; want %q, %v", r.Outcome, r.Unscored, noneRead, test.unscored)
			}
			if bills, tokens := s.Billed(); r.Spent.Total() != int64(tokens) || bills == 0 || r.Spent.Attempts != s.Calls() || r.Spent.MaybeAttempts != 0 {
				t.Errorf("spent %+v; billed were %d tokens in %d of %d calls", r.Spent, tokens, bills, s.Calls())
			}
		})
	}
}

// A budget that ends on the way leaves a result of what was paid.
func TestBudgetEnds(t *testing.T) {
	s := llmtest.New(llmtest.Text(strings.Repeat("no ", 2000)))
	defer s.Close()
	o := options()
	o.Reader, o.Workers = vlm(t, s, llm.Budget{Tokens: 20_000}), 1
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	paid, unscored := s.Calls(), 0
	for _, u := range r.Unscored {
		unscored += u.Charts
		if !strings.Contains(u.Reason, llm.ErrBudget.Error()) {
			t.Errorf("unscored because of %q, want the budget", u.Reason)
		}
	}
	if paid == 0 || unscored == 0 || paid+unscored != r.Calls || len(r.Levels) != paid {
		t.Errorf("%d charts paid, %d unscored and %d levels of %d charts", paid, unscored, len(r.Levels), r.Calls)
	}
}

// once reads every page once, by the bytes of its PNG.
type once struct {
	read.Reader
	readings sync.Map
	reads    atomic.Int64
}

func (r *once) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	if got, ok := r.readings.Load(string(page.PNG)); ok {
		return got.(read.Reading), nil
	}
	r.reads.Add(1)
	got, err := r.Reader.Read(ctx, page)
	if err == nil {
		r.readings.Store(string(page.PNG), got)
	}
	return got, err
}

// A reader behind an endpoint is calibrated as the reader itself, with charts
// whose sides are multiples of the model's patch.
func TestTesseract(t *testing.T) {
	tesseract, err := read.NewTesseract(t.Context(), read.TesseractOptions{})
	if err != nil {
		t.Fatal(err)
	}
	reader := &once{Reader: tesseract}
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Reader: reader, Base: configs.Default(), Model: model, Threshold: 0.2, MinPx: 5, MaxPx: 12, Calls: 9, Seed: 1}
	direct, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", direct.Text())
	if direct.Outcome != crossed || direct.Crossing.Value < 6 || direct.Crossing.Value > 9 {
		t.Errorf("outcome %q, want a crossing between 6 and 9 px", direct.Outcome)
	}
	if direct.Resampled != 0 || direct.Cost == nil || direct.Cost.Resampled != 0 {
		t.Errorf("%d charts and %+v are resampled, want none", direct.Resampled, direct.Cost)
	}
	file := filepath.Join(t.TempDir(), "preset.json")
	if err := os.WriteFile(file, direct.Preset.Canonical(), 0o600); err != nil {
		t.Fatal(err)
	}
	if loaded, err := configs.Load(file); err != nil || loaded.Hash() != direct.Preset.Hash() {
		t.Errorf("the preset reads back as another config, error %v", err)
	}

	s := llmtest.New(llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		var parts []struct {
			ImageURL struct {
				URL string `json:"url"`
			} `json:"image_url"`
		}
		if err := json.Unmarshal(r.Messages[0].Content, &parts); err != nil {
			return llmtest.ServerError(500)
		}
		_, data, _ := strings.Cut(parts[0].ImageURL.URL, "base64,")
		page, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return llmtest.ServerError(500)
		}
		text, err := reader.Read(t.Context(), read.Page{Page: &render.Page{PNG: page}})
		if err != nil {
			return llmtest.ServerError(500)
		}
		return llmtest.Text(text.Text)
	}))
	defer s.Close()
	o.Reader = vlm(t, s, llm.Budget{})
	served, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if reads := reader.reads.Load(); reads != int64(o.Calls) {
		t.Errorf("%d pages were read, want the same %d behind the endpoint", reads, o.Calls)
	}
	if !strings.HasPrefix(served.Reader, "vlm m at ") {
		t.Errorf("the reader is called %q", served.Reader)
	}
	served.Reader, served.Spent = direct.Reader, llm.Bill{}
	if !reflect.DeepEqual(served, direct) {
		t.Errorf("behind an endpoint:\n%s\nwant\n%s", served.Text(), direct.Text())
	}
}

// No chart is resampled by any model that can see one.
func TestChartPages(t *testing.T) {
	charts, err := newCharts(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range vision.Models() {
		if _, err := model.Tokens(1, 1); errors.Is(err, vision.ErrUnpublished) {
			continue
		}
		for _, px := range []float64{4, 9.3} {
			d, err := draw(t.Context(), charts[0], configs.Default(), px, &model, render.Options{})
			if err != nil {
				t.Errorf("%s at %v px: %v", model.Name, px, err)
				continue
			}
			if d.resampled {
				t.Errorf("%s at %v px: a page of %dx%d px is resampled", model.Name, px, d.page.Width, d.page.Height)
			}
		}
	}
}

func TestRowErrors(t *testing.T) {
	for _, test := range []struct {
		rows string // separated by |
		got  string
		want string // errors by row
	}{
		{"ab cd|ef gh", "ab cd\nef gh\n", "0 0"},
		{"ab cd|ef gh", "ab cd ef gh", "0 0"},
		{"ab cd|ef gh", "ab\ncd ef\ngh", "0 0"},
		{"ab cd|ef gh", "ab xd\nef gh", "1 0"},
		{"ab cd|ef gh", "ef gh", "6 0"},
		{"ab cd|ef gh", "ab cd", "1 5"},
		{"ab cd|ef gh", "", "6 5"},
		{"ab cd|ef gh", "so: ab cd ef gh", "4 0"},
		{"ab cd|ef gh", "ab cd ef gh and so on", "0 10"},
		{"a|b|c", "a c", "0 2 0"},
	} {
		var got []string
		for _, e := range rowErrors(strings.Split(test.rows, "|"), test.got) {
			got = append(got, fmt.Sprint(e.Distance))
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("rows %q read as %q: errors %s, want %s", test.rows, test.got, s, test.want)
		}
	}
}

func FuzzRowErrors(f *testing.F) {
	f.Add("ab cd\nef gh", "ab\ncd ef gh")
	f.Add("“a”\n\n b", "x\xff")
	f.Fuzz(func(t *testing.T, chart, got string) {
		if len(chart) > 300 || len(got) > 300 {
			return
		}
		var rows []string
		for row := range strings.Lines(chart) {
			if strings.TrimSpace(row) != "" {
				rows = append(rows, row)
			}
		}
		if len(rows) == 0 {
			return
		}
		var sum metric.Errors
		for _, e := range rowErrors(rows, got) {
			if e.Distance < 0 {
				t.Errorf("%d errors in a row", e.Distance)
			}
			sum.Distance += e.Distance
			sum.Length += e.Length
		}
		if want := metric.CharacterErrors(strings.Join(rows, "\n"), got); sum != want {
			t.Errorf("rows sum up to %+v, want %+v", sum, want)
		}
	})
}

// A calibration that was interrupted tells what it has, and the same options go
// on with it: no chart is read twice.
func TestInterruptedCalibration(t *testing.T) {
	o := options()
	reader := simulated{6, 10, 3}
	want := mustSimulate(t, o, reader)
	o.Dir = filepath.Join(t.TempDir(), "run")
	o.Workers = 1
	o.Base = configs.Default()
	asked := map[string]int{}
	ask := func(ctx context.Context, c chart, px float64) (string, error) {
		if len(asked) == 9 {
			return "", context.Canceled
		}
		asked[fmt.Sprint(c.rows, px)]++
		return reader.ask(ctx, c, px)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(p runs.Progress) {
		if p.Done == 9 {
			cancel()
		}
	}
	m := kept(t, &o, ask)
	if err := m.measure(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	part, err := m.result()
	if err != nil || len(part.Unscored) != 0 && part.Unscored[0].Reason != "not asked: interrupted" {
		t.Fatalf("so far: %+v, %v", part, err)
	}
	charts := 0
	for _, l := range part.Levels {
		charts += l.Charts
	}
	if charts != 9 {
		t.Errorf("%d charts so far, want 9", charts)
	}
	m.run.Close()
	asked["the tenth"] = 0
	o.Progress = nil
	m = kept(t, &o, ask)
	if err := m.measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := m.result()
	if err != nil || got.Crossing == nil || *got.Crossing != *want.Crossing || !reflect.DeepEqual(got.Levels, want.Levels) {
		t.Errorf("resumed: %+v, %v; want %+v", got, err, want)
	}
	m.run.Close()
	for c, n := range asked {
		if n > 1 {
			t.Errorf("chart %s was read %d times", c, n)
		}
	}
	o.Seed++
	m = &measurement{o: &o, charts: m.charts}
	if err := m.open(); err == nil || !strings.Contains(err.Error(), "seed is 7 there and 8 here") {
		t.Errorf("another seed: %v", err)
	}
}

// kept is a measurement in a directory.
func kept(t *testing.T, o *Options, ask func(context.Context, chart, float64) (string, error)) *measurement {
	t.Helper()
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	charts, err := newCharts(o.Seed, o.Calls)
	if err != nil {
		t.Fatal(err)
	}
	m := &measurement{o: o, charts: charts, ask: func(ctx context.Context, c chart, px float64) (read.Reading, bool, error) {
		text, err := ask(ctx, c, px)
		return read.Reading{Text: text}, false, err
	}}
	if err := m.open(); err != nil {
		t.Fatal(err)
	}
	return m
}

// What charts cost is told over all processes of a calibration, those that were
// not read included.
func TestSpentOverProcesses(t *testing.T) {
	o := options()
	o.Dir, o.Workers = t.TempDir(), 1
	bill := llm.Bill{Attempts: 1, Usage: llm.Usage{PromptTokens: 10}, Money: 0.25}
	asked := 0
	for _, until := range []int{5, 1000} {
		if err := o.complete(); err != nil {
			t.Fatal(err)
		}
		charts, err := newCharts(o.Seed, o.Calls)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		m := &measurement{o: &o, charts: charts, ask: func(context.Context, chart, float64) (read.Reading, bool, error) {
			if asked++; asked == until {
				cancel()
			}
			if asked%3 == 0 {
				return read.Reading{Bill: bill}, false, llm.ErrRefused
			}
			return read.Reading{Text: "no", Bill: bill}, false, nil
		}}
		if err := m.open(); err != nil {
			t.Fatal(err)
		}
		if err := m.measure(ctx); err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		cancel()
		m.run.Close()
		if m.spent.Attempts != asked || m.spent.PromptTokens != 10*asked || m.spent.Money != 0.25*float64(asked) {
			t.Errorf("after %d charts: spent %+v", asked, m.spent)
		}
	}
	if asked < 8 {
		t.Errorf("%d charts", asked)
	}
}
