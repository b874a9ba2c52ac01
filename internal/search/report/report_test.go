package report

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
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/search"
)

// blurredRun is a small run with all that a report has.
func blurredRun(t *testing.T) Input {
	t.Helper()
	docs := known.Document(corpus.Prose, 25_000)
	o := probe.Options{Probes: 8, HeldOut: 6, Chars: 300}
	var r known.Reading
	length := 0
	r = known.New(t, o, func(s string) (string, error) {
		length++
		return strings.ReplaceAll(s, string(rune('a'+length%26)), "?"), nil
	}, docs)
	book, err := search.ParsePlaybook([]byte("## density\n[den-00001] helpful=3 harmful=1 :: Set lines solid before making type smaller.\n\n" +
		"## retired\n[new-00004] helpful=0 harmful=4 :: Draw newlines as a pilcrow.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Learn([]string{"geometry: Pages of 300 pt suit <code>."}); err != nil {
		t.Fatal(err)
	}
	result, err := search.Run(t.Context(), "", r, search.Options{
		Population: 4, Generations: 2, Rungs: []int{8}, Finalists: 3,
		Limits: []string{"dpi=72", "page-size=300,300..700,900"}, Baselines: []search.Baseline{{Name: "glyph-en", Config: known.Config(t)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Command: []string{"glyph", "search"}, Result: result, Problem: r.Reading, Playbook: book,
		Models:        []*vision.Profile{known.Model(t, "glm-4.5v"), known.Model(t, "claude-opus-5")},
		HeldOutReader: "another reader", HeldOut: result.Finalists,
	}
}

func TestReport(t *testing.T) {
	in := blurredRun(t)
	report, err := New(t.Context(), in)
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
		if !strings.HasPrefix(c.Hash(), id) {
			t.Errorf("%s.json is %s, not %s", name, c.Hash(), id)
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
		HeldOut  probe.Cost `json:"held_out"`
		Probes   int        `json:"held_out_probes"`
		Measured []struct {
			Reader    string
			Finalists []struct{ Accuracy *struct{ N int } }
		}
		Prices []struct{ Models []ModelPrice }
		Genes  []Importance
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Stop != search.StopGenerations || got.HeldOut.Attempts != 6*len(in.Result.Finalists) || got.Probes != 6 || len(got.Measured) != 2 || got.Measured[1].Reader != "another reader" || got.Measured[0].Finalists[0].Accuracy.N != 6 ||
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
	if book, err := search.LoadPlaybook(filepath.Join(dir, "playbook.txt")); err != nil || len(book.Lines()) != 2 {
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
	if _, err := New(ctx, in); !errors.Is(err, context.Canceled) {
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
	var list []search.Candidate
	for i := range 40 {
		c := known.Config(t)
		c.MarginX, c.TabWidth = float64(i/4), 2+i%4
		list = append(list, search.Candidate{Config: c, Size: probe.Size{CharsPerToken: 1 + float64(i/8)}, Accuracy: search.Interval{Mean: 0.5 + float64(i%2)/10, High: 1, N: 8}})
	}
	got := map[string]Importance{}
	for _, v := range importance(list) {
		got[v.Key] = v
	}
	if len(got) != 2 || got["margin-x"].Compression < 0.99 || got["margin-x"].Accuracy > 0.01 || got["tab-width"].Compression > 0.01 || got["tab-width"].Accuracy < 0.5 {
		t.Errorf("got %+v", got)
	}
}
