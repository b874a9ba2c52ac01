package vision_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/model/vision"
)

// TestPublishedNumbers holds the rules to numbers that vendors document and to
// usage that services reported: tokens by the rule, without overhead.
func TestPublishedNumbers(t *testing.T) {
	for _, tt := range []struct {
		model         string
		width, height int
		tokens        int
	}{
		// OpenAI's documentation.
		{"gpt-6-astra@high", 1024, 1024, 1229},
		{"gpt-6-astra@high", 2048, 2048, 3000},
		{"gpt-6-astra@high", 4096, 512, 2458},
		{"gpt-6-astra@low", 640, 480, 231},
		{"gpt-4o", 1024, 1024, 765},
		{"gpt-4o", 2048, 4096, 1105},
		{"gpt-4o@low", 4096, 8192, 85},
		// Usage of OpenAI models.
		{"gpt-6-astra@high", 2560, 1440, 2931},
		{"gpt-6-astra@high", 3840, 2160, 2931},
		{"gpt-6-astra@high", 4032, 3024, 2942},
		{"gpt-6-astra", 4032, 3024, 14364},
		{"gpt-6-astra", 3840, 2160, 9792},
		{"gpt-5.5", 4032, 3024, 11868},
		// Anthropic's documentation and a count_tokens sweep.
		{"claude-sonnet-4.5", 200, 200, 64},
		{"claude-sonnet-4.5", 1000, 1000, 1296},
		{"claude-sonnet-4.5", 1092, 1092, 1521},
		{"claude-sonnet-4.5", 1920, 1080, 1560},
		{"claude-sonnet-4.5", 3840, 2160, 1560},
		{"claude-fable-5", 1920, 1080, 2691},
		{"claude-fable-5", 3840, 2160, 4784},
		{"claude-fable-5", 1928, 1928, 4761},
		{"claude-fable-5", 768, 1932, 1932},
		{"claude-sonnet-4.5", 768, 1932, 1288},
		{"claude-fable-5", 2800, 600, 1840},
		{"claude-sonnet-4.5", 2800, 600, 672},
		{"claude-fable-5", 2576, 1204, 3956},
		{"claude-sonnet-4.5", 2576, 1204, 1512},
		// Usage of gemini-3.6-flash and gemini-3.5-flash; Google's documentation.
		{"gemini-3.6-flash", 100, 100, 1089},
		{"gemini-3.6-flash", 2048, 2048, 1089},
		{"gemini-3.6-flash", 1568, 728, 1078},
		{"gemini-3.6-flash", 768, 1932, 1113},
		{"gemini-3.6-flash", 1920, 1080, 1100},
		{"gemini-3.6-flash", 4096, 512, 1034},
		{"gemini-3.6-flash", 1568, 16, 993},
		{"gemini-3.5-flash", 820, 640, 1073},
		{"gemini-2.0-flash", 960, 540, 1548},
		{"gemma-4", 640, 480, 266},
		{"gemma-4", 612, 408, 260},
		{"gemma-4", 1280, 640, 253},
		// Open models and others.
		{"qwen3-vl", 768, 16, 112},
		{"kimi-k3", 2800, 2800, 10000},
		{"deepseek-v4.1", 420, 160, 178},
		{"deepseek-v4.1", 800, 800, 422},
		{"deepseek-v4.1", 2048, 2048, 994},
		{"grok-4.5", 768, 336, 268},
		{"grok-4.5", 764, 980, 748},
	} {
		v, err := lookup(t, tt.model).View(tt.width, tt.height)
		if err != nil || v.Tokens != tt.tokens {
			t.Errorf("%s %dx%d = %d, %v, want %d", tt.model, tt.width, tt.height, v.Tokens, err, tt.tokens)
		}
	}
}

// MiniCPM-V compares logarithms of aspects in floating point, which breaks
// exact ties in favour of one grid or the other.
func TestSliceTies(t *testing.T) {
	p := lookup(t, "minicpm-v")
	for _, tt := range []struct{ width, height, tokens int }{
		{1050, 1050, 463},   // six slices: 3x2, not 2x3
		{1120, 1120, 463},   // seven wanted: the same
		{1500, 1500, 662},   // nine: no tie
		{14000, 14000, 662}, // at the cap
		{2800, 700, 594},    // nine allowed: 8x1, not 4x2
		{10000, 2500, 594},  // the same aspect, larger
		{700, 2800, 601},    // 1x8, not 2x4
		{447, 447, 66},      // no slices
	} {
		n, err := p.Tokens(tt.width, tt.height)
		if err != nil || n != tt.tokens {
			t.Errorf("%dx%d: %d, %v, want %d", tt.width, tt.height, n, err, tt.tokens)
		}
	}
}

func TestTokensWithOverhead(t *testing.T) {
	for _, tt := range []struct {
		model  string
		tokens int // of 1568x728 px
	}{
		{"claude-sonnet-4.5", 1456 + 4},
		{"claude-fable-5", 1456 + 3},
		{"gemini-3", 1078 + 1},
		{"glyph", 1456 + 2},
		{"gpt-5.5", 1353},
		{"smolvlm2", 576 + 4 + 8*2 + 2}, // 4x2 tiles
	} {
		got, err := lookup(t, tt.model).Tokens(1568, 728)
		if err != nil || got != tt.tokens {
			t.Errorf("%s: %d, %v, want %d", tt.model, got, err, tt.tokens)
		}
	}
}

func TestRejectedSizes(t *testing.T) {
	for _, tt := range []struct {
		model         string
		width, height int
		want          string
	}{
		{"gpt-5", 0, 100, "pricing an image of 0x100 px for gpt-5: want sides from 1 to 16777216 px"},
		{"gpt-5", 100, -1, "pricing an image of 100x-1 px for gpt-5: want sides from 1 to 16777216 px"},
		{"glyph", math.MaxInt32, math.MaxInt32, "pricing an image of 2147483647x2147483647 px for glyph: want sides from 1 to 16777216 px"},
		{"claude-opus-5", 8001, 10, "pricing an image of 8001x10 px for claude-opus-5: want sides up to 8000 px"},
		{"qwen3-vl", 1, 4000, "pricing an image of 1x4000 px for qwen3-vl: want an aspect up to 200:1"},
		{"gemini-2.5", 1, 4000, "pricing an image of 1x4000 px for gemini-2.5: a side of 1 px has no crop unit"},
		{"pixtral-12b", 1, 4000, "pricing an image of 1x4000 px for pixtral-12b: one side would be scaled to nothing"},
		{"gpt-6-astra", 6000, 6000, "pricing an image of 6000x6000 px for gpt-6-astra: 35344 patches, want at most 30000"},
		{"kimi-vl", 10, 7168, "pricing an image of 10x7168 px for kimi-vl: 512 patches a side, want fewer than 512"},
		{"nova", 900, 901, "pricing an image of 900x901 px for nova: no formula is published, only the price of 900x450, 900x900, 1400x900, 1800x900, 1300x1300"},
	} {
		p := lookup(t, tt.model)
		n, err := p.Tokens(tt.width, tt.height)
		var reject *vision.RejectError
		if n != 0 || !errors.As(err, &reject) || err.Error() != tt.want {
			t.Errorf("%s %dx%d = %d, %v\nwant %s", tt.model, tt.width, tt.height, n, err, tt.want)
		}
		if p.Unresampled(tt.width, tt.height) {
			t.Errorf("%s: a rejected size %dx%d is called unresampled", tt.model, tt.width, tt.height)
		}
	}

	p := lookup(t, "gpt-6-sol")
	if _, err := p.Tokens(100, 100); !errors.Is(err, vision.ErrUnpublished) {
		t.Errorf("gpt-6-sol: %v, want ErrUnpublished", err)
	}
	if got := p.Candidates(); len(got) > 0 {
		t.Errorf("gpt-6-sol proposes %v", got)
	}
	if _, err := new(vision.Profile).Tokens(100, 100); err == nil {
		t.Error("the zero Profile prices an image")
	}
}

func TestTotal(t *testing.T) {
	p := lookup(t, "glyph")
	a, b := vision.ImageInfo{Width: 595, Height: 842}, vision.ImageInfo{Width: 1568, Height: 728, Bytes: 1}
	got, err := p.Total([]vision.ImageInfo{a, a, b, a})
	if want := 3*632 + 1458; err != nil || got != want {
		t.Errorf("Total = %d, %v, want %d", got, err, want)
	}
	if _, err := p.Total([]vision.ImageInfo{a, {}}); err == nil {
		t.Error("an image of no size has a price")
	}
	if got, err := p.Total(nil); got != 0 || err != nil {
		t.Errorf("Total of nothing = %d, %v", got, err)
	}
}

// levels returns every embedded profile at every level of detail, but for
// those without a rule.
func levels(t testing.TB) []*vision.Profile {
	t.Helper()
	var out []*vision.Profile
	for _, p := range vision.Models() {
		if p.Rule.Name() == "unpublished" {
			continue
		}
		out = append(out, &p)
		for _, d := range p.Details {
			q, err := p.At(d.Name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, q)
		}
	}
	return out
}

// distinct returns one of levels for everything that differs in price.
func distinct(t testing.TB) []*vision.Profile {
	t.Helper()
	seen := make(map[string]bool)
	var out []*vision.Profile
	for _, p := range levels(t) {
		key := fmt.Sprint(p.Rule, p.Overhead, p.Limits)
		if !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// check runs a property for every distinct profile that is wanted.
func check(t *testing.T, want func(*vision.Profile) bool, property func(*rapid.T, *vision.Profile)) {
	t.Helper()
	for _, p := range distinct(t) {
		if want(p) {
			t.Run(p.Name, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) { property(t, p) })
			})
		}
	}
}

func every(*vision.Profile) bool { return true }

// drawSide draws a side in px with all magnitudes alike, and sides at and
// beside multiples of a step often.
func drawSide(t *rapid.T, name string, step, most int) int {
	if step > 0 && rapid.Bool().Draw(t, name+" near the step") {
		n := rapid.IntRange(1, max(1, most/step)).Draw(t, name+" steps")
		return max(1, n*step+rapid.IntRange(-1, 1).Draw(t, name+" off"))
	}
	bits := rapid.Float64Range(0, math.Log2(float64(most))).Draw(t, name+" bits")
	return int(math.Exp2(bits))
}

func TestAnySizeIsPricedOrRejected(t *testing.T) {
	check(t, every, func(t *rapid.T, p *vision.Profile) {
		w, h := drawSide(t, "w", p.Patch, 1<<31), drawSide(t, "h", p.Patch, 1<<31)
		v, err := p.View(w, h)
		if err != nil {
			var reject *vision.RejectError
			if !errors.As(err, &reject) || v != (vision.View{}) {
				t.Fatalf("%s %dx%d = %+v, %v, want a RejectError", p.Name, w, h, v, err)
			}
			return
		}
		if v.Tokens < 1 || v.Overhead < 0 || v.Width < 1 || v.Height < 1 || v.SeenWidth < 1 || v.SeenHeight < 1 {
			t.Fatalf("%s %dx%d = %+v", p.Name, w, h, v)
		}
		// An overflow would show as a price out of proportion to what is seen.
		if px := float64(v.SeenWidth+4096) * float64(v.SeenHeight+4096); float64(v.Tokens) > px*258 {
			t.Fatalf("%s %dx%d costs %d tokens for %dx%d px", p.Name, w, h, v.Tokens, v.SeenWidth, v.SeenHeight)
		}
	})
}

// unscaled says whether a rule that is monotone only then took the size
// without scaling it: its sides were at most rounded to a grid.
func unscaled(p *vision.Profile, w, h int) bool {
	v, err := p.View(w, h)
	if err != nil {
		return false
	}
	up := func(x, step int) int { return (x + step - 1) / step * step }
	fits := func(round func(int) int) bool { return v.Width == round(w) && v.Height == round(h) }
	switch p.Rule.Name() {
	case "patch", "patch-search", "short-side-tiles":
		return fits(func(x int) int { return x })
	case "align-search", "pad-grid", "row-break":
		return fits(func(x int) int { return up(x, p.Patch) })
	case "row-break-budget":
		return fits(func(x int) int { return up(x, p.Patch/3) })
	case "smart-resize":
		return fits(func(x int) int {
			return max(1, int(math.RoundToEven(float64(x)/float64(p.Patch)))) * p.Patch
		})
	case "fixed":
		return true
	}
	return false
}

// The package comment says which rules are monotone and when.
func TestMonotone(t *testing.T) {
	rules := map[string]bool{
		"patch": true, "patch-search": true, "short-side-tiles": true, "align-search": true, "pad-grid": true,
		"row-break": true, "row-break-budget": true, "smart-resize": true, "fixed": true,
	}
	want := func(p *vision.Profile) bool { return rules[p.Rule.Name()] }
	compared := make(map[string]bool)
	check(t, want, func(t *rapid.T, p *vision.Profile) {
		// Some rules leave only pages of middle size as they are.
		w1, h1 := rapid.IntRange(550, 900).Draw(t, "middle w"), rapid.IntRange(550, 900).Draw(t, "middle h")
		if rapid.Bool().Draw(t, "any size") {
			w1, h1 = drawSide(t, "w", p.Patch, 4096), drawSide(t, "h", p.Patch, 4096)
		}
		w2, h2 := w1+rapid.IntRange(0, 400).Draw(t, "wider"), h1+rapid.IntRange(0, 400).Draw(t, "taller")
		if !unscaled(p, w1, h1) || !unscaled(p, w2, h2) {
			return
		}
		compared[p.Rule.Name()] = true
		small, err1 := p.Tokens(w1, h1)
		large, err2 := p.Tokens(w2, h2)
		if err1 != nil || err2 != nil || small > large {
			t.Fatalf("%s: %dx%d costs %d (%v), %dx%d only %d (%v)", p.Name, w1, h1, small, err1, w2, h2, large, err2)
		}
	})
	if !maps.Equal(compared, rules) {
		t.Errorf("compared only %v", compared)
	}
}

func TestResizedIsFixpoint(t *testing.T) {
	// Those whose comments say that resizing again may change the size.
	not := map[string]bool{
		"grid": true, "pad-grid": true, "slices": true, "row-break-budget": true,
		"closest-ratio-tiles": true, "smart-resize": true, "table": true,
	}
	want := func(p *vision.Profile) bool { return !not[p.Rule.Name()] }
	check(t, want, func(t *rapid.T, p *vision.Profile) {
		w, h, err := p.Resized(drawSide(t, "w", p.Patch, 20000), drawSide(t, "h", p.Patch, 20000))
		if err != nil {
			return
		}
		if w2, h2, err := p.Resized(w, h); err != nil || w2 != w || h2 != h {
			t.Fatalf("%s: %dx%d becomes %dx%d (%v)", p.Name, w, h, w2, h2, err)
		}
	})
}

// Sides on the patch grid, within the largest candidate of their width, reach
// the model as they are.
func TestPatchGridIsUnresampled(t *testing.T) {
	for _, p := range levels(t) {
		if p.Patch == 0 {
			continue
		}
		for _, c := range p.Candidates() {
			if c.Width%p.Patch != 0 || c.Height%p.Patch != 0 {
				t.Errorf("%s proposes %v, off its grid of %d px", p.Name, c, p.Patch)
			}
		}
		if w, h := 16*p.Patch, 16*p.Patch; p.MaxSide() >= w && !p.Unresampled(w, h) && p.Name != "hunyuanocr" {
			t.Errorf("%s resamples a page of 16x16 patches", p.Name)
		}
	}
}

func TestCandidates(t *testing.T) {
	for _, p := range levels(t) {
		cs := p.Candidates()
		if len(cs) == 0 || len(cs) > 4000 {
			t.Errorf("%s: %d candidates", p.Name, len(cs))
			continue
		}
		side, area := 0, 0
		for i, c := range cs {
			v, err := p.View(c.Width, c.Height)
			if err != nil || v.SeenWidth < c.Width || v.SeenHeight < c.Height || max(c.Width, c.Height) > vision.MaxPageSide {
				t.Errorf("%s: candidate %v: %+v, %v", p.Name, c, v, err)
			}
			if i > 0 && (c.Width < cs[i-1].Width || c.Width == cs[i-1].Width && c.Height <= cs[i-1].Height) {
				t.Errorf("%s: candidate %v after %v", p.Name, c, cs[i-1])
			}
			side, area = max(side, c.Width, c.Height), max(area, c.Width*c.Height)
		}
		if p.MaxSide() != side || p.MaxPixels() != area {
			t.Errorf("%s: MaxSide %d, MaxPixels %d, want %d, %d", p.Name, p.MaxSide(), p.MaxPixels(), side, area)
		}
	}
}

// worth is the pixels for a token of a page that loses none, else 0.
func worth(p *vision.Profile, w, h int) float64 {
	if w < 1 || h < 1 || max(w, h) > vision.MaxPageSide {
		return 0
	}
	v, err := p.View(w, h)
	if err != nil || v.SeenWidth < w || v.SeenHeight < h {
		return 0
	}
	return float64(w*h) / float64(v.Tokens+v.Overhead)
}

func best(p *vision.Profile) float64 {
	most := 0.0
	for _, c := range p.Candidates() {
		most = max(most, worth(p, c.Width, c.Height))
	}
	return most
}

// No page is better than the best candidate: neither the pages of a wide sweep
// nor where climbing from random pages ends.
func TestNoPageBeatsTheCandidates(t *testing.T) {
	most := make(map[string]float64)
	for _, p := range distinct(t) {
		most[p.Name] = best(p)
	}
	check(t, every, func(t *rapid.T, p *vision.Profile) {
		w, h := drawSide(t, "w", p.Patch, vision.MaxPageSide), drawSide(t, "h", p.Patch, vision.MaxPageSide)
		s := worth(p, w, h)
		for step := 512; step > 0; {
			w2, h2, s2 := w, h, s
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}} {
				if x := worth(p, w+d[0]*step, h+d[1]*step); x > s2 {
					w2, h2, s2 = w+d[0]*step, h+d[1]*step, x
				}
			}
			if s2 == s {
				step /= 2
			}
			w, h, s = w2, h2, s2
		}
		if s > most[p.Name]*(1+1e-12) {
			t.Fatalf("%s: a page of %dx%d has %.3f px for a token, the best candidate %.3f", p.Name, w, h, s, most[p.Name])
		}
	})
}

func ExampleProfile_Tokens() {
	p, err := vision.Lookup("anthropic/claude-sonnet-4-5-20250929")
	if err != nil {
		fmt.Println(err)
		return
	}
	tokens, err := p.Tokens(1568, 728)
	fmt.Println(p.Name, tokens, err)
	_, err = p.Tokens(1568, 9000)
	fmt.Println(err)
	// Output:
	// claude-sonnet-4.5 1460 <nil>
	// pricing an image of 1568x9000 px for claude-sonnet-4.5: want sides up to 8000 px
}

func ExampleProfile_Candidates() {
	p, err := vision.Lookup("gpt-4o")
	if err != nil {
		fmt.Println(err)
		return
	}
	var top vision.Size
	var pixels, tokens int
	for _, c := range p.Candidates() {
		if n, err := p.Tokens(c.Width, c.Height); err == nil && c.Width*c.Height*tokens >= pixels*n {
			top, pixels, tokens = c, c.Width*c.Height, n
		}
	}
	fmt.Println(top, pixels/tokens, "px for a token")
	// Output: {2048 512} 1370 px for a token
}

// pages are 10,000 pages as a document has them: one size, and a shorter last
// page after each hundred.
func pages() []vision.ImageInfo {
	out := make([]vision.ImageInfo, 10000)
	for i := range out {
		out[i] = vision.ImageInfo{Width: 1568, Height: 728}
		if i%100 == 99 {
			out[i].Height = 28 + i/100
		}
	}
	return out
}

// BenchmarkTotal prices 10,000 pages for every profile and level of detail.
func BenchmarkTotal(b *testing.B) {
	ps, images := levels(b), pages()
	for b.Loop() {
		for _, p := range ps {
			if _, err := p.Total(images); err != nil && p.Rule.Name() != "table" {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(ps)), "profiles")
}

// BenchmarkTokens prices one page for every profile and level of detail.
func BenchmarkTokens(b *testing.B) {
	ps := levels(b)
	for b.Loop() {
		for _, p := range ps {
			if _, err := p.Tokens(1568, 728); err != nil && p.Rule.Name() != "table" {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(ps)), "profiles")
}

func BenchmarkCandidates(b *testing.B) {
	ps := levels(b)
	for b.Loop() {
		for _, p := range ps {
			p.Candidates()
		}
	}
	b.ReportMetric(float64(len(ps)), "profiles")
}
