package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// small is a run of some hundred probes.
func small() Options {
	return Options{Seed: 11, Population: 6, Generations: 5, Rungs: []int{4, 8, 16}, Finalists: 3, Patch: 28, Workers: 2,
		Baselines: []Baseline{{"default", configs.Default()}}}
}

func mustRun(t *testing.T, ctx context.Context, dir string, p Problem, o Options) []byte {
	t.Helper()
	r, err := Run(ctx, dir, p, o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSameResultWithAnyWorkers(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 8} {
		o := small()
		o.Workers = workers
		p := newPlanted(16, 8)
		rng := rand.New(rand.NewSource(int64(workers)))
		var mu sync.Mutex
		p.calls = func() {
			mu.Lock()
			d := time.Duration(rng.Intn(200)) * time.Microsecond
			mu.Unlock()
			time.Sleep(d)
		}
		got := mustRun(t, t.Context(), t.TempDir(), p, o)
		if first == nil {
			first = got
		} else if !bytes.Equal(first, got) {
			t.Errorf("%d workers give another result than 1", workers)
		}
	}
}

func TestResultHasWhatItPromises(t *testing.T) {
	p := newPlanted(16, 8)
	dir := t.TempDir()
	r, err := Run(t.Context(), dir, p, small())
	if err != nil {
		t.Fatal(err)
	}
	if r.Stop != StopGenerations || r.Generations != 5 || r.Rung != 16 || r.Spent.Attempts == 0 {
		t.Errorf("stop %s after %d generations, rung %d, %+v", r.Stop, r.Generations, r.Rung, r.Spent)
	}
	for i, a := range r.Front {
		if a.Asked != 16 || a.Dropped != "" || a.Config.Validate() != nil {
			t.Errorf("on the front: %+v", a)
		}
		for _, b := range r.Front[:i] {
			if a.Point().dominates(b.Point()) || b.Point().dominates(a.Point()) {
				t.Errorf("%s and %s are both on the front", a.ID, b.ID)
			}
		}
	}
	for _, name := range []string{"faithful", "balanced", "dense"} {
		id := r.Picks[name]
		if !slices.ContainsFunc(r.Front, func(c Candidate) bool { return c.ID == id }) {
			t.Errorf("%s is %q, not on the front", name, id)
		}
		if !slices.ContainsFunc(r.Finalists, func(f Finalist) bool { return f.ID == id && f.Accuracy.N == 8 }) {
			t.Errorf("%s was not read on the held-out probes", name)
		}
	}
	if last := r.Finalists[len(r.Finalists)-1]; last.Name != "default" || r.Finalists[0].Against[0].Accuracy.N != 8 {
		t.Errorf("no comparison with the baseline: %+v", r.Finalists)
	}
	if want := 8 * len(r.Finalists); r.HeldOut.Attempts != want {
		t.Errorf("%d calls for the held-out probes, want %d", r.HeldOut.Attempts, want)
	}
	saved, err := os.ReadFile(filepath.Join(dir, archiveFile))
	if data, _ := r.JSON(); err != nil || !bytes.Equal(saved, data) {
		t.Errorf("%s is not the result (%v)", archiveFile, err)
	}
}

// A run that is over is not read again, and another one is refused.
func TestSameDirectory(t *testing.T) {
	dir := t.TempDir()
	want := mustRun(t, t.Context(), dir, newPlanted(16, 8), small())
	p := newPlanted(16, 8)
	p.calls = func() { t.Error("a probe was asked again") }
	if got := mustRun(t, t.Context(), dir, p, small()); !bytes.Equal(got, want) {
		t.Error("another result")
	}
	o := small()
	o.Seed, o.Population = 12, 8
	_, err := Run(t.Context(), dir, p, o)
	if err == nil || !strings.Contains(err.Error(), "population is 6 there and 8 here; seed is 11 there and 12 here") {
		t.Errorf("got %v", err)
	}
}

// Cut off anywhere, a journal leads to the same archive.
func TestResumeFromAnyByte(t *testing.T) {
	whole := t.TempDir()
	want := mustRun(t, t.Context(), whole, newPlanted(16, 8), small())
	events, err := os.ReadFile(filepath.Join(whole, runs.JournalFile))
	if err != nil {
		t.Fatal(err)
	}
	identity, err := os.ReadFile(filepath.Join(whole, runs.IdentityFile))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(6))
	for range 8 {
		dir := t.TempDir()
		cut := rng.Intn(len(events))
		if err := errors.Join(
			os.WriteFile(filepath.Join(dir, runs.JournalFile), events[:cut], 0o666),
			os.WriteFile(filepath.Join(dir, runs.IdentityFile), identity, 0o666)); err != nil {
			t.Fatal(err)
		}
		if got := mustRun(t, t.Context(), dir, newPlanted(16, 8), small()); !bytes.Equal(got, want) {
			t.Errorf("cut at byte %d of %d: another archive", cut, len(events))
		}
	}
}

const killedDir = "GLYPH_TEST_KILLED_RUN"

// TestMain lets the test binary be the process that is killed: it runs until
// so many probes were asked, and dies within the next millisecond.
func TestMain(m *testing.M) {
	dir := os.Getenv(killedDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	var probes, micros int
	if _, err := fmt.Sscan(os.Getenv(killedDir+"_AT"), &probes, &micros); err != nil {
		panic(err)
	}
	p := newPlanted(16, 8)
	var mu sync.Mutex
	p.calls = func() {
		mu.Lock()
		defer mu.Unlock()
		if probes--; probes == 0 {
			go func() {
				time.Sleep(time.Duration(micros) * time.Microsecond)
				self, _ := os.FindProcess(os.Getpid())
				_ = self.Kill()
			}()
		}
	}
	if _, err := Run(context.Background(), dir, p, small()); err != nil {
		panic(err)
	}
}

func TestKilledTwentyTimes(t *testing.T) {
	want := mustRun(t, t.Context(), "", newPlanted(16, 8), small())
	rng := rand.New(rand.NewSource(time.Now().UnixNano())) // any moment must do
	dir := t.TempDir()
	killed := 0
	for range 20 {
		at := fmt.Sprint(1+rng.Intn(16), rng.Intn(1500))
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killedDir+"="+dir, killedDir+"_AT="+at)
		out, err := cmd.CombinedOutput()
		if len(out) > 0 {
			t.Fatalf("%s: %s", at, out)
		}
		if err != nil {
			killed++
		}
	}
	p := newPlanted(16, 8)
	left := 0
	var mu sync.Mutex
	p.calls = func() { mu.Lock(); left++; mu.Unlock() }
	if got := mustRun(t, t.Context(), dir, p, small()); !bytes.Equal(got, want) {
		t.Error("another archive than the run that was not killed")
	}
	t.Logf("killed %d times; %d probes were left for the last run", killed, left)
	if killed < 15 {
		t.Errorf("only %d of 20 were killed", killed)
	}
}

func TestCancelAndResume(t *testing.T) {
	want := mustRun(t, t.Context(), "", newPlanted(16, 8), small())
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	p := newPlanted(16, 8)
	var mu sync.Mutex
	n := 0
	p.calls = func() {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == 150 {
			cancel()
		}
	}
	r, err := Run(ctx, dir, p, small())
	if !errors.Is(err, context.Canceled) || r == nil || r.Stop != stopCancelled || r.HeldOut.Attempts != 0 || len(r.Front) == 0 {
		t.Fatalf("got %+v, %v", r, err)
	}
	if got := mustRun(t, t.Context(), dir, newPlanted(16, 8), small()); !bytes.Equal(got, want) {
		t.Error("another archive than the run that was not cancelled")
	}
}

func TestBudgets(t *testing.T) {
	for name, b := range map[string]Budget{"calls": {Calls: 300}, "tokens": {Tokens: 30_000}, "minutes": {Minutes: 0.01}} {
		p := newPlanted(16, 8)
		if name == "minutes" {
			p.calls = func() { time.Sleep(2 * time.Millisecond) }
		}
		o := small()
		o.Generations, o.Budget = 1000, b
		r, err := Run(t.Context(), "", p, o)
		if err != nil {
			t.Fatal(name, err)
		}
		if r.Stop != stopBudget || len(r.Front) == 0 {
			t.Errorf("%s: stop %s", name, r.Stop)
		}
		calls := r.Spent.Attempts + r.HeldOut.Attempts
		if name != "minutes" && (calls > 300 || calls < 250) {
			t.Errorf("%s: %d calls in all, want just under 300", name, calls)
		}
	}
	o := small()
	o.Budget.Calls = 10
	if _, err := Run(t.Context(), "", newPlanted(16, 8), o); err == nil || !strings.Contains(err.Error(), "want at least 36, 32 of them for the held-out probes of 4 finalists") {
		t.Errorf("got %v", err)
	}
}

func TestConverges(t *testing.T) {
	o := small()
	o.Limits = []string{"font-path=lato", "dpi=72", "font-size=9..9.2", "line-height=10", "page-size=a4"}
	o.Generations, o.Patience = 1000, 4
	r, err := Run(t.Context(), "", newPlanted(16, 0), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Stop != stopConverged || len(r.Finalists) == 0 || r.Finalists[0].Accuracy.N != 0 {
		t.Errorf("stop %s, finalists %+v", r.Stop, r.Finalists)
	}
	for _, c := range r.Candidates {
		if c.Config.FontPath != "lato" || c.Config.LineHeight != 10 || c.Config.DPI != 72 {
			t.Fatalf("left the limits: %s", c.Config.Canonical())
		}
	}
}

func TestBadProblems(t *testing.T) {
	dead := newPlanted(16, 8)
	dead.fail = func(configs.Config, int) error { return errors.New("connection refused") }
	blank := newPlanted(16, 8)
	heldOutOnly := newPlanted(0, 8)
	for _, c := range []struct {
		name string
		p    Problem
		o    func(*Options)
		want string
	}{
		{"reader is dead", dead, nil, "planted 1 failed on 4 probes in a row, last with: connection refused"},
		{"nothing can be drawn", undrawable{blank}, nil, "cannot be drawn:"},
		{"no probes", heldOutOnly, nil, "no probes to search with (8 held out)"},
		{"floor too high", blank, func(o *Options) { o.PixelFloor = 100 }, "glyphs under the pixel floor"},
		{"bad options", blank, func(o *Options) { o.Population = 2; o.Rungs = []int{8, 4} }, "population 2: want 4 to 10000"},
		{"contradiction", blank, func(o *Options) { o.Limits = []string{"font-size=9", "line-height=8"} }, "contradict each other"},
	} {
		o := small()
		if c.o != nil {
			c.o(&o)
		}
		r, err := Run(t.Context(), "", c.p, o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v, want %s", c.name, r, err, c.want)
		}
	}
}

type undrawable struct{ *planted }

func (undrawable) Compression(context.Context, configs.Config) (probe.Size, error) {
	return probe.Size{}, errors.New("no documents")
}

// A reader that is away for a while ends the run; when it is back the run goes
// on, and a failure now and then is counted, never a score of 0.
func TestReaderComesBack(t *testing.T) {
	flaky := func(c configs.Config, i int) error {
		if c.Hash()[i] < '1' {
			return errors.New("timeout")
		}
		return nil
	}
	p := newPlanted(16, 8)
	p.fail = flaky
	want := mustRun(t, t.Context(), "", p, small())

	dir := t.TempDir()
	away := newPlanted(16, 8)
	var mu sync.Mutex
	n := 0
	away.fail = func(c configs.Config, i int) error {
		mu.Lock()
		defer mu.Unlock()
		if n++; n > 60 {
			return errors.New("connection refused")
		}
		return flaky(c, i)
	}
	if _, err := Run(t.Context(), dir, away, small()); !errors.Is(err, errReader) {
		t.Fatalf("got %v", err)
	}
	r, err := Run(t.Context(), dir, p, small())
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := r.JSON(); !bytes.Equal(got, want) {
		t.Error("another archive than with a reader that was never away")
	}
	if r.Unscored == 0 {
		t.Error("no probe is counted as unscored")
	}
}

func TestFewProbesAreSaid(t *testing.T) {
	o := small()
	o.Rungs = nil
	r, err := Run(t.Context(), "", newPlanted(16, 0), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Degraded) != 1 || !strings.Contains(r.Degraded[0], "rungs end at 16 probes, not 72") {
		t.Errorf("degraded: %q", r.Degraded)
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"size":{"config":"ab","size":{"chars_per_token":3,"pixels_per_char":90,"glyph_pixels":9,"page_hash":""}}}` + "\n" +
		`{"probe":{"config":"ab","probe":3,"outcome":{"score":0.5,"cost":{"calls":1}}}}` + "\n" + `{"clock":{"check":1,"sec`))
	f.Add([]byte(`{"probe":{"config":"ab","probe":3,"outcome":{"score":7,"cost":{"calls":1}}}}` + "\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		load := func(data []byte) (int64, error) {
			j, err := openJournal("", nil)
			if err != nil {
				t.Fatal(err)
			}
			return runs.Read(bytes.NewReader(data), maxEvent, (&replay{j: j}).line)
		}
		end, err := load(data)
		if err != nil {
			return
		}
		if end > int64(len(data)) {
			t.Fatalf("%d of %d bytes kept", end, len(data))
		}
		if again, err := load(data[:end]); err != nil || again != end {
			t.Errorf("what was kept is read to %d of %d, %v", again, end, err)
		}
	})
}
