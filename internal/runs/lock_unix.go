//go:build unix && !solaris && !aix

package runs

import (
	"os"
	"syscall"
)

// lock takes the file for this process; the kernel lets go when it dies.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
