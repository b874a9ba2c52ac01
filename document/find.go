package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/bundles"
	"github.com/glyphkit/glyph/internal/input"
)

// Find turns command line arguments into documents, in their order:
//
//   - a file, whatever it is
//   - a directory: its files and those of its subdirectories, sorted
//   - a pattern, if no file has its name: * ? [a-z] within a name, ** for any
//     number of directories; it matches files
//   - "-": stdin
//
// Names are as given, with slashes; those of an absolute argument start at
// its last element, so that they do not tell where on a machine it stands.
//
// Walks leave out what is hidden (a leading dot) and the folders of version
// control, and count them in hidden. What else they cannot take, such as a
// symbolic link or a bundle of pages, is a document whose Open says so. An
// argument that names nothing is an error.
//
// Opening and reading the documents ends when ctx does, also where bytes never
// come: a pipe without a writer, a device, a terminal.
func Find(ctx context.Context, args []string, stdin io.Reader) (docs []*Document, hidden int, err error) {
	f := finder{ctx: ctx}
	for i, arg := range args {
		if arg == "-" {
			if slices.Contains(args[:i], arg) {
				return nil, 0, errors.New(`"-" is given twice, and standard input can be read once`)
			}
			f.docs = append(f.docs, &Document{Name: "stdin", Open: func() (io.ReadCloser, error) { return io.NopCloser(input.Reader(ctx, stdin)), nil }})
			continue
		}
		if err := f.find(arg); err != nil {
			return nil, 0, fmt.Errorf("finding %q: %w", arg, err)
		}
	}
	return f.docs, f.hidden, nil
}

type finder struct {
	ctx    context.Context // of all that is opened
	docs   []*Document
	hidden int
}

func (f *finder) find(arg string) error {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return f.walk(arg, parent(arg), nil)
	case err == nil:
		f.file(arg, parent(arg), info.Size(), false)
		return nil
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(arg, "*?["):
		return f.glob(arg)
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file; accepted: a file, a directory, a pattern such as '**/*.md', or - for standard input")
	}
	return errors.Unwrap(err) // the path is already in the message
}

// parent is what names of an absolute argument do not show; "" if relative.
func parent(arg string) string {
	if !filepath.IsAbs(arg) {
		return ""
	}
	return filepath.Dir(filepath.Clean(arg))
}

func (f *finder) add(path, strip string, d Document) {
	path = filepath.Clean(path)
	if rel, err := filepath.Rel(strip, path); strip != "" && err == nil {
		path = rel
	}
	d.Name = filepath.ToSlash(path)
	f.docs = append(f.docs, &d)
}

func (f *finder) file(path, strip string, size int64, found bool) {
	f.add(path, strip, Document{Size: size, Found: found, Open: func() (io.ReadCloser, error) {
		r, err := input.Open(f.ctx, path)
		if at, ok := errors.AsType[*fs.PathError](err); ok {
			return nil, at.Err
		}
		return r, err
	}})
}

func (f *finder) unfit(path, strip string, err error) {
	f.add(path, strip, Document{Found: true, Open: func() (io.ReadCloser, error) { return nil, err }})
}

// walk adds the files below root. A pattern, if any, holds the segments that
// their paths below root must match.
func (f *finder) walk(root, strip string, pattern []string) error {
	dots := slices.ContainsFunc(pattern, func(s string) bool { return s[0] == '.' })
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		var below []string // segments of p
		if rel, err := filepath.Rel(root, p); err == nil && rel != "." {
			below = strings.Split(filepath.ToSlash(rel), "/")
			if name := d.Name(); name[0] == '.' && !dots || d.IsDir() && slices.Contains(versionControl, name) {
				f.hidden++
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		switch {
		case err != nil:
			f.unfit(p, strip, errors.Unwrap(err))
			return fs.SkipDir
		case d.IsDir() && pattern != nil && !reaches(pattern, below):
			return fs.SkipDir
		case d.IsDir() && bundles.Is(p):
			f.unfit(p, strip, errors.New("a bundle of pages that glyph wrote"))
			return fs.SkipDir
		case d.IsDir() || pattern != nil && !match(pattern, below):
		case d.Type()&fs.ModeSymlink != 0:
			f.unfit(p, strip, errors.New("a symbolic link; name it as an argument to draw what it points to"))
		case !d.Type().IsRegular():
			f.unfit(p, strip, errors.New("not a regular file"))
		default:
			size := int64(0)
			if info, err := d.Info(); err == nil {
				size = info.Size()
			}
			f.file(p, strip, size, true)
		}
		return nil
	})
}

var versionControl = []string{".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"}

// glob walks the directory that stands before the first segment with a
// wildcard.
func (f *finder) glob(arg string) error {
	slashed := filepath.ToSlash(arg)
	cut := strings.LastIndexByte(slashed[:strings.IndexAny(slashed, "*?[")], '/') + 1
	root := filepath.Clean(filepath.FromSlash(slashed[:cut])) // "." if empty
	pattern := strings.FieldsFunc(slashed[cut:], func(r rune) bool { return r == '/' })
	for _, segment := range pattern {
		if _, err := path.Match(segment, ""); err != nil {
			return fmt.Errorf("pattern %q: %w", segment, err)
		}
	}
	strip := ""
	if filepath.IsAbs(arg) {
		strip = root
	}
	docs, hidden := len(f.docs), f.hidden
	if _, err := os.Stat(root); err == nil {
		if err := f.walk(root, strip, pattern); err != nil {
			return err
		}
	}
	f.hidden = hidden // a pattern says itself what it wants
	if len(f.docs) == docs {
		return errors.New("no file matches; accepted: * ? [a-z] within a name, ** for any number of directories")
	}
	return nil
}

// reaches reports whether files below a directory can match.
func reaches(pattern, directory []string) bool {
	for i, p := range pattern {
		if p == "**" || i == len(directory) {
			return true
		}
		if ok, _ := path.Match(p, directory[i]); !ok {
			return false
		}
	}
	return false
}

// match compares segment by segment; "**" stands for any number of them.
func match(pattern, segments []string) bool {
	for i, p := range pattern {
		if p == "**" {
			for j := i; j <= len(segments); j++ {
				if match(pattern[i+1:], segments[j:]) {
					return true
				}
			}
			return false
		}
		if i >= len(segments) {
			return false
		}
		if ok, _ := path.Match(p, segments[i]); !ok {
			return false
		}
	}
	return len(pattern) == len(segments)
}
