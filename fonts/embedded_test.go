package fonts

import (
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-text/typesetting/font"
)

// The generated table says what the files say; gen.go adds the rest.
func TestEmbeddedFacesMatchTable(t *testing.T) {
	var total int64
	for _, want := range Embedded() {
		file, err := data.ReadFile(path.Join("data", want.Name, want.File))
		if err != nil {
			t.Fatal(err)
		}
		got := mustParse(t, want.Name, file).Info()
		got.File, got.License = want.File, want.License
		if want.Name == "unifont" {
			got.Family, got.Style, got.Version = want.Family, want.Style, want.Version
		}
		if got != want {
			t.Errorf("the file of %s is\n%+v, the table says\n%+v; run go generate", want.Name, got, want)
		}
		total += got.Bytes
		if want.License == "" {
			t.Errorf("%s has no licence", want.Name)
		}
	}
	if total > 15<<20 {
		t.Errorf("the embedded fonts take %d bytes, more than 15 MiB", total)
	}
}

func TestEmbeddedFilesAreListed(t *testing.T) {
	var listed []string
	for _, e := range embeddedFonts {
		dir := path.Join("data", e.Name)
		listed = append(listed, path.Join(dir, e.File), path.Join(dir, e.licenseFile))
	}
	folders, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		files, err := data.ReadDir(path.Join("data", folder.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if name := path.Join("data", folder.Name(), file.Name()); !slices.Contains(listed, name) {
				t.Errorf("%s is embedded and not listed in gen.go", name)
			}
		}
	}
}

func TestLicense(t *testing.T) {
	for _, info := range Embedded() {
		text, err := license(strings.ToUpper(info.Name))
		if err != nil {
			t.Error(err)
		}
		want := map[string]string{
			"OFL-1.1":                  "SIL OPEN FONT LICENSE",
			"Bitstream-Vera":           "Bitstream Vera Fonts Copyright",
			"BSD-2-Clause":             "Redistribution and use in source and binary forms",
			"LicenseRef-Public-Domain": "Public domain font",
		}[info.License]
		if want == "" || !strings.Contains(text, want) {
			t.Errorf("licence %s of %s does not say %q", info.License, info.Name, want)
		}
	}
	if _, err := license("verdana"); err == nil {
		t.Error("there is a licence of a font that is not embedded")
	}
}

// chain opens the fallback chain.
func chain(t testing.TB) []*Face {
	t.Helper()
	var faces []*Face
	for _, name := range Fallback() {
		f, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		faces = append(faces, f)
	}
	return faces
}

func TestFallbackChain(t *testing.T) {
	faces := chain(t)
	for text, want := range map[string]string{
		"Hello, wörld": "dejavu-sans", "Привет": "dejavu-sans", "Γειά": "dejavu-sans", "∀∑": "dejavu-sans",
		"שלום": "dejavu-sans", "مرحبا": "dejavu-sans", "Ⴀა": "dejavu-sans", "ա": "dejavu-sans", "─█": "dejavu-sans",
		"中文汉字漢": "noto-sans-sc", "ひらがなカタ": "noto-sans-sc", "。、": "noto-sans-sc",
		"한국어뷁":   "nanum-gothic",
		"\u0591": "noto-sans-hebrew", "\u08A0": "noto-sans-arabic",
		"हिन्दी": "noto-sans-devanagari", "বাংলা": "noto-sans-bengali", "ਪੰ": "noto-sans-gurmukhi",
		"ગુ": "noto-sans-gujarati", "ଓଡ଼ି": "noto-sans-oriya", "தமி": "noto-sans-tamil", "తె": "noto-sans-telugu",
		"ಕನ್ನ": "noto-sans-kannada", "മല": "noto-sans-malayalam", "සිං": "noto-sans-sinhala", "ไทย": "noto-sans-thai",
		"ខ្មែ": "noto-sans-khmer", "မြန်": "noto-sans-myanmar", "བོད": "noto-serif-tibetan", "አማ": "noto-sans-ethiopic",
		"ܫ": "noto-sans-syriac", "ދި": "noto-sans-thaana", "ᠮᠣ": "noto-sans-mongolian", "ꦗꦮ": "noto-sans-javanese",
		"ᬩᬮ": "noto-sans-balinese", "ᮞ": "noto-sans-sundanese", "ᨲ": "noto-sans-tai-tham", "ꨌ": "noto-sans-cham",
		"𑄌": "noto-sans-chakma", "ꯃ": "noto-sans-meetei-mayek", "𞤀": "noto-sans-adlam",
		"𝒜𝔄": "noto-sans-math", "🚀🤖🦀": "noto-emoji", "🜀": "noto-sans-symbols", "🬀": "noto-sans-symbols2",
		"ᚠ\u1100": "", "ꀀ": "unifont", "𐀀𝠀": "unifont-upper",
	} {
		for _, r := range text {
			i := slices.IndexFunc(faces, func(f *Face) bool { return f.Covers(r) })
			if i < 0 {
				t.Errorf("nothing draws %U %q", r, r)
			} else if want != "" && faces[i].Name() != want {
				t.Errorf("%U %q is drawn by %s, not %s", r, r, faces[i].Name(), want)
			}
		}
	}
	for _, r := range "\u0378\uE000\uFFFF\U0010FFFD\x01" {
		if i := slices.IndexFunc(faces, func(f *Face) bool { return f.Covers(r) && f.Bitmap() != nil }); i >= 0 {
			t.Errorf("%s claims to draw %U", faces[i].Name(), r)
		}
	}
}

// All letters, marks, numbers, punctuation and symbols of the Basic
// Multilingual Plane have a face, but for those of which no face has more than
// a placeholder.
func TestChainCoversBMP(t *testing.T) {
	faces := chain(t)
	var missing []rune
	for r := rune(0); r <= 0xFFFF; r++ {
		if unicode.IsGraphic(r) && !isInvisible(r) && !slices.ContainsFunc(faces, func(f *Face) bool { return f.Covers(r) }) {
			missing = append(missing, r)
		}
	}
	if len(missing) > 0 {
		t.Errorf("nothing draws %U", missing)
	}
}

// A face that maps a character to an empty glyph would make it vanish.
func TestEmbeddedGlyphsAreDrawn(t *testing.T) {
	blank := map[rune]bool{
		0x2800:  true, // Braille without dots
		0xFFFC:  true, // stands for an object
		0x1D9FF: true, // SignWriting, a head's outline left out
	}
	for _, e := range embeddedFonts {
		f := newEmbeddedFace(e)
		if f.Info().Kind == kindBitmap {
			continue // see Bitmap.add
		}
		outline, err := f.Outline()
		if err != nil {
			t.Error(err)
			continue
		}
		face := font.NewFace(outline)
		for r := range f.Runes() {
			if isInvisible(r) || unicode.IsSpace(r) || blank[r] || e.Name == "nanum-gothic" && r == '`' {
				continue
			}
			gid, _ := f.Glyph(r)
			if nominal, _ := outline.NominalGlyph(r); uint32(nominal) != gid {
				t.Errorf("%s: %U is glyph %d here and %d in the shaper", e.Name, r, gid, nominal)
			}
			if glyph, ok := face.GlyphDataOutline(font.GID(gid)); !ok || len(glyph.Segments) == 0 {
				t.Errorf("%s draws %U with nothing", e.Name, r)
			}
		}
	}
}

func TestEmbeddedMetrics(t *testing.T) {
	for _, c := range []struct {
		name                string
		em, ascent, descent int
		cell                int
	}{
		{"dejavu-sans", 2048, 1901, 483, 0},
		{"noto-sans-sc", 1000, 1160, 288, 0},
		{"spleen-5x8", 8, 7, 1, 5},
		{"spleen-6x12", 12, 9, 3, 6},
		{"spleen-8x16", 16, 12, 4, 8},
		{"fixed-5x8", 8, 7, 1, 5},
		{"fixed-6x9", 9, 7, 2, 6},
		{"unifont", 16, 14, 2, 0},
	} {
		f, err := Open(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if f.UnitsPerEm() != c.em || f.Ascent() != c.ascent || f.Descent() != c.descent {
			t.Errorf("%s: em %d, ascent %d, descent %d", c.name, f.UnitsPerEm(), f.Ascent(), f.Descent())
		}
		if b := f.Bitmap(); b != nil && b.CellWidth != c.cell {
			t.Errorf("%s: cell %d px wide, not %d", c.name, b.CellWidth, c.cell)
		}
	}
}

// To look a character up must not cost what drawing it does: parsing the glyphs
// of the Han face takes 35 MB.
func TestLookupIsLazy(t *testing.T) {
	var faces []*Face
	for _, e := range embeddedFonts {
		if e.fallback && e.Name != "unifont" {
			faces = append(faces, newEmbeddedFace(e))
		}
	}
	allocated := func(r rune) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if !slices.ContainsFunc(faces, func(f *Face) bool { return f.Covers(r) }) {
			t.Errorf("nothing draws %U", r)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for _, c := range []struct {
		r     rune
		limit uint64 // bytes
	}{{'a', 200 << 10}, {'中', 400 << 10}, {'𐀀', 2 << 20}} {
		if got := allocated(c.r); got > c.limit {
			t.Errorf("looking up %U took %d bytes, more than %d", c.r, got, c.limit)
		}
	}
}
