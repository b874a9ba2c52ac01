package eval

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/ppocr"
	"github.com/glyphkit/glyph/internal/testkit"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// strips is a preset with low pages, which are read quickly, and with further
// settings, "key=value" each.
func strips(t testing.TB, settings ...string) Config {
	t.Helper()
	cfg, err := configs.Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	kvs := []configs.KeyValue{{Key: "page-size", Value: "595,120"}}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		if key == "page-size" {
			kvs = nil
		}
		kvs = append(kvs, configs.KeyValue{Key: key, Value: value})
	}
	if cfg, err = configs.Build(cfg, kvs); err != nil {
		t.Fatal(err)
	}
	return Config{"strips", cfg}
}

func profile(t testing.TB) *vision.Profile {
	t.Helper()
	p, err := vision.Lookup("qwen3-vl")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tesseract(t testing.TB) read.Reader {
	t.Helper()
	r, err := read.NewTesseract(t.Context(), read.TesseractOptions{})
	if err != nil {
		t.Fatalf("%v\nscripts/test-deps installs what tests need", err)
	}
	return kept(t, r, "read")
}

// kept is a reader that reads no page that it has read in an earlier test with
// the same engine and the same code in sources.
func kept(t testing.TB, r read.Reader, sources ...string) read.Reader {
	t.Helper()
	dir, err := testkit.Transcripts(sources...)
	if err != nil {
		t.Fatal(err)
	}
	k, err := read.Keep(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func paddle(t testing.TB) read.Reader {
	t.Helper()
	r, err := ppocr.New(t.Context(), ppocr.Options{})
	if err != nil {
		t.Fatalf("%v\nscripts/test-deps installs what tests need", err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return kept(t, r, "read", "../internal/ppocr")
}

// oracle is a reader that knows the pages of a spec. What it misreads depends
// on the page alone.
type oracle struct {
	texts map[string]string // by the SHA-256 of the page
	noise int               // one digit in so many is misread, 0 for none
	other string            // of pages that it does not know; "" is an error
	reads atomic.Int64

	mu   sync.Mutex
	fail func(page string) error // may be nil
}

func newOracle(t testing.TB, spec Spec, noise int) *oracle {
	t.Helper()
	o, err := knowing(context.Background(), spec, noise)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func knowing(ctx context.Context, spec Spec, noise int) (*oracle, error) {
	spec, err := spec.complete()
	if err != nil {
		return nil, err
	}
	counter, err := plan.CounterFor(spec.Model, nil)
	if err != nil {
		return nil, err
	}
	sets, err := spec.makeSets(counter)
	if err != nil {
		return nil, err
	}
	o := &oracle{texts: map[string]string{}, noise: noise}
	all := newRenderers(spec.Configs, render.Options{})
	for _, g := range groups(sets) {
		for _, c := range spec.Configs {
			for _, dpi := range spec.dpis(c) {
				r, err := all.get(c.Name, dpi)
				if err != nil {
					return nil, err
				}
				for page, err := range r.Pages(ctx, pageName, strings.NewReader(g.text)) {
					if err != nil {
						return nil, err
					}
					var b strings.Builder
					for _, l := range page.Lines {
						b.WriteString(strings.TrimRight(g.text[l.Start:l.End], "\n") + "\n")
					}
					o.texts[hashOf(page.PNG)] = b.String()
				}
			}
		}
	}
	return o, nil
}

func (o *oracle) Name() string { return fmt.Sprintf("oracle (1/%d)", o.noise) }

func (o *oracle) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	o.reads.Add(1)
	hash := hashOf(page.PNG)
	o.mu.Lock()
	fail := o.fail
	o.mu.Unlock()
	if fail != nil {
		if err := fail(hash); err != nil {
			return read.Reading{}, err
		}
	}
	text, ok := o.texts[hash]
	if !ok && o.other != "" {
		return read.Reading{Text: o.other}, nil
	}
	if !ok {
		return read.Reading{}, fmt.Errorf("the oracle does not know page %d", page.Number)
	}
	if o.noise == 0 {
		return read.Reading{Text: text}, nil
	}
	b := []byte(text)
	digits := 0
	for i, c := range b {
		if c >= '0' && c <= '9' {
			if digits++; digits%o.noise == 0 {
				b[i] = '0' + (c-'0'+3)%10
			}
		}
	}
	return read.Reading{Text: string(b)}, nil
}

// cell is the cell of a task under the only condition with an arm.
func cell(t testing.TB, res *Result, task string, arm Arm) Cell {
	t.Helper()
	for _, c := range res.Cells {
		if c.Task == task && c.Arm == arm {
			return c
		}
	}
	t.Fatalf("no cell of %s, %s", task, arm)
	return Cell{}
}

func table(t testing.TB, res *Result) string {
	t.Helper()
	var b strings.Builder
	if err := res.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
