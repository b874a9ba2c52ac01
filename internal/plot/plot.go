// Package plot draws the pictures of reports: points with intervals, lines,
// bars and heat maps, as PNG.
//
// It is for people who look; pages for models are drawn by package render.
package plot

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/fogleman/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// Measures in CSS px. Pictures have density times as many pixels, so that they
// stay sharp on screens of today.
const (
	density  = 2
	textSize = 13
	tickSize = 11
	margin   = 16
	dot      = 3.5

	defaultWidth  = 640
	defaultHeight = 400

	// maxSide bounds memory: a picture takes 4 bytes a pixel.
	maxSide = 4000
)

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	quiet = color.NRGBA{0x77, 0x77, 0x77, 0xff}
	grid  = color.NRGBA{0xe4, 0xe4, 0xe4, 0xff}

	// Colours that people of every colour vision tell apart: Okabe and Ito,
	// Color Universal Design, 2008.
	palette = []color.NRGBA{
		{0x00, 0x72, 0xb2, 0xff}, {0xd5, 0x5e, 0x00, 0xff}, {0x00, 0x9e, 0x73, 0xff}, {0xcc, 0x79, 0xa7, 0xff},
		{0xe6, 0x9f, 0x00, 0xff}, {0x56, 0xb4, 0xe9, 0xff}, {0x22, 0x22, 0x22, 0xff}, {0x99, 0x99, 0x99, 0xff},
	}
)

var errNothing = errors.New("drawing a plot: there is no point to draw")

type canvas struct {
	*gg.Context
	font *opentype.Font
}

func newCanvas(width, height float64) (*canvas, error) {
	if width < 1 || height < 1 || width > maxSide || height > maxSide {
		return nil, fmt.Errorf("drawing a plot of %g x %g px: want 1 to %d", width, height, maxSide)
	}
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	c := &canvas{gg.NewContext(int(width*density), int(height*density)), f}
	c.SetColor(color.White)
	c.Clear()
	c.SetLineWidth(1)
	c.Scale(density, density)
	return c, nil
}

// text draws s with its anchor at x, y: ax 0 is its left edge, 1 its right one;
// ay 0 is its base line, 1 its top.
func (c *canvas) text(s string, x, y, ax, ay, size float64, col color.Color) {
	c.setSize(size)
	c.SetColor(col)
	// gg scales the anchor but not the glyphs: the text is set in pixels.
	c.Push()
	c.Identity()
	c.DrawStringAnchored(s, x*density, y*density, ax, ay)
	c.Pop()
}

func (c *canvas) vertical(s string, x, y, size float64) {
	c.setSize(size)
	c.SetColor(ink)
	c.Push()
	c.Identity()
	c.RotateAbout(-math.Pi/2, x*density, y*density)
	c.DrawStringAnchored(s, x*density, y*density, 0.5, 1)
	c.Pop()
}

func (c *canvas) width(s string, size float64) float64 {
	c.setSize(size)
	w, _ := c.MeasureString(s)
	return w / density
}

func (c *canvas) setSize(size float64) {
	// NewFace fails for no size that is used here.
	face, err := opentype.NewFace(c.font, &opentype.FaceOptions{Size: size * density, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	c.SetFontFace(face)
}

func (c *canvas) line(x1, y1, x2, y2 float64, col color.Color) {
	c.SetColor(col)
	c.DrawLine(x1, y1, x2, y2)
	c.Stroke()
}

func (c *canvas) png() ([]byte, error) {
	var out bytes.Buffer
	if err := c.EncodePNG(&out); err != nil {
		return nil, fmt.Errorf("encoding a plot: %w", err)
	}
	return out.Bytes(), nil
}

// number writes v as short as its size allows.
func number(v float64, percent bool) string {
	if percent {
		return trim(strconv.FormatFloat(v*100, 'f', 2, 64)) + " %"
	}
	switch a := math.Abs(v); {
	case a >= 1e6:
		return trim(strconv.FormatFloat(v/1e6, 'f', 2, 64)) + " M"
	case a >= 1e4:
		return trim(strconv.FormatFloat(v/1e3, 'f', 1, 64)) + " k"
	case a >= 10 || a == 0:
		return trim(strconv.FormatFloat(v, 'f', 1, 64))
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func trim(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
