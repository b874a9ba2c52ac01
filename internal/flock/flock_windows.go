package flock

import (
	"os"

	"golang.org/x/sys/windows"
)

// Supported reports whether Try holds files on this system.
const Supported = true

// The locked byte lies far behind the end, since locks of Windows keep others from
// reading what is locked.
func try(f *os.File) error {
	const farOffHigh = 1 << 30
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: farOffHigh})
}
