package fonts

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/internal/limit"
)

// maxFileSize is the size in bytes of the largest font file that is read, and
// of what a gzipped one may unpack to. The largest fonts in common use, CJK
// collections of all weights, are about half as large.
const maxFileSize = 64 << 20

const acceptedFormats = "TTF, OTF, TTC, OTC, BDF, PCF and Unifont .hex, gzipped or not, are accepted"

// Parse returns face number index of a font file, whose format it tells from
// the content. Index is 0 except for a collection. The face keeps data, which
// must not be modified.
//
// Parse checks the tables that place and measure glyphs, not every glyph of an
// outline font: see [Face.Outline].
func Parse(name string, data []byte, index int) (*Face, error) {
	return parseFace(name, name, data, index)
}

func parseFace(name, file string, data []byte, index int) (*Face, error) {
	src := io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))
	c, err := parseContent(src, index)
	if err != nil {
		return nil, fmt.Errorf("parsing font %q: %w", name, err)
	}
	return newFace(name, file, src, func() *content { return c }), nil
}

// parseContent reads outline fonts where they lie, and bitmap and gzipped fonts
// whole.
func parseContent(src *io.SectionReader, index int) (*content, error) {
	if src.Size() > maxFileSize {
		return nil, fmt.Errorf("file of %d bytes; up to %d MiB are accepted", src.Size(), maxFileSize>>20)
	}
	magic := make([]byte, 4)
	n, err := src.ReadAt(magic, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch magic = magic[:n]; {
	case n == 0:
		return nil, errors.New("file is empty")
	case isSFNT(magic):
		return parseSFNT(src, index)
	case string(magic) == "wOFF", string(magic) == "wOF2":
		return nil, fmt.Errorf("font is compressed for the web (WOFF): unpack it first; %s", acceptedFormats)
	}
	if index != 0 {
		return nil, fmt.Errorf("font %d of a file that is no collection", index)
	}
	data := make([]byte, src.Size())
	if _, err := src.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("\x1F\x8B")) {
		if data, err = gunzip(data, maxFileSize); err != nil {
			return nil, err
		}
	}
	switch {
	case isSFNT(data):
		return parseSFNT(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), 0)
	case bytes.HasPrefix(data, []byte(pcfMagic)):
		return parsePCF(data)
	case bytes.HasPrefix(data, []byte("STARTFONT")):
		return parseBDF(data)
	case isHex(data):
		return parseHex(data)
	}
	return nil, fmt.Errorf("unknown font format (begins with %.16q); %s", data, acceptedFormats)
}

// isSFNT reports whether data begin as a TTF, OTF or collection does.
func isSFNT(data []byte) bool {
	if len(data) < 4 {
		return false
	}
	switch string(data[:4]) {
	case "\x00\x01\x00\x00", "OTTO", "true", "ttcf":
		return true
	}
	return false
}

// gunzip unpacks at most so many bytes.
func gunzip(data []byte, most int64) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	// The file ends with its unpacked size, and deflate packs at most 1032 to 1:
	// a size that cannot be right is no reason to allocate.
	var out bytes.Buffer
	size := int64(binary.LittleEndian.Uint32(data[len(data)-4:]))
	if size <= min(most, 1032*int64(len(data))) {
		out.Grow(int(size) + bytes.MinRead)
	}
	if _, err := limit.Copy(&out, zr, most, "the unpacked font"); err != nil {
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	return out.Bytes(), nil
}
