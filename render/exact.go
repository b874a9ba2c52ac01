package render

import (
	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/layout"
	"github.com/glyphkit/glyph/render/internal/shape"
)

// Tags are superscripts of the usual proportions: three fifths of the size, a
// third of an em up, which keeps them inside the line.
const (
	tagScale = 0.6
	tagRaise = 0.33 // em of the text
)

// scales returns the sizes that glyphs are drawn in, as factors on font-size:
// that of text, then of tags and of exact strings if the config has them.
func scales(cfg configs.Config, first *fonts.Face) []float64 {
	list := []float64{1}
	if cfg.ExactAnchors {
		list = append(list, tagSize(first))
	}
	if cfg.ExactScale > 1 {
		list = append(list, cfg.ExactScale)
	}
	return list
}

// tagSize keeps the tags of a bitmap face in its own pixels.
func tagSize(first *fonts.Face) float64 {
	if first.Bitmap() != nil {
		return 1
	}
	return tagScale
}

// shaper returns the shaper for a size of scales.
func (r *Renderer) shaper(size int) (*shape.Shaper, error) {
	return shape.New(r.faces, shape.Options{
		XPPEM: r.style.Geometry.XPPEM * r.scales[size], YPPEM: r.style.Geometry.YPPEM * r.scales[size],
		Kerning: r.style.Config.Kerning, FirstFace: size * len(r.faces),
	})
}

// exact returns how exact strings are set apart beside plain text; nil if they
// are not.
func (r *Renderer) exact(plain *shape.Shaper) (*layout.Exact, error) {
	if len(r.scales) == 1 {
		return nil, nil
	}
	x := &layout.Exact{Find: r.find, Runs: plain, TallFrom: len(r.scales) * len(r.faces)}
	var err error
	if r.style.Config.ExactAnchors {
		if x.Tags, err = r.shaper(1); err != nil {
			return nil, err
		}
		if r.scales[1] < 1 {
			x.Raise = fixed.Int26_6(r.style.Geometry.YPPEM * tagRaise * 64)
		}
	}
	if r.style.Config.ExactScale > 1 {
		last := len(r.scales) - 1
		x.TallFrom = last * len(r.faces)
		x.Runs, err = r.shaper(last)
	}
	return x, err
}

func findExact(text string) []layout.Span {
	var spans []layout.Span
	for _, s := range exact.Find(text) {
		spans = append(spans, layout.Span{Start: int(s.Start), End: int(s.End)})
	}
	return spans
}
