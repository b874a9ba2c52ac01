package cli

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/render"
)

// glyph runs a command and returns what it prints.
func command(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	root := newRoot(&verb.App{})
	var out, messages bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&messages)
	root.SetArgs(args)
	err = root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestCalibrate(t *testing.T) {
	dir := t.TempDir()
	preset, picture, text := filepath.Join(dir, "preset.json"), filepath.Join(dir, "acuity.png"), filepath.Join(dir, "text.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("A line of the text that the config is for.\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "calibrate", text, "--reader", "tesseract", "-m", "qwen3-vl", "--threshold", "20",
		"--min-px", "6", "--max-px", "10", "--budget", "calls=5", "--plot", picture, "-o", preset)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tesseract 5", "seed 1", "CER crosses 20 % at ", " px² a character [", "text.txt: "} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not print %q:\n%s", want, out)
		}
	}
	data, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	pages := filepath.Join(dir, "pages")
	if _, err := command(t, "compress", text, "--config", preset, "-o", pages); err != nil {
		t.Fatalf("compress does not take the preset: %v", err)
	}
	if m, err := render.ReadManifest(filepath.Join(pages, "manifest.json")); err != nil || m.Totals.Pages == 0 {
		t.Errorf("manifest %+v, error %v", m, err)
	}
}

func TestCalibrateEndpoint(t *testing.T) {
	s := llmtest.New(llmtest.Text("it shows letters"))
	defer s.Close()
	preset := filepath.Join(t.TempDir(), "preset.json")
	out, err := command(t, "calibrate", "-m", "qwen3-vl", "--base-url", s.URL(), "--json", "-o", preset)
	if err == nil || !strings.Contains(err.Error(), `the outcome is "none read"`) {
		t.Errorf("error %v, want the outcome", err)
	}
	if _, err := os.Stat(preset); err == nil {
		t.Error("a preset is written")
	}
	var printed struct {
		Outcome, Reader, Model string
		Spent                  struct {
			Prompt int `json:"prompt_tokens"`
		}
	}
	if err := json.Unmarshal([]byte(out), &printed); err != nil {
		t.Fatal(err)
	}
	if printed.Outcome != "none read" || printed.Spent.Prompt == 0 || printed.Model != "qwen3-vl" || !strings.HasPrefix(printed.Reader, "vlm qwen3-vl at ") {
		t.Errorf("printed %+v", printed)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "")
	for _, test := range []struct{ args, want string }{
		{"", "accepted: --model NAME --base-url URL, or --reader"},
		{"-m qwen3-vl", "accepted: --base-url URL or OPENAI_BASE_URL"},
		{"-m no-model --reader tesseract", "no-model"},
		{"--reader tesseract --base-url http://127.0.0.1:1", "one of them"},
		{"--reader tesserat", "did you mean tesseract?"},
		{"-m qwen3-vl --page-size 100,100 --reader tesseract", "no --page-size"},
		{"--reader tesseract --budget calls=2", "accepted are"},
		{"--reader tesseract --min-px 1", "accepted are"},
		{"--reader tesseract --threshold 0", "per cent"},
		{"--reader tesseract --budget -1", "above 0"},
		{"--reader tesseract no-such-file", "no-such-file"},
	} {
		if _, err := command(t, append([]string{"calibrate"}, strings.Fields(test.args)...)...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("calibrate %s: error %v, want %q", test.args, err, test.want)
		}
	}
}
