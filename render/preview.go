package render

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"github.com/fogleman/gg"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// Measures of the contact sheet. Pages of glyph-en side by side stay just
// readable on a screen; twelve show how a document goes on.
const (
	sheetPages   = 12
	thumbWidth   = 560 // px, at most
	thumbHeight  = 594 // px, at most
	sheetGap     = 24  // px, around every page
	captionSpace = 22  // px, below every page
	captionSize  = 13  // px

	// thumbSource is the area in px² from which a page is scaled smoothly; of
	// a larger one only some pixels are taken, to bound memory.
	thumbSource = 4 << 20
)

// contactSheet shows the first pages of a bundle side by side. It holds them
// scaled down, under 2 MB each.
type contactSheet struct{ thumbs []thumb }

type thumb struct {
	picture *image.RGBA
	caption string
}

func (c *contactSheet) add(number int, p *Page) error {
	if len(c.thumbs) == sheetPages {
		return nil
	}
	src, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		return err
	}
	caption := fmt.Sprintf("page %d   %d×%d px   %d characters", number, p.Width, p.Height, p.Runes)
	c.thumbs = append(c.thumbs, thumb{scaleDown(src), caption})
	return nil
}

func scaleDown(src image.Image) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	step := 1
	for (w/step)*(h/step) > thumbSource {
		step++
	}
	page := image.NewRGBA(image.Rect(0, 0, max(1, w/step), max(1, h/step)))
	if step == 1 {
		draw.Draw(page, page.Bounds(), src, src.Bounds().Min, draw.Src)
	} else {
		xdraw.NearestNeighbor.Scale(page, page.Bounds(), src, src.Bounds(), draw.Src, nil)
	}
	scale := min(1, thumbWidth/float64(w), thumbHeight/float64(h))
	small := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))))
	if small.Bounds() == page.Bounds() {
		return page
	}
	xdraw.CatmullRom.Scale(small, small.Bounds(), page, page.Bounds(), draw.Src, nil)
	return small
}

// png draws the sheet for a bundle of so many pages.
func (c *contactSheet) png(pages int) ([]byte, error) {
	face, err := captionFace()
	if err != nil {
		return nil, err
	}
	var cellW, cellH int
	for _, t := range c.thumbs {
		cellW = max(cellW, t.picture.Bounds().Dx(), font.MeasureString(face, t.caption).Ceil())
		cellH = max(cellH, t.picture.Bounds().Dy())
	}
	cellW += sheetGap
	cellH += sheetGap + captionSpace
	// About as high as wide.
	n := len(c.thumbs)
	columns := min(n, max(1, int(math.Round(math.Sqrt(float64(n*cellH)/float64(cellW))))))
	rows := (n + columns - 1) / columns
	footer := 0
	if pages > n {
		footer = captionSpace
	}

	dc := gg.NewContext(columns*cellW+sheetGap, rows*cellH+sheetGap+footer)
	dc.SetColor(color.Gray{0xE4})
	dc.Clear()
	dc.SetFontFace(face)
	for i, t := range c.thumbs {
		x, y := sheetGap+i%columns*cellW, sheetGap+i/columns*cellH
		w, h := t.picture.Bounds().Dx(), t.picture.Bounds().Dy()
		dc.SetColor(color.Gray{0xA8})
		dc.DrawRectangle(float64(x-1), float64(y-1), float64(w+2), float64(h+2))
		dc.Fill()
		dc.DrawImage(t.picture, x, y)
		dc.SetColor(color.Gray{0x30})
		dc.DrawString(t.caption, float64(x), float64(y+h+captionSize+3))
	}
	if footer > 0 {
		dc.DrawString(fmt.Sprintf("and %d more", pages-n), sheetGap, float64(rows*cellH+sheetGap+captionSize-3))
	}
	var out bytes.Buffer
	err = dc.EncodePNG(&out)
	return out.Bytes(), err
}

func captionFace() (font.Face, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: captionSize, DPI: 72, Hinting: font.HintingFull})
}
