//go:build unix && !solaris && !aix

package flock

import (
	"os"
	"syscall"
)

// Supported reports whether Try holds files on this system.
const Supported = true

func try(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
