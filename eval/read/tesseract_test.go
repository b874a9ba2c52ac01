package read

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/glyphkit/glyph/render"
)

// fakeMode is the environment variable that makes the test binary a program
// that behaves as a tesseract that has gone wrong.
const fakeMode = "EVAL_TEST_FAKE_TESSERACT"

func TestMain(m *testing.M) {
	mode, arg, _ := strings.Cut(os.Getenv(fakeMode), "=")
	switch {
	case mode == "":
		os.Exit(m.Run())
	case mode == "other program":
		fmt.Println("usage: tesseract [cube]")
	case os.Args[1] == "--version":
		fmt.Println("tesseract v9.8.7\n leptonica-1.2.3")
	case mode == "fail":
		fmt.Fprintln(os.Stderr, "Failed loading language 'eng'")
		os.Exit(1)
	case mode == "hang":
		os.WriteFile(arg+".new", []byte(strconv.Itoa(os.Getpid())), 0o600)
		os.Rename(arg+".new", arg)
		time.Sleep(time.Hour)
	}
}

// useFake puts the fake where NewTesseract finds it.
func useFake(t *testing.T, mode string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := "tesseract"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv(fakeMode, mode)
}

func newTesseract(t *testing.T, o TesseractOptions) *tesseract {
	t.Helper()
	r, err := NewTesseract(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func blank(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestTesseractMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := NewTesseract(t.Context(), TesseractOptions{})
	if !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "make deps") {
		t.Errorf("without tesseract the error is %v, want one that wraps %v and names `make deps`", err, exec.ErrNotFound)
	}
}

func TestTesseractOtherProgram(t *testing.T) {
	useFake(t, "other program")
	if _, err := NewTesseract(t.Context(), TesseractOptions{}); err == nil || !strings.Contains(err.Error(), "cube") {
		t.Errorf("for another program of that name the error is %v, want what it answers", err)
	}
}

func TestTesseractScale(t *testing.T) {
	for _, scale := range []int{-1, maxScale + 1} {
		if _, err := NewTesseract(t.Context(), TesseractOptions{Scale: scale}); err == nil {
			t.Errorf("scale %d is accepted", scale)
		}
	}
}

func TestTesseractName(t *testing.T) {
	useFake(t, "fail")
	if got, want := newTesseract(t, TesseractOptions{}).Name(), "tesseract 9.8.7 (eng, x3)"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
	if got, want := newTesseract(t, TesseractOptions{Scale: 2}).Name(), "tesseract 9.8.7 (eng, x2)"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
}

func TestTesseractFailure(t *testing.T) {
	useFake(t, "fail")
	text, err := newTesseract(t, TesseractOptions{}).Read(t.Context(), Page{Page: &render.Page{PNG: blank(t, 20, 20)}})
	if err == nil || !strings.Contains(err.Error(), "Failed loading language") {
		t.Errorf("a failing tesseract gives %+v and error %v, want its message in the error", text, err)
	}
}

func TestTesseractCancel(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	useFake(t, "hang="+pidFile)
	r := newTesseract(t, TesseractOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := r.Read(ctx, Page{Page: &render.Page{PNG: blank(t, 20, 20)}})
		done <- err
	}()
	var pid int
	for pid == 0 {
		select {
		case err := <-done:
			t.Fatalf("reading ended before it was cancelled: %v", err)
		case <-time.After(time.Millisecond):
			data, _ := os.ReadFile(pidFile)
			pid, _ = strconv.Atoi(string(data))
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled reading has the error %v, want %v", err, context.Canceled)
	}
	if p, err := os.FindProcess(pid); err == nil && p.Signal(syscall.Signal(0)) == nil {
		t.Error("the process is alive after its context ended")
	}
}

func TestTesseractBadPage(t *testing.T) {
	useFake(t, "fail") // which must not be reached
	page := blank(t, 100, 100)
	// A header that promises 8192x8192 px.
	huge := bytes.Clone(page)
	copy(huge[16:], "\x00\x00\x20\x00\x00\x00\x20\x00")
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, test := range map[string]struct {
		page []byte
		want string
	}{
		"empty":     {nil, "EOF"},
		"text":      {[]byte("not a picture"), "not a PNG"},
		"truncated": {page[:len(page)-20], "EOF"},
		"wide":      {blank(t, 12_000, 1), "at most 10922 px"},
		"huge":      {huge, "an area of at most"},
	} {
		_, err := newTesseract(t, TesseractOptions{}).Read(t.Context(), Page{Page: &render.Page{PNG: test.page}})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
}

func TestTesseractBlankPage(t *testing.T) {
	text, err := newTesseract(t, TesseractOptions{}).Read(t.Context(), Page{Page: &render.Page{PNG: blank(t, 200, 100)}})
	if text != (Reading{}) || err != nil {
		t.Errorf("a blank page reads as %+v, error %v, want nothing", text, err)
	}
}

func BenchmarkEnlarge(b *testing.B) {
	img := image.NewPaletted(image.Rect(0, 0, 595, 842), []color.Color{color.White, color.Black})
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := enlarge(buf.Bytes(), defaultScale); err != nil {
			b.Fatal(err)
		}
	}
}
