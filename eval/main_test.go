package eval

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
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

func (r instant) Read(_ context.Context, page *render.Page) (read.Reading, error) {
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

// A run that is killed again and again ends with the bytes of one that was left
// alone, and reads no page twice but those under way.
func TestKilledAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	spec, err := killedSpec()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := Run(t.Context(), filepath.Join(dir, "whole"), spec, Options{Reader: instant{filepath.Join(dir, "whole.reads")}}); err != nil {
		t.Fatal(err)
	}
	usual := time.Since(start)
	want, err := os.ReadFile(filepath.Join(dir, "whole", resultFile))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]bool{}
	for _, p := range readLog(t, filepath.Join(dir, "whole.reads")) {
		if pages[p] {
			t.Errorf("page %s was read twice without a kill", p[:8])
		}
		pages[p] = true
	}

	const kills = 50
	rng := rand.New(rand.NewPCG(1, 1))
	killed, midway := 0, 0
	for trial := 0; killed < kills; trial++ {
		killedDir := filepath.Join(dir, fmt.Sprint("killed", trial))
		of := 0 // kills in this trial
		for done := false; !done; {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childDir+"="+killedDir)
			var message bytes.Buffer
			cmd.Stderr = &message
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(rng.Int64N(int64(usual)+int64(50*time.Millisecond))), func() { _ = cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			switch {
			case err == nil:
				done = true
			case message.Len() > 0:
				t.Fatalf("after %d kills: %s", of, message.String())
			default:
				of++
				if _, err := os.Stat(filepath.Join(killedDir, eventsFile)); err == nil {
					midway++
				}
			}
		}
		killed += of
		got, err := os.ReadFile(filepath.Join(killedDir, resultFile))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("the result after %d kills differs", of)
		}
		if reads := readLog(t, killedDir+".reads"); len(reads) > len(pages)+of*childWorkers {
			t.Errorf("%d readings of %d pages after %d kills of %d workers", len(reads), len(pages), of, childWorkers)
		}
	}
	t.Logf("%d kills, %d of them while outcomes were being kept; %d pages", killed, midway, len(pages))
	if midway == 0 {
		t.Error("no kill hit a run under way")
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
