package eval

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/vision"
)

// childDir names the directory in which a test binary that is started again
// runs, to be killed.
const childDir = "GLYPH_TEST_RUN_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const childWorkers = 3

func child(dir string) error {
	spec, err := killedSpec()
	if err != nil {
		return err
	}
	_, err = Run(context.Background(), dir, spec, Options{Reader: instant{dir + ".reads"}, Workers: childWorkers})
	return err
}

func killedSpec() (Spec, error) {
	cfg, err := configs.Preset("glyph-en")
	if err != nil {
		return Spec{}, err
	}
	cfg.PageSize = configs.Size{Width: 595, Height: 120}
	model, err := vision.Lookup("qwen3-vl")
	return Spec{
		Tasks: []string{"acuity", "ruler/niah_single_1"}, Configs: []Config{{"strips", cfg}}, Model: model,
		DPIs: []float64{72, 96}, Arms: Arms(), Probes: 1, Lengths: []int{320},
	}, err
}

// instant is a reader that takes no time and notes each page that it reads.
type instant struct{ log string }

func (instant) Name() string { return "instant" }

func (r instant) Read(_ context.Context, page read.Page) (read.Reading, error) {
	f, err := os.OpenFile(r.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return read.Reading{}, err
	}
	hash := hashOf(page.PNG)
	if _, err := f.WriteString(hash + "\n"); err != nil {
		return read.Reading{}, err
	}
	return read.Reading{Text: "the access number for " + hash[:8] + " is " + hash[8:16]}, f.Close()
}

// A run that stops at any write goes on and ends with the bytes of one that was
// left alone, and reads no page twice but those under way. The write that fails
// leaves a half of itself, as a kill does.
func TestStoppedAtAnyWrite(t *testing.T) {
	dir := t.TempDir()
	spec, err := killedSpec()
	if err != nil {
		t.Fatal(err)
	}
	want, pages := left(t, dir, spec)
	for k := 0; ; k++ {
		stopped := filepath.Join(dir, fmt.Sprint("stopped", k))
		o := Options{Reader: instant{stopped + ".reads"}, Workers: childWorkers}
		restore := runs.FailAfter(k)
		_, err := Run(t.Context(), stopped, spec, o)
		failed := restore()
		if failed != (err != nil) {
			t.Fatalf("write %d failed: %t; error %v", k, failed, err)
		}
		if _, err := Run(t.Context(), stopped, spec, o); err != nil {
			t.Fatalf("after write %d: %v", k, err)
		}
		if got := resultBytes(t, stopped); !bytes.Equal(got, want) {
			t.Errorf("the result after write %d differs", k)
		}
		if reads := readLog(t, stopped+".reads"); len(reads) > pages+childWorkers {
			t.Errorf("%d readings of %d pages after write %d with %d workers", len(reads), pages, k, childWorkers)
		}
		if !failed {
			t.Logf("%d writes", k)
			return
		}
		if err := os.RemoveAll(stopped); err != nil {
			t.Fatal(err)
		}
	}
}

// left measures a spec without any stop, and returns its result and its pages.
func left(t *testing.T, dir string, spec Spec) (result []byte, pages int) {
	t.Helper()
	whole := filepath.Join(dir, "whole")
	if _, err := Run(t.Context(), whole, spec, Options{Reader: instant{whole + ".reads"}}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range readLog(t, whole+".reads") {
		if seen[p] {
			t.Errorf("page %s was read twice without a stop", p[:8])
		}
		seen[p] = true
	}
	return resultBytes(t, whole), len(seen)
}

// The same for processes that are killed, each when it has read so many pages.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	spec, err := killedSpec()
	if err != nil {
		t.Fatal(err)
	}
	want, pages := left(t, dir, spec)
	killed := filepath.Join(dir, "killed")
	child := func() (*exec.Cmd, *bytes.Buffer) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+killed)
		message := &bytes.Buffer{}
		cmd.Stderr = message
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, message
	}
	kills := 0
	for _, reads := range []int{1, pages / 3, pages / 2, 2 * pages / 3} {
		cmd, message := child()
		for t.Context().Err() == nil && cmd.ProcessState == nil {
			if log, _ := os.ReadFile(killed + ".reads"); len(strings.Fields(string(log))) >= reads {
				break
			}
			time.Sleep(time.Millisecond)
		}
		_ = cmd.Process.Kill()
		if err := cmd.Wait(); err != nil && message.Len() > 0 {
			t.Fatalf("after %d kills: %s", kills, message)
		} else if err != nil {
			kills++
		}
	}
	if kills < 3 {
		t.Errorf("%d of 4 processes were killed", kills)
	}
	cmd, message := child()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("after %d kills: %v: %s", kills, err, message)
	}
	if !bytes.Equal(resultBytes(t, killed), want) {
		t.Errorf("the result after %d kills differs", kills)
	}
	if reads := readLog(t, killed+".reads"); len(reads) > pages+kills*childWorkers {
		t.Errorf("%d readings of %d pages after %d kills of %d workers", len(reads), pages, kills, childWorkers)
	}
}

func readLog(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}
