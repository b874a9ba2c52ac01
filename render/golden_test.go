package render_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/render"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// goldens are small pages that people have looked at. A change of any pixel
// shows, with a picture of the difference.
var goldens = []struct {
	name, preset string
	keys         []string
	text         string
}{
	{"english", "glyph-en", nil, "Glyph draws long text as dense pages.\n\n\tIndented by a tab,\n  by two spaces.\nA long line is wrapped between words where Unicode allows it, well-known hyphens included.\n"},
	{"scripts", "glyph-en", []string{"dpi", "120"}, "Ελληνικά, кириллица, na\u00efve e\u0301\nמספר 123 בעברית (abc)\nمرحبا بالعالم ١٢٣ لا\nनमस्ते क्षत्रिय · สวัสดีครับ\n漢字かな交じり文。한국어 문장\n☺ ✓ → 👍 👩‍👩‍👧 \U000f0000\n"},
	{"dense", "dense-bitmap", []string{"page-size", "308,64"}, "Newlines are markers:\nsecond line, a literal \u21b5 too.\n\n  indented, then a tab\tand text\n"},
	{"inline", "glyph-en-inline", nil, "One line\nanother with a literal \\n in it\nC:\\new\\dir\\\nend"},
	{"dark", "glyph-en", []string{"theme", "dark"}, "Light on dark.\n"},
	{"box", "glyph-en", []string{"border-width", "1", "border-padding", "4", "para-bg-color", "#EEF4FF", "para-border-color", "#3366AA", "paragraph-lines", "1", "space-after", "12"}, "Every source line\nis a paragraph\nin a box.\n"},
	{"columns", "glyph-en", []string{"columns", "3", "column-gap", "8", "font-size", "7", "line-height", "8", "page-label", "{name} p{page}, lines {first}-{last}"}, strings.Repeat("Columns are read one after the other.\n", 9)},
	{"justify", "glyph-en", []string{"alignment", "JUSTIFY"}, strings.Repeat("justified text fills its lines to the edge ", 6)},
	{"center", "glyph-en", []string{"alignment", "CENTER"}, "centred\nlines of\ndifferent length\n"},
	{"scale", "glyph-en", []string{"horizontal-scale", "0.8", "stroke-weight", "1.5"}, "Narrow and bold.\n"},
	{"one-bit", "glyph-en", []string{"anti-alias", "false", "font-size", "12", "line-height", "14"}, "No grey levels: AaBbCc 0123.\n"},
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			c := preset(t, g.preset)
			if g.preset != "dense-bitmap" {
				c = set(t, c, "page-size", "250,120")
			}
			c = set(t, c, g.keys...)
			pages := draw(t, c, render.Options{}, g.text)
			if len(pages) != 1 {
				t.Fatalf("%d pages", len(pages))
			}
			got := pages[0].PNG
			file := filepath.Join("testdata", "golden", g.name+".png")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n, diff := difference(t, got, want); n > 0 {
				dir := os.TempDir()
				out := filepath.Join(dir, "glyph-golden-"+g.name)
				_ = os.WriteFile(out+"-got.png", got, 0o644)
				_ = os.WriteFile(out+"-diff.png", diff, 0o644)
				t.Errorf("%d pixels differ from %s; see %s-got.png and -diff.png, or run with -update", n, file, out)
			} else if !bytes.Equal(got, want) {
				t.Errorf("same pixels as %s, other bytes", file)
			}
		})
	}
}

// difference counts the pixels that differ and paints them red over a pale
// picture of what was wanted.
func difference(t *testing.T, got, want []byte) (int, []byte) {
	t.Helper()
	var img [2]image.Image
	for i, b := range [][]byte{got, want} {
		var err error
		if img[i], err = png.Decode(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
	r := img[0].Bounds().Union(img[1].Bounds())
	out := image.NewRGBA(r)
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			a, b := color.RGBAModel.Convert(img[0].At(x, y)).(color.RGBA), color.RGBAModel.Convert(img[1].At(x, y)).(color.RGBA)
			out.SetRGBA(x, y, color.RGBA{b.R/4 + 191, b.G/4 + 191, b.B/4 + 191, 255})
			if a != b {
				n++
				out.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
			}
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, out); err != nil {
		t.Fatal(err)
	}
	return n, buf.Bytes()
}
