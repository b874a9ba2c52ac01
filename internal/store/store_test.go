package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glyphkit/glyph/internal/store"
)

type value struct {
	Text  string  `json:"text"`
	Money float64 `json:"money"`
}

var (
	key   = store.KeyOf([]byte("reader"), []byte("page"))
	known = value{"the customer's secret text", 0.25}
)

func open(t testing.TB, dir string, limit int64) *store.Store {
	t.Helper()
	s, err := store.Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keep(t testing.TB, s *store.Store, k store.Key, v value) {
	t.Helper()
	got, stored, err := store.Do(t.Context(), s, k, func() (value, error) { return v, nil })
	if got != v || stored || err != nil {
		t.Fatalf("%+v, stored %t, error %v", got, stored, err)
	}
}

// entries are the files of a store.
func entries(t testing.TB, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "??", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWhatIsMadeOnceIsFound(t *testing.T) {
	dir := t.TempDir()
	for name, s := range map[string]*store.Store{"memory": store.Memory(1 << 20), "files": open(t, dir, 1<<20)} {
		keep(t, s, key, known)
		got, stored, err := store.Do(t.Context(), s, key, func() (value, error) { t.Errorf("%s: made again", name); return value{}, nil })
		if got != known || !stored || err != nil {
			t.Errorf("%s: %+v, stored %t, error %v", name, got, stored, err)
		}
		if got, ok := store.Get[value](s, key); got != known || !ok {
			t.Errorf("%s: got %+v, %t", name, got, ok)
		}
		if _, ok := store.Get[value](s, store.KeyOf([]byte("readerpage"))); ok {
			t.Errorf("%s: another key has the value", name)
		}
		if n, bytes, err := s.Usage(); n != 1 || bytes < 40 || err != nil {
			t.Errorf("%s: %d entries in %d bytes, error %v", name, n, bytes, err)
		}
	}
	if got, ok := store.Get[value](open(t, dir, 1<<20), key); got != known || !ok {
		t.Errorf("opened again: %+v, %t", got, ok)
	}
}

func TestKeysOfPartsThatRunTogether(t *testing.T) {
	seen := map[store.Key]bool{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {}} {
		var list [][]byte
		for _, p := range parts {
			list = append(list, []byte(p))
		}
		if k := store.KeyOf(list...); seen[k] {
			t.Errorf("%q has the key of another list", parts)
		} else {
			seen[k] = true
		}
	}
}

// Nobody else can read what is kept, and no name or header tells what it is of.
func TestFilesAreTheUsersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	keep(t, open(t, dir, 1<<20), key, known)
	list := entries(t, dir)
	if len(list) != 1 {
		t.Fatalf("files %q", list)
	}
	for _, path := range []string{dir, filepath.Dir(list[0]), list[0]} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, error %v", path, info.Mode(), err)
		}
	}
	if strings.Contains(list[0], "page") || strings.Contains(list[0], "reader") {
		t.Errorf("the name %q tells what it is of", list[0])
	}
}

// A file that is cut, changed or foreign is a miss, and is replaced.
func TestDamagedFilesAreMisses(t *testing.T) {
	damages := map[string]func(path string, data []byte) error{
		"empty":    func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
		"cut":      func(path string, data []byte) error { return os.WriteFile(path, data[:len(data)-1], 0o600) },
		"header":   func(path string, data []byte) error { return os.WriteFile(path, data[:20], 0o600) },
		"changed":  func(path string, data []byte) error { data[len(data)-3] ^= 1; return os.WriteFile(path, data, 0o600) },
		"longer":   func(path string, data []byte) error { return os.WriteFile(path, append(data, "{}"...), 0o600) },
		"foreign":  func(path string, _ []byte) error { return os.WriteFile(path, []byte(`{"text":"wrong"}`), 0o600) },
		"unknown":  func(path string, _ []byte) error { return os.Chmod(path, 0) },
		"too long": func(path string, _ []byte) error { return os.Truncate(path, 1<<30) },
		"link to itself": func(path string, _ []byte) error {
			return errors.Join(os.Remove(path), os.Symlink(path, path))
		},
	}
	for name, damage := range damages {
		dir := t.TempDir()
		s := open(t, dir, 1<<20)
		keep(t, s, key, known)
		path := entries(t, dir)[0]
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := damage(path, data); err != nil {
			t.Fatal(err)
		}
		if name == "unknown" && os.Getuid() == 0 {
			continue // root reads every file
		}
		if got, ok := store.Get[value](s, key); ok {
			t.Errorf("%s: %+v is found", name, got)
		}
		keep(t, s, key, known)
		if got, ok := store.Get[value](s, key); got != known || !ok {
			t.Errorf("%s: not replaced: %+v, %t", name, got, ok)
		}
	}
}

// An entry under another key's name is a miss.
func TestEntryOfAnotherKey(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	keep(t, s, key, known)
	data, err := os.ReadFile(entries(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	other := store.KeyOf([]byte("other"))
	keep(t, s, other, value{"other", 1})
	for _, path := range entries(t, dir) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok := store.Get[value](s, other); ok {
		t.Errorf("%+v is found", got)
	}
}

// What was never meant for the type that is asked for is a miss.
func TestValueOfAnotherType(t *testing.T) {
	s := store.Memory(1 << 20)
	keep(t, s, key, known)
	for _, ok := range []bool{second(store.Get[int](s, key)), second(store.Get[struct{ Text string }](s, key))} {
		if ok {
			t.Error("a value of another type is found")
		}
	}
}

func second[T any](_ T, ok bool) bool { return ok }

func TestOneMakesAndTheOthersWait(t *testing.T) {
	s := open(t, t.TempDir(), 1<<20)
	var made, stored atomic.Int64
	go1 := make(chan struct{})
	var started, all sync.WaitGroup
	started.Add(1)
	for i := range 8 {
		all.Go(func() {
			if i > 0 {
				started.Wait()
			}
			v, was, err := store.Do(t.Context(), s, key, func() (value, error) {
				made.Add(1)
				started.Done()
				<-go1
				return known, nil
			})
			if v != known || err != nil {
				t.Errorf("%+v, error %v", v, err)
			}
			if was {
				stored.Add(1)
			}
		})
	}
	started.Wait()
	close(go1)
	all.Wait()
	if made.Load() != 1 || stored.Load() != 7 {
		t.Errorf("%d made, %d stored; want 1 and 7", made.Load(), stored.Load())
	}
}

// A failure is not kept; its value is the caller's.
func TestFailure(t *testing.T) {
	s := store.Memory(1 << 20)
	broken := errors.New("broken")
	v, stored, err := store.Do(t.Context(), s, key, func() (value, error) { return value{Money: 3}, broken })
	if v.Money != 3 || stored || !errors.Is(err, broken) {
		t.Errorf("%+v, stored %t, error %v", v, stored, err)
	}
	keep(t, s, key, known)
}

// The one who waits is not ended by the end of the one who came first.
func TestFirstGoesAway(t *testing.T) {
	s := store.Memory(1 << 20)
	ctx, cancel := context.WithCancel(t.Context())
	under := make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() {
		_, _, err := store.Do(ctx, s, key, func() (value, error) {
			close(under)
			<-ctx.Done()
			return value{}, ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("first: %v", err)
		}
	})
	<-under
	waits := &watched{Context: t.Context(), asked: make(chan struct{})}
	both.Go(func() {
		v, _, err := store.Do(waits, s, key, func() (value, error) { return known, nil })
		if v != known || err != nil {
			t.Errorf("second: %+v, error %v", v, err)
		}
	})
	<-waits.asked
	cancel()
	both.Wait()
}

// watched is a context that tells when somebody waits for its end.
type watched struct {
	context.Context
	once  sync.Once
	asked chan struct{}
}

func (w *watched) Done() <-chan struct{} {
	w.once.Do(func() { close(w.asked) })
	return w.Context.Done()
}

// The one who waits can go, and a panic frees the key.
func TestWaiterGoesAway(t *testing.T) {
	s := store.Memory(1 << 20)
	func() {
		defer func() { _ = recover() }()
		_, _, _ = store.Do(t.Context(), s, key, func() (value, error) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, _, err := store.Do(ctx, s, key, func() (value, error) { return value{}, nil })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("waiter: %v", err)
			}
			panic("a fault")
		})
	}()
	keep(t, s, key, known)
}

func TestWhatCannotBeKeptIsReturned(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	gone := open(t, dir, 1<<20)
	if err := errors.Join(os.Remove(dir), os.WriteFile(dir, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*store.Store{"no directory": gone, "too large": store.Memory(10), "too large for files": open(t, t.TempDir(), 10)} {
		v, stored, err := store.Do(t.Context(), s, key, func() (value, error) { return known, nil })
		if _, ok := errors.AsType[*store.KeepError](err); !ok || v != known || stored {
			t.Errorf("%s: %+v, stored %t, error %v", name, v, stored, err)
		}
	}
}

// The bound holds, and what was used least recently goes first.
func TestBound(t *testing.T) {
	const limit = 3000
	dir := t.TempDir()
	keyOf := func(i int) store.Key { return store.KeyOf([]byte{byte(i)}) }
	for name, s := range map[string]*store.Store{"memory": store.Memory(limit), "files": open(t, dir, limit)} {
		for i := range 30 {
			keep(t, s, keyOf(i), value{strings.Repeat("x", 200), float64(i)})
			if name == "files" { // entries of one moment have no order
				old := time.Now().Add(time.Duration(i-1000) * time.Hour)
				for _, path := range entries(t, dir) {
					if strings.Contains(path, keyOf(i).String()) {
						if err := os.Chtimes(path, old, old); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if i > 0 {
				if _, ok := store.Get[value](s, keyOf(0)); !ok {
					t.Fatalf("%s: what is used all the time is dropped at %d", name, i)
				}
			}
			if _, bytes, err := s.Usage(); bytes > limit || err != nil {
				t.Fatalf("%s: %d bytes, error %v", name, bytes, err)
			}
		}
		n, _, _ := s.Usage()
		if _, ok := store.Get[value](s, keyOf(1)); ok || n < 5 {
			t.Errorf("%s: %d entries, the oldest is there: %t", name, n, ok)
		}
		if _, ok := store.Get[value](s, keyOf(29)); !ok {
			t.Errorf("%s: the newest is dropped", name)
		}
	}
}

// Clear removes what is the store's, and nothing of others.
func TestClear(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	keep(t, s, key, known)
	shard := filepath.Dir(entries(t, dir)[0])
	left := filepath.Join(shard, ".new-1")
	foreign := []string{filepath.Join(dir, "thesis.txt"), filepath.Join(shard, "thesis.txt"), filepath.Join(dir, "notes", "a.entry"), filepath.Join(dir, "notes", ".new-1")}
	if err := os.Mkdir(filepath.Join(dir, "notes"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range append([]string{left}, foreign...) {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-24 * time.Hour)
	for _, path := range append([]string{left}, foreign...) {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Clear(); err != nil {
		t.Fatal(err)
	}
	if _, ok := store.Get[value](s, key); ok {
		t.Error("a value is still there")
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what a killed process left is still there: %v", err)
	}
	for _, path := range foreign {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("a foreign file is gone: %v", err)
		}
	}
	if n, bytes, err := s.Usage(); n != 0 || bytes != 0 || err != nil {
		t.Errorf("%d entries in %d bytes, error %v", n, bytes, err)
	}
	m := store.Memory(1 << 20)
	keep(t, m, key, known)
	if err := m.Clear(); err != nil {
		t.Fatal(err)
	}
	if n, bytes, _ := m.Usage(); n != 0 || bytes != 0 {
		t.Errorf("memory: %d entries in %d bytes", n, bytes)
	}
}

// Whatever stands in a file, it is the value that was put there or a miss.
func FuzzFile(f *testing.F) {
	seed := f.TempDir()
	keep(f, open(f, seed, 1<<20), key, known)
	path := entries(f, seed)[0]
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	name, err := filepath.Rel(seed, path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-2])
	f.Add([]byte("glyph-store/1 \n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
		got, stored, err := store.Do(t.Context(), open(t, dir, 1<<20), key, func() (value, error) { return value{Text: "made"}, nil })
		if err != nil || stored && !reflect.DeepEqual(got, known) || !stored && got.Text != "made" {
			t.Errorf("%+v, stored %t, error %v", got, stored, err)
		}
	})
}
