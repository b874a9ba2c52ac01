package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/ppocr"
	"github.com/glyphkit/glyph/internal/term"
)

type cleanFlags struct {
	dryRun  bool
	readers bool
	json    bool
}

func newClean(*verb.App) *cobra.Command {
	c := &cleanFlags{}
	f := verb.NewFlags()
	f.On(&c.dryRun, "dry-run", "sizes are shown, nothing is deleted")
	f.BoolVar(&c.readers, "readers", false, "delete installed readers too, which \"glyph readers install\" brings back")
	f.On(&c.json, "json", "")
	return verb.Finish(&cobra.Command{
		Use:   "clean [DIR]...",
		Short: "Show and empty caches and stores of results",
		Long: `clean shows what glyph keeps and how large it is, and deletes it: results in the user's cache, or in
$GLYPH_CACHE, and those in each DIR that was a --cache. Only files that glyph made are deleted, with
the directories that are empty then. Installed readers stay without --readers. Runs of eval and
search are results of yours, and are not looked at.`,
		Example: `  glyph clean --dry-run
  glyph clean cache`,
		RunE: c.run,
	}, f, "dry-run readers json", "")
}

// kept is something that clean can delete.
type kept struct {
	What    string `json:"what"` // "results" or "reader"
	Dir     string `json:"dir"`
	Files   int    `json:"files"`
	Bytes   int64  `json:"bytes"`
	Deleted bool   `json:"deleted"`
}

func (c *cleanFlags) run(cmd *cobra.Command, args []string) error {
	reader, err := ppocr.Dir()
	if err != nil {
		return verb.Failed(err)
	}
	list := []kept{}
	for _, dir := range append([]string{filepath.Dir(reader)}, args...) {
		k, err := c.results(dir)
		if err != nil {
			return verb.Failed(err)
		}
		list = append(list, k)
	}
	installed, err := c.reader(reader)
	if err != nil {
		return verb.Failed(err)
	}
	list = append(list, installed)
	if c.json {
		return printJSON(cmd.OutOrStdout(), list)
	}
	t := term.NewTable("<<>><", "WHAT", "DIRECTORY", "FILES", "SIZE", "")
	for _, k := range list {
		done := "stays"
		switch {
		case k.Files == 0:
			done = "nothing there"
		case k.Deleted:
			done = "deleted"
		}
		t.Add(k.What, term.Clean(k.Dir), term.Thousands(k.Files), term.Bytes(k.Bytes), done)
	}
	return verb.Failed(t.Write(cmd.OutOrStdout()))
}

// entryName is the path of a kept result below its directory.
var entryName = regexp.MustCompile(`^(.*/)?[0-9a-f]{2}/[0-9a-f]{64}\.(entry|json)$`)

// results deletes the kept results below a directory, by their names.
func (c *cleanFlags) results(dir string) (kept, error) {
	k := kept{What: "results", Dir: dir}
	var dirs []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			dirs = append(dirs, path)
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || !d.Type().IsRegular() || !entryName.MatchString(filepath.ToSlash(rel)) {
			return err
		}
		return k.add(path, d, !c.dryRun)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	for i := len(dirs) - 1; i > 0 && !c.dryRun; i-- {
		if name := filepath.Base(dirs[i]); len(name) == 2 {
			_ = os.Remove(dirs[i]) // stays if it is not empty
		}
	}
	return k, err
}

// reader deletes an installed reader.
func (c *cleanFlags) reader(dir string) (kept, error) {
	k := kept{What: "reader", Dir: dir}
	if _, err := ppocr.Find(); err != nil {
		return k, nil // what stands there is not complete, or not ours
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return k.add(path, d, false)
	})
	if err == nil && c.readers && !c.dryRun {
		k.Deleted, err = true, os.RemoveAll(dir)
	}
	return k, err
}

func (k *kept) add(path string, d fs.DirEntry, remove bool) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	k.Files, k.Bytes = k.Files+1, k.Bytes+info.Size()
	if !remove {
		return nil
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("deleting kept results: %w", err)
	}
	k.Deleted = true
	return nil
}
