package render_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/render/internal/text"
)

func preset(t testing.TB, name string) configs.Config {
	t.Helper()
	c, err := configs.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func set(t testing.TB, c configs.Config, keyValues ...string) configs.Config {
	t.Helper()
	for i := 0; i < len(keyValues); i += 2 {
		if err := c.Set(keyValues[i], keyValues[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func draw(t testing.TB, c configs.Config, o render.Options, src string) []*render.Page {
	t.Helper()
	r, err := render.New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	var pages []*render.Page
	for p, err := range r.Pages(context.Background(), "test", strings.NewReader(src)) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, p)
	}
	return pages
}

func decode(t testing.TB, p *render.Page) *image.Paletted {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height {
		t.Fatalf("page says %dx%d, picture is %v", p.Width, p.Height, b)
	}
	return img.(*image.Paletted)
}

const sample = "It was the best of times, it was the worst of times, it was the age of wisdom.\n\n\tIndented by a tab.\n"

// samples has one of everything that can go wrong on a page.
var samples = map[string]string{
	"english":    strings.Repeat(sample, 40),
	"bidi":       "Latin שלום עולם 123 abc\nمرحبا بالعالم 456\n",
	"indic":      "नमस्ते दुनिया, ক্ষত্রিয়\n",
	"cjk":        strings.Repeat("這是一個測試。日本語の文章。", 30) + "\n",
	"hangul":     "한국어 문장입니다.\n",
	"thai":       strings.Repeat("สวัสดีชาวโลก", 20) + "\n",
	"emoji":      "fine 👍🏽 family 👩‍👩‍👧 flag 🇩🇪\n",
	"combining":  "na\u0131\u0308ve e\u0301 " + strings.Repeat("a\u0301\u0323", 20) + "\n",
	"private":    "private \U000f0000 use \ue000\n",
	"control":    "bell\a nul\x00 esc \x1b[31mred\x1b[0m \ufeff soft\u00adhyphen\n",
	"broken":     "bad \xff\xfe utf-8 \xe2\x82\n",
	"form feeds": "page one\fpage two\f\f\fpage five\n",
	"blank":      strings.Repeat("\n", 200) + "end\n" + strings.Repeat("\n", 300),
	"markers":    "a literal \\n and ↵ and \\\\n\nC:\\new\\dir\\\n",
	"long word":  strings.Repeat("x", 5000) + "\n",
	"crlf":       "one\r\ntwo\rthree\u2028four\n",
}

// Measuring tells what drawing gives, picture aside.
func TestMeasure(t *testing.T) {
	for name, src := range samples {
		for _, preset_ := range []string{"glyph-en", "glyph-zh", "dense-bitmap", "compact"} {
			for _, kv := range [][]string{nil, {"patch-size", "28"}, {"columns", "2"}, {"border-width", "1"}} {
				c := set(t, preset(t, preset_), kv...)
				r, err := render.New(c, render.Options{})
				if err != nil {
					t.Fatal(err)
				}
				drawn := draw(t, c, render.Options{}, src)
				n := 0
				for p, err := range r.Measure(context.Background(), "test", strings.NewReader(src)) {
					if err != nil {
						t.Fatal(err)
					}
					drawn[n].PNG = nil
					if !reflect.DeepEqual(p.Lines, drawn[n].Lines) || p.Width != drawn[n].Width || p.Height != drawn[n].Height || p.Runes != drawn[n].Runes {
						t.Errorf("%s %s: page %d is measured as %dx%d, drawn as %dx%d", name, preset_, n+1, p.Width, p.Height, drawn[n].Width, drawn[n].Height)
					}
					n++
				}
				if n != len(drawn) {
					t.Errorf("%s %s: %d pages measured, %d drawn", name, preset_, n, len(drawn))
				}
			}
		}
	}
}

// A page is one colour for each index that its depth can hold, in four chunks.
func TestPNGHasOnlyThePage(t *testing.T) {
	for name, src := range samples {
		for _, preset_ := range []string{"glyph-en", "dense-bitmap"} {
			for _, p := range draw(t, preset(t, preset_), render.Options{}, src) {
				var kinds []string
				for b := p.PNG[8:]; len(b) > 0; {
					n := binary.BigEndian.Uint32(b)
					kinds = append(kinds, string(b[4:8]))
					b = b[12+n:]
				}
				kinds = slices.Compact(kinds)
				if !slices.Equal(kinds, []string{"IHDR", "PLTE", "IDAT", "IEND"}) {
					t.Errorf("%s: chunks %q", name, kinds)
				}
				img := decode(t, p)
				seen := map[color.Color]bool{}
				for y := range p.Height {
					for x := range p.Width {
						seen[img.At(x, y)] = true
					}
				}
				depth := int(p.PNG[24])
				if max := 1 << depth; len(seen) > max || depth > 4 || depth > 1 && len(seen) <= 1<<(depth/2) {
					t.Errorf("%s: %d colours in %d bits", name, len(seen), depth)
				}
			}
		}
	}
}

func TestSameBytesForAnyWorkers(t *testing.T) {
	for name, src := range samples {
		var want [][32]byte
		for _, workers := range []int{1, 2, 7} {
			var got [][32]byte
			for _, p := range draw(t, preset(t, "glyph-en"), render.Options{Workers: workers}, src) {
				got = append(got, sha256.Sum256(p.PNG))
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: pages differ with %d workers", name, workers)
			}
		}
	}
}

// Two texts at once through one renderer, each the same as alone.
func TestConcurrentUse(t *testing.T) {
	r, err := render.New(preset(t, "glyph-en"), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	one := func(src string) (sums [][32]byte) {
		for p, err := range r.Pages(context.Background(), "", strings.NewReader(src)) {
			if err != nil {
				t.Error(err)
				return nil
			}
			sums = append(sums, sha256.Sum256(p.PNG))
		}
		return sums
	}
	alone := map[string][][32]byte{}
	for name, src := range samples {
		alone[name] = one(src)
	}
	var wg sync.WaitGroup
	for name, src := range samples {
		wg.Go(func() {
			if !slices.Equal(one(src), alone[name]) {
				t.Errorf("%s: differs when drawn beside others", name)
			}
		})
	}
	wg.Wait()
}

// covers rebuilds the source from the ranges of lines and of blank pages.
func covers(t interface{ Fatalf(string, ...any) }, src string, pages []*render.Page) {
	type span struct{ from, to int64 }
	var spans []span
	for _, p := range pages {
		for _, l := range p.Lines {
			spans = append(spans, span{l.Start, l.End})
		}
		for _, n := range p.Notes {
			if n.Reason == text.BlankPage {
				spans = append(spans, span{n.Start, n.End})
			}
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var rebuilt strings.Builder
	at := int64(0)
	for _, s := range spans {
		if s.from != at {
			t.Fatalf("a range begins at %d, the one before ended at %d", s.from, at)
		}
		rebuilt.WriteString(src[s.from:s.to])
		at = s.to
	}
	if rebuilt.String() != src {
		t.Fatalf("ranges give %d of %d bytes", rebuilt.Len(), len(src))
	}
}

func TestLinesRebuildTheSource(t *testing.T) {
	for name, src := range samples {
		for _, preset_ := range []string{"glyph-en", "dense-bitmap", "glyph-zh"} {
			t.Run(name+" "+preset_, func(t *testing.T) {
				covers(t, src, draw(t, preset(t, preset_), render.Options{}, src))
			})
		}
	}
}

func TestAnyTextIsDrawn(t *testing.T) {
	c := set(t, preset(t, "glyph-en"), "page-size", "300,200")
	r, err := render.New(c, render.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.String().Draw(t, "src") + string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "bytes"))
		var pages []*render.Page
		for p, err := range r.Pages(context.Background(), "", strings.NewReader(src)) {
			if errors.Is(err, render.ErrBlank) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, p)
		}
		covers(t, src, pages)
	})
}

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		src    string
		reason render.Reason
		bytes  string
		drawn  string
	}{
		{"a\u00adb", text.SoftHyphen, "\u00ad", ""},
		{"\ufeffab", text.ByteOrderMark, "\ufeff", ""},
		{"a\x07b", text.ControlCharacter, "\x07", ""},
		{"a\x1b[1;31mb", text.ANSIEscape, "\x1b[1;31m", ""},
		{"a\u200bb", text.ZeroWidthSpace, "\u200b", ""},
		{"a\u2060b", text.InvisibleFormat, "\u2060", ""},
		{"a\u202eb\u202c", text.BidiControl, "\u202e", ""},
		{"a\xffb", render.InvalidUTF8, "\xff", `\xFF`},
		{"a\ue000b", text.NoGlyph, "\ue000", "[U+E000]"},
		{"a" + strings.Repeat(" ", 300) + "b", text.HangingSpace, strings.Repeat(" ", 300), ""},
		{"a" + strings.Repeat("\u0301", 40), text.ExcessMarks, strings.Repeat("\u0301", 10), ""},
	} {
		pages := draw(t, preset(t, "glyph-en"), render.Options{}, c.src)
		ok := slices.ContainsFunc(pages[0].Notes, func(n render.Note) bool {
			return n.Reason == c.reason && c.src[n.Start:n.End] == c.bytes && n.Drawn == c.drawn
		})
		if !ok {
			t.Errorf("%q: want a note %q of %q drawn as %q, got %+v", c.src, c.reason, c.bytes, c.drawn, pages[0].Notes)
		}
	}
}

// ink counts the pixels that are not the background.
func ink(img *image.Paletted) (n int) {
	bg := img.At(0, 0)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.At(x, y) != bg {
				n++
			}
		}
	}
	return n
}

// What has no glyph is drawn as text, not as a box: the page equals one of the
// text that the note says is there.
func TestMissingGlyphIsReadable(t *testing.T) {
	a := draw(t, preset(t, "glyph-en"), render.Options{}, "x\U000f0000y")
	b := draw(t, preset(t, "glyph-en"), render.Options{}, "x[U+F0000]y")
	if !bytes.Equal(a[0].PNG, b[0].PNG) {
		t.Error("a private-use character is not drawn as its code point")
	}
}

func TestBlankPages(t *testing.T) {
	src := "one\f\f\n\n\ftwo"
	if n := len(draw(t, preset(t, "glyph-en"), render.Options{}, src)); n != 2 {
		t.Errorf("%d pages, want 2 without the blank ones", n)
	}
	c := set(t, preset(t, "glyph-en"), "blank-pages", "true")
	pages := draw(t, c, render.Options{}, src)
	if len(pages) != 4 {
		t.Errorf("%d pages, want 4 with the blank ones", len(pages))
	}
	if n := ink(decode(t, pages[1])); n != 0 {
		t.Errorf("the blank page has %d pixels of ink", n)
	}
	for _, src := range []string{"", "\n\n", " \t ", "\u200b", "\ufeff", "\u3000\u00a0\n"} {
		r, _ := render.New(preset(t, "glyph-en"), render.Options{})
		for p, err := range r.Pages(context.Background(), "", strings.NewReader(src)) {
			if p != nil || !errors.Is(err, render.ErrBlank) {
				t.Errorf("%q: page %v, error %v; want ErrBlank", src, p, err)
			}
		}
	}
}

func TestFormFeeds(t *testing.T) {
	if n := len(draw(t, preset(t, "glyph-en"), render.Options{}, "a\fb\fc")); n != 3 {
		t.Errorf("%d pages, want 3", n)
	}
	c := set(t, preset(t, "glyph-en"), "form-feed", "mark")
	pages := draw(t, c, render.Options{}, "a\fb\fc")
	if len(pages) != 1 || len(pages[0].Notes) != 2 || pages[0].Notes[0].Drawn != "␌" {
		t.Errorf("with marks: %d pages, notes %+v", len(pages), pages[0].Notes)
	}
}

func TestColours(t *testing.T) {
	c := set(t, preset(t, "glyph-en"), "page-bg-color", "#102030", "para-bg-color", "#203040", "font-color", "#F0E0D0", "font-size", "40", "line-height", "44",
		"newline-markup", `<font color="#FF0000"> \n </font>`)
	img := decode(t, draw(t, c, render.Options{}, "one\ntwo\n")[0])
	if img.ColorModel().(color.Palette)[0] != (color.RGBA{0x10, 0x20, 0x30, 255}) {
		t.Errorf("background %v", img.ColorModel().(color.Palette)[0])
	}
	for _, want := range []color.RGBA{{0x20, 0x30, 0x40, 255}, {0xF0, 0xE0, 0xD0, 255}, {0xFF, 0, 0, 255}} {
		found := false
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				found = found || img.At(x, y) == want
			}
		}
		if !found {
			t.Errorf("no pixel of colour %v", want)
		}
	}
}

// A tab moves on, also where the text before it ends at a stop but for rounding.
func TestTabs(t *testing.T) {
	for _, c := range []configs.Config{
		set(t, preset(t, "glyph-en"), "font-path", "dejavu-sans-mono"),
		set(t, preset(t, "glyph-en"), "font-path", "dejavu-sans-mono", "font-size", "8.3"),
		preset(t, "dense-bitmap"),
	} {
		tab := draw(t, set(t, c, "newline-markup", "<br/>"), render.Options{}, "abcd\tX\nabcdefgh\tX\n\tabcd\tX")
		spaces := draw(t, set(t, c, "newline-markup", "<br/>"), render.Options{}, "abcd    X\nabcdefgh    X\n    abcd    X")
		for i, l := range tab[0].Lines {
			if want := spaces[0].Lines[i]; abs(l.Width-want.Width) > 1 {
				t.Errorf("%s: line %d is %d px wide, with spaces %d", c.FontPath, i+1, l.Width, want.Width)
			}
		}
	}
}

func abs(x int) int { return max(x, -x) }

// A bitmap face is not scaled unasked.
func TestBitmapFaceHasItsSize(t *testing.T) {
	for size, ok := range map[string]bool{"8": true, "16": true, "9": false, "12": false} {
		c := set(t, preset(t, "glyph-en"), "font-path", "fixed-5x8", "line-height", "20", "font-size", size)
		if _, err := render.New(c, render.Options{}); (err == nil) != ok {
			t.Errorf("size %s: %v", size, err)
		}
	}
}

func TestColumns(t *testing.T) {
	c := set(t, preset(t, "glyph-en"), "columns", "3", "column-gap", "12", "auto-crop-last-page", "false")
	one := draw(t, preset(t, "glyph-en"), render.Options{}, samples["english"])
	p := draw(t, c, render.Options{}, strings.Repeat(sample, 60))[0]
	seen := map[int]bool{}
	right := map[int]int{}
	for _, l := range p.Lines {
		seen[l.Column] = true
		right[l.Column] = max(right[l.Column], l.X+l.Width)
	}
	if len(seen) != 3 || len(one[0].Lines) == 0 {
		t.Fatalf("columns %v", seen)
	}
	for _, l := range p.Lines {
		if l.Column > 0 && l.X < right[l.Column-1] {
			t.Fatalf("column %d at x %d overlaps the one before, which ends at %d", l.Column, l.X, right[l.Column-1])
		}
	}
}

func TestPatchSize(t *testing.T) {
	c := set(t, preset(t, "glyph-en"), "patch-size", "28")
	for _, p := range draw(t, c, render.Options{}, samples["english"]) {
		if p.Width%28 != 0 || p.Height%28 != 0 {
			t.Errorf("page of %dx%d px is not made of 28 px patches", p.Width, p.Height)
		}
	}
}

func TestSourceLines(t *testing.T) {
	src := "one\ntwo\nthree\ffour\n"
	pages := draw(t, preset(t, "glyph-en"), render.Options{}, src)
	got := [][2]int{}
	for _, p := range pages {
		got = append(got, [2]int{p.FirstLine, p.LastLine})
	}
	if !slices.Equal(got, [][2]int{{1, 3}, {3, 3}}) { // a form feed ends a page, not a line

		t.Errorf("source lines %v", got)
	}
	if r := pages[0].Runes + pages[1].Runes; r != len(src) {
		t.Errorf("%d runes, want %d", r, len(src))
	}
	c := set(t, preset(t, "glyph-en"), "newline-markup", "↵")
	p := draw(t, c, render.Options{}, src)[0]
	if p.FirstLine != 1 || p.LastLine != 3 {
		t.Errorf("with markers: source lines %d to %d", p.FirstLine, p.LastLine)
	}
}

func TestErrorsComeLast(t *testing.T) {
	r, err := render.New(preset(t, "glyph-en"), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk on fire")
	var last error
	for _, err := range r.Pages(context.Background(), "", io.MultiReader(strings.NewReader(samples["english"]), iotest.ErrReader(broken))) {
		if last != nil {
			t.Error("something follows the error")
		}
		last = err
	}
	if !errors.Is(last, broken) {
		t.Errorf("error %v", last)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for _, err := range r.Pages(ctx, "", strings.NewReader(strings.Repeat(samples["english"], 100))) {
		n++
		if err != nil {
			last = err
			break
		}
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled after a page: error %v", last)
	}
	for range r.Pages(context.Background(), "", strings.NewReader(strings.Repeat(samples["english"], 100))) {
		break // leaving early must not hang or leak
	}
}

func TestBadConfig(t *testing.T) {
	for _, kv := range [][2]string{{"font-path", "no-such-font.ttf"}, {"newline-markup", "--"}, {"fallback-fonts", "missing.otf"}} {
		c := preset(t, "glyph-en")
		if err := c.Set(kv[0], kv[1]); err != nil {
			continue // refused even earlier
		}
		if _, err := render.New(c, render.Options{}); err == nil || !strings.Contains(err.Error(), strings.Trim(kv[1], `"[]`)) {
			t.Errorf("%s %s: error %v", kv[0], kv[1], err)
		}
	}
}

// Whatever the bytes, pages come out or an error does, and nothing is lost.
func FuzzPages(f *testing.F) {
	for _, src := range samples {
		f.Add([]byte(src), uint8(0))
		f.Add([]byte(src[:min(len(src), 300)]), uint8(37))
	}
	var renderers []*render.Renderer
	for _, name := range []string{"glyph-en", "dense-bitmap", "glyph-en-inline"} {
		for _, kv := range [][]string{{"columns", "2"}, {"wrap", "character"}, {"alignment", "JUSTIFY"}, {"form-feed", "mark"}} {
			c := set(f, set(f, preset(f, name), "page-size", "220,120"), kv...)
			r, err := render.New(c, render.Options{Workers: 1})
			if err != nil {
				f.Fatal(err)
			}
			renderers = append(renderers, r)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, which uint8) {
		if len(src) > 8192 {
			return
		}
		var pages []*render.Page
		for p, err := range renderers[int(which)%len(renderers)].Pages(context.Background(), "", bytes.NewReader(src)) {
			if errors.Is(err, render.ErrBlank) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, p)
		}
		covers(t, string(src), pages)
	})
}
