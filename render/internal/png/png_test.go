package png_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image"
	"image/color"
	stdpng "image/png"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/render/internal/png"
)

// at returns the colour index of a pixel of m.
func at(m *png.Image, x, y int) int {
	bit := x * m.Bits
	w := m.Pix[y*m.Stride+bit/64]
	return int(w>>(64-m.Bits-bit%64)) & (1<<m.Bits - 1)
}

// set makes index the colour index of a pixel of m.
func set(m *png.Image, x, y, index int) {
	bit := x * m.Bits
	w := &m.Pix[y*m.Stride+bit/64]
	shift := 64 - m.Bits - bit%64
	*w = *w&^((1<<m.Bits-1)<<shift) | uint64(index)<<shift
}

// random returns a picture of indices in used, with noise right of Width and
// between the rows, and a palette with colours to spare.
func random(rnd *rand.Rand, width, height, bits int, used uint16) *png.Image {
	m := &png.Image{Width: width, Height: height, Bits: bits, Used: used}
	m.Stride = (width*bits+63)/64 + rnd.IntN(3)
	m.Pix = make([]uint64, m.Stride*height)
	for i := range m.Pix {
		m.Pix[i] = rnd.Uint64()
	}
	var indices []int
	for i := range 1 << bits {
		if used>>i&1 != 0 {
			indices = append(indices, i)
		}
		m.Palette = append(m.Palette, color.RGBA{byte(rnd.Uint32()), byte(i), byte(rnd.Uint32()), byte(rnd.Uint32())})
	}
	run := 1 + rnd.IntN(20)
	for y := range height {
		index := indices[0]
		for x := range width {
			if rnd.IntN(run) == 0 {
				index = indices[rnd.IntN(len(indices))]
			}
			set(m, x, y, index)
		}
	}
	return m
}

func encode(tb testing.TB, m *png.Image) []byte {
	tb.Helper()
	var e png.Encoder
	file, err := e.Append(nil, m)
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// checkFile fails unless file decodes to m and is built as it should be.
func checkFile(tb testing.TB, file []byte, m *png.Image) {
	tb.Helper()
	decoded, err := stdpng.Decode(bytes.NewReader(file))
	if err != nil {
		tb.Fatalf("decoding: %v", err)
	}
	got, ok := decoded.(*image.Paletted)
	if !ok || got.Rect != image.Rect(0, 0, m.Width, m.Height) {
		tb.Fatalf("decoded as %T of %v, want a palette image of %dx%d", decoded, decoded.Bounds(), m.Width, m.Height)
	}
	var palette color.Palette
	rank := map[int]uint8{}
	for i, c := range m.Palette {
		if m.Used>>i&1 != 0 {
			rank[i] = uint8(len(palette))
			palette = append(palette, color.RGBA{c.R, c.G, c.B, 255})
		}
	}
	if !slices.Equal(got.Palette, palette) {
		tb.Fatalf("palette %v, want %v", got.Palette, palette)
	}
	for y := range m.Height {
		for x := range m.Width {
			if got, want := got.ColorIndexAt(x, y), rank[at(m, x, y)]; got != want {
				tb.Fatalf("pixel %d, %d has colour %d, want %d", x, y, got, want)
			}
		}
	}

	depth := byte(1)
	if len(palette) > 4 {
		depth = 4
	} else if len(palette) > 2 {
		depth = 2
	}
	if file[24] != depth {
		tb.Errorf("bit depth %d for %d colours, want %d", file[24], len(palette), depth)
	}
	if kinds, _ := chunks(file); !slices.Equal(kinds, []string{"IHDR", "PLTE", "IDAT", "IEND"}) {
		tb.Errorf("chunks %v", kinds)
	}
	for y, row := range slices.Collect(slices.Chunk(unzip(tb, file), 1+(m.Width*int(depth)+7)/8)) {
		if row[0] != 0 {
			tb.Fatalf("row %d has filter %d, want none", y, row[0])
		}
	}
}

// chunks returns the kinds of the chunks of a PNG file, in order, and the data
// of its IDAT.
func chunks(file []byte) (kinds []string, idat []byte) {
	for file = file[8:]; len(file) > 0; {
		n := binary.BigEndian.Uint32(file)
		kinds = append(kinds, string(file[4:8]))
		if kinds[len(kinds)-1] == "IDAT" {
			idat = append(idat, file[8:8+n]...)
		}
		file = file[12+n:]
	}
	return kinds, idat
}

// unzip returns the rows of a PNG file as they are before compression.
func unzip(tb testing.TB, file []byte) []byte {
	tb.Helper()
	_, idat := chunks(file)
	z, err := zlib.NewReader(bytes.NewReader(idat))
	if err != nil {
		tb.Fatal(err)
	}
	rows, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	return rows
}

func TestAppendAllWidths(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	var e png.Encoder
	for width := 1; width <= 200; width++ {
		for _, bits := range []int{1, 4} {
			for range 4 {
				used := uint16(rnd.Uint32()) & (1<<(1<<bits) - 1)
				if rnd.IntN(2) == 0 {
					used &= uint16(rnd.Uint32())
					used &= uint16(rnd.Uint32()) // few colours
				}
				if used == 0 {
					used = 1<<(1<<bits) - 1
				}
				m := random(rnd, width, 1+rnd.IntN(8), bits, used)
				file, err := e.Append(nil, m)
				if err != nil {
					t.Fatalf("%d px of %d bits, Used %#x: %v", width, bits, used, err)
				}
				checkFile(t, file, m)
			}
		}
	}
}

func TestAppendEveryUsed(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 1))
	for used := uint16(1); used <= 3; used++ {
		m := random(rnd, 77, 3, 1, used)
		checkFile(t, encode(t, m), m)
	}
	// All sets of 4 bits, one in 61.
	for used := 1; used < 1<<16; used += 61 {
		m := random(rnd, 35, 2, 4, uint16(used))
		checkFile(t, encode(t, m), m)
	}
}

// Pictures that are larger than the window of the encoder, and the longest
// rows and columns.
func TestAppendLarge(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, size := range []struct{ width, height, bits int }{
		{2000, 1100, 4}, {6000, 2000, 1}, {png.MaxSide, 40, 4}, {png.MaxSide, 3, 1}, {1, png.MaxSide, 4},
	} {
		m := random(rnd, size.width, size.height, size.bits, 1<<(1<<size.bits)-1)
		checkFile(t, encode(t, m), m)
	}
}

func TestAppendPages(t *testing.T) {
	for _, page := range pages(t) {
		file := encode(t, page.Image)
		checkFile(t, file, page.Image)

		// A page takes no more bytes than with the library's fastest level.
		var std bytes.Buffer
		z, _ := zlib.NewWriterLevel(&std, zlib.BestSpeed)
		z.Write(unzip(t, file))
		z.Close()
		if _, idat := chunks(file); len(idat) > std.Len() {
			t.Errorf("%s page: %d bytes of IDAT, compress/zlib makes it %d", page.name, len(idat), std.Len())
		}
	}
}

func TestAppendReuse(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 1))
	var pictures []*png.Image
	var files [][]byte
	for range 12 {
		bits := 1 + 3*rnd.IntN(2)
		pictures = append(pictures, random(rnd, 1+rnd.IntN(900), 1+rnd.IntN(900), bits, 1<<(1<<bits)-1))
		files = append(files, encode(t, pictures[len(pictures)-1]))
	}
	var e png.Encoder
	for range 60 {
		i := rnd.IntN(len(pictures))
		prefix := make([]byte, rnd.IntN(5), rnd.IntN(5000)+5)
		got, err := e.Append(prefix, pictures[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got[:len(prefix)], prefix) {
			t.Fatal("Append changed what was in dst")
		}
		if !bytes.Equal(got[len(prefix):], files[i]) {
			t.Fatalf("picture %d: a used encoder writes another file", i)
		}
	}
}

// The bytes are the same on every machine. They change, and with them this
// hash, whenever the encoder is improved.
func TestAppendSameEverywhere(t *testing.T) {
	h := sha256.New()
	rnd := rand.New(rand.NewPCG(5, 1))
	for range 8 {
		h.Write(encode(t, random(rnd, 1200, 500, 4, 0xffff)))
		h.Write(encode(t, random(rnd, 1200, 500, 4, 0x0a8f)))
		h.Write(encode(t, random(rnd, 1200, 500, 1, 3)))
	}
	const want = "97bd70ae8e8ac24fbd6d92a7d3d4fe226000aa1dd2c8fc2d9f5ea759c054fda0"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("SHA-256 of 24 files is %s, want %s", got, want)
	}
}

func TestAppendErrors(t *testing.T) {
	valid := func() *png.Image {
		return &png.Image{
			Width: 100, Height: 10, Bits: 4, Stride: 7, Pix: make([]uint64, 70),
			Palette: make([]color.RGBA, 16), Used: 0xffff,
		}
	}
	tests := []struct {
		name  string
		spoil func(m *png.Image)
		want  string
	}{
		{"zero width", func(m *png.Image) { m.Width = 0 }, "must be 1 to 32767 px"},
		{"negative height", func(m *png.Image) { m.Height = -1 }, "must be 1 to 32767 px"},
		{"too wide", func(m *png.Image) { m.Width = 32768 }, "must be 1 to 32767 px"},
		{"too high", func(m *png.Image) { m.Height = math.MaxInt }, "must be 1 to 32767 px"},
		{"two bits", func(m *png.Image) { m.Bits = 2 }, "1 and 4 are accepted"},
		{"nothing used", func(m *png.Image) { m.Used = 0 }, "used names no colour index"},
		{"index too large", func(m *png.Image) { m.Bits, m.Used = 1, 5 }, "used names colour index 2"},
		{"short palette", func(m *png.Image) { m.Palette = m.Palette[:15] }, "the palette has 15 colours"},
		{"no palette", func(m *png.Image) { m.Palette = nil }, "the palette has 0 colours"},
		{"small stride", func(m *png.Image) { m.Stride = 6 }, "a row of 100 px takes 7"},
		{"negative stride", func(m *png.Image) { m.Stride = -7 }, "a row of 100 px takes 7"},
		{"huge stride", func(m *png.Image) { m.Stride = math.MaxInt }, "10 rows are needed"},
		{"short pixels", func(m *png.Image) { m.Pix = m.Pix[:69] }, "69 words of pixels"},
		{"no pixels", func(m *png.Image) { m.Pix = nil }, "0 words of pixels"},
		{"foreign index", func(m *png.Image) { m.Used = 0x7fff; set(m, 99, 9, 15) }, "row 9 has a colour index"},
		{"foreign index, renumbered", func(m *png.Image) { m.Used = 0xfffd; set(m, 3, 4, 1) }, "row 4 has a colour index"},
		{"foreign index, narrowed", func(m *png.Image) { m.Used = 3; set(m, 50, 0, 2) }, "row 0 has a colour index"},
		{"foreign index of one bit", func(m *png.Image) { m.Bits, m.Used = 1, 1; set(m, 5, 2, 1) }, "row 2 has a colour index"},
	}
	var e png.Encoder
	for _, test := range tests {
		m := valid()
		test.spoil(m)
		got, err := e.Append([]byte("before"), m)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "encoding PNG") {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
		if string(got) != "before" {
			t.Errorf("%s: dst became %q", test.name, got)
		}
	}
	m := valid()
	m.Pix = m.Pix[:9*7+7] // the last row needs no stride
	if _, err := e.Append(nil, m); err != nil {
		t.Errorf("after errors: %v", err)
	}
}

func FuzzAppend(f *testing.F) {
	f.Add(uint16(20), uint16(8), true, uint16(3), []byte("\x80\x40\x20\x10"))
	f.Add(uint16(300), uint16(200), false, uint16(0xffff), []byte("glyph"))
	f.Add(uint16(33), uint16(2), false, uint16(0x8001), []byte{0x0f, 0xf0})
	f.Add(uint16(0), uint16(40000), false, uint16(0), []byte{})
	var e png.Encoder
	f.Fuzz(func(t *testing.T, width, height uint16, oneBit bool, used uint16, data []byte) {
		m := &png.Image{Width: int(width), Height: int(height), Bits: 4, Used: used, Palette: make([]color.RGBA, 16)}
		if oneBit {
			m.Bits = 1
		}
		m.Stride = (m.Width*m.Bits + 63) / 64
		if m.Width*m.Height > 1<<18 {
			t.Skip("takes too long")
		}
		m.Pix = make([]uint64, m.Stride*m.Height)
		for i := range m.Pix {
			for j := range 8 {
				if len(data) > 0 {
					m.Pix[i] = m.Pix[i]<<8 | uint64(data[(i*8+j)%len(data)])
				}
			}
		}
		file, err := e.Append(nil, m)

		valid := width > 0 && height > 0 && width <= png.MaxSide && height <= png.MaxSide && used != 0 && (!oneBit || used <= 3)
		for y := 0; valid && y < m.Height; y++ {
			for x := range m.Width {
				valid = valid && used>>at(m, x, y)&1 != 0
			}
		}
		if valid != (err == nil) {
			t.Fatalf("%dx%d px of %d bits, Used %#x: error %v, valid %v", width, height, m.Bits, used, err, valid)
		}
		if err == nil {
			checkFile(t, file, m)
		}
	})
}
