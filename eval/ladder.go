package eval

import (
	"context"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/verify"
)

// checked is an answer verified against the text.
type checked struct {
	report *verify.Report
	text   string
	parts  []*pack.Part // the base pages
}

// accepted reports whether the ladder ends: there is an answer, and the text
// holds each of its exact strings, as it stands or repaired. An answer without
// exact strings has nothing to hold against it.
func (c *checked) accepted() bool {
	return strings.TrimSpace(c.report.Answer) != "" && c.report.Counts[verify.Ambiguous] == 0 && c.report.Counts[verify.Absent] == 0
}

// at adds the line that shows a byte of the text, with one more on either side.
func (c *checked) at(places []place, offset int64) []place {
	for i, p := range c.parts {
		lines := p.Page.Lines
		for n, l := range lines {
			if l.Start <= offset && offset < l.End {
				return append(places, place{i, max(n-1, 0), min(n+1, len(lines)-1)})
			}
		}
	}
	return places
}

// climb answers a probe by the ladder; see the package comment.
func (r *runner) climb(ctx context.Context, d *drawn, q *question, o *Outcome, e *event) error {
	base, err := d.pack(ctx, o.DPI, noSheet)
	if err != nil {
		return err
	}
	if q.pack, err = base.Ask(q.probe.Question); err != nil {
		return err
	}
	parts := pageParts(q.pack)
	dpis := r.spec.dpisOf(o.Config)
	var views []view
	for _, p := range parts {
		views = append(views, view{part: p, page: p.Page, shown: shownPage(p, o.DPI)})
	}
	o.Pages = pagesOf(views)
	if err := r.call(e); err != nil {
		return err
	}
	a, err := r.respondent.fromPages(ctx, q)
	for rung := 0; ; rung++ {
		dpi := 0.0
		if rung < len(dpis) {
			dpi = dpis[rung]
		}
		if a != nil {
			e.Paid = e.Paid.Plus(a.paid)
			o.bill(a)
		}
		step, countErr := r.rung(dpi, views, o)
		if err == nil {
			err = countErr
		}
		if err != nil {
			return err
		}
		report, verifyErr := q.pack.Verify(ctx, a.text)
		if verifyErr != nil {
			return verifyErr
		}
		a.check = &checked{report, q.probe.Text, parts}
		o.answered(a.text, a.check.report)
		step.Answer, step.Verified = o.Answer, a.check.accepted()
		step.Value = q.task.Score(q.probe, o.Answer).Value
		o.Rungs = append(o.Rungs, step)
		if step.Verified || rung == len(dpis) {
			return nil
		}
		views = again(q.probe.Text, parts, r.respondent.stands(a))
		if rung+1 < len(dpis) {
			if views, err = r.finer(ctx, d, q, parts, views, dpis[rung+1]); err != nil {
				return err
			}
		}
		if err := r.call(e); err != nil {
			return err
		}
		a, err = r.respondent.again(ctx, q, a, views)
	}
}

// rung counts what was read on a rung, for itself and for its outcome.
func (r *runner) rung(dpi float64, views []view, o *Outcome) (rung, error) {
	step := rung{DPI: dpi}
	for _, v := range views {
		if v.page != nil {
			step.Pages = append(step.Pages, v.shown)
			step.Tokens += v.shown.Tokens
			o.Tokens.Pages += v.shown.Tokens
			continue
		}
		n, err := r.counter.Count(strings.NewReader(v.text))
		if err != nil {
			return step, err
		}
		step.Bytes += int64(len(v.text))
		step.Tokens += n
		o.Tokens.Sent += n
	}
	return step, nil
}

// again are the base pages that an answer stands on, as text: all of them if
// that is not known.
func again(text string, parts []*pack.Part, places []place) []view {
	var views []view
	for i, p := range parts {
		v := view{piece: i, start: p.Start, end: p.End, text: text[p.Start:p.End], last: len(p.Page.Lines) - 1}
		on := slices.DeleteFunc(slices.Clone(places), func(at place) bool { return at.piece != i })
		if len(places) > 0 {
			if len(on) == 0 {
				continue
			}
			v.first = slices.MinFunc(on, func(a, b place) int { return a.first - b.first }).first
			v.last = slices.MaxFunc(on, func(a, b place) int { return a.last - b.last }).last
		}
		views = append(views, v)
	}
	return views
}

// finer shows base pages at a higher DPI: the pages there that show the same
// bytes, for the most part, or with Spec.Zoom strips of them. The layout is the
// same in points, so these are as a rule the pages of the same numbers.
func (r *runner) finer(ctx context.Context, d *drawn, q *question, base []*pack.Part, standing []view, dpi float64) ([]view, error) {
	k, err := d.pack(ctx, dpi, noSheet)
	if err != nil {
		return nil, err
	}
	if q.pack, err = k.Ask(q.probe.Question); err != nil {
		return nil, err
	}
	var out []view
	for _, v := range standing {
		lines := base[v.piece].Page.Lines
		zoomed := r.spec.Zoom && v.last-v.first+1 < len(lines)
		if zoomed {
			v.start, v.end = lines[v.first].Start, lines[v.last].End
		}
		for _, p := range pageParts(q.pack) {
			common := min(v.end, p.End) - max(v.start, p.Start)
			if common <= 0 || !zoomed && 2*common < min(v.end-v.start, p.End-p.Start) {
				continue
			}
			fine := v
			fine.part, fine.page, fine.shown, fine.text = p, p.Page, shownPage(p, dpi), ""
			if zoomed {
				if err := r.zoom(&fine, p); err != nil {
					return nil, err
				}
			}
			out = append(out, fine)
		}
	}
	return out, nil
}

// zoom cuts the lines of a view out of its page.
func (r *runner) zoom(v *view, p *pack.Part) error {
	const above = 2 // px, for what reaches out of a line's leading
	top, bottom := p.Page.Height, 0
	for _, l := range p.Page.Lines {
		if l.Start < v.end && v.start < l.End {
			top, bottom = min(top, l.Y-above), max(bottom, l.Y+l.Height+above)
		}
	}
	page, err := strip(p.Page, top, bottom)
	if err != nil {
		return err
	}
	tokens, err := r.spec.Model.Tokens(page.Width, page.Height)
	if err != nil {
		return err
	}
	v.page = page
	v.shown.Top, v.shown.Height, v.shown.Strip = max(top, 0), page.Height, true
	v.shown.SHA256, v.shown.Reading, v.shown.Tokens = hashOf(page.PNG), read.PageHash(page), int64(tokens)
	v.shown.Start, v.shown.End = max(v.start, p.Start), min(v.end, p.End)
	return nil
}

func shownPage(p *pack.Part, dpi float64) Page {
	return Page{
		Number: p.Page.Number, DPI: dpi, Width: p.Page.Width, Height: p.Page.Height,
		Start: p.Start, End: p.End, SHA256: hashOf(p.Page.PNG), Reading: read.PageHash(p.Page), Tokens: p.Tokens,
	}
}

func pagesOf(views []view) []Page {
	var pages []Page
	for _, v := range views {
		pages = append(pages, v.shown)
	}
	return pages
}
