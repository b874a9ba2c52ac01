package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/glyphkit/glyph/internal/limit"
)

// An entry is a file such as ab/abcd….entry: a header with the key and the
// SHA-256 of what follows, and a value.
const (
	format     = "glyph-store/1"
	headerSize = len(format) + 2*(1+2*sha256.Size) + 1
	extension  = ".entry"
	newPrefix  = ".new-"

	// touchAfter is how exactly it is known when an entry was used last.
	touchAfter = time.Minute
	// leftAfter is the age at which a file that was never finished is left over
	// by a killed process.
	leftAfter = time.Hour
)

// Open returns a store of at most so many bytes in a directory, which is made
// if it is not there. Only the user can read what is kept in it.
func Open(dir string, limit int64) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening a store of results: %w", err)
	}
	return &Store{back: &files{dir: dir, limit: limit, size: unknown}, flights: map[Key]*flight{}}, nil
}

type files struct {
	dir   string
	limit int64

	mu   sync.Mutex
	size int64 // of all entries, as far as this process knows
}

const unknown = -1

func (f *files) path(k Key) string {
	name := k.String()
	return filepath.Join(f.dir, name[:2], name+extension)
}

func header(k Key, data []byte) []byte {
	sum := sha256.Sum256(data)
	return []byte(format + " " + k.String() + " " + hex.EncodeToString(sum[:]) + "\n")
}

func (f *files) get(k Key) ([]byte, bool) {
	path := f.path(k)
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > f.limit {
		return nil, false
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	all, err := limit.ReadAll(file, f.limit, "a result")
	if err != nil || len(all) < headerSize {
		return nil, false
	}
	data := all[headerSize:]
	if !bytes.Equal(all[:headerSize], header(k, data)) {
		return nil, false
	}
	if now := time.Now(); now.Sub(info.ModTime()) > touchAfter {
		_ = os.Chtimes(path, now, now) // who cannot write here drops nothing either
	}
	return data, true
}

// put writes an entry under another name first, so that there is never half of
// one.
func (f *files) put(k Key, data []byte) (err error) {
	size := entrySize(data)
	if size > f.limit {
		return tooLarge(size, f.limit)
	}
	path := f.path(k)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), newPrefix+"*") // of mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(append(header(k, data), data...))
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	f.grow(size)
	return nil
}

// grow counts a new entry and drops old ones where there are too many.
func (f *files) grow(size int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.size != unknown {
		if f.size += size; f.size <= f.limit {
			return
		}
	}
	list, err := f.list()
	if err != nil {
		return // f.size stays as it is: the next entry tries again
	}
	f.size = 0
	for _, e := range list {
		f.size += e.size
	}
	if f.size <= f.limit {
		return
	}
	slices.SortFunc(list, func(a, b file) int {
		if c := a.used.Compare(b.used); c != 0 {
			return c
		}
		return strings.Compare(a.path, b.path)
	})
	for _, e := range list {
		if f.size <= f.limit/10*9 {
			break
		}
		if os.Remove(e.path) == nil {
			f.size -= e.size
		}
	}
}

// file is an entry, or what a process has not finished.
type file struct {
	path  string
	size  int64
	used  time.Time
	entry bool
}

// list returns what is the store's in its directory. Leftovers of killed
// processes are in it, files that may be under way are not.
func (f *files) list() ([]file, error) {
	var list []file
	now := time.Now()
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // another process has removed it
		case err != nil:
			return err
		case d.IsDir() && path != f.dir && !isShard(f.dir, path):
			return fs.SkipDir
		case !d.Type().IsRegular() || filepath.Dir(path) == f.dir:
			return nil
		}
		name := d.Name()
		entry := isEntry(path)
		if !entry && !strings.HasPrefix(name, newPrefix) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // removed meanwhile
		}
		if entry || now.Sub(info.ModTime()) > leftAfter {
			list = append(list, file{path, info.Size(), info.ModTime(), entry})
		}
		return nil
	})
	return list, err
}

// isShard reports whether a directory is one that entries are in.
func isShard(dir, path string) bool {
	name := filepath.Base(path)
	_, err := hex.DecodeString(name)
	return filepath.Dir(path) == dir && len(name) == 2 && err == nil
}

// isEntry reports whether a file in such a directory has the name of an entry.
func isEntry(path string) bool {
	name, ok := strings.CutSuffix(filepath.Base(path), extension)
	key, err := hex.DecodeString(name)
	return ok && err == nil && len(key) == sha256.Size && name[:2] == filepath.Base(filepath.Dir(path))
}

func (f *files) usage() (entries int, bytes int64, err error) {
	list, err := f.list()
	if err != nil {
		return 0, 0, fmt.Errorf("looking through a store of results: %w", err)
	}
	for _, e := range list {
		if e.entry {
			entries++
		}
		bytes += e.size
	}
	return entries, bytes, nil
}

func (f *files) clear() error {
	list, err := f.list()
	errs := []error{err}
	for _, e := range list {
		if err := os.Remove(e.path); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
		_ = os.Remove(filepath.Dir(e.path)) // fails for one that still holds something
	}
	f.mu.Lock()
	f.size = unknown
	f.mu.Unlock()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("emptying a store of results: %w", err)
	}
	return nil
}
