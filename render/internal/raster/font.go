package raster

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/glyphkit/glyph/fonts"
)

// MaxPPEM is the largest size a [Font] can have, in px per em. A page that needs more shows a handful of glyphs.
const MaxPPEM = 512

// Weights of strokes that a [Font] accepts. Beyond them hardly any level but none and full is left.
const (
	MinStrokeWeight = 0.1
	MaxStrokeWeight = 10
)

// Options says how a face is drawn.
type Options struct {
	// XPPEM and YPPEM are the px per em along each axis, above 0 and at most MaxPPEM. They differ if text is scaled
	// horizontally.
	XPPEM, YPPEM float64
	// AntiAlias keeps the levels between no ink and full ink. Without it a pixel is ink if its coverage is 1/2 or more.
	AntiAlias bool
	// StrokeWeight makes strokes bolder (above 1) or lighter (below 1): coverage is raised to the power of
	// 1/StrokeWeight before it is quantised. From MinStrokeWeight to MaxStrokeWeight; 1 leaves it as rasterised.
	StrokeWeight float64
	// Bits is the depth of the canvas the masks are drawn on, 1 or 4. With 1 bit, index 1 is ink, Ramp is not used and
	// AntiAlias has no effect.
	Bits int
	// Ramp is the palette index of each coverage level, from none (0, which must be index 0, transparent) to full (15).
	Ramp [16]uint8
}

func (o *Options) validate() error {
	for _, ppem := range []float64{o.XPPEM, o.YPPEM} {
		if !(ppem > 0 && ppem <= MaxPPEM) { // refuses NaN too
			return fmt.Errorf("size %g px per em: must be above 0 and at most %d", ppem, MaxPPEM)
		}
	}
	if !(o.StrokeWeight >= MinStrokeWeight && o.StrokeWeight <= MaxStrokeWeight) {
		return fmt.Errorf("stroke weight %g: must be from %g to %g, where 1 is unchanged",
			o.StrokeWeight, MinStrokeWeight, float64(MaxStrokeWeight))
	}
	if o.Bits != 1 && o.Bits != 4 {
		return fmt.Errorf("%d bits a pixel: must be 1 or 4", o.Bits)
	}
	if o.Bits == 1 {
		return nil
	}
	if o.Ramp[0] != 0 {
		return fmt.Errorf("ramp starts with index %d: must be 0, transparent", o.Ramp[0])
	}
	for _, index := range o.Ramp {
		if index > 15 {
			return fmt.Errorf("ramp has index %d: must be at most 15", index)
		}
	}
	return nil
}

// lut returns the palette index of each coverage from 0 to 255.
func (o *Options) lut() (lut [256]uint8) {
	for c := range lut {
		v := float64(c) / 255
		if o.StrokeWeight != 1 {
			v = math.Pow(v, 1/o.StrokeWeight)
		}
		// math.Pow may differ in the last place between processors. The nudge is far larger than that and far smaller
		// than the steps of v, so that no coverage sits on the border of two levels.
		const nudge = 1e-9
		level := int(float64(v*15) + 0.5 + nudge)
		switch {
		case o.Bits == 4 && o.AntiAlias:
			lut[c] = o.Ramp[level]
		case v+nudge < 0.5:
			// transparent
		case o.Bits == 4:
			lut[c] = o.Ramp[15]
		default:
			lut[c] = 1
		}
	}
	return lut
}

// source draws the glyphs of a face at one scale. It must be safe for concurrent use.
type source interface {
	// draw renders glyph gid, shifted right by phase/4 px, into s.out. It leaves s.out with no pixels if the glyph is
	// blank, missing or of an impossible shape. The error is of tables that cannot be read.
	draw(gid uint32, phase int, s *scratch) error
	// numGlyphs bounds the glyph ids that can have ink.
	numGlyphs() int
}

const (
	subPhases = 4 // horizontal positions within a pixel, where the source has any

	// maxCacheBytes bounds the masks a Font keeps. At 9 px per em, 16 bits of glyphs at all phases take about half of it.
	maxCacheBytes = 96 << 20
)

// page holds consecutive masks, numbered glyph by glyph and within a glyph phase by phase.
type page [256]atomic.Pointer[Mask]

// Font is one face at one scale, with a cache of its masks that fills on demand. It is safe for concurrent use; a mask
// that is in the cache is read without a lock.
//
// The cache is bounded: once it holds about 96 MiB, masks that are not in it are drawn anew each time.
type Font struct {
	source source
	depth  int // bits a pixel
	phases int
	gray   bool
	lut    [256]uint8
	pages  []atomic.Pointer[page]
	bytes  atomic.Int64 // size of the masks in pages
}

// NewFont returns the face drawn as the options say. It draws nothing yet. The error names the option that is out of
// range, or why the face has no outlines.
func NewFont(face *fonts.Face, o Options) (*Font, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("drawing a face: %w", err)
	}
	upem := face.UnitsPerEm()
	if b := face.Bitmap(); b != nil {
		native := o.XPPEM == o.YPPEM && o.YPPEM == float64(upem)
		return newFont(newBitmapSource(b, upem, o.XPPEM, o.YPPEM), o, native), nil
	}
	outline, err := face.Outline()
	if err != nil {
		return nil, fmt.Errorf("drawing a face: %w", err)
	}
	return newFont(newOutlineSource(face.Name(), outline, o.XPPEM, o.YPPEM), o, false), nil
}

// newFont makes a Font of valid options. A source that is native has whole pixels only, at one phase.
func newFont(s source, o Options, native bool) *Font {
	f := &Font{source: s, depth: o.Bits, phases: subPhases, lut: o.lut()}
	if native {
		f.phases = 1
	}
	f.gray = o.AntiAlias && o.Bits > 1 && !native
	f.pages = make([]atomic.Pointer[page], (s.numGlyphs()*f.phases+len(page{})-1)/len(page{}))
	return f
}

// Phases returns how many horizontal positions within a pixel a glyph can be drawn at: 4 for outlines and scaled
// bitmaps, 1 for a bitmap face at its native size.
func (f *Font) Phases() int { return f.phases }

// Gray reports whether masks can hold levels between none and full. It is false for a bitmap face at its native size,
// without anti-aliasing, and on 1 bit.
func (f *Font) Gray() bool { return f.gray }

// Mask returns glyph gid with the pen phase/Phases() px right of the left edge of its pixel column; phase is at least 0
// and below [Font.Phases]. A glyph without ink, or that the face does not have, gives an empty mask, never nil.
// What reaches more than 1024 px from the pen, which only broken fonts do, is cut off. The error is a
// [*tables.BrokenError].
func (f *Font) Mask(gid uint32, phase int) (*Mask, error) {
	n := uint64(gid)*uint64(f.phases) + uint64(phase)
	i := n / uint64(len(page{}))
	if i >= uint64(len(f.pages)) {
		return blank, nil
	}
	if p := f.pages[i].Load(); p != nil {
		if m := p[n%uint64(len(page{}))].Load(); m != nil {
			return m, nil
		}
	}
	return f.fill(gid, phase, n)
}

// fill draws mask number n, which is not in the cache, and keeps it there if there is room.
func (f *Font) fill(gid uint32, phase int, n uint64) (*Mask, error) {
	s := scratchPool.Get().(*scratch)
	s.out.reset(0, 0, 0, 0)
	if err := f.source.draw(gid, phase, s); err != nil {
		return nil, err
	}
	m := newMask(&s.out, &f.lut, f.depth)
	scratchPool.Put(s)

	if f.bytes.Load() > maxCacheBytes {
		return m, nil
	}
	slot := &f.pages[n/uint64(len(page{}))]
	p := slot.Load()
	if p == nil {
		if p = new(page); slot.CompareAndSwap(nil, p) {
			f.bytes.Add(int64(len(p) * 8))
		} else {
			p = slot.Load()
		}
	}
	// Two goroutines may have drawn the same mask; which of the two equals stays does not matter.
	entry := &p[n%uint64(len(page{}))]
	if !entry.CompareAndSwap(nil, m) {
		return entry.Load(), nil
	}
	f.bytes.Add(m.size())
	return m, nil
}

// scratch is the memory that drawing one glyph needs.
type scratch struct {
	out coverage
	outlineScratch
	bitmapScratch
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}
