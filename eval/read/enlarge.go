package read

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/draw"
)

const (
	// maxEnlargedSide is the longest side in px of an image that Tesseract takes.
	maxEnlargedSide = 32767

	// maxEnlargeBytes bounds memory. At a scale of 3 it is enough for A4 at 300
	// dpi, 9 Mpx.
	maxEnlargeBytes = 1 << 30
)

// enlarge scales a PNG up and returns it as a grey PGM, which no time is lost
// on packing. It is bicubic: with nearest-neighbour in its place TestReadability
// has 0.71 % errors for 0.12 % of glyph-en and 5.7 % for 3.3 % of dense-bitmap.
func enlarge(page []byte, scale int) ([]byte, error) {
	// The size is checked before anything as large as the page is allocated.
	config, err := png.DecodeConfig(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	w, h := config.Width, config.Height
	side := maxEnlargedSide / scale
	area := maxEnlargeBytes / (scale * (32 + scale)) // draw takes 32 bytes a px enlarged in one direction
	if w > side || h > side || w*h > area {
		return nil, fmt.Errorf("%dx%d px at scale %d: want sides of at most %d px and an area of at most %d px",
			w, h, scale, side, area)
	}
	src, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	w, h = w*scale, h*scale
	header := fmt.Sprintf("P5\n%d %d\n255\n", w, h)
	pgm := make([]byte, len(header)+w*h)
	copy(pgm, header)
	dst := &image.Gray{Pix: pgm[len(header):], Stride: w, Rect: image.Rect(0, 0, w, h)}
	draw.CatmullRom.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
	return pgm, nil
}
