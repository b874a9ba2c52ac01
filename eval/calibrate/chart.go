package calibrate

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

const (
	chartRows  = 14
	rowStrings = 4 // with 8 characters each a row is some 20 em wide
)

// chart is what one call reads. Rows at even indices are random strings, those
// at odd ones confusable strings.
type chart struct {
	rows []string
}

func (c chart) text() string { return strings.Join(c.rows, "\n") + "\n" }

// newCharts are n different charts.
func newCharts(seed uint64, n int) ([]chart, error) {
	half := chartRows / 2 * rowStrings
	set, err := task.New("acuity", task.Options{Seed: seed, Probes: (n + 1) / 2})
	if err != nil {
		return nil, fmt.Errorf("making acuity charts: %w", err)
	}
	byStratum := map[string][]string{}
	for _, p := range set.Probes {
		words := strings.Fields(p.Text)
		if len(words) < 2*half {
			return nil, fmt.Errorf("making acuity charts: %s has %d strings; want %d", p.ID, len(words), 2*half)
		}
		byStratum[p.Stratum] = append(byStratum[p.Stratum], words[:2*half]...)
	}
	charts := make([]chart, n)
	for i := range charts {
		random, confusable := byStratum["random"][i*half:][:half], byStratum["confusable"][i*half:][:half]
		for row := range chartRows {
			from := random
			if row%2 == 1 {
				from = confusable
			}
			charts[i].rows = append(charts[i].rows, strings.Join(from[row/2*rowStrings:][:rowStrings], " "))
		}
	}
	return charts, nil
}

// sized is base with an em of px.
func sized(base configs.Config, px float64) configs.Config {
	scale := px / base.EmPx()
	base.FontSize = round(base.FontSize*scale, 1e4)
	base.LineHeight = round(base.LineHeight*scale, 1e4)
	return base
}

func round(x, steps float64) float64 { return math.Round(x*steps) / steps }

// drawing is a chart as a page.
type drawing struct {
	page      *render.Page
	resampled bool // the model takes no page that holds the chart as it is
}

// draw puts a chart on the smallest page that the model takes as it is; model
// may be nil.
func draw(ctx context.Context, c chart, base configs.Config, px float64, model *vision.Profile, o render.Options) (drawing, error) {
	cfg := sized(base, px)
	// Nothing but the chart may be on the page, each row in a line of its own.
	cfg.NewlineMarkup, cfg.Legend, cfg.PageLabel = "<br/>", configs.LegendNone, ""
	cfg.ExactAnchors, cfg.ExactScale = false, configs.Default().ExactScale
	cfg.Columns, cfg.PatchSize = 1, 0
	cfg.AutoCropWidth, cfg.AutoCropLastPage = true, true
	indents := 2*(cfg.MarginX+cfg.FramePadding+cfg.BorderWidth+cfg.BorderPadding) + cfg.FirstLineIndent + cfg.LeftIndent + cfg.RightIndent
	above := 2*(cfg.MarginY+cfg.FramePadding+cfg.BorderWidth+cfg.BorderPadding) + chartRows*(cfg.SpaceBefore+cfg.SpaceAfter)
	const widestRow = rowStrings * 9 * 1.5 // em
	cfg.PageSize = configs.Size{
		Width:  math.Ceil(indents + widestRow*cfg.FontSize),
		Height: math.Ceil(above + (chartRows+2)*cfg.LineHeight),
	}
	page, err := onePage(ctx, c, cfg, o)
	if err != nil {
		return drawing{}, err
	}
	if face := page.Faces[0]; face.Bitmap() != nil {
		return drawing{}, fmt.Errorf("calibrating the face %q: it is a bitmap font, which has one size; accepted: an outline font", face.Name())
	}
	if model == nil || model.Unresampled(page.Width, page.Height) {
		return drawing{page: page}, nil
	}
	// Room for margins that were cropped, and an em and a line to be sure.
	widest := 0
	for _, l := range page.Lines {
		widest = max(widest, l.Width)
	}
	pixels := func(pt float64) int { return int(math.Ceil(pt * cfg.DPI / 72)) }
	size, ok := unresampled(model, pixels(indents+cfg.FontSize)+widest, pixels(above+(chartRows+1)*cfg.LineHeight))
	if !ok {
		return drawing{page, true}, nil
	}
	pt := func(px int) float64 { return round(float64(px)*72/cfg.DPI, 1e4) }
	cfg.PageSize = configs.Size{Width: pt(size.Width), Height: pt(size.Height)}
	if cfg.HorizontalScale != 1 {
		cfg.PageSize.Width = round(cfg.PageSize.Width/cfg.HorizontalScale, 1e4)
	}
	cfg.AutoCropWidth, cfg.AutoCropLastPage = false, false
	page, err = onePage(ctx, c, cfg, o)
	if err != nil {
		return drawing{}, err
	}
	return drawing{page, !model.Unresampled(page.Width, page.Height)}, nil
}

// onePage draws a chart and makes sure that every row is a line.
func onePage(ctx context.Context, c chart, cfg configs.Config, o render.Options) (*render.Page, error) {
	r, err := render.New(cfg, o)
	if err != nil {
		return nil, err
	}
	var pages []*render.Page
	for page, err := range r.Pages(ctx, "chart", bytes.NewReader([]byte(c.text()))) {
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	if len(pages) != 1 || len(pages[0].Lines) != chartRows {
		return nil, fmt.Errorf("%d rows take %d pages and %d lines", chartRows, len(pages), len(pages[0].Lines))
	}
	return pages[0], nil
}

// unresampled is a small page of at least this size in px that the model sees
// pixel by pixel.
func unresampled(p *vision.Profile, width, height int) (vision.Size, bool) {
	if patch := p.Patch; patch > 0 {
		up := func(n int) int { return (n + patch - 1) / patch * patch }
		for side := patch; side <= p.MaxSide(); side *= 2 {
			size := vision.Size{Width: up(max(width, side)), Height: up(max(height, side))}
			if p.Unresampled(size.Width, size.Height) {
				return size, true
			}
		}
	}
	candidates := p.Candidates()
	slices.SortStableFunc(candidates, func(a, b vision.Size) int { return cmp.Compare(a.Width*a.Height, b.Width*b.Height) })
	for _, c := range candidates {
		if c.Width >= width && c.Height >= height && p.Unresampled(c.Width, c.Height) {
			return c, true
		}
	}
	return vision.Size{}, false
}
