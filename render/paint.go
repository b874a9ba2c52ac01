package render

import (
	"fmt"
	"image/color"
	"sync"
	"sync/atomic"

	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/layout"
	"github.com/glyphkit/glyph/render/internal/png"
	"github.com/glyphkit/glyph/render/internal/raster"
)

// inks holds what glyphs are drawn with: for flat pages (two levels) and for
// smooth ones (grey levels), for text and for markers, every face at the
// config's size. Fonts are made when first used and shared by all painters.
type inks struct {
	style    *layout.Style
	faces    []*fonts.Face
	scales   []float64
	palettes [2]raster.Palette // flat, smooth
	smooth   []bool            // sized faces whose masks have grey levels
	mu       sync.Mutex
	fonts    [2][2][]atomic.Pointer[raster.Font] // palette, ink, sized face
}

func newInks(style *layout.Style, faces []*fonts.Face, scales []float64) (*inks, error) {
	cfg, geom, markup := &style.Config, &style.Geometry, &style.Markup
	sized := len(faces) * len(scales)
	k := &inks{style: style, faces: faces, scales: scales, smooth: make([]bool, sized)}
	colors := raster.Colors{Page: rgba(cfg.PageBGColor), Paragraph: rgba(cfg.ParaBGColor), Text: rgba(cfg.FontColor)}
	if cfg.BorderWidth > 0 {
		c := rgba(cfg.ParaBorderColor)
		colors.Border = &c
	}
	if markup.HasColor {
		c := rgba(markup.Color)
		colors.Marker = &c
	}
	for i := range k.palettes {
		colors.AntiAlias = i == 1
		k.palettes[i] = raster.BuildPalette(colors)
		for ink := range k.fonts[i] {
			k.fonts[i][ink] = make([]atomic.Pointer[raster.Font], sized)
		}
	}
	for i := range sized {
		f, scale := k.face(i)
		b := f.Bitmap()
		native := b != nil && geom.XPPEM == geom.YPPEM && geom.YPPEM*scale == float64(f.UnitsPerEm())
		k.smooth[i] = cfg.AntiAlias && !native
	}
	// The first face is used for certain: a broken one should fail here.
	_, err := k.font(0, layout.TextInk, 0)
	return k, err
}

func rgba(c configs.Color) color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }

// face returns the face and scale that a sized face, as glyphs name it, stands
// for: all faces at the first scale, then all at the next.
func (k *inks) face(sized int) (*fonts.Face, float64) {
	return k.faces[sized%len(k.faces)], k.scales[sized/len(k.faces)]
}

func (k *inks) font(palette int, ink layout.Ink, face int) (*raster.Font, error) {
	slot := &k.fonts[palette][ink][face]
	if f := slot.Load(); f != nil {
		return f, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if f := slot.Load(); f != nil {
		return f, nil
	}
	p := k.palettes[palette]
	f, scale := k.face(face)
	o := raster.Options{
		XPPEM: k.style.Geometry.XPPEM * scale, YPPEM: k.style.Geometry.YPPEM * scale,
		AntiAlias: k.style.Config.AntiAlias && palette == 1, StrokeWeight: k.style.Config.StrokeWeight,
		Bits: p.Bits, Ramp: p.Text,
	}
	if ink == layout.MarkerInk {
		o.Ramp = p.Marker
	}
	font, err := raster.NewFont(f, o)
	if err != nil {
		return nil, fmt.Errorf("drawing with font %q: %w", f.Name(), err)
	}
	slot.Store(font)
	return font, nil
}

// painter paints and encodes sheets, one at a time.
type painter struct {
	r      *Renderer
	canvas raster.Canvas
	enc    png.Encoder
	fonts  [2][2][]drawFont // as inks.fonts, found once
}

type drawFont struct {
	*raster.Font
	native bool // drawn at whole pixels only
}

func (p *painter) font(palette int, ink layout.Ink, face uint8) (drawFont, error) {
	set := p.fonts[palette][ink]
	if set == nil {
		set = make([]drawFont, len(p.r.faces)*len(p.r.scales))
		p.fonts[palette][ink] = set
	}
	if set[face].Font == nil {
		f, err := p.r.inks.font(palette, ink, int(face))
		if err != nil {
			return drawFont{}, err
		}
		set[face] = drawFont{f, f.Phases() == 1}
	}
	return set[face], nil
}

// measure makes a page without a picture.
func (p *painter) measure(s *layout.Sheet) (*Page, error) {
	width, height, err := p.size(s, p.palette(s))
	if err != nil {
		return nil, err
	}
	return p.page(s, width, height), nil
}

// paint draws a sheet and encodes it.
func (p *painter) paint(s *layout.Sheet) (*Page, error) {
	palette := p.palette(s)
	width, height, err := p.size(s, palette)
	if err != nil {
		return nil, err
	}
	pal := &p.r.inks.palettes[palette]
	c := &p.canvas
	c.Reset(width, height, pal.Bits)
	for _, r := range s.Rects {
		if r.Border > 0 {
			c.Fill(r.X0, r.Y0, r.X1, r.Y1, pal.Border)
		}
		c.Fill(r.X0+r.Border, r.Y0+r.Border, r.X1-r.Border, r.Y1-r.Border, pal.Paragraph)
	}
	for _, lines := range [][]layout.Line{s.Header, s.Lines} {
		for i := range lines {
			if err := p.line(&lines[i], palette); err != nil {
				return nil, err
			}
		}
	}
	page := p.page(s, width, height)
	img := png.Image{
		Width: width, Height: height, Bits: c.Bits, Stride: c.Stride, Pix: c.Pix,
		Palette: pal.Colors, Used: c.Used,
	}
	// Text pages come to about three bits a pixel at 4 bits, seven tenths at 1.
	page.PNG, err = p.enc.Append(make([]byte, 0, width*height*c.Bits/16+1024), &img)
	return page, err
}

// page says what a sheet shows.
func (p *painter) page(s *layout.Sheet, width, height int) *Page {
	page := &Page{
		Number: s.Number, Width: width, Height: height,
		FirstLine: s.FirstLine, LastLine: s.LastLine, Runes: s.Runes,
		Lines: make([]Line, len(s.Lines)), Notes: s.Notes, Anchors: s.Anchors,
	}
	for _, l := range s.Header {
		page.Header = append(page.Header, l.Text)
	}
	for i, l := range s.Lines {
		page.Lines[i] = Line{
			Start: l.Start, End: l.End, Column: l.Column,
			X: l.X.Floor(), Y: l.Top, Width: l.Width.Ceil(), Height: l.Height,
		}
	}
	used := make([]bool, len(p.r.faces))
	for _, lines := range [][]layout.Line{s.Header, s.Lines} {
		for i := range lines {
			for _, it := range lines[i].Items {
				for _, g := range it.Word.Glyphs {
					used[int(g.Face)%len(used)] = true
				}
			}
		}
	}
	for i, face := range p.r.faces {
		if used[i] {
			page.Faces = append(page.Faces, face)
		}
	}
	return page
}

// palette chooses between the flat and the smooth one.
func (p *painter) palette(s *layout.Sheet) int {
	if p.isSmooth(s) {
		return 1
	}
	return 0
}

// isSmooth reports whether some glyph of the sheet has grey levels.
func (p *painter) isSmooth(s *layout.Sheet) bool {
	smooth := p.r.inks.smooth
	if !p.r.style.Config.AntiAlias || smooth[0] {
		return p.r.style.Config.AntiAlias
	}
	for _, lines := range [][]layout.Line{s.Header, s.Lines} {
		for i := range lines {
			for _, it := range lines[i].Items {
				for _, g := range it.Word.Glyphs {
					if smooth[g.Face] {
						return true
					}
				}
			}
		}
	}
	return false
}

// line draws the glyphs of a line. What would reach further than the lines
// next to it, which only piles of combining marks do, is cut off there.
func (p *painter) line(l *layout.Line, palette int) error {
	top, bottom := l.Top-l.Height, l.Top+2*l.Height
	for i := range l.Items {
		it := &l.Items[i]
		face := uint8(255)
		var f drawFont
		for _, g := range it.Word.Glyphs {
			if g.Face != face {
				var err error
				if f, err = p.font(palette, it.Ink, g.Face); err != nil {
					return err
				}
				face = g.Face
			}
			x, phase := position(it.X+g.X, f.native)
			y := l.Baseline + (g.Y + 32).Floor()
			m, err := f.Mask(g.GID, phase)
			if err != nil {
				return err
			}
			if y-m.Top < top || y-m.Top+m.Height > bottom {
				p.canvas.DrawClipped(m, x, y, top, bottom)
			} else {
				p.canvas.Draw(m, x, y)
			}
		}
	}
	return nil
}

// position rounds a pen position to a pixel column and a quarter within it.
func position(x fixed.Int26_6, native bool) (px, phase int) {
	if native {
		return int(x+32) >> 6, 0
	}
	q := int(x+8) >> 4
	return q >> 2, q & 3
}

// size returns the size of the sheet's image in px, cropped as the config
// says. It is the published renderer's: the left and upper edge stay, margins
// count in px whatever the dpi, and height is one less than width's rule gives.
func (p *painter) size(s *layout.Sheet, palette int) (width, height int, err error) {
	cfg, g := &p.r.style.Config, &p.r.style.Geometry
	width, height = g.Width, g.Height
	cropHeight := cfg.AutoCropLastPage && s.Last
	if !cfg.AutoCropWidth && !cropHeight {
		return width, height, nil
	}
	right, bottom, err := p.ink(s, palette)
	if err != nil || right == 0 {
		return width, height, err
	}
	if cfg.AutoCropWidth {
		width = min(width, layout.SnapUp(right+int(cfg.MarginX), cfg.PatchSize))
	}
	if cropHeight {
		height = min(height, layout.SnapUp(bottom-1+int(cfg.MarginY), cfg.PatchSize))
	}
	return max(width, 1), max(height, 1), nil
}

// ink returns the edges of what is drawn: the column right of the rightmost
// pixel and the row below the lowest. Only the last word with ink of a line can
// be rightmost, and only the lowest lines can hold the lowest row.
func (p *painter) ink(s *layout.Sheet, palette int) (right, bottom int, err error) {
	for _, r := range s.Rects {
		right, bottom = max(right, r.X1), max(bottom, r.Y1)
	}
	lowest := 0
	for _, lines := range [][]layout.Line{s.Header, s.Lines} {
		for i := range lines {
			if len(lines[i].Items) > 0 {
				lowest = max(lowest, lines[i].Baseline)
			}
		}
	}
	for _, lines := range [][]layout.Line{s.Header, s.Lines} {
		for i := range lines {
			l := &lines[i]
			inked := false
			for j := len(l.Items) - 1; j >= 0 && (!inked || l.Baseline == lowest); j-- {
				it := &l.Items[j]
				for _, g := range it.Word.Glyphs {
					f, err := p.font(palette, it.Ink, g.Face)
					if err != nil {
						return 0, 0, err
					}
					x, phase := position(it.X+g.X, f.native)
					m, err := f.Mask(g.GID, phase)
					if err != nil {
						return 0, 0, err
					}
					if m.Width > 0 {
						inked = true
						right = max(right, x+m.Left+m.Width)
						bottom = max(bottom, min(l.Baseline+(g.Y+32).Floor()-m.Top+m.Height, l.Top+2*l.Height))
					}
				}
			}
		}
	}
	return right, bottom, nil
}
