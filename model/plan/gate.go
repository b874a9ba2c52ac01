package plan

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Verdicts of a gate.
const (
	TextIsCheaper  = "text is cheaper"
	PagesAreCheap  = "pages are cheaper"
	MixtureIsCheap = "a mixture is cheapest"
)

// switchTokens is what a change between text and pages costs beside its parts:
// the words that tell the model where a page belongs. One line of them.
const switchTokens = 12

// Gate decides for every section of a text whether it costs less as text or as
// pages of r for a model, counter counting the text. Sections are what blank
// lines separate. The text is read whole: up to maxGated bytes.
//
// The sections are first weighed by their tokens and by the lines they take,
// in one pass that finds the cheapest sequence; then the pages of that sequence
// are laid out, and of it, all text and all pages the cheapest is taken.
func Gate(ctx context.Context, r *render.Renderer, doc Document, model *vision.Profile, counter tokens.Counter) (*render.Decision, error) {
	text, err := readAll(doc)
	if err != nil {
		return nil, err
	}
	g := &gate{r: r, model: model, counter: counter, text: text, name: doc.Name}
	d, err := g.decide(ctx)
	if err != nil {
		return nil, fmt.Errorf("weighing %q: %w", doc.Name, err)
	}
	return d, nil
}

// maxGated is the longest text that a gate weighs, in bytes.
const maxGated = 256 << 20

func readAll(doc Document) ([]byte, error) {
	rc, err := doc.Open()
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", doc.Name, err)
	}
	defer rc.Close()
	b, err := limit.ReadAll(rc, maxGated, "a text for a gate")
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", doc.Name, err)
	}
	return b, nil
}

type gate struct {
	r       *render.Renderer
	model   *vision.Profile
	counter tokens.Counter
	text    []byte
	name    string
}

type section struct {
	start, end int64
	text       int64   // tokens as text
	lines      int     // on pages
	pages      float64 // tokens as a share of full pages
}

func (g *gate) decide(ctx context.Context) (*render.Decision, error) {
	d := &render.Decision{Model: g.model.Name, Tokenizer: g.counter.Name(), Estimated: !g.counter.Exact()}
	var err error
	if d.TextTokens, err = g.counter.Count(bytes.NewReader(g.text)); err != nil {
		return nil, err
	}
	all := render.Part{End: int64(len(g.text))}
	sections, whole, err := g.sections(ctx)
	if errors.Is(err, render.ErrBlank) {
		return textOnly(d, all), nil
	}
	if err != nil {
		return nil, err
	}
	if d.ImageTokens, err = imageTokens(g.model, whole); err != nil {
		return nil, err
	}
	for i := range sections {
		s := &sections[i]
		if s.text, err = g.counter.Count(bytes.NewReader(g.text[s.start:s.end])); err != nil {
			return nil, err
		}
	}
	mixed := cheapest(sections)
	if d.MixedTokens, err = g.price(ctx, mixed); err != nil {
		return nil, err
	}
	switch least := min(d.MixedTokens, d.ImageTokens, d.TextTokens); {
	case d.TextTokens == least:
		return textOnly(d, all), nil
	case d.ImageTokens == least:
		all.Tokens = d.ImageTokens
		d.MixedTokens, d.Parts, d.Verdict = d.ImageTokens, []render.Part{all}, PagesAreCheap
	default:
		d.Parts, d.Verdict = mixed, MixtureIsCheap
	}
	d.Saving = 1 - float64(d.MixedTokens)/float64(d.TextTokens)
	return d, nil
}

func textOnly(d *render.Decision, all render.Part) *render.Decision {
	all.Text, all.Tokens = true, d.TextTokens
	d.MixedTokens, d.Parts, d.Verdict = d.TextTokens, []render.Part{all}, TextIsCheaper
	return d
}

// sections splits the text at blank lines and counts what each part takes on
// pages: its lines, and what they cost as a share of a full page. Whole is the
// text laid out as it is.
func (g *gate) sections(ctx context.Context) (list []section, whole *Measured, err error) {
	for start := 0; start < len(g.text); {
		end := sectionEnd(g.text, start)
		list = append(list, section{start: int64(start), end: int64(end)})
		start = end
	}
	i, most := 0, 0
	var full vision.ImageInfo
	whole = &Measured{}
	for p, err := range g.r.Measure(ctx, g.name, bytes.NewReader(g.text)) {
		if err != nil {
			return nil, nil, err
		}
		whole.page(p)
		if len(p.Lines) > most {
			most, full = len(p.Lines), vision.ImageInfo{Width: p.Width, Height: p.Height}
		}
		for _, l := range p.Lines {
			for l.Start >= list[i].end {
				i++
			}
			list[i].lines++
		}
	}
	n, err := g.model.Tokens(full.Width, full.Height)
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		list[i].pages = float64(list[i].lines) * float64(n) / float64(most)
	}
	return list, whole, nil
}

// sectionEnd returns where the section that begins at start ends: behind the
// blank lines that follow it.
func sectionEnd(text []byte, start int) int {
	blank := false
	for i := start; i < len(text); {
		n := bytes.IndexByte(text[i:], '\n') + 1
		if n == 0 {
			return len(text)
		}
		isBlank := len(bytes.TrimSpace(text[i:i+n])) == 0
		if blank && !isBlank {
			return i
		}
		blank = isBlank && i > start
		i += n
	}
	return len(text)
}

// price counts the tokens of every part, its pages as they would be drawn, and
// returns their sum with what the changes between them cost. A part that has
// nothing to draw becomes text.
func (g *gate) price(ctx context.Context, parts []render.Part) (total int64, err error) {
	pages := make([]Measured, len(parts))
	for step, err := range g.r.MeasureParts(ctx, g.name, bytes.NewReader(g.text), parts) {
		switch {
		case errors.Is(err, render.ErrBlank):
			parts[step.Part].Text = true
		case err != nil:
			return 0, err
		case step.Page != nil:
			pages[step.Part].page(step.Page)
		}
	}
	for i := range parts {
		p := &parts[i]
		if p.Text {
			p.Tokens, err = g.counter.Count(bytes.NewReader(g.text[p.Start:p.End]))
		} else {
			p.Tokens, err = imageTokens(g.model, &pages[i])
		}
		if err != nil {
			return 0, err
		}
		total += p.Tokens
	}
	return total + int64(len(parts)-1)*switchTokens, nil
}

func imageTokens(model *vision.Profile, m *Measured) (int64, error) {
	c, err := ImageCost(model, m)
	return c.ImageTokens, err
}

// cheapest finds the sequence of text and page parts with the fewest tokens:
// for each section the cheaper of going on as before or changing.
func cheapest(sections []section) []render.Part {
	const text, pages = 0, 1
	cost := [2]float64{}
	from := make([][2]uint8, len(sections)) // the way the section before is sent
	for i, s := range sections {
		var next [2]float64
		for way, own := range [2]float64{float64(s.text), s.pages} {
			stay, change := cost[way], cost[1-way]+switchTokens
			if i == 0 {
				change = stay
			}
			from[i][way] = uint8(way)
			if change < stay {
				from[i][way] = uint8(1 - way)
				stay = change
			}
			next[way] = stay + own
		}
		cost = next
	}
	way := uint8(text)
	if cost[pages] < cost[text] {
		way = pages
	}
	var parts []render.Part
	for i := len(sections) - 1; i >= 0; i-- {
		s := sections[i]
		if n := len(parts); n > 0 && parts[n-1].Text == (way == text) {
			parts[n-1].Start = s.start
		} else {
			parts = append(parts, render.Part{Start: s.start, End: s.end, Text: way == text})
		}
		way = from[i][way]
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}
