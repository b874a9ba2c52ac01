// Package report tells what a search has found: as JSON, as config files, and as a
// page for people.
package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/search"
)

// Input is what a report is made of.
type Input struct {
	Command []string // that made the run, for people who want it again
	Result  *search.Result
	Problem *probe.Reading
	Models  []*vision.Profile // that compression is computed for, the one of the search first

	HeldOutReader string            // a second reader, "" for none
	HeldOut       []search.Finalist // as it measured them
	HeldOutBilled llm.Bill          // for that

	Playbook *search.PlaybookFile // as it is at the end; nil for none
	Render   render.Options
}

// Report is the outcome of a search as people and programs read it:
// result.json.
type Report struct {
	Command []string `json:"command"`
	Model   string   `json:"model"`
	Sampled bool     `json:"sampled"` // the search laid out the beginnings of documents only

	Probes        int `json:"probes"` // of the search
	HeldOutProbes int `json:"held_out_probes"`

	*search.Result

	Measured []Measurement `json:"measured"` // a reader each, the one of the search first
	Prices   []Price       `json:"prices"`   // of finalists
	Genes    []Importance  `json:"genes"`

	in Input
}

// Measurement is what a reader measured on the held-out probes.
type Measurement struct {
	Reader    string            `json:"reader"`
	Searched  bool              `json:"searched"` // the search was led by this reader
	Finalists []search.Finalist `json:"finalists"`
	Billed    llm.Bill          `json:"billed,omitzero"` // of a reader after the search; Result has what the search was billed

	// Hypervolume of the finalists, and of all baselines together, in this
	// measurement.
	Hypervolume         float64 `json:"hypervolume"`
	BaselineHypervolume float64 `json:"baseline_hypervolume"`
}

// Price is what all of the documents cost under a finalist's config.
type Price struct {
	ID     string       `json:"id"`
	Models []ModelPrice `json:"models"`
}

// ModelPrice is what the documents cost a model. Without an error, Ratio is
// Glyph's compression ratio: text tokens over image tokens.
type ModelPrice struct {
	Model         string  `json:"model"`
	CharsPerToken float64 `json:"chars_per_token,omitempty"`
	Ratio         float64 `json:"ratio,omitempty"`
	Estimated     bool    `json:"estimated,omitempty"` // text tokens, and so Ratio
	Pages         int     `json:"pages,omitempty"`
	Resampled     int     `json:"resampled,omitempty"` // pages that the model scales before it looks
	Error         string  `json:"error,omitempty"`
}

// Importance says how far a config key goes with the objectives: the part of
// their variance between groups of candidates that have alike values of it
// (the correlation ratio, 0 to 1). It is no proof of a cause, since the search
// varies keys together.
type Importance struct {
	Key         string  `json:"key"`
	Accuracy    float64 `json:"accuracy"`
	Compression float64 `json:"compression"`
	Values      int     `json:"values"` // different ones that were read
}

// New lays all documents out under the finalists, for every model, and
// puts together what is known of the run.
func New(ctx context.Context, in Input) (*Report, error) {
	r := &Report{Command: in.Command, Model: in.Problem.Model().Name, Sampled: in.Problem.Sampled, Result: in.Result, in: in}
	for _, p := range in.Problem.Probes() {
		if p.HeldOut {
			r.HeldOutProbes++
		} else {
			r.Probes++
		}
	}
	r.Measured = append(r.Measured, measurement(in.Result.Reader, true, in.Result.Finalists, in.Result.Reference))
	if in.HeldOutReader != "" {
		second := measurement(in.HeldOutReader, false, in.HeldOut, in.Result.Reference)
		second.Billed = in.HeldOutBilled
		r.Measured = append(r.Measured, second)
	}
	for _, f := range in.Result.Finalists {
		p, err := priceOf(ctx, f, in)
		if err != nil {
			return nil, err
		}
		r.Prices = append(r.Prices, p)
	}
	r.Genes = importance(in.Result.Candidates)
	return r, nil
}

func measurement(reader string, searched bool, list []search.Finalist, ref search.Point) Measurement {
	m := Measurement{Reader: reader, Searched: searched, Finalists: list}
	var found, base []search.Point
	for _, f := range list {
		p := search.Point{CharsPerToken: f.CharsPerToken, Accuracy: f.Accuracy.Mean}
		switch {
		case f.Accuracy.N == 0:
		case f.Name != "":
			base = append(base, p)
		default:
			found = append(found, p)
		}
	}
	m.Hypervolume, m.BaselineHypervolume = search.Hypervolume(found, ref), search.Hypervolume(base, ref)
	return m
}

func priceOf(ctx context.Context, f search.Finalist, in Input) (Price, error) {
	drawer, err := render.New(f.Config, in.Render)
	if err != nil {
		return Price{}, fmt.Errorf("pricing %s: %w", f.ID, err)
	}
	costs, errs, err := plan.Price(ctx, drawer, in.Problem.Documents(), in.Models, nil)
	if err != nil {
		return Price{}, fmt.Errorf("pricing %s: %w", f.ID, err)
	}
	p := Price{ID: f.ID}
	for i, model := range in.Models {
		m := ModelPrice{Model: model.Name}
		if errs[i] != nil {
			m.Error = errs[i].Error()
		} else {
			c := costs[i]
			m.CharsPerToken, m.Ratio, m.Estimated, m.Pages, m.Resampled = c.CharactersPerToken, c.Ratio, c.Estimated, c.Pages, c.Resampled
		}
		p.Models = append(p.Models, m)
	}
	return p, nil
}

// importanceGroups is into how many groups of equal size a number's values are
// parted.
const importanceGroups = 5

// importance computes the correlation ratio of every key that was varied,
// largest first.
func importance(list []search.Candidate) []Importance {
	list = slices.DeleteFunc(slices.Clone(list), func(c search.Candidate) bool { return c.Accuracy.N == 0 })
	var out []Importance
	for _, key := range configs.Keys() {
		values := make([]string, len(list))
		distinct := map[string]bool{}
		for i, c := range list {
			values[i], _ = c.Config.Get(key.Name)
			distinct[values[i]] = true
		}
		if len(distinct) < 2 || key.Name == "theme" {
			continue
		}
		group := values
		switch key.Type {
		case configs.TypeNumber, configs.TypeInteger, configs.TypeSize:
			group = binned(list, key.Name)
		}
		out = append(out, Importance{
			Key: key.Name, Values: len(distinct),
			Accuracy:    correlationRatio(list, group, func(c search.Candidate) float64 { return c.Accuracy.Mean }),
			Compression: correlationRatio(list, group, func(c search.Candidate) float64 { return math.Log(max(c.Size.CharsPerToken, 1e-9)) }),
		})
	}
	slices.SortStableFunc(out, func(a, b Importance) int {
		switch d := max(b.Accuracy, b.Compression) - max(a.Accuracy, a.Compression); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return out
}

// binned names the group of every candidate by its value's place among all,
// for a page size by that of its area.
func binned(list []search.Candidate, key string) []string {
	value := func(c *configs.Config) float64 {
		if key == "page-size" {
			return c.PageSize.Width * c.PageSize.Height
		}
		text, _ := c.Get(key)                // the key is there
		v, _ := strconv.ParseFloat(text, 64) // 0 for what is no number
		return v
	}
	sorted := make([]float64, len(list))
	for i, c := range list {
		sorted[i] = value(&c.Config)
	}
	slices.Sort(sorted)
	group := make([]string, len(list))
	for i, c := range list {
		at, _ := slices.BinarySearch(sorted, value(&c.Config))
		group[i] = fmt.Sprint(at * importanceGroups / len(list))
	}
	return group
}

// correlationRatio is the variance between groups over all variance.
func correlationRatio(list []search.Candidate, group []string, value func(search.Candidate) float64) float64 {
	type sums struct{ n, sum float64 }
	groups := map[string]sums{}
	var names []string // in order, for sums that are the same bit by bit
	n, sum, squares := 0.0, 0.0, 0.0
	for i, c := range list {
		v := value(c)
		g, ok := groups[group[i]]
		if !ok {
			names = append(names, group[i])
		}
		groups[group[i]] = sums{g.n + 1, g.sum + v}
		n, sum, squares = n+1, sum+v, squares+float64(v*v)
	}
	total := squares - float64(sum*sum)/n
	if !(total > 1e-12) {
		return 0
	}
	between := -float64(sum*sum) / n
	for _, name := range names {
		g := groups[name]
		between += float64(g.sum*g.sum) / g.n
	}
	return max(0, min(1, between/total))
}

// Files that Report.Write adds to a run.
const (
	resultFile = "result.json"
	htmlFile   = "report.html"
	frontDir   = "front"

	playbookFile = "playbook.txt"
)

// Write writes the report into the directory of the run: result.json,
// report.html, playbook.txt if there is one, and the front as config files in front, named by ID, the picks
// by their name too.
func (r *Report) Write(ctx context.Context, dir string) error {
	if err := r.write(ctx, dir); err != nil {
		return fmt.Errorf("writing the report of %q: %w", dir, err)
	}
	return nil
}

func (r *Report) write(ctx context.Context, dir string) error {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	front := filepath.Join(dir, frontDir)
	if err := errors.Join(os.RemoveAll(front), os.MkdirAll(front, 0o777)); err != nil {
		return err
	}
	for _, c := range r.Front {
		if err := runs.WriteFile(filepath.Join(front, c.ID+".json"), c.Config.Canonical()); err != nil {
			return err
		}
		for name, id := range r.Picks {
			if id == c.ID {
				if err := runs.WriteFile(filepath.Join(front, name+".json"), c.Config.Canonical()); err != nil {
					return err
				}
			}
		}
	}
	if r.in.Playbook != nil {
		if err := runs.WriteFile(filepath.Join(dir, playbookFile), r.in.Playbook.Text()); err != nil {
			return err
		}
	}
	page, err := r.HTML(ctx)
	if err != nil {
		return err
	}
	return errors.Join(runs.WriteFile(filepath.Join(dir, resultFile), append(data, '\n')), runs.WriteFile(filepath.Join(dir, htmlFile), page))
}
