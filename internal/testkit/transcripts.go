package testkit

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Transcripts is a directory in the user's cache for what OCR engines read in
// tests, so that a test that is run again reads nothing. Sources are the
// directories of the packages that read: a change of their code makes another
// directory, since it may read otherwise. Remove glyph-test in the user's cache
// to have all pages read again.
func Transcripts(sources ...string) (dir string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("keeping what tests read: %w", err)
	}
	h := sha256.New()
	for _, source := range sources {
		files, err := filepath.Glob(filepath.Join(source, "*.go"))
		if err != nil {
			return "", err
		}
		if len(files) == 0 {
			return "", fmt.Errorf("keeping what tests read: no code in %q", source)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := os.Open(name)
			if err != nil {
				return "", err
			}
			_, err = io.Copy(h, f)
			f.Close()
			if err != nil {
				return "", err
			}
		}
	}
	return filepath.Join(cache, "glyph-test", "transcripts", fmt.Sprintf("%x", h.Sum(nil)[:8])), nil
}
