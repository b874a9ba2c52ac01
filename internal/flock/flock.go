// Package flock holds files for a process, so that others can tell whether the
// process is alive.
package flock

import "os"

// Try takes an open file for this process. The kernel lets go of it when the
// file is closed or the process dies. It returns an error at once if another
// open file holds it, also one of this process, or if the file system has no
// locks. Where [Supported] is false it does nothing.
func Try(f *os.File) error { return try(f) }
