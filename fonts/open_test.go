package fonts

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// tinyOf is the tiny font with another em, by which it can be told.
func tinyOf(em int) []byte {
	return tinyFont(patch("head", 18, em))
}

func TestOpen(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	abs := write(t, first, "a.ttf", tinyOf(111))
	write(t, second, "a.ttf", tinyOf(222))
	write(t, second, "b.ttf", tinyOf(333))
	write(t, second, "odd#1", tinyOf(444))
	write(t, second, "two.ttc", collection())
	write(t, second, "lato", tinyOf(555))
	write(t, second, "tiny.bdf.gz", gzipped(t, mustRead(t, "testdata/tiny.bdf")))
	for _, c := range []struct {
		spec string
		em   int
		name string
	}{
		{"a.ttf", 111, "a.ttf"},
		{"b.ttf", 333, "b.ttf"},
		{"../" + filepath.Base(second) + "/a.ttf", 222, "a.ttf"},
		{abs, 111, "a.ttf"},
		{"odd#1", 444, "odd#1"},
		{"two.ttc", 100, "two.ttc"},
		{"two.ttc#0", 100, "two.ttc"},
		{"two.ttc#1", 200, "two.ttc#1"},
		{"tiny.bdf.gz", 6, "tiny.bdf.gz"},
		{"lato", 2000, "lato"},
		{"LATO", 2000, "lato"},
		{"./lato", 555, "lato"},
	} {
		f, err := Open(c.spec, first, second)
		if err != nil {
			t.Error(err)
		} else if f.UnitsPerEm() != c.em || f.Name() != c.name {
			t.Errorf("%s is %s with an em of %d, not %s of %d", c.spec, f.Name(), f.UnitsPerEm(), c.name, c.em)
		}
	}
	t.Chdir(first)
	if f, err := Open("a.ttf"); err != nil || f.UnitsPerEm() != 111 {
		t.Errorf("in the current directory: %v", err)
	}
	if f, err := Open("a.ttf", second); err != nil || f.UnitsPerEm() != 222 {
		t.Errorf("the current directory was looked in, too: %v", err)
	}
	a, _ := Open("dejavu-sans")
	if b, _ := Open("DejaVu-Sans"); a != b {
		t.Error("an embedded face was opened twice")
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "bad.ttf", []byte("not a font"))
	write(t, dir, "two.ttc", collection())
	large := write(t, dir, "large.ttf", nil)
	if err := os.Truncate(large, maxFileSize+1); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		spec, want string
		missing    bool
	}{
		{"DejaVuSans.ttf", "in " + dir + "; embedded fonts like it: dejavu-sans", true},
		{"../config/lato-regular.otf", "embedded fonts like it: lato", true},
		{"dejavu-sams", "embedded fonts like it: dejavu-sans", true},
		{"Verdana.ttf", "embedded fonts are dejavu-sans, dejavu-sans-mono, ", true},
		{"two.ttc#x", "file does not exist", true},
		{filepath.Join(dir, "none.ttf"), "file does not exist at that path", true},
		{"", "opening a font without a name", true},
		{"bad.ttf", `parsing font "bad.ttf": unknown font format (begins with "not a font"); TTF, OTF`, false},
		{"two.ttc#2", "font 2 of a file of 2; 0 to 1 are accepted", false},
		{"large.ttf", "file of 67108865 bytes; up to 64 MiB are accepted", false},
		{"folder", "it is a directory, not a font file", false},
	} {
		_, err := Open(c.spec, dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, fs.ErrNotExist) != c.missing {
			t.Errorf("%q: %v, want ... %s", c.spec, err, c.want)
		}
	}
}

func TestOpenSystem(t *testing.T) {
	named := func(em int, family, style string) []byte {
		return tinyFont(func(m map[string][]byte) {
			patch("head", 18, em)(m)
			m["name"] = append(words(0, 2, 30,
				1, 0, 0, 1, len(family), 0, 1, 0, 0, 2, len(style), len(family)), family+style...)
		})
	}
	user, shared := t.TempDir(), t.TempDir()
	write(t, user, "deep/down/SomeBold.ttf", named(101, "Some Sans", "Bold"))
	write(t, shared, "b/some.OTF", named(102, "Some Sans", "Regular"))
	write(t, shared, "c/some-too.ttf", named(103, "Some Sans", "Regular"))
	write(t, shared, "two.ttc", collection())
	write(t, shared, "tiny.bdf", mustRead(t, "testdata/tiny.bdf"))
	write(t, shared, "broken.ttf", []byte("\x00\x01\x00\x00"))
	write(t, shared, "Some Sans.txt", []byte("not a font by its name"))
	dirs := []string{filepath.Join(user, "none"), user, shared}
	for name, em := range map[string]int{
		"Some Sans": 102, "somesans": 102, "SOME-SANS": 102, "Some Sans Bold": 101, "SomeBold": 101,
		"some-too.ttf": 103, "Tony": 200, "Tiny": 6, "tiny.bdf": 6,
	} {
		f, err := openSystem(name, dirs)
		if err != nil {
			t.Error(err)
		} else if f.UnitsPerEm() != em {
			t.Errorf("%q is %s with an em of %d, not %d", name, f.Name(), f.UnitsPerEm(), em)
		}
	}
	_, err := openSystem("Some Sand", dirs)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "3 families are installed, like it: Some Sans") {
		t.Errorf("a family that is not installed: %v", err)
	}
	if _, err := openSystem(" ", dirs); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no family: %v", err)
	}
	if _, err := openSystem("broken", dirs); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a broken font: %v", err)
	}

	for _, name := range []string{"XDG_DATA_HOME", "LOCALAPPDATA", "HOME"} {
		t.Setenv(name, user)
	}
	for _, folder := range []string{"fonts", "Microsoft/Windows/Fonts", "Library/Fonts"} {
		write(t, user, folder+"/x.ttf", named(104, "Very Own Sans", "Book"))
	}
	if f, err := OpenSystem("Very Own Sans"); err != nil || f.UnitsPerEm() != 104 {
		t.Errorf("a font of the user's: %v", err)
	}
}
