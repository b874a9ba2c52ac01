package eval

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

// knowing answers with the gold answer of the probe that is asked about, and
// with wrong where there is an image and no fact sheet.
func knowingModel(t *testing.T, spec Spec, wrong string) func(*llmtest.Request) llmtest.Reply {
	t.Helper()
	spec, err := spec.complete()
	if err != nil {
		t.Fatal(err)
	}
	counter, err := plan.CounterFor(spec.Model, nil)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := spec.makeSets(counter)
	if err != nil {
		t.Fatal(err)
	}
	return func(r *llmtest.Request) llmtest.Reply {
		text := r.Text()
		if wrong != "" && r.Images() > 0 && !strings.Contains(text, "Fact sheet:") {
			return llmtest.Text(wrong)
		}
		for _, set := range sets {
			for _, p := range set.Probes {
				if strings.Contains(text, "Question: "+p.Question) {
					return llmtest.Text(strings.Join(p.Gold, ", "))
				}
			}
		}
		return llmtest.Text("unknown question")
	}
}

func endpoint(s *llmtest.Server) *llm.Options {
	return &llm.Options{
		BaseURL: s.URL(), Model: "qwen3-vl", Idle: 10 * time.Second, Clock: llmtest.NewClock(time.Unix(0, 0)),
		Jitter: func() float64 { return 0.5 }, Price: llm.Price{Input: 1, Output: 2},
	}
}

func TestModel(t *testing.T) {
	spec := small(t)
	spec.Arms, spec.DPIs = Arms(), []float64{72, 96}
	s := llmtest.New(llmtest.Func(knowingModel(t, spec, "[illegible]")))
	defer s.Close()
	res := run(t, t.TempDir(), spec, Options{Endpoint: endpoint(s)})
	for arm, want := range map[Arm]float64{Image: 0, Hybrid: 1, Text: 1} {
		for _, c := range res.Cells {
			if c.Arm == arm && (c.Accuracy == nil || c.Accuracy.Value != want) {
				t.Errorf("%s, %s: %v, want %v", c.Task, c.Condition, c.Accuracy, want)
			}
		}
	}
	if c := cell(t, res, "exact", Image); c.Abstained != c.Scored || c.SilentWrong != 0 {
		t.Errorf("of %d answers [illegible] %d abstained, %d silently wrong", c.Scored, c.Abstained, c.SilentWrong)
	}
	if res.Usage <= 0 || res.Cost <= 0 || res.Solver || !strings.Contains(res.Reader, "qwen3-vl at 127.0.0.1") {
		t.Errorf("usage %d, cost %v, reader %q", res.Usage, res.Cost, res.Reader)
	}
	for _, r := range s.Requests() {
		text := r.Text()
		at, question := strings.Index(text, instruction), strings.LastIndex(text, "Question: ")
		if strings.Count(text, instruction) != 1 || at > question || strings.Contains(text, "say on which page") {
			t.Fatalf("the request says %q", text)
		}
		if r.Temperature == nil || *r.Temperature != 0 || r.Seed == nil || r.MaxTokens != DefaultMaxAnswer {
			t.Errorf("temperature %v, seed %v, %d tokens", r.Temperature, r.Seed, r.MaxTokens)
		}
	}
}

// The ladder of a model: a string that the text does not hold is asked again
// about the page where the others of the answer stand, and then about its text.
func TestModelLadder(t *testing.T) {
	text := strings.Repeat("Nothing of note was said in the hall that day.\n", 60)
	at := len(text) / 2
	text = text[:at] + "\nThe order is INV-204168-KQ7Z and was late.\n" + text[at:]
	for _, zoom := range []bool{false, true} {
		spec := Spec{
			Tasks: []string{"ocr"}, Documents: []task.Document{{Name: "a", Text: text}}, Configs: []Config{strips(t)}, Model: profile(t),
			DPIs: []float64{72, 96}, Arms: []Arm{Adaptive}, Zoom: zoom,
		}
		s := llmtest.New(llmtest.Text("Order INV-204168-KQ7Z, tracking 77Q-88120-XA."), llmtest.Text("Order INV-204168-KQ7Z, tracking 77Q-88121-XA."), llmtest.Text("The order is INV-204168-KQ7Z."))
		defer s.Close()
		res := run(t, t.TempDir(), spec, Options{Endpoint: endpoint(s)})
		o := res.Outcomes[0]
		if len(o.Rungs) != 3 || o.Rungs[0].Verified || o.Rungs[1].Verified || !o.Rungs[2].Verified {
			t.Fatalf("rungs %+v", o.Rungs)
		}
		again := o.Rungs[1].Pages
		if len(again) != 1 || again[0].Strip != zoom || again[0].Start > int64(at+1) || again[0].End <= int64(at+1) {
			t.Errorf("zoom %v: read again %+v, the string is at byte %d", zoom, again, at)
		}
		requests := s.Requests()
		if got := []int{requests[0].Images(), requests[1].Images(), requests[2].Images()}; got[0] < 3 || got[1] != 1 || got[2] != 0 {
			t.Errorf("images %v", got)
		}
		if !strings.Contains(requests[1].Text(), "page 4 of") || strings.Contains(requests[1].Text(), "a strip") != zoom {
			t.Errorf("the second request says %q", requests[1].Text())
		}
		if !strings.Contains(requests[2].Text(), "INV-204168-KQ7Z") || len(requests[2].Text()) > 3000 {
			t.Errorf("the text of the page is %q", requests[2].Text())
		}
	}
}

// With a fault in three of ten requests every probe ends, scored or with its
// reason, and nothing is paid twice.
func TestFaultyEndpoint(t *testing.T) {
	for seed := range uint64(3) {
		spec := small(t)
		spec.Probes, spec.Tasks = 12, []string{"ruler/niah_single_1", "ruler/vt"}
		know := knowingModel(t, spec, "")
		var mu sync.Mutex
		answered := map[string]int{} // complete answers by request
		s := llmtest.New(llmtest.Faults(seed, 0.3, llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
			mu.Lock()
			defer mu.Unlock()
			answered[hashOf(r.Body)]++
			return know(r)
		})))
		dir, o := t.TempDir(), Options{Endpoint: endpoint(s), Workers: 8}
		o.Endpoint.Idle = time.Second // what a hanging request takes
		// Answered again is only what a busy machine brought too late, and that
		// is among the attempts that the run says may have been billed.
		paidOnce := func(when string) {
			mu.Lock()
			defer mu.Unlock()
			again := 0 // answers
			for _, n := range answered {
				again += n - 1
			}
			if maybe := maybeBilled(t, dir); again > maybe {
				t.Errorf("seed %d, %s: %d requests were answered again, and %d attempts may have been billed", seed, when, again, maybe)
			}
		}
		res := run(t, dir, spec, o)
		if res.Done != res.Total || res.Total != 72 {
			t.Errorf("seed %d: %d of %d outcomes", seed, res.Done, res.Total)
		}
		failed := 0
		for _, o := range res.Outcomes {
			switch {
			case o.Failure != "" && o.Score.Unscored == o.Failure:
				failed++
			case o.Failure != "" || o.Score.Unscored != "" || o.Score.Value != 1:
				t.Errorf("seed %d: %s, %s: %+v, %q", seed, o.Probe, o.Condition, o.Score, o.Failure)
			}
		}
		if failed == 0 || failed > 36 {
			t.Errorf("seed %d: %d of 72 failed", seed, failed)
		}
		paidOnce("at first")
		calls, want := s.Calls(), resultBytes(t, dir)
		run(t, dir, spec, o)
		if s.Calls() != calls || !bytes.Equal(want, resultBytes(t, dir)) {
			t.Errorf("seed %d: the same run again made %d calls", seed, s.Calls()-calls)
		}
		o.Retry = true
		again := run(t, dir, spec, o)
		if n := len(again.Unscored); n > 0 && s.Calls() == calls {
			t.Errorf("seed %d: Retry asked nothing, %d reasons are left", seed, n)
		}
		paidOnce("after Retry")
		s.Close()
	}
}

// maybeBilled counts the attempts that the events say may have been billed.
func maybeBilled(t *testing.T, dir string) (n int) {
	t.Helper()
	_, err := runs.Load(dir, format, &Manifest{}, maxEvent, func(line []byte) error {
		e, err := parseEvent(line)
		n += e.Paid.MaybeAttempts
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBudget(t *testing.T) {
	spec := small(t)
	spec.MaxAnswer = 100
	s := llmtest.New(llmtest.Func(knowingModel(t, spec, "")))
	defer s.Close()
	dir, o := t.TempDir(), Options{Endpoint: endpoint(s), Budget: Budget{Tokens: 20_000}}
	res := run(t, dir, spec, o)
	if res.Stopped == "" || !res.Unfinished || res.Done == 0 || res.Done >= res.Total || res.Usage > 20_000 {
		t.Fatalf("stopped %q after %d of %d outcomes and %d tokens", res.Stopped, res.Done, res.Total, res.Usage)
	}
	if _, billed := s.Billed(); billed > 20_000 {
		t.Errorf("%d tokens were billed", billed)
	}
	calls := s.Calls()
	if res = run(t, dir, spec, o); res.Stopped == "" || s.Calls() > calls+2 {
		t.Errorf("with the same budget %d more calls", s.Calls()-calls)
	}
	calls = s.Calls()
	o.Budget.Tokens = 0
	done := res.Done
	res = run(t, dir, spec, o)
	if res.Stopped != "" || res.Done != res.Total || s.Calls()-calls != res.Total-done {
		t.Errorf("without a budget %d calls for the %d outcomes that were missing; %d of %d", s.Calls()-calls, res.Total-done, res.Done, res.Total)
	}
}

func TestKeyIsRefused(t *testing.T) {
	s := llmtest.New(llmtest.Unauthorized())
	defer s.Close()
	dir := t.TempDir()
	_, err := Run(t.Context(), dir, small(t), Options{Endpoint: endpoint(s), Workers: 1})
	if !errors.Is(err, llm.ErrAuth) || s.Calls() != 1 {
		t.Errorf("after %d calls: %v", s.Calls(), err)
	}
}

// Secrets of the user's are drawn, kept and sent only if that is allowed, by
// whatever reader, and the run says so.
func TestSecrets(t *testing.T) {
	const key = "AKIA" + "Q3EGRRXZ2Y5V7TWB"
	spec := small(t)
	spec.Tasks, spec.Documents = []string{"ocr"}, []task.Document{{Name: "env", Text: "aws_access_key_id = " + key + "\n"}}
	for _, c := range []struct {
		mode          secrets.Mode
		refused, kept bool
	}{{"", true, false}, {secrets.Block, true, false}, {secrets.Redact, false, false}, {secrets.Allow, false, true}} {
		for _, reader := range []string{"endpoint", "engine"} {
			s := llmtest.New(llmtest.Text("no"))
			defer s.Close()
			o := Options{Secrets: c.mode, Endpoint: endpoint(s)}
			if reader == "engine" {
				o = Options{Secrets: c.mode, Reader: instant{}}
			}
			dir := filepath.Join(t.TempDir(), "run")
			_, err := Run(t.Context(), dir, spec, o)
			found, blocked := errors.AsType[*secrets.FoundError](err)
			if blocked != c.refused || !blocked && err != nil || blocked && (found.Found[0].Document != "env" || strings.Contains(err.Error(), key[4:])) {
				t.Errorf("%q, %s: %v", c.mode, reader, err)
			}
			if _, err := os.Stat(dir); c.refused && (!os.IsNotExist(err) || s.Calls() > 0) {
				t.Errorf("%q, %s: %d calls, directory %v", c.mode, reader, s.Calls(), err)
			}
			kept := false
			_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
				if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, []byte(key)) {
					kept = true
				}
				return nil
			})
			for _, r := range s.Requests() {
				if strings.Contains(r.Text(), key) != c.kept && r.Images() == 0 {
					t.Errorf("%q: sent %q", c.mode, r.Text())
				}
			}
			if kept != c.kept {
				t.Errorf("%q, %s: the run holds the key: %t", c.mode, reader, kept)
			}
			if c.refused {
				continue
			}
			d, err := Open(dir, render.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m := d.Manifest; m.Secrets.Mode != c.mode || m.Secrets.Count != 1 || m.Secrets.Found[0].Line != 1 {
				t.Errorf("%q, %s: the run says %+v, error %v", c.mode, reader, m.Secrets, err)
			}
		}
	}
}
