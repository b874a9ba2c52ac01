package ppocr

import (
	"fmt"
	"image"

	"golang.org/x/image/draw"

	"github.com/glyphkit/glyph/render"
)

const (
	// inputHeight is the height in px that the model takes lines at.
	inputHeight = 48

	// minInputWidth is the narrowest input in px that is given to the model; a
	// narrower one gets ground beside it.
	minInputWidth = 48

	// maxInputWidth is the widest line in px at the model's height that is read
	// in one piece: twice the 1200 px beyond which pieces read no worse, and
	// what a line of the published config takes.
	maxInputWidth = 2400

	// linePad is the number of px that a line gets above and below: with 0
	// prose at 9 px has twice the errors of 1, with 3 fifty times as many.
	linePad = 1

	// wordGap is the white between words at the least, as a part of the height
	// of a line.
	wordGap = 0.25
)

// layoutBoxes are the boxes of lines as the layout has them, without the rows
// in which no line has ink: wide leading would make the type small. Type of 9 px
// on 18 px of leading has 0.6 % errors for 3.4 % of whole boxes.
func layoutBoxes(img *image.Gray, lines []render.Line) ([]box, error) {
	boxes := make([]box, 0, len(lines))
	for i, l := range lines {
		if l.Width == 0 || l.Height == 0 {
			continue // an empty line
		}
		b := image.Rect(l.X, l.Y, l.X+l.Width, l.Y+l.Height)
		// A glyph may reach over its advance, a last line over a cropped page.
		in := b.Intersect(img.Rect)
		if l.Width < 0 || l.Height < 0 || in.Empty() {
			return nil, fmt.Errorf("line %d of the page, %d,%d of %dx%d px: want a box inside the image of %dx%d px",
				i+1, l.X, l.Y, l.Width, l.Height, img.Rect.Dx(), img.Rect.Dy())
		}
		boxes = append(boxes, in)
	}
	return tighten(img, boxes), nil
}

// tighten leaves out the rows at the top and at the bottom of boxes in which
// none of them has ink.
func tighten(img *image.Gray, boxes []box) []box {

	top, bottom := maxSide, maxSide
	for _, b := range boxes {
		if ink := inkBounds(img, b, lineGround(img, b)); !ink.Empty() {
			top = min(top, ink.Min.Y-b.Min.Y)
			bottom = min(bottom, b.Max.Y-ink.Max.Y)
		}
	}
	for i := range boxes {
		b := &boxes[i]
		if b.Dy() > top+bottom {
			b.Min.Y += top
			b.Max.Y -= bottom
		}
	}
	return boxes
}

// piece is a line, or a part of one that is too wide for the model.
type piece struct {
	img    *image.Gray
	box    box
	ground uint8

	continues bool // the line of the piece before
	wordGap   bool // between that piece and this one
}

// split makes pieces of lines: of their ink from the first to the last, so that
// an indent or a line without ink is none.
func split(img *image.Gray, boxes []box) []piece {
	var pieces []piece
	for _, b := range boxes {
		g := lineGround(img, b)
		ink := inkBounds(img, b, g)
		if ink.Empty() {
			continue
		}
		b.Min.X, b.Max.X = ink.Min.X, ink.Max.X
		height := b.Dy() + 2*linePad
		rest, p := b, piece{img: img, ground: g}
		for rest.Dx() > maxInputWidth*height/inputHeight && rest.Dx() > 1 {
			from, to := widestGap(img, rest, g, max(1, maxInputWidth*height/inputHeight))
			p.box = rest
			p.box.Max.X = from
			pieces = append(pieces, p)
			rest.Min.X = to
			p.continues, p.wordGap = true, float64(to-from) >= wordGap*float64(height)
		}
		p.box = rest
		pieces = append(pieces, p)
	}
	return pieces
}

// widestGap is the widest run of columns without ink in the second half of the
// limit in px, the last of several; from and to are equal if there is none.
func widestGap(img *image.Gray, line box, ground uint8, limit int) (from, to int) {
	end := line.Min.X + limit
	from, to = end, end
	start := -1
	for x := line.Min.X + (limit+1)/2; x <= end; x++ {
		column := image.Rect(x, line.Min.Y, x+1, line.Max.Y)
		if x < end && inkBounds(img, column, ground).Empty() {
			if start < 0 {
				start = x
			}
			continue
		}
		if start >= 0 && x-start >= to-from {
			from, to = start, x
		}
		start = -1
	}
	return from, to
}

// tensor is the input of the model: three equal planes of inputHeight rows,
// dark on light, from -1 to 1.
type tensor struct {
	data  []float32
	width int
}

// newTensor is an input without ink.
func newTensor(width int) tensor {
	t := tensor{make([]float32, 3*inputHeight*width), width}
	for i := range t.data {
		t.data[i] = 1
	}
	return t
}

// tensor is the piece at the model's height, enlarged bicubically.
func (p piece) tensor() tensor {
	src := p.box
	src.Min.Y -= linePad
	src.Max.Y += linePad
	src.Min.X--
	src.Max.X++
	src = src.Intersect(p.img.Rect)
	width := max(1, (src.Dx()*inputHeight+src.Dy()/2)/src.Dy())
	scaled := image.NewRGBA(image.Rect(0, 0, width, inputHeight)) // which draw is fast for
	draw.CatmullRom.Scale(scaled, scaled.Rect, p.img, src, draw.Src, nil)

	t := newTensor(max(width, minInputWidth))
	plane := t.data[:inputHeight*t.width]
	for y := range inputHeight {
		for x := range width {
			v := scaled.Pix[y*scaled.Stride+4*x]
			if p.ground < 128 {
				v = 255 - v
			}
			plane[y*t.width+x] = float32(v)/127.5 - 1
		}
	}
	copy(t.data[len(plane):], plane)
	copy(t.data[2*len(plane):], plane)
	return t
}
