package png

import (
	"bytes"
	"compress/flate"
	"fmt"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
)

// compress feeds data to d in pieces of piece bytes and has it compressed in
// blocks of at most block bytes.
func compress(d *deflater, data []byte, piece, block int) []byte {
	d.reset()
	var dst []byte
	left := len(data)
	for {
		size := min(block, left)
		left -= size
		for d.pending() < size {
			n := copy(d.room(piece)[:piece], data)
			d.grow(n)
			data = data[n:]
		}
		dst = d.block(dst, size, left == 0)
		if left == 0 {
			return dst
		}
	}
}

func inflate(tb testing.TB, stream []byte) []byte {
	tb.Helper()
	in := bytes.NewReader(stream)
	out, err := io.ReadAll(flate.NewReader(in))
	if err != nil {
		tb.Fatalf("inflating: %v", err)
	}
	if in.Len() > 0 {
		tb.Fatalf("%d bytes behind the last block", in.Len())
	}
	return out
}

func noise(seed uint64, n int) []byte {
	rnd := rand.New(rand.NewPCG(seed, 0))
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(rnd.Uint32())
	}
	return p
}

// repeated is noise of 600 bytes, twice, the second one distance bytes after
// the first.
func repeated(distance int) []byte {
	p := noise(1, distance+600)
	copy(p[distance:], p[:600])
	return p
}

// words is what is hard on the tables: everything occurs again, at distances
// of all sizes, in pieces of 4 to 20 bytes.
func words(n int) []byte {
	rnd := rand.New(rand.NewPCG(2, 0))
	p := noise(3, 1000)
	for len(p) < n {
		length := 4 + rnd.IntN(17)
		from := len(p) - length - rnd.IntN(min(len(p)-length, 40_000))
		p = append(p, p[from:from+length]...)
	}
	return p
}

func TestDeflateInverse(t *testing.T) {
	inputs := map[string][]byte{
		"empty":       nil,
		"alternating": bytes.Repeat([]byte{0x55, 0xaa}, 50_000),
		"noise":       noise(4, 700_000),
		"words":       words(1_000_000),
		"half noise":  append(make([]byte, 300_000), noise(5, 300_000)...),
	}
	for n := range 40 {
		inputs[fmt.Sprint("noise of ", n)] = noise(6, n)
		inputs[fmt.Sprint("zeros of ", n)] = make([]byte, n)
	}
	for _, n := range []int{256, 257, 258, 259, 260, 516, 517, 1000, 65535, 65536, maxBlock, maxBlock + 1, windowSize + 5} {
		inputs[fmt.Sprint("same byte ", n)] = bytes.Repeat([]byte{0xff}, n)
		inputs[fmt.Sprint("noise of ", n)] = noise(7, n)
		p := bytes.Repeat([]byte{0}, n)
		inputs[fmt.Sprint("run in noise ", n)] = append(append(noise(8, 50), p...), noise(9, 50)...)
	}
	for distance := 1; distance < 20; distance++ {
		inputs[fmt.Sprint("period ", distance)] = bytes.Repeat(noise(10, distance), 3000)
	}
	for _, distance := range []int{span - 2, span - 1, span, span + 1, 2 * span, 2*span + 1} {
		inputs[fmt.Sprint("distance ", distance)] = repeated(distance)
	}

	d := new(deflater)
	for name, data := range inputs {
		for _, size := range []struct{ piece, block int }{{maxRow, maxBlock}, {197, 9000}} {
			if got := inflate(t, compress(d, data, size.piece, size.block)); !bytes.Equal(got, data) {
				t.Errorf("%s, in blocks of %d: %d bytes came back as %d others", name, size.block, len(data), len(got))
			}
		}
	}
}

func TestDeflateSize(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		max  int
	}{
		{"nothing", nil, 2},
		{"one byte", []byte{0}, 3},
		{"200 KB of one byte", make([]byte, 200_000), 300},
		{"noise", noise(1, 100_000), 100_000 + 20},
		{"repetition at the greatest distance", repeated(span - 1), span - 1 + 100},
		{"two values", bytes.Repeat([]byte{1, 2, 2, 2, 1, 2, 1, 1}, 20_000), 700},
	}
	for _, test := range tests {
		if n := len(compress(new(deflater), test.data, 500, maxBlock)); n > test.max {
			t.Errorf("%s: %d bytes, want at most %d", test.name, n, test.max)
		}
	}
}

func FuzzDeflate(f *testing.F) {
	f.Add([]byte("glyph rows, glyph rows, glyph rows"), uint16(7), uint16(1), uint8(3))
	f.Add(make([]byte, 600), uint16(300), uint16(258), uint8(0))
	f.Add(noise(1, 100), uint16(5000), uint16(33), uint8(200))
	d := new(deflater)
	f.Fuzz(func(t *testing.T, seed []byte, repeat, block uint16, extra uint8) {
		// Long inputs from short ones: repeated, each time cut elsewhere.
		data := slices.Clone(seed)
		for i := 0; i < int(repeat) && len(data) < 70_000 && len(seed) > 0; i++ {
			data = append(data, seed[i*int(extra)%len(seed):]...)
			data = append(data, byte(i*int(extra)))
		}
		size := max(1+int(block), len(data)/20)
		first := compress(d, data, 1+int(block)%maxRow, size)
		if !bytes.Equal(inflate(t, first), data) {
			t.Fatal("decompressed to other bytes")
		}
		if again := compress(d, data, maxRow-rowSlack, size); !bytes.Equal(again, first) {
			t.Fatal("compressed to other bytes when fed in other pieces")
		}
	})
}

func TestAdler(t *testing.T) {
	data := append(noise(1, 200_000), bytes.Repeat([]byte{0xff}, 200_000)...)
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		from := rnd.IntN(len(data))
		p := data[from : from+rnd.IntN(min(len(data)-from, 1<<rnd.IntN(19)))]
		cut := rnd.IntN(len(p) + 1)
		if got, want := adler(adler(adlerInit, p[:cut]), p[cut:]), adler32.Checksum(p); got != want {
			t.Fatalf("checksum of %d bytes in two parts, %d first: %#x, want %#x", len(p), cut, got, want)
		}
	}
	if got, want := adler(adlerInit, data), adler32.Checksum(data); got != want {
		t.Errorf("checksum of %d bytes: %#x, want %#x", len(data), got, want)
	}
}
