package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/model/vision"
)

func TestEvalReport(t *testing.T) {
	report := func(args ...string) (string, error) {
		cmd := newEvalReport(&verb.App{})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		cmd.SetArgs(args)
		err := cmd.ExecuteContext(t.Context())
		return out.String(), err
	}
	model, err := vision.Lookup("qwen3-vl")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := eval.Run(t.Context(), dir, eval.Spec{
		Tasks: []string{"acuity"}, Configs: []eval.Config{{Name: "default", Config: configs.Default()}},
		Model: model, Arms: []eval.Arm{eval.Text}, Probes: 1,
	}, eval.Options{}); err != nil {
		t.Fatal(err)
	}
	out, err := report(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "report.html"); strings.TrimSpace(out) != want {
		t.Errorf("it prints %q, want %q", out, want)
	}
	html, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil || !strings.Contains(string(html), "acuity") {
		t.Errorf("the report has no task, error %v", err)
	}
	if _, err := report(t.TempDir()); err == nil || !strings.Contains(err.Error(), "accepted: the directory of a run") {
		t.Errorf("error %v of a directory that is no run", err)
	}
	if _, err := report(); err == nil {
		t.Error("no error without a directory")
	}
}
