package layout

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-text/typesetting/bidi"

	"github.com/glyphkit/glyph/fonts"
)

// visual reads the glyphs of a line from left to right.
func visual(t *testing.T, src string) string {
	t.Helper()
	face, err := fonts.Open("dejavu-sans")
	if err != nil {
		t.Fatal(err)
	}
	of := map[uint32]rune{}
	for _, r := range src + "()" {
		gid, _ := face.Glyph(r)
		of[gid] = r
	}
	c := preset(t, "glyph-en")
	lines := sheets(t, c, []byte(src))[0].Lines
	if len(lines) != 1 {
		t.Fatalf("%q takes %d lines", src, len(lines))
	}
	var b strings.Builder
	end := lines[0].X
	for _, it := range lines[0].Items {
		if it.Word.Blank { // a bidi control
			continue
		}
		if it.X > end {
			b.WriteByte(' ')
		}
		for _, g := range it.Word.Glyphs {
			b.WriteRune(of[g.GID])
		}
		end = it.X + it.Word.Width
	}
	return b.String()
}

func TestVisualOrder(t *testing.T) {
	for _, c := range [][2]string{
		{"abc def", "abc def"},
		{"abc אבג def", "abc גבא def"},
		{"x אבג דהו y", "x והד גבא y"},
		{"אבג abc דהו", "והד abc גבא"},
		{"x אבג 123 abc", "x 123 גבא abc"}, // a number before Latin after Hebrew: levels 2 and 0 side by side
		{"אבג 123 abc", "abc 123 גבא"},
		{"x (אבג) y", "x (גבא) y"},
		{"א (b) ג", "ג (b) א"},
		{"\u202Eabc\u202C x", "abc x"},     // an override does not change what is shown
		{"x \u2066אבג\u2069 1", "x 1 גבא"}, // nor does an isolate
		{"x אבג\u200E 1", "x גבא 1"},       // a mark does
	} {
		if got := visual(t, c[0]); got != c[1] {
			t.Errorf("%q is drawn as %q, want %q", c[0], got, c[1])
		}
	}
}

// Unicode's own test of the bidi algorithm, which the bidi module carries: the
// levels that we read from it are right, and so is the order that we make.
func TestBidiConformance(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-text/typesetting").Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "bidi", "test", "BidiCharacterTest.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var p bidi.Paragraph
	tested := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		fields := strings.Split(sc.Text(), ";")
		if len(fields) != 5 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		dir := map[string]bidi.Direction{"0": bidi.LeftToRight, "1": bidi.RightToLeft, "2": bidi.Neutral}[fields[1]]
		var text []byte
		var starts []int
		for _, hex := range strings.Fields(fields[0]) {
			r, err := strconv.ParseUint(hex, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			starts = append(starts, len(text))
			text = append(text, string(rune(r))...)
		}
		levels := bidiLevels(&p, text, dir, nil)
		var items []Item
		for i, want := range strings.Fields(fields[3]) {
			if want == "x" {
				continue
			}
			if got := strconv.Itoa(int(levels[starts[i]])); got != want {
				t.Fatalf("%s: character %d has level %s, want %s", fields[0], i, got, want)
			}
			items = append(items, Item{level: levels[starts[i]], spaces: uint16(i)})
		}
		reorder(items)
		var order []string
		for _, it := range items {
			order = append(order, strconv.Itoa(int(it.spaces)))
		}
		if !slices.Equal(order, strings.Fields(fields[4])) {
			t.Fatalf("%s: order %v, want %s", fields[0], order, fields[4])
		}
		tested++
	}
	if tested < 10_000 {
		t.Errorf("only %d cases", tested)
	}
}
