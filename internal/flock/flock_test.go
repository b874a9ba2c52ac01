package flock_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/glyphkit/glyph/internal/flock"
)

func TestOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	first, second := open(), open()
	if err := flock.Try(first); err != nil {
		t.Fatal(err)
	}
	if err := flock.Try(second); flock.Supported != (err != nil) {
		t.Errorf("a second holder: %v", err)
	}
	first.Close()
	if err := flock.Try(second); err != nil {
		t.Errorf("after the first has closed it: %v", err)
	}
}
