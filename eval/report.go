package eval

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"github.com/glyphkit/glyph/eval/stats"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/render"
)

// The files that WriteReport writes into the directory of a run.
const (
	ReportFile = "report.html"
	PlotsDir   = "plots" // one PNG for each plot of the report
)

//go:embed report.html.tmpl
var reportSource string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"value": reportValue, "interval": reportInterval, "sample": reportSample,
	"of":     func(e stats.Estimate) *stats.Estimate { return &e },
	"number": number, "money": money, "dash": dash, "tokens": tokensText,
	"times": func(e *stats.Estimate) string { return value(e, "%.2f×", false) },
	"ratio": func(e *stats.Estimate) string { return value(e, "%.1f", false) },
	"hash":  func(s string) string { return s[:min(len(s), 12)] },
	"score": func(v float64) string { return fmt.Sprintf("%.3g", v) },
	"gain":  func(v float64) string { return fmt.Sprintf("%+.2f", v) },
}).Parse(reportSource))

// reportView is what the template shows.
type reportView struct {
	*Manifest
	Result   *Result
	Plots    []plotView
	Pages    []pageView
	Worst    []probeView
	Wrong    int // probes that are not right, of which Worst shows some
	Unscored int
}

// Transcriptions are the cells that count characters or exact strings.
func (v reportView) Transcriptions() (cells []Cell) {
	for _, c := range v.Result.Cells {
		if c.CER != nil || c.Exact != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// WriteReport writes the report of a run that has a result: ReportFile, a page
// that needs nothing but itself, and its plots in PlotsDir. The pages that it
// shows are drawn again, so fonts that the configs name have to be where they
// were; where that fails the report says so. Old plots are replaced.
//
// The same directory gives the same bytes. What is marked as misread on a page
// comes from an alignment of the transcript, and where in its line from the
// number of the character, so boxes are approximate.
func WriteReport(ctx context.Context, dir string, o render.Options) error {
	if err := writeReport(ctx, dir, o); err != nil {
		return fmt.Errorf("writing the report of %q: %w", dir, err)
	}
	return nil
}

func writeReport(ctx context.Context, dir string, o render.Options) error {
	d, err := Open(dir, o)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w; accepted: the directory of a run that has a %s", err, resultFile)
	}
	if err != nil {
		return err
	}
	view := reportView{Manifest: d.Manifest, Result: d.Result, Unscored: d.Result.unscored()}
	if view.Plots, err = d.Result.plots(); err != nil {
		return err
	}
	reader := newReportReader(d)
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
	return runs.WriteFile(filepath.Join(dir, ReportFile), page.Bytes())
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
