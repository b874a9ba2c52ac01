package exact

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/exact/internal/lex"

	"pgregory.net/rapid"

	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/value"
)

// onPages puts strings on pages of 100 lines.
func onPages(found []String, text string) iter.Seq[Occurrence] {
	return func(yield func(Occurrence) bool) {
		line, at := 0, int64(0)
		for _, s := range found {
			line += strings.Count(text[at:s.Start], "\n")
			at = s.Start
			if !yield(Occurrence{String: s, Page: line/100 + 1, Line: line%100 + 1}) {
				return
			}
		}
	}
}

// countWords stands for a tokenizer: four bytes a token.
func countWords(s string) int { return (len(s) + 3) / 4 }

func occurrences(kind value.Kind, values ...string) iter.Seq[Occurrence] {
	return func(yield func(Occurrence) bool) {
		for i, v := range values {
			if !yield(Occurrence{String: String{Kind: kind, Text: v}, Page: 1, Line: i + 1}) {
				return
			}
		}
	}
}

var sheetLine = regexp.MustCompile(`^(\*)?(?:a\d+(?:-a\d+)? )?(?:\d+/)?\d+:\d+(?:-\d+)?(?: x\d+)? (.*)$`)

// values reads a sheet's text back.
func values(t testing.TB, s *Sheet) []string {
	t.Helper()
	var out []string
	for _, line := range strings.Split(s.Text(), "\n") {
		m := sheetLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if m[1] == "" {
			out = append(out, m[2])
			continue
		}
		set, err := expand(m[2])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, set...)
	}
	return out
}

func TestSheetText(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		o      SheetOptions
		want   []string // lines with values
	}{
		{"alone", []string{"foo_bar", "{x,y}_z"}, SheetOptions{}, []string{"1:1 foo_bar", "1:2 {x,y}_z"}},
		{"repeated", []string{"foo_bar", "foo_bar"}, SheetOptions{}, []string{"1:1 x2 foo_bar"}},
		{"counter", []string{"INV-08", "INV-09", "INV-10"}, SheetOptions{}, []string{"*1:1-3 INV-{08..10}"}},
		{"steps", []string{"a10.b", "a20.b", "zz_z", "a30.b"}, SheetOptions{}, []string{"*1:1-4 a{10..30..10}.b", "1:3 zz_z"}},
		{"wider", []string{"n98", "n99", "n100"}, SheetOptions{}, []string{"*1:1-3 n{98..100}"}},
		{"not a counter", []string{"n8", "n09", "n10"}, SheetOptions{}, []string{"1:1 n8", "1:2 n09", "1:3 n10"}},
		{"list", []string{"config.alpha", "config.be,ta", "config.gamma"}, SheetOptions{}, []string{`*1:1-3 config.{alph,be\,t,gamm}a`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.EmPx = 8
			s, err := NewSheet(occurrences(value.Identifier, c.values...), c.o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, line := range strings.Split(s.Text(), "\n") {
				if sheetLine.MatchString(line) {
					got = append(got, line)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("lines %q, want %q", got, c.want)
			}
		})
	}
}

// Tags are those of the pages, so strings with tags form no sets.
func TestSheetRepeatsAnchors(t *testing.T) {
	i := 6
	s, err := NewSheet(func(yield func(Occurrence) bool) {
		for o := range occurrences(value.Identifier, "k_1", "k_2", "k_1", "k_3") {
			i++
			o.Anchor = fmt.Sprint("a", i)
			if !yield(o) {
				return
			}
		}
	}, SheetOptions{EmPx: 8})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\na7 1:1 x2 k_1\n", "\na8 1:2 k_2\n", "\na10 1:4 k_3\n", "the tag beside it"} {
		if !strings.Contains(s.Text(), want) {
			t.Errorf("the sheet does not have %q:\n%s", want, s.Text())
		}
	}
}

// Every value of a sheet is one of the source, whole, and every one of the
// source is in the sheet once or counted as left.
func TestSheetIsVerbatimAndComplete(t *testing.T) {
	for _, kind := range corpus.Kinds() {
		text := sample(t, kind, 100<<10)
		found := Find(text)
		source, byKind := map[string]bool{}, map[value.Kind]int{}
		for _, s := range found {
			if !source[s.Text] {
				byKind[s.Kind]++
			}
			source[s.Text] = true
		}
		for _, budget := range []int{0, 1, 150, 1000, 5000} {
			s, err := NewSheet(onPages(found, text), SheetOptions{EmPx: 7, Budget: budget, Count: countWords})
			if err != nil {
				t.Fatal(err)
			}
			got := values(t, s)
			carried := map[value.Kind]int{}
			for i, e := range s.Carried {
				carried[e.Kind]++
				if i >= len(got) || got[i] != e.Text || !source[e.Text] {
					t.Fatalf("%s, budget %d: value %d is %q", kind, budget, i, e.Text)
				}
			}
			if len(got) != len(s.Carried) {
				t.Errorf("%s, budget %d: %d values, %d carried", kind, budget, len(got), len(s.Carried))
			}
			for k, n := range byKind {
				if carried[k]+s.Left[k] != n {
					t.Errorf("%s, budget %d: %d of %d %s carried and %d left", kind, budget, carried[k], n, k, s.Left[k])
				}
				if n := s.Left[k]; n > 0 && s.Text() != "" && !strings.Contains(s.Text(), fmt.Sprintf("%d %s", n, k)) {
					t.Errorf("%s, budget %d: %d %s left out and not said", kind, budget, n, k)
				}
			}
			if s.Tokens != countWords(s.Text()) || budget > 0 && s.Tokens > budget {
				t.Errorf("%s: %d tokens, budget %d", kind, s.Tokens, budget)
			}
			if budget >= 1000 && len(s.Left) > 0 && s.Tokens < budget*9/10 {
				t.Errorf("%s: %d of %d tokens used, and %v left out", kind, s.Tokens, budget, s.Left)
			}
		}
	}
}

func TestSheetSetsAreShorter(t *testing.T) {
	var ids []string
	for i := range 500 {
		ids = append(ids, "INV-"+strconv.Itoa(2000+i))
	}
	s, err := NewSheet(occurrences(value.Identifier, ids...), SheetOptions{EmPx: 8})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Text()) > 500 || !slices.Equal(values(t, s), ids) {
		t.Errorf("500 ids in %d bytes:\n%s", len(s.Text()), s.Text())
	}
}

func TestSheetPrefersWhatIsMisread(t *testing.T) {
	list := func(yield func(Occurrence) bool) {
		for i := range 40 {
			for _, s := range []String{
				{Kind: value.Quotation, Text: fmt.Sprintf("%c%c door is open", 'a'+i%26, 'a'+i/26)},
				{Kind: value.Hex, Text: fmt.Sprintf("%012x", 0x9E3779B97F4A*uint64(i+1)&0xffffffffffff)},
			} {
				if !yield(Occurrence{String: s, Page: 1, Line: i + 1}) {
					return
				}
			}
		}
	}
	s, err := NewSheet(list, SheetOptions{EmPx: 9, Budget: 180, Count: countWords})
	if err != nil {
		t.Fatal(err)
	}
	if s.Left[value.Hex] == 40 || s.Left[value.Quotation] != 40 {
		t.Errorf("left out: %v", s.Left)
	}
}

func TestSheetRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		in   iter.Seq[Occurrence]
		o    SheetOptions
	}{
		{"no size", occurrences(value.Hex), SheetOptions{}},
		{"budget below 0", occurrences(value.Hex), SheetOptions{EmPx: 8, Budget: -1, Count: countWords}},
		{"no counter", occurrences(value.Hex), SheetOptions{EmPx: 8, Budget: 10}},
		{"unknown kind", occurrences("colour", "x"), SheetOptions{EmPx: 8}},
		{"two lines", occurrences(value.Hex, "a\nb"), SheetOptions{EmPx: 8}},
	} {
		if s, err := NewSheet(c.in, c.o); err == nil {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

func TestPatternsExpandToTheSame(t *testing.T) {
	part := rapid.StringMatching(`[ab0-9{},\\.é語]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		prefix, suffix := part.Draw(t, "prefix"), part.Draw(t, "suffix")
		var entries []*entry
		var want []string
		n, step := rapid.IntRange(0, 2000).Draw(t, "first"), rapid.IntRange(1, 12).Draw(t, "step")
		for i := range rapid.IntRange(1, 20).Draw(t, "n") {
			v := fmt.Sprintf("%0*d", rapid.SampledFrom([]int{1, 4, 4, 4}).Draw(t, "width"), n+i*step)
			if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
				v = part.Draw(t, "value")
			}
			if v = prefix + v + suffix; v == "" || slices.Contains(want, v) {
				continue
			}
			want = append(want, v)
			entries = append(entries, &entry{Kind: value.Number, Text: v, order: i})
		}
		var got []string
		for _, it := range items(entries) {
			if it.pattern == "" {
				got = append(got, it.entries[0].Text)
				continue
			}
			set, err := expand(it.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(set, texts(it.entries)) {
				t.Fatalf("%q is %q, want %q", it.pattern, set, texts(it.entries))
			}
			got = append(got, set...)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		if len(want) > 1 {
			if set, err := expand(listPattern(want)); err != nil || !slices.Equal(set, want) {
				t.Fatalf("list of %q is %q: %v", want, set, err)
			}
		}
	})
}

func TestExpandRefuses(t *testing.T) {
	for _, p := range []string{"", "a", "a{", "a{}", "a{1..}", "a{..2}", "{2..1}", "{1..9..0}", "{1..10..4}", "{1..99999999}", "{1..2}{3..4}", "{a}", "{1..2..3..4}", "{1,2}}"} {
		if got, err := expand(p); err == nil {
			t.Errorf("%q gives %q", p, got)
		}
	}
}

func FuzzExpand(f *testing.F) {
	for _, p := range []string{"INV-{2041..2060}", "img{000..090..10}.png", "{a,b}", `\{{\,,\}}\\`, "a{", "{1..2..3}", "é{,}"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		set, err := expand(pattern)
		if err != nil || len(set) < 2 {
			return
		}
		if back, err := expand(listPattern(set)); err != nil || !slices.Equal(back, set) {
			t.Fatalf("%q: %q written as %q is %q: %v", pattern, set, listPattern(set), back, err)
		}
	})
}

func TestMisreadGrowsAsItShould(t *testing.T) {
	for _, k := range value.Kinds() {
		if a, b := misread(k, 8, 9), misread(k, 8, 7); !(0 < a && a < b && b < 1) {
			t.Errorf("%s: %v at 9 px, %v at 7 px", k, a, b)
		}
		if a, b := misread(k, 8, 9), misread(k, 16, 9); a >= b {
			t.Errorf("%s: %v for 8 characters, %v for 16", k, a, b)
		}
	}
	if a, b := misread(value.UUID, 1, 9), misread(value.UUID, 1, 7); a < 0.029 || a > 0.031 || b < 0.110 || b > 0.114 {
		t.Errorf("%v at 9 px, %v at 7 px: measured were 0.030 and 0.112", a, b)
	}
}

// The thresholds of isRare are set against this mean.
func TestSurprisalOfKnownWords(t *testing.T) {
	sum, n := 0.0, 0
	for _, w := range strings.Fields(sample(t, corpus.Prose, 50<<10)) {
		if len(w) >= 4 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" {
			sum += lex.Surprisal([]byte(w))
			n++
		}
	}
	if mean := sum / float64(n); mean < 2 || mean > 3.2 {
		t.Errorf("mean surprisal %.2f bits of %d words", mean, n)
	}
}
