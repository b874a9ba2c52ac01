package configs

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite expectations under testdata")

// samples has, for every key, a legal JSON value that is not the default and
// its canonical text.
var samples = map[string]struct{ json, text string }{
	"theme":               {`"dark"`, "dark"},
	"page-size":           {`"letter"`, "612,792"},
	"dpi":                 {`"96"`, "96"},
	"margin-x":            {`10.5`, "10.5"},
	"margin-y":            {`0`, "0"},
	"frame-padding":       {`0`, "0"},
	"font-path":           {`"../fonts/Verdana.ttf"`, "../fonts/Verdana.ttf"},
	"fallback-fonts":      {`["lato","noto-sans-sc"]`, "lato,noto-sans-sc"},
	"font-size":           {`7.5`, "7.5"},
	"line-height":         {`12`, "12"},
	"font-color":          {`"#123"`, "#112233"},
	"alignment":           {`"ta_left"`, "LEFT"},
	"horizontal-scale":    {`0.95`, "0.95"},
	"first-line-indent":   {`18`, "18"},
	"left-indent":         {`3`, "3"},
	"right-indent":        {`4`, "4"},
	"space-before":        {`5`, "5"},
	"space-after":         {`6`, "6"},
	"border-width":        {`0.5`, "0.5"},
	"border-padding":      {`2`, "2"},
	"page-bg-color":       {`"#EEEEEE"`, "#EEEEEE"},
	"para-bg-color":       {`"#ffffee"`, "#FFFFEE"},
	"para-border-color":   {`"#777777"`, "#777777"},
	"auto-crop-width":     {`true`, "true"},
	"auto-crop-last-page": {`"true"`, "true"},
	"newline-markup":      {`"<font color=\"#FF0000\"> \\n </font>"`, `<font color="#FF0000"> \n </font>`},
	"paragraph-lines":     {`1`, "1"},
	"columns":             {`3`, "3"},
	"column-gap":          {`18`, "18"},
	"wrap":                {`"character"`, "character"},
	"anti-alias":          {`false`, "false"},
	"stroke-weight":       {`1.25`, "1.25"},
	"kerning":             {`true`, "true"},
	"tab-width":           {`8`, "8"},
	"patch-size":          {`28`, "28"},
	"page-label":          {`"{name} {page}"`, "{name} {page}"},
	"legend":              {`"none"`, "none"},
	"form-feed":           {`"mark"`, "mark"},
	"blank-pages":         {`true`, "true"},
	"exact-scale":         {`1.25`, "1.25"},
	"exact-anchors":       {`true`, "true"},
}

func TestEveryFieldHasAKey(t *testing.T) {
	var c Config
	at := map[any]string{}
	for _, f := range table {
		p := f.ref(&c)
		address := reflect.ValueOf(p).Pointer()
		if other, taken := at[address]; taken {
			t.Errorf("%s and %s share a field", f.name, other)
		}
		at[address] = f.name
	}
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		if _, ok := at[v.Field(i).Addr().Pointer()]; !ok {
			t.Errorf("field %s has no key", v.Type().Field(i).Name)
		}
	}
	if len(table) != v.NumField() {
		t.Errorf("%d keys for %d fields", len(table), v.NumField())
	}
}

func TestEveryKeyIsDocumentedAndReachable(t *testing.T) {
	keys := Keys()
	for i, k := range keys {
		t.Run(k.Name, func(t *testing.T) {
			if k.Doc == "" || k.Accepts == "" {
				t.Errorf("undocumented: %+v", k)
			}
			if (k.Type == TypeNumber || k.Type == TypeInteger || k.Type == TypeSize) != (k.Max > k.Min) {
				t.Errorf("type %s with range %v to %v", k.Type, k.Min, k.Max)
			}
			if slices.ContainsFunc(keys[:i], func(o Key) bool { return o.Name == k.Name }) {
				t.Error("key is listed twice")
			}
			sample, ok := samples[k.Name]
			if !ok {
				t.Fatal("no sample value in this test")
			}
			fromJSON, err := Parse(fmt.Appendf(nil, "{%q: %s}", k.Name, sample.json))
			if err != nil {
				t.Fatal(err)
			}
			got, err := fromJSON.Get(k.Name)
			if err != nil || got != sample.text {
				t.Errorf("Get after Parse = %q, %v; want %q", got, err, sample.text)
			}
			if got == k.Default {
				t.Error("the sample is the default and shows nothing")
			}
			set := Default()
			if err := set.Set(k.Name, got); err != nil {
				t.Fatal(err)
			}
			if k.Name == "font-size" { // the one key that moves another in a layer
				set.LineHeight = fromJSON.LineHeight
			}
			if !reflect.DeepEqual(set, fromJSON) {
				t.Errorf("Set gives %+v\nParse gives %+v", set, fromJSON)
			}
			if def := Default(); fromJSON.Hash() == def.Hash() && reflect.DeepEqual(fromJSON, def) {
				t.Error("the key changes nothing")
			}
		})
	}
}

func TestDefaultsAndRanges(t *testing.T) {
	c := Default()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if got, _ := c.Get(k.Name); got != k.Default {
			t.Errorf("%s: Get = %q, documented default %q", k.Name, got, k.Default)
		}
		// Both ends of a range are legal, what lies beyond is not.
		if k.Type == TypeNumber || k.Type == TypeInteger {
			for _, v := range []float64{k.Min, k.Max} {
				if err := c.Set(k.Name, number(v)); err != nil && k.Name != "paragraph-lines" {
					t.Error(err)
				}
			}
			for _, v := range []float64{k.Min - 1, k.Max + 1} {
				if err := c.Set(k.Name, number(v)); err == nil {
					t.Errorf("%s takes %v, outside %v to %v", k.Name, v, k.Min, k.Max)
				}
			}
		}
	}
	if err := (Config{}).Validate(); err == nil {
		t.Error("the zero Config is valid")
	}
}

func TestValidateOfAssignedFields(t *testing.T) {
	for _, test := range []struct {
		key    string
		change func(*Config)
	}{
		{"dpi", func(c *Config) { c.DPI = math.NaN() }},
		{"font-size", func(c *Config) { c.FontSize = math.Inf(1) }},
		{"page-size", func(c *Config) { c.PageSize.Height = math.NaN() }},
		{"alignment", func(c *Config) { c.Alignment = "left" }},
		{"wrap", func(c *Config) { c.Wrap = "" }},
		{"theme", func(c *Config) { c.Theme = "neon" }},
		{"columns", func(c *Config) { c.Columns = -1 }},
		{"fallback-fonts", func(c *Config) { c.FallbackFonts = []string{"\xff"} }},
		{"page-label", func(c *Config) { c.PageLabel = "\xff" }},
		{"newline-markup", func(c *Config) { c.NewlineMarkup = "\xff" }},
		{"font-path", func(c *Config) { c.FontPath = strings.Repeat("x", 5000) }},
	} {
		c := Default()
		test.change(&c)
		var e *KeyError
		if err := c.Validate(); !errors.As(err, &e) || e.Key != test.key {
			t.Errorf("Validate = %v, want a KeyError for %s", err, test.key)
		}
	}
}

func TestColumnIsTheReferenceFrame(t *testing.T) {
	c, err := Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	// Measured on the reference renderer: 563 x 810 pt are left for text.
	if got := c.Column(); got != (Size{563, 810}) {
		t.Errorf("Column = %v", got)
	}
}

func TestPagePixels(t *testing.T) {
	for _, test := range []struct {
		set  string
		w, h int
	}{
		{"page-size=595,842", 595, 842},
		{"page-size=A4", 596, 842}, // 595.28 x 841.89 pt
		{"page-size=595,842 dpi=96", 794, 1123},
		{"page-size=595,842 dpi=144", 1190, 1684},
		{"page-size=100.8,100.8 dpi=120", 168, 168}, // whole in decimal
		{"page-size=595,842 horizontal-scale=0.95", 565, 842},
		{"page-size=1568,728 patch-size=28", 1568, 728},
		{"page-size=595,842 patch-size=28", 616, 868},
	} {
		var set []KeyValue
		for s := range strings.FieldsSeq(test.set) {
			k, v, _ := strings.Cut(s, "=")
			set = append(set, KeyValue{k, v})
		}
		c, err := Build(Default(), set)
		if err != nil {
			t.Error(err)
			continue
		}
		if w, h := c.PagePixels(); w != test.w || h != test.h {
			t.Errorf("%s: %d x %d px, want %d x %d", test.set, w, h, test.w, test.h)
		}
	}
}

// A block is one case of a testdata file: lines after "> ", then the others.
type block struct{ input, want string }

func readBlocks(t *testing.T, path string) (head string, blocks []block) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(data), "\n\n")
	for text := range strings.SplitSeq(strings.TrimSpace(rest), "\n\n") {
		var b block
		for line := range strings.Lines(text + "\n") {
			if input, ok := strings.CutPrefix(line, ">"); ok {
				b.input += strings.TrimPrefix(input, " ")
			} else {
				b.want += line
			}
		}
		b.input = strings.TrimSuffix(b.input, "\n")
		blocks = append(blocks, b)
	}
	return head, blocks
}

func TestRefused(t *testing.T) {
	const path = "testdata/refused.txt"
	head, blocks := readBlocks(t, path)
	out := head
	for _, b := range blocks {
		c, err := Parse([]byte(b.input))
		if err == nil {
			t.Errorf("%s is accepted", b.input)
			continue
		}
		if !reflect.DeepEqual(c, Config{}) {
			t.Errorf("%s: a Config comes with the error", b.input)
		}
		if got := err.Error() + "\n"; got != b.want && !*update {
			t.Errorf("%s\ngives %swant  %s", b.input, got, b.want)
		}
		out += "\n\n>" + strings.TrimSuffix(" "+strings.ReplaceAll(b.input, "\n", "\n> "), " ") + "\n" + err.Error()
	}
	if *update {
		if err := os.WriteFile(path, []byte(out+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsOfAnotherKindOfFileAreFew(t *testing.T) {
	data := []byte(`{"a0": 0`)
	for i := range 5000 {
		data = fmt.Appendf(data, `, "a%d": 0`, i+1)
	}
	_, err := Parse(append(data, '}'))
	if err == nil || strings.Count(err.Error(), "\n") != maxProblems-1 {
		t.Errorf("an error of %d lines", strings.Count(fmt.Sprint(err), "\n")+1)
	}
}

func TestAccepted(t *testing.T) {
	_, blocks := readBlocks(t, "testdata/accepted.txt")
	for _, b := range blocks {
		c, err := Parse([]byte(b.input))
		if err != nil {
			t.Errorf("%s: %v", b.input, err)
			continue
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(b.want, "\n"), "\n") {
			key, want, _ := strings.Cut(line, " = ")
			if got, err := c.Get(key); err != nil || got != want {
				t.Errorf("%s: %s = %q, %v; want %q", b.input, key, got, err, want)
			}
		}
	}
}

func TestGlyphsOwnFileLoads(t *testing.T) {
	got, err := Load("testdata/config_en.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	want.FontPath = "../config/Verdana.ttf"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Load = %+v\nwant %+v", got, want)
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "100%.json")
	for text, want := range map[string]string{
		"{\n\n \"dpi\": -1}":                              path + `:3: dpi "-1": want a number from 10 to 1200 px/in`,
		"\ufeff{\"margin-x\": 1,\n\"font-colour\": \"\"}": path + `:2: font-colour is not a known key: want "font-color", the nearest known key`,
		"{\n\"dpi\": 72,,}":                               path + `:2: config is not JSON: invalid character ',' looking for beginning of object key string`,
		"{\"dpi\": 72, \"line-height\": 2}":               path + `:1: line-height "2" is below font-size 9: want at least 9 pt`,
		"{\"dpi\": \"\xff\"}":                             path + `: config is not UTF-8: want a JSON object of settings`,
		strings.Repeat(" ", maxFileSize) + "{}":           path + `: config is longer than 64 KiB; accepted: at most that`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err == nil || err.Error() != want {
			t.Errorf("Load = %v\nwant   %s", err, want)
		}
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "missing.json"), t.TempDir()} {
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Load(%q) = %v", path, err)
		}
	}
}

func TestSetRefusesLikeJSON(t *testing.T) {
	for _, kv := range []KeyValue{
		{"dpi", "0"}, {"dpi", "x"}, {"fontsize", "9"}, {"alignment", "up"}, {"theme", "neon"},
		{"font-color", "red"}, {"page-label", "{x}"}, {"newline-markup", ""}, {"kerning", "2"}, {"page-size", "A9"},
	} {
		c := Default()
		fromSet := c.Set(kv.Key, kv.Value)
		if !reflect.DeepEqual(c, Default()) {
			t.Errorf("a refused %s changed the Config", kv.Key)
		}
		var a, b *KeyError
		_, fromJSON := Parse(fmt.Appendf(nil, "{%q: %q}", kv.Key, kv.Value))
		if !errors.As(fromSet, &a) || !errors.As(fromJSON, &b) {
			t.Fatalf("%v: Set = %v, Parse = %v", kv, fromSet, fromJSON)
		}
		if a.Key != b.Key || a.Problem != b.Problem || a.Want != b.Want || b.Line != 1 {
			t.Errorf("Set refuses with %v\nParse with %v", a, b)
		}
	}
}

func TestPrecedence(t *testing.T) {
	dense, err := Preset("dense-bitmap")
	if err != nil {
		t.Fatal(err)
	}
	file, err := Parse([]byte(`{"theme": "code", "font-color": "#FFFFFF", "font-size": 10, "line-height": 12}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		base Config
		set  []KeyValue
		want map[string]string
	}{
		{"base alone", dense, nil, map[string]string{"font-path": "fixed-5x8", "theme": "", "dpi": "72"}},
		{"theme over preset", dense, []KeyValue{{"theme", "dark"}},
			map[string]string{"font-color": "#DADDE1", "font-path": "fixed-5x8", "alignment": "LEFT", "theme": "dark"}},
		{"explicit over theme over preset", dense, []KeyValue{{"theme", "dark"}, {"font-color", "#00FF00"}, {"dpi", "96"}},
			map[string]string{"font-color": "#00FF00", "page-bg-color": "#15181B", "dpi": "96", "margin-x": "4"}},
		{"explicit over theme in one file", file, nil,
			map[string]string{"font-color": "#FFFFFF", "font-path": "dejavu-sans-mono", "line-height": "12"}},
		{"theme of the flags over keys of the file", file, []KeyValue{{"theme", "dark"}},
			map[string]string{"font-color": "#DADDE1", "line-height": "12"}},
		{"empty theme lays nothing", file, []KeyValue{{"theme", ""}},
			map[string]string{"font-color": "#FFFFFF", "page-bg-color": "#272D31", "theme": ""}},
		{"font-size keeps the extra leading", file, []KeyValue{{"font-size", "8"}}, map[string]string{"line-height": "10"}},
		{"of a theme as well", Default(), []KeyValue{{"font-size", "16"}, {"theme", "pixel"}}, map[string]string{"line-height": "16"}},
		{"line-height stays as given", file, []KeyValue{{"line-height", "8"}, {"font-size", "8"}}, map[string]string{"line-height": "8"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			first, err := Build(test.base, test.set)
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range test.want {
				if got, err := first.Get(key); err != nil || got != want {
					t.Errorf("%s = %q, %v; want %q", key, got, err, want)
				}
			}
			slices.Reverse(test.set)
			if second, err := Build(test.base, test.set); err != nil || !reflect.DeepEqual(first, second) {
				t.Errorf("the order of settings matters: %+v, %v", second, err)
			}
		})
	}
	if _, err := Build(Default(), []KeyValue{{"dpi", "72"}, {"dpi", "96"}}); err == nil {
		t.Error("a key given twice is accepted")
	}
	if _, err := Build(Default(), []KeyValue{{"dpi", "x"}, {"columns", "0"}}); err == nil || strings.Count(err.Error(), "want") != 2 {
		t.Errorf("Build = %v, want both problems", err)
	}
}

// What an error asks for is enough, and less is not.
func TestErrorsAskForEnough(t *testing.T) {
	for _, test := range []struct {
		name        string
		change      func(*Config)
		key         string
		enough, few string
	}{
		{"wide margin", func(c *Config) { c.MarginX = 400 }, "page-size", "857,841.89", "856.9,841.89"},
		{"indents", func(c *Config) { c.MarginX, c.LeftIndent, c.FirstLineIndent = 400, 5.1, 3.3 }, "page-size", "865.4,841.89", "865.3,841.89"},
		{"high paragraph", func(c *Config) { c.SpaceBefore, c.BorderPadding = 800, 4.5 }, "page-size", "595.28,871", "595.28,870.9"},
		{"columns", func(c *Config) { c.ColumnGap, c.BorderWidth = 0, 1 }, "columns", "11", "12"},
		{"font px", func(c *Config) { c.DPI, c.LineHeight = 45, 1000; c.PageSize.Height = 2000 }, "font-size", "3.2", "3.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Default()
			test.change(&c)
			if err := c.Set(test.key, test.enough); err != nil {
				t.Fatal(err)
			}
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
			if err := c.Set(test.key, test.few); err != nil {
				t.Fatal(err)
			}
			var e *KeyError
			if err := c.Validate(); !errors.As(err, &e) || e.Key != test.key {
				t.Fatalf("Validate = %v", err)
			}
			sides := strings.NewReplacer(",", " x ").Replace(test.enough)
			if !strings.Contains(e.Want, sides) {
				t.Errorf("%v; it should name %s", e, sides)
			}
		})
	}
}

func TestLeadingHasNoBinaryDust(t *testing.T) {
	base := Default()
	base.LineHeight = 10.1
	c, err := Build(base, []KeyValue{{"font-size", "8"}})
	if err != nil || c.LineHeight != 9.1 {
		t.Errorf("line-height = %v, %v", c.LineHeight, err)
	}
}

func TestThemes(t *testing.T) {
	for _, f := range table {
		if f.name != "theme" {
			continue
		}
		for _, name := range f.values {
			c, err := Build(Default(), []KeyValue{{"theme", name}})
			if err != nil {
				t.Error(err)
				continue
			}
			if got := contrast(c.FontColor, c.ParaBGColor); got < 7 {
				t.Errorf("theme %q has a contrast of %.1f:1", name, got)
			}
			if name == "" {
				continue
			}
			given := map[string]bool{}
			for _, kv := range themes[Theme(name)] {
				given[kv.Key] = true
			}
			for _, color := range []string{"font-color", "page-bg-color", "para-bg-color", "para-border-color"} {
				if !given[color] {
					t.Errorf("theme %q leaves %s of another theme", name, color)
				}
			}
		}
		if len(themes) != len(f.values)-1 {
			t.Errorf("%d themes for the names %q", len(themes), f.values)
		}
	}
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b Color) float64 {
	luminance := func(c Color) float64 {
		linear := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// TestPresets also pins the hashes: they stand in manifests of packs that
// people keep, so a change must be on purpose.
func TestPresets(t *testing.T) {
	const path = "testdata/preset-hashes.txt"
	files, err := filepath.Glob("presets/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var hashes strings.Builder
	for _, p := range Presets() {
		c, err := Preset(p.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		if again, err := Parse(p.JSON); err != nil || !reflect.DeepEqual(again, c) {
			t.Errorf("preset %s is not its JSON: %v", p.Name, err)
		}
		if p.Description == "" {
			t.Errorf("preset %s has no description", p.Name)
		}
		files = slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) == p.Name+".json" })
		fmt.Fprintf(&hashes, "%s %s\n", c.Hash(), p.Name)
	}
	if len(files) > 0 {
		t.Errorf("not listed by Presets: %q", files)
	}
	if *update {
		if err := os.WriteFile(path, []byte(hashes.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if hashes.String() != string(want) {
		t.Errorf("hashes are\n%swant\n%s", hashes.String(), want)
	}
	_, err = Preset("glpyh-en")
	if want := `preset "glpyh-en" is not known: want "glyph-en", the nearest, or one of glyph-en, glyph-zh`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Preset = %v", err)
	}
}

func TestHash(t *testing.T) {
	dark, err := Build(Default(), []KeyValue{{"theme", "dark"}})
	if err != nil {
		t.Fatal(err)
	}
	byHand := dark
	byHand.Theme = ""
	if dark.Hash() != byHand.Hash() {
		t.Error("equal pages have different hashes")
	}
	for _, f := range table[1:] { // all but the theme
		c := Default()
		if err := c.Set(f.name, samples[f.name].text); err != nil {
			t.Fatal(err)
		}
		if c.Hash() == Default().Hash() {
			t.Errorf("%s is not in the hash", f.name)
		}
	}
}

func TestJSONOfOtherPackages(t *testing.T) {
	type manifest struct{ Config Config }
	want, err := Preset("dense-bitmap")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(manifest{want})
	if err != nil {
		t.Fatal(err)
	}
	var got manifest
	if err := json.Unmarshal(data, &got); err != nil || !reflect.DeepEqual(got.Config, want) {
		t.Errorf("%s gives %+v, %v", data, got, err)
	}
	if err := json.Unmarshal([]byte(`{"Config": {"dpi": 0}}`), &got); err == nil || got.Config.DPI != 72 {
		t.Errorf("a refused config changed the value: %v", err)
	}
}

// validConfig draws settings within the ranges of Keys and keeps what fits
// together.
func validConfig() *rapid.Generator[Config] {
	return rapid.Custom(func(t *rapid.T) Config {
		c := Default()
		for _, k := range Keys() {
			if rapid.IntRange(0, 2).Draw(t, "skip "+k.Name) > 0 {
				continue
			}
			before := c
			if err := c.Set(k.Name, value(t, k)); err != nil || (k.Name != "font-size" && c.Validate() != nil) {
				c = before
			}
			c.LineHeight = max(c.LineHeight, c.FontSize)
			if c.Validate() != nil {
				c = before
			}
		}
		return c
	})
}

func value(t *rapid.T, k Key) string {
	switch k.Type {
	case TypeNumber:
		if rapid.Bool().Draw(t, "small "+k.Name) {
			return number(max(k.Min, rapid.Float64Range(0, min(k.Max, 100)).Draw(t, k.Name)))
		}
		return number(rapid.Float64Range(k.Min, k.Max).Draw(t, k.Name))
	case TypeInteger:
		return fmt.Sprint(rapid.IntRange(int(k.Min), int(k.Max)).Draw(t, k.Name))
	case TypeBoolean:
		return fmt.Sprint(rapid.Bool().Draw(t, k.Name))
	case TypeChoice:
		return rapid.SampledFrom(k.Values).Draw(t, k.Name)
	case typeColor:
		return Color{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b")}.String()
	case TypeSize:
		side := rapid.Float64Range(k.Min, 4000)
		return Size{side.Draw(t, "width"), side.Draw(t, "height")}.String()
	case typeList:
		return quoteList(rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, k.Name))
	}
	if k.Name == "newline-markup" {
		return rapid.SampledFrom([]string{"", `<font color="#12F">`, "<br/>"}).Draw(t, "tag") +
			rapid.StringN(0, 8, -1).Draw(t, k.Name) + rapid.SampledFrom([]string{"", "</font>", "</font><br>", "<br/>"}).Draw(t, "end")
	}
	return rapid.String().Draw(t, k.Name)
}

func TestCanonicalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := validConfig().Draw(t, "config")
		text := c.Canonical()
		back, err := Parse(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if !reflect.DeepEqual(back, c) {
			t.Fatalf("Parse(Canonical) = %+v\nwant %+v", back, c)
		}
		if !bytes.Equal(back.Canonical(), text) || back.Hash() != c.Hash() {
			t.Fatal("Canonical is no fixpoint")
		}
		if len(text) > maxFileSize {
			t.Fatalf("canonical form of %d bytes cannot be read", len(text))
		}
		// Setting every key in the order of Keys reproduces the Config, and
		// giving all of them in any order does too.
		var step Config
		var all []KeyValue
		for _, k := range Keys() {
			v, err := c.Get(k.Name)
			if err != nil {
				t.Fatal(err)
			}
			if err := step.Set(k.Name, v); err != nil {
				t.Fatal(err)
			}
			all = append(all, KeyValue{k.Name, v})
		}
		if !reflect.DeepEqual(step, c) {
			t.Fatalf("setting every key gives %+v\nwant %+v", step, c)
		}
		r := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order")))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if built, err := Build(Default(), all); err != nil || !reflect.DeepEqual(built, c) {
			t.Fatalf("building from every key gives %+v, %v\nwant %+v", built, err, c)
		}
	})
}

func TestNearest(t *testing.T) {
	var names []string
	for _, k := range Keys() {
		names = append(names, k.Name)
	}
	for given, want := range map[string]string{
		"font_size": "font-size", "FontSize": "font-size", "fnot-size": "font-size", "lineheight": "line-height",
		"auto-crop": "auto-crop-width", "": "dpi", "newline_markup": "newline-markup", "colour": "columns",
		strings.Repeat("x", 1e6): "margin-x",
	} {
		if got := nearest(given, names); got != want {
			t.Errorf("nearest(%.20q) = %q, want %q", given, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range Presets() {
		f.Add(p.JSON)
	}
	for _, path := range []string{"testdata/refused.txt", "testdata/accepted.txt"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if input, ok := strings.CutPrefix(line, "> {\""); ok {
				f.Add([]byte("{\"" + input))
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("empty error")
			}
			return
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("accepted but not valid: %v", err)
		}
		text := c.Canonical()
		back, err := Parse(text)
		if err != nil || !reflect.DeepEqual(back, c) || !bytes.Equal(back.Canonical(), text) {
			t.Fatalf("%s is no fixpoint: %v", text, err)
		}
		if w, h := c.PagePixels(); w < 1 || h < 1 || w*h > MaxPageArea {
			t.Fatalf("%s gives a page of %d x %d px", text, w, h)
		}
	})
}
