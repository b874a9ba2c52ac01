package fonts

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode"
)

// The .hex format of GNU Unifont: a line a character, its code point and its
// pixels in hexadecimal, 16 rows of 8, 16, 24 or 32 px.
const (
	hexHeight  = 16
	hexDescent = 2 // Unifont's baseline is 14 px under the top
)

// isHex reports whether data begin like a .hex font.
func isHex(data []byte) bool {
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		_, _, err := parseHexLine(line, nil)
		return err == nil
	}
	return false
}

func parseHex(data []byte) (*content, error) {
	b := &Bitmap{
		Ascent: hexHeight - hexDescent, Descent: hexDescent,
		glyphs: make([]glyphBox, 1, 1+bytes.Count(data, []byte("\n"))),
		rows:   make([]byte, 0, len(data)/2),
	}
	var rows []byte
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		var r rune
		var err error
		if r, rows, err = parseHexLine(line, rows[:0]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if isHexPlaceholder(r, rows) {
			continue
		}
		width := len(rows) / hexHeight * 8
		err = b.add(r, BitmapGlyph{Top: b.Ascent, Width: width, Height: hexHeight, Advance: width, Rows: rows})
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return b.content()
}

// parseHexLine appends the pixels of a line to rows.
func parseHexLine(line, rows []byte) (rune, []byte, error) {
	code, pixels, ok := bytes.Cut(line, []byte(":"))
	r, err := strconv.ParseUint(string(code), 16, 32)
	if !ok || err != nil || r > unicode.MaxRune {
		return 0, nil, fmt.Errorf("%.20q does not begin with a code point in hexadecimal and a colon", line)
	}
	switch len(pixels) {
	case 32, 64, 96, 128:
	default:
		return 0, nil, fmt.Errorf("U+%04X has %d hexadecimal digits; 32, 64, 96 or 128 are accepted", r, len(pixels))
	}
	rows, err = hex.AppendDecode(rows, pixels)
	if err != nil {
		return 0, nil, fmt.Errorf("pixels of U+%04X: %w", r, err)
	}
	return rune(r), rows, nil
}

var (
	dashedBox = []byte{0xAA, 0xAA, 0x00, 0x01}
	filledBox = []byte{0x00, 0x00, 0x7F, 0xFE}
)

// isHexPlaceholder reports whether a glyph only says which character should
// stand there. Unifont has a picture for every number: a dashed box with an
// abbreviation for a format or filler character, and the number in white on
// black for one that is not assigned. To claim those would hide that nothing
// can draw the character.
func isHexPlaceholder(r rune, rows []byte) bool {
	switch {
	case unicode.Is(unicode.Co, r):
		return true
	case len(rows) != 2*hexHeight:
		return false
	case bytes.HasPrefix(rows, dashedBox):
		return true
	}
	// Some symbols are black squares, too.
	assigned := unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r)
	return !assigned && bytes.HasPrefix(rows, filledBox)
}
