package ppocr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

const (
	maxSide   = 1 << 16    // px
	maxPixels = 36_000_000 // A4 at 600 dpi

	// inkContrast is how far from the ground, of 255, a pixel is ink. Zebra
	// stripes and the noise of a picture stay below.
	inkContrast = 40
)

// decodeGray decodes a PNG; what is transparent is white.
func decodeGray(data []byte) (*image.Gray, error) {
	// The size is checked before anything as large as the page is allocated.
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	w, h := config.Width, config.Height
	if w > maxSide || h > maxSide || w*h > maxPixels {
		return nil, fmt.Errorf("an image of %dx%d px: want sides of at most %d px and an area of at most %d px",
			w, h, maxSide, maxPixels)
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	dst := image.NewGray(image.Rect(0, 0, w, h))
	switch src := src.(type) {
	case *image.Gray:
		return src, nil
	case *image.Paletted: // as pages are
		var gray [256]uint8
		for i, c := range src.Palette {
			gray[i] = onWhite(c)
		}
		for y := range h {
			row := dst.Pix[y*dst.Stride:][:w]
			for x, i := range src.Pix[y*src.Stride:][:w] {
				row[x] = gray[i]
			}
		}
	default:
		draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(dst, dst.Rect, src, src.Bounds().Min, draw.Over)
	}
	return dst, nil
}

func onWhite(c color.Color) uint8 {
	r, g, b, a := c.RGBA()
	white := 0xFFFF - a
	return color.GrayModel.Convert(color.RGBA64{
		R: uint16(r + white), G: uint16(g + white), B: uint16(b + white), A: 0xFFFF,
	}).(color.Gray).Y
}

// box is a rectangle of an image in px.
type box = image.Rectangle

// ground is the commonest grey in a rectangle.
func ground(img *image.Gray, r box) uint8 {
	var count [256]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range img.Pix[img.PixOffset(r.Min.X, y):][:r.Dx()] {
			count[v]++
		}
	}
	best := 0
	for v, n := range count {
		if n > count[best] {
			best = v
		}
	}
	return uint8(best)
}

// lineGround is the commonest grey in the rows of a line, margins included: of
// the box of a dash alone most is ink.
func lineGround(img *image.Gray, line box) uint8 {
	line.Min.X, line.Max.X = img.Rect.Min.X, img.Rect.Max.X
	return ground(img, line)
}

func isInk(v, ground uint8) bool {
	return max(v, ground)-min(v, ground) > inkContrast
}

// inkBounds is the least rectangle in r that has all its ink, empty if there
// is none.
func inkBounds(img *image.Gray, r box, ground uint8) box {
	ink := box{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):][:r.Dx()]
		first, last := -1, -1
		for x, v := range row {
			if isInk(v, ground) {
				if first < 0 {
					first = x
				}
				last = x
			}
		}
		if first >= 0 {
			ink = ink.Union(image.Rect(r.Min.X+first, y, r.Min.X+last+1, y+1))
		}
	}
	return ink
}
