package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/render"
)

const (
	worstProbes = 10
	maxQuoted   = 600 // characters of a gold answer, an answer or a question
	aroundGold  = 2   // lines above and below in a crop
)

// probeView is a probe in a report.
type probeView struct {
	Task, ID, Document, Condition  string
	Value                          float64
	Silent, Abstained              bool
	Question, Gold, Answer, Before string // Before verification changed it
	Crop                           pageView
}

// worstOutcomes are the outcomes of probes with the lowest scores: those that
// say nothing of being wrong first. A probe is shown once, under the condition
// with its lowest score.
func worstOutcomes(all []*eval.Outcome) []*eval.Outcome {
	var wrong []*eval.Outcome
	for _, o := range all {
		if o.Score.Unscored == "" && o.Score.Value < 1 {
			wrong = append(wrong, o)
		}
	}
	slices.SortStableFunc(wrong, func(a, b *eval.Outcome) int {
		return cmp.Or(cmp.Compare(a.Score.Value, b.Score.Value), cmp.Compare(truth(b.Score.SilentlyWrong()), truth(a.Score.SilentlyWrong())))
	})
	seen := map[[2]string]bool{}
	return slices.DeleteFunc(wrong, func(o *eval.Outcome) bool {
		id := [2]string{o.Task, o.Probe}
		again := seen[id]
		seen[id] = true
		return again
	})
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// showProbe tells what was asked, what is right, and what was answered.
func (r *reader) showProbe(ctx context.Context, o *eval.Outcome) (probeView, error) {
	p, err := r.probe(o)
	if err != nil {
		return probeView{}, err
	}
	v := probeView{
		Task: o.Task, ID: o.Probe, Document: o.Document, Condition: o.Condition.String(), Value: o.Score.Value,
		Silent: o.Score.SilentlyWrong(), Abstained: o.Score.Abstained,
		Question: quoted(p.Question), Gold: quoted(strings.Join(p.Gold, "\n")), Answer: quoted(o.Answer), Before: quoted(o.Raw),
	}
	if len(o.Pages) > 0 {
		v.Crop, err = r.crop(ctx, o, p)
	}
	return v, err
}

// quoted is the beginning of a text, and how much there is.
func quoted(s string) string {
	n := utf8.RuneCountInString(s)
	if n <= maxQuoted {
		return s
	}
	return fmt.Sprintf("%s… (%d of %d characters)", string([]rune(s)[:maxQuoted]), maxQuoted, n)
}

// crop is the lines of a page around the gold answer; of a transcription, around
// the first misread character.
func (r *reader) crop(ctx context.Context, o *eval.Outcome, p *task.Probe) (pageView, error) {
	at, of, err := r.interesting(ctx, o, p)
	if err != nil || at < 0 {
		return pageView{Problem: "no page is shown: " + of}, err
	}
	i := slices.IndexFunc(o.Pages, func(p eval.Page) bool { return p.Start <= at && at < p.End })
	if i < 0 {
		return pageView{Problem: "no page is shown: none has that part of the text"}, nil
	}
	m, err := r.draw(ctx, o, o.Pages[i])
	if problem, ok := errors.AsType[pageError](err); ok {
		return pageView{Problem: problem.Error()}, nil
	}
	if err != nil {
		return pageView{}, err
	}
	n := slices.IndexFunc(m.Lines, func(l render.Line) bool { return l.Start <= at && at < l.End })
	if n < 0 {
		return pageView{Problem: "no page is shown: no line has that part of the text"}, nil
	}
	first, last := m.Lines[max(n-aroundGold, 0)], m.Lines[min(n+aroundGold, len(m.Lines)-1)]
	if first.Column != last.Column { // columns stand side by side
		first, last = m.Lines[n], m.Lines[n]
	}
	const above = 3 // px
	area := image.Rect(0, first.Y-above, m.Width, last.Y+last.Height+above).Intersect(m.picture.Bounds())
	return pageView{Caption: fmt.Sprintf("page %d at %g dpi, around %s", m.Number, o.Pages[i].DPI, of)}.with(m.picture.SubImage(area)), nil
}

// interesting is the byte of the text that a crop is of, and what stands there;
// below 0 it says why there is none.
func (r *reader) interesting(ctx context.Context, o *eval.Outcome, p *task.Probe) (at int64, of string, err error) {
	if o.Score.Characters.Length > 0 {
		return r.firstMisread(ctx, o, p)
	}
	for i, gold := range p.Gold {
		if gold == "" {
			continue
		}
		// The occurrence that is nearest to where the gold answer was planted.
		best, target := -1, 0
		if i < len(p.Depths) {
			target = int(p.Depths[i] * float64(len(p.Text)))
		}
		for from := 0; ; {
			next := strings.Index(p.Text[from:], gold)
			if next < 0 {
				break
			}
			next += from
			if best < 0 || abs(next-target) < abs(best-target) {
				best = next
			}
			from = next + len(gold)
		}
		if best >= 0 {
			return int64(best), "the gold answer", nil
		}
	}
	return -1, "the gold answer does not stand in the text as it is", nil
}

// firstMisread is the first misread character of a transcription.
func (r *reader) firstMisread(ctx context.Context, o *eval.Outcome, p *task.Probe) (at int64, of string, err error) {
	for _, page := range o.Pages {
		text, ok := r.Transcript(o, page)
		if ok && within(page, p.Text) && metric.CharacterErrors(p.Text[page.Start:page.End], text).Distance == 0 {
			continue
		}
		m, err := r.draw(ctx, o, page)
		if problem, ok := errors.AsType[pageError](err); ok {
			return -1, problem.Error(), nil
		}
		if err != nil {
			return 0, "", err
		}
		if len(m.marks) > 0 {
			return m.marks[0].start, "the first misread character", nil
		}
	}
	return -1, "no page has a misread character that can be marked", nil
}

func abs(n int) int { return max(n, -n) }
