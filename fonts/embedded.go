package fonts

import (
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:generate go run gen.go

// Every font has a folder of its own under data, with its licence.
//
//go:embed data/*/*
var data embed.FS

// embeddedFont is an entry of the generated table.
type embeddedFont struct {
	Info
	licenseFile string
	fallback    bool        // belongs to the default fallback chain
	packed      *packedFont // nil unless it is a gzipped outline font
}

// packedFont is what the table tells of a gzipped outline font.
type packedFont struct {
	unitsPerEm int
	runes      string // for unpackSpans
	covered    func() spans
}

// Embedded describes the embedded faces, those meant for running text first.
// It reads none of them.
func Embedded() []Info {
	infos := make([]Info, len(embeddedFonts))
	for i, e := range embeddedFonts {
		infos[i] = e.Info
	}
	return infos
}

// Fallback returns the names of the embedded faces that together cover as much
// of Unicode as there is, in the order in which they should be tried: faces of
// even text first, the pixels of GNU Unifont as the last resort.
func Fallback() []string {
	var names []string
	for _, e := range embeddedFonts {
		if e.fallback {
			names = append(names, e.Name)
		}
	}
	return names
}

// license returns the licence text of an embedded face, which a copy of the
// binary must be accompanied by.
func license(name string) (string, error) {
	i := embeddedIndex(name)
	if i < 0 {
		return "", fmt.Errorf("licence of font %q: %w; %s", name, fs.ErrNotExist, embeddedHint(name))
	}
	e := embeddedFonts[i]
	text, err := data.ReadFile(path.Join("data", e.Name, e.licenseFile))
	return string(text), err
}

func embeddedIndex(name string) int {
	return slices.IndexFunc(embeddedFonts, func(e embeddedFont) bool { return strings.EqualFold(e.Name, name) })
}

// embeddedFaces holds one face for every embedded font, so that what a face has
// parsed is there for all its users.
var embeddedFaces = sync.OnceValue(func() []*Face {
	faces := make([]*Face, len(embeddedFonts))
	for i, e := range embeddedFonts {
		faces[i] = newEmbeddedFace(e)
	}
	return faces
})

func newEmbeddedFace(e embeddedFont) *Face {
	load := sync.OnceValue(func() *content {
		// The tests parse every embedded font, so these failures are bugs of
		// this package and not conditions that a caller could meet.
		src, err := openEmbedded(e.Info)
		if err != nil {
			panic(err)
		}
		c, err := parseContent(src, 0)
		if err != nil {
			panic(fmt.Errorf("parsing embedded font %q: %w", e.Name, err))
		}
		return c
	})
	f := &Face{name: e.Name, file: e.File, content: load, packed: e.packed}
	if p := f.packed; p != nil {
		p.covered = sync.OnceValue(func() spans { return unpackSpans(p.runes) })
	}
	f.info = func() Info { return e.Info }
	f.sum = func() (sum [32]byte) {
		_, _ = hex.Decode(sum[:], []byte(e.SHA256))
		return sum
	}
	return f
}

// openEmbedded returns the bytes of an embedded font without copying them.
func openEmbedded(info Info) (*io.SectionReader, error) {
	f, err := data.Open(path.Join("data", info.Name, info.File))
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(f.(io.ReaderAt), 0, info.Bytes), nil
}
