package fonts

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// picture draws a glyph as text, "#" for ink.
func picture(g BitmapGlyph) string {
	var b strings.Builder
	stride := (g.Width + 7) / 8
	for y := range g.Height {
		for x := range g.Width {
			if g.Rows[y*stride+x/8]&(0x80>>(x%8)) != 0 {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func mustParse(t testing.TB, name string, data []byte) *Face {
	t.Helper()
	f, err := Parse(name, data, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustRead(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func glyphOf(t testing.TB, f *Face, r rune) BitmapGlyph {
	t.Helper()
	gid, ok := f.Glyph(r)
	if !ok {
		t.Fatalf("%s has no glyph for %U", f.Name(), r)
	}
	return f.Bitmap().Glyph(gid)
}

func TestBDF(t *testing.T) {
	f := mustParse(t, "tiny", mustRead(t, "testdata/tiny.bdf"))
	if f.Ascent() != 5 || f.Descent() != 1 || f.UnitsPerEm() != 6 || f.Bitmap().CellWidth != 4 {
		t.Errorf("ascent %d, descent %d, em %d, cell %d", f.Ascent(), f.Descent(), f.UnitsPerEm(), f.Bitmap().CellWidth)
	}
	if got := string(slices.Collect(f.Runes())); got != " Ty\u0301—" {
		t.Errorf("covers %q", got)
	}
	if info := f.Info(); info.Family != "Tiny" || info.Style != "Medium" || info.Version != "1.0" || info.Kind != kindBitmap {
		t.Errorf("info %+v", info)
	}
	y := glyphOf(t, f, 'y')
	if want := "#.#\n#.#\n.##\n##.\n"; picture(y) != want || y.Left != 0 || y.Top != 3 || y.Advance != 4 {
		t.Errorf("y at %d,%d advances %d:\n%s", y.Left, y.Top, y.Advance, picture(y))
	}
	wide := glyphOf(t, f, '—')
	if want := "##########\n#........#\n"; picture(wide) != want || wide.Left != -1 || wide.Top != 4 {
		t.Errorf("em dash at %d,%d:\n%s", wide.Left, wide.Top, picture(wide))
	}
	// The mark has a cell of its own in the file, and none in the face.
	if acute := glyphOf(t, f, '\u0301'); acute.Left != 1-4 || acute.Advance != 0 {
		t.Errorf("acute accent at %d advances %d", acute.Left, acute.Advance)
	}
	if outline, err := f.Outline(); outline != nil || err != nil {
		t.Errorf("Outline of a bitmap face: %v, %v", outline, err)
	}
	for _, gid := range []uint32{0, 6, 1 << 31} {
		if g := f.Bitmap().Glyph(gid); !reflect.DeepEqual(g, BitmapGlyph{}) && len(g.Rows) != 0 {
			t.Errorf("glyph %d: %+v", gid, g)
		}
	}
}

// A blank glyph of a letter would make the letter vanish.
func TestBlankGlyphsAreNotCoverage(t *testing.T) {
	blank := strings.Repeat("0", 32)
	f := mustParse(t, "blank.hex", []byte("0020:"+blank+"\n0041:"+blank+"\n00E9:"+blank+"\n2800:"+blank+"\n3000:"+blank))
	if got := string(slices.Collect(f.Runes())); got != " \u2800\u3000" {
		t.Errorf("covers %q", got)
	}
	spleen, err := Open("spleen-5x8")
	if err != nil {
		t.Fatal(err)
	}
	if spleen.Covers('é') || !spleen.Covers('e') || !spleen.Covers('\u00A0') {
		t.Error("Spleen 5x8 draws ASCII and the no-break space, and leaves Latin-1 blank")
	}
}

// A PCF file may store the same glyphs in many ways.
func TestPCFLayouts(t *testing.T) {
	bdf := mustParse(t, "tiny", mustRead(t, "testdata/tiny.bdf"))
	glyphs := map[rune]BitmapGlyph{}
	for r := range bdf.Runes() {
		glyphs[r] = glyphOf(t, bdf, r)
	}
	for n := range 2 * 2 * 2 * 4 * 3 {
		layout := pcfLayout{byteMSB: n&1 != 0, bitMSB: n&2 != 0, compressed: n&4 != 0, pad: n >> 3 & 3, unit: n >> 5}
		// A unit is no larger than a row.
		if layout.unit > layout.pad {
			continue
		}
		f := mustParse(t, "tiny", writePCF(glyphs, 5, 1, layout))
		if f.Ascent() != 5 || f.Descent() != 1 || f.Info().Family != "Tiny" {
			t.Errorf("%+v: ascent %d, descent %d, family %q", layout, f.Ascent(), f.Descent(), f.Info().Family)
		}
		if got := slices.Collect(f.Runes()); !slices.Equal(got, slices.Collect(bdf.Runes())) {
			t.Errorf("%+v: covers %q", layout, string(got))
			continue
		}
		for r, want := range glyphs {
			if got := glyphOf(t, f, r); !reflect.DeepEqual(got, want) {
				t.Errorf("%+v: %q is\n%s%+v, not\n%s%+v", layout, r, picture(got), got, picture(want), want)
			}
		}
	}
}

// The embedded PCF files are compared with the same fonts in another format,
// read by the few lines of readPSF.
func TestPCFAgainstPSF(t *testing.T) {
	for _, name := range []string{"spleen-5x8", "spleen-6x12"} {
		f, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for r, rows := range readPSF(t, "testdata/"+name+".psfu.gz") {
			if len(bytes.Trim(rows, "\x00")) == 0 {
				continue // both files fill up Latin-1 with blanks
			}
			compared++
			g := glyphOf(t, f, r)
			if !bytes.Equal(g.Rows, rows) {
				t.Errorf("%s: %U differs from the PSF file:\n%s", name, r, picture(g))
			}
		}
		if compared < 100 {
			t.Errorf("%s: only %d glyphs compared", name, compared)
		}
	}
}

// readPSF returns the rows of a console font of version 2. Of the characters
// that a glyph is listed for it takes the first: the others look like it.
func readPSF(t *testing.T, file string) map[rune][]byte {
	zr, err := gzip.NewReader(bytes.NewReader(mustRead(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint32(data[4*i:])) }
	start, count, size := word(2), word(4), word(5)
	chars := data[start+count*size:]
	glyphs := map[rune][]byte{}
	for i := range count {
		list, rest, _ := bytes.Cut(chars, []byte{0xFF})
		chars = rest
		if r, n := utf8.DecodeRune(list); n > 1 || r < utf8.RuneSelf && n == 1 {
			glyphs[r] = data[start+i*size:][:size]
		}
	}
	return glyphs
}

func TestHex(t *testing.T) {
	narrow := "0000000018242442427E424242420000"
	wide := strings.Repeat("8001", 16)
	dashed := "AAAA0001" + strings.Repeat("80000001", 6) + "80005555"
	filled := "00007FFE" + strings.Repeat("7FFE7FFE", 6) + "7FFE0000"
	f := mustParse(t, "test.hex", []byte(strings.Join([]string{
		"# a comment", "",
		"0041:" + narrow,
		"0000:" + narrow, // a control
		"0301:" + narrow, // a mark
		"0378:" + filled, // not assigned
		"200B:" + dashed, // without an appearance
		"2B1B:" + filled, // a black square
		"3042:" + wide,
		"E000:" + wide, // private use
		"FFFE:" + wide, // no character
		"1F600:" + wide + wide,
	}, "\r\n")))
	if got := string(slices.Collect(f.Runes())); got != "A\u0301⬛あ😀" {
		t.Errorf("covers %q", got)
	}
	if f.Ascent() != 14 || f.Descent() != 2 || f.UnitsPerEm() != 16 || f.Bitmap().CellWidth != 0 {
		t.Errorf("ascent %d, descent %d, em %d, cell %d", f.Ascent(), f.Descent(), f.UnitsPerEm(), f.Bitmap().CellWidth)
	}
	for _, c := range []struct {
		r                    rune
		width, left, advance int
	}{{'A', 8, 0, 8}, {'あ', 16, 0, 16}, {'😀', 32, 0, 32}, {'\u0301', 8, -8, 0}} {
		g := glyphOf(t, f, c.r)
		if g.Width != c.width || g.Height != 16 || g.Left != c.left || g.Top != 14 || g.Advance != c.advance {
			t.Errorf("%U: %+v", c.r, g)
		}
	}
	if got := picture(glyphOf(t, f, 'A')); !strings.HasPrefix(got, "........\n........\n........\n........\n...##...\n..#..#..\n") {
		t.Errorf("A is\n%s", got)
	}
}
