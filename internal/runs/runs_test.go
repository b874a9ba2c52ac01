package runs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

type params struct {
	Seed  int               `json:"seed"`
	Model map[string]string `json:"model"`
}

func identity() Identity {
	return Identity{Kind: "test/1", Params: params{7, map[string]string{"name": "m", "rule": "a"}}}
}

// open opens a run of events that are numbers and returns those it has.
func open(dir string, id Identity, begin func() error) (*Run, []string, error) {
	var events []string
	r, err := Open(dir, id, Options{Limit: 1 << 10, Own: []string{"texts"}, Begin: begin, Learn: func(line []byte) error {
		events = append(events, strings.TrimSpace(string(line)))
		return nil
	}})
	return r, events, err
}

func mustOpen(t *testing.T, dir string, id Identity) (*Run, []string) {
	t.Helper()
	r, events, err := open(dir, id, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() }) // again, where a test has closed it
	return r, events
}

func TestSameRunResumes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "run")
	r, events := mustOpen(t, dir, identity())
	if len(events) > 0 || r.Append(1) != nil || r.Append(2) != nil || r.WriteFile("x", nil) != nil || !r.Kept() {
		t.Fatalf("a new run: %q, %v", events, r.Failed())
	}
	var loaded params
	if id, err := Load(dir, "test/1", &loaded, 1<<10, func([]byte) error { return nil }); err != nil || id.Tool != r.Tool() || loaded.Seed != 7 {
		t.Errorf("read while it goes on: %+v, %v", id, err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, events = mustOpen(t, dir, identity()); !slices.Equal(events, []string{"1", "2"}) {
		t.Errorf("resumed with %q", events)
	}
}

// Another run's directory is refused with what differs, and is not changed.
func TestOtherRunIsRefused(t *testing.T) {
	dir := t.TempDir()
	r, _ := mustOpen(t, dir, identity())
	r.Append(1)
	r.Close()
	before := snapshot(t, dir)
	for want, change := range map[string]func(*Identity){
		`kind is "test/1" there and "test/2" here`: func(id *Identity) { id.Kind = "test/2" },
		"seed is 7 there and 8 here":               func(id *Identity) { id.Params = params{8, map[string]string{"name": "m", "rule": "a"}} },
		`model.rule is "a" there and "b" here`:     func(id *Identity) { id.Params = params{7, map[string]string{"name": "m", "rule": "b"}} },
		`model.name is "m" there and none here`:    func(id *Identity) { id.Params = params{7, map[string]string{"rule": "a"}} },
		`shard is none there and "2/3" here`:       func(id *Identity) { id.Shard = Shard{2, 3} },
		"model.rule differs; accepted: the same settings and the same bu": func(id *Identity) {
			id.Params = params{7, map[string]string{"name": "m", "rule": strings.Repeat("b", 99)}}
		},
	} {
		id := identity()
		change(&id)
		_, _, err := open(dir, id, nil)
		if e, ok := errors.AsType[*DifferentError](err); !ok || len(e.Differences) != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
	if after := snapshot(t, dir); !reflect.DeepEqual(before, after) {
		t.Errorf("a refused run changed the directory from %v to %v", before, after)
	}
}

// A run of another build is refused, whatever else it has.
func TestOtherBuildIsRefused(t *testing.T) {
	dir := t.TempDir()
	r, _ := mustOpen(t, dir, identity())
	r.Close()
	path := filepath.Join(dir, IdentityFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), r.Tool(), "v0.9.9", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := open(dir, identity(), nil); err == nil || !strings.Contains(err.Error(), `tool is "v0.9.9" there`) || !strings.Contains(err.Error(), "the same build") {
		t.Errorf("got %v", err)
	}
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := open(dir, identity(), nil); err == nil || !strings.Contains(err.Error(), `"thesis.txt"; accepted: an empty`) {
		t.Errorf("got %v", err)
	}
	if got := snapshot(t, dir); !reflect.DeepEqual(got, map[string]string{"thesis.txt": "mine"}) {
		t.Errorf("the directory is %v", got)
	}
}

// A kill at any write leaves a directory that the same run goes on with, and
// that holds each event whose Append returned.
func TestKillAtEachWrite(t *testing.T) {
	for k := 0; ; k++ {
		dir := t.TempDir()
		begin := func() error {
			if err := os.MkdirAll(filepath.Join(dir, "texts"), 0o777); err != nil {
				return err
			}
			return WriteOnce(filepath.Join(dir, "texts", "a"), []byte("text"))
		}
		restore := FailAfter(k)
		kept := 0
		r, _, err := open(dir, identity(), begin)
		for i := 0; err == nil && i < 3; i++ {
			if err = r.Append(i); err == nil {
				kept++
			}
		}
		if err == nil {
			err = r.WriteFile(ResultFile, []byte("result"))
		}
		if r != nil {
			r.Close()
		}
		failed := restore()
		if failed != errors.Is(err, ErrFault) {
			t.Fatalf("write %d: failed %t, error %v", k, failed, err)
		}
		r, events, err := open(dir, identity(), begin)
		if err != nil || len(events) != kept {
			t.Fatalf("write %d: %q of %d events, %v", k, events, kept, err)
		}
		for i := kept; i < 3; i++ {
			r.Append(i)
		}
		if err := errors.Join(r.WriteFile(ResultFile, []byte("result")), r.Close()); err != nil {
			t.Fatal(err)
		}
		got := snapshot(t, dir)
		delete(got, IdentityFile)
		if want := map[string]string{JournalFile: "0\n1\n2\n", ResultFile: "result", "texts/a": "text"}; !reflect.DeepEqual(got, want) {
			t.Fatalf("write %d: %v", k, got)
		}
		if !failed {
			if k < 6 {
				t.Errorf("only %d writes", k)
			}
			return
		}
	}
}

func TestRunThatIsNotKept(t *testing.T) {
	r, events := mustOpen(t, "", identity())
	if r.Kept() || events != nil || r.Append(1) != nil || r.WriteFile("x", nil) != nil || r.Failed() != nil || r.Close() != nil {
		t.Error("it keeps something, or fails")
	}
}

func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path) // path begins with dir
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestMerge(t *testing.T) {
	root := t.TempDir()
	var shards []string
	for i := 1; i <= 3; i++ {
		id := identity()
		id.Shard = Shard{i, 3}
		dir := filepath.Join(root, fmt.Sprint("shard", i))
		r, _ := mustOpen(t, dir, id)
		r.Append(i)
		r.Append(10 * i)
		r.WriteFile("report", []byte("of a part"))
		r.Close()
		os.Mkdir(filepath.Join(dir, "texts"), 0o777)
		os.WriteFile(filepath.Join(dir, "texts", fmt.Sprint(i)), []byte("text"), 0o666)
		os.WriteFile(filepath.Join(dir, "texts", "all"), []byte("text"), 0o666)
		shards = append(shards, dir)
	}
	dir := filepath.Join(root, "whole")
	if err := Merge(dir, shards, 1<<10, []string{"texts", "none"}); err != nil {
		t.Fatal(err)
	}
	r, events := mustOpen(t, dir, identity())
	r.Close()
	if want := []string{"1", "10", "2", "20", "3", "30"}; !slices.Equal(events, want) {
		t.Errorf("events %q, want %q", events, want)
	}
	got := snapshot(t, dir)
	delete(got, IdentityFile)
	delete(got, JournalFile)
	if want := map[string]string{"texts/1": "text", "texts/2": "text", "texts/3": "text", "texts/all": "text"}; !reflect.DeepEqual(got, want) {
		t.Errorf("files %v", got)
	}
	other := filepath.Join(root, "other")
	id := identity()
	id.Shard, id.Params = Shard{2, 3}, params{Seed: 8}
	r, _ = mustOpen(t, other, id)
	r.Close()
	halves := filepath.Join(root, "halves")
	id = identity()
	id.Shard = Shard{1, 2}
	r, _ = mustOpen(t, halves, id)
	r.Close()
	busy := filepath.Join(root, "busy")
	id.Shard = Shard{3, 3}
	mustOpen(t, busy, id)
	for want, of := range map[string][]string{
		"accepted: the directories of one or more": {},
		"both shard 1/3":              {shards[0], shards[0]},
		"whole run; accepted: shards": {dir},
		"seed is 7 there and 8 here":  {shards[0], other},
		"as many parts":               {shards[1], halves},
		"another process is at work":  {shards[0], busy},
		"no such file":                {shards[0], filepath.Join(root, "none")},
	} {
		target := filepath.Join(root, "target")
		if err := Merge(target, of, 1<<10, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
		if _, err := os.Stat(target); err == nil {
			t.Errorf("%s: something was made", want)
		}
	}
	if err := Merge(other, shards, 1<<10, nil); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("into another run: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(root, unfinished+"*")); left != nil {
		t.Errorf("left %q", left)
	}
}

func TestShard(t *testing.T) {
	var parts [4]Shard
	for i := range parts[1:] {
		if err := parts[i+1].Set(fmt.Sprintf("%d/3", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	for item := range 20 {
		n := 0
		for _, s := range parts[1:] {
			if s.Has(item) {
				n++
			}
		}
		if n != 1 || !parts[0].Has(item) {
			t.Errorf("item %d is in %d parts", item, n)
		}
	}
	for _, bad := range []string{"", "1", "0/3", "4/3", "-1/3", "1/0", "a/b", "1/3/5", "1/99999"} {
		var s Shard
		if err := s.Set(bad); err == nil || !strings.Contains(err.Error(), "accepted: I/N") || s.Of != 0 {
			t.Errorf("%q: %v, %v", bad, s, err)
		}
	}
}

func TestBudget(t *testing.T) {
	var b Budget
	if err := errors.Join(b.Set("tokens=2000, money=0.5"), b.Set("calls=3,minutes=1.5")); err != nil {
		t.Fatal(err)
	}
	if want := (Budget{3, 2000, 0.5, 1.5}); b != want || b.String() != "tokens=2000,money=0.5,calls=3,minutes=1.5" {
		t.Errorf("%+v, %s", b, &b)
	}
	for _, bad := range []string{"", "tokens", "tokens=0", "tokens=-1", "tokens=1.5", "money=NaN", "money=1e13", "euros=3", "calls=4", "calls=1,calls=2", "2000"} {
		set := Budget{Calls: 3}
		if err := set.Set(bad); err == nil || !strings.Contains(err.Error(), "accepted: tokens=N") || set != (Budget{Calls: 3}) {
			t.Errorf("%q: %+v, %v", bad, set, err)
		}
	}
}

func TestMeter(t *testing.T) {
	m := NewMeter(Budget{Calls: 5}, 3, 0)
	errs := []error{m.Call(), m.Call(), m.Call()}
	if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], ErrBudget) || !strings.Contains(errs[2].Error(), "5 calls") {
		t.Errorf("two calls are left: %v", errs)
	}
	m = NewMeter(Budget{Minutes: 1}, 0, 61e9)
	if err := m.Call(); !errors.Is(err, ErrBudget) || !strings.Contains(err.Error(), "1 minutes") {
		t.Errorf("after 61 seconds: %v", err)
	}
	if m := NewMeter(Budget{}, 1<<30, 1<<62); m.Call() != nil {
		t.Error("no budget is a limit")
	}
}

func TestEach(t *testing.T) {
	var under, most, calls atomic.Int64
	if err := Each(t.Context(), 50, 3, func(context.Context, int) error {
		most.Store(max(most.Load(), under.Add(1)))
		defer under.Add(-1)
		calls.Add(1)
		return nil
	}); err != nil || calls.Load() != 50 || most.Load() > 3 {
		t.Errorf("%d calls, %d at once, %v", calls.Load(), most.Load(), err)
	}
	bad := errors.New("bad")
	calls.Store(0)
	if err := Each(t.Context(), 1000, 2, func(ctx context.Context, i int) error {
		calls.Add(1)
		if i == 3 {
			return bad
		}
		if i > 3 {
			<-ctx.Done()
		}
		return nil
	}); err != bad || calls.Load() > 6 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	if err := Each(ctx, 10, 1, func(_ context.Context, i int) error {
		cancel(bad)
		return nil
	}); err != bad {
		t.Errorf("after the end of its context: %v", err)
	}
}

func TestTrack(t *testing.T) {
	var told []Progress
	track := Track(Progress{Done: 4, Total: 10}, func(p Progress) { told = append(told, p) })
	track.Step(func(p *Progress) { p.Add(1) })
	track.Step(func(p *Progress) { p.Unscored++ })
	track.Step(func(p *Progress) { p.Add(0.5); p.At = "ocr" })
	last := told[len(told)-1]
	if len(told) != 3 || last.Done != 7 || last.Scored != 2 || last.Score != 0.75 || last.Unscored != 1 || last.At != "ocr" {
		t.Errorf("told %+v", told)
	}
	if per := last.Elapsed.Seconds() / 3; last.Left.Seconds() < per || last.Rate <= 0 {
		t.Errorf("three items took %v, three more %v, at %v a second", last.Elapsed, last.Left, last.Rate)
	}
	if items := last.Rate * last.Elapsed.Seconds(); math.Abs(items-3) > 1e-6 {
		t.Errorf("%v items of this process at the rate of %v", items, last.Rate)
	}
	Track(Progress{}, nil).Step(nil)
}
