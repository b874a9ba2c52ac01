package probe

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render"
)

// strip is a probe on low pages, one unless the config's pages are small.
type strip struct {
	pages []*render.Page
	want  string // what the pages show
}

// draw draws a text as the config's own pages would, but for their height.
func (r *Reading) draw(ctx context.Context, c configs.Config, text string) (*strip, error) {
	own := c
	c.Legend, c.PageLabel, c.ExactAnchors = configs.LegendNone, "", false
	c.AutoCropLastPage = true // the strip ends with its text
	if c.Columns > 1 {
		var err error
		if c, err = r.lowColumns(ctx, c, text); err != nil {
			return nil, err
		}
	}
	drawer, err := render.New(c, r.o.Render)
	if err != nil {
		return nil, err
	}
	seen, err := r.viewOf(ctx, own)
	if err != nil {
		return nil, err
	}
	s := &strip{}
	var want strings.Builder
	for page, err := range drawer.Pages(ctx, "probe", strings.NewReader(text)) {
		if err != nil {
			return nil, fmt.Errorf("drawing a probe: %w", err)
		}
		s.pages = append(s.pages, page)
		for _, line := range page.Lines {
			want.WriteString(shown(page, line, text, c.Markup()))
			// A line that ends inside a word continues on the next.
			if c.Wrap == configs.WrapWord {
				want.WriteByte('\n')
			}
		}
	}
	s.want = want.String()
	for i, page := range s.pages {
		if s.pages[i], err = seen.shrink(page); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// shown is what a line of a page shows of the text.
func shown(page *render.Page, line render.Line, text string, markup configs.Markup) string {
	var b strings.Builder
	at := line.Start
	write := func(s string) {
		if markup.Text != "" {
			s = strings.ReplaceAll(s, "\n", " "+markup.Text+" ")
		}
		b.WriteString(s)
	}
	for _, n := range page.Notes {
		if n.Start < at || n.End > line.End {
			continue
		}
		write(text[at:n.Start])
		b.WriteString(n.Drawn)
		at = n.End
	}
	write(text[at:line.End])
	return b.String()
}

// lowColumns lowers the page so that the text fills its columns evenly, as the
// text of a document does.
func (r *Reading) lowColumns(ctx context.Context, c configs.Config, text string) (configs.Config, error) {
	measure := func(c configs.Config) (pages, lines int, err error) {
		drawer, err := render.New(c, r.o.Render)
		if err != nil {
			return 0, 0, err
		}
		for page, err := range drawer.Measure(ctx, "probe", strings.NewReader(text)) {
			if err != nil {
				return 0, 0, fmt.Errorf("laying out a probe: %w", err)
			}
			pages++
			lines += len(page.Lines)
		}
		return pages, lines, nil
	}
	pages, lines, err := measure(c)
	if err != nil || pages > 1 {
		return c, err
	}
	high := c.PageSize.Height
	around := high - c.Column().Height
	rows := (lines + c.Columns - 1) / c.Columns
	for extra := range maxExtraRows {
		low := c
		low.PageSize.Height = math.Ceil(around + float64(rows+extra)*c.LineHeight)
		if low.PageSize.Height >= high {
			break
		}
		if low.Validate() != nil {
			continue
		}
		if pages, _, err := measure(low); err == nil && pages == 1 {
			return low, nil
		}
	}
	return c, nil
}

// maxExtraRows is how many rows columns may need beyond their lines, for the
// space around paragraphs.
const maxExtraRows = 8

// maxTranscript bounds a reading in bytes: a model that repeats itself for
// pages has lost the probe long before.
const maxTranscript = 64 << 10

func clipTranscript(text string) string {
	if len(text) <= maxTranscript {
		return text
	}
	return strings.ToValidUTF8(text[:maxTranscript], "")
}
