package fonts

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// sfnt is one font of a TrueType or OpenType file: where its tables lie. The
// directory is read here and not by opentype.Loader because that trusts the
// lengths stated in the file when it allocates.
type sfnt struct {
	src    *io.SectionReader
	flavor [4]byte
	tables []sfntTable
}

type sfntTable struct {
	tag            string
	offset, length uint32 // within the file
}

// ignoredTables hold pictures of glyphs other than outlines, which would take
// precedence over them.
var ignoredTables = []string{"CBDT", "CBLC", "COLR", "CPAL", "EBDT", "EBLC", "EBSC", "SVG ", "bdat", "bloc", "sbix"}

const (
	sfntHeaderSize = 12
	sfntEntrySize  = 16

	// maxPoints bounds the points of all glyphs. A CJK font of 65,535 glyphs
	// has some eight million.
	maxPoints = 32 << 20
)

func parseSFNT(src *io.SectionReader, index int) (c *content, err error) {
	defer recoverCorrupt(&err)
	s, err := openSFNT(src, index)
	if err != nil {
		return nil, err
	}
	return s.content()
}

// recoverCorrupt turns a panic of the font library on a malformed table into an error.
func recoverCorrupt(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("font is corrupt: %v", p)
	}
}

func openSFNT(src *io.SectionReader, index int) (*sfnt, error) {
	offset, err := sfntOffset(src, index)
	if err != nil {
		return nil, err
	}
	s := &sfnt{src: src}
	var header [sfntHeaderSize]byte
	if _, err := src.ReadAt(header[:], offset); err != nil {
		return nil, fmt.Errorf("table directory: %w", shortFile(err))
	}
	copy(s.flavor[:], header[:])
	if !slices.Contains([]string{"\x00\x01\x00\x00", "OTTO", "true"}, string(s.flavor[:])) {
		return nil, fmt.Errorf("table directory begins with %q, not that of an outline font", s.flavor)
	}
	entries := make([]byte, sfntEntrySize*int(binary.BigEndian.Uint16(header[4:])))
	if _, err := src.ReadAt(entries, offset+sfntHeaderSize); err != nil {
		return nil, fmt.Errorf("table directory: %w", shortFile(err))
	}
	for e := range slices.Chunk(entries, sfntEntrySize) {
		t := sfntTable{string(e[:4]), binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])}
		if end := int64(t.offset) + int64(t.length); end > src.Size() {
			return nil, fmt.Errorf("table %q ends at byte %d of %d: the file is cut short", t.tag, end, src.Size())
		}
		s.tables = append(s.tables, t)
	}
	slices.SortStableFunc(s.tables, func(a, b sfntTable) int { return cmp.Compare(a.tag, b.tag) })
	s.tables = slices.CompactFunc(s.tables, func(a, b sfntTable) bool { return a.tag == b.tag })
	return s, nil
}

// sfntOffset returns where the table directory of font number index lies.
func sfntOffset(src *io.SectionReader, index int) (int64, error) {
	var header [12]byte
	if _, err := src.ReadAt(header[:], 0); err != nil {
		return 0, shortFile(err)
	}
	count := uint32(1)
	collection := string(header[:4]) == "ttcf"
	if collection {
		count = binary.BigEndian.Uint32(header[8:])
	}
	if index < 0 || int64(index) >= int64(count) {
		return 0, fmt.Errorf("font %d of a file of %d; 0 to %d are accepted", index, count, int64(count)-1)
	}
	if !collection {
		return 0, nil
	}
	var offset [4]byte
	if _, err := src.ReadAt(offset[:], int64(len(header))+4*int64(index)); err != nil {
		return 0, fmt.Errorf("collection header: %w", shortFile(err))
	}
	return int64(binary.BigEndian.Uint32(offset[:])), nil
}

func shortFile(err error) error {
	if err == io.EOF {
		return errors.New("the file is cut short")
	}
	return err
}

// find returns the place of a table and whether the font has it.
func (s *sfnt) find(tag string) (sfntTable, bool) {
	i, ok := slices.BinarySearchFunc(s.tables, tag, func(t sfntTable, tag string) int { return cmp.Compare(t.tag, tag) })
	if !ok {
		return sfntTable{}, false
	}
	return s.tables[i], true
}

// table reads a table that has at least size bytes.
func (s *sfnt) table(tag string, size int) ([]byte, error) {
	t, ok := s.find(tag)
	if !ok {
		return nil, fmt.Errorf("table %q is missing", tag)
	}
	if int64(t.length) < int64(size) {
		return nil, fmt.Errorf("table %q has %d bytes, not %d", tag, t.length, size)
	}
	data := make([]byte, t.length)
	if _, err := s.src.ReadAt(data, int64(t.offset)); err != nil {
		return nil, fmt.Errorf("table %q: %w", tag, shortFile(err))
	}
	return data, nil
}

// content reads what is needed to place and measure glyphs.
func (s *sfnt) content() (*content, error) {
	head, err := s.table("head", 54)
	if err != nil {
		return nil, err
	}
	hhea, err := s.table("hhea", 36)
	if err != nil {
		return nil, err
	}
	maxp, err := s.table("maxp", 6)
	if err != nil {
		return nil, err
	}
	c := &content{
		unitsPerEm: int(binary.BigEndian.Uint16(head[18:])),
		ascent:     int(int16(binary.BigEndian.Uint16(hhea[4:]))),
		descent:    -int(int16(binary.BigEndian.Uint16(hhea[6:]))),
	}
	if magic := binary.BigEndian.Uint32(head[12:]); magic != 0x5F0F3CF5 {
		return nil, fmt.Errorf("table %q is corrupt: magic number %#x", "head", magic)
	}
	if c.unitsPerEm < 16 || c.unitsPerEm > 16384 {
		return nil, fmt.Errorf("em of %d units; 16 to 16384 are accepted", c.unitsPerEm)
	}
	c.descent = max(c.descent, -c.descent) // some fonts have the sign wrong
	if c.ascent < 0 || c.ascent+c.descent == 0 {
		return nil, fmt.Errorf("table %q has ascent %d and descent %d", "hhea", c.ascent, c.descent)
	}
	numGlyphs := uint32(binary.BigEndian.Uint16(maxp[4:]))
	longLoca := binary.BigEndian.Uint16(head[50:]) == 1
	longMetrics := int(binary.BigEndian.Uint16(hhea[34:]))
	if err := s.checkGlyphTables(int(numGlyphs), longMetrics, longLoca); err != nil {
		return nil, err
	}
	chars, err := s.charmap(numGlyphs)
	if err != nil {
		return nil, err
	}
	c.chars = chars
	s.names(c)
	c.outline = sync.OnceValues(func() (*font.Font, error) {
		f, err := s.outline(int(numGlyphs), longLoca, chars.first)
		if err != nil {
			return nil, fmt.Errorf("parsing the glyphs of font %q: %w", c.family, err)
		}
		return f, nil
	})
	return c, nil
}

// checkGlyphTables looks for what would otherwise come out as blank glyphs,
// because font.NewFont takes every table but three as optional.
func (s *sfnt) checkGlyphTables(numGlyphs, longMetrics int, longLoca bool) error {
	if longMetrics < 1 || longMetrics > numGlyphs {
		return fmt.Errorf("table %q has widths for %d of %d glyphs", "hhea", longMetrics, numGlyphs)
	}
	if t, _ := s.find("hmtx"); int64(t.length) < int64(4*longMetrics) {
		return fmt.Errorf("table %q has %d bytes, not %d", "hmtx", t.length, 4*longMetrics)
	}
	for _, tag := range []string{"CFF ", "CFF2"} {
		if t, ok := s.find(tag); ok && t.length > 0 {
			return nil
		}
	}
	if t, ok := s.find("glyf"); !ok || t.length == 0 {
		return errors.New("font has no outlines (tables glyf, CFF and CFF2); fonts of bitmaps or colours in OpenType are not supported")
	}
	size := 2
	if longLoca {
		size = 4
	}
	if t, _ := s.find("loca"); int64(t.length) < int64(size*(numGlyphs+1)) {
		return fmt.Errorf("table %q has %d bytes, not %d", "loca", t.length, size*(numGlyphs+1))
	}
	return nil
}

// names fills in the family, style and version, which may be missing.
func (s *sfnt) names(c *content) {
	// An unreadable name costs a label, not the font.
	defer func() { _ = recover() }()
	raw, err := s.table("name", 6)
	if err != nil || len(raw) > 1<<20 {
		return
	}
	name, _, err := tables.ParseName(raw)
	if err != nil {
		return
	}
	first := func(ids ...tables.NameID) string {
		for _, id := range ids {
			if v := strings.TrimSpace(name.Name(id)); v != "" {
				return v
			}
		}
		return ""
	}
	c.family = first(16, 1)
	c.style = first(17, 2)
	version, _, _ := strings.Cut(first(5), ";")
	c.version = strings.TrimPrefix(version, "Version ")
}

// outline parses the whole font.
func (s *sfnt) outline(numGlyphs int, longLoca bool, first uint32) (f *font.Font, err error) {
	defer recoverCorrupt(&err)
	if err := s.checkGlyf(numGlyphs, longLoca); err != nil {
		return nil, err
	}
	loader, err := opentype.NewLoader(s.resource())
	if err != nil {
		return nil, err
	}
	if f, err = font.NewFont(loader); err != nil {
		return nil, err
	}
	if _, ok := font.NewFace(f).GlyphDataOutline(font.GID(first)); !ok {
		return nil, fmt.Errorf("font is corrupt: glyph %d cannot be read", first)
	}
	return f, nil
}

// checkGlyf refuses TrueType glyphs that overlap in the file, or that unpack to
// more points than any real font has: both cost memory far beyond the file's size.
func (s *sfnt) checkGlyf(numGlyphs int, longLoca bool) error {
	glyf, ok := s.find("glyf")
	if !ok {
		return nil
	}
	loca, err := s.table("loca", 0)
	if err != nil {
		return err
	}
	offset := func(i int) int64 {
		if longLoca {
			return int64(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int64(binary.BigEndian.Uint16(loca[2*i:]))
	}
	points := 0
	for i := range numGlyphs {
		start, end := offset(i), offset(i+1)
		if start > end || end > int64(glyf.length) {
			return fmt.Errorf("font is corrupt: glyph %d takes bytes %d to %d of %d", i, start, end, glyf.length)
		}
		points += s.glyphPoints(int64(glyf.offset)+start, end-start)
	}
	if points > maxPoints {
		return fmt.Errorf("glyphs have %d points; up to %d are accepted", points, maxPoints)
	}
	return nil
}

// glyphPoints returns the number of points of a glyph, 0 for one that is made
// of others or too short to read.
func (s *sfnt) glyphPoints(offset, length int64) int {
	const header = 10
	var n [2]byte
	if length < header {
		return 0
	}
	if _, err := s.src.ReadAt(n[:], offset); err != nil {
		return 0
	}
	contours := int64(int16(binary.BigEndian.Uint16(n[:])))
	last := header + 2*(contours-1) // the number of the last point
	if contours < 1 || last+2 > length {
		return 0
	}
	if _, err := s.src.ReadAt(n[:], offset+last); err != nil {
		return 0
	}
	return int(binary.BigEndian.Uint16(n[:])) + 1
}

// resource returns the font as a file of its own: with a directory of just this
// font, in front of the bytes of the file.
func (s *sfnt) resource() opentype.Resource {
	var kept []sfntTable
	for _, t := range s.tables {
		if !slices.Contains(ignoredTables, t.tag) {
			kept = append(kept, t)
		}
	}
	size := sfntHeaderSize + sfntEntrySize*len(kept)
	head := make([]byte, sfntHeaderSize, size)
	copy(head, s.flavor[:])
	binary.BigEndian.PutUint16(head[4:], uint16(len(kept)))
	for _, t := range kept {
		head = append(head, t.tag...)
		head = binary.BigEndian.AppendUint32(head, 0) // the checksum, which nothing reads
		head = binary.BigEndian.AppendUint32(head, t.offset+uint32(size))
		head = binary.BigEndian.AppendUint32(head, t.length)
	}
	return io.NewSectionReader(prefixed{head, s.src}, 0, int64(size)+s.src.Size())
}

// prefixed reads head and then body.
type prefixed struct {
	head []byte
	body io.ReaderAt
}

func (p prefixed) ReadAt(b []byte, offset int64) (int, error) {
	n, _ := bytes.NewReader(p.head).ReadAt(b, offset)
	if n == len(b) {
		return n, nil
	}
	m, err := p.body.ReadAt(b[n:], offset+int64(n)-int64(len(p.head)))
	return n + m, err
}
