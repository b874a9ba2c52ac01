package configs

import (
	"errors"
	"fmt"
	"math"
)

// Limits that several keys share.
const (
	// MaxPageSide is the longest page side in px: what a 16-bit signed
	// coordinate holds, the limit of many decoders.
	MaxPageSide = 32767

	// MaxPageArea is the largest page in px, 100 Mpx. The largest image any
	// model reads is a fraction of it, and a page must fit into memory.
	MaxPageArea = 100_000_000

	// MinFontPixels and maxFontPixels bound the em size in px. Below 2 px no
	// letter has a shape, above 400 px a page holds a word or two.
	MinFontPixels = 2
	maxFontPixels = 400

	// minColumnEms is the narrowest column, in em, that is left for text by
	// margins, frame padding, indents and borders. The longest escape for a
	// glyph that no font has, U+10FFFF, takes 5 em in a face with cells of
	// 5x8, the widest of the embedded fixed-width ones.
	minColumnEms = 5
)

// Validate checks every field by itself and, when all of them pass, their
// combinations. The error joins one *KeyError for each problem.
func (c Config) Validate() error {
	var errs []error
	for _, e := range c.problems() {
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

func (c Config) problems() (errs []*KeyError) {
	for _, f := range table {
		if e := f.check(&c); e != nil {
			errs = append(errs, e)
		}
	}
	if errs == nil {
		errs = c.conflicts()
	}
	return errs
}

// conflicts needs a Config whose fields are in range.
func (c Config) conflicts() (errs []*KeyError) {
	refuse := func(key, problem, want string) {
		value, _ := c.Get(key)
		errs = append(errs, &KeyError{Key: key, Value: clip(value), Problem: problem, Want: want})
	}

	if c.LineHeight < c.FontSize {
		refuse("line-height", "is below font-size "+number(c.FontSize), "at least "+number(c.FontSize)+" pt")
	}
	if px := c.EmPx(); px < MinFontPixels || px > maxFontPixels {
		refuse("font-size", fmt.Sprintf("is %s px at dpi %s", hundredths(math.Round, px), number(c.DPI)),
			fmt.Sprintf("%d to %d px, at this dpi %s to %s pt", MinFontPixels, maxFontPixels,
				hundredths(math.Ceil, max(minFontSize, MinFontPixels*72/c.DPI)),
				hundredths(math.Floor, min(maxFontSize, maxFontPixels*72/c.DPI))))
	}
	if px := c.EmPx(); c.ExactScale > 1 && px <= maxFontPixels && px*c.ExactScale > maxFontPixels {
		refuse("exact-scale", fmt.Sprintf("makes exact strings %s px", hundredths(math.Round, px*c.ExactScale)),
			"at most "+hundredths(math.Floor, maxFontPixels/px)+" at this size and dpi")
	}
	w, h := c.PagePixels()
	if w > MaxPageSide || h > MaxPageSide || int64(w)*int64(h) > MaxPageArea {
		refuse("page-size", fmt.Sprintf("is %d x %d px at dpi %s", w, h, number(c.DPI)),
			fmt.Sprintf("at most %d px a side and %d Mpx in all", MaxPageSide, MaxPageArea/1_000_000))
	}
	if c.FontColor == c.ParaBGColor {
		refuse("font-color", "is also para-bg-color, which hides the text", "another colour")
	}
	if m, _ := parseMarkup(c.NewlineMarkup); m.HasColor && m.Color == c.ParaBGColor {
		refuse("newline-markup", "has the colour of para-bg-color, which hides the marker", "another colour")
	}
	if c.FirstLineIndent < -c.LeftIndent {
		refuse("first-line-indent", "starts left of the column", "at least "+number(-c.LeftIndent)+" pt, which is -left-indent")
	}

	// 1e-6 pt: a column that fits exactly in decimal must fit in binary.
	column, need := c.Column(), c.minColumn()
	wide, high := column.Width >= need.Width-1e-6, column.Height >= need.Height-1e-6
	if wide && high {
		return errs
	}
	room := float64(float64(c.Columns) * (column.Width + c.ColumnGap))
	fit := math.Floor((room + 1e-6) / (need.Width + c.ColumnGap))
	if high && fit >= 1 {
		refuse("columns", fmt.Sprintf("leaves %s pt for a column that needs %s", hundredths(math.Round, max(0, column.Width)), hundredths(math.Ceil, need.Width)),
			"at most "+number(fit)+" on this page")
		return errs
	}
	least := Size{
		c.PageSize.Width + max(0, float64(float64(c.Columns)*(need.Width+c.ColumnGap))-room),
		c.PageSize.Height + max(0, need.Height-column.Height),
	}
	refuse("page-size", "has no room for a line of text",
		fmt.Sprintf("at least %s x %s pt, or smaller margins, frame-padding, indents, spaces or type",
			hundredths(math.Ceil, least.Width), hundredths(math.Ceil, least.Height)))
	return errs
}

// minColumn is the smallest column that holds one line of text.
func (c Config) minColumn() Size {
	border := float64(2 * (c.BorderWidth + c.BorderPadding))
	return Size{
		float64(minColumnEms*c.FontSize) + c.LeftIndent + max(0, c.FirstLineIndent) + c.RightIndent + border,
		c.LineHeight + float64(c.FontSize*(c.ExactScale-1)) + c.SpaceBefore + c.SpaceAfter + border,
	}
}

// hundredths writes v for people. A least value is rounded up and a greatest
// one down, so that what an error asks for is accepted.
func hundredths(round func(float64) float64, v float64) string {
	return number(round(v*100) / 100)
}
