package document

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"
)

func entryNames(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSpool(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	opened := 0
	once := func(data []byte) *Document {
		r := bytes.NewReader(data)
		return &Document{Name: "stdin", Open: func() (io.ReadCloser, error) { opened++; return io.NopCloser(r), nil }}
	}
	big := bytes.Repeat([]byte("0123456789abcdef"), spoolMemory/16+1)
	for _, c := range []struct {
		data  []byte
		files int
	}{{nil, 0}, {[]byte("short"), 0}, {big, 1}} {
		opened = 0
		docs := []*Document{once(c.data)}
		remove := Spool(docs)
		for range 2 {
			r, err := docs[0].Open()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, c.data) {
				t.Errorf("%d bytes, want %d; %v", len(got), len(c.data), err)
			}
			r.Close()
		}
		if names := entryNames(t); len(names) != c.files || opened != 1 {
			t.Errorf("%d bytes: opened %d times, files %q", len(c.data), opened, names)
		}
		if err := remove(); err != nil {
			t.Error(err)
		}
		if names := entryNames(t); len(names) != 0 {
			t.Errorf("left behind: %q", names)
		}
	}
	broken := &Document{Open: func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(errors.New("bad sector"))), nil }}
	remove := Spool([]*Document{broken})
	for range 2 {
		if _, err := broken.Open(); err == nil || err.Error() != "bad sector" {
			t.Errorf("a source that fails: %v", err)
		}
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
}
