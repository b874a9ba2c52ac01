package plan

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// solver finds the cheapest page for documents at one size of type after the
// other.
type solver struct {
	ask        Ask
	docs       []Document
	counter    tokens.Counter
	text       int64 // tokens of the text
	considered int
	work       *work
}

// exactCandidates is how many geometries are laid out in full. The estimate
// that chooses them errs by a cropped last page at most.
const exactCandidates = 8

// maxAspect bounds the shape of pages: in longer strips readers lose their
// place, and many encoders pad or cut them.
const maxAspect = 3

// geometry is a page that might be best.
type geometry struct {
	cfg      configs.Config
	estimate float64 // tokens for all documents
}

// at returns the cheapest plan with an em of px.
func (s *solver) at(ctx context.Context, px float64) (*Plan, error) {
	base := s.ask.Base
	scale := px / base.EmPx()
	base.FontSize = roundPt(base.FontSize * scale)
	base.LineHeight = roundPt(base.LineHeight * scale)
	if scale == 1 {
		base.FontSize, base.LineHeight = s.ask.Base.FontSize, s.ask.Base.LineHeight
	}
	reference := base
	reference.PageSize = configs.Size{Width: 595 * 72 / base.DPI, Height: 842 * 72 / base.DPI}
	reference.PatchSize = 0

	defer s.work.endStep()
	found, err := s.estimate(ctx, base, reference)
	if err != nil {
		return nil, err
	}
	var best *Plan
	for _, g := range append(shortlist(found), geometry{cfg: reference}) {
		cost, err := s.price(ctx, g.cfg)
		if err != nil {
			continue // the model takes no such page; the reference may be one
		}
		s.considered++
		p := &Plan{Config: g.cfg, Px: px, Cost: cost}
		if best == nil || better(&p.Cost, &best.Cost) {
			best = p
		}
		if g.cfg.PageSize == reference.PageSize && g.cfg.PatchSize == 0 {
			best.Reference = cost
		}
	}
	if best == nil {
		_, err := s.price(ctx, reference)
		return nil, err
	}
	best.Considered = s.considered
	return best, nil
}

// nearlyEqual is the part by which more tokens are a fair price for fewer, and
// so larger, pages.
const nearlyEqual = 0.02

// requestTokens stands for what every further request repeats: instructions,
// legend and question.
const requestTokens = 500

// better orders costs: tokens, then pages.
func better(a, b *Cost) bool {
	total := func(c *Cost) float64 { return float64(c.ImageTokens) + requestTokens*float64(c.Requests-1) }
	x, y := total(a), total(b)
	if math.Abs(x-y) > min(x, y)*nearlyEqual {
		return x < y
	}
	return cmp.Or(cmp.Compare(a.Pages, b.Pages), cmp.Compare(x, y)) < 0
}

// shortlist picks the geometries to lay out in full: those with the lowest
// estimates, and the largest pages among those that come close.
func shortlist(found []geometry) []geometry {
	slices.SortStableFunc(found, func(a, b geometry) int { return cmp.Compare(a.estimate, b.estimate) })
	n := min(len(found), exactCandidates/2)
	list := slices.Clone(found[:n])
	area := func(g geometry) float64 { return g.cfg.PageSize.Width * g.cfg.PageSize.Height }
	rest := found[n:]
	for i := range rest {
		if rest[i].estimate > found[0].estimate*(1+2*nearlyEqual) {
			rest = rest[:i]
			break
		}
	}
	slices.SortStableFunc(rest, func(a, b geometry) int { return cmp.Compare(area(b), area(a)) })
	return append(list, rest[:min(len(rest), exactCandidates/2)]...)
}

func roundPt(pt float64) float64 { return math.Round(pt*10000) / 10000 }

// estimate prices every candidate page of the model from the number of lines
// that the documents take at its width: one layout for each width, on pages as
// high as they can be, and arithmetic for the heights. Of long documents the
// beginnings stand for the whole.
func (s *solver) estimate(ctx context.Context, base, reference configs.Config) ([]geometry, error) {
	r, err := render.New(reference, s.ask.Options)
	if err != nil {
		return nil, err
	}
	whole, err := measure(ctx, r, s.docs)
	if err != nil {
		return nil, err
	}
	sample := beginnings(s.docs, sampleBytes)
	lines := map[int]float64{}
	var found []geometry
	for _, size := range s.candidates(base) {
		cfg, ok := withPage(base, size, s.ask.Model.Patch)
		if !ok {
			continue
		}
		n, ok := lines[size.Width]
		if !ok {
			tall, fits := withPage(base, vision.Size{Width: size.Width, Height: tallest(size.Width)}, s.ask.Model.Patch)
			if !fits {
				tall = cfg
			}
			r, err := render.New(tall, s.ask.Options)
			if err != nil {
				return nil, err
			}
			m, err := measure(ctx, r, sample)
			if errors.Is(err, render.ErrBlank) { // nothing but white space at the beginning
				m, err = measure(ctx, r, s.docs)
			}
			if err != nil {
				return nil, err
			}
			n = float64(m.Lines) * float64(whole.Characters) / float64(m.Characters)
			lines[size.Width] = n
		}
		perPage := math.Floor(cfg.Column().Height/cfg.LineHeight) * float64(cfg.Columns)
		tokens, err := s.ask.Model.Tokens(size.Width, size.Height)
		if err != nil || perPage < 1 {
			continue
		}
		pages := n / perPage
		if !cfg.AutoCropLastPage {
			pages = math.Ceil(pages)
		}
		found = append(found, geometry{cfg, pages * float64(tokens)})
	}
	return found, nil
}

// sampleBytes is how much of the documents is laid out at every width.
const sampleBytes = 40_000

// beginnings returns documents that end after their share of n bytes.
func beginnings(docs []Document, n int64) []Document {
	share := max(n/int64(len(docs)), 1000)
	cut := make([]Document, len(docs))
	for i, d := range docs {
		cut[i] = Document{d.Name, func() (io.ReadCloser, error) {
			rc, err := d.Open()
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{io.LimitReader(rc, share), rc}, nil
		}}
	}
	return cut
}

// tallest keeps a page of measuring within what a config accepts.
func tallest(width int) int {
	return min(configs.MaxPageSide, configs.MaxPageArea/max(width, 1)) / 2
}

// candidates are the model's page sizes that suit the type: a line of at least
// 30 em is needed for text to flow, and a shape that readers follow.
func (s *solver) candidates(base configs.Config) []vision.Size {
	em := base.EmPx()
	var fit []vision.Size
	all := s.ask.Model.Candidates()
	if patch := s.ask.Model.Patch; patch > 0 {
		all = everyHeight(all, patch)
	}
	for _, c := range all {
		w, h := float64(c.Width), float64(c.Height)
		if w < 30*em || h < 10*em || w > maxAspect*h || h > maxAspect*w {
			continue
		}
		fit = append(fit, c)
	}
	return fit
}

// everyHeight adds to the tallest page of each width the shorter ones, in steps
// of at least a sixteenth, for a document that does not fill the tallest.
func everyHeight(tallest []vision.Size, patch int) []vision.Size {
	var all []vision.Size
	for _, t := range tallest {
		step := max(t.Height/16/patch, 1) * patch
		for h := t.Height; h >= patch; h -= step {
			all = append(all, vision.Size{Width: t.Width, Height: h})
		}
	}
	return all
}

// withPage gives a config pages of exactly that many px.
func withPage(c configs.Config, size vision.Size, patch int) (configs.Config, bool) {
	pt := func(px int) float64 { return roundPt(float64(px) * 72 / c.DPI) }
	c.PageSize = configs.Size{Width: pt(size.Width), Height: pt(size.Height)}
	if c.HorizontalScale != 1 {
		c.PageSize.Width = roundPt(float64(size.Width) * 72 / c.DPI / c.HorizontalScale)
	}
	c.PatchSize = 0
	if patch >= 4 {
		c.PatchSize = patch
	}
	w, h := c.PagePixels()
	return c, w == size.Width && h == size.Height && c.Validate() == nil
}

// price lays the documents out and prices the pages.
func (s *solver) price(ctx context.Context, cfg configs.Config) (Cost, error) {
	r, err := render.New(cfg, s.ask.Options)
	if err != nil {
		return Cost{}, err
	}
	m, err := measure(ctx, r, s.docs)
	if err != nil {
		return Cost{}, err
	}
	c, err := ImageCost(s.ask.Model, m)
	if err != nil {
		return Cost{}, err
	}
	c.AddText(s.ask.Model, count(s.counter, s.text), c.ImageTokens)
	return c, nil
}
