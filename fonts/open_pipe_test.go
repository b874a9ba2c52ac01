//go:build unix

package fonts

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Opening a pipe without a writer would wait for ever.
func TestOpenRefusesPipes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "font.ttf")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "a pipe or a device") {
		t.Errorf("error %v", err)
	}
}
