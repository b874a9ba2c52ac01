package ppocr

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/testkit"
	"github.com/glyphkit/glyph/render"
)

// newReader is the installed PP-OCR.
func newReader(t testing.TB, o Options) *Reader {
	t.Helper()
	r, err := New(t.Context(), o)
	if err != nil {
		t.Fatalf("%v\nscripts/test-deps installs what tests need", err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// sourceText is a text of a kind as one paragraph.
func sourceText(t testing.TB, kind corpus.Kind) string {
	t.Helper()
	data, err := io.ReadAll(corpus.New(kind, 1, 20_000))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.Join(bytes.Fields(data), []byte(" ")))
}

// ids are random strings, in which no language helps.
func ids() string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	rng := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	for range 200 {
		for range 12 {
			b.WriteByte(digits[rng.IntN(len(digits))])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// drawPage draws the first page of a text, with settings "key=value" over a
// preset, and returns what it shows, line by line.
func drawPage(t testing.TB, src, preset string, settings ...string) (page *render.Page, shown string) {
	t.Helper()
	cfg, err := configs.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(settings, "legend=none") {
		key, value, _ := strings.Cut(s, "=")
		if err := cfg.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	drawer, err := render.New(cfg, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for page, err := range drawer.Pages(t.Context(), "text", strings.NewReader(src)) {
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, line := range page.Lines {
			b.WriteString(src[line.Start:line.End])
			b.WriteByte('\n')
		}
		return page, b.String()
	}
	t.Fatal("no page")
	return nil, ""
}

// TestReadability draws text and reads it back. 0.5 % is the bar for Glyph's
// published config. The other limits are about twice what was measured with one
// text, to notice when something breaks. Read by pp-ocrv4 rec (onnxruntime
// 1.30.0), CER with the lines of the layout:
//
//	glyph-en, prose            0.29 % of n = 3105
//	on a leading of 18 pt      0.56 % of 1065
//	dark                       0.49 % of 1432
//	two columns, as a picture  0.62 % of 806
//	identifiers                7.1 % of 2599, 4.0 % but for spaces left out
//	glyph-zh                   2.7 % of 1650
//
// Spaces of Chinese text are not counted: the model leaves out most of those
// around Latin words.
func TestReadability(t *testing.T) {
	dir, err := testkit.Transcripts("../../eval/read", ".")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := read.Keep(newReader(t, Options{}), dir)
	if err != nil {
		t.Fatal(err)
	}
	prose := sourceText(t, corpus.Prose)
	for _, test := range []struct {
		name, src, preset string
		settings          string
		picture           bool // without the lines of the layout
		spaces            bool // are counted
		limit             float64
	}{
		{"glyph-en", prose, "glyph-en", "page-size=595,300", false, true, 0.005},
		{"leading", prose, "glyph-en", "page-size=595,100 line-height=18", false, true, 0.015},
		{"dark", prose, "glyph-en", "page-size=595,60 theme=dark", false, true, 0.015},
		{"picture", prose, "glyph-en", "page-size=595,60", true, true, 0.015},
		{"dark picture", prose, "glyph-en", "page-size=595,60 theme=dark", true, true, 0.015},
		{"picture of columns", prose, "glyph-en", "page-size=595,110 columns=2", true, true, 0.015},
		{"identifiers", ids(), "glyph-en", "page-size=595,80", false, true, 0.15},
		{"glyph-zh", sourceText(t, corpus.Chinese), "glyph-zh", "page-size=595,80", false, false, 0.05},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, want := drawPage(t, test.src, test.preset, strings.Fields(test.settings)...)
			if test.picture {
				page.Lines = nil
			}
			r, err := reader.Read(t.Context(), read.Page{Page: page})
			if err != nil {
				t.Fatal(err)
			}
			got := r.Text
			if !test.spaces {
				want, got = strings.Join(strings.Fields(want), ""), strings.Join(strings.Fields(got), "")
			}
			e := metric.CharacterErrors(want, got)
			t.Logf("CER %.2f %% of n = %d by %s", 100*e.Rate(), e.Length, reader.Name())
			if !(e.Rate() <= test.limit) {
				t.Errorf("%s misread %d of %d characters, more than %.1f %%:\n%s", reader.Name(), e.Distance, e.Length, 100*test.limit, got)
			}
		})
	}
}

func TestName(t *testing.T) {
	if got, want := newReader(t, Options{}).Name(), "pp-ocrv4 rec (onnxruntime 1.30.0)"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
}

// TestWorkers reads a page with several readers and from several goroutines.
func TestWorkers(t *testing.T) {
	page, _ := drawPage(t, sourceText(t, corpus.Prose), "glyph-en", "page-size=300,80")
	var want string
	for _, workers := range []int{1, 3} {
		reader := newReader(t, Options{Workers: workers})
		texts := make([]string, 3)
		var wg sync.WaitGroup
		for i := range texts {
			wg.Go(func() {
				r, err := reader.Read(t.Context(), read.Page{Page: page})
				if err != nil {
					t.Error(err)
				}
				texts[i] = r.Text
			})
		}
		wg.Wait()
		for _, got := range texts {
			if want == "" {
				want = got
			}
			if got != want || got == "" {
				t.Errorf("with %d workers a page reads as\n%sthe first time as\n%s", workers, got, want)
			}
		}
	}
}

func TestReadEnds(t *testing.T) {
	page, _ := drawPage(t, sourceText(t, corpus.Prose), "glyph-en", "page-size=300,60")
	reader, err := New(t.Context(), Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if text, err := reader.Read(ctx, read.Page{Page: page}); !errors.Is(err, context.Canceled) || text != (read.Reading{}) {
		t.Errorf("a cancelled reading gives %+v and the error %v, want %v", text, err, context.Canceled)
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if _, err := reader.Read(t.Context(), read.Page{Page: page}); !errors.Is(err, errClosed) {
		t.Errorf("reading with a closed reader has the error %v", err)
	}
	if err := reader.Close(); !errors.Is(err, errClosed) {
		t.Errorf("closing twice has the error %v", err)
	}
}

func TestBadPages(t *testing.T) {
	reader := newReader(t, Options{})
	page, _ := drawPage(t, "A line.", "glyph-en")
	at := func(x, y, width, height int) *render.Page {
		return &render.Page{PNG: page.PNG, Lines: []render.Line{{X: x, Y: y, Width: width, Height: height}}}
	}
	for name, test := range map[string]struct {
		page *render.Page
		want string
	}{
		"empty":     {&render.Page{}, "EOF"},
		"no PNG":    {&render.Page{PNG: []byte("not a picture")}, "not a PNG"},
		"truncated": {&render.Page{PNG: page.PNG[:len(page.PNG)-20]}, "EOF"},
		"beside":    {at(5000, 0, 10, 10), "line 1 of the page, 5000,0 of 10x10 px"},
		"negative":  {at(10, 10, -5, 10), "-5x10 px"},
		"huge":      {&render.Page{PNG: pngHeader(t, 7000, 7000)}, "an area of at most 36000000 px"},
		"long":      {&render.Page{PNG: pngHeader(t, 100_000, 1)}, "sides of at most 65536 px"},
	} {
		text, err := reader.Read(t.Context(), read.Page{Page: test.page})
		if err == nil || !strings.Contains(err.Error(), test.want) || text != (read.Reading{}) {
			t.Errorf("%s: text %+v, error %v, want one with %q", name, text, err, test.want)
		}
	}
}

func TestNothingToRead(t *testing.T) {
	reader := newReader(t, Options{})
	page := &render.Page{PNG: encode(t, gray(40, 200, 255))}
	for name, lines := range map[string][]render.Line{
		"picture":    nil,
		"no line":    {},
		"blank line": {{X: 4, Y: 4, Width: 100, Height: 10}},
		"empty line": {{X: 4, Y: 4, Height: 10}},
	} {
		page.Lines = lines
		if text, err := reader.Read(t.Context(), read.Page{Page: page}); text != (read.Reading{}) || err != nil {
			t.Errorf("%s: text %+v, error %v, want neither", name, text, err)
		}
	}
}

// TestTinyInk: a dot is read as something or nothing, without an error.
func TestTinyInk(t *testing.T) {
	reader := newReader(t, Options{})
	img := gray(20, 20, 255)
	img.Pix[10*img.Stride+10] = 0
	for _, lines := range [][]render.Line{nil, {{X: 10, Y: 10, Width: 1, Height: 1}}, {{Width: 20, Height: 20}}} {
		if _, err := reader.Read(t.Context(), read.Page{Page: &render.Page{PNG: encode(t, img), Lines: lines}}); err != nil {
			t.Error(err)
		}
	}
}

func TestBadFiles(t *testing.T) {
	installed, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	write := func(content string) file {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file{Path: path}
	}
	changed := installed.Model
	changed.SHA256 = strings.Repeat("0", 64)
	for name, test := range map[string]struct {
		library, model, keys file
		want                 string
	}{
		"no library":       {file{Path: "none.so"}, installed.Model, installed.Keys, "none.so"},
		"no model":         {installed.Library, file{Path: "none.onnx"}, installed.Keys, "none.onnx"},
		"no keys":          {installed.Library, installed.Model, file{Path: "none.txt"}, "none.txt"},
		"changed":          {installed.Library, changed, installed.Keys, "wrong checksum: want SHA-256 000"},
		"other library":    {write("text"), installed.Model, installed.Keys, "loading ONNX Runtime"},
		"empty model":      {installed.Library, write(""), installed.Keys, "it is empty"},
		"other model":      {installed.Library, write("text"), installed.Keys, "ONNX Runtime says"},
		"cut model":        {installed.Library, write(truncated(t, installed.Model.Path)), installed.Keys, "ONNX Runtime says"},
		"other network":    {installed.Library, write(identityModel()), installed.Keys, "has 4 dimensions"},
		"empty keys":       {installed.Library, installed.Model, write("\n"), "it is empty"},
		"other keys":       {installed.Library, installed.Model, write("a\nb\n"), "6625 classes apart, the keys name 4"},
		"words for keys":   {installed.Library, installed.Model, write("a\nword\n"), "line 2 has 4 characters"},
		"keys not in UTF8": {installed.Library, installed.Model, write("\xff\n"), "not UTF-8"},
	} {
		r, err := New(t.Context(), Options{Files: Files{Library: test.library, Model: test.model, Keys: test.keys}})
		if err == nil || !strings.Contains(err.Error(), test.want) || r != nil {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
	if _, err := New(t.Context(), Options{Workers: -1}); err == nil {
		t.Error("-1 workers are accepted")
	}
}

func truncated(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data[:len(data)/2])
}

// identityModel is an ONNX model whose output is its input.
func identityModel() string {
	field := func(number byte, content string) string { // of a protobuf message
		return string([]byte{number<<3 | 2, byte(len(content))}) + content
	}
	varint := func(number, value byte) string { return string([]byte{number << 3, value}) }
	value := func(name string) string { // ValueInfoProto of floats without a shape
		return field(1, name) + field(2, field(1, varint(1, 1)))
	}
	node := field(1, "x") + field(2, "y") + field(4, "Identity")
	graph := field(1, node) + field(2, "g") + field(11, value("x")) + field(12, value("y"))
	return varint(1, 8) + field(7, graph) + field(8, varint(2, 13))
}

// BenchmarkRead is the speed of a page of Glyph's published config.
func BenchmarkRead(b *testing.B) {
	reader := newReader(b, Options{})
	page, shown := drawPage(b, sourceText(b, corpus.Prose), "glyph-en", "page-size=595,130")
	for b.Loop() {
		if _, err := reader.Read(b.Context(), read.Page{Page: page}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(shown)*b.N)/b.Elapsed().Seconds(), "chars/s")
	b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "workers")
}
