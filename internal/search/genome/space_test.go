package genome

import (
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
)

func TestLimits(t *testing.T) {
	data, err := os.ReadFile("testdata/limits.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		specs, want, _ := strings.Cut(strings.TrimSpace(line), " => ")
		_, err := NewSpace(strings.Split(specs, ";"), 28)
		if got := errorText(err); want == "ok" && err != nil || want != "ok" && !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", specs, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

func TestLoadLimits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "limits")
	if err := os.WriteFile(path, []byte("# sizes\nfont-size=9\n\n  dpi=72..120\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := LoadLimits(path)
	if err != nil || strings.Join(got, ";") != "font-size=9;dpi=72..120" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := LoadLimits(path + "x"); err == nil {
		t.Error("a missing file is no error")
	}
}

// Whatever made a config, it is inside the limits and nearly always valid.
func TestOperatorsStayInside(t *testing.T) {
	s, err := NewSpace([]string{"dpi=72..120", "line-height=9", "font-path=lato|fixed-5x8", "page-size=300,400..900,950", "tab-width=3", "font-color=#112233"}, 28)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(3))
	c := s.Sample(rng)
	made, valid := 0, 0
	for range 3000 {
		for name, next := range map[string]configs.Config{
			"sample": s.Sample(rng), "mutate": s.Mutate(c, rng), "repack": s.Repack(c, rng), "crossover": s.Crossover(c, s.Sample(rng), rng),
		} {
			made++
			if next.DPI < 72 || next.DPI > 120 || next.LineHeight != 9 || next.FontSize > 9 || next.TabWidth != 3 ||
				next.FontPath != "lato" && next.FontPath != "fixed-5x8" || next.FontColor != (configs.Color{R: 0x11, G: 0x22, B: 0x33}) ||
				next.PageSize.Width < 300 || next.PageSize.Width > 900 || next.PageSize.Height < 400 || next.PageSize.Height > 950 {
				t.Fatalf("%s left the limits: %s", name, next.Canonical())
			}
			if next.Validate() == nil {
				valid++
			}
		}
		if next := s.Mutate(c, rng); next.Validate() == nil {
			c = next
		}
	}
	if valid < made*9/10 {
		t.Errorf("%d of %d configs are valid, want 9 in 10", valid, made)
	}
}

func TestChoicesOfNumbersAreKept(t *testing.T) {
	s, err := NewSpace([]string{"dpi=72|96", "font-size=7|8|12", "line-height=8|9|11"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(3))
	c := s.Sample(rng)
	for range 2000 {
		c = s.Crossover(s.Mutate(c, rng), s.Sample(rng), rng)
		if c.DPI != 72 && c.DPI != 96 || c.FontSize != 7 && c.FontSize != 8 || c.LineHeight != 8 && c.LineHeight != 9 && c.LineHeight != 11 {
			t.Fatalf("dpi %v, size %v, leading %v", c.DPI, c.FontSize, c.LineHeight)
		}
	}
}

func TestPresetsAreFounders(t *testing.T) {
	s, err := NewSpace(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range configs.Presets() {
		c, err := configs.Preset(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Impose(c); got.Hash() != c.Hash() {
			t.Errorf("%s is changed without limits", p.Name)
		}
	}
}

func TestCrossoverKeepsGroupsTogether(t *testing.T) {
	s, err := NewSpace(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(1))
	a, b := s.Sample(rng), s.Sample(rng)
	a.DPI, a.FontSize, a.LineHeight = 72, 8, 9
	b.DPI, b.FontSize, b.LineHeight = 96, 10, 12
	seen := map[float64]bool{}
	for range 50 {
		c := s.Crossover(a, b, rng)
		if (c.DPI == a.DPI) != (c.FontSize == a.FontSize) || (c.DPI == a.DPI) != (c.LineHeight == a.LineHeight) {
			t.Fatalf("dpi %v, size %v and leading %v come from two parents", c.DPI, c.FontSize, c.LineHeight)
		}
		seen[c.DPI] = true
	}
	if len(seen) != 2 {
		t.Error("the group always comes from the same parent")
	}
}

func TestPatch(t *testing.T) {
	s, err := NewSpace([]string{"dpi=72..120", "kerning=false"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	parent := configs.Default()
	for _, c := range []struct{ genes, want string }{
		{`{"font-size":8.5}`, "ok"},
		{`{"font-size":"8.5","font-path":"lato","anti-alias":false}`, "ok"},
		{`{"newline-markup":" // "}`, "ok"},
		{`{"font-color":"#123456"}`, "ok"},
		{`{}`, "want at least one"},
		{`{"dpi":200}`, "want a number from 72 to 120"},
		{`{"font-size":8,"dpi":"x"}`, "dpi"},
		{`{"kerning":true}`, "kerning is fixed or not searched"},
		{`{"tab-width":2}`, "tab-width is fixed or not searched"},
		{`{"font-size":[1]}`, "font-size"},
		{`{"font-size":null}`, "font-size"},
		{`{"font-path":"papyrus"}`, "want one of dejavu-sans"},
		{`{"wingspan":2}`, "nearest known key"},
		{`{"font-size":9,"line-height":8}`, "is below font-size"},
		{`{"page-size":"9000,9000"}`, "want from"},
	} {
		var p Patch
		if err := json.Unmarshal([]byte(`{"genes":`+c.genes+`}`), &p); err != nil {
			t.Fatal(err)
		}
		got, err := s.Apply(parent, p)
		if msg := errorText(err); c.want == "ok" && err != nil || c.want != "ok" && !strings.Contains(msg, c.want) {
			t.Errorf("%s: %s, want %s", c.genes, msg, c.want)
		}
		if err == nil && got.Hash() == parent.Hash() || err != nil && got.Hash() != parent.Hash() {
			t.Errorf("%s: changed is %v, error is %v", c.genes, got.Hash() != parent.Hash(), err)
		}
	}
}

func FuzzLimit(f *testing.F) {
	for _, s := range []string{"font-size=9", "dpi=72..120", "font-path=a|b", "page-size=1,1..9,9", "newline-markup=|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLimit(text)
		if err != nil {
			return
		}
		if _, _, err := limited(allGenes(0), []string{text}); err == nil && len(l.values) == 0 && l.lo == "" {
			t.Errorf("%q limits nothing", text)
		}
	})
}

func FuzzPatch(f *testing.F) {
	for _, s := range []string{`{"genes":{"font-size":8.5}}`, `{"genes":{"font-path":"lato","dpi":"96"}}`, `{"genes":{"x":[]}}`} {
		f.Add([]byte(s))
	}
	s, err := NewSpace([]string{"margin-x=0..20"}, 28)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p Patch
		if json.Unmarshal(data, &p) != nil {
			return
		}
		c, err := s.Apply(configs.Default(), p)
		if err == nil && (c.Validate() != nil || c.MarginX > 20) {
			t.Errorf("%s gives an invalid config: %v", data, c.Validate())
		}
	})
}
