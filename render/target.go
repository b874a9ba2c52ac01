package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/glyphkit/glyph/internal/bundles"
)

// ErrTargetExists is the error of a target that must not be replaced.
var ErrTargetExists = errors.New("target exists")

// The files of a bundle.
const (
	manifestFile = bundles.Manifest
	legendFile   = "legend.txt"
	previewFile  = "preview.png"
)

func pageFile(n int) string { return fmt.Sprintf("page-%06d.png", n) }
func textFile(n int) string { return fmt.Sprintf("part-%06d.txt", n) }

// bundled reports whether a file may be one of a bundle's with so many pages
// and text parts.
func bundled(name string, pages, parts int) bool {
	if slices.Contains([]string{manifestFile, legendFile, previewFile, ".DS_Store"}, name) {
		return true
	}
	var n int
	if _, err := fmt.Sscanf(name, "page-%06d.png", &n); err == nil {
		return name == pageFile(n) && n >= 1 && n <= pages
	}
	_, err := fmt.Sscanf(name, "part-%06d.txt", &n)
	return err == nil && name == textFile(n) && n >= 1 && n <= parts
}

// checkTarget resolves the directory to write and says whether it may be.
func checkTarget(dir string, force bool) (string, error) {
	if dir == "" {
		return "", errors.New("no name; accepted: a directory that does not exist, an empty one or, with force, a bundle")
	}
	target, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(target)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(target); err == nil {
			return "", fmt.Errorf("%w: a symbolic link to nothing", ErrTargetExists)
		}
		return target, nil
	}
	if err != nil {
		return "", err
	}
	if here, err := os.Stat("."); err == nil && os.SameFile(here, info) {
		return "", fmt.Errorf("%w: it is the current directory, which cannot be replaced as a whole; accepted: a directory below it", ErrTargetExists)
	}
	if target, err = filepath.EvalSymlinks(target); err != nil {
		return "", err
	}
	_, err = replaceable(target, force)
	return target, err
}

// replaceable returns the names of all that a directory holds. It is an error
// if the directory is neither empty nor, with force, a bundle without anything
// else in it.
func replaceable(dir string, force bool) ([]string, error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%w: it is not a directory", ErrTargetExists)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err != nil:
		return nil, err
	case len(entries) == 0:
		return nil, nil
	case !bundles.Is(dir):
		return nil, fmt.Errorf("%w and is not a bundle of pages, so it is never replaced; accepted: an empty directory or a new name", ErrTargetExists)
	case !force:
		return nil, fmt.Errorf("%w: it holds a bundle; accepted: --force to replace it, or a new name", ErrTargetExists)
	}
	pages, parts, err := countFiles(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, fmt.Errorf("%w: its %s is damaged, which tells the files of the bundle from others: %w; accepted: a new name", ErrTargetExists, manifestFile, err)
	}
	var names []string
	for _, e := range entries {
		if !e.Type().IsRegular() || !bundled(e.Name(), pages, parts) {
			return nil, fmt.Errorf("%w: replacing it would delete %q, which is not part of the bundle; accepted: a directory without it", ErrTargetExists, e.Name())
		}
		names = append(names, e.Name())
	}
	return names, nil
}

// countFiles reads from a manifest how many pages and text parts its bundle
// has. Memory does not grow with the manifest but for its longest string.
func countFiles(manifest string) (pages, parts int, err error) {
	f, err := os.Open(manifest)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	for depth := 0; ; {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return 0, 0, errors.New("it has no totals")
		case err != nil:
			return 0, 0, err
		case token == json.Delim('{') || token == json.Delim('['):
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			depth--
		case token == "totals" && depth == 1:
			var t manifestTotals
			err := d.Decode(&t)
			return t.Pages, t.TextParts, err
		}
	}
}
