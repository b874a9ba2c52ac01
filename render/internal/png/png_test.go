package png_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"testing"

	"github.com/glyphkit/glyph/render/internal/png"
)

// chunks returns the kinds of the chunks of a PNG file, in order, and the data
// of the IDAT.
func chunks(tb testing.TB, file []byte) (kinds []string, idat []byte) {
	tb.Helper()
	for file = file[8:]; len(file) > 0; {
		n := binary.BigEndian.Uint32(file)
		kind := string(file[4:8])
		kinds = append(kinds, kind)
		if kind == "IDAT" {
			idat = append(idat, file[8:8+n]...)
		}
		file = file[12+n:]
	}
	return kinds, idat
}

// unzip encodes m and returns the rows that its IDAT holds.
func unzip(tb testing.TB, m *png.Image) []byte {
	tb.Helper()
	var e png.Encoder
	file, err := e.Append(nil, m)
	if err != nil {
		tb.Fatal(err)
	}
	_, idat := chunks(tb, file)
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
