package search

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
)

func TestFailedReadingIsUnscored(t *testing.T) {
	var n atomic.Int64
	fail := errors.New("out of paper")
	r := known.New(t, probe.Options{Probes: 8, HeldOut: 4}, func(s string) (string, error) {
		if n.Add(1)%5 == 0 {
			return "", fail
		}
		return s, nil
	}, known.Document(corpus.Prose, 30_000))
	o := Options{Population: 4, Generations: 2, Rungs: []int{8}, Finalists: 2, Limits: known.Cheap}
	result, err := Run(t.Context(), "", r, o)
	if err != nil {
		t.Fatal(err)
	}
	if result.Unscored == 0 {
		t.Error("none is unscored")
	}
	for _, c := range result.Candidates {
		if c.Accuracy.N > 0 && c.Accuracy.Mean != 1 {
			t.Errorf("accuracy %v", c.Accuracy)
		}
	}
	r = known.New(t, probe.Options{Probes: 8, HeldOut: 4}, func(string) (string, error) { return "", fail }, known.Document(corpus.Prose, 30_000))
	if _, err := Run(t.Context(), "", r, o); err == nil || !strings.Contains(err.Error(), "knowing failed on 8 probes in a row, last with: out of paper") {
		t.Errorf("a dead reader: %v", err)
	}
}

func TestReadHeldOut(t *testing.T) {
	docs := []*document.Document{known.Document(corpus.Prose, 40_000), known.Document(corpus.Code, 40_000)}
	r := known.New(t, probe.Options{Probes: 12, HeldOut: 8}, known.Right, docs...)
	result, err := Run(t.Context(), "", r, Options{Population: 4, Generations: 2, Rungs: []int{8}, Finalists: 2, Limits: known.Cheap, Baselines: []Baseline{{"glyph-en", known.Config(t)}}})
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	bad := known.New(t, probe.Options{Probes: 12, HeldOut: 8}, func(s string) (string, error) {
		reads++
		return strings.ReplaceAll(s, "e", "c"), nil
	}, docs...)
	dir := t.TempDir()
	for range 2 {
		list, billed, err := ReadHeldOut(t.Context(), dir, bad, result.Finalists, 1)
		if err != nil {
			t.Fatal(err)
		}
		if billed != (llm.Bill{}) || reads != len(list)*8 || len(list) != len(result.Finalists) {
			t.Errorf("%d finalists with %d reads, billed %+v", len(list), reads, billed)
		}
		for i, f := range list {
			if f.ID != result.Finalists[i].ID || f.Accuracy.N != 8 || f.Accuracy.Mean > 0.97 || len(f.Strata) < 3 || result.Finalists[i].Accuracy.Mean != 1 {
				t.Errorf("%+v", f)
			}
			for _, c := range f.Against {
				if c.Accuracy.N != 8 || c.Strata[probe.StratumCode].N == 0 {
					t.Errorf("against %+v", c)
				}
			}
		}
	}
	once := reads
	if _, _, err := ReadHeldOut(t.Context(), dir, bad, result.Finalists, 1); err != nil || reads != once {
		t.Errorf("read again: %d and %d, %v", once, reads, err)
	}
	if _, _, err := ReadHeldOut(t.Context(), dir, bad, result.Finalists[1:], 1); err == nil || !strings.Contains(err.Error(), "finalists is") {
		t.Errorf("other finalists in the same directory: %v", err)
	}
}
