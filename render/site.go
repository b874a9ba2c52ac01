package render

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/glyphkit/glyph/internal/flock"
	"github.com/glyphkit/glyph/internal/scratch"
)

// A site is where a bundle is made: a hidden directory beside the target.
//
//	.NAME.glyph-123/lock  held while the process lives
//	               /new   the bundle under way
//	               /old   what was at the target, moved away
//
// The hidden directory is private. The directory new gets the permissions of
// the user's choice and keeps them when it is renamed.
//
// Renaming decides between processes: a directory is never renamed over one
// that is not empty, nor over a file. What was at the target is looked at once
// more where it was moved to, as nobody else writes there, before its files
// are removed one by one. What is not known to be part of a bundle is put back.
type site struct {
	target string
	outer  string
	lock   *os.File

	keeps bool   // what was at the target could not go back there
	moved func() // tests write where nobody should, once a directory is moved aside
}

const (
	lockFile = "lock"
	freshDir = "new"
	asideDir = "old"

	// lockText marks a directory as a site. It is written once the lock is held,
	// so that a site with this text and without a holder was left behind.
	lockText = "glyph writes a bundle here\n"
)

// newSite makes a site, and removes those that killed processes left behind for
// the same target.
func newSite(target string) (*site, error) {
	parent, prefix := filepath.Dir(target), "."+filepath.Base(target)+".glyph-"
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, err
	}
	sweep(parent, prefix, target)
	outer, err := scratch.Dir(parent, prefix)
	if err != nil {
		return nil, err
	}
	s := &site{target: target, outer: outer}
	if err := s.hold(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := os.Mkdir(s.fresh(), 0o777); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *site) fresh() string { return filepath.Join(s.outer, freshDir) }
func (s *site) aside() string { return filepath.Join(s.outer, asideDir) }

// hold takes the lock. Without locks in the file system a site works as well,
// but is not marked, so that nobody takes it for left behind.
func (s *site) hold() (err error) {
	if s.lock, err = os.OpenFile(filepath.Join(s.outer, lockFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	if !flock.Supported || flock.Try(s.lock) != nil {
		return nil
	}
	_, err = s.lock.WriteString(lockText)
	return err
}

// install moves the finished bundle to the target, which must be free, empty
// or, with force, a bundle at that moment.
func (s *site) install(force bool) error {
	return scratch.Commit(s.outer, func() (keep bool, err error) {
		err = s.replace(force)
		// What is there was at the target and has something unknown in it.
		s.keeps = os.Remove(s.aside()) != nil && exists(s.aside())
		return s.keeps, err
	})
}

func exists(path string) bool { _, err := os.Lstat(path); return err == nil }

func (s *site) replace(force bool) error {
	info, err := os.Lstat(s.target)
	if errors.Is(err, fs.ErrNotExist) {
		return s.move()
	}
	if err != nil {
		return err
	}
	if _, err := replaceable(s.target, force); err != nil {
		return err
	}
	if err := os.Chmod(s.fresh(), info.Mode().Perm()); err != nil {
		return err
	}
	if err := os.Rename(s.target, s.aside()); err != nil {
		return fmt.Errorf("replacing the directory: %w; accepted: one that can be renamed, so not a mount point, or a new name", linkError(err))
	}
	if s.moved != nil {
		s.moved()
	}
	names, err := replaceable(s.aside(), force)
	if err == nil {
		err = s.move()
	}
	if err != nil {
		// If the name is taken by now, close says where the directory is.
		_ = os.Rename(s.aside(), s.target)
		return err
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(s.aside(), name)); err != nil {
			return err
		}
	}
	return nil
}

// move renames the finished bundle to a target that must be free.
func (s *site) move() error {
	if err := os.Rename(s.fresh(), s.target); err != nil {
		if exists(s.target) {
			return fmt.Errorf("%w: it appeared while the pages were drawn; accepted: a new name", ErrTargetExists)
		}
		return linkError(err)
	}
	syncDir(filepath.Dir(s.target))
	return nil
}

// linkError is the reason of a failed rename without its hidden names.
func linkError(err error) error {
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}

// close removes the site but for what was at the target and holds something
// that is not known.
func (s *site) close() error {
	var err error
	if s.lock != nil {
		// Without its mark the site belongs to nobody who finds it.
		err = errors.Join(s.lock.Truncate(0), s.lock.Close())
	}
	if s.keeps {
		return errors.Join(err, fmt.Errorf("what was there before is kept in %q", s.aside()), os.RemoveAll(s.fresh()), os.Remove(s.lock.Name()))
	}
	return errors.Join(err, scratch.Remove(s.outer))
}

// sweep removes sites that were left behind. One that cannot be removed, that
// a process holds or that has anything unknown in it stays as it is.
func sweep(parent, prefix, target string) {
	entries, _ := os.ReadDir(parent) // none is nothing to remove
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			_ = removeSite(parent, e.Name(), target)
		}
	}
}

var errNotOurs = errors.New("not a site that was left behind")

func removeSite(parent, name, target string) error {
	root, err := os.OpenRoot(filepath.Join(parent, name)) // no link leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	lock, err := root.OpenFile(lockFile, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer lock.Close()
	if text, err := root.ReadFile(lockFile); err != nil || string(text) != lockText {
		return errNotOurs
	}
	if err := flock.Try(lock); err != nil || !flock.Supported {
		return errNotOurs
	}
	files, err := siteFiles(root)
	if err != nil {
		return err
	}
	// With both directories there, the process was killed between two renames:
	// the bundle that it was to replace goes back.
	if _, err := root.Stat(freshDir); err == nil && os.Rename(filepath.Join(parent, name, asideDir), target) == nil {
		if files, err = siteFiles(root); err != nil {
			return err
		}
	}
	for _, file := range append(files, freshDir, asideDir, lockFile) {
		if err := root.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(filepath.Join(parent, name))
}

// siteFiles lists the files of bundles in a site, which holds nothing else.
func siteFiles(root *os.Root) ([]string, error) {
	var files []string
	err := fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		dir, name := filepath.Split(filepath.FromSlash(path))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path == "." || path == freshDir || path == asideDir), path == lockFile:
			return nil
		case d.Type().IsRegular() && dir != "" && bundled(name, maxFiles, maxFiles):
			files = append(files, path)
			return nil
		}
		return errNotOurs
	})
	return files, err
}
