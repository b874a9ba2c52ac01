// Package verb is what the verbs of the command share: one meaning for each flag,
// groups of flags, settings, help, exit codes.
package verb

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/input"
	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/internal/scratch"
	"github.com/glyphkit/glyph/internal/settings"
	"github.com/glyphkit/glyph/internal/term"
)

// App is what all verbs of one run of the command share.
type App struct {
	Quiet, Debug bool
	Settings     *settings.Settings
	copies       []string // of files that can be read only once
}

// Prepare reads the settings and gives them to the flags of a verb that the
// command line did not give.
func (a *App) Prepare(cmd *cobra.Command, _ []string) error {
	if _, verb := cmd.Annotations[mainFlags]; !verb {
		return nil
	}
	var err error
	if a.Settings, err = loadSettings(); err != nil {
		return err
	}
	kinds := SettingKeys()
	for key, kind := range kinds {
		f := cmd.Flags().Lookup(key)
		if f == nil || f.Changed || kind == settings.Page || key == "output" && cmd.Name() != "compress" {
			continue // keys of pages are laid over one another, see page.build
		}
		value, from, ok := a.Settings.Lookup(key)
		if !ok {
			continue
		}
		if key == "output" {
			if value, err = a.bundleIn(value, from); err != nil {
				return err
			}
		}
		if err := f.Value.Set(value); err != nil {
			return fmt.Errorf("setting %s, %q, of %s: %w", key, value, from, err)
		}
	}
	return nil
}

// Notes is where a verb tells what is not its result.
func (a *App) Notes(cmd *cobra.Command) io.Writer {
	if a.Quiet {
		return io.Discard
	}
	return cmd.ErrOrStderr()
}

// Line is the progress line of a verb, nil where none is to be seen.
func (a *App) Line(cmd *cobra.Command) *term.Line {
	return term.NewLine(cmd.ErrOrStderr(), !a.Quiet)
}

// ReadFile reads a file of at most so many bytes.
func ReadFile(ctx context.Context, path string, most int64) ([]byte, error) {
	f, err := input.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return limit.ReadAll(f, most, strconv.Quote(path))
}

// maxCopy bounds what is copied of a file that can be read only once, in bytes.
// It is more than the largest file that is read whole may have.
const maxCopy = 64 << 20

// File returns a path with the bytes of a file that is opened by name and read
// at once: of one whose bytes may be long in coming, such as a pipe, it is that
// of a copy.
func (a *App) File(ctx context.Context, path string) (string, error) {
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode().IsRegular() && info.Size() > 0 {
		return path, nil // errors are for who opens it
	}
	data, err := ReadFile(ctx, path, maxCopy)
	if err != nil {
		return "", Failed(err)
	}
	f, err := scratch.File("", "glyph-")
	if err != nil {
		return "", Failed(err)
	}
	a.copies = append(a.copies, f.Name())
	if _, err = f.Write(data); err == nil {
		err = f.Close()
	}
	return f.Name(), Failed(err)
}

// End removes what only the verb needed.
func (a *App) End() {
	for _, path := range a.copies {
		_ = scratch.Remove(path) // at worst a temporary file stays
	}
}

// WriteFile writes a file whole, for a verb with --output and --force.
func WriteFile(path string, force bool, data []byte) error {
	if err := MayWrite(path, force); err != nil {
		return err
	}
	return Failed(os.WriteFile(path, data, 0o666))
}

// MayWrite says, before anything is paid, whether a file would be replaced.
func MayWrite(path string, force bool) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return Exit(ExitFailed, fmt.Errorf("%q is already there; accepted: another --output, or --force", path))
	}
	return nil
}
