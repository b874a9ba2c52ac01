package report

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/plot"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/search"
)

//go:embed report.html.tmpl
var reportTemplate string

var reportHTML = template.Must(template.New("report").Funcs(template.FuncMap{
	"join": strings.Join,
	"percent": func(v float64) string {
		return fmt.Sprintf("%.0f %%", 100*v)
	},
	"number": func(v float64) string { return fmt.Sprintf("%.4g", v) },
	"signed": func(v search.Interval) string {
		if v.N == 0 {
			return "unscored"
		}
		return fmt.Sprintf("%+.4f [%+.4f, %+.4f]", v.Mean, v.Low, v.High)
	},
	"interval": func(v search.Interval) string {
		if v.N == 0 {
			return "unscored"
		}
		return fmt.Sprintf("%.4f [%.4f, %.4f]", v.Mean, v.Low, v.High)
	},
}).Parse(reportTemplate))

// reportPage is what the template shows beyond the report.
type reportPage struct {
	*Report
	Readers  []readerPart
	Plots    []titledImage
	Pages    []titledImage
	Costs    []costRow
	Keep     string
	Changes  []string
	Playbook bool
}

// readerPart is what one reader made of the held-out probes.
type readerPart struct {
	Measurement
	Plot   *titledImage // nil if nothing was scored
	Strata []string
	Rows   []measuredRow
}

type titledImage struct {
	Title, Note string
	Source      template.URL
}

type measuredRow struct {
	search.Finalist
	Picks   string
	Strata  []search.Interval // as those of the part
	Against []search.Comparison
}

// costRow is a config in the table of models.
type costRow struct {
	Price
	Title string
}

// maxShownErrors is how many kinds of misreading a report lists.
const maxShownErrors = 20

// HTML draws the report as one file, without scripts or anything to load.
func (r *Report) HTML(ctx context.Context) ([]byte, error) {
	p := reportPage{Report: r, Keep: r.earnings()}
	if r.in.Playbook != nil {
		p.Playbook, p.Changes = true, r.in.Playbook.Changes()
	}
	for _, m := range r.Measured {
		part, err := r.part(m)
		if err != nil {
			return nil, fmt.Errorf("drawing the report: %w", err)
		}
		p.Readers = append(p.Readers, part)
	}
	for _, price := range r.Prices {
		p.Costs = append(p.Costs, costRow{price, r.title(price.ID)})
	}
	var err error
	if p.Plots, err = r.plots(); err != nil {
		return nil, fmt.Errorf("drawing the report: %w", err)
	}
	if p.Pages, err = r.pictures(ctx); err != nil {
		return nil, fmt.Errorf("drawing the report: %w", err)
	}
	shown := *r.Result
	shown.Errors = shown.Errors[:min(len(shown.Errors), maxShownErrors)]
	copied := *r
	copied.Result = &shown
	p.Report = &copied
	var out bytes.Buffer
	if err := reportHTML.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return out.Bytes(), nil
}

// title names a finalist: a preset by its name, a pick by its ID and its names.
func (r *Report) title(id string) string {
	for _, m := range r.Measured {
		for _, f := range m.Finalists {
			if f.ID == id && f.Name != "" {
				return f.Name
			}
		}
	}
	if names := r.picksOf(id); names != nil {
		return id + ", " + strings.Join(names, ", ")
	}
	return id
}

func (r *Report) part(m Measurement) (readerPart, error) {
	part := readerPart{Measurement: m}
	for _, stratum := range probe.Strata() {
		if slices.ContainsFunc(m.Finalists, func(f search.Finalist) bool { _, ok := f.Strata[stratum]; return ok }) {
			part.Strata = append(part.Strata, stratum)
		}
	}
	for _, f := range m.Finalists {
		row := measuredRow{Finalist: f}
		if f.Name == "" {
			row.Picks = strings.Join(r.picksOf(f.ID), ", ")
		}
		for _, stratum := range part.Strata {
			row.Strata = append(row.Strata, f.Strata[stratum])
		}
		for _, c := range f.Against {
			if c.Other == published {
				row.Against = []search.Comparison{c}
			}
		}
		part.Rows = append(part.Rows, row)
	}
	f := r.figure(m)
	if f.Series == nil {
		return part, nil
	}
	data, err := f.PNG()
	if err != nil {
		return part, err
	}
	a := m.Finalists[0].Accuracy // there are some, or there was no figure
	caption := fmt.Sprintf("Finalists and presets on %d held-out probes, with 95 %% intervals by %s (%d).", r.HeldOutProbes, a.Unit, a.Clusters)
	part.Plot = &titledImage{"finalists and presets", caption, dataURL(data)}
	return part, nil
}

// figure is accuracy over compression, as a reader measured it.
func (r *Report) figure(m Measurement) plot.Figure {
	f := plot.Figure{X: "characters per token of " + r.Model, Y: "accuracy", PercentY: true, Width: 760, Height: 460}
	var found, presets plot.Series
	found.Name, found.Style, presets.Name = "found", plot.Line, "presets"
	preset := map[string]bool{} // IDs of presets, which have the label if one was found
	for _, c := range m.Finalists {
		preset[c.ID] = preset[c.ID] || c.Name != ""
	}
	for _, c := range m.Finalists {
		if c.Accuracy.N == 0 {
			continue
		}
		at := plot.Point{X: c.CharsPerToken, Y: c.Accuracy.Mean, Low: c.Accuracy.Low, High: c.Accuracy.High, Label: c.Name}
		if c.Name != "" {
			presets.Points = append(presets.Points, at)
		} else {
			if !preset[c.ID] {
				at.Label = strings.Join(r.picksOf(c.ID), ", ")
			}
			found.Points = append(found.Points, at)
		}
	}
	for _, s := range []plot.Series{found, presets} {
		if len(s.Points) > 0 {
			f.Series = append(f.Series, s)
		}
	}
	return f
}

// published is the preset with Glyph's published config.
const published = "glyph-en"

func (r *Report) picksOf(id string) []string {
	var names []string
	for name, of := range r.Picks {
		if of == id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// earnings says whether the proposer was worth its cost.
func (r *Report) earnings() string {
	var own search.Operator
	for _, o := range r.Operators {
		if !o.Proposes() && perCall(o) > perCall(own) {
			own = o
		}
	}
	for _, o := range r.Operators {
		if o.Proposes() {
			return fmt.Sprintf("The proposer gained %.3g hypervolume per thousand reads and calls, the best operator of the search's own (%s) %.3g; of its %d patches %d were refused and %d stayed in the race to the end.",
				1000*perCall(o), own.Name, 1000*perCall(own), o.Made, o.Refused, o.Kept)
		}
	}
	return "There was no proposer."
}

// perCall is the hypervolume gained for a read or call.
func perCall(o search.Operator) float64 { return o.Gain / max(float64(o.Cost.Attempts), 1) }

func (r *Report) plots() ([]titledImage, error) {
	var out []titledImage
	add := func(title, note string, p interface{ PNG() ([]byte, error) }) error {
		data, err := p.PNG()
		if err != nil {
			return fmt.Errorf("%s: %w", title, err)
		}
		out = append(out, titledImage{title, note, dataURL(data)})
		return nil
	}
	var volume plot.Series
	volume.Name, volume.Style = "hypervolume", plot.Steps
	for _, g := range r.History {
		volume.Points = append(volume.Points, plot.Point{X: float64(g.Spent.Attempts), Y: g.Hypervolume})
	}
	if volume.Points != nil {
		if err := add("Hypervolume over cost", "On the probes of the search, above the reference.", plot.Figure{X: "reads and calls", Y: "hypervolume", Series: []plot.Series{volume}}); err != nil {
			return nil, err
		}
	}
	credit := plot.Bars{Title: "hypervolume gained per thousand reads and calls"}
	for _, o := range r.Operators {
		credit.Rows = append(credit.Rows, plot.Bar{Label: o.Name, Value: 1000 * perCall(o), Note: fmt.Sprintf("%d read, %d kept", o.Read, o.Kept)})
	}
	if credit.Rows != nil {
		if err := add("Credit of operators", r.earnings(), credit); err != nil {
			return nil, err
		}
	}
	const most = 16
	genes := plot.HeatMap{Columns: []string{"accuracy", "compression"}}
	for _, g := range r.Genes[:min(len(r.Genes), most)] {
		genes.Rows = append(genes.Rows, g.Key)
		genes.Values = append(genes.Values, []float64{g.Accuracy, g.Compression})
	}
	if genes.Rows != nil {
		if err := add("Genes", "The part of the variance of each objective that goes with the value of a gene, over all candidates that were read. An association, not a cause.", genes); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pictures shows the same text under the published config and the picks, at
// the size it is drawn.
func (r *Report) pictures(ctx context.Context) ([]titledImage, error) {
	type subject struct {
		title  string
		config configs.Config
	}
	var list []subject
	if c, err := configs.Preset(published); err == nil {
		list = append(list, subject{published, c})
	}
	for _, c := range r.Front {
		if names := r.picksOf(c.ID); names != nil {
			list = append(list, subject{strings.Join(names, ", "), c.Config})
		}
	}
	var out []titledImage
	for _, s := range list {
		data, note, err := r.picture(ctx, s.config)
		if err != nil {
			return nil, fmt.Errorf("page of %s: %w", s.title, err)
		}
		out = append(out, titledImage{s.title, note, dataURL(data)})
	}
	return out, nil
}

// Size in px of what is shown of a page: four of them are some 100 KB.
const (
	pictureWidth  = 420
	pictureHeight = 260
)

func (r *Report) picture(ctx context.Context, c configs.Config) (data []byte, note string, err error) {
	drawer, err := render.New(c, r.in.Render)
	if err != nil {
		return nil, "", err
	}
	d := r.in.Problem.Sample()[0]
	src, err := d.Open()
	if err != nil {
		return nil, "", err
	}
	defer src.Close()
	for page, err := range drawer.Pages(ctx, d.Name, src) {
		if err != nil {
			return nil, "", err
		}
		full, err := png.Decode(bytes.NewReader(page.PNG))
		if err != nil {
			return nil, "", err
		}
		b := full.Bounds()
		part := image.Rect(0, 0, min(b.Dx(), pictureWidth), min(b.Dy(), pictureHeight))
		var crop draw.Image = image.NewRGBA(part)
		if p, ok := full.(*image.Paletted); ok {
			crop = image.NewPaletted(part, p.Palette)
		}
		draw.Draw(crop, part, full, b.Min, draw.Src)
		var out bytes.Buffer
		if err := png.Encode(&out, crop); err != nil {
			return nil, "", err
		}
		return out.Bytes(), fmt.Sprintf("corner of a page of %d×%d px; em of %.3g px", page.Width, page.Height, math.Round(c.EmPx()*100)/100), nil
	}
	return nil, "", render.ErrBlank
}

func dataURL(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}
