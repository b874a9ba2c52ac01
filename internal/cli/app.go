package cli

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

// app is what all verbs of one run of the command share.
type app struct {
	quiet, debug bool
	settings     *settings.Settings
	copies       []string // of files that can be read only once
}

// prepare reads the settings and gives them to the flags of a verb that the
// command line did not give.
func (a *app) prepare(cmd *cobra.Command, _ []string) error {
	if _, verb := cmd.Annotations[mainFlags]; !verb {
		return nil
	}
	var err error
	if a.settings, err = loadSettings(); err != nil {
		return err
	}
	kinds := settingKeys()
	for key, kind := range kinds {
		f := cmd.Flags().Lookup(key)
		if f == nil || f.Changed || kind == settings.Page || key == "output" && cmd.Name() != "compress" {
			continue // keys of pages are laid over one another, see page.build
		}
		value, from, ok := a.settings.Lookup(key)
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

// notes is where a verb tells what is not its result.
func (a *app) notes(cmd *cobra.Command) io.Writer {
	if a.quiet {
		return io.Discard
	}
	return cmd.ErrOrStderr()
}

// line is the progress line of a verb, nil where none is to be seen.
func (a *app) line(cmd *cobra.Command) *term.Line {
	return term.NewLine(cmd.ErrOrStderr(), !a.quiet)
}

// readFile reads a file of at most so many bytes.
func readFile(ctx context.Context, path string, most int64) ([]byte, error) {
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

// file returns a path with the bytes of a file that is opened by name and read
// at once: of one whose bytes may be long in coming, such as a pipe, it is that
// of a copy.
func (a *app) file(ctx context.Context, path string) (string, error) {
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode().IsRegular() && info.Size() > 0 {
		return path, nil // errors are for who opens it
	}
	data, err := readFile(ctx, path, maxCopy)
	if err != nil {
		return "", failed(err)
	}
	f, err := scratch.File("", "glyph-")
	if err != nil {
		return "", failed(err)
	}
	a.copies = append(a.copies, f.Name())
	if _, err = f.Write(data); err == nil {
		err = f.Close()
	}
	return f.Name(), failed(err)
}

// end removes what only the verb needed.
func (a *app) end() {
	for _, path := range a.copies {
		_ = scratch.Remove(path) // at worst a temporary file stays
	}
}

// writeFile writes a file whole, for a verb with --output and --force.
func writeFile(path string, force bool, data []byte) error {
	if err := mayWrite(path, force); err != nil {
		return err
	}
	return failed(os.WriteFile(path, data, 0o666))
}

// mayWrite says, before anything is paid, whether a file would be replaced.
func mayWrite(path string, force bool) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return &codedError{exitFailed, fmt.Errorf("%q is already there; accepted: another --output, or --force", path)}
	}
	return nil
}
