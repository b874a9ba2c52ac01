package exact

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/value"
)

// gold is a text with its strings, read from a file that marks them as
// ⟦kind:string⟧.
func gold(t *testing.T, file string) (text string, want []String) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[value.Kind]bool{}
	for _, k := range value.Kinds() {
		kinds[k] = true
	}
	var out strings.Builder
	rest := string(b)
	for {
		before, after, ok := strings.Cut(rest, "⟦")
		out.WriteString(before)
		if !ok {
			return out.String(), want
		}
		mark, tail, ok := strings.Cut(after, "⟧")
		kind, s, ok2 := strings.Cut(mark, ":")
		if !ok || !ok2 || !kinds[value.Kind(kind)] {
			t.Fatalf("%s: bad mark %q", file, mark)
		}
		start := int64(out.Len())
		out.WriteString(s)
		want = append(want, String{start, int64(out.Len()), value.Kind(kind), s})
		rest = tail
	}
}

type score struct{ gold, found, exact, kind, cut int }

func (s score) recall() float64    { return 100 * float64(s.exact) / float64(max(1, s.gold)) }
func (s score) precision() float64 { return 100 * float64(s.exact) / float64(max(1, s.found)) }

// A string counts as found if its range is that of the gold. It is cut if it
// overlaps one of the gold and is another.
func scoreFiles(t *testing.T, pattern string) (total score, byKind map[value.Kind]*score) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	byKind = map[value.Kind]*score{}
	for _, k := range value.Kinds() {
		byKind[k] = &score{}
	}
	for _, file := range files {
		text, want := gold(t, file)
		got := Find(text)
		type span struct{ start, end int64 }
		have := map[span]value.Kind{}
		for _, s := range got {
			have[span{s.Start, s.End}] = s.Kind
			byKind[s.Kind].found++
		}
		marked := map[span]bool{}
		for _, w := range want {
			marked[span{w.Start, w.End}] = true
			sc := byKind[w.Kind]
			sc.gold++
			kind, ok := have[span{w.Start, w.End}]
			if ok {
				sc.exact++
				if kind == w.Kind {
					sc.kind++
				} else {
					t.Logf("%s: %s %q found as %s", filepath.Base(file), w.Kind, w.Text, kind)
				}
				continue
			}
			t.Logf("%s: missed %s %q", filepath.Base(file), w.Kind, w.Text)
		}
		for _, s := range got {
			if marked[span{s.Start, s.End}] {
				continue
			}
			cut := false
			for _, w := range want {
				cut = cut || s.Start < w.End && w.Start < s.End
			}
			if cut {
				byKind[s.Kind].cut++
			}
			t.Logf("%s: extra %s %q (overlaps gold: %v)", filepath.Base(file), s.Kind, s.Text, cut)
		}
	}
	for _, s := range byKind {
		total.gold += s.gold
		total.found += s.found
		total.exact += s.exact
		total.kind += s.kind
		total.cut += s.cut
	}
	return total, byKind
}

func TestRecallAndPrecision(t *testing.T) {
	for _, set := range []struct {
		name              string
		minGold           int
		recall, precision float64
	}{
		{"develop", 80, 98, 95},
		{"heldout", 500, 98, 95},
	} {
		t.Run(set.name, func(t *testing.T) {
			total, byKind := scoreFiles(t, filepath.Join("testdata", set.name, "*"))
			for _, k := range value.Kinds() {
				s := byKind[k]
				t.Logf("%-10s %3d strings, %3d found at their place, %3d of the kind, %2d cut", k, s.gold, s.exact, s.kind, s.cut)
			}
			summary := fmt.Sprintf("%d strings: recall %.1f %%, precision %.1f %%, %d cut, kind right in %d of %d",
				total.gold, total.recall(), total.precision(), total.cut, total.kind, total.exact)
			t.Log(summary)
			if total.gold < set.minGold || total.recall() < set.recall || total.precision() < set.precision || total.cut > 0 {
				t.Error(summary)
			}
		})
	}
}

// A string at the end of a text has nothing behind it to look at.
func TestEveryPrefixAndSuffix(t *testing.T) {
	files, err := filepath.Glob("testdata/[dh]e*/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		text, _ := gold(t, file)
		for _, line := range strings.Split(text, "\n") {
			for i := range len(line) + 1 {
				checkStrings(t, line[:i], Find(line[:i]))
				checkStrings(t, line[i:], Find(line[i:]))
			}
		}
	}
}
