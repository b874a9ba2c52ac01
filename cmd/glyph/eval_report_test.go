package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	evalrun "github.com/glyphkit/glyph/eval/run"
	"github.com/glyphkit/glyph/render/vision"
)

func TestEvalReport(t *testing.T) {
	report := func(args ...string) (string, error) {
		cmd := newEvalReport()
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
	if _, err := evalrun.Run(t.Context(), dir, evalrun.Spec{
		Tasks: []string{"acuity"}, Configs: []evalrun.Config{{Name: "default", Config: configs.Default()}},
		Model: model, Arms: []evalrun.Arm{evalrun.Text}, Probes: 1,
	}, evalrun.Options{}); err != nil {
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
