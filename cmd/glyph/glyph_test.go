package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/render"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"glyph": main})
}

// TestScripts runs testdata/script, which is what users see.
func TestScripts(t *testing.T) {
	fonts, err := filepath.Abs("../../fonts/data")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("FONTS", fonts)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"bytes":    scriptBytes,
			"jsonkeys": scriptJSONKeys,
			"pages":    scriptPages,
			"status":   scriptStatus,
		},
	})
}

// scriptBytes writes a file from a Go string literal: bytes FILE "a\xFF".
func scriptBytes(ts *testscript.TestScript, neg bool, args []string) {
	var s string
	_, err := fmt.Sscanf(strings.Join(args[1:], " "), "%q", &s)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(s), 0o666))
}

// scriptJSONKeys checks that a file is one JSON object with these keys.
func scriptJSONKeys(ts *testscript.TestScript, neg bool, args []string) {
	object := map[string]json.RawMessage{}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &object))
	for _, key := range args[1:] {
		if value, ok := object[key]; !ok || string(value) == "null" {
			ts.Fatalf("%s has no %q", args[0], key)
		}
	}
}

// scriptPages checks a bundle: its manifest can be read, and its pages are
// PNG pictures of the size that it says. The second argument is the number of
// documents.
func scriptPages(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	m, err := render.ReadManifest(filepath.Join(dir, "manifest.json"))
	ts.Check(err)
	if got := fmt.Sprint(len(m.Documents)); got != args[1] {
		ts.Fatalf("%s documents, want %s", got, args[1])
	}
	for _, d := range m.Documents {
		for _, p := range d.Pages {
			data, err := os.ReadFile(filepath.Join(dir, p.File))
			ts.Check(err)
			img, err := png.DecodeConfig(bytes.NewReader(data))
			ts.Check(err)
			if img.Width != p.Width || img.Height != p.Height {
				ts.Fatalf("%s is %dx%d px, the manifest says %dx%d", p.File, img.Width, img.Height, p.Width, p.Height)
			}
		}
	}
}

// scriptStatus runs glyph and checks its exit code: status 2 compress --dpi=0.
func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("glyph", args[1:]...)
	code := 0
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// A terminal or a pipe that says nothing must not keep glyph from ending.
func TestInterruptWhileWaitingForInput(t *testing.T) {
	silent, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := io.ReadAll(interruptible(ctx, silent)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	bar := progress{out: &out, start: time.Now()}
	bar.clear()
	if out.Len() != 0 {
		t.Errorf("before the first page: %q", out.String())
	}
	bar.show(render.Progress{Document: "a\x1b]0;title\a.txt", Pages: 1204, Read: 50, Size: 100})
	bar.clear()
	for _, want := range []string{"50 %", "1,204 pages", "pages/s", "############------------"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
	if strings.Contains(out.String(), "title\a") || !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Errorf("terminal gets %q", out.String())
	}
}

func TestNumbersForPeople(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{999: "999 B", 35_300: "35.3 kB", 1_940_000: "1.9 MB"} {
		if got := bytesText(n); got != want {
			t.Errorf("bytesText(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestNearestName(t *testing.T) {
	for s, want := range map[string]string{"compres": "compress", "fonts": "fonts", "font": "fonts", "zzzzz": ""} {
		if got := nearest(s, []string{"compress", "configs", "fonts"}); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
}
