package verb

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/glyphkit/glyph/internal/settings"
)

// otherVariables begin with GLYPH_ and are no settings.
var otherVariables = []string{"GLYPH_API_KEY", "GLYPH_CACHE"}

// loadSettings reads the environment, the user's file and the project's.
func loadSettings() (*settings.Settings, error) {
	work, err := os.Getwd()
	if err != nil {
		return nil, Failed(err)
	}
	s := settings.Sources{Keys: SettingKeys(), Other: otherVariables, Environ: os.Environ(), WorkDir: work}
	// Without a home there is no file of the user.
	if dir, err := os.UserConfigDir(); err == nil {
		s.ConfigDir = dir
	}
	if dir, err := os.UserHomeDir(); err == nil {
		s.Home = filepath.Clean(dir)
	}
	return settings.Load(s)
}

// layerDir is the directory of the file that a setting is from, "" for the
// environment.
func (a *App) layerDir(from string) string {
	for _, layer := range a.Settings.Layers {
		if layer.From == from {
			return layer.Dir
		}
	}
	return ""
}

// bundleIn is where a setting says that bundles are written. That of a project
// is below the project: it came from others.
func (a *App) bundleIn(path, from string) (string, error) {
	if filepath.Base(from) != settings.ProjectFile {
		return path, nil
	}
	if !filepath.IsLocal(filepath.FromSlash(path)) || strings.HasPrefix(path, ".") {
		return "", fmt.Errorf("setting output, %q, of %s: it leaves the project; accepted: a directory in it, such as \"pages\"", path, from)
	}
	return filepath.Join(a.layerDir(from), filepath.FromSlash(path)), nil
}
