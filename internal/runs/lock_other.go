//go:build !unix || solaris || aix

package runs

import "os"

// lock does nothing here: two processes at one run are up to the caller.
func lock(*os.File) error { return nil }
