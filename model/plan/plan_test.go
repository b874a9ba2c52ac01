package plan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

func doc(kind corpus.Kind, size int64) []Document {
	return []Document{{string(kind), func() (io.ReadCloser, error) {
		return io.NopCloser(corpus.New(kind, 1, size)), nil
	}}}
}

func text(s string) []Document {
	return []Document{{"text", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }}}
}

func model(t testing.TB, name string) *vision.Profile {
	t.Helper()
	p, err := vision.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func preset(t testing.TB, name string) configs.Config {
	t.Helper()
	c, err := configs.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func renderer(t testing.TB, c configs.Config) *render.Renderer {
	t.Helper()
	r, err := render.New(c, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// families are models of different rules, for the README's table.
var families = []string{
	"gpt-5.5", "gpt-4o", "claude-opus-5", "claude-sonnet-4.5", "gemini-3.6-flash", "gemini-2.5-flash",
	"qwen3-vl", "glyph", "internvl3", "deepseek-ocr", "llama-4", "mistral-small-3.2", "kimi-k2.6", "grok-4.5",
}

// At the same size of type the planned page carries at least as many characters
// for a token as the published one. Run with -v for the table of the README.
func TestPlannerBeatsReferencePage(t *testing.T) {
	docs, families := doc(corpus.Prose, 60_000), families
	if testing.Short() { // as under the race detector
		docs, families = doc(corpus.Prose, 8_000), families[:3]
	}
	for _, name := range families {
		p, err := Solve(context.Background(), Ask{Model: model(t, name), Base: preset(t, "glyph-en")}, docs)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		w, h := p.Config.PagePixels()
		t.Logf("| `%s` | %s | %d×%d | %d | %.2f | %.2f | %+.0f %% |", name, p.Cost.Rule, w, h, p.Cost.Pages,
			p.Reference.CharactersPerToken, p.Cost.CharactersPerToken, 100*(p.Cost.CharactersPerToken/p.Reference.CharactersPerToken-1))
		if p.Cost.CharactersPerToken < p.Reference.CharactersPerToken {
			t.Errorf("%s: %.3f characters a token, %.3f on the published page", name, p.Cost.CharactersPerToken, p.Reference.CharactersPerToken)
		}
		if p.Px != 9 {
			t.Errorf("%s: type of %v px, want 9", name, p.Px)
		}
	}
}

// What is priced from layout alone is what the drawn pages cost.
func TestPriceEqualsDrawnPages(t *testing.T) {
	for _, name := range []string{"glyph-en", "compact", "dense-bitmap", "glyph-zh", "glyph-en-96", "glyph-en-inline"} {
		for _, kind := range []corpus.Kind{corpus.Prose, corpus.Code, corpus.Chinese} {
			docs := doc(kind, 20_000)
			r := renderer(t, preset(t, name))
			measured, err := measure(context.Background(), r, docs)
			if err != nil {
				t.Fatal(err)
			}
			var drawn []vision.ImageInfo
			src, _ := docs[0].Open()
			for p, err := range r.Pages(context.Background(), "", src) {
				if err != nil {
					t.Fatal(err)
				}
				drawn = append(drawn, vision.ImageInfo{Width: p.Width, Height: p.Height})
			}
			for _, p := range vision.Models() {
				got, err := ImageCost(&p, measured)
				want, wantErr := p.Total(drawn)
				if (err == nil) != (wantErr == nil) || err == nil && got.ImageTokens != int64(want) {
					t.Errorf("%s %s %s: priced %d (%v), drawn %d (%v)", name, kind, p.Name, got.ImageTokens, err, want, wantErr)
				}
			}
		}
	}
}

// All models are priced from one layout and one count a tokenizer.
func TestPrice(t *testing.T) {
	var models []*vision.Profile
	for _, p := range vision.Models() {
		models = append(models, &p)
	}
	costs, errs, err := Price(context.Background(), renderer(t, preset(t, "glyph-en")), doc(corpus.Licence, 30_000), models, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range costs {
		unpublished := errors.Is(errs[i], vision.ErrUnpublished)
		if errs[i] == nil && (c.ImageTokens <= 0 || c.TextTokens < 5000 || c.Requests < 1 || c.Pages < 5) {
			t.Errorf("%s: %+v", c.Model, c)
		}
		var reject *vision.RejectError
		if errs[i] != nil && !unpublished && !errors.As(errs[i], &reject) {
			t.Errorf("%s: %v", models[i].Name, errs[i])
		}
	}
}

func TestBudget(t *testing.T) {
	docs := doc(corpus.Prose, 40_000)
	if testing.Short() {
		docs = doc(corpus.Prose, 12_000)
	}
	ask := Ask{Model: model(t, "claude-opus-5"), Base: preset(t, "glyph-en")}
	free, err := Solve(context.Background(), ask, docs)
	if err != nil {
		t.Fatal(err)
	}
	// A budget that is met changes nothing.
	ask.Budget = free.Cost.ImageTokens
	if p, err := Solve(context.Background(), ask, docs); err != nil || p.Cost.ImageTokens != free.Cost.ImageTokens || len(p.Gave) > 0 {
		t.Errorf("budget of what it costs: %+v, %v", p, err)
	}
	// One that is not is an error with the nearest, for density is not raised unasked.
	ask.Budget = free.Cost.ImageTokens * 3 / 4
	var unmet *UnmetError
	if _, err := Solve(context.Background(), ask, docs); !errors.As(err, &unmet) || unmet.Nearest.Cost.ImageTokens != free.Cost.ImageTokens {
		t.Errorf("three quarters without min-px: %v", err)
	}
	ask.MinPx = 6
	p, err := Solve(context.Background(), ask, docs)
	if err != nil {
		t.Fatal(err)
	}
	if p.Cost.ImageTokens > ask.Budget || p.Px >= 9 || p.Px < 6 || len(p.Gave) != 1 {
		t.Errorf("three quarters with min-px: %d tokens at %v px, gave %q", p.Cost.ImageTokens, p.Px, p.Gave)
	}
	// The next larger size would not have kept it.
	bigger := ask
	bigger.Budget, bigger.MinPx = 0, 0
	bigger.Base.FontSize, bigger.Base.LineHeight = p.Px+0.25, bigger.Base.LineHeight*(p.Px+0.25)/9
	if q, err := Solve(context.Background(), bigger, docs); err != nil || q.Cost.ImageTokens <= ask.Budget {
		t.Errorf("%v px would have cost %d of %d tokens (%v)", p.Px+0.25, q.Cost.ImageTokens, ask.Budget, err)
	}
	ask.Budget = 10
	if _, err := Solve(context.Background(), ask, docs); !errors.As(err, &unmet) {
		t.Errorf("budget of 10 tokens: %v", err)
	}
	ask.Budget, ask.Ratio = 0, 3
	if p, err := Solve(context.Background(), ask, docs); err == nil && p.Cost.Ratio < 3 {
		t.Errorf("ratio %.2f, want 3", p.Cost.Ratio)
	}
	ask.Ratio, ask.MinPx = 0, 7
	if p, err := Solve(context.Background(), ask, docs); err != nil || p.Px != 7 || len(p.Gave) != 1 || p.Cost.ImageTokens >= free.Cost.ImageTokens {
		t.Errorf("min-px of 7 alone: %+v, %v", p, err)
	}
	for _, bad := range []Ask{{Budget: -1}, {Ratio: -1}, {Ratio: math.NaN()}, {MinPx: -1}, {Budget: 1, Ratio: 1}} {
		bad.Model, bad.Base = ask.Model, ask.Base
		if _, err := Solve(context.Background(), bad, docs); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

func gateFor(t *testing.T, name, src string) *render.Decision {
	t.Helper()
	counter, err := tokens.ForName("o200k")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Gate(context.Background(), renderer(t, preset(t, "glyph-en")), text(src)[0], model(t, name), counter)
	if err != nil {
		t.Fatal(err)
	}
	var whole []byte
	at := int64(0)
	for _, p := range d.Parts {
		if p.Start != at {
			t.Errorf("a part begins at %d, the one before ended at %d", p.Start, at)
		}
		whole = append(whole, src[p.Start:p.End]...)
		at = p.End
	}
	if !bytes.Equal(whole, []byte(src)) {
		t.Error("the parts are not the text")
	}
	return d
}

func TestGate(t *testing.T) {
	sparse := strings.Repeat("Yes.\n\n\n\n\n\n\n\n", 200)
	b, _ := io.ReadAll(corpus.New(corpus.Prose, 1, 40_000))
	dense := string(b) + "\n\n"

	if d := gateFor(t, "claude-opus-5", sparse); d.Verdict != TextIsCheaper || d.Saving != 0 || !d.Parts[0].Text {
		t.Errorf("sparse prose: %+v", d)
	}
	d := gateFor(t, "claude-opus-5", dense)
	if d.Verdict == TextIsCheaper || d.MixedTokens > d.ImageTokens || d.MixedTokens >= d.TextTokens {
		t.Errorf("dense prose: %+v", d)
	}
	d = gateFor(t, "claude-opus-5", sparse+dense+sparse)
	if d.Verdict != MixtureIsCheap || len(d.Parts) < 3 || d.MixedTokens >= min(d.TextTokens, d.ImageTokens) {
		t.Errorf("mixed: %+v", d)
	}
	// A mixture costs its parts and the changes between them.
	sum := int64(0)
	for _, p := range d.Parts {
		sum += p.Tokens
	}
	if changes := int64(len(d.Parts) - 1); d.MixedTokens != sum+12*changes {
		t.Errorf("%d tokens in all for parts of %d and %d changes", d.MixedTokens, sum, changes)
	}
	if d := gateFor(t, "claude-opus-5", "\n \n"); d.Verdict != TextIsCheaper {
		t.Errorf("blank: %+v", d)
	}
}
