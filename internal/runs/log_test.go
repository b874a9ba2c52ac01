package runs

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func reopen(t *testing.T, path string, limit int) (l *Log, lines []string) {
	t.Helper()
	l, err := OpenLog(path, limit, func(line []byte) error {
		lines = append(lines, strings.TrimSuffix(string(line), "\n"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return l, lines
}

// What Append returned for is there after a kill, whatever the kill left behind
// it.
func TestLogOutlivesKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	l, lines := reopen(t, path, 1<<10)
	if len(lines) != 0 {
		t.Fatalf("a new log holds %q", lines)
	}
	for _, v := range []any{1, "two"} {
		if err := l.Append(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"three":`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	l, lines = reopen(t, path, 1<<10)
	if want := []string{"1", `"two"`}; !slices.Equal(lines, want) {
		t.Errorf("read %q, want %q", lines, want)
	}
	if err := l.Append(3); err != nil {
		t.Fatal(err)
	}
	l.Close()
	if data, _ := os.ReadFile(path); string(data) != "1\n\"two\"\n3\n" {
		t.Errorf("the file is %q", data)
	}
}

// A line that could not be read again is not written, nor is anything after it:
// it would be a gap.
func TestLogStopsAtFirstFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	l, _ := reopen(t, path, 16)
	err := l.Append(strings.Repeat("x", 20))
	if err == nil || !strings.Contains(err.Error(), "a line of 23 bytes") {
		t.Errorf("too long: %v", err)
	}
	if again := l.Append(1); again != err || l.Failed() != err {
		t.Errorf("after it: %v, %v", again, l.Failed())
	}
	l.Close()
	if l, lines := reopen(t, path, 16); len(lines) != 0 || l.Close() != nil {
		t.Errorf("the log holds %q", lines)
	}
}

func TestReadRefuses(t *testing.T) {
	bad := errors.New("bad")
	_, err := Read(strings.NewReader("1\n2\n"), 8, func(line []byte) error {
		if line[0] == '2' {
			return bad
		}
		return nil
	})
	if !errors.Is(err, bad) || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("got %v", err)
	}
	_, err = Read(bytes.NewReader(make([]byte, 1<<20)), 100, nil)
	if err == nil || err.Error() != "line 1: over 100 bytes" {
		t.Errorf("a long line: %v", err)
	}
}

func TestWriteFileReplacesWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "result.json")
	for _, text := range []string{"old", "new"} {
		if err := WriteFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "new" {
		t.Errorf("%q, %v", data, err)
	}
	if err := WriteFile(filepath.Join(dir, "none", "x"), nil); err == nil {
		t.Error("wrote into a directory that is not there")
	}
	// The target is a directory: nothing is left beside it.
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(dir, "d"), []byte("x")); err == nil {
		t.Error("replaced a directory")
	}
	names, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(names) > 0 {
		t.Errorf("left %q", names)
	}
}
