// Package report makes a page for people of a run of package eval.
package report

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/stats"
	"github.com/glyphkit/glyph/render"
)

// The files that Write writes into the directory of a run.
const (
	File     = "report.html"
	PlotsDir = "plots" // one PNG for each plot of the report
)

//go:embed report.html.tmpl
var reportSource string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"value": reportValue, "interval": reportInterval, "sample": reportSample,
	"of":     func(e stats.Estimate) *stats.Estimate { return &e },
	"number": number, "money": money, "dash": dash, "tokens": tokensText,
	"times": func(e *stats.Estimate) string { return value(e, "%.2f×") },
	"ratio": func(e *stats.Estimate) string { return value(e, "%.1f") },
	"hash":  func(s string) string { return s[:min(len(s), 12)] },
	"score": func(v float64) string { return fmt.Sprintf("%.3g", v) },
	"gain":  func(v float64) string { return fmt.Sprintf("%+.2f", v) },
}).Parse(reportSource))

// reportView is what the template shows.
type reportView struct {
	*eval.Manifest
	Result   *eval.Result
	Plots    []plotView
	Pages    []pageView
	Worst    []probeView
	Wrong    int // probes that are not right, of which Worst shows some
	Unscored int
}

// Transcriptions are the cells that count characters or exact strings.
func (v reportView) Transcriptions() (cells []eval.Cell) {
	for _, c := range v.Result.Cells {
		if c.CER != nil || c.Exact != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// Write writes the report of a run, finished or not, and returns the result that
// the report is of: File, a page that needs nothing but itself, and its plots in
// PlotsDir. The pages that it shows are drawn again, so fonts that the configs
// name have to be where they were; where that fails the report says so. Old
// plots are replaced.
//
// The same outcomes give the same bytes. What is marked as misread on a page
// comes from an alignment of the transcript, and where in its line from the
// number of the character, so boxes are approximate.
func Write(ctx context.Context, dir string, o render.Options) (*eval.Result, error) {
	d, err := eval.Open(dir, o)
	if err == nil {
		err = write(ctx, dir, d)
	}
	if err != nil {
		return nil, fmt.Errorf("writing the report of %q: %w", dir, err)
	}
	return d.Result, nil
}

func write(ctx context.Context, dir string, d *eval.Directory) (err error) {
	view := reportView{Manifest: d.Manifest, Result: d.Result, Unscored: unscored(d.Result)}
	if view.Plots, err = (results{d.Result}).plots(); err != nil {
		return err
	}
	reader := newReader(d)
	if view.Pages, err = reader.worst(ctx); err != nil {
		return err
	}
	wrong := worstOutcomes(d.Result.Outcomes)
	view.Wrong = len(wrong)
	for _, o := range wrong[:min(len(wrong), worstProbes)] {
		p, err := reader.showProbe(ctx, o)
		if err != nil {
			return err
		}
		view.Worst = append(view.Worst, p)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var page bytes.Buffer
	if err := reportTemplate.Execute(&page, view); err != nil {
		return err
	}
	plots := filepath.Join(dir, PlotsDir)
	if err := os.RemoveAll(plots); err != nil {
		return err
	}
	if err := os.MkdirAll(plots, 0o777); err != nil {
		return err
	}
	for _, p := range view.Plots {
		if err := runs.WriteFile(filepath.Join(plots, p.File), p.PNG); err != nil {
			return err
		}
	}
	return runs.WriteFile(filepath.Join(dir, File), page.Bytes())
}

func unscored(res *eval.Result) (n int) {
	for _, t := range res.Unscored {
		n += t.Count
	}
	return n
}

// reportValue, reportInterval and reportSample are the parts of an estimate.
func reportValue(e *stats.Estimate) string {
	switch {
	case e == nil:
		return "-"
	case e.Percent:
		return fmt.Sprintf("%.1f %%", 100*e.Value)
	}
	return fmt.Sprintf("%.3g", e.Value)
}

func reportInterval(e *stats.Estimate) string {
	switch {
	case e == nil:
		return ""
	case e.NoInterval != "":
		return "no interval: " + e.NoInterval
	case e.Percent:
		return fmt.Sprintf("%.1f to %.1f", 100*e.Low, 100*e.High)
	}
	return fmt.Sprintf("%.3g to %.3g", e.Low, e.High)
}

func reportSample(e *stats.Estimate) string {
	if e == nil {
		return ""
	}
	if e.Clusters != e.N {
		return fmt.Sprintf("%d by %s (%d)", e.N, e.Unit, e.Clusters)
	}
	return fmt.Sprintf("%d by %s", e.N, e.Unit)
}

func value(e *stats.Estimate, format string) string {
	if e == nil {
		return "-"
	}
	return fmt.Sprintf(format, e.Value)
}

func number(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%g", v)
}

func money(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", v)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
