package runs

import (
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// unfinished begins the names of files that are being written.
const unfinished = ".new-"

// WriteFile puts data in place of a file at once: a kill leaves the old file or
// the new one, and beside them at most a file whose name begins with ".new-".
// Permissions are those that os.Create gives: the umask is respected.
func WriteFile(path string, data []byte) (err error) {
	name := filepath.Join(filepath.Dir(path), unfinished+rand.Text())
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && !errors.Is(err, ErrFault) {
			err = errors.Join(err, os.Remove(name))
		}
	}()
	if err := write(f, data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(name, path)
}

// WriteOnce is WriteFile for a file that always has the same content. What is
// there with that content is left alone.
func WriteOnce(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return WriteFile(path, data)
}

// sweep removes what killed writers left in a directory, if there is one.
func sweep(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) && e.Type().IsRegular() {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// ErrFault is the error of a write that FailAfter stopped.
var ErrFault = errors.New("write stopped by a test")

// writesLeft counts down to the write that fails. It is nil but in tests.
var writesLeft atomic.Pointer[atomic.Int64]

// FailAfter is for tests. It lets n more writes of this package succeed. The
// next one writes a half and fails with ErrFault, and so does every later one
// with nothing written: the files are those that a kill at that moment leaves.
// Restore ends that and reports whether a write failed.
func FailAfter(n int) (restore func() bool) {
	left := &atomic.Int64{}
	left.Store(int64(n))
	writesLeft.Store(left)
	return func() bool {
		writesLeft.Store(nil)
		return left.Load() < 0
	}
}

// write is w.Write, or a write that fails; see FailAfter.
func write(w io.Writer, data []byte) error {
	if left := writesLeft.Load(); left != nil {
		if n := left.Add(-1); n < 0 {
			if n == -1 {
				_, _ = w.Write(data[:len(data)/2]) // what it returns does not matter: the fault is
			}
			return ErrFault
		}
	}
	_, err := w.Write(data)
	return err
}
