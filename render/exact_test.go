package render

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render/internal/layout"
)

var numbers = regexp.MustCompile(`[0-9][0-9a-f-]{3,}|"[^"]*"|מ[א-ת]+`)

// findNumbers stands for the finder: any will do that keeps to the order.
func findNumbers(text string) []layout.Span {
	var spans []layout.Span
	for _, m := range numbers.FindAllStringIndex(text, -1) {
		spans = append(spans, layout.Span{Start: m[0], End: m[1]})
	}
	return spans
}

func exactRenderer(t interface{ Fatal(...any) }, workers int, preset string, keys ...string) *Renderer {
	c, err := configs.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	var set []configs.KeyValue
	for i := 0; i < len(keys); i += 2 {
		set = append(set, configs.KeyValue{Key: keys[i], Value: keys[i+1]})
	}
	if c, err = configs.Build(c, set); err != nil {
		t.Fatal(err)
	}
	r, err := New(c, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	r.find = findNumbers
	return r
}

func drawn(t interface{ Fatal(...any) }, r *Renderer, src string) []*Page {
	var pages []*Page
	for p, err := range r.Pages(context.Background(), "test", strings.NewReader(src)) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, p)
	}
	return pages
}

func TestExactOffLooksForNothing(t *testing.T) {
	r := exactRenderer(t, 1, "glyph-en")
	r.find = func(string) []layout.Span { t.Error("the finder was called"); return nil }
	drawn(t, r, "0123-4567")
}

func TestExactGolden(t *testing.T) {
	const text = "Order 2041-77 of \"three\nwords\" and more; id=550e8400-e29b-41d4-a716-446655440000, done.\nA line without any.\nTotal: 12345.\n"
	for _, g := range []struct {
		name, preset string
		keys         []string
	}{
		{"exact-scale", "glyph-en", []string{"exact-scale", "1.5"}},
		{"exact-anchors", "glyph-en", []string{"exact-anchors", "true", "dpi", "120"}},
		{"exact-both", "glyph-en-inline", []string{"exact-scale", "1.3", "exact-anchors", "true"}},
		{"exact-bitmap", "dense-bitmap", []string{"exact-scale", "2", "exact-anchors", "true"}},
	} {
		t.Run(g.name, func(t *testing.T) {
			r := exactRenderer(t, 1, g.preset, append(g.keys, "page-size", "280,120")...)
			pages := drawn(t, r, text)
			if len(pages) != 1 {
				t.Fatalf("%d pages", len(pages))
			}
			file := filepath.Join("testdata", "golden", g.name+".png")
			if flag.Lookup("update").Value.String() == "true" {
				if err := os.WriteFile(file, pages[0].PNG, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(pages[0].PNG, want) {
				t.Errorf("%s differs; look at it and run with -update", file)
			}
		})
	}
}

func TestExactScale(t *testing.T) {
	const src = "plain words\nwith 0123-4567 here\nplain again\n"
	base := drawn(t, exactRenderer(t, 1, "glyph-en"), src)[0].Lines
	r := exactRenderer(t, 1, "glyph-en", "exact-scale", "2")
	for i, l := range drawn(t, r, src)[0].Lines {
		enlarged := i == 1
		wantHeight := base[i].Height
		if enlarged {
			wantHeight += 9 // font-size, times 2-1
		}
		if l.Height != wantHeight || l.Width > base[i].Width != enlarged {
			t.Errorf("line %d is %dx%d px, without exact-scale %dx%d", i+1, l.Width, l.Height, base[i].Width, base[i].Height)
		}
		if i > 0 && l.Y != base[0].Y+10*i+9*max(0, i-1) {
			t.Errorf("line %d begins at %d", i+1, l.Y)
		}
	}
}

func TestExactScaleKeepsToThePixelsOfABitmapFace(t *testing.T) {
	c, err := configs.Preset("dense-bitmap")
	if err != nil {
		t.Fatal(err)
	}
	c.ExactScale = 1.5
	if _, err := New(c, Options{}); err == nil || !strings.Contains(err.Error(), "accepted: 1 or 2") {
		t.Errorf("New = %v", err)
	}
}

func TestAnchorsNameTheStrings(t *testing.T) {
	var src strings.Builder
	var want []string
	for i := range 700 {
		id := fmt.Sprintf("%04d-beef", i)
		want = append(want, id)
		fmt.Fprintf(&src, "entry %s of the log, with some more words behind it\n", id)
	}
	long := strings.Repeat("0123456789", 6400) // lines, a page and two pieces
	src.WriteString("last: " + long + " end\n")
	text := src.String()
	for _, preset := range []string{"glyph-en", "glyph-en-inline", "dense-bitmap"} {
		pages := drawn(t, exactRenderer(t, 4, preset, "exact-anchors", "true"), text)
		var got []string
		n := 0
		for _, p := range pages {
			first, last := p.Lines[0].Start, p.Lines[len(p.Lines)-1].End
			for _, a := range p.Anchors {
				n++
				if a.Tag != fmt.Sprint("a", n) {
					t.Fatalf("%s: anchor %d has the tag %s", preset, n, a.Tag)
				}
				if a.End <= first || a.End > last {
					t.Errorf("%s: page %d with bytes %d to %d has %v", preset, p.Number, first, last, a)
				}
				got = append(got, text[a.Start:a.End])
			}
		}
		if len(got) < len(want) || strings.Join(got[:len(want)], " ") != strings.Join(want, " ") {
			t.Errorf("%s: anchors are %.200q", preset, got)
		}
		if rest := strings.Join(got[len(want):], ""); rest != long {
			t.Errorf("%s: the string over several pieces has %d bytes in its anchors, want %d", preset, len(rest), len(long))
		}
	}
}

func TestAnchorsInTheManifest(t *testing.T) {
	r := exactRenderer(t, 2, "glyph-en", "exact-anchors", "true")
	m, _ := manifestOf(t, r, textDocument("a.txt", []byte("id 0123-4567\n")), textDocument("b.txt", []byte("id 2041\n")))
	for i, want := range []Anchor{{Start: 3, End: 12, Tag: "a1"}, {Start: 3, End: 7, Tag: "a1"}} {
		if got := m.Documents[i].Pages[0].Anchors; len(got) != 1 || got[0] != want {
			t.Errorf("document %d has %v, want %v", i+1, got, want)
		}
	}
}

// Whatever is enlarged or tagged, lines cover the source, do not overlap, stay
// on the page, and are the same for any number of workers.
func TestExactPages(t *testing.T) {
	words := []string{"word", "0123-4567", `"two words"`, "\"", "x=12345,", "(0000)", "\n", " ", "\t", "日本語", "מספר", "12ab", "\u00ad", `\n`, "↵",
		strings.Repeat("0123456789", 30), "e\u0301", "\U000f0000", "0000\U000f00001111", "a-b-0000-c-d", "\f"}
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 150).Draw(t, "words"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		keys := []string{
			"page-size", "150,90",
			"exact-scale", rapid.SampledFrom([]string{"1", "1.4", "2"}).Draw(t, "scale"),
			"exact-anchors", rapid.SampledFrom([]string{"true", "false"}).Draw(t, "anchors"),
			"wrap", rapid.SampledFrom([]string{"word", "character"}).Draw(t, "wrap"),
			"columns", rapid.SampledFrom([]string{"1", "2"}).Draw(t, "columns"),
			"column-gap", "4", "margin-x", "4",
			"newline-markup", rapid.SampledFrom([]string{"<br/>", `\n`, "↵<br/>"}).Draw(t, "markup"),
		}
		one := exactRenderer(t, 1, "glyph-en", keys...)
		many := exactRenderer(t, 3, "glyph-en", keys...)
		var pages []*Page
		for p, err := range one.Pages(context.Background(), "test", strings.NewReader(src)) {
			if err == ErrBlank {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, p)
		}
		again := drawn(t, many, src)
		next, tags := int64(0), 0
		for i, p := range pages {
			if !bytes.Equal(p.PNG, again[i].PNG) {
				t.Fatalf("page %d depends on the number of workers", p.Number)
			}
			column, bottom := -1, 0
			for _, l := range p.Lines {
				if l.Start < next || l.End < l.Start {
					t.Fatalf("a line shows %d to %d behind %d", l.Start, l.End, next)
				}
				for at := next; at < l.Start; at++ { // blank pages are left out
					if !strings.ContainsRune(" \t\n\f\u00ad", rune(src[at])) && src[at] < 0x80 {
						t.Fatalf("byte %d is on no line", at)
					}
				}
				next = l.End
				if l.Column != column {
					column, bottom = l.Column, 0
				}
				// The last page is cropped below its ink, which may be high in
				// its line.
				if cropped := i == len(pages)-1; l.Y < bottom || l.Y+l.Height > p.Height && !cropped {
					t.Fatalf("a line from %d to %d px behind one to %d, on a page of %d", l.Y, l.Y+l.Height, bottom, p.Height)
				}
				bottom = l.Y + l.Height
			}
			for _, a := range p.Anchors {
				tags++
				if a.Tag != fmt.Sprint("a", tags) || a.Start >= a.End || a.End > int64(len(src)) {
					t.Fatalf("anchor %d is %v", tags, a)
				}
			}
		}
	})
}
