package report

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/render"
)

const (
	worstPages = 4

	// maxCandidates bounds how many pages are drawn to find those: what counts
	// as errors at first may be nothing but lines that break within words.
	maxCandidates = 32

	// maxPagePixels bounds a picture in a report; of a larger page it shows the
	// part with the most misread characters.
	maxPagePixels = 1_200_000
)

// pageView is a page in a report.
type pageView struct {
	Caption string
	Picture template.URL // "" if Problem says why
	Width   int          // px
	Problem string
}

// readPage is a page of an outcome that was read with errors.
type readPage struct {
	outcome *eval.Outcome
	page    eval.Page
	errors  int
}

// reader finds out what the pages of a run were read as.
type reader struct {
	*eval.Directory
	last  *task.Probe // of the outcome that was looked at last
	of    [2]string
	drawn map[string]*render.Page // by SHA-256
}

func newReader(d *eval.Directory) *reader {
	return &reader{Directory: d, drawn: map[string]*render.Page{}}
}

func (r *reader) probe(o *eval.Outcome) (*task.Probe, error) {
	id := [2]string{o.Task, o.Probe}
	if r.last == nil || r.of != id {
		p, err := r.Probe(o)
		if err != nil {
			return nil, err
		}
		r.last, r.of = p, id
	}
	return r.last, nil
}

// candidates are the pages that were not read as they are, each once, with the
// most errors first: those that have a transcript, and those of texts that a
// model copied.
func (r *reader) candidates() ([]readPage, error) {
	seen := map[string]bool{}
	var all []readPage
	var copied []*eval.Outcome
	for _, o := range r.Result.Outcomes {
		if len(o.Pages) == 0 || o.Score.Unscored != "" {
			continue
		}
		probe, err := r.probe(o)
		if err != nil {
			return nil, err
		}
		transcribed := false
		for _, p := range o.Pages {
			text, ok := r.Transcript(o, p)
			transcribed = transcribed || ok
			if !ok || seen[p.SHA256] || !within(p, probe.Text) {
				continue
			}
			seen[p.SHA256] = true
			if n := metric.CharacterErrors(probe.Text[p.Start:p.End], text).Distance; n > 0 {
				all = append(all, readPage{o, p, n})
			}
		}
		if !transcribed && o.Score.Characters.Distance > 0 {
			copied = append(copied, o)
		}
	}
	slices.SortStableFunc(copied, func(a, b *eval.Outcome) int {
		return cmp.Compare(b.Score.Characters.Distance, a.Score.Characters.Distance)
	})
	for _, o := range copied[:min(len(copied), worstPages)] {
		marks, err := r.copied(o)
		if err != nil {
			return nil, err
		}
		for _, p := range o.Pages {
			if n := len(marksIn(marks, p)); n > 0 && !seen[p.SHA256] {
				seen[p.SHA256] = true
				all = append(all, readPage{o, p, n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b readPage) int { return cmp.Compare(b.errors, a.errors) })
	return all, nil
}

// worst shows the pages with the most errors.
func (r *reader) worst(ctx context.Context) ([]pageView, error) {
	candidates, err := r.candidates()
	if err != nil {
		return nil, err
	}
	var views []pageView
	for _, c := range candidates[:min(len(candidates), maxCandidates)] {
		v, ok, err := r.view(ctx, c)
		if err != nil {
			return nil, err
		}
		if ok {
			views = append(views, v)
		}
		if len(views) == worstPages {
			break
		}
	}
	return views, nil
}

func within(p eval.Page, text string) bool {
	return 0 <= p.Start && p.Start <= p.End && p.End <= int64(len(text))
}

// copied are the marks of a text that was answered with, without those of a
// text that is too long to be aligned.
func (r *reader) copied(o *eval.Outcome) ([]mark, error) {
	probe, err := r.probe(o)
	if err != nil {
		return nil, err
	}
	marks, _ := misreadMarks(probe.Text, 0, o.Answer, nil)
	return marks, nil
}

func marksIn(marks []mark, p eval.Page) (in []mark) {
	for _, m := range marks {
		if p.Start <= m.start && m.start < p.End {
			in = append(in, m)
		}
	}
	return in
}

// markedPage is a page that was drawn again.
type markedPage struct {
	*render.Page
	picture *image.RGBA
	marks   []mark // of the probe's text; also painted
}

// pageError is why a page cannot be shown, which does not keep a report from
// being written.
type pageError struct{ error }

// draw draws a page of an outcome, with what was misread marked.
func (r *reader) draw(ctx context.Context, o *eval.Outcome, p eval.Page) (*markedPage, error) {
	page := r.drawn[p.SHA256]
	if page == nil {
		var err error
		if page, err = r.Page(ctx, o, p); err != nil {
			return nil, pageError{err}
		}
		r.drawn[p.SHA256] = page
	}
	src, err := png.Decode(bytes.NewReader(page.PNG))
	if err != nil {
		return nil, pageError{err}
	}
	probe, err := r.probe(o)
	if err != nil {
		return nil, err
	}
	m := &markedPage{Page: page, picture: image.NewRGBA(src.Bounds())}
	draw.Draw(m.picture, m.picture.Bounds(), src, src.Bounds().Min, draw.Src)
	text, ok := r.Transcript(o, p)
	switch {
	case ok && within(p, probe.Text):
		var breaks []int64
		for _, l := range page.Lines {
			breaks = append(breaks, l.Start)
		}
		m.marks, _ = misreadMarks(probe.Text[p.Start:p.End], p.Start, text, breaks)
	case o.Score.Characters.Length > 0:
		all, err := r.copied(o)
		if err != nil {
			return nil, err
		}
		m.marks = marksIn(all, p)
	}
	m.marks = notNoted(m.marks, page.Notes)
	for _, l := range page.Lines {
		paintMarks(m.picture, l, probe.Text, m.marks)
	}
	return m, nil
}

// notNoted leaves out what the page does not show as it stands.
func notNoted(marks []mark, notes []render.Note) (left []mark) {
	for _, m := range marks {
		if !slices.ContainsFunc(notes, func(n render.Note) bool { return n.Start < max(m.end, m.start+1) && m.start < n.End }) {
			left = append(left, m)
		}
	}
	return left
}

var (
	misreadFill = color.NRGBA{0xE0, 0x20, 0x20, 0x50}
	misreadLine = color.NRGBA{0xC0, 0x00, 0x00, 0xFF}
)

// paintMarks paints the marks of a line. Where in a line a character stands is
// taken from its number: all have the mean advance.
func paintMarks(picture *image.RGBA, l render.Line, text string, marks []mark) {
	if l.Start < 0 || l.End > int64(len(text)) || l.Start >= l.End {
		return
	}
	shown := strings.TrimRightFunc(text[l.Start:l.End], unicode.IsSpace)
	n := utf8.RuneCountInString(shown)
	if n == 0 {
		return
	}
	x := func(offset int64) int {
		at := min(max(offset-l.Start, 0), int64(len(shown)))
		return l.X + l.Width*utf8.RuneCountInString(shown[:at])/n
	}
	for _, m := range marks {
		if m.start < l.Start || m.start >= l.End {
			continue
		}
		const least = 2 // px that can be seen
		box := image.Rect(x(m.start), l.Y, max(x(m.end), x(m.start)+least), l.Y+l.Height)
		fill := misreadFill
		if m.start == m.end {
			fill = misreadLine
		}
		draw.Draw(picture, box, image.NewUniform(fill), image.Point{}, draw.Over)
		box.Min.Y = box.Max.Y - 1
		draw.Draw(picture, box, image.NewUniform(misreadLine), image.Point{}, draw.Over)
	}
}

// view is a page with its misread characters marked; false if there are none
// but the white space of lines that break within a word.
func (r *reader) view(ctx context.Context, c readPage) (pageView, bool, error) {
	probe, err := r.probe(c.outcome)
	if err != nil {
		return pageView{}, false, err
	}
	v := pageView{Caption: fmt.Sprintf("%s, %s: %s, page %d", c.outcome.Task, c.outcome.Condition, c.outcome.Document, c.page.Number)}
	m, err := r.draw(ctx, c.outcome, c.page)
	if problem, ok := errors.AsType[pageError](err); ok {
		v.Problem = problem.Error()
		return v, true, nil
	}
	if err != nil || len(m.marks) == 0 {
		return v, false, err
	}
	characters := 0
	if within(c.page, probe.Text) {
		characters = metric.CharacterErrors(probe.Text[c.page.Start:c.page.End], "").Length
	}
	v.Caption += fmt.Sprintf(": %d places misread in %d characters", len(m.marks), characters)
	area := m.picture.Bounds()
	if rows := maxPagePixels / max(area.Dx(), 1); rows < area.Dy() {
		area = densest(m.Lines, m.marks, area, rows)
		v.Caption += fmt.Sprintf("; rows %d to %d of %d px", area.Min.Y, area.Max.Y, m.picture.Bounds().Dy())
	}
	return v.with(m.picture.SubImage(area)), true, nil
}

// densest is the part of a page, so many rows high, with the most marks.
func densest(lines []render.Line, marks []mark, area image.Rectangle, rows int) image.Rectangle {
	top, most := 0, -1
	for _, first := range lines {
		n := 0
		for _, l := range lines {
			if l.Y >= first.Y && l.Y+l.Height <= first.Y+rows {
				for _, m := range marks {
					if l.Start <= m.start && m.start < l.End {
						n++
					}
				}
			}
		}
		if n > most {
			top, most = first.Y, n
		}
	}
	top = max(min(top, area.Dy()-rows), 0)
	return image.Rect(0, top, area.Dx(), min(top+rows, area.Dy()))
}

// with adds the picture.
func (v pageView) with(picture image.Image) pageView {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, picture); err != nil {
		v.Problem = err.Error()
		return v
	}
	v.Picture, v.Width = dataURL(out.Bytes()), picture.Bounds().Dx()
	return v
}
