package layout

import (
	"math"

	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
)

// Geometry is a config in px.
type Geometry struct {
	Width, Height int           // page
	XPPEM, YPPEM  float64       // px per em
	left, width   fixed.Int26_6 // first column of the frame
	step          fixed.Int26_6 // from one column to the next
	columns       int
	top, bottom   int64 // frame; vertical measures are in 1/65536 px, so that sums are exact
	leading       int64
	growth, rise  int64 // of a line with enlarged strings: of its leading, and of that what is above the baseline
	ascent        int64
	before, after int64
	padding       int64
	border        int64
	firstIndent   fixed.Int26_6
	leftIndent    fixed.Int26_6
	rightIndent   fixed.Int26_6
}

const one = 1 << 16

// NewGeometry computes the page in px for a first face whose baseline lies
// ascent em below the top of a line and that reaches descent em below it.
//
// The published renderer puts the first baseline font-size below the top of the
// frame, whatever the face, and lets descenders hang into the margin; that is
// ascent 1. Without a margin to hang into, lines move up.
func NewGeometry(c configs.Config, ascent, descent float64) Geometry {
	sy := c.DPI / 72
	sx := float64(sy * c.HorizontalScale)
	h := func(pt float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(float64(pt*sx) * 64)) }
	v := func(pt float64) int64 { return int64(math.Round(float64(pt*sy) * one)) }
	px := func(pt, scale float64) int { return int(math.Ceil(float64(pt*scale) - 1e-6)) }

	width := px(c.PageSize.Width, sy) // the published renderer narrows the finished page
	if c.HorizontalScale != 1 {
		width = int(float64(float64(width) * c.HorizontalScale))
	}
	g := Geometry{
		Width: width, Height: px(c.PageSize.Height, sy),
		XPPEM: float64(c.FontSize * sx), YPPEM: float64(c.FontSize * sy),
		left:    h(c.MarginX + c.FramePadding),
		columns: c.Columns,
		top:     v(c.MarginY + c.FramePadding),
		bottom:  v(c.PageSize.Height - c.MarginY - c.FramePadding),
		leading: v(c.LineHeight),
		before:  v(c.SpaceBefore), after: v(c.SpaceAfter),
		padding: v(c.BorderPadding), border: v(c.BorderWidth),
		firstIndent: h(c.FirstLineIndent), leftIndent: h(c.LeftIndent), rightIndent: h(c.RightIndent),
	}
	overhang := float64(float64((ascent+descent)*c.FontSize) - c.LineHeight) // of a line over its leading
	g.ascent = v(float64(ascent*c.FontSize) - max(0, overhang-c.MarginY-c.FramePadding))
	g.growth = v(c.FontSize * (c.ExactScale - 1))
	g.rise = v(c.FontSize * (c.ExactScale - 1) * ascent / (ascent + descent))
	frame := h(c.PageSize.Width) - 2*g.left
	if c.PatchSize > 1 { // what snapping adds is room for text
		g.Width, g.Height = SnapUp(g.Width, c.PatchSize), SnapUp(g.Height, c.PatchSize)
		frame = fixed.I(g.Width) - 2*g.left
		g.bottom = int64(g.Height)<<16 - g.top
	}
	gap := h(c.ColumnGap)
	g.width = (frame - gap*fixed.Int26_6(c.Columns-1)) / fixed.Int26_6(c.Columns)
	g.step = g.width + gap
	return g
}

// SnapUp rounds a side in px up to a multiple of the patch, if there is one.
func SnapUp(px, patch int) int {
	if patch <= 1 {
		return px
	}
	return (px + patch - 1) / patch * patch
}
