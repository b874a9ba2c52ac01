package fonts

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseBDF reads the Glyph Bitmap Distribution Format 2.1 of the X Window System.
func parseBDF(data []byte) (*content, error) {
	p := bdfParser{strike: &Bitmap{Ascent: -1, Descent: -1}}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if err := p.line(strings.TrimSpace(string(line))); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if p.ended {
			break
		}
	}
	if !p.ended {
		return nil, errors.New("file ends before ENDFONT")
	}
	if err := checkCharset(p.props["CHARSET_REGISTRY"], p.props["CHARSET_ENCODING"]); err != nil {
		return nil, err
	}
	// The bounding box stands in for a font that does not state its line.
	if p.strike.Ascent < 0 {
		p.strike.Ascent = p.box.Top
	}
	if p.strike.Descent < 0 {
		p.strike.Descent = p.box.Height - p.box.Top
	}
	c, err := p.strike.content()
	if err != nil {
		return nil, err
	}
	c.family, c.style, c.version = p.props["FAMILY_NAME"], p.props["WEIGHT_NAME"], p.props["FONT_VERSION"]
	return c, nil
}

type bdfParser struct {
	strike  *Bitmap
	props   map[string]string
	box     BitmapGlyph // of the font; its Advance is the default
	glyph   BitmapGlyph // under way
	code    int
	inGlyph bool
	inRows  bool
	ended   bool
}

func (p *bdfParser) line(line string) error {
	key, value, _ := strings.Cut(line, " ")
	value = strings.TrimSpace(value)
	switch {
	case p.inRows && key != "ENDCHAR":
		return p.row(line)
	case p.inGlyph:
		return p.glyphLine(key, value)
	}
	var err error
	switch key {
	case "STARTCHAR":
		p.inGlyph, p.glyph, p.code = true, p.box, -1
		p.glyph.Rows = nil
	case "FONTBOUNDINGBOX":
		err = p.box.parseBBX(value)
	case "DWIDTH":
		err = p.box.parseDWidth(value)
	case "FONT_ASCENT":
		p.strike.Ascent, err = strconv.Atoi(value)
	case "FONT_DESCENT":
		p.strike.Descent, err = strconv.Atoi(value)
	case "FAMILY_NAME", "WEIGHT_NAME", "FONT_VERSION", "CHARSET_REGISTRY", "CHARSET_ENCODING":
		if p.props == nil {
			p.props = map[string]string{}
		}
		p.props[key] = strings.Trim(value, `"`)
	case "ENDFONT":
		p.ended = true
	}
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

func (p *bdfParser) glyphLine(key, value string) (err error) {
	switch key {
	case "ENCODING":
		first, _, _ := strings.Cut(value, " ") // a second number is of the font's own
		p.code, err = strconv.Atoi(first)
	case "DWIDTH":
		err = p.glyph.parseDWidth(value)
	case "BBX":
		err = p.glyph.parseBBX(value)
	case "BITMAP":
		p.inRows = true
	case "ENDCHAR":
		p.inGlyph, p.inRows = false, false
		if p.code >= 0 { // -1 is a glyph outside the character set
			return p.strike.add(rune(min(p.code, 1<<30)), p.glyph)
		}
	case "ENDFONT":
		return errors.New("ENDFONT inside a glyph")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

func (p *bdfParser) row(line string) error {
	stride := (p.glyph.Width + 7) / 8
	if len(line) < 2*stride {
		return fmt.Errorf("a row of %d px has %d hexadecimal digits, not %d", p.glyph.Width, len(line), 2*stride)
	}
	var err error
	p.glyph.Rows, err = hex.AppendDecode(p.glyph.Rows, []byte(line[:2*stride]))
	return err
}

// parseBBX reads "width height xoff yoff", the offsets being those of the lower
// left corner.
func (g *BitmapGlyph) parseBBX(value string) error {
	n, err := bdfInts(value, 4)
	if err != nil {
		return err
	}
	g.Width, g.Height, g.Left, g.Top = n[0], n[1], n[2], n[1]+n[3]
	if g.Width < 0 || g.Width > maxGlyphPx || g.Height < 0 || g.Height > maxGlyphPx {
		return fmt.Errorf("%d by %d px; up to %d px are accepted", g.Width, g.Height, maxGlyphPx)
	}
	return nil
}

// parseDWidth reads "dx dy"; dy is 0 in horizontal writing.
func (g *BitmapGlyph) parseDWidth(value string) error {
	n, err := bdfInts(value, 1)
	if err != nil {
		return err
	}
	g.Advance = n[0]
	return nil
}

// bdfInts reads the first n numbers of a value.
func bdfInts(value string, n int) ([]int, error) {
	fields := strings.Fields(value)
	if len(fields) < n {
		return nil, fmt.Errorf("%q holds %d numbers, not %d", value, len(fields), n)
	}
	ints := make([]int, n)
	for i := range ints {
		v, err := strconv.ParseInt(fields[i], 10, 32)
		if err != nil {
			return nil, err
		}
		ints[i] = int(v)
	}
	return ints, nil
}

// checkCharset accepts the character sets whose codes are Unicode's.
func checkCharset(registry, encoding string) error {
	switch strings.ToUpper(registry) {
	case "", "ISO10646":
		return nil
	case "ISO8859":
		if encoding == "1" {
			return nil
		}
	}
	return fmt.Errorf("character set is %s-%s; ISO10646-1 and ISO8859-1 are accepted", registry, encoding)
}
