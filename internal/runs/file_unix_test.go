//go:build unix

package runs

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Files of a run respect the umask, as files of any program do. The umask is
// that of the process, so this test runs alone.
func TestUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077} {
		func() {
			defer syscall.Umask(syscall.Umask(mask))
			dir := filepath.Join(t.TempDir(), "run")
			r, _ := mustOpen(t, dir, identity())
			if err := r.WriteFile(ResultFile, nil); err != nil {
				t.Fatal(err)
			}
			r.Close()
			for name, mode := range map[string]os.FileMode{".": 0o777, IdentityFile: 0o666, JournalFile: 0o666, ResultFile: 0o666} {
				info, err := os.Stat(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if got, want := info.Mode().Perm(), mode&^os.FileMode(mask); got != want {
					t.Errorf("umask %03o: %s has %03o, want %03o", mask, name, got, want)
				}
			}
		}()
	}
}
