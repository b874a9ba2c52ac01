// Package scratch keeps a list of the temporary files and directories of the
// process, so that a process that has to end at once leaves none behind.
package scratch

import (
	"os"
	"sync"
	"time"
)

var (
	mu    sync.Mutex
	paths = map[string]bool{}
	over  bool // RemoveAll was called
)

// Dir makes a directory as [os.MkdirTemp] does and lists it.
func Dir(parent, pattern string) (string, error) {
	mu.Lock()
	defer mu.Unlock()
	if over {
		return "", os.ErrProcessDone
	}
	path, err := os.MkdirTemp(parent, pattern)
	if err == nil {
		paths[path] = true
	}
	return path, err
}

// File makes a file as [os.CreateTemp] does and lists it.
func File(dir, pattern string) (*os.File, error) {
	mu.Lock()
	defer mu.Unlock()
	if over {
		return nil, os.ErrProcessDone
	}
	f, err := os.CreateTemp(dir, pattern)
	if err == nil {
		paths[f.Name()] = true
	}
	return f, err
}

// Remove deletes a listed file, or a listed directory with all that is in it.
func Remove(path string) error {
	err := os.RemoveAll(path)
	mu.Lock()
	defer mu.Unlock()
	delete(paths, path) // not before: RemoveAll may be called meanwhile
	return err
}

// Commit runs f, which moves things out of or into the listed directory dir. It
// is never cut in two by RemoveAll. If f says that dir holds what must not be
// deleted, dir is no longer listed.
func Commit(dir string, f func() (keep bool, err error)) error {
	mu.Lock()
	defer mu.Unlock()
	if over {
		return os.ErrProcessDone
	}
	keep, err := f()
	if keep {
		delete(paths, dir)
	}
	return err
}

// RemoveAll deletes all that is listed and lets nothing be made any more. It is
// for a process that ends at once: goroutines may still be writing.
func RemoveAll() {
	mu.Lock()
	defer mu.Unlock()
	over = true
	for path := range paths {
		// A file that is written between the listing of a directory and its
		// removal makes the removal fail.
		for range 100 {
			if os.RemoveAll(path) == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	clear(paths)
}
