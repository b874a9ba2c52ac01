package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/render"
)

// small is a spec of a second.
func small(t testing.TB) Spec {
	t.Helper()
	return Spec{
		Tasks: []string{"exact", "ruler/niah_single_1"}, Configs: []Config{strips(t)}, Model: profile(t),
		Arms: []Arm{Image, Hybrid, Text}, Seed: 7, Probes: 2, Lengths: []int{600}, ExactBudget: "2000",
	}
}

func run(t testing.TB, dir string, spec Spec, o Options) *Result {
	t.Helper()
	res, err := Run(t.Context(), dir, spec, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func resultBytes(t testing.TB, dir string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, runs.ResultFile))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestArmsFromAPerfectAndANoisyReader(t *testing.T) {
	spec := small(t)
	perfect := run(t, t.TempDir(), spec, Options{Reader: newOracle(t, spec, 0)})
	for _, c := range perfect.Cells {
		if c.Accuracy.Value != 1 || c.Scored == 0 || c.Unscored != 0 {
			t.Errorf("%s, %s: %s of a perfect reader", c.Task, c.Condition, c.Accuracy)
		}
	}
	noisy := run(t, t.TempDir(), spec, Options{Reader: newOracle(t, spec, 9)})
	image, hybrid, text := cell(t, noisy, "exact", Image), cell(t, noisy, "exact", Hybrid), cell(t, noisy, "exact", Text)
	if !(image.Accuracy.Value < hybrid.Accuracy.Value) || text.Accuracy.Value != 1 {
		t.Errorf("image %s, hybrid %s, text %s", image.Accuracy, hybrid.Accuracy, text.Accuracy)
	}
	for _, o := range noisy.Outcomes {
		if o.Task == "exact" && o.OnSheet > 0 && o.Score.Value != 1 {
			t.Errorf("%s: the sheet carries it, the answer is %q", o.Probe, o.Answer)
		}
	}
	if image.SilentWrong != image.Scored-image.Abstained-int(image.Accuracy.Value*float64(image.Scored)+0.5) {
		t.Errorf("%d silently wrong, accuracy %s", image.SilentWrong, image.Accuracy)
	}
	if !(image.Compression.Value > hybrid.Compression.Value) || text.Compression.Value != 1 || image.CharactersPerToken.Value <= 0 {
		t.Errorf("compression: image %v, hybrid %v, text %v", image.Compression, hybrid.Compression, text.Compression)
	}
	for _, want := range []string{"oracle", "hybrid, strips at 72 dpi less image, strips at 72 dpi", "by document", "not by a model"} {
		if got := table(t, noisy); !strings.Contains(got, want) {
			t.Errorf("the table does not say %q:\n%s", want, got)
		}
	}
}

// The same bytes for one worker and for many, and nothing read twice.
func TestWorkersDoNotMatter(t *testing.T) {
	spec := small(t)
	spec.Arms, spec.DPIs = Arms(), []float64{72, 96}
	var first []byte
	for _, workers := range []int{1, 7} {
		dir, reader := t.TempDir(), newOracle(t, spec, 9)
		run(t, dir, spec, Options{Reader: reader, Workers: workers})
		if reads := int(reader.reads.Load()); reads > len(reader.texts) {
			t.Errorf("%d readings of %d pages", reads, len(reader.texts))
		}
		if first == nil {
			first = resultBytes(t, dir)
		} else if !bytes.Equal(first, resultBytes(t, dir)) {
			t.Errorf("the result of %d workers is another", workers)
		}
	}
}

func TestTheSameCommandResumes(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	reader := newOracle(t, spec, 9)
	run(t, dir, spec, Options{Reader: reader})
	want, reads := resultBytes(t, dir), reader.reads.Load()

	// As a kill leaves it: some outcomes are missing, the last line is torn.
	path := filepath.Join(dir, runs.JournalFile)
	events, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, events[:2*len(events)/3], 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, runs.ResultFile)); err != nil {
		t.Fatal(err)
	}
	run(t, dir, spec, Options{Reader: reader, Workers: 3})
	if !bytes.Equal(want, resultBytes(t, dir)) {
		t.Error("the result is another")
	}
	if got := reader.reads.Load(); got > reads+reads/10 { // two texts can have a page in common
		t.Errorf("%d pages were read again", got-reads)
	}

	for name, change := range map[string]func(*Spec){
		"seed is 7 there and 8 here":       func(s *Spec) { s.Seed = 8 },
		"n is 2 there and 3 here":          func(s *Spec) { s.Probes = 3 },
		"lengths is [600] there":           func(s *Spec) { s.Lengths = []int{700} },
		"dpis is [] there and [96]":        func(s *Spec) { s.DPIs = []float64{96} },
		"configs":                          func(s *Spec) { s.Configs = []Config{strips(t, "font-size=8")} },
		"documents differs; notes differs": func(s *Spec) { s.Documents = []task.Document{{Name: "a", Text: "Paid 2031-05-17."}} },
		`arms is ["image","hybrid","`:      func(s *Spec) { s.Arms = []Arm{Image} },
	} {
		other := small(t)
		change(&other)
		_, err := Run(t.Context(), dir, other, Options{Reader: reader})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "accepted: the same settings") {
			t.Errorf("want an error with %q, got %v", name, err)
		}
	}
	_, err = Run(t.Context(), dir, spec, Options{Reader: newOracle(t, spec, 3)})
	if err == nil || !strings.Contains(err.Error(), "reader is") {
		t.Errorf("with another reader: %v", err)
	}
	if !bytes.Equal(want, resultBytes(t, dir)) {
		t.Error("a refused run changed the result")
	}
}

// An edited price profile of the same name is another run: sizes and choices
// follow from it.
func TestEditedProfileIsAnotherRun(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	spec.Arms = []Arm{Text}
	run(t, dir, spec, Options{})
	edited := *spec.Model
	edited.Overhead += 500
	spec.Model = &edited
	if _, err := Run(t.Context(), dir, spec, Options{}); err == nil || !strings.Contains(err.Error(), "model.") || !strings.Contains(err.Error(), "another directory") {
		t.Errorf("with an edited profile: %v", err)
	}
}

// A run that was interrupted shows what it has, and then goes on.
func TestInterrupted(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	reader := newOracle(t, spec, 9)
	want := run(t, t.TempDir(), spec, Options{Reader: reader})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	part, err := Run(ctx, dir, spec, Options{Reader: reader, Workers: 1, Progress: func(p Progress) {
		if p.Done == 7 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || part == nil || part.Done != 7 || !part.Unfinished || part.Total != want.Total || part.Stopped != "interrupted" {
		t.Fatalf("%v: %+v", err, part)
	}
	if !bytes.Contains(resultBytes(t, dir), []byte(`"unfinished": true`)) {
		t.Error("the result does not say that it is unfinished")
	}
	if got := table(t, part); !strings.Contains(got, "unfinished: interrupted") {
		t.Errorf("the table does not say it:\n%s", got)
	}
	// After a kill there is no result: what Open gives comes from the journal.
	if err := os.Remove(filepath.Join(dir, runs.ResultFile)); err != nil {
		t.Fatal(err)
	}
	d, err := Open(dir, render.Options{})
	if err != nil || d.Result.Done != 7 || !d.Result.Unfinished || d.Result.Total != want.Total || len(d.Result.Cells) == 0 {
		t.Fatalf("%v: %+v", err, d)
	}
	var told []Progress
	whole := run(t, dir, spec, Options{Reader: reader, Workers: 1, Progress: func(p Progress) { told = append(told, p) }})
	if whole.Unfinished || !reflect.DeepEqual(whole.Cells, want.Cells) {
		t.Error("the result of the resumed run is another")
	}
	first, last := told[0], told[len(told)-1]
	if first.Done != 8 || first.Total != want.Total || last.Done != last.Total || last.Left != 0 || first.Left == 0 {
		t.Errorf("progress from %+v to %+v", first, last)
	}
	sum := 0.0
	for _, o := range want.Outcomes {
		sum += o.Score.Value
	}
	if mean := sum / float64(len(want.Outcomes)); math.Abs(last.Score-mean) > 1e-9 || last.Scored != len(want.Outcomes) {
		t.Errorf("score so far %v of %d, want %v", last.Score, last.Scored, mean)
	}
}

// Calls and minutes bound a run with any reader.
func TestBudgetOfCalls(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	reader := newOracle(t, spec, 0)
	for calls := 5; calls <= 10; calls += 5 {
		res := run(t, dir, spec, Options{Reader: reader, Budget: Budget{Calls: calls}})
		asked := 0
		for _, o := range res.Outcomes {
			if o.Arm != Text {
				asked++
			}
		}
		if asked != calls || !res.Unfinished || !strings.Contains(res.Stopped, fmt.Sprintf("%d calls", calls)) {
			t.Errorf("%d calls: %d outcomes asked, stopped %q", calls, asked, res.Stopped)
		}
	}
	if res := run(t, dir, spec, Options{Reader: reader, Budget: Budget{Minutes: 1e-9}}); res.Done > 10+res.Total/3 || !strings.Contains(res.Stopped, "minutes") {
		t.Errorf("%d outcomes, stopped %q", res.Done, res.Stopped)
	}
}

// Shards that were run apart, one of them interrupted, make the result of the
// run without shards, byte by byte. No text is read for two of them.
func TestShards(t *testing.T) {
	spec, root := small(t), t.TempDir()
	spec.Arms, spec.DPIs = Arms(), []float64{72, 96}
	reader := newOracle(t, spec, 9)
	whole := filepath.Join(root, "whole")
	run(t, whole, spec, Options{Reader: reader})
	want, reads := resultBytes(t, whole), reader.reads.Swap(0)
	var dirs []string
	done := 0
	for i := 1; i <= 3; i++ {
		dir := filepath.Join(root, fmt.Sprint("shard", i))
		res := run(t, dir, spec, Options{Reader: reader, Shard: Shard{Number: i, Of: 3}})
		if res.Unfinished || res.Done != res.Total || res.Done == 0 || res.Shard.Number != i {
			t.Errorf("shard %d: %d of %d outcomes, unfinished %t", i, res.Done, res.Total, res.Unfinished)
		}
		done += res.Done
		dirs = append(dirs, dir)
	}
	if got := reader.reads.Load(); got > reads+reads/10 { // two texts can have a page in common
		t.Errorf("the shards read %d pages, the whole run %d", got, reads)
	}
	if _, err := Run(t.Context(), dirs[0], spec, Options{Reader: reader}); err == nil || !strings.Contains(err.Error(), `shard is "1/3" there and none here`) {
		t.Errorf("the whole run in a shard's directory: %v", err)
	}
	merged := filepath.Join(root, "merged")
	res, err := Merge(merged, []string{dirs[2], dirs[0], dirs[1]})
	if err != nil || res.Done != done {
		t.Fatalf("%v: %+v", err, res)
	}
	if !bytes.Equal(resultBytes(t, merged), want) {
		t.Error("the merged result is another")
	}
	reader.reads.Store(0)
	if run(t, merged, spec, Options{Reader: reader}); reader.reads.Load() > 0 || !bytes.Equal(resultBytes(t, merged), want) {
		t.Errorf("the merged run went on: %d readings", reader.reads.Load())
	}
	some := filepath.Join(root, "some")
	if res, err = Merge(some, dirs[1:]); err != nil || !res.Unfinished {
		t.Fatalf("without a shard: %v, %+v", err, res)
	}
	if run(t, some, spec, Options{Reader: reader}); !bytes.Equal(resultBytes(t, some), want) {
		t.Error("what the missing shard would have asked makes another result")
	}
}

// A page that cannot be read leaves its probes unscored, with the reason, and
// --retry asks them again.
func TestReaderThatFails(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	reader := newOracle(t, spec, 0)
	reader.fail = func(page string) error {
		if page[0] < '5' { // a third of the pages
			return errors.New("the page is jammed")
		}
		return nil
	}
	res := run(t, dir, spec, Options{Reader: reader})
	if res.Done != res.Total || len(res.Outcomes) != res.Total {
		t.Errorf("%d of %d outcomes", res.Done, res.Total)
	}
	failed := 0
	for _, o := range res.Outcomes {
		if (o.Score.Unscored != "") != (o.Failure != "") {
			t.Errorf("%s: unscored %q, failure %q", o.Probe, o.Score.Unscored, o.Failure)
		}
		if o.Failure != "" {
			failed++
			if !strings.Contains(o.Failure, "jammed") || o.Arm == Text {
				t.Errorf("%s, %s: %s", o.Probe, o.Condition, o.Failure)
			}
		}
	}
	tallied := 0
	for _, u := range res.Unscored {
		tallied += u.Count
	}
	if failed == 0 || tallied != failed {
		t.Errorf("%d outcomes failed, %d are told", failed, tallied)
	}
	for _, c := range res.Cells {
		if c.Arm == Text {
			continue
		}
		if c.Unscored == 0 || c.Accuracy != nil && c.Accuracy.Value != 1 {
			t.Errorf("%s, %s: %d unscored, accuracy %v: what has no score is no 0", c.Task, c.Condition, c.Unscored, c.Accuracy)
		}
	}

	reader.mu.Lock()
	reader.fail = nil
	reader.mu.Unlock()
	if again := run(t, dir, spec, Options{Reader: reader}); !reflect.DeepEqual(again.Unscored, res.Unscored) {
		t.Error("without Retry what failed was asked again")
	}
	if again := run(t, dir, spec, Options{Reader: reader, Retry: true}); len(again.Unscored) != 0 {
		t.Errorf("after Retry: %+v", again.Unscored)
	}
}

func TestRefused(t *testing.T) {
	occupied := t.TempDir()
	if err := os.WriteFile(filepath.Join(occupied, "thesis.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Spec, *Options, *string){
		"no task":                  func(s *Spec, _ *Options, _ *string) { s.Tasks = nil },
		`did you mean "ruler"?`:    func(s *Spec, _ *Options, _ *string) { s.Tasks = []string{"rular"} },
		"no config":                func(s *Spec, _ *Options, _ *string) { s.Configs = nil },
		"all different":            func(s *Spec, _ *Options, _ *string) { s.Configs = append(s.Configs, s.Configs[0]) },
		"no model":                 func(s *Spec, _ *Options, _ *string) { s.Model = nil },
		`unknown arm "pages"`:      func(s *Spec, _ *Options, _ *string) { s.Arms = []Arm{"pages"} },
		"given twice":              func(s *Spec, _ *Options, _ *string) { s.Arms = []Arm{Image, Image} },
		"accepted: ascending":      func(s *Spec, _ *Options, _ *string) { s.DPIs = []float64{96, 72} },
		"dpi":                      func(s *Spec, _ *Options, _ *string) { s.DPIs = []float64{-1} },
		"zoom without":             func(s *Spec, _ *Options, _ *string) { s.Zoom = true },
		"which is not measured":    func(s *Spec, _ *Options, _ *string) { s.Data = []Data{{Task: "ocr"}} },
		"nobody to read the pages": func(_ *Spec, o *Options, _ *string) { o.Reader = nil },
		"holds other files":        func(_ *Spec, _ *Options, dir *string) { *dir = occupied },
		"two probes": func(s *Spec, _ *Options, _ *string) {
			s.Documents = []task.Document{{Name: "a", Text: "b"}, {Name: "a", Text: "c"}}
			s.Tasks = []string{"ocr"}
		},
	} {
		spec, dir := small(t), t.TempDir()
		o := Options{Reader: newOracle(t, spec, 0)}
		change(&spec, &o, &dir)
		if _, err := Run(t.Context(), dir, spec, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
		if entries, _ := os.ReadDir(dir); dir != occupied && len(entries) > 0 {
			t.Errorf("%s: the directory was touched", want)
		}
	}
}

// A report finds the probe, the transcript and the very page of each outcome.
func TestOpen(t *testing.T) {
	spec, dir := small(t), t.TempDir()
	spec.Arms, spec.DPIs, spec.Zoom = Arms(), []float64{72, 96}, true
	reader := newOracle(t, spec, 5)
	knowStrips(t, reader)
	res := run(t, dir, spec, Options{Reader: reader})
	d, err := Open(dir, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Result.Outcomes) != len(res.Outcomes) || d.Manifest.Reader != reader.Name() {
		t.Errorf("%d outcomes, reader %q", len(d.Result.Outcomes), d.Manifest.Reader)
	}
	strips := 0
	for _, o := range d.Result.Outcomes[:40] {
		p, err := d.Probe(o)
		if err != nil || p.Text == "" || len(p.Gold) == 0 {
			t.Fatalf("%s: %+v, %v", o.Probe, p, err)
		}
		pages := o.Pages
		for _, r := range o.Rungs {
			pages = append(pages, r.Pages...)
		}
		for _, page := range pages {
			drawn, err := d.Page(t.Context(), o, page)
			if err != nil {
				t.Fatal(err)
			}
			if hashOf(drawn.PNG) != page.SHA256 || drawn.Height != page.Height {
				t.Errorf("%s: page %d is another", o.Probe, page.Number)
			}
			if page.Strip {
				strips++
			}
			if text, ok := d.Transcript(o, page); !ok || text == "" {
				t.Errorf("%s: transcript %q, %v", o.Probe, text, ok)
			}
		}
	}
	if strips == 0 {
		t.Error("no strip was seen")
	}
	if _, err := d.Probe(&Outcome{Task: "exact", Probe: "none"}); err == nil {
		t.Error("a probe that there is none of was found")
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(`{"outcome":{"task":"ocr","probe":"ocr/a/0","arm":"image","answer":"a","score":{"value":1}},"paid":{}}` + "\n"))
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"paid":{"prompt_tokens":4,"money":0.5,"maybe_attempts":1}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := parseEvent(line)
		if err != nil {
			return
		}
		if e.Outcome != nil && (e.Outcome.Task == "" || e.Outcome.Probe == "") || e.Outcome == nil && e.Paid == (llm.Bill{}) && e.Calls == 0 {
			t.Fatalf("an event of nothing: %+v", e)
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if e2, err := parseEvent(again); err != nil || !reflect.DeepEqual(e2.Outcome, e.Outcome) || e2.Paid != e.Paid || e2.Calls != e.Calls {
			t.Errorf("written and read again: %+v, %v; was %+v", e2, err, e)
		}
	})
}

func FuzzParseProbes(f *testing.F) {
	hash := strings.Repeat("0a", 32)
	f.Add([]byte(`{"id":"ocr/a/0","task":"ocr","gold":["a"],"text":"` + hash + `"}` + "\n"))
	f.Add([]byte(`{"text":"../../` + hash + `"}`))
	f.Add([]byte("null\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		probes, err := parseProbes(data)
		if err != nil {
			return
		}
		for _, p := range probes {
			if len(p.Text) != 64 || strings.ContainsAny(p.Text, "./\\") {
				t.Fatalf("the file of the text %q", p.Text)
			}
		}
	})
}
