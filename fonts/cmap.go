package fonts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype/tables"
)

const (
	// maxCmapSize bounds the table of characters in bytes; that of a font of
	// all CJK ideographs with their variants is under 1 MB.
	maxCmapSize = 4 << 20

	// maxCmapEncodings bounds the subtables; fonts have two to eight. More
	// could share the same bytes and take memory many times over.
	maxCmapEncodings = 32

	// maxCmapEntries bounds what one subtable may unpack to, for the same reason.
	maxCmapEntries = 1 << 20
)

// sfntCharmap is the character map of an outline font, the same that a
// font.Font of it has.
type sfntCharmap struct {
	cmap      font.Cmap
	numGlyphs uint32
	first     uint32 // the glyph of the lowest covered code point
}

// charmap reads the table cmap, and OS/2 for the sake of legacy Arabic fonts.
func (s *sfnt) charmap(numGlyphs uint32) (*sfntCharmap, error) {
	raw, err := s.table("cmap", 4)
	if err != nil {
		return nil, err
	}
	if err := checkCmap(raw); err != nil {
		return nil, fmt.Errorf("table %q: %w", "cmap", err)
	}
	table, _, err := tables.ParseCmap(raw)
	if err != nil {
		return nil, err
	}
	var page tables.FontPage
	if raw, err := s.table("OS/2", 0); err == nil {
		if os2, _, err := tables.ParseOs2(raw); err == nil {
			page = os2.FontPage()
		}
	}
	cmap, _, err := font.ProcessCmap(table, page)
	if err != nil {
		return nil, err
	}
	m := &sfntCharmap{cmap: cmap, numGlyphs: numGlyphs}
	if m.first = m.firstGlyph(); m.first == 0 {
		return nil, errors.New(`table "cmap" maps no character to a glyph`)
	}
	return m, nil
}

func (m *sfntCharmap) lookup(r rune) uint32 {
	gid, _ := m.cmap.Lookup(r)
	if uint32(gid) >= m.numGlyphs {
		return 0
	}
	return uint32(gid)
}

func (m *sfntCharmap) firstGlyph() uint32 {
	for _, span := range m.spans() {
		for r := span[0]; r <= span[1]; r++ {
			if gid := m.lookup(r); gid != 0 {
				return gid
			}
		}
	}
	return 0
}

// spans merges the ranges of the table. A table without ranges, or one whose
// characters are mapped further, has one span.
func (m *sfntCharmap) spans() [][2]rune {
	ranger, ok := m.cmap.(font.CmapRuneRanger)
	if !ok {
		return [][2]rune{{0, unicode.MaxRune}}
	}
	ranges := ranger.RuneRanges(nil)
	slices.SortFunc(ranges, func(a, b [2]rune) int { return int(a[0]) - int(b[0]) })
	spans := ranges[:0]
	for _, r := range ranges {
		r[0], r[1] = max(r[0], 0), min(r[1], unicode.MaxRune)
		if n := len(spans); n > 0 && r[0] <= spans[n-1][1] {
			spans[n-1][1] = max(spans[n-1][1], r[1])
		} else if r[0] <= r[1] {
			spans = append(spans, r)
		}
	}
	return spans
}

// checkCmap refuses tables that would take far more memory than their size, or
// on which a lookup in the font library panics. What is only wrong is left to
// the library, which reads what it can.
func checkCmap(raw []byte) error {
	if len(raw) > maxCmapSize {
		return fmt.Errorf("%d bytes; up to %d are accepted", len(raw), maxCmapSize)
	}
	u16 := func(offset int) int { return int(binary.BigEndian.Uint16(raw[offset:])) }
	n := u16(2)
	if n > maxCmapEncodings {
		return fmt.Errorf("%d encodings; up to %d are accepted", n, maxCmapEncodings)
	}
	for i := range n {
		record := 4 + 8*i
		if record+8 > len(raw) {
			return errors.New("cut short in its list of encodings")
		}
		start := int64(binary.BigEndian.Uint32(raw[record+4:]))
		if start+2 > int64(len(raw)) {
			return fmt.Errorf("encoding %d begins at byte %d of %d", i, start, len(raw))
		}
		var err error
		switch sub := raw[start:]; binary.BigEndian.Uint16(sub) {
		case 4:
			err = checkCmap4(sub)
		case 14:
			err = checkCmap14(sub)
		}
		if err != nil {
			return fmt.Errorf("encoding %d: %w", i, err)
		}
	}
	return nil
}

// checkCmap4 looks at the segments of a subtable of 16-bit characters.
func checkCmap4(sub []byte) error {
	if len(sub) < 14 {
		return errors.New("cut short")
	}
	size := int(binary.BigEndian.Uint16(sub[6:])) &^ 1 // of one of its four arrays
	if 16+4*size > len(sub) {
		return errors.New("cut short")
	}
	ends, starts, offsets := sub[14:], sub[16+size:], sub[16+3*size:]
	entries := 0
	for i := 0; i < size; i += 2 {
		if binary.BigEndian.Uint16(offsets[i:]) == 0 {
			continue
		}
		length := binary.BigEndian.Uint16(ends[i:]) - binary.BigEndian.Uint16(starts[i:]) + 1
		if length == 0 {
			return fmt.Errorf("segment %d is the whole plane", i/2)
		}
		entries += int(length)
	}
	if entries > maxCmapEntries {
		return fmt.Errorf("%d characters in 16-bit segments", entries)
	}
	return nil
}

// checkCmap14 looks at the variation sequences of a subtable.
func checkCmap14(sub []byte) error {
	if len(sub) < 10 {
		return errors.New("cut short")
	}
	u32 := func(b []byte) int64 { return int64(binary.BigEndian.Uint32(b)) }
	n := u32(sub[6:])
	if n > int64(len(sub)-10)/11 {
		return errors.New("cut short")
	}
	entries := int64(0)
	for i := range n {
		record := sub[10+11*i:]
		for _, offset := range []int64{u32(record[3:]), u32(record[7:])} {
			if offset != 0 && offset+4 <= int64(len(sub)) {
				entries += u32(sub[offset:])
			}
		}
	}
	if entries > maxCmapEntries {
		return fmt.Errorf("%d variation sequences; up to %d are accepted", entries, maxCmapEntries)
	}
	return nil
}
