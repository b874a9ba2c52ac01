//go:build unix && !solaris && !aix

package runs

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestLogIsHeldByOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.jsonl")
	l, _ := reopen(t, path, 1<<10)
	if _, err := OpenLog(path, 1<<10, nil); err == nil || !strings.Contains(err.Error(), "another process is at work") {
		t.Errorf("a second holder: %v", err)
	}
	l.Close()
	l, _ = reopen(t, path, 1<<10)
	l.Close()
}
