package fonts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// The Portable Compiled Format of the X Window System: a directory of tables,
// each in the byte and bit order that it states in its first word.
const (
	pcfMagic = "\x01fcp"

	pcfProperties      = 1 << 0
	pcfAccelerators    = 1 << 1
	pcfMetrics         = 1 << 2
	pcfBitmaps         = 1 << 3
	pcfEncodings       = 1 << 5
	pcfBDFAccelerators = 1 << 8

	// maxPCFTables bounds the directory; the format knows nine tables.
	maxPCFTables = 64
)

// Fields of a table's format word.
const (
	pcfGlyphPad          = 3 << 0 // rows are padded to 1<<n bytes
	pcfByteMSB           = 1 << 2
	pcfBitMSB            = 1 << 3
	pcfScanUnit          = 3 << 4 // bits are stored in units of 1<<n bytes
	pcfScanUnitShift     = 4
	pcfCompressedMetrics = 1 << 8
)

func parsePCF(data []byte) (*content, error) {
	tables, err := pcfDirectory(data)
	if err != nil {
		return nil, err
	}
	props, err := pcfReadProperties(tables)
	if err != nil {
		return nil, err
	}
	if err := checkCharset(props["CHARSET_REGISTRY"], props["CHARSET_ENCODING"]); err != nil {
		return nil, err
	}
	strike := &Bitmap{}
	if strike.Ascent, strike.Descent, err = pcfReadLine(tables); err != nil {
		return nil, err
	}
	glyphs, err := pcfReadMetrics(tables)
	if err != nil {
		return nil, err
	}
	pixels, err := pcfReadBitmaps(tables, len(glyphs))
	if err != nil {
		return nil, err
	}
	err = pcfReadEncodings(tables, func(code rune, i int) error {
		if i >= len(glyphs) {
			return fmt.Errorf("U+%04X is glyph %d of %d", code, i, len(glyphs))
		}
		g := glyphs[i]
		if g.Rows, err = pixels.rows(i, g.Width, g.Height); err != nil {
			return fmt.Errorf("glyph of U+%04X: %w", code, err)
		}
		return strike.add(code, g)
	})
	if err != nil {
		return nil, err
	}
	c, err := strike.content()
	if err != nil {
		return nil, err
	}
	c.family, c.style, c.version = props["FAMILY_NAME"], props["WEIGHT_NAME"], props["FONT_VERSION"]
	return c, nil
}

// pcfDirectory returns the tables by type, each at its format word.
func pcfDirectory(data []byte) (map[uint32][]byte, error) {
	r := pcfReader{data: data[len(pcfMagic):], order: binary.LittleEndian}
	n := r.u32()
	if n > maxPCFTables {
		return nil, fmt.Errorf("directory of %d tables; up to %d are accepted", n, maxPCFTables)
	}
	tables := make(map[uint32][]byte, n)
	for range n {
		kind := r.u32()
		r.u32() // the format, which the table repeats
		size, offset := uint64(r.u32()), uint64(r.u32())
		if r.err != nil {
			return nil, fmt.Errorf("table directory: %w", r.err)
		}
		if offset > uint64(len(data)) {
			return nil, fmt.Errorf("table %d begins at byte %d of %d: the file is cut short", kind, offset, len(data))
		}
		// The usual compiler of BDF states a size some bytes too large for the
		// last table. Reading finds out what is really missing.
		tables[kind] = data[offset:min(offset+size, uint64(len(data)))]
	}
	return tables, nil
}

// pcfReadProperties returns the text properties; the table may be absent.
func pcfReadProperties(tables map[uint32][]byte) (map[string]string, error) {
	r, _, err := pcfOpen(tables, pcfProperties)
	if err != nil {
		return nil, nil
	}
	n := int(r.u32())
	if n < 0 || n > len(r.data)/9 {
		return nil, fmt.Errorf("properties: %d of them in %d bytes", n, len(r.data))
	}
	entries := pcfReader{data: r.bytes(9 * n), order: r.order}
	r.bytes(-n & 3)
	text := r.bytes(int(r.u32()))
	if r.err != nil {
		return nil, fmt.Errorf("properties: %w", r.err)
	}
	str := func(offset uint32) string {
		if uint64(offset) >= uint64(len(text)) {
			return ""
		}
		s := text[offset:]
		if end := slices.Index(s, 0); end >= 0 {
			s = s[:end]
		}
		return string(s)
	}
	props := map[string]string{}
	for range n {
		name, isText, value := entries.u32(), entries.u8(), entries.u32()
		switch name := str(name); name {
		case "FAMILY_NAME", "WEIGHT_NAME", "FONT_VERSION", "CHARSET_REGISTRY", "CHARSET_ENCODING":
			if isText != 0 {
				props[name] = str(value)
			}
		}
	}
	return props, nil
}

// pcfReadLine returns the ascent and descent of the font's line.
func pcfReadLine(tables map[uint32][]byte) (ascent, descent int, err error) {
	r, _, err := pcfOpen(tables, pcfBDFAccelerators)
	if err != nil {
		r, _, err = pcfOpen(tables, pcfAccelerators)
	}
	if err != nil {
		return 0, 0, err
	}
	r.bytes(8) // flags
	ascent, descent = int(int32(r.u32())), int(int32(r.u32()))
	if r.err != nil {
		return 0, 0, fmt.Errorf("accelerators: %w", r.err)
	}
	return ascent, descent, nil
}

// pcfReadMetrics returns the glyphs without their pixels.
func pcfReadMetrics(tables map[uint32][]byte) ([]BitmapGlyph, error) {
	r, format, err := pcfOpen(tables, pcfMetrics)
	if err != nil {
		return nil, err
	}
	next, size, n := func() int { return int(int16(r.u16())) }, 12, 0
	if format&pcfCompressedMetrics != 0 {
		next, size = func() int { return int(r.u8()) - 0x80 }, 5
		n = int(r.u16())
	} else {
		n = int(r.u32())
	}
	if n < 0 || n > len(r.data)/size {
		return nil, fmt.Errorf("metrics: %d glyphs in %d bytes", n, len(r.data))
	}
	glyphs := make([]BitmapGlyph, n)
	for i := range glyphs {
		left, right, advance, ascent, descent := next(), next(), next(), next(), next()
		if size == 12 {
			r.u16() // attributes
		}
		glyphs[i] = BitmapGlyph{Left: left, Top: ascent, Width: right - left, Height: ascent + descent, Advance: advance}
	}
	return glyphs, r.err
}

// pcfPixels is the table of bitmaps.
type pcfPixels struct {
	format  uint32
	offsets []uint32
	data    []byte
}

func pcfReadBitmaps(tables map[uint32][]byte, n int) (*pcfPixels, error) {
	r, format, err := pcfOpen(tables, pcfBitmaps)
	if err != nil {
		return nil, err
	}
	if scan := format & pcfScanUnit >> pcfScanUnitShift; scan > 2 {
		return nil, fmt.Errorf("bitmaps: stored in units of %d bytes; 1, 2 and 4 are accepted", 1<<scan)
	}
	if count := r.u32(); uint64(count) != uint64(n) {
		return nil, fmt.Errorf("bitmaps: %d of them for %d metrics", count, n)
	}
	if n > len(r.data)/4 {
		return nil, fmt.Errorf("bitmaps: %d of them in %d bytes", n, len(r.data))
	}
	p := &pcfPixels{format: format, offsets: make([]uint32, n)}
	for i := range p.offsets {
		p.offsets[i] = r.u32()
	}
	r.bytes(16) // size of the pixels for each padding
	p.data = r.data
	return p, r.err
}

// rows returns the pixels of glyph i in new memory, as BitmapGlyph has them.
func (p *pcfPixels) rows(i, width, height int) ([]byte, error) {
	if width < 0 || width > maxGlyphPx || height < 0 || height > maxGlyphPx {
		return nil, fmt.Errorf("%d by %d px; up to %d px are accepted", width, height, maxGlyphPx)
	}
	pad := 1 << (p.format & pcfGlyphPad)
	stride := (width + 7) / 8
	padded := (stride + pad - 1) &^ (pad - 1)
	start := uint64(p.offsets[i])
	end := start + uint64(padded*height)
	if end > uint64(len(p.data)) {
		return nil, fmt.Errorf("pixels end at byte %d of %d", end, len(p.data))
	}
	rows := slices.Clone(p.data[start:end])
	if p.format&pcfBitMSB == 0 {
		for i, b := range rows {
			rows[i] = bits.Reverse8(b)
		}
	}
	// Where bits and bytes run in opposite directions, the bytes of a unit are
	// in the wrong order, whichever direction that is.
	if (p.format&pcfBitMSB == 0) != (p.format&pcfByteMSB == 0) {
		unit := 1 << (p.format & pcfScanUnit >> pcfScanUnitShift)
		for u := range slices.Chunk(rows, unit) {
			slices.Reverse(u)
		}
	}
	for y := range height {
		copy(rows[y*stride:], rows[y*padded:y*padded+stride])
	}
	return rows[:stride*height], nil
}

// pcfReadEncodings calls add with every code point and the index of its glyph.
func pcfReadEncodings(tables map[uint32][]byte, add func(code rune, glyph int) error) error {
	r, _, err := pcfOpen(tables, pcfEncodings)
	if err != nil {
		return err
	}
	firstLow, lastLow := rune(r.u16()), rune(r.u16())
	firstHigh, lastHigh := rune(r.u16()), rune(r.u16())
	r.u16() // the glyph for a missing character
	if max(firstLow, lastLow, firstHigh, lastHigh) > 0xFF {
		return fmt.Errorf("encodings: bytes %d-%d and %d-%d; up to 255 are accepted", firstHigh, lastHigh, firstLow, lastLow)
	}
	const none = 0xFFFF
	for high := firstHigh; high <= lastHigh; high++ {
		for low := firstLow; low <= lastLow; low++ {
			glyph := r.u16()
			if r.err != nil {
				return fmt.Errorf("encodings: %w", r.err)
			}
			if glyph == none {
				continue
			}
			if err := add(high<<8|low, int(glyph)); err != nil {
				return err
			}
		}
	}
	return nil
}

// pcfOpen returns a reader behind the format word of a table.
func pcfOpen(tables map[uint32][]byte, kind uint32) (*pcfReader, uint32, error) {
	data, ok := tables[kind]
	if !ok {
		return nil, 0, fmt.Errorf("table %d is missing", kind)
	}
	r := &pcfReader{data: data, order: binary.LittleEndian}
	format := r.u32()
	if format&pcfByteMSB != 0 {
		r.order = binary.BigEndian
	}
	return r, format, r.err
}

// pcfReader reads numbers; after the first that is not there it yields zeros.
type pcfReader struct {
	data  []byte
	order binary.ByteOrder
	err   error
}

var errPCFShort = errors.New("table is cut short")

// bytes returns the next n bytes, or nil.
func (r *pcfReader) bytes(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.data, r.err = nil, errPCFShort
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *pcfReader) u8() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *pcfReader) u16() uint16 {
	if b := r.bytes(2); b != nil {
		return r.order.Uint16(b)
	}
	return 0
}

func (r *pcfReader) u32() uint32 {
	if b := r.bytes(4); b != nil {
		return r.order.Uint32(b)
	}
	return 0
}
