package secrets_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact/secrets"
)

var (
	goldDir  = flag.String("gold", "testdata/gold/dev", "directory with planted.jsonl and innocent.jsonl, or the same gzipped")
	goldShow = flag.Int("show", 0, "how many misses and false alarms to print, with the secrets")
)

const (
	leastFound = 0.95  // share of the visible secrets
	mostAlarms = 0.005 // share of the innocent snippets
)

type goldSpan struct {
	Start, End int
	Kind       string
}

// goldItem is a line of planted.jsonl or innocent.jsonl.
type goldItem struct {
	ID, Format, Category, Text string
	Secrets, Neutral           []goldSpan
	Visible                    bool
}

// readGold reads the lines of a list, which may be gzipped.
func readGold(t *testing.T, name string) []goldItem {
	t.Helper()
	var r io.Reader
	f, err := os.Open(filepath.Join(*goldDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		if f, err = os.Open(filepath.Join(*goldDir, name+".gz")); err == nil {
			r, err = gzip.NewReader(f)
		}
	} else {
		r = f
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var items []goldItem
	for dec := json.NewDecoder(bufio.NewReader(r)); ; {
		var it goldItem
		if err := dec.Decode(&it); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		items = append(items, it)
	}
	if len(items) == 0 {
		t.Fatalf("%s has no items", name)
	}
	return items
}

// tally counts what is right of what there is, by name.
type tally map[string]*[2]int

func (ta tally) add(name string, right bool) {
	n := ta[name]
	if n == nil {
		n = new([2]int)
		ta[name] = n
	}
	n[1]++
	if right {
		n[0]++
	}
}

// String lists the worst first.
func (ta tally) String() string {
	names := slices.SortedFunc(maps.Keys(ta), func(a, b string) int {
		x, y := ta[a], ta[b]
		return cmp.Or(cmp.Compare(x[0]*y[1], y[0]*x[1]), cmp.Compare(a, b))
	})
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "\n  %-28s %4d of %4d", n, ta[n][0], ta[n][1])
	}
	return b.String()
}

func TestGoldFound(t *testing.T) {
	kinds, formats := tally{}, tally{}
	right, all, stray, shown := 0, 0, 0, 0
	for _, it := range readGold(t, "planted.jsonl") {
		found := secrets.Scan(it.Text)
		for _, f := range found {
			on := func(s goldSpan) bool { return f.Start < s.End && s.Start < f.End }
			if !slices.ContainsFunc(it.Secrets, on) && !slices.ContainsFunc(it.Neutral, on) {
				stray++
				show(t, &shown, "stray %s %s %s %q", it.ID, it.Format, f.Rule, it.Text[f.Start:f.End])
			}
		}
		if !it.Visible {
			continue
		}
		for _, s := range it.Secrets {
			ok := slices.ContainsFunc(found, func(f secrets.Finding) bool { return f.Start <= s.Start && s.End <= f.End })
			kinds.add(s.Kind, ok)
			formats.add(it.Format, ok)
			all++
			if ok {
				right++
			} else {
				show(t, &shown, "missed %s %s %s %q", it.ID, it.Format, s.Kind, around(it.Text, s.Start, s.End))
			}
		}
	}
	t.Logf("by kind:%s", kinds)
	t.Logf("by format:%s", formats)
	t.Logf("found %d of %d visible secrets, %.2f %%; %d findings are on no secret", right, all, 100*float64(right)/float64(all), stray)
	if float64(right) < leastFound*float64(all) {
		t.Errorf("found %d of %d, want %.0f %%", right, all, 100*leastFound)
	}
}

func TestGoldInnocent(t *testing.T) {
	kinds, formats := tally{}, tally{}
	alarms, shown := 0, 0
	items := readGold(t, "innocent.jsonl")
	for _, it := range items {
		found := secrets.Scan(it.Text)
		kinds.add(it.Category, len(found) == 0)
		formats.add(it.Format, len(found) == 0)
		if len(found) > 0 {
			alarms++
			f := found[0]
			show(t, &shown, "alarm %s %s %s %s %q", it.ID, it.Category, it.Format, f.Rule, around(it.Text, f.Start, f.End))
		}
	}
	t.Logf("without alarm, by kind:%s", kinds)
	t.Logf("without alarm, by format:%s", formats)
	t.Logf("%d of %d snippets with alarms, %.2f %%", alarms, len(items), 100*float64(alarms)/float64(len(items)))
	if float64(alarms) > mostAlarms*float64(len(items)) {
		t.Errorf("%d of %d snippets with alarms, want %.1f %%", alarms, len(items), 100*mostAlarms)
	}
}

func show(t *testing.T, shown *int, format string, args ...any) {
	if *shown++; *shown <= *goldShow {
		t.Logf(format, args...)
	}
}

// around is a range of a text in « » with what stands around it.
func around(text string, start, end int) string {
	from, to := max(start-60, 0), min(end+30, len(text))
	secret := text[start:end]
	if len(secret) > 80 {
		secret = secret[:80] + "…"
	}
	return text[from:start] + "«" + secret + "»" + text[end:to]
}
