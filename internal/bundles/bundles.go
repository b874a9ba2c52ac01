// Package bundles tells a directory of drawn pages from other directories, for
// who writes one and for who leaves it out when documents are looked for.
package bundles

import (
	"io"
	"os"
	"path/filepath"
)

// Manifest is the manifest's file name in a bundle of pages, and
// Start is how it begins.
const (
	Manifest = "manifest.json"
	Start    = "{\n\"version\": \"glyph-manifest/"
)

// Is reports whether a directory holds a bundle of pages.
func Is(dir string) bool {
	path := filepath.Join(dir, Manifest)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false // a pipe of that name would be waited for
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, len(Start))
	_, err = io.ReadFull(f, start)
	return err == nil && string(start) == Start
}
