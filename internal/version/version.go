// Package version names the build of this toolkit that is running. It holds
// the only definition of the toolkit's version.
package version

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"
)

const (
	module = "github.com/glyphkit/glyph"

	// devel names a module that was built without a version of its own.
	devel = "devel"
)

// Module is the version of this module as its build records it, such as
// "v0.3.0" or, of a clean checkout, a pseudo-version with the commit. It is
// "devel" for tests, for builds without version control and for a tree with
// uncommitted changes. It depends on the source alone, not on the machine that
// built it or runs it, so it may stand in output that has to be reproduced.
func Module() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	return moduleVersion(info)
}

// Build identifies the running program: two programs with the same Build draw
// and score alike. It is Module where that names a commit or a release, and the
// commit where the build records it and the tree was clean. Any other program
// is "devel" with the start of the SHA-256 of its executable. Build tags are
// part of it. An error means that the executable cannot be read.
func Build() (string, error) { return build() }

var build = sync.OnceValues(func() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return identify(info, executable)
})

func moduleVersion(info *debug.BuildInfo) string {
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != module {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if strings.HasPrefix(m.Version, "v") && !strings.HasSuffix(m.Version, "+dirty") {
			return m.Version
		}
	}
	return devel
}

func identify(info *debug.BuildInfo, content func() (string, error)) (string, error) {
	setting := map[string]string{}
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	name := moduleVersion(info)
	switch {
	case name != devel:
	case info.Main.Path == module && setting["vcs.revision"] != "" && setting["vcs.modified"] == "false":
		name += " " + setting["vcs.revision"]
	default:
		hash, err := content()
		if err != nil {
			return "", fmt.Errorf("identifying a build without a version: %w", err)
		}
		name += " sha256:" + hash[:16]
	}
	if tags := setting["-tags"]; tags != "" {
		name += " tags:" + tags
	}
	return name, nil
}

// executable is the SHA-256 of the program's file in hex.
func executable() (string, error) {
	// On Linux this is the file that runs, though another may have its name by now.
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		path, err := os.Executable()
		if err != nil {
			return "", err
		}
		if f, err = os.Open(path); err != nil {
			return "", err
		}
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
