package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
)

// smallPages is a config whose pages hold little, so that few words make many.
func smallPages(t *testing.T, o Options, set ...configs.KeyValue) *Renderer {
	t.Helper()
	set = append(set, configs.KeyValue{Key: "page-size", Value: "220,160"})
	cfg, err := configs.Build(configs.Default(), set)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func numbered(lines int) []byte {
	var b bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&b, "%04d the quick brown fox\n", i)
	}
	return b.Bytes()
}

// files reads a directory: contents by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(data)
	}
	return all
}

func textDocument(name string, data []byte) *document.Document {
	return &document.Document{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

func encode(t *testing.T, charset, s string) []byte {
	t.Helper()
	codec, err := htmlindex.Get(charset)
	if err != nil {
		t.Fatal(err)
	}
	data, err := codec.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func entryNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestBundle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "pages")
	docs := []*document.Document{textDocument("a.txt", numbered(40)), textDocument("b.txt", []byte("one page"))}
	s, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := files(t, dir)
	if s.Totals.Pages < 3 || len(got) != s.Totals.Pages+1 || got[pageFile(s.Totals.Pages)] == "" || got[manifestFile] == "" {
		t.Errorf("%d pages, files %v", s.Totals.Pages, slices.Sorted(maps.Keys(got)))
	}
	if last := s.Documents[1]; last.FirstPage != s.Totals.Pages || last.Pages != 1 || s.Totals.Characters != 40*25+8 {
		t.Errorf("last document %+v, %d characters in all", last, s.Totals.Characters)
	}
	for name, data := range got {
		if name == manifestFile {
			continue
		}
		if img, err := png.DecodeConfig(strings.NewReader(data)); err != nil || img.Width != s.MaxWidth {
			t.Errorf("%s: %d px wide, %v", name, img.Width, err)
		}
	}
	if names := entryNames(t, filepath.Dir(dir)); len(names) != 1 {
		t.Errorf("beside the bundle: %v", names)
	}
}

func TestBundleBytesDoNotDependOnWorkers(t *testing.T) {
	var want map[string]string
	for _, workers := range []int{1, 4} {
		dir := filepath.Join(t.TempDir(), "pages")
		docs := []*document.Document{textDocument("a.txt", numbered(60)), textDocument("b.txt", []byte("café 世界 \u00ad!"))}
		if _, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{Workers: workers}), BundleOptions{Preview: true}); err != nil {
			t.Fatal(err)
		}
		if got := files(t, dir); want == nil {
			want = got
		} else if !maps.Equal(got, want) {
			t.Errorf("%d workers give other bytes", workers)
		}
	}
}

func TestBundleHasALegendIfNewlinesAreMarked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	r := smallPages(t, Options{}, configs.KeyValue{Key: "newline-markup", Value: "↵"})
	if _, err := WriteBundle(context.Background(), dir, []*document.Document{textDocument("a", []byte("x\ny"))}, r, BundleOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir)[legendFile]; got != r.Legend()+"\n" || !strings.Contains(got, "↵") {
		t.Errorf("legend %q", got)
	}
}

func TestBundleLeavesOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	broken := textDocument("broken.txt", nil)
	broken.Open = func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(numbered((64<<10)/20)), errReader{})), nil
	}
	blank := textDocument("blank.txt", []byte(" \n\n"))
	picture := textDocument("logo.png", []byte("\x89PNG\r\n\x1a\n"))
	blank.Found, picture.Found = true, true
	docs := []*document.Document{
		textDocument("a.txt", numbered(10)), broken, blank, picture,
		textDocument("b.txt", numbered(10)),
	}
	r := smallPages(t, Options{})
	s, err := WriteBundle(context.Background(), dir, docs, r, BundleOptions{Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range s.LeftOut {
		got = append(got, fmt.Sprint(l.Name, l.Failed))
	}
	if want := []string{"broken.txttrue", "blank.txtfalse", "logo.pngfalse"}; !slices.Equal(got, want) || s.Failed() != 1 {
		t.Errorf("left out %q, want %q", got, want)
	}

	// As if the others had been the only ones, but for the report.
	alone := filepath.Join(t.TempDir(), "pages")
	if _, err := WriteBundle(context.Background(), alone, []*document.Document{docs[0], docs[4]}, smallPages(t, Options{}), BundleOptions{Preview: true}); err != nil {
		t.Fatal(err)
	}
	with, without := files(t, dir), files(t, alone)
	m, err := ReadManifest(filepath.Join(dir, manifestFile))
	if err != nil || len(m.LeftOut) != 3 || len(m.Documents) != 2 {
		t.Errorf("manifest %+v, %v", m, err)
	}
	delete(with, manifestFile)
	delete(without, manifestFile)
	if !maps.Equal(with, without) {
		t.Errorf("files %v, want %v", slices.Sorted(maps.Keys(with)), slices.Sorted(maps.Keys(without)))
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("bad sector") }

func TestBundleOfNothing(t *testing.T) {
	parent := t.TempDir()
	for _, docs := range [][]*document.Document{nil, {textDocument("a", nil)}, {textDocument("a", []byte("\n\n"))}} {
		s, err := WriteBundle(context.Background(), filepath.Join(parent, "pages"), docs, smallPages(t, Options{}), BundleOptions{})
		if !errors.Is(err, ErrNothingDrawn) || len(s.LeftOut) != len(docs) {
			t.Errorf("%d documents: %v, %+v", len(docs), err, s)
		}
	}
	if names := entryNames(t, parent); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// endless is a text without an end.
func endless() *document.Document {
	return &document.Document{Name: "endless", Open: func() (io.ReadCloser, error) { return io.NopCloser(endlessReader{}), nil }}
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "lorem ipsum\n"[i%12]
	}
	return len(p), nil
}

func TestInterruptedBundleLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := BundleOptions{Progress: func(p Progress) {
		if p.Pages == 20 {
			cancel()
		}
	}}
	_, err := WriteBundle(ctx, filepath.Join(parent, "pages"), []*document.Document{endless()}, smallPages(t, Options{}), o)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if names := entryNames(t, parent); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// fullDisk takes a number of bytes over all files.
type fullDisk struct{ room int }

type fullDiskFile struct {
	bundleFile
	path string
	disk *fullDisk
}

func (d *fullDisk) create(path string) (bundleFile, error) {
	f, err := createFile(path)
	return &fullDiskFile{f, path, d}, err
}

func (f *fullDiskFile) Write(p []byte) (int, error) {
	if f.disk.room -= len(p); f.disk.room < 0 {
		return 0, &os.PathError{Op: "write", Path: f.path, Err: syscall.ENOSPC}
	}
	return f.bundleFile.Write(p)
}

func TestFullDiskKeepsTheOldBundle(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pages")
	docs := []*document.Document{textDocument("a", numbered(20))}
	if _, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{}); err != nil {
		t.Fatal(err)
	}
	before := files(t, dir)
	size := 0
	for _, data := range before {
		size += len(data)
	}
	// The manifest is the last to be written out: 0 hits a page, the size
	// without its last byte hits the manifest.
	for _, room := range []int{0, size - 1} {
		disk := &fullDisk{room}
		_, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{Force: true, create: disk.create})
		if !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), ".glyph-") {
			t.Errorf("room for %d bytes: %v", room, err)
		}
		if names := entryNames(t, parent); !slices.Equal(names, []string{"pages"}) {
			t.Errorf("left behind: %v", names)
		}
		if !maps.Equal(files(t, dir), before) {
			t.Error("the old bundle has changed")
		}
	}
	disk := &fullDisk{size}
	if _, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{Force: true, create: disk.create}); err != nil {
		t.Errorf("room for all: %v", err)
	}
}

func TestTargets(t *testing.T) {
	t.Chdir(t.TempDir())
	docs := []*document.Document{textDocument("a", []byte("some text"))}
	write := func(dir string, force bool) error {
		_, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{Force: force})
		return err
	}
	os.Mkdir("empty", 0o700)
	os.Mkdir("photos", 0o777)
	os.WriteFile("photos/me.jpg", []byte("x"), 0o666)
	os.WriteFile("file", []byte("x"), 0o666)
	os.Symlink("bundle", "link")
	os.Symlink("nowhere", "dangling")
	for _, c := range []struct {
		dir   string
		force bool
		want  string // of the error; "" is none
	}{
		{"bundle", false, ""},
		{"bundle", false, "--force"},
		{"bundle", true, ""},
		{"link", true, ""},
		{"link/", false, "--force"},
		{"empty", false, ""},
		{"photos", false, "not a bundle"},
		{"photos", true, "not a bundle"},
		{"file", true, "not a directory"},
		{"dangling", true, "symbolic link"},
		{".", true, "current directory"},
		{"", true, "no name"},
		{"file/below", true, "not a directory"},
	} {
		err := write(c.dir, c.force)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q, force %v: %v, want %q", c.dir, c.force, err, c.want)
		}
	}
	os.WriteFile("bundle/notes.txt", []byte("mine"), 0o666)
	if err := write("bundle", true); !errors.Is(err, ErrTargetExists) || !strings.Contains(err.Error(), "notes.txt") {
		t.Errorf("a bundle with a stranger in it: %v", err)
	}
	if info, err := os.Stat("empty"); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the empty directory became %v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat("link"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestSummaryIsStableJSON(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pages")
	docs := []*document.Document{textDocument("a", []byte("soft\u00adhyphen \xFF\n"))}
	s, err := WriteBundle(context.Background(), dir, docs, smallPages(t, Options{}), BundleOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "null") {
		t.Errorf("null in %s", data)
	}
	if len(s.Dropped) != 1 || s.Dropped[0].First[0] != (place{Document: "a", Offset: 4}) ||
		len(s.Substituted) != 1 || s.Substituted[0].First[0] != (place{"a", 13, `\xFF`}) {
		t.Errorf("dropped %+v, substituted %+v", s.Dropped, s.Substituted)
	}
}

func TestPreviewIsBounded(t *testing.T) {
	var sheet contactSheet
	huge := smallPages(t, Options{}, configs.KeyValue{Key: "dpi", Value: "1200"})
	pages := 0
	for _, r := range []*Renderer{huge, smallPages(t, Options{})} {
		for p, err := range r.Pages(context.Background(), "a", bytes.NewReader(numbered(200))) {
			if err != nil {
				t.Fatal(err)
			}
			pages++
			if err := sheet.add(pages, p); err != nil {
				t.Fatal(err)
			}
			if r == huge {
				break
			}
		}
	}
	if len(sheet.thumbs) != sheetPages || sheet.thumbs[0].picture.Bounds().Dx() > thumbWidth {
		t.Errorf("%d thumbs of %v", len(sheet.thumbs), sheet.thumbs[0].picture.Bounds())
	}
	data, err := sheet.png(pages)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || img.Width > 2500 || img.Height > 2500 {
		t.Errorf("sheet of %dx%d px, %v", img.Width, img.Height, err)
	}
}

func ExampleWriteBundle() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	r, err := New(configs.Default(), Options{})
	if err != nil {
		panic(err)
	}
	docs, _, err := document.Find(context.Background(), []string{"-"}, strings.NewReader("A text from standard input.\n"))
	if err != nil {
		panic(err)
	}
	s, err := WriteBundle(context.Background(), filepath.Join(dir, "pages"), docs, r, BundleOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Totals.Pages, "page of", s.Documents[0].Name)

	m, err := ReadManifest(filepath.Join(dir, "pages", "manifest.json"))
	if err != nil {
		panic(err)
	}
	page := m.Documents[0].Pages[0]
	fmt.Println(page.File, "shows the bytes", page.Lines[0])
	// Output:
	// 1 page of stdin
	// page-000001.png shows the bytes [0 28]
}
