package render

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/bundles"
	"github.com/glyphkit/glyph/internal/flock"
)

// writeAnd writes a bundle and calls then in the middle of it.
func writeAnd(t *testing.T, dir string, force bool, then func()) error {
	t.Helper()
	o := BundleOptions{Force: force}
	if then != nil {
		o.Progress = func(p Progress) {
			if p.Pages == 1 {
				then()
			}
		}
	}
	_, err := WriteBundle(context.Background(), dir, []*document.Document{textDocument("a", numbered(20))}, smallPages(t, Options{}), o)
	return err
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// What others write to the target while pages are drawn is not touched.
func TestTargetThatAppears(t *testing.T) {
	for name, c := range map[string]struct {
		before, force bool // a bundle is there before; with force
		appears       string
	}{
		"a file in the new directory":     {false, false, "pages/precious.txt"},
		"the same, with force":            {false, true, "pages/precious.txt"},
		"a file in place of a directory":  {false, true, "pages"},
		"a directory below it":            {false, false, "pages/sub/x"},
		"a file in the old bundle":        {true, true, "pages/precious.txt"},
		"a page that no manifest lists":   {true, true, "pages/page-000099.png"},
		"a text part that none lists":     {true, true, "pages/part-000001.txt"},
		"a directory with a page's name":  {true, true, "pages/page-000001.png/x"},
		"a file in place of the manifest": {true, true, "pages/manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "pages")
			if c.before {
				if err := writeAnd(t, dir, false, nil); err != nil {
					t.Fatal(err)
				}
			}
			var want map[string]string
			err := writeAnd(t, dir, c.force, func() {
				path := filepath.Join(parent, filepath.FromSlash(c.appears))
				if at := filepath.Dir(path); strings.HasSuffix(at, ".png") {
					os.Remove(at)
				}
				put(t, path, "thesis")
				want = tree(t, parent)
			})
			if !errors.Is(err, ErrTargetExists) || strings.Contains(err.Error(), ".glyph-") {
				t.Errorf("error %v", err)
			}
			maps.DeleteFunc(want, func(name, _ string) bool { return strings.HasPrefix(name, ".pages.glyph-") })
			if got := tree(t, parent); !maps.Equal(got, want) {
				t.Errorf("files %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		})
	}
}

// tree reads all files below a directory.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if d.Type().IsRegular() {
			data, err := os.ReadFile(path)
			all[filepath.ToSlash(rel)] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An empty directory that appears is as good as one that was there.
func TestEmptyTargetThatAppears(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	if err := writeAnd(t, dir, false, func() { os.Mkdir(dir, 0o700) }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 || !bundles.Is(dir) {
		t.Errorf("%v, %v", info, err)
	}
}

// A directory of others is not moved, not even for a moment.
func TestForeignDirectoryIsNotMoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	s, err := newSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	put(t, filepath.Join(dir, "precious.txt"), "thesis")
	s.moved = func() { t.Error("it was moved") }
	if err := s.install(true); !errors.Is(err, ErrTargetExists) {
		t.Errorf("error %v", err)
	}
}

func TestOneOfThreeWritersWins(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pages")
	var drawn, done sync.WaitGroup
	drawn.Add(3)
	var errs [3]error
	for i := range errs {
		done.Go(func() {
			here := sync.OnceFunc(drawn.Done)
			defer here() // of one that fails before it draws
			errs[i] = writeAnd(t, dir, false, func() { here(); drawn.Wait() })
		})
	}
	done.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrTargetExists) {
			t.Errorf("error %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d have won: %v", won, errs)
	}
	if names := entryNames(t, parent); !slices.Equal(names, []string{"pages"}) {
		t.Errorf("left behind: %v", names)
	}
	if m, err := ReadManifest(filepath.Join(dir, manifestFile)); err != nil || len(entryNames(t, dir)) != m.Totals.Pages+1 {
		t.Errorf("the bundle has %v, %v", entryNames(t, dir), err)
	}
}

// A file that comes into a bundle after it was looked at is found where the
// bundle was moved to.
func TestStrangerInTheMovedBundle(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pages")
	if err := writeAnd(t, dir, false, nil); err != nil {
		t.Fatal(err)
	}
	for _, taken := range []bool{false, true} {
		s, err := newSite(dir)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(s.fresh(), manifestFile), "{}")
		s.moved = func() {
			put(t, filepath.Join(s.aside(), "late.txt"), "mine")
			if taken {
				put(t, filepath.Join(dir, "other"), "theirs")
			}
		}
		if err := s.install(true); !errors.Is(err, ErrTargetExists) {
			t.Errorf("taken %v: %v", taken, err)
		}
		err = s.close()
		if !taken {
			if got := tree(t, parent); err != nil || got["pages/late.txt"] != "mine" || len(got) != len(entryNames(t, dir)) {
				t.Errorf("files %v, %v", slices.Sorted(maps.Keys(got)), err)
			}
			os.Remove(filepath.Join(dir, "late.txt"))
			continue
		}
		// Two directories want the name: none is lost, and none is swept away.
		if err == nil || !strings.Contains(err.Error(), s.aside()) {
			t.Errorf("error %v", err)
		}
		sweep(parent, ".pages.glyph-", dir)
		got := tree(t, parent)
		if got["pages/other"] != "theirs" || got[filepath.Base(s.outer)+"/old/late.txt"] != "mine" {
			t.Errorf("files %v", slices.Sorted(maps.Keys(got)))
		}
	}
}

// abandon makes a site of a process that was killed.
func abandon(t *testing.T, dir string) *site {
	t.Helper()
	s, err := newSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(s.fresh(), pageFile(1)), "half a page")
	s.lock.Close()
	return s
}

func TestLeftoversAreRemoved(t *testing.T) {
	if !flock.Supported {
		return // nobody can tell a site that was left behind from one in use
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "pages")
	abandon(t, filepath.Join(parent, "pages2"))
	live, err := newSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer live.close()

	abandoned := abandon(t, dir)
	stranger := abandon(t, dir) // holds something of others
	put(t, filepath.Join(stranger.fresh(), "notes.txt"), "mine")
	loose := abandon(t, dir) // where only the lock belongs
	put(t, filepath.Join(loose.outer, pageFile(7)), "mine")
	unmarked := abandon(t, dir) // nobody says that it is ours
	put(t, filepath.Join(unmarked.outer, lockFile), "")
	outside := filepath.Join(parent, "outside")
	put(t, filepath.Join(outside, pageFile(1)), "theirs")
	linked := abandon(t, dir)
	os.RemoveAll(linked.fresh())
	os.Symlink(outside, linked.fresh())

	if err := writeAnd(t, dir, false, nil); err != nil {
		t.Fatal(err)
	}
	names := entryNames(t, parent)
	for _, s := range []*site{live, stranger, loose, unmarked, linked} {
		if !slices.Contains(names, filepath.Base(s.outer)) {
			t.Errorf("%s is gone", s.outer)
		}
	}
	if slices.Contains(names, filepath.Base(abandoned.outer)) || len(names) != 5+3 { // and pages, outside, the site of pages2
		t.Errorf("there are %v", names)
	}
	if got := files(t, outside); len(got) != 1 {
		t.Errorf("outside: %v", got)
	}
}

// A process that is killed between moving a bundle away and moving the new one
// in its place leaves no target. The next one puts the bundle back.
func TestKilledBetweenTwoRenames(t *testing.T) {
	if !flock.Supported {
		return // as above
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "pages")
	if err := writeAnd(t, dir, false, nil); err != nil {
		t.Fatal(err)
	}
	want := tree(t, parent)
	s := abandon(t, dir)
	os.Rename(dir, s.aside())
	err := writeAnd(t, dir, false, nil)
	if got := tree(t, parent); !errors.Is(err, ErrTargetExists) || !maps.Equal(got, want) {
		t.Errorf("%v, files %v", err, slices.Sorted(maps.Keys(got)))
	}

	// Killed later, while the files of the old bundle were being removed: what
	// is left of them is no bundle.
	s = abandon(t, dir)
	os.RemoveAll(s.fresh())
	os.Rename(dir, s.aside())
	if err := writeAnd(t, dir, false, nil); err != nil {
		t.Error(err)
	}
	if names := entryNames(t, parent); !slices.Equal(names, []string{"pages"}) {
		t.Errorf("left behind: %v", names)
	}
}

// A document may have the name of a key of the manifest.
func TestDocumentNamedTotals(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	docs := []*document.Document{textDocument("totals", numbered(20)), textDocument("totals", numbered(1))}
	for range 2 {
		if _, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{Force: true}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedManifestIsNotReplaced(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	if err := writeAnd(t, dir, false, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, manifestFile)
	whole, _ := os.ReadFile(path)
	for _, text := range []string{string(whole[:len(whole)/2]), strings.Replace(string(whole), "\n\"totals\"", "\n\"sums\"", 1)} {
		put(t, path, text)
		if err := writeAnd(t, dir, true, nil); !errors.Is(err, ErrTargetExists) || !strings.Contains(err.Error(), "manifest.json is damaged") {
			t.Errorf("error %v", err)
		}
	}
}
