package fonts

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"testing"
)

// This file makes small font files, whole or broken in one place.

var be = binary.BigEndian

// words is big-endian 16-bit numbers.
func words(v ...int) []byte {
	var b []byte
	for _, w := range v {
		b = be.AppendUint16(b, uint16(w))
	}
	return b
}

// tinyTables are those of a font of two glyphs, the second a triangle for "A"
// to "C", with an em of 100 units, an ascent of 80 and a descent of 20.
func tinyTables() map[string][]byte {
	head := make([]byte, 54)
	be.PutUint32(head[12:], 0x5F0F3CF5)
	be.PutUint16(head[18:], 100)
	hhea := make([]byte, 36)
	copy(hhea[4:], words(80, -20))
	copy(hhea[34:], words(2))
	maxp := make([]byte, 32)
	copy(maxp, words(1, 0, 2))
	triangle := slices.Concat(
		words(1, 0, 0, 50, 70), words(2), words(0), // one contour of three points, no instructions
		[]byte{1, 1, 1}, words(0, 50, -25), words(0, 0, 70), []byte{0})
	name := []byte("TinyRegular")
	return map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp,
		"hmtx": words(60, 0, 60, 0),
		"loca": words(0, 0, len(triangle)/2),
		"glyf": triangle,
		"cmap": cmapTable(cmap12([3]int{'A', 'C', 1})),
		"name": slices.Concat(words(0, 2, 30),
			words(1, 0, 0, 1, 4, 0), words(1, 0, 0, 2, 7, 4), name),
	}
}

// cmapTable is the table with one encoding, of all of Unicode.
func cmapTable(sub []byte) []byte {
	return slices.Concat(words(0, 1, 3, 10, 0, 12), sub)
}

// cmap12 is a subtable of groups of first and last character and first glyph;
// every character of it has a glyph of its own, of which there are but two.
func cmap12(groups ...[3]int) []byte {
	b := words(12, 0)
	for _, v := range []int{16 + 12*len(groups), 0, len(groups)} {
		b = be.AppendUint32(b, uint32(v))
	}
	for _, g := range groups {
		for _, v := range g {
			b = be.AppendUint32(b, uint32(v))
		}
	}
	return b
}

// cmap4 is a subtable of segments of first and last character, delta and offset.
func cmap4(segments ...[4]int) []byte {
	n := len(segments)
	column := func(i int) (b []byte) {
		for _, s := range segments {
			b = append(b, words(s[i])...)
		}
		return b
	}
	body := slices.Concat(column(1), words(0), column(0), column(2), column(3))
	return slices.Concat(words(4, 14+len(body), 0, 2*n, 0, 0, 0), body)
}

// sfntFile writes a font whose tables begin at base bytes into the file.
func sfntFile(tables map[string][]byte, base int) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	directory := append([]byte{0, 1, 0, 0}, words(len(tags), 0, 0, 0)...)
	offset := base + sfntHeaderSize + sfntEntrySize*len(tags)
	var body []byte
	for _, tag := range tags {
		directory = append(directory, tag...)
		for _, v := range []int{0, offset + len(body), len(tables[tag])} {
			directory = be.AppendUint32(directory, uint32(v))
		}
		body = append(body, tables[tag]...)
	}
	return append(directory, body...)
}

// tinyFont is the tiny font after a change to its tables.
func tinyFont(change func(map[string][]byte)) []byte {
	tables := tinyTables()
	if change != nil {
		change(tables)
	}
	return sfntFile(tables, 0)
}

// collection is a TTC of two fonts; the second has twice the em and calls
// itself Tony.
func collection() []byte {
	header := []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02")
	second := tinyTables()
	be.PutUint16(second["head"][18:], 200)
	copy(second["name"][30:], "Tony")
	first := sfntFile(tinyTables(), 20)
	for _, offset := range []int{20, 20 + len(first)} {
		header = be.AppendUint32(header, uint32(offset))
	}
	return slices.Concat(header, first, sfntFile(second, 20+len(first)))
}

// pcfLayout is how a PCF file stores its numbers and pixels.
type pcfLayout struct {
	byteMSB, bitMSB, compressed bool
	pad, unit                   int // log2 of bytes
}

// writePCF compiles glyphs, whose keys are code points.
func writePCF(glyphs map[rune]BitmapGlyph, ascent, descent int, layout pcfLayout) []byte {
	var order binary.AppendByteOrder = binary.LittleEndian
	format := uint32(layout.pad | layout.unit<<4)
	if layout.byteMSB {
		order = binary.BigEndian
		format |= pcfByteMSB
	}
	if layout.bitMSB {
		format |= pcfBitMSB
	}
	u16 := func(b []byte, v int) []byte { return order.AppendUint16(b, uint16(v)) }
	u32 := func(b []byte, v int) []byte { return order.AppendUint32(b, uint32(v)) }
	table := func(extra uint32) []byte { return binary.LittleEndian.AppendUint32(nil, format|extra) }
	codes := slices.Sorted(maps.Keys(glyphs))

	text := []byte("FAMILY_NAME\x00Tiny\x00CHARSET_REGISTRY\x00ISO10646\x00CHARSET_ENCODING\x001\x00")
	at := func(s string) int { return bytes.Index(text, []byte(s+"\x00")) }
	props := u32(table(0), 3)
	for _, p := range [][2]string{{"FAMILY_NAME", "Tiny"}, {"CHARSET_REGISTRY", "ISO10646"}, {"CHARSET_ENCODING", "1"}} {
		props = u32(append(u32(props, at(p[0])), 1), at(p[1]))
	}
	props = append(u32(append(props, 0), len(text)), text...)

	accel := u32(u32(append(table(0), make([]byte, 8)...), ascent), descent)

	var metrics []byte
	if layout.compressed {
		metrics = u16(table(pcfCompressedMetrics), len(codes))
	} else {
		metrics = u32(table(0), len(codes))
	}
	bitmaps := u32(table(0), len(codes))
	var pixels []byte
	for _, code := range codes {
		g := glyphs[code]
		for _, v := range []int{g.Left, g.Left + g.Width, g.Advance, g.Top, g.Height - g.Top} {
			if layout.compressed {
				metrics = append(metrics, byte(v+0x80))
			} else {
				metrics = u16(metrics, v)
			}
		}
		if !layout.compressed {
			metrics = u16(metrics, 0)
		}
		bitmaps = u32(bitmaps, len(pixels))
		pixels = append(pixels, layout.pixels(g)...)
	}
	bitmaps = append(append(bitmaps, make([]byte, 16)...), pixels...)

	lastHigh := codes[len(codes)-1] >> 8
	encodings := table(0)
	for _, v := range []rune{0, 255, 0, lastHigh, 0} {
		encodings = u16(encodings, int(v))
	}
	for code := range lastHigh<<8 + 256 {
		encodings = u16(encodings, slices.Index(codes, code)) // -1 is none
	}
	return pcfFile(map[int][]byte{
		pcfProperties: props, pcfAccelerators: accel, pcfMetrics: metrics,
		pcfBitmaps: bitmaps, pcfEncodings: encodings,
	})
}

func pcfFile(tables map[int][]byte) []byte {
	le := binary.LittleEndian
	head := le.AppendUint32([]byte(pcfMagic), uint32(len(tables)))
	offset := 8 + 16*len(tables)
	var body []byte
	for _, kind := range slices.Sorted(maps.Keys(tables)) {
		t := tables[kind]
		head = le.AppendUint32(head, uint32(kind))
		head = append(head, t[:4]...)
		head = le.AppendUint32(head, uint32(len(t)))
		head = le.AppendUint32(head, uint32(offset+len(body)))
		body = append(body, t...)
	}
	return append(head, body...)
}

// pixels stores the rows of a glyph, padded with garbage.
func (l pcfLayout) pixels(g BitmapGlyph) []byte {
	stride, pad := (g.Width+7)/8, 1<<l.pad
	var out []byte
	for y := range g.Height {
		row := slices.Clone(g.Rows[y*stride : (y+1)*stride])
		for len(row)%pad != 0 {
			row = append(row, 0x5A)
		}
		out = append(out, row...)
	}
	if !l.bitMSB {
		for i := range out {
			out[i] = bits.Reverse8(out[i])
		}
	}
	if l.bitMSB != l.byteMSB {
		for unit := range slices.Chunk(out, 1<<l.unit) {
			slices.Reverse(unit)
		}
	}
	return out
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
