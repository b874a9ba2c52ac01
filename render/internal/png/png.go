// Package png writes indexed pictures of text as PNG files, fast.
//
// A text page is a few colours, mostly background, and the same glyph rows
// again and again. The encoder leaves out everything such a page does not
// need: it packs the pixels into the fewest bits a palette image may have,
// filters nothing, and compresses with a deflate of its own that is tuned to
// packed glyph rows (see the README beside this file for what each choice
// bought). A file holds the chunks IHDR, PLTE, IDAT and IEND, one of each,
// and no metadata: the same picture gives the same bytes on every machine.
//
// It is not a general PNG encoder: no true colour, no transparency, no
// interlacing, and it does not decode; use image/png for those. Its sibling
// render/internal/raster paints the pictures it is given.
package png

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/color"
	"math/bits"
)

// MaxSide is the largest width or height accepted, in pixels. The PNG format
// allows more; no reader of pages does, and up to here every size in this
// package fits an int of 32 bits.
const MaxSide = 32767

// An Image is an indexed picture as the rasteriser leaves it.
type Image struct {
	Width, Height int // px, 1 to MaxSide

	// Bits is the number of bits of one pixel in Pix: 1 or 4.
	Bits int
	// Stride is the distance between the starts of two rows, in words of Pix.
	Stride int
	// Pix holds the colour indices row by row, the leftmost pixel of a row
	// in the most significant bits of its first word. What lies right of
	// Width is ignored.
	Pix []uint64

	// Palette holds the colours by index. Pages are opaque: A is ignored.
	Palette []color.RGBA
	// Used has bit i set if index i may occur in Pix. It decides the bit
	// depth of the file: an index that is named but does not occur costs
	// bytes, one that occurs but is not named is an error.
	Used uint16
}

// check returns what is wrong with m, if anything.
func (m *Image) check() error {
	switch {
	case m.Width < 1 || m.Width > MaxSide || m.Height < 1 || m.Height > MaxSide:
		return fmt.Errorf("width and height must be 1 to %d px", MaxSide)
	case m.Bits != 1 && m.Bits != 4:
		return fmt.Errorf("%d bits per pixel: 1 and 4 are accepted", m.Bits)
	case m.Used == 0:
		return errors.New("used names no colour index: at least one occurs in a picture")
	}
	if top := bits.Len16(m.Used) - 1; top >= 1<<m.Bits {
		return fmt.Errorf("used names colour index %d, pixels of %d bits reach %d", top, m.Bits, 1<<m.Bits-1)
	} else if top >= len(m.Palette) {
		return fmt.Errorf("used names colour index %d, the palette has %d colours", top, len(m.Palette))
	}
	words := m.rowWords()
	if m.Stride < words {
		return fmt.Errorf("stride of %d words: a row of %d px takes %d", m.Stride, m.Width, words)
	}
	// Divided, not multiplied: a huge stride must not overflow.
	if len(m.Pix) < words || (len(m.Pix)-words)/m.Stride < m.Height-1 {
		return fmt.Errorf("%d words of pixels: %d rows are needed at a stride of %d words", len(m.Pix), m.Height, m.Stride)
	}
	return nil
}

// rowWords returns the number of words that the pixels of one row occupy.
func (m *Image) rowWords() int { return (m.Width*m.Bits + 63) / 64 }

// An Encoder encodes pictures, reusing its working memory (some 600 KB)
// from one to the next. The zero value is ready. It must not be
// used by two goroutines at once. What it writes does not depend on what it
// wrote before.
type Encoder struct {
	rows    packer
	deflate deflater
}

const (
	signature  = "\x89PNG\r\n\x1a\n"
	zlibHeader = "\x78\x01" // deflate, window of 32 KB, no dictionary, fastest level

	colorTypePalette = 3
)

// Append appends m as a whole PNG file to dst and returns the extended slice.
// The bit depth is the least of 1, 2 and 4 that holds as many indices as
// m.Used names; they are renumbered in ascending order and the palette is cut
// to them. On an error the result is dst as it was given.
func (e *Encoder) Append(dst []byte, m *Image) ([]byte, error) {
	if err := m.check(); err != nil {
		return dst, fmt.Errorf("encoding PNG of %dx%d px: %w", m.Width, m.Height, err)
	}
	out, err := e.append(dst, m)
	if err != nil {
		return dst, fmt.Errorf("encoding PNG of %dx%d px: %w", m.Width, m.Height, err)
	}
	return out, nil
}

func (e *Encoder) append(dst []byte, m *Image) ([]byte, error) {
	e.rows.reset(m)

	dst = append(dst, signature...)

	dst, chunk := beginChunk(dst, "IHDR")
	dst = binary.BigEndian.AppendUint32(dst, uint32(m.Width))
	dst = binary.BigEndian.AppendUint32(dst, uint32(m.Height))
	dst = append(dst, byte(e.rows.depth), colorTypePalette, 0, 0, 0)
	dst = endChunk(dst, chunk)

	dst, chunk = beginChunk(dst, "PLTE")
	for used := m.Used; used != 0; used &= used - 1 {
		c := m.Palette[bits.TrailingZeros16(used)]
		dst = append(dst, c.R, c.G, c.B)
	}
	dst = endChunk(dst, chunk)

	dst, chunk = beginChunk(dst, "IDAT")
	dst, err := e.appendPixels(dst, m)
	if err != nil {
		return nil, err
	}
	dst = endChunk(dst, chunk)

	dst, chunk = beginChunk(dst, "IEND")
	return endChunk(dst, chunk), nil
}

// appendPixels appends the rows of m as a zlib stream.
func (e *Encoder) appendPixels(dst []byte, m *Image) ([]byte, error) {
	dst = append(dst, zlibHeader...)
	d := &e.deflate
	d.reset()
	sum := uint32(adlerInit)

	// Blocks of one size: a short one at the end would not repay its header.
	left := m.Height * e.rows.size
	count := (left + maxBlock - 1) / maxBlock
	size := (left + count - 1) / count
	for y := 0; left > 0; {
		size = min(size, left)
		left -= size
		for d.pending() < size {
			if !e.rows.pack(d.room(e.rows.size), m, y) {
				return nil, fmt.Errorf("row %d has a colour index that Used, %#x, does not name", y, m.Used)
			}
			d.grow(e.rows.size)
			y++
		}
		sum = adler(sum, d.next(size))
		dst = d.block(dst, size, left == 0)
	}
	return binary.BigEndian.AppendUint32(dst, sum), nil
}

// beginChunk appends the head of a chunk and returns where it starts.
func beginChunk(dst []byte, kind string) ([]byte, int) {
	return append(append(dst, 0, 0, 0, 0), kind...), len(dst)
}

// endChunk fills in the length of the chunk that starts at start and appends
// its checksum.
func endChunk(dst []byte, start int) []byte {
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-8))
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start+4:]))
}
