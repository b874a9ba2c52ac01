package ppocr

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

var (
	// ErrNotInstalled is the error of Find and New where there is no PP-OCR.
	ErrNotInstalled = errors.New("PP-OCR is not installed; `glyph readers install ppocr` fetches it")

	// ErrUnsupported is the error where no library can be loaded.
	ErrUnsupported = errors.New("PP-OCR needs Linux or macOS on amd64 or arm64, and a program built without the tag static")
)

// cacheEnv names the variable that replaces the toolkit's directory in the
// user's cache.
const cacheEnv = "GLYPH_CACHE"

// file is a file and what it was when it was installed.
type file struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // hexadecimal; "" accepts any
}

// Files are what a Reader is made of.
type Files struct {
	Model   file `json:"model"`   // the recogniser, ONNX
	Keys    file `json:"keys"`    // its characters, one a line
	Library file `json:"library"` // ONNX Runtime for this machine
}

// recordFile, written last, tells which files are installed.
const recordFile = "installed.json"

// Dir is where Install puts PP-OCR: ppocr in $GLYPH_CACHE if that is set, else
// glyph/ppocr in [os.UserCacheDir].
func Dir() (string, error) {
	if dir := os.Getenv(cacheEnv); dir != "" {
		return filepath.Join(dir, "ppocr"), nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a place for PP-OCR: %w; %s can name one", err, cacheEnv)
	}
	return filepath.Join(dir, "glyph", "ppocr"), nil
}

// Find returns the installed files without reading them; New checks them
// against their SHA-256. The error wraps [ErrNotInstalled] if there are none.
func Find() (Files, error) {
	dir, err := Dir()
	if err != nil {
		return Files{}, err
	}
	return find(dir)
}

func find(dir string) (Files, error) {
	data, err := os.ReadFile(filepath.Join(dir, recordFile))
	if errors.Is(err, os.ErrNotExist) {
		return Files{}, fmt.Errorf("%w (looked in %q)", ErrNotInstalled, dir)
	} else if err != nil {
		return Files{}, fmt.Errorf("finding PP-OCR: %w", err)
	}
	files, err := parseRecord(data)
	if err != nil {
		return Files{}, fmt.Errorf("finding PP-OCR: reading %q: %w; install it again", filepath.Join(dir, recordFile), err)
	}
	for _, f := range files.each() {
		f.Path = filepath.Join(dir, f.Path)
		if _, err := os.Stat(f.Path); err != nil {
			return Files{}, fmt.Errorf("finding PP-OCR: %w; install it again", err)
		}
	}
	return files, nil
}

// parseRecord reads a record, whose paths are names in its directory.
func parseRecord(data []byte) (Files, error) {
	var files Files
	if err := json.Unmarshal(data, &files); err != nil {
		return Files{}, err
	}
	for _, f := range files.each() {
		if !filepath.IsLocal(f.Path) || filepath.Base(f.Path) != f.Path {
			return Files{}, fmt.Errorf("%q: want the name of a file beside it", f.Path)
		}
		if hash, err := hex.DecodeString(f.SHA256); err != nil || len(hash) != sha256.Size {
			return Files{}, fmt.Errorf("the SHA-256 %q of %s: want %d hexadecimal digits", f.SHA256, f.Path, 2*sha256.Size)
		}
	}
	return files, nil
}

func (f *Files) each() [3]*file { return [3]*file{&f.Model, &f.Keys, &f.Library} }

// verify returns the hash of a file.
func (f file) verify() (string, error) {
	r, err := os.Open(f.Path)
	if err != nil {
		return "", fmt.Errorf("reading PP-OCR's files: %w", err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", fmt.Errorf("reading PP-OCR's files: %w", err)
	}
	hash := hex.EncodeToString(h.Sum(nil))
	return hash, f.check(hash)
}

func (f file) check(hash string) error {
	if f.SHA256 != "" && f.SHA256 != hash {
		return fmt.Errorf("reading PP-OCR's file %q: %w: want SHA-256 %s, it has %s; install it again", f.Path, ErrChecksum, f.SHA256, hash)
	}
	return nil
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// unpinned names the files that are not those that Install fetches.
func unpinned(library, model, keys string) string {
	var names strings.Builder
	for _, f := range []struct{ kind, hash string }{{"library", library}, {"model", model}, {"keys", keys}} {
		if !pinned(f.hash) {
			fmt.Fprintf(&names, ", %s %s unpinned", f.kind, f.hash[:8])
		}
	}
	return names.String()
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }
