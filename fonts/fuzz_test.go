package fonts

import (
	"testing"

	"github.com/go-text/typesetting/font"
)

// checkFace uses a face in every way that needs no shaper.
func checkFace(t *testing.T, f *Face) {
	if f.UnitsPerEm() < 1 || f.Descent() < 0 || f.Ascent()+f.Descent() < 1 {
		t.Fatalf("em %d, ascent %d, descent %d", f.UnitsPerEm(), f.Ascent(), f.Descent())
	}
	outline, err := f.Outline()
	if (outline == nil) != (f.Bitmap() != nil || err != nil) {
		t.Fatalf("outline %v, bitmap %v, error %v", outline, f.Bitmap(), err)
	}
	last := rune(-1)
	for r := range f.Runes() {
		gid, ok := f.Glyph(r)
		if !ok || r <= last {
			t.Fatalf("%U is glyph %d, %v, after %U", r, gid, ok, last)
		}
		last = r
		if b := f.Bitmap(); b != nil {
			g := b.Glyph(gid)
			if len(g.Rows) != (g.Width+7)/8*g.Height || g.Advance < 0 {
				t.Fatalf("glyph of %U: %+v", r, g)
			}
		}
		if outline != nil {
			if nominal, _ := outline.NominalGlyph(r); nominal != font.GID(gid) {
				t.Fatalf("%U is glyph %d here and %d in the shaper", r, gid, nominal)
			}
		}
	}
	if last < 0 {
		t.Fatal("no character is covered")
	}
}

func pcfSeed() []byte {
	return writePCF(map[rune]BitmapGlyph{
		'T':  {Top: 5, Width: 3, Height: 5, Advance: 4, Rows: []byte{0xE0, 64, 64, 64, 64}},
		0xFF: {Left: -1, Top: 3, Width: 9, Height: 1, Advance: 4, Rows: []byte{0xE0, 0x80}},
	}, 5, 1, pcfLayout{bitMSB: true, pad: 2, unit: 1})
}

func FuzzParse(f *testing.F) {
	f.Add(tinyFont(nil), 0)
	f.Add(tinyFont(set("cmap", cmapTable(cmap4([4]int{'A', 'A', 1 - 'A', 0}, [4]int{0xFFFF, 0xFFFF, 1, 0})))), 0)
	f.Add(tinyFont(func(m map[string][]byte) { drop("glyf", "loca")(m); m["CFF "] = []byte{1, 0, 4, 1} }), 0)
	f.Add(collection(), 1)
	f.Add(pcfSeed(), 0)
	f.Add(gzipped(f, pcfSeed()), 0)
	f.Add(mustRead(f, "testdata/tiny.bdf"), 0)
	f.Add([]byte("0041:0000000018242442427E424242420000\n"), 0)
	f.Fuzz(func(t *testing.T, data []byte, index int) {
		if face, err := Parse("fuzz", data, index); err == nil {
			checkFace(t, face)
		}
	})
}

// FuzzSFNT changes the tables of a font without breaking its directory.
func FuzzSFNT(f *testing.F) {
	tiny := tinyTables()
	sub4 := cmap4([4]int{'A', 'C', 0, 4}, [4]int{0xFFFF, 0xFFFF, 1, 0})
	sub14 := append(words(14, 0, 31, 0, 1, 0), 0xFE, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, sub := range [][]byte{
		tiny["cmap"][12:], append(sub4, words(1, 1, 1)...), words(6, 12, 0, 'A', 1, 1), sub14,
	} {
		f.Add(cmapTable(sub), tiny["glyf"], tiny["loca"], tiny["name"], tiny["maxp"])
	}
	f.Fuzz(func(t *testing.T, cmap, glyf, loca, name, maxp []byte) {
		tables := tinyTables()
		tables["cmap"], tables["glyf"], tables["loca"], tables["name"], tables["maxp"] = cmap, glyf, loca, name, maxp
		if face, err := Parse("fuzz", sfntFile(tables, 0), 0); err == nil {
			checkFace(t, face)
		}
	})
}

func fuzzBitmap(f *testing.F, parse func([]byte) (*content, error)) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := parse(data); err == nil {
			checkFace(t, &Face{name: "fuzz", content: func() *content { return c }})
		}
	})
}

func FuzzPCF(f *testing.F) {
	f.Add(pcfSeed()[len(pcfMagic):])
	fuzzBitmap(f, func(data []byte) (*content, error) { return parsePCF(append([]byte(pcfMagic), data...)) })
}

func FuzzBDF(f *testing.F) {
	f.Add(mustRead(f, "testdata/tiny.bdf"))
	fuzzBitmap(f, parseBDF)
}

func FuzzHex(f *testing.F) {
	f.Add([]byte("# font\n0041:0000000018242442427E424242420000\r\n1F600:0000000018242442427E4242424200000000000018242442427E424242420000"))
	fuzzBitmap(f, parseHex)
}
