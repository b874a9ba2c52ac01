package ppocr

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func gray(height, width int, ground uint8) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = ground
	}
	return img
}

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngHeader is a PNG that promises a size and has nothing else.
func pngHeader(t *testing.T, width, height uint32) []byte {
	t.Helper()
	data := encode(t, gray(1, 1, 255))
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// picture draws rows of text, where # is ink, with the ground of a grey.
func picture(ground uint8, rows string) *image.Gray {
	lines := strings.Split(strings.Trim(rows, "\n"), "\n")
	img := gray(len(lines), len(lines[0]), ground)
	for y, line := range lines {
		for x, c := range line {
			if c == '#' {
				img.SetGray(x, y, color.Gray{Y: 255 - ground})
			}
		}
	}
	return img
}

const threeLines = `
..................
..#...............
..................
..####.###.#####..
..#.##.###.##.##..
..####.###.#####..
......#...........
..####.###.#####..
..####.##..#####..
..#####.##.#####..
..................
..................
..####..##.#####..
..#.##.###.#.###..
..####.###.#####..
.........#........
`

func TestFindBoxes(t *testing.T) {
	for name, test := range map[string]struct {
		img  *image.Gray
		want []box
	}{
		"blank": {gray(10, 10, 255), nil},
		"dark on light": {picture(255, threeLines), []box{
			image.Rect(2, 1, 16, 6), image.Rect(2, 6, 16, 10), image.Rect(2, 12, 16, 16)}},
		"light on dark": {picture(0, threeLines), []box{
			image.Rect(2, 1, 16, 6), image.Rect(2, 6, 16, 10), image.Rect(2, 12, 16, 16)}},
		"full":      {picture(255, "##.\n##.\n..."), []box{image.Rect(0, 0, 2, 2)}},
		"columns":   {columns(40), []box{image.Rect(0, 0, 8, 8), image.Rect(0, 20, 8, 28), image.Rect(20, 0, 28, 8), image.Rect(20, 20, 28, 28)}},
		"low strip": {strip(), []box{image.Rect(0, 0, 100, 6)}},
	} {
		if got := findBoxes(test.img); !slices.Equal(got, test.want) {
			t.Errorf("%s: boxes %v, want %v", name, got, test.want)
		}
	}
}

// columns is two columns of two lines, of squares of 8 px.
func columns(size int) *image.Gray {
	img := gray(size, size, 255)
	for _, at := range []image.Point{{0, 0}, {20, 0}, {0, 20}, {20, 20}} {
		fill(img, image.Rect(at.X, at.Y, at.X+8, at.Y+8))
	}
	return img
}

// strip is a line of two words far apart.
func strip() *image.Gray {
	img := gray(20, 110, 255)
	fill(img, image.Rect(0, 0, 40, 6))
	fill(img, image.Rect(60, 0, 100, 6))
	return img
}

func fill(img *image.Gray, r box) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.Pix[img.PixOffset(x, y)] = 0
		}
	}
}

// TestSplit: lines too wide for the model are cut in the widest gap of their
// second half, and not where there is ink if that can be.
func TestSplit(t *testing.T) {
	const height = 10
	limit := maxInputWidth * (height + 2*linePad) / inputHeight
	img := gray(height+2*linePad, 5*limit, 255)
	line := image.Rect(0, linePad, 3*limit, linePad+height)
	wordGapAt, letterGapAt := limit-100, limit-50
	fill(img, image.Rect(5, line.Min.Y, wordGapAt, line.Max.Y))
	fill(img, image.Rect(wordGapAt+4, line.Min.Y, letterGapAt, line.Max.Y))
	fill(img, image.Rect(letterGapAt+1, line.Min.Y, 2*limit, line.Max.Y))

	pieces := split(img, []box{line})
	want := []struct {
		from, to           int
		continues, wordGap bool
	}{
		{5, wordGapAt, false, false},
		{wordGapAt + 4, wordGapAt + 4 + limit, true, true},
		{wordGapAt + 4 + limit, 2 * limit, true, false},
	}
	if len(pieces) != len(want) {
		t.Fatalf("%d pieces, want %d", len(pieces), len(want))
	}
	for i, w := range want {
		p := pieces[i]
		if p.box.Min.X != w.from || p.box.Max.X != w.to || p.continues != w.continues || p.wordGap != w.wordGap {
			t.Errorf("piece %d is %d to %d, continues %v, word gap %v; want %+v", i, p.box.Min.X, p.box.Max.X, p.continues, p.wordGap, w)
		}
		if width := p.tensor().width; width > maxInputWidth+2*inputHeight {
			t.Errorf("piece %d is %d px wide for the model", i, width)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, test := range []struct {
		pieces []piece
		texts  []string
		want   string
	}{
		{nil, nil, ""},
		{[]piece{{}, {}}, []string{" one ", "two"}, "one\ntwo\n"},
		{[]piece{{}, {continues: true, wordGap: true}}, []string{"one", "two"}, "one two\n"},
		{[]piece{{}, {continues: true}}, []string{"on", "e"}, "one\n"},
		{[]piece{{}, {continues: true, wordGap: true}}, []string{"中，", "文"}, "中，文\n"},
		{[]piece{{}, {continues: true, wordGap: true}}, []string{"", "x"}, "x\n"},
	} {
		if got := join(test.pieces, test.texts); got != test.want {
			t.Errorf("%q are joined to %q, want %q", test.texts, got, test.want)
		}
	}
}

// TestTighten: wide leading is left out alike above all lines.
func TestTighten(t *testing.T) {
	img := gray(40, 20, 255)
	fill(img, image.Rect(2, 5, 10, 9))
	fill(img, image.Rect(2, 23, 10, 30))
	got := tighten(img, []box{image.Rect(0, 0, 20, 20), image.Rect(0, 20, 20, 40), image.Rect(0, 0, 20, 1)})
	want := []box{image.Rect(0, 3, 20, 10), image.Rect(0, 23, 20, 30), image.Rect(0, 0, 20, 1)}
	if !slices.Equal(got, want) {
		t.Errorf("boxes %v, want %v", got, want)
	}
}

func TestDecodeGray(t *testing.T) {
	bounds := image.Rect(0, 0, 2, 1)
	paletted := image.NewPaletted(bounds, []color.Color{color.White, color.Black, color.Transparent})
	paletted.Pix = []uint8{1, 2}
	rgba := image.NewNRGBA(bounds)
	rgba.Pix = []uint8{0, 0, 0, 255, 0, 0, 0, 0}
	grey16 := image.NewGray16(bounds)
	grey16.Pix = []uint8{0, 0, 255, 255}
	for name, img := range map[string]image.Image{"paletted": paletted, "rgba": rgba, "grey of 16 bits": grey16} {
		got, err := decodeGray(encode(t, img))
		if err != nil {
			t.Fatal(err)
		}
		if want := []uint8{0, 255}; !slices.Equal(got.Pix, want) {
			t.Errorf("%s: pixels %v, want %v", name, got.Pix, want)
		}
	}
}

// FuzzFindBoxes: boxes are in the picture and not empty, whatever it is.
func FuzzFindBoxes(f *testing.F) {
	f.Add(uint8(19), picture(255, threeLines).Pix)
	f.Add(uint8(40), columns(40).Pix)
	f.Fuzz(func(t *testing.T, width uint8, pix []byte) {
		w := int(width) + 1
		h := min(len(pix)/w, 300)
		img := &image.Gray{Pix: pix[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
		boxes := findBoxes(img)
		for _, b := range boxes {
			if b.Empty() || !b.In(img.Rect) {
				t.Fatalf("box %v in %v", b, img.Rect)
			}
		}
		for _, p := range split(img, boxes) {
			if p.box.Empty() || !p.box.In(img.Rect) {
				t.Fatalf("piece %v in %v", p.box, img.Rect)
			}
		}
	})
}
