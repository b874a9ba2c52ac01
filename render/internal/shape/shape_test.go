package shape

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/image/math/fixed"
	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/tables"
)

func shaper(t testing.TB, first string, o Options) *Shaper {
	t.Helper()
	var faces []*fonts.Face
	for _, name := range append([]string{first}, fonts.Fallback()...) {
		f, err := fonts.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		faces = append(faces, f)
	}
	if o.XPPEM == 0 {
		o.XPPEM, o.YPPEM = 9, 9
	}
	s, err := New(faces, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func word(t testing.TB, s *Shaper, text string, rtl bool) *Word {
	t.Helper()
	w, err := s.Word([]byte(text), rtl)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// faceOf returns the name of the face that all glyphs of a word are from.
func faceOf(s *Shaper, w *Word) string {
	name := ""
	for _, g := range w.Glyphs {
		n := s.faces[g.Face].Name()
		if name != "" && n != name {
			return name + "+" + n
		}
		name = n
	}
	return name
}

func TestScriptsAreShaped(t *testing.T) {
	s := shaper(t, "dejavu-sans", Options{})
	for _, c := range []struct {
		text, face string
		rtl        bool
		glyphs     int
	}{
		{"word", "dejavu-sans", false, 4},
		{"office", "dejavu-sans", false, 6},          // no ligature: a reader should see every letter
		{"مرحبا", "dejavu-sans", true, 5},            // joined forms
		{"لا", "dejavu-sans", true, 1},               // the ligature that Arabic requires
		{"नमस्ते", "noto-sans-devanagari", false, 5}, // a half form and a vowel sign
		{"क्ष", "noto-sans-devanagari", false, 1},    // a conjunct
		{"漢字", "noto-sans-sc", false, 2},
		{"한국어", "nanum-gothic", false, 3},
		{"สวัสดี", "noto-sans-thai", false, 6},
	} {
		w := word(t, s, c.text, c.rtl)
		if got := faceOf(s, w); got != c.face {
			t.Errorf("%s: drawn with %s, want %s", c.text, got, c.face)
		}
		if len(w.Glyphs) != c.glyphs {
			t.Errorf("%s: %d glyphs, want %d", c.text, len(w.Glyphs), c.glyphs)
		}
		if w.Width <= 0 || len(w.Subs) > 0 {
			t.Errorf("%s: width %v, substitutions %v", c.text, w.Width, w.Subs)
		}
	}
	if a, b := word(t, s, "e\u0301", false), word(t, s, "é", false); !reflect.DeepEqual(a.Glyphs, b.Glyphs) {
		t.Error("a letter with a combining accent is not drawn as the composed letter")
	}
	if a := word(t, s, "\u0937\u094D", false); a.Width <= 0 {
		t.Error("a bare half form is empty")
	}
}

func TestArabicJoins(t *testing.T) {
	s := shaper(t, "dejavu-sans", Options{})
	joined := word(t, s, "مرحبا", true)
	face, _ := fonts.Open("dejavu-sans")
	isolated := 0
	for _, r := range "مرحبا" {
		gid, _ := face.Glyph(r)
		if slices.ContainsFunc(joined.Glyphs, func(g Glyph) bool { return g.GID == gid }) {
			isolated++
		}
	}
	if isolated > 2 { // reh and final alef may keep their nominal form
		t.Errorf("%d of 5 letters have their isolated form", isolated)
	}
	if !slices.IsSortedFunc(joined.Glyphs, func(a, b Glyph) int { return int(a.X - b.X) }) {
		t.Error("glyphs are not in visual order")
	}
}

func TestSubstitutions(t *testing.T) {
	s := shaper(t, "dejavu-sans", Options{})
	w := word(t, s, "ab\U000F0000cd", false)
	if len(w.Subs) != 1 || w.Subs[0] != (Sub{Off: 2, Len: 4, Drawn: "[U+F0000]"}) {
		t.Fatalf("substitutions %+v", w.Subs)
	}
	if want := word(t, s, "ab", false).Width + word(t, s, "[U+F0000]", false).Width + word(t, s, "cd", false).Width; abs(w.Width-want) > 4 {
		t.Errorf("width %v, want %v", w.Width, want)
	}
	for _, g := range w.Glyphs {
		if g.GID == 0 {
			t.Error("a box is drawn")
		}
	}
	if got := Describe(0x13000); got != "[egyptian hieroglyph a001]" {
		t.Errorf("described as %s", got)
	}
}

func abs(x fixed.Int26_6) fixed.Int26_6 { return max(x, -x) }

// NanumGothic has a blank glyph for the backtick.
func TestBlankGlyphIsNoCoverage(t *testing.T) {
	s := shaper(t, "nanum-gothic", Options{})
	if got := faceOf(s, word(t, s, "`", false)); got == "nanum-gothic" || got == "" {
		t.Errorf("the backtick is drawn with %q", got)
	}
}

func TestBreaks(t *testing.T) {
	s := shaper(t, "dejavu-sans", Options{})
	for text, want := range map[string]string{
		"plain":           "",
		"well-known":      "well-|known",
		"don't":           "",
		"漢字。仮名":           "漢|字。|仮|名",
		"「引用」です":          "「引|用」|で|す",
		"a\u200bb":        "a\u200b|b",
		"1,234.56":        "",
		"https://a.b/c-d": "https://|a.b/|c-|d",
		"한국어":             "한|국|어",
		"no\u00a0break":   "",
		"wide\u3000space": "wide\u3000|space",
		"em\u2014dash":    "em|\u2014|dash",
	} {
		w := word(t, s, text, false)
		var parts []string
		off := 0
		for _, p := range w.Parts {
			parts = append(parts, text[off:off+p.Len])
			off += p.Len
		}
		if got := strings.Join(parts, "|"); got != want {
			t.Errorf("%q breaks as %q, want %q", text, got, want)
		}
		if off != 0 && off != len(text) {
			t.Errorf("%q: parts end at %d", text, off)
		}
	}
}

// mayBreak saves the segmenter most words; where it says no there is no break.
func FuzzMayBreak(f *testing.F) {
	f.Add("don't(1,234.5)")
	var seg segmenter.Segmenter
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.Join(strings.Fields(text), "")
		if mayBreak([]byte(text)) || seg.InitWithString(text) != nil {
			return
		}
		n := 0
		for it := seg.LineIterator(); it.Next(); {
			n++
		}
		if n > 1 {
			t.Errorf("%q has %d parts", text, n)
		}
	})
}

// The two short cuts, ASCII without clusters and the cache, change nothing.
func TestShortCutsEqualGeneralPath(t *testing.T) {
	for _, o := range []Options{{}, {Kerning: true}, {XPPEM: 7.3, YPPEM: 8.1}} {
		for _, first := range []string{"dejavu-sans", "lato", "fixed-5x8", "noto-sans-sc"} {
			cached, fresh := shaper(t, first, o), shaper(t, first, o)
			rapid.Check(t, func(t *rapid.T) {
				text := []byte(rapid.StringMatching(`[!-~]{1,20}`).Draw(t, "text"))
				for range 2 {
					a, err := cached.Word(text, false)
					if err != nil {
						t.Fatal(err)
					}
					if b := fresh.word(text, false); !reflect.DeepEqual(a, b) {
						t.Fatalf("%q: cached %+v, fresh %+v", text, a, b)
					}
				}
				a := fresh.unit(text, false)
				var b Word
				fresh.itemise(text)
				fresh.shapeClusters(&b, text, false)
				if !slices.Equal(a.Glyphs, b.Glyphs) || a.Width != b.Width {
					t.Fatalf("%q: ASCII path %+v, clusters %+v", text, a, b)
				}
			})
		}
	}
}

func TestKerning(t *testing.T) {
	plain, kerned := shaper(t, "dejavu-sans", Options{}), shaper(t, "dejavu-sans", Options{Kerning: true})
	if a, b := word(t, plain, "AVAVA", false).Width, word(t, kerned, "AVAVA", false).Width; b >= a {
		t.Errorf("kerned %v, not narrower than %v", b, a)
	}
}

// Fit takes as much as fits, and the pieces make up the text.
func TestFit(t *testing.T) {
	s := shaper(t, "dejavu-sans", Options{})
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.OneOf(
			rapid.StringMatching(`[a-zA-Z0-9]{1,400}`),
			rapid.StringOfN(rapid.SampledFrom([]rune("漢字ée\u0301\u0302नमस्ते")), 1, 200, -1),
		).Draw(t, "text"))
		avail := fixed.I(rapid.IntRange(0, 300).Draw(t, "avail"))
		for rest := text; len(rest) > 0; {
			w, n, err := s.Fit(rest, false, avail)
			if err != nil || n <= 0 || n > len(rest) {
				t.Fatalf("took %d of %d: %v", n, len(rest), err)
			}
			ends := s.clusterEnds(rest, len(rest))
			if k := slices.Index(ends, n); k < 0 {
				t.Fatalf("%q was cut inside a cluster", rest[:n])
			} else if w.Width > avail && k > 0 {
				t.Fatalf("%q is %v wide, over %v", rest[:n], w.Width, avail)
			} else if k+1 < len(ends) {
				if more := s.unit(rest[:ends[k+1]], false); more.Width <= avail {
					t.Fatalf("%q would have fit as well", rest[:ends[k+1]])
				}
			}
			rest = rest[n:]
		}
	})
}

func FuzzWord(f *testing.F) {
	for _, s := range []string{"word", "مرحبا", "नमस्ते", "👩‍👩‍👧", "\U000F0000", "e\u0301", "ཧཱུྃ"} {
		f.Add(s, false)
	}
	s := shaper(f, "dejavu-sans", Options{})
	f.Fuzz(func(t *testing.T, text string, rtl bool) {
		text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), "")
		if len(text) > 4096 || bytes.ContainsAny([]byte(text), "\x00") {
			return
		}
		w := word(t, s, text, rtl)
		if w.Width < 0 {
			t.Errorf("%q: width %v", text, w.Width)
		}
		n := 0
		for _, p := range w.Parts {
			n += p.Len
		}
		if w.Parts != nil && n != len(text) {
			t.Errorf("%q: parts cover %d of %d bytes", text, n, len(text))
		}
	})
}

// A font whose tables cannot be read is an error of every word that needs it.
func TestBrokenTables(t *testing.T) {
	s := shaper(t, "lato", Options{XPPEM: 9, YPPEM: 9})
	s.faces[0].hb = &harfbuzz.Font{}
	for range 2 {
		w, err := s.Word([]byte("naïve"), false)
		if broken, ok := errors.AsType[*tables.BrokenError](err); w != nil || !ok || broken.Font != "lato" {
			t.Errorf("%v, %v", w, err)
		}
	}
}
