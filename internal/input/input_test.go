//go:build unix

package input

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// bounded fails the test if f has not returned after a time that no machine
// needs.
func bounded(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("still waiting")
	}
}

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpeningAPipeWithoutWriterEndsWithItsContext(t *testing.T) {
	path := fifo(t)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	bounded(t, func() {
		if _, err := Open(ctx, path); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestReadingASilentPipeEndsWithItsContext(t *testing.T) {
	path := fifo(t)
	writer, err := os.OpenFile(path, os.O_RDWR, 0) // O_RDWR does not wait for a reader
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	ctx, cancel := context.WithCancel(context.Background())
	bounded(t, func() {
		f, err := Open(ctx, path)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if _, err := writer.WriteString("begun"); err != nil {
			t.Error(err)
		}
		got := make([]byte, 5)
		if _, err := io.ReadFull(f, got); err != nil || string(got) != "begun" {
			t.Errorf("%q, %v", got, err)
		}
		time.AfterFunc(20*time.Millisecond, cancel)
		if _, err := f.Read(got); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestWhatIsReadIsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"full": "some text\n", "empty": ""} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
