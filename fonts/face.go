package fonts

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"sync"

	"github.com/go-text/typesetting/font"
)

// kind tells how the glyphs of a face are stored.
type kind string

const (
	kindOutline kind = "outline" // TrueType or CFF outlines, any size
	kindBitmap  kind = "bitmap"  // one strike of pixels, one size
)

// Info describes a face for people and manifests.
type Info struct {
	Name    string `json:"name"`              // as in Face.Name
	Family  string `json:"family"`            // family name stored in the font, else Name
	Style   string `json:"style,omitempty"`   // "Regular", "Book", "Medium"
	Version string `json:"version,omitempty"` // as stored in the font
	License string `json:"license,omitempty"` // SPDX identifier, embedded faces only
	File    string `json:"file"`              // path that was opened, or file name in the embedded set
	Kind    kind   `json:"kind"`
	Bytes   int64  `json:"bytes"`  // size of the font file as shipped
	SHA256  string `json:"sha256"` // of those bytes, lower-case hex
	Runes   int    `json:"runes"`  // code points covered
}

// Face is one face of one font file. It is immutable and safe for concurrent
// use; what it has parsed it keeps, so that sharing a Face is cheap.
type Face struct {
	name    string
	file    string
	content func() *content
	info    func() Info
	sum     func() [sha256.Size]byte

	// packed is what is known of a face whose content should not be unpacked
	// only to learn that it lacks a character; nil for others.
	packed *packedFont
}

// content is what Parse learns from a font file without reading its glyphs.
type content struct {
	family, style, version string

	unitsPerEm, ascent, descent int

	chars   charmap
	outline func() (*font.Font, error) // nil for a bitmap face
	bitmap  *Bitmap                    // nil for an outline face
}

// charmap maps code points to glyphs.
type charmap interface {
	lookup(r rune) uint32 // 0 where there is no glyph
	spans() [][2]rune     // ascending, disjoint, inclusive; may hold gaps
}

// newFace returns the face whose bytes are src. The content of an embedded face
// is loaded on first use; any other's is known already.
func newFace(name, file string, src *io.SectionReader, load func() *content) *Face {
	f := &Face{name: name, file: file, content: load}
	f.sum = sync.OnceValue(func() (sum [sha256.Size]byte) {
		h := sha256.New()
		// Reading memory cannot fail, and sha256 accepts every write.
		_, _ = io.Copy(h, io.NewSectionReader(src, 0, src.Size()))
		h.Sum(sum[:0])
		return sum
	})
	f.info = sync.OnceValue(func() Info {
		c, sum := f.content(), f.sum()
		info := Info{
			Name: name, Family: c.family, Style: c.style, Version: c.version,
			File: file, Kind: kindOutline, Bytes: src.Size(),
			SHA256: hex.EncodeToString(sum[:]),
		}
		if info.Family == "" {
			info.Family = name
		}
		if c.bitmap != nil {
			info.Kind = kindBitmap
		}
		for range f.Runes() {
			info.Runes++
		}
		return info
	})
	return f
}

// Name returns the embedded name ("dejavu-sans"), or for any other face the
// name given to Parse or the base name of its file, with "#index" for a
// member of a collection other than the first.
func (f *Face) Name() string { return f.name }

// Info describes the face. It counts the covered code points and hashes the
// file on first use, unless the face is embedded.
func (f *Face) Info() Info { return f.info() }

// SHA256 returns the hash of the font file's bytes as shipped: of the whole
// collection for a member of one, of the compressed bytes for a gzipped font.
func (f *Face) SHA256() [sha256.Size]byte { return f.sum() }

// Covers reports whether the face maps r to a glyph. It reads the character map
// only. A face may cover a code point with an empty glyph, as it does spaces.
func (f *Face) Covers(r rune) bool {
	if f.packed != nil {
		return f.packed.covered().contain(r)
	}
	return f.content().chars.lookup(r) != 0
}

// Glyph returns the glyph of r and whether there is one. Glyph 0 stands for a
// missing glyph in every face, bitmap faces included.
func (f *Face) Glyph(r rune) (gid uint32, ok bool) {
	gid = f.content().chars.lookup(r)
	return gid, gid != 0
}

// Runes yields the covered code points in ascending order.
func (f *Face) Runes() iter.Seq[rune] {
	return func(yield func(rune) bool) {
		chars := f.content().chars
		for _, span := range chars.spans() {
			for r := span[0]; r <= span[1]; r++ {
				if chars.lookup(r) != 0 && !yield(r) {
					return
				}
			}
		}
	}
}

// UnitsPerEm returns the font units in an em: head.unitsPerEm of an outline
// face, the height of the strike in px (ascent plus descent) of a bitmap face.
func (f *Face) UnitsPerEm() int {
	if f.packed != nil {
		return f.packed.unitsPerEm
	}
	return f.content().unitsPerEm
}

// Ascent returns the height above the baseline in font units, positive:
// hhea.ascender of an outline face, px of a bitmap face.
func (f *Face) Ascent() int { return f.content().ascent }

// Descent returns the depth below the baseline in font units, positive: minus
// hhea.descender of an outline face, px of a bitmap face.
func (f *Face) Descent() int { return f.content().descent }

// Outline returns the font for shaping and drawing, and nil for a bitmap face.
// The first call parses the whole file, which for a large CJK font takes a
// tenth of a second and 35 MB; later calls return the same font. Tables
// of bitmaps and colours are left out, so every glyph is an outline. The font
// is safe for concurrent use; a font.Face made from it is not.
//
// It fails if the glyph data are corrupt in a way that Parse does not look for.
func (f *Face) Outline() (*font.Font, error) {
	if outline := f.content().outline; outline != nil {
		return outline()
	}
	return nil, nil
}

// Bitmap returns the strike of a bitmap face, and nil for an outline face.
func (f *Face) Bitmap() *Bitmap {
	if f.packed != nil {
		return nil
	}
	return f.content().bitmap
}
