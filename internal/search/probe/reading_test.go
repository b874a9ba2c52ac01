package probe_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

func TestReadingDrawsProbes(t *testing.T) {
	o := probe.Options{Probes: 24, HeldOut: 12, Seed: 3}
	docs := []*document.Document{known.Document(corpus.Prose, 60_000), known.Document(corpus.Code, 60_000), known.Document(corpus.Table, 60_000), known.Document(corpus.Chinese, 60_000)}
	r := known.New(t, o, known.Right, docs...)
	searched, heldOut := map[string]int{}, map[string]int{}
	texts := map[string]bool{}
	for i, info := range r.Probes() {
		if info.HeldOut {
			heldOut[info.Stratum]++
		} else {
			searched[info.Stratum]++
		}
		if texts[probe.TextOf(r.Reading, i)] {
			t.Error("a text is drawn twice")
		}
		texts[probe.TextOf(r.Reading, i)] = true
	}
	for _, s := range probe.Strata() {
		if searched[s] < 4 || heldOut[s] < 2 {
			t.Errorf("%s: %d probes, %d held out", s, searched[s], heldOut[s])
		}
	}
	if again := known.New(t, o, known.Right, docs...); again.Fingerprint() != r.Fingerprint() {
		t.Error("the same options draw other probes")
	}
	o.Seed++
	if other := known.New(t, o, known.Right, docs...); other.Fingerprint() == r.Fingerprint() {
		t.Error("another seed draws the same probes")
	}
}

func TestReadingRefuses(t *testing.T) {
	prose := known.Document(corpus.Prose, 30_000)
	for _, c := range []struct {
		name string
		docs []*document.Document
		o    probe.Options
		want string
	}{
		{"nothing", nil, probe.Options{}, "no documents"},
		{"white space", []*document.Document{known.TextDocument("a", " \n\n\t")}, probe.Options{}, "none of 1 documents has text"},
		{"too little", []*document.Document{known.TextDocument("a", "a few words")}, probe.Options{}, "more text or shorter probes"},
		{"no such kind", []*document.Document{prose}, probe.Options{Strata: []string{probe.StratumCJK}}, "0 probes"},
		{"unknown stratum", []*document.Document{prose}, probe.Options{Strata: []string{"poem"}}, "want one of prose"},
		{"short probes", []*document.Document{prose}, probe.Options{Chars: 3}, "want 50 to"},
		{"few probes", []*document.Document{prose}, probe.Options{Probes: 2}, "want 8 to"},
		{"picture", []*document.Document{known.TextDocument("a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")}, probe.Options{}, "a.png"},
	} {
		if _, err := probe.New(t.Context(), c.docs, known.Reader("", nil), known.Model(t, "glm-4.5v"), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// Who reads everything has no error, however it is drawn.
func TestPerfectReading(t *testing.T) {
	r := known.New(t, probe.Options{Probes: 8, HeldOut: 4}, known.Right, known.Document(corpus.Prose, 30_000), known.Document(corpus.Code, 30_000))
	for name, c := range map[string]configs.Config{
		"published":  known.Config(t),
		"columns":    known.Config(t, "columns=3", "font-size=7", "line-height=7"),
		"inline":     known.Config(t, "newline-markup=↵", "legend=every"),
		"characters": known.Config(t, "wrap=character", "page-size=300,400"),
		"small page": known.Config(t, "page-size=200,40", "margin-y=2"),
		"decorated":  known.Config(t, "page-label=%d", "exact-anchors=true", "columns=2", "space-before=9", "paragraph-lines=2"),
	} {
		t.Run(name, func(t *testing.T) {
			for i, info := range r.Probes() {
				out, err := r.Probe(t.Context(), c, i)
				if err != nil {
					t.Fatal(err)
				}
				if out.Score != 1 || out.Misread != nil || out.Cost.Attempts < 1 || out.Cost.Seconds != 0 {
					t.Errorf("%s: %+v", info.Stratum, out)
				}
			}
		})
	}
}

func TestScores(t *testing.T) {
	docs := []*document.Document{known.TextDocument("a", strings.Repeat("The old mill by the river had no wheel left.\n", 400)), known.Document(corpus.Prose, 50_000)}
	of := func(stratum string, misread func(string) (string, error)) (probe.Outcome, string) {
		t.Helper()
		r := known.New(t, probe.Options{Probes: 8, HeldOut: 4, Strata: []string{stratum}}, misread, docs...)
		out, err := r.Probe(t.Context(), known.Config(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		return out, probe.TextOf(r.Reading, 0)
	}
	out, text := of(probe.StratumProse, func(s string) (string, error) { return strings.Replace(s, "e ", "c ", 3), nil })
	if want := 1 - 3/float64(len(probe.Folded(text))); math.Abs(out.Score-want) > 1e-12 || len(out.Misread) != 3 || out.Misread[0].Kind != "e/c" {
		t.Errorf("three letters misread: %+v, want %v", out, want)
	}
	if out, _ := of(probe.StratumProse, func(s string) (string, error) { return strings.Repeat(s, 9), nil }); out.Score != 0 {
		t.Errorf("made up: %v", out.Score)
	}
	var r known.Reading
	r = known.New(t, probe.Options{Probes: 8, HeldOut: 4, Strata: []string{probe.StratumExact}}, func(s string) (string, error) {
		return strings.Replace(strings.ReplaceAll(s, "the", "tbe"), probe.ExactOf(r.Reading, 0)[2], "???", 1), nil
	}, docs...)
	out, err := r.Probe(t.Context(), known.Config(t), 0)
	if want := float64(probe.PlantedStrings-1) / probe.PlantedStrings; err != nil || out.Score != want {
		t.Errorf("one exact string misread: %+v, want %v, %v", out, want, err)
	}
}

// Configs that draw a probe alike have it read once.
func TestReadsAreCached(t *testing.T) {
	var reads atomic.Int64
	r := known.New(t, probe.Options{Probes: 8, HeldOut: 4}, func(s string) (string, error) {
		reads.Add(1)
		return s, nil
	}, known.Document(corpus.Prose, 30_000))
	for _, c := range []configs.Config{known.Config(t), known.Config(t, "legend=none"), known.Config(t, "page-size=595,841.99")} {
		if out, err := r.Probe(t.Context(), c, 0); err != nil || out.Cost.Attempts != 1 {
			t.Fatal(out, err)
		}
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("read %d times", n)
	}
}

func TestCompressionIsTheModelsPrice(t *testing.T) {
	docs := []*document.Document{known.Document(corpus.Prose, 30_000), known.Document(corpus.Code, 20_000)}
	r := known.New(t, probe.Options{Probes: 8, HeldOut: 4}, known.Right, docs...)
	if r.Sampled {
		t.Error("a sample of short documents")
	}
	c := known.Config(t, "columns=2")
	got, err := r.Compression(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	drawer, err := render.New(c, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	costs, errs, err := plan.Price(t.Context(), drawer, r.Documents(), []*vision.Profile{r.Model()}, nil)
	if err != nil || errs[0] != nil {
		t.Fatal(err, errs)
	}
	if want := costs[0]; got.CharsPerToken != want.CharactersPerToken || got.PixelsPerChar != want.PixelsPerCharacter {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for setting, same := range map[string]bool{"tab-width=8": false, "exact-scale=1": true, "page-label=": true, "font-color=#010101": false, "margin-x=11": false, "legend=every": true} {
		size, err := r.Compression(t.Context(), known.Config(t, "columns=2", setting))
		if err != nil {
			t.Fatal(err)
		}
		if (size.PageHash == got.PageHash) != same {
			t.Errorf("%s: the same page hash %t, want %t", setting, !same, same)
		}
	}
	if long := known.New(t, probe.Options{Probes: 8, HeldOut: 4}, known.Right, known.Document(corpus.Prose, 400_000)); !long.Sampled {
		t.Error("a long document is not sampled")
	}
}

// What the model shrinks is read shrunk.
func TestReaderSeesWhatTheModelSees(t *testing.T) {
	widest := 0
	reader := known.Reader("ruler", func(page *render.Page) (string, error) {
		widest = max(widest, page.Width)
		for _, l := range page.Lines {
			if l.X+l.Width > page.Width || l.Y+l.Height > page.Height {
				return "", fmt.Errorf("line %+v of a page of %d×%d", l, page.Width, page.Height)
			}
		}
		return "text", nil
	})
	c := known.Config(t, "dpi=300", "page-size=842,1191") // 3,509 × 4,963 px
	for model, want := range map[string]bool{"claude-sonnet-4.5": true, "gemma-3": true, "qwen3-vl": false} {
		r, err := probe.New(t.Context(), []*document.Document{known.Document(corpus.Prose, 60_000)}, reader, known.Model(t, model), probe.Options{Probes: 8, HeldOut: 4, Chars: 2000})
		if err != nil {
			t.Fatal(err)
		}
		widest = 0
		if _, err := r.Probe(t.Context(), c, 0); err != nil {
			t.Fatal(err)
		}
		size, err := r.Compression(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		full, _ := c.PagePixels()
		if shrunk := widest < full*9/10; shrunk != want || (size.GlyphPixels < 9*300/72.*0.9) != want {
			t.Errorf("%s: read %d of %d px, em of %.1f px", model, widest, full, size.GlyphPixels)
		}
	}
}

// billingReader bills every page, and fails at those that it cannot read.
type billingReader struct {
	bill llm.Bill
	err  error
}

func (billingReader) Name() string { return "billing" }
func (r billingReader) Read(context.Context, read.Page) (read.Reading, error) {
	return read.Reading{Text: "nothing", Bill: r.bill}, r.err
}

// A probe costs what its readings were billed, and a reading is paid once.
func TestReadingBills(t *testing.T) {
	bill := llm.Bill{
		Attempts: 3, Usage: llm.Usage{PromptTokens: 900, CachedTokens: 100, CompletionTokens: 50, ReasoningTokens: 20}, Money: 0.25,
		MaybeAttempts: 1, MaybeTokens: 2000, MaybeMoney: 0.5, MostTokens: 2000, MostMoney: 0.5,
	}
	docs := []*document.Document{known.Document(corpus.Prose, 30_000)}
	for _, tt := range []struct {
		name       string
		reader     billingReader
		cost, paid llm.Bill
	}{
		{"endpoint", billingReader{bill: bill}, bill, bill},
		{"failing endpoint", billingReader{bill, errors.New("out of paper")}, bill, bill},
		{"engine", billingReader{}, llm.Bill{Attempts: 1}, llm.Bill{}},
	} {
		r, err := probe.New(t.Context(), docs, tt.reader, known.Model(t, "glm-4.5v"), probe.Options{Probes: 8, HeldOut: 4, Timed: true})
		if err != nil {
			t.Fatal(err)
		}
		first, err := r.Probe(t.Context(), known.Config(t), 0)
		if !errors.Is(err, tt.reader.err) || first.Cost.Bill != tt.cost || first.Paid != tt.paid || first.Cost.Seconds <= 0 {
			t.Errorf("%s: %+v, error %v", tt.name, first, err)
		}
		if tt.reader.err != nil {
			continue
		}
		again, err := r.Probe(t.Context(), known.Config(t, "legend=none"), 0)
		if err != nil || again.Cost.Bill != tt.cost || again.Paid != (llm.Bill{}) {
			t.Errorf("%s: again %+v, error %v", tt.name, again, err)
		}
	}
}

// benchReading has a reader that takes no time.
func benchReading(b *testing.B) *probe.Reading {
	reader := known.Reader("nobody", func(*render.Page) (string, error) { return strings.Repeat("a", 600), nil })
	r, err := probe.New(b.Context(), []*document.Document{known.Document(corpus.Prose, 200_000), known.Document(corpus.Code, 200_000)}, reader, known.Model(b, "glm-4.5v"), probe.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func BenchmarkCompression(b *testing.B) {
	r := benchReading(b)
	for i := 0; b.Loop(); i++ {
		c, _ := configs.Preset("glyph-en")
		c.MarginX = float64(i % 20)
		if _, err := r.Compression(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProbe is what a probe takes besides the reader.
func BenchmarkProbe(b *testing.B) {
	r := benchReading(b)
	c, _ := configs.Preset("glyph-en")
	for i := 0; b.Loop(); i++ {
		if _, err := r.Probe(b.Context(), c, i%len(r.Probes())); err != nil {
			b.Fatal(err)
		}
	}
}
