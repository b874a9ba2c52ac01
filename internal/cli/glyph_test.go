package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/render"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"glyph": Main})
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
			"bytes":     scriptBytes,
			"endpoint":  scriptEndpoint,
			"jsonkeys":  scriptJSONKeys,
			"pages":     scriptPages,
			"parts":     scriptParts,
			"repeat":    scriptRepeat,
			"status":    scriptStatus,
			"tokenizer": scriptTokenizer,
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

// scriptRepeat appends a Go string literal to a file: repeat FILE 10 "a\n".
func scriptRepeat(ts *testscript.TestScript, neg bool, args []string) {
	var text string
	_, err := fmt.Sscanf(strings.Join(args[2:], " "), "%q", &text)
	ts.Check(err)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	ts.Check(err)
	_, err = f.WriteString(strings.Repeat(text, n))
	ts.Check(errors.Join(err, f.Close()))
}

// scriptTokenizer writes a tokenizer.json whose tokens are bytes.
func scriptTokenizer(ts *testscript.TestScript, neg bool, args []string) {
	vocab := map[string]int{}
	n := rune(256) // what GPT-2 writes for bytes that are no visible character
	for b := range 256 {
		r := rune(b)
		if b < '!' || '~' < b && b < '¡' || b == 0xAD {
			r, n = n, n+1
		}
		vocab[string(r)] = b
	}
	data, err := json.Marshal(map[string]any{
		"model":         map[string]any{"type": "BPE", "vocab": vocab, "merges": []string{}},
		"pre_tokenizer": map[string]any{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
	})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

// scriptJSONKeys checks that a file is one JSON object with these keys, or a
// list of such objects.
func scriptJSONKeys(ts *testscript.TestScript, neg bool, args []string) {
	data := []byte(ts.ReadFile(args[0]))
	objects := make([]map[string]json.RawMessage, 1)
	if err := json.Unmarshal(data, &objects); err != nil {
		ts.Check(json.Unmarshal(data, &objects[0]))
	}
	for _, object := range objects {
		for _, key := range args[1:] {
			if value, ok := object[key]; !ok || string(value) == "null" {
				ts.Fatalf("%s has no %q", args[0], key)
			}
		}
	}
}

// scriptParts checks the parts of a bundle of one document: parts DIR FILE
// text pages. They are of these kinds, follow one another over all of the
// file, and text parts have its bytes.
func scriptParts(ts *testscript.TestScript, neg bool, args []string) {
	dir, source := ts.MkAbs(args[0]), ts.ReadFile(args[1])
	m, err := render.ReadManifest(filepath.Join(dir, "manifest.json"))
	ts.Check(err)
	d := m.Documents[0]
	var kinds []string
	tokens, end := int64(0), int64(0)
	for _, p := range d.Parts {
		kinds = append(kinds, p.Kind)
		if p.Start != end {
			ts.Fatalf("part %+v begins behind %d bytes", p, end)
		}
		end = p.End
		tokens += p.Tokens
		if p.Kind == "text" {
			data, err := os.ReadFile(filepath.Join(dir, p.File))
			ts.Check(err)
			if string(data) != source[p.Start:p.End] {
				ts.Fatalf("%s is not what the document has there", p.File)
			}
		}
	}
	if !slices.Equal(kinds, args[2:]) {
		ts.Fatalf("parts %q, want %q", kinds, args[2:])
	}
	if end != int64(len(source)) || m.Cost.ImageTokens+m.Cost.KeptTokens != tokens || d.Gate.MixedTokens < tokens {
		ts.Fatalf("parts to byte %d of %d, of %d tokens; cost %+v, gate %+v", end, len(source), tokens, *m.Cost, *d.Gate)
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

// What price says without drawing is what compress has drawn.
func TestPriceIsWhatCompressDraws(t *testing.T) {
	t.Chdir(t.TempDir())
	text := strings.Repeat("The committee deliberates,\tonce more: 世界 and café.\n\n", 150)
	if err := os.WriteFile("a.txt", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	type cost map[string]any
	command := func(v any, args ...string) {
		t.Helper()
		var out, messages bytes.Buffer
		if code := run(append(args, "a.txt", "--json"), strings.NewReader(""), &out, &messages); code != verb.ExitOK {
			t.Fatalf("%q: exit code %d: %s", args, code, messages.String())
		}
		if err := json.Unmarshal(out.Bytes(), v); err != nil {
			t.Fatal(err)
		}
	}
	for _, flags := range [][]string{
		{"--page-size=595,842"},
		{"--page-size=400,300", "--config=dense-bitmap", "--columns=2"},
		{"--page-size=A4", "--newline-markup=↵", "--patch-size=28"},
	} {
		for _, model := range []string{"gpt-5.5", "claude-sonnet-4.5", "gemini-3", "internvl3.5"} {
			var said struct{ Models []cost }
			var drawn struct{ Cost cost }
			command(&said, append(flags, "price", "--model", model)...)
			command(&drawn, append(flags, "compress", "--model", model, "--force")...)
			if len(said.Models) != 1 || said.Models[0]["image_tokens"].(float64) <= 0 || !reflect.DeepEqual(said.Models[0], drawn.Cost) {
				t.Errorf("%s under %q: price says %v, compress %v", model, flags, said.Models, drawn.Cost)
			}
		}
	}
}
