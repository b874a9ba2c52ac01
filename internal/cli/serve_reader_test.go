package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/cli/verb"
)

// TestServeReader starts a server, asks it for its model and interrupts it.
func TestServeReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, w := io.Pipe()
	cmd := newRoot(&verb.App{})
	cmd.SetArgs([]string{"serve-reader", "--addr", "127.0.0.1:0"})
	cmd.SetErr(w)
	done := make(chan error, 1)
	go func() { done <- cmd.ExecuteContext(ctx) }()

	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	name, url, ok := strings.Cut(strings.TrimSpace(line), " at ")
	if !ok {
		t.Fatalf("the server says %q, want where it is", line)
	}
	resp, err := http.Get(url + "/models")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.Contains(string(body), name) {
		t.Errorf("the models are %s, error %v; want %q", body, err, name)
	}
	evalServed(t, url)
	cancel()
	if err := <-done; err != nil {
		t.Errorf("an interrupted server ends with the error %v", err)
	}
}

// evalServed measures tasks of three kinds over HTTP, with real pages.
func evalServed(t *testing.T, url string) {
	t.Helper()
	dir := t.TempDir()
	config, letter := filepath.Join(dir, "strip.json"), filepath.Join(dir, "letter.txt")
	for path, content := range map[string]string{
		config: `{"page-size": "595,120", "margin-x": 10, "margin-y": 10, "font-path": "dejavu-sans", "font-size": 9, "line-height": 10, "auto-crop-width": true, "auto-crop-last-page": true}`,
		letter: "The parcel left the warehouse a week before\nand came back twice.\n",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := newRoot(&verb.App{})
	var out, messages bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&messages)
	cmd.SetArgs([]string{"eval", letter, "--task", "ruler/niah_single_1,ruler/qa_1,ocr", "--length", "512", "--n", "1", "--config", config,
		"--reader", "vlm", "-m", "qwen3-vl", "--base-url", url, "--json", "-o", filepath.Join(dir, "run")})
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, messages.String())
	}
	var result eval.Result
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	if result.Solver || len(result.Cells) != 9 {
		t.Errorf("solver %v, %d cells; want the answers of an endpoint in 9", result.Solver, len(result.Cells))
	}
	for _, o := range result.Outcomes {
		if o.Score.Unscored != "" || o.Score.Value < 0.95 || o.Arm == eval.Image && len(o.Pages) == 0 {
			t.Errorf("%s, %s: %+v of %d pages, answer %q", o.Probe, o.Condition, o.Score, len(o.Pages), o.Answer)
		}
	}
}
