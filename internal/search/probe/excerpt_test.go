package probe

import (
	"io"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/glyphkit/glyph/internal/corpus"
)

func TestStratumOf(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/strata.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		t.Run(f.Name, func(t *testing.T) {
			want, _, _ := strings.Cut(f.Name, "/")
			if got := stratumOf(string(f.Data)); got != want {
				t.Errorf("it is taken for %s", got)
			}
		})
	}
}

func TestStratumOfCorpus(t *testing.T) {
	for kind, want := range map[corpus.Kind]string{corpus.Prose: StratumProse, corpus.Code: StratumCode, corpus.Table: StratumTable, corpus.Chinese: StratumCJK} {
		n, right := 0, 0
		if _, err := excerpts(corpus.New(kind, 3, 100_000), 600, func(s string) {
			n++
			if stratumOf(s) == want {
				right++
			}
		}); err != nil {
			t.Fatal(err)
		}
		if n == 0 || 10*right < 9*n {
			t.Errorf("%s: %d of %d excerpts are taken for %s", kind, right, n, want)
		}
	}
}

func TestExcerpts(t *testing.T) {
	for name, text := range map[string]string{
		"short lines":   strings.Repeat("one two three\n", 200),
		"one line":      strings.Repeat("word ", 600),
		"no space":      strings.Repeat("語", 3000),
		"blank lines":   "\n\n" + strings.Repeat("text\n\n\n", 300),
		"windows lines": strings.Repeat("one two three\r\n", 200),
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			left, err := excerpts(strings.NewReader(text), 300, func(s string) {
				n++
				if r := utf8.RuneCountInString(s); r < 150 || r > 600 || strings.Trim(s, "\n") != s {
					t.Errorf("%d characters: %q", r, s)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text, "\r") != (left > 0) || (n == 0) != (left > 0) {
				t.Errorf("%d excerpts, %d left out", n, left)
			}
		})
	}
}

func TestExcerptsPassErrorsOn(t *testing.T) {
	if _, err := excerpts(io.MultiReader(strings.NewReader("abc"), failingReader{}), 100, func(string) {}); err == nil {
		t.Error("no error")
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, os.ErrClosed }

// Every excerpt of a long text is as likely to be in the sample.
func TestReservoirIsFair(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	counts := map[string]int{}
	for range 3000 {
		v := reservoir{size: 3}
		for _, s := range strings.Split("abcdefghij", "") {
			v.put(excerpt{text: s}, rng)
		}
		for _, s := range v.items {
			counts[s.text]++
		}
	}
	for s, n := range counts {
		if n < 750 || n > 1050 {
			t.Errorf("%s was drawn %d times of 3000, not 900", s, n)
		}
	}
}

func TestPlant(t *testing.T) {
	text := strings.Repeat("some words that go on ", 30)
	planted, exact := plant(text, rand.New(rand.NewSource(4)))
	if len(exact) != plantedStrings || len(slices.Compact(slices.Sorted(slices.Values(exact)))) != plantedStrings {
		t.Errorf("planted %q", exact)
	}
	for _, s := range exact {
		if !strings.Contains(planted, " "+s+" ") {
			t.Errorf("%s does not stand between spaces", s)
		}
		planted = strings.Replace(planted, s+" ", "", 1)
	}
	if planted != text {
		t.Error("the text has changed besides")
	}
	if short, exact := plant("word", rand.New(rand.NewSource(4))); !strings.Contains(short, exact[7]) {
		t.Errorf("a single word becomes %q", short)
	}
}
