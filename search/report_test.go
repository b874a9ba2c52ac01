package search

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/model/vision"
)

// blurredRun is a small run with all that a report has.
func blurredRun(t *testing.T) ReportInput {
	t.Helper()
	docs := corpusDoc(corpus.Prose, 25_000)
	o := ReadingOptions{Probes: 8, HeldOut: 6, Chars: 300}
	var r knowing
	length := 0
	r = newKnowing(t, o, func(s string) (string, error) {
		length++
		return strings.ReplaceAll(s, string(rune('a'+length%26)), "?"), nil
	}, docs)
	book := mustParse(t, somePlaybook)
	if err := book.Learn([]string{"geometry: Pages of 300 pt suit <code>."}); err != nil {
		t.Fatal(err)
	}
	result, err := Run(t.Context(), "", r, Options{
		Population: 4, Generations: 2, Rungs: []int{8}, Finalists: 3,
		Limits: []string{"dpi=72", "page-size=300,300..700,900"}, Baselines: []Baseline{{"glyph-en", mustSet(t)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return ReportInput{
		Command: []string{"glyph", "search"}, Result: result, Problem: r.Reading, Playbook: book,
		Models:        []*vision.Profile{mustModel(t, "glm-4.5v"), mustModel(t, "claude-opus-5")},
		HeldOutReader: "another reader", HeldOut: result.Finalists,
	}
}

func TestReport(t *testing.T) {
	in := blurredRun(t)
	report, err := NewReport(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := report.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	for name, id := range in.Result.Picks {
		c, err := configs.Load(filepath.Join(dir, "front", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if shortID(c.Hash()) != id {
			t.Errorf("%s.json is %s, not %s", name, shortID(c.Hash()), id)
		}
	}
	for _, c := range in.Result.Front {
		if _, err := configs.Load(filepath.Join(dir, "front", c.ID+".json")); err != nil {
			t.Error(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Stop     string
		HeldOut  cost `json:"held_out"`
		Probes   int  `json:"held_out_probes"`
		Measured []struct {
			Reader    string
			Finalists []struct{ Accuracy *struct{ N int } }
		}
		Prices []struct{ Models []modelPrice }
		Genes  []geneImportance
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Stop != stopGenerations || got.HeldOut.Attempts != 6*len(in.Result.Finalists) || got.Probes != 6 || len(got.Measured) != 2 || got.Measured[1].Reader != "another reader" || got.Measured[0].Finalists[0].Accuracy.N != 6 ||
		len(got.Prices) != len(in.Result.Finalists) || len(got.Prices[0].Models) != 2 || got.Prices[0].Models[1].CharsPerToken <= 0 || len(got.Genes) == 0 {
		t.Errorf("result.json has %+v", got)
	}
	html, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"knowing", "another reader, which it has not seen either", "glyph-en", "faithful", "claude-opus-5", "hypervolume", "geo-00005", "suit &lt;code&gt;", "There was no proposer"} {
		if !strings.Contains(string(html), want) {
			t.Errorf("report.html does not say %q", want)
		}
	}
	for _, never := range []string{"http:", "https:", "<script", "ZgotmplZ", "suit <code>"} {
		if strings.Contains(string(html), never) {
			t.Errorf("report.html has %q", never)
		}
	}
	if len(html) > 1<<20 {
		t.Errorf("report.html has %d bytes", len(html))
	}
	if book, err := LoadPlaybook(filepath.Join(dir, "playbook.txt")); err != nil || len(book.Lines()) != 4 {
		t.Errorf("playbook %v, %v", book, err)
	}

	// The same again gives the same files.
	before := string(html)
	if err := report.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if html, err = os.ReadFile(filepath.Join(dir, "report.html")); err != nil || string(html) != before {
		t.Error("a second report differs")
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewReport(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := report.Write(t.Context(), file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("into a file: %v", err)
	}
}

// Of two keys, one decides the compression and the other nothing.
func TestImportance(t *testing.T) {
	var list []candidate
	for i := range 40 {
		c := mustSet(t)
		c.MarginX, c.TabWidth = float64(i/4), 2+i%4
		list = append(list, candidate{Config: c, Size: extent{CharsPerToken: 1 + float64(i/8)}, Accuracy: interval{Mean: 0.5 + float64(i%2)/10, High: 1, N: 8}})
	}
	got := map[string]geneImportance{}
	for _, v := range importance(list) {
		got[v.Key] = v
	}
	if len(got) != 2 || got["margin-x"].Compression < 0.99 || got["margin-x"].Accuracy > 0.01 || got["tab-width"].Compression > 0.01 || got["tab-width"].Accuracy < 0.5 {
		t.Errorf("got %+v", got)
	}
}
