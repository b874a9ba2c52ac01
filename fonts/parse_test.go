package fonts

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-text/typesetting/font"
)

func TestOutline(t *testing.T) {
	f := mustParse(t, "tiny.ttf", tinyFont(nil))
	if f.UnitsPerEm() != 100 || f.Ascent() != 80 || f.Descent() != 20 || f.Bitmap() != nil {
		t.Errorf("em %d, ascent %d, descent %d, bitmap %v", f.UnitsPerEm(), f.Ascent(), f.Descent(), f.Bitmap())
	}
	// The character map goes on to glyphs that do not exist.
	if got := string(slices.Collect(f.Runes())); got != "A" || f.Covers('B') || f.Covers(-1) {
		t.Errorf("covers %q", got)
	}
	if info := f.Info(); info.Name != "tiny.ttf" || info.Family != "Tiny" || info.Style != "Regular" || info.Runes != 1 || info.Kind != kindOutline {
		t.Errorf("info %+v", info)
	}
	outline, err := f.Outline()
	if err != nil {
		t.Fatal(err)
	}
	gid, _ := f.Glyph('A')
	glyph, ok := font.NewFace(outline).GlyphData(font.GID(gid)).(font.GlyphOutline)
	if !ok || len(glyph.Segments) != 4 {
		t.Errorf("A is %+v, not a triangle", glyph)
	}
}

func TestCFFOutline(t *testing.T) {
	f, err := Open("unifont-upper")
	if err != nil {
		t.Fatal(err)
	}
	outline, err := f.Outline()
	if err != nil {
		t.Fatal(err)
	}
	gid, ok := f.Glyph('\U00010330')
	if glyph, _ := font.NewFace(outline).GlyphDataOutline(font.GID(gid)); !ok || len(glyph.Segments) == 0 {
		t.Errorf("glyph %d of U+10330 has no outline", gid)
	}
}

func TestCollection(t *testing.T) {
	data := collection()
	for index, want := range []struct {
		em     int
		family string
	}{{100, "Tiny"}, {200, "Tony"}} {
		f, err := Parse("two.ttc", data, index)
		if err != nil {
			t.Fatal(err)
		}
		outline, err := f.Outline()
		if err != nil {
			t.Fatal(err)
		}
		if f.UnitsPerEm() != want.em || int(outline.Upem()) != want.em || f.Info().Family != want.family {
			t.Errorf("face %d has an em of %d, parsed %d, family %q", index, f.UnitsPerEm(), outline.Upem(), f.Info().Family)
		}
	}
	for _, index := range []int{-1, 2} {
		_, err := Parse("two.ttc", data, index)
		if err == nil || !strings.Contains(err.Error(), "of a file of 2; 0 to 1 are accepted") {
			t.Errorf("face %d: %v", index, err)
		}
	}
}

func TestCmapFormats(t *testing.T) {
	for name, sub := range map[string][]byte{
		"4":  cmap4([4]int{'A', 'A', 1 - 'A', 0}, [4]int{0xFFFF, 0xFFFF, 1, 0}),
		"6":  words(6, 12, 0, 'A', 1, 1),
		"12": cmap12([3]int{'A', 'A', 1}),
		"13": append(words(13), cmap12([3]int{'A', 'A', 1})[2:]...),
	} {
		f := mustParse(t, name, tinyFont(func(m map[string][]byte) { m["cmap"] = cmapTable(sub) }))
		if got := string(slices.Collect(f.Runes())); got != "A" {
			t.Errorf("format %s covers %q", name, got)
		}
	}
}

func set(tag string, data []byte) func(map[string][]byte) {
	return func(m map[string][]byte) { m[tag] = data }
}

func drop(tags ...string) func(map[string][]byte) {
	return func(m map[string][]byte) {
		for _, tag := range tags {
			delete(m, tag)
		}
	}
}

func patch(tag string, offset int, w ...int) func(map[string][]byte) {
	return func(m map[string][]byte) { copy(m[tag][offset:], words(w...)) }
}

func TestBadFonts(t *testing.T) {
	bdf := mustRead(t, "testdata/tiny.bdf")
	tiny := map[rune]BitmapGlyph{'T': {Top: 5, Width: 3, Height: 5, Advance: 4, Rows: []byte{0xE0, 64, 64, 64, 64}}}
	pcf := writePCF(tiny, 5, 1, pcfLayout{})
	manySegments := make([][4]int, 2000)
	for i := range manySegments {
		manySegments[i] = [4]int{0, 0x7FFF, 0, 2}
	}
	bdfWith := func(old, new string) []byte { return bytes.Replace(bdf, []byte(old), []byte(new), 1) }
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "file is empty"},
		{"text", []byte("hello"), "unknown font format"},
		{"web font", []byte("wOF2\x00\x01\x00\x00"), "unpack it first"},
		{"too large", make([]byte, maxFileSize+1), "up to 64 MiB are accepted"},
		{"gzip of nothing", gzipped(t, nil), "unknown font format"},
		{"gzip cut short", gzipped(t, bdf)[:200], "unpacking: unexpected EOF"},

		{"directory cut short", tinyFont(nil)[:20], "table directory: the file is cut short"},
		{"table cut short", tinyFont(nil)[:300], "the file is cut short"},
		{"no head", tinyFont(drop("head")), `table "head" is missing`},
		{"head too short", tinyFont(set("head", make([]byte, 20))), `table "head" has 20 bytes, not 54`},
		{"no magic number", tinyFont(patch("head", 12, 0)), "magic number"},
		{"em of 0", tinyFont(patch("head", 18, 0)), "em of 0 units; 16 to 16384 are accepted"},
		{"no line", tinyFont(patch("hhea", 4, 0, 0)), "ascent 0 and descent 0"},
		{"negative ascent", tinyFont(patch("hhea", 4, -5, -20)), "ascent -5 and descent 20"},
		{"no cmap", tinyFont(drop("cmap")), `table "cmap" is missing`},
		{"no hmtx", tinyFont(drop("hmtx")), `table "hmtx" has 0 bytes, not 8`},
		{"no widths", tinyFont(patch("hhea", 34, 0)), "widths for 0 of 2 glyphs"},
		{"no outlines", tinyFont(drop("glyf", "loca")), "fonts of bitmaps or colours in OpenType are not supported"},
		{"no loca", tinyFont(drop("loca")), `table "loca" has 0 bytes, not 6`},
		{"empty cmap", tinyFont(set("cmap", words(0, 0))), "unsupported cmap"},
		{"cmap of missing glyphs", tinyFont(set("cmap", cmapTable(cmap12([3]int{'A', 'Z', 7})))), "maps no character to a glyph"},
		{"cmap with too many encodings", tinyFont(patch("cmap", 2, 9999)), "9999 encodings; up to 32 are accepted"},
		{"cmap without its subtable", tinyFont(patch("cmap", 8, 0, 9999)), "begins at byte 9999"},
		{"cmap segment of the plane", tinyFont(set("cmap", cmapTable(cmap4([4]int{0, 0xFFFF, 0, 2})))), "whole plane"},
		{"cmap of overlapping segments", tinyFont(set("cmap", cmapTable(cmap4(manySegments...)))), "characters in 16-bit segments"},

		{"BDF cut short", bdf[:len(bdf)-20], "before ENDFONT"},
		{"BDF without glyphs", []byte("STARTFONT 2.1\nENDFONT\n"), "no glyph for any Unicode character"},
		{"BDF row too short", bdfWith("FFC0", "FF"), "a row of 10 px has 2 hexadecimal digits, not 4"},
		{"BDF row not hexadecimal", bdfWith("FFC0", "GGGG"), "line 61: encoding/hex: invalid byte"},
		{"BDF rows missing", bdfWith("8040\n", ""), "glyph of U+2014 has 2 bytes of pixels, not 4"},
		{"BDF giant glyph", bdfWith("BBX 10 2", "BBX 10 20000"), "up to 1024 px are accepted"},
		{"BDF giant line", bdfWith("ASCENT 5", "ASCENT 50000"), "together 1 to 1024 px are accepted"},
		{"BDF no number", bdfWith("ENCODING 84", "ENCODING T"), "ENCODING: "},
		{"BDF other charset", bdfWith(`"ISO10646"`, `"KOI8"`), "character set is KOI8-1; ISO10646-1 and ISO8859-1 are accepted"},
		{"BDF other Latin", bdfWith(`"ISO10646"`, `"ISO8859"`), ""},

		{"PCF cut short", pcf[:len(pcf)-100], "encodings: table is cut short"},
		{"PCF directory cut short", pcf[:14], "table directory: table is cut short"},
		{"PCF of a million tables", []byte(pcfMagic + "\x00\x00\x10\x00"), "1048576 tables"},
		{"PCF without tables", []byte(pcfMagic + "\x00\x00\x00\x00"), "table 2 is missing"},
		{"PCF glyph too large", writePCF(map[rune]BitmapGlyph{'T': {Width: 2000, Advance: 9}}, 5, 1, pcfLayout{}), "2000 by 0 px"},
		{"PCF without pixels", bytes.Replace(pcf, []byte{3, 0, 4, 0, 5, 0, 0, 0}, []byte{3, 0, 4, 0, 5, 0, 60, 0}, 1), "glyph of U+0054: pixels end at byte 65 of 5"},

		{"hex with odd digits", []byte("0041:00000000000000000000000000000000\n0042:00\n"), "line 2: U+0042 has 2 hexadecimal digits"},
		{"hex without colon", []byte("0041:00000000000000000000000000000000\nhello\n"), `line 2: "hello"`},
		{"hex of controls", []byte("0001:00000000000000000000000000000000\n"), "no glyph for any Unicode character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("bad", c.data, 0)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), `parsing font "bad": `) {
				t.Errorf("got %v, want ... %s", err, c.want)
			}
		})
	}
}

func TestGunzipLimit(t *testing.T) {
	bomb := gzipped(t, make([]byte, 1<<20))
	if data, err := gunzip(bomb, 1<<20); err != nil || len(data) != 1<<20 {
		t.Errorf("at the limit: %d bytes, %v", len(data), err)
	}
	if _, err := gunzip(bomb, 1<<20-1); err == nil || !strings.Contains(err.Error(), "the unpacked font is longer than 1048575 bytes") {
		t.Errorf("over the limit: %v", err)
	}
}

// What Parse does not look at, Outline does.
func TestBadGlyphs(t *testing.T) {
	for name, change := range map[string]func(map[string][]byte){
		"glyphs out of order":  patch("loca", 2, 9, 2),
		"glyph past the end":   patch("loca", 4, 9999),
		"glyph cut short":      patch("loca", 4, 7),
		"other CFF glyphs":     func(m map[string][]byte) { drop("glyf", "loca")(m); m["CFF "] = make([]byte, 50) },
		"points without bound": patch("glyf", 0, 1, 0, 0, 0, 0, 0xFFFF),
	} {
		f := mustParse(t, name, tinyFont(change))
		if outline, err := f.Outline(); err == nil || !strings.HasPrefix(err.Error(), `parsing the glyphs of font "Tiny": `) {
			t.Errorf("%s: %v, %v", name, outline, err)
		}
	}
}

// Cut anywhere, a font must be refused or usable, and nothing may panic.
func TestTruncated(t *testing.T) {
	atkinson, err := data.ReadFile("data/atkinson-hyperlegible/AtkinsonHyperlegible-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	spleen, err := data.ReadFile("data/spleen-5x8/spleen-5x8.pcf.gz")
	if err != nil {
		t.Fatal(err)
	}
	pcf, err := gunzip(spleen, maxFileSize)
	if err != nil {
		t.Fatal(err)
	}
	for name, whole := range map[string][]byte{
		"ttf": atkinson, "pcf": pcf, "pcf.gz": spleen, "bdf": mustRead(t, "testdata/tiny.bdf"), "ttc": collection(),
	} {
		for cut := 0; cut < len(whole)-64; cut += 1 + len(whole)/97 {
			if f, err := Parse(fmt.Sprintf("%s cut at %d", name, cut), whole[:cut], 0); err == nil && name != "ttc" {
				t.Errorf("%s was accepted", f.Name())
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	for _, f := range []*Face{
		mustParse(t, "tiny.ttf", tinyFont(nil)),
		mustParse(t, "tiny.bdf", mustRead(t, "testdata/tiny.bdf")),
		newEmbeddedFace(embeddedFonts[embeddedIndex("noto-sans-thai")]),
	} {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for r := range f.Runes() {
					if gid, ok := f.Glyph(r); !ok || !f.Covers(r) {
						t.Errorf("%s: %U is glyph %d, %v", f.Name(), r, gid, ok)
					} else if b := f.Bitmap(); b != nil {
						b.Glyph(gid)
					}
				}
				if _, err := f.Outline(); err != nil {
					t.Error(err)
				}
				if fmt.Sprintf("%x", f.SHA256()) != f.Info().SHA256 {
					t.Errorf("%s: hash differs from %s", f.Name(), f.Info().SHA256)
				}
			})
		}
		wg.Wait()
	}
}
