package read_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/render"
)

// billing is a reader whose readings cost something.
type billing struct {
	name  string
	err   error
	reads atomic.Int64
	hold  chan struct{} // nil, or what a reading waits for
}

func (b *billing) Name() string { return b.name }

func (b *billing) Read(_ context.Context, page read.Page) (read.Reading, error) {
	b.reads.Add(1)
	if b.hold != nil {
		<-b.hold
	}
	r := read.Reading{Text: string(page.PNG), Bill: llm.Bill{Attempts: 2, Usage: llm.Usage{PromptTokens: 10}, Money: 0.5, MaybeAttempts: 1}}
	if b.err != nil {
		r.Text = ""
	}
	return r, b.err
}

func TestKeep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "readings")
	for _, at := range []string{"", dir} {
		r := &billing{name: "a"}
		k, err := read.Keep(r, at)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{false, true, true} {
			got, err := k.Read(t.Context(), read.Page{Page: &render.Page{PNG: []byte("one")}})
			if err != nil || got.Text != "one" || got.Stored != want || got.Bill.Money != 0.5 || (got.Paid() == llm.Bill{}) != want {
				t.Errorf("%q, %d: %+v, error %v", at, i, got, err)
			}
		}
		if k.Name() != "a" || r.reads.Load() != 1 {
			t.Errorf("%q: %s read %d times", at, k.Name(), r.reads.Load())
		}
	}
	page := &render.Page{PNG: []byte("one")}
	if got, ok := read.Lookup(dir, "a", read.PageHash(page)); !ok || got.Text != "one" || !got.Stored {
		t.Errorf("looked up: %+v, %t", got, ok)
	}
	for _, tt := range [][3]string{
		{dir, "b", read.PageHash(page)}, {dir, "a", read.PageHash(&render.Page{PNG: []byte("two")})}, {dir, "a", "zz"}, {dir, "a", ""},
		{dir, "a", read.PageHash(page) + "00"}, {filepath.Join(dir, "none"), "a", read.PageHash(page)},
	} {
		if got, ok := read.Lookup(tt[0], tt[1], tt[2]); ok {
			t.Errorf("%q: found %+v", tt, got)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("looking made a directory")
	}
}

// The boxes of lines are part of what is read, and of the key.
func TestPageHash(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range []*render.Page{
		{PNG: []byte("one")}, {PNG: []byte("one1")}, {PNG: []byte("one"), Lines: []render.Line{}}, {PNG: []byte("one"), Lines: []render.Line{{X: 1}}},
		{PNG: []byte("one"), Lines: []render.Line{{X: 1}, {}}}, {PNG: []byte("one"), Lines: []render.Line{{Y: 1}}},
	} {
		if hash := read.PageHash(p); seen[hash] {
			t.Errorf("%+v has the hash of another page", p)
		} else {
			seen[hash] = true
		}
	}
	same := read.PageHash(&render.Page{PNG: []byte("one"), Lines: []render.Line{{X: 1, Start: 5, End: 9}}})
	if !seen[same] {
		t.Error("what a line says changes the hash")
	}
}

// What fails costs its caller, is not kept, and costs those who waited nothing.
func TestKeepFailures(t *testing.T) {
	broken := errors.New("broken")
	r := &billing{name: "a", err: broken, hold: make(chan struct{})}
	k, err := read.Keep(r, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var paid llm.Bill
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			got, err := k.Read(t.Context(), read.Page{Page: &render.Page{PNG: []byte("one")}})
			if !errors.Is(err, broken) || got.Text != "" {
				t.Errorf("%+v, error %v", got, err)
			}
			mu.Lock()
			defer mu.Unlock()
			paid = paid.Plus(got.Paid())
		})
	}
	close(r.hold)
	all.Wait()
	if n := int(r.reads.Load()); n == 0 || paid.Attempts != 2*n || paid.PromptTokens != 10*n {
		t.Errorf("paid %+v for %d readings", paid, n)
	}
	r.err = nil
	if got, err := k.Read(t.Context(), read.Page{Page: &render.Page{PNG: []byte("one")}}); err != nil || got.Stored || got.Text != "one" {
		t.Errorf("after the failure: %+v, error %v", got, err)
	}
}
