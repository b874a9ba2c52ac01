package layout

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/shape"
	"github.com/glyphkit/glyph/render/internal/text"
)

func sheets(t testing.TB, cfg configs.Config, src []byte) []*Sheet {
	t.Helper()
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	var faces []*fonts.Face
	for _, name := range append([]string{cfg.FontPath}, fonts.Fallback()...) {
		f, err := fonts.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		faces = append(faces, f)
	}
	g := NewGeometry(cfg, 1, 0.25)
	sh, err := shape.New(faces, shape.Options{XPPEM: g.XPPEM, YPPEM: g.YPPEM, Kerning: cfg.Kerning})
	if err != nil {
		t.Fatal(err)
	}
	var marker *text.Marker
	if m := cfg.Markup(); m.Text != "" {
		if marker, err = text.NewMarker(m.Text); err != nil {
			t.Fatal(err)
		}
	}
	var out []*Sheet
	style := Style{Config: cfg, Markup: cfg.Markup(), Geometry: g, Marker: marker}
	err = style.Run(context.Background(), sh, nil, "test", bytes.NewReader(src), &Origin{}, func(s *Sheet) error {
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func preset(t testing.TB, name string) configs.Config {
	c, err := configs.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkLayout(b *testing.B) {
	src := bytes.Repeat([]byte("It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness.\n\n"), 4000)
	for _, name := range []string{"glyph-en", "dense-bitmap"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				sheets(b, preset(b, name), src)
			}
		})
	}
}

// covers fails unless lines and blank-page notes follow one another from the
// first byte to the last.
func covers(t interface{ Fatalf(string, ...any) }, sheets []*Sheet, n int) {
	type span struct{ from, to int64 }
	var spans []span
	for _, s := range sheets {
		for _, note := range s.Notes {
			if note.Reason == text.BlankPage {
				spans = append(spans, span{note.Start, note.End})
			}
			if note.Start >= note.End {
				t.Fatalf("empty note %+v", note)
			}
		}
		for _, l := range s.Lines {
			spans = append(spans, span{l.Start, l.End})
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	at := int64(0)
	for _, s := range spans {
		if s.from != at {
			t.Fatalf("a range begins at %d, the one before ended at %d", s.from, at)
		}
		at = s.to
	}
	if at != int64(n) {
		t.Fatalf("ranges end at %d of %d bytes", at, n)
	}
}

func anyConfig(t *rapid.T) configs.Config {
	c, err := configs.Preset(rapid.SampledFrom([]string{"glyph-en", "dense-bitmap", "glyph-zh"}).Draw(t, "preset"))
	if err != nil {
		t.Fatal(err)
	}
	c.PageSize = configs.Size{Width: float64(rapid.IntRange(200, 600).Draw(t, "width")), Height: float64(rapid.IntRange(80, 300).Draw(t, "height"))}
	c.Columns = rapid.IntRange(1, 2).Draw(t, "columns")
	c.Wrap = rapid.SampledFrom([]configs.Wrap{configs.WrapWord, configs.WrapCharacter}).Draw(t, "wrap")
	c.Alignment = rapid.SampledFrom([]configs.Alignment{configs.AlignLeft, configs.AlignRight, configs.AlignCenter, configs.AlignJustify}).Draw(t, "alignment")
	c.NewlineMarkup = rapid.SampledFrom([]string{"<br/>", ` \n `, "↵", `<font color="#FF0000">¶</font><br/>`}).Draw(t, "markup")
	c.ParagraphLines = rapid.SampledFrom([]int{0, 1, 30}).Draw(t, "paragraph-lines")
	c.FirstLineIndent = rapid.SampledFrom([]float64{0, 12}).Draw(t, "indent")
	c.SpaceAfter = rapid.SampledFrom([]float64{0, 5}).Draw(t, "space-after")
	c.PageLabel = rapid.SampledFrom([]string{"", "{name} {page} {first}-{last}"}).Draw(t, "label")
	return c
}

func anyText() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"\n", "\n\n", "\f", "\t", "  ", `\n`, "↵", "\u200b", "\u00ad", "e\u0301", "שלום 123 abc", "مرحبا", "नमस्ते", "สวัสดีครับ", "漢字かな交じり文。", "한국어", "👩‍👩‍👧", "word ", "foo-bar/baz", "\U000f0000"}),
		rapid.StringMatching(`[a-z ]{0,200}`),
		rapid.StringMatching(`[a-zA-Z0-9/+]{100,300}`),
	)
	return rapid.Map(rapid.SliceOfN(part, 1, 30), func(p []string) string { return "x" + strings.Join(p, "") })
}

func TestRangesCoverTheSource(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := anyConfig(rt)
		if c.Validate() != nil {
			rt.Skip()
		}
		src := anyText().Draw(rt, "src")
		covers(rt, sheets(t, c, []byte(src)), len(src))
	})
}

// Every visible character of ASCII text is one glyph on the line whose range
// holds it, under any config.
func TestEveryCharacterIsDrawn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := anyConfig(rt)
		c.NewlineMarkup = "<br/>"
		if c.Validate() != nil {
			rt.Skip()
		}
		src := "x" + strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zA-Z]{1,9}[ ,.-]|[0-9a-f]{40} |\n|\t|  `), 1, 120).Draw(rt, "src"), "")
		for _, s := range sheets(t, c, []byte(src)) {
			for _, l := range s.Lines {
				want := len(strings.Join(strings.Fields(src[l.Start:l.End]), ""))
				got := 0
				for _, it := range l.Items {
					got += len(it.Word.Glyphs)
				}
				if got != want {
					rt.Fatalf("%d glyphs on a line that shows %q", got, src[l.Start:l.End])
				}
			}
		}
	})
}
