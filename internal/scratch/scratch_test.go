package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestNothingIsLeftBehind(t *testing.T) {
	defer func() { over = false }()
	parent := t.TempDir()
	dir, err := Dir(parent, "dir-")
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(parent, "kept")
	if err := Commit(dir, func() (bool, error) { return false, os.Mkdir(kept, 0o700) }); err != nil {
		t.Fatal(err)
	}
	holds, err := Dir(parent, "holds-")
	if err != nil {
		t.Fatal(err)
	}
	if err := Commit(holds, func() (bool, error) { return true, nil }); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "page"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := File(parent, "file-")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	gone, err := File(parent, "gone-")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	if err := Remove(gone.Name()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(gone.Name()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(gone.Name(), nil, 0o600); err != nil { // somebody else's now
		t.Fatal(err)
	}
	RemoveAll()
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{filepath.Base(gone.Name()), filepath.Base(holds), "kept"}) {
		t.Errorf("left: %q", names)
	}
	if _, err := Dir(parent, "late-"); err == nil {
		t.Error("a directory is made after the end")
	}
	if err := Commit(dir, func() (bool, error) { return false, nil }); err == nil {
		t.Error("something is moved after the end")
	}
}
