package raster

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-text/typesetting/font"

	"github.com/glyphkit/glyph/fonts"
)

var update = flag.Bool("update", false, "write the golden pictures in testdata anew")

func open(tb testing.TB, spec string) *fonts.Face {
	tb.Helper()
	face, err := fonts.Open(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return face
}

// smooth is anti-aliased text in 16 levels.
func smooth(px float64) Options {
	return Options{XPPEM: px, YPPEM: px, AntiAlias: true, StrokeWeight: 1, Bits: 4, Ramp: grayRamp()}
}

func TestNewFontRefuses(t *testing.T) {
	face := open(t, "dejavu-sans")
	for _, test := range []struct {
		want string // in the error
		edit func(o *Options)
	}{
		{"size 0 px", func(o *Options) { o.XPPEM = 0 }},
		{"size -9 px", func(o *Options) { o.YPPEM = -9 }},
		{"at most 512", func(o *Options) { o.YPPEM = 512.5 }},
		{"size NaN", func(o *Options) { o.XPPEM = math.NaN() }},
		{"stroke weight 0", func(o *Options) { o.StrokeWeight = 0 }},
		{"stroke weight +Inf", func(o *Options) { o.StrokeWeight = math.Inf(1) }},
		{"2 bits", func(o *Options) { o.Bits = 2 }},
		{"must be 0, transparent", func(o *Options) { o.Ramp[0] = 3 }},
		{"at most 15", func(o *Options) { o.Ramp[9] = 16 }},
	} {
		o := smooth(9)
		test.edit(&o)
		if _, err := NewFont(face, o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error is %v, want one with %q", err, test.want)
		}
	}
}

func TestGrayAndPhases(t *testing.T) {
	for _, test := range []struct {
		spec   string
		x, y   float64
		aa     bool
		bits   int
		gray   bool
		phases int
	}{
		{"dejavu-sans", 9, 9, true, 4, true, 4},
		{"dejavu-sans", 9, 9, false, 4, false, 4},
		{"dejavu-sans", 9, 9, true, 1, false, 4},
		{"spleen-5x8", 8, 8, true, 4, false, 1},
		{"spleen-5x8", 7.6, 8, true, 4, true, 4},
		{"spleen-5x8", 16, 16, true, 4, true, 4},
		{"unifont", 16, 16, false, 1, false, 1},
	} {
		o := smooth(1)
		o.XPPEM, o.YPPEM, o.AntiAlias, o.Bits = test.x, test.y, test.aa, test.bits
		f, err := NewFont(open(t, test.spec), o)
		if err != nil {
			t.Fatal(err)
		}
		if f.Gray() != test.gray || f.Phases() != test.phases {
			t.Errorf("%s at %gx%g: gray %v in %d phases, want %v in %d", test.spec, test.x, test.y,
				f.Gray(), f.Phases(), test.gray, test.phases)
		}
	}
}

func TestBlankAndMissingGlyphs(t *testing.T) {
	for _, spec := range []string{"dejavu-sans", "spleen-5x8"} {
		face := open(t, spec)
		f, err := NewFont(face, smooth(8))
		if err != nil {
			t.Fatal(err)
		}
		space, _ := face.Glyph(' ')
		for _, gid := range []uint32{space, 65535, 1 << 30, math.MaxUint32} {
			if m := mask(f, gid, f.Phases()-1); m == nil || m.Height != 0 || m.Used != 0 {
				t.Errorf("%s: glyph %d is %+v, want an empty mask", spec, gid, m)
			}
		}
	}
}

func TestStrokeWeight(t *testing.T) {
	var before [256]uint8
	for i, weight := range []float64{0.25, 0.8, 1, 1.25, 4} {
		o := smooth(9)
		o.StrokeWeight = weight
		lut := o.lut()
		if lut[0] != 0 || lut[255] != 15 {
			t.Errorf("weight %g: no and full coverage are %d and %d, want 0 and 15", weight, lut[0], lut[255])
		}
		for c := range lut {
			if want := uint8((c*15 + 127) / 255); weight == 1 && lut[c] != want {
				t.Errorf("coverage %d is level %d, want %d", c, lut[c], want)
			}
			if c > 0 && lut[c] < lut[c-1] || i > 0 && lut[c] < before[c] {
				t.Errorf("weight %g: coverage %d is level %d, less than with less coverage or weight", weight, c, lut[c])
			}
		}
		before = lut
	}
}

// Whoever draws a mask first, and in whatever order, it is the same, and a Font hands out one of it.
func TestMaskConcurrently(t *testing.T) {
	face := open(t, "dejavu-sans")
	fresh := func() *Font {
		f, err := NewFont(face, smooth(9))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	serial, shared := fresh(), fresh()
	const workers, glyphs = 8, 200
	var got [workers][glyphs * 4]*Mask
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range got[w] {
				n := (i + w*97) % len(got[w])
				got[w][n] = mask(shared, uint32(n/4), n%4)
			}
		})
	}
	wg.Wait()
	for n := range got[0] {
		want := mask(serial, uint32(n/4), n%4)
		for w := range workers {
			if got[w][n] != got[0][n] {
				t.Fatalf("glyph %d phase %d: two masks in one cache", n/4, n%4)
			}
		}
		if g := got[0][n]; g.Left != want.Left || g.Top != want.Top || g.Width != want.Width || g.Used != want.Used ||
			!slices.Equal(g.Rows, want.Rows) {
			t.Fatalf("glyph %d phase %d differs from one drawn alone", n/4, n%4)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	face := open(t, "dejavu-sans")
	f, err := NewFont(face, smooth(MaxPPEM))
	if err != nil {
		t.Fatal(err)
	}
	f.bytes.Store(maxCacheBytes - 150_000) // nearly full; a letter at this size takes about 50 kB
	gid, _ := face.Glyph('M')
	kept := 0
	for i := range uint32(20) {
		first := mask(f, gid+i, 0)
		if mask(f, gid+i, 0) == first {
			kept++
		}
	}
	if kept == 0 || kept == 20 {
		t.Errorf("%d of 20 masks were kept, want some", kept)
	}
	if over := f.bytes.Load() - maxCacheBytes; over > 200_000 {
		t.Errorf("the cache is %d bytes over its bound, want at most a mask", over)
	}
}

// A mask has no empty row or column at its edges and nothing right of its width, and says which indices it has.
func TestMaskIsTight(t *testing.T) {
	for _, px := range []float64{7.25, 9, 33} {
		f, err := NewFont(open(t, "dejavu-sans"), smooth(px))
		if err != nil {
			t.Fatal(err)
		}
		for n := range 4 * 150 {
			m := mask(f, uint32(n/4), n%4)
			if m.Height == 0 {
				continue
			}
			var c Canvas
			c.Reset(m.Width+6, m.Height+6, 4)
			c.Draw(m, 3-m.Left, 3+m.Top)
			if x0, y0, x1, y1, _ := c.InkBounds(1); x0 != 3 || y0 != 3 || x1 != 3+m.Width || y1 != 3+m.Height {
				t.Fatalf("glyph %d: ink from %d,%d to %d,%d in a box of %dx%d", n/4, x0-3, y0-3, x1-3, y1-3, m.Width, m.Height)
			}
			var used uint16
			for y := range c.Height {
				for x := range c.Width {
					used |= 1 << c.At(x, y)
				}
			}
			if m.Used != used&^1 {
				t.Fatalf("glyph %d: Used is %016b, want %016b", n/4, m.Used, used&^1)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	const pangram = "Sphinx of black quartz, judge my vow: 0123456789 @&%#{}"
	bold, bits1, narrow := smooth(9), smooth(12), smooth(9)
	bold.StrokeWeight = 1.25
	bits1.Bits = 1
	narrow.XPPEM *= 0.8
	for _, test := range []struct {
		name, face, text string
		o                Options
	}{
		{"dejavu-sans-9", "dejavu-sans", pangram, smooth(9)},
		{"dejavu-sans-9-bold", "dejavu-sans", pangram, bold},
		{"dejavu-sans-9-narrow", "dejavu-sans", pangram, narrow},
		{"dejavu-sans-12-1bit", "dejavu-sans", pangram, bits1},
		{"dejavu-sans-24", "dejavu-sans", "Åg ¶ ½ ffi", smooth(24)},
		{"spleen-5x8-8", "spleen-5x8", pangram, smooth(8)},
		{"spleen-5x8-16", "spleen-5x8", "quartz @&%", smooth(16)},
		{"unifont-16", "unifont", "Ωλ 漢字 かな 中文", smooth(16)},
		{"unifont-9", "unifont", "Ωλ 漢字 かな 中文 quartz", smooth(9)},
		{"noto-sans-sc-9", "noto-sans-sc", "漢字 中文 測試 的一是不", smooth(9)},
	} {
		t.Run(test.name, func(t *testing.T) {
			face := open(t, test.face)
			f, err := NewFont(face, test.o)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, test.name, set(t, face, f, test.o, test.text))
		})
	}
}

// set draws a line of text, at the widths the face gives.
func set(t *testing.T, face *fonts.Face, f *Font, o Options, text string) *Canvas {
	t.Helper()
	scale := o.XPPEM / float64(face.UnitsPerEm())
	advance := func(gid uint32) float64 { return float64(face.Bitmap().Glyph(gid).Advance) * scale }
	if face.Bitmap() == nil {
		outline, err := face.Outline()
		if err != nil {
			t.Fatal(err)
		}
		metrics := font.NewFace(outline)
		advance = func(gid uint32) float64 { return float64(metrics.HorizontalAdvance(font.GID(gid))) * scale }
	}
	x, y := 2.0, int(1.2*o.YPPEM)
	draw := func(c *Canvas) {
		x = 2
		for _, r := range text {
			gid, _ := face.Glyph(r)
			c.Draw(mask(f, gid, int(x*float64(f.Phases()))%f.Phases()), int(x), y)
			x += advance(gid)
		}
	}
	c := new(Canvas)
	c.Reset(0, 0, o.Bits)
	draw(c) // for the width only
	c.Reset(int(x)+2, y+int(0.4*o.YPPEM)+1, o.Bits)
	draw(c)
	return c
}

// compare fails unless the canvas is the picture testdata/name.png. It writes the two and their difference, in which
// what is missing is blue and what is too much is red, where the failure says.
func compare(t *testing.T, name string, c *Canvas) {
	t.Helper()
	full := 1<<c.Bits - 1
	var shades color.Palette
	for i := range full + 1 {
		shades = append(shades, color.Gray{uint8(255 - 255*i/full)})
	}
	got := image.NewPaletted(image.Rect(0, 0, c.Width, c.Height), shades)
	for i := range got.Pix {
		got.Pix[i] = c.At(i%c.Width, i/c.Width)
	}
	golden := filepath.Join("testdata", name+".png")
	if *update {
		write(t, golden, got)
		return
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want, ok := img.(*image.Paletted)
	if ok && got.Rect == want.Rect && bytes.Equal(got.Pix, want.Pix) {
		return
	}
	dir, err := os.MkdirTemp("", "golden-"+name+"-")
	if err != nil {
		t.Fatal(err)
	}
	diff := image.NewRGBA(got.Rect.Union(img.Bounds()))
	differ := 0
	for y := range diff.Rect.Dy() {
		for x := range diff.Rect.Dx() {
			g := color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y
			w := color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y
			px := color.RGBA{w/2 + 128, w/2 + 128, w/2 + 128, 255}
			if g != w {
				differ++
				px = color.RGBA{B: 255, A: 255}
				if g < w {
					px = color.RGBA{R: 255, A: 255}
				}
			}
			diff.SetRGBA(x, y, px)
		}
	}
	write(t, filepath.Join(dir, "got.png"), got)
	write(t, filepath.Join(dir, "want.png"), img)
	write(t, filepath.Join(dir, "difference.png"), diff)
	t.Errorf("%d pixels differ from %s; see %s", differ, golden, dir)
}

func write(t *testing.T, name string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func mask(f *Font, gid uint32, phase int) *Mask {
	m, err := f.Mask(gid, phase)
	if err != nil {
		panic(err)
	}
	return m
}
