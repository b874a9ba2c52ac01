package tokens

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// engines are the expressions of splitters, run by a regular expression engine.
func engines(tb testing.TB) map[string]pattern {
	m := map[string]pattern{}
	for expr := range splitters() {
		re, err := compile(expr)
		if err != nil {
			tb.Fatal(err)
		}
		m[expr] = re
	}
	return m
}

func split(tb testing.TB, s splitter, text string) (pieces []string) {
	tb.Helper()
	if err := s.split([]byte(text), func(p []byte) { pieces = append(pieces, string(p)) }); err != nil {
		tb.Fatal(err)
	}
	return pieces
}

func checkSplit(tb testing.TB, engines map[string]pattern, text string) {
	tb.Helper()
	for expr, engine := range engines {
		got, want := split(tb, splitters()[expr], text), split(tb, engine, text)
		if !slices.Equal(got, want) {
			tb.Errorf("splitting %q by %s\n got %q\nwant %q", text, expr, got, want)
		}
	}
}

// Every splitter written by hand cuts as the expression it stands for.
func TestSplitLikeExpression(t *testing.T) {
	engines := engines(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		checkSplit(t, engines, randomText(r, 1+r.IntN(60)))
	}
	for c := range rune(utf8.MaxRune) {
		// Every character of the lower planes where each of its roles matters.
		if c < 0x3100 && utf8.ValidRune(c) {
			s := string(c)
			checkSplit(t, engines, "a"+s+"B"+s+s+"'s "+s+"1"+s+"\n"+s)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, a := range alphabets {
		f.Add("x" + a + " 1\n" + a)
	}
	f.Add("\u0301ABC日A'ſ\r\n /\n")
	engines := engines(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 || !utf8.ValidString(text) {
			return // the engine is slow, and text is made valid before it is split
		}
		checkSplit(t, engines, text)
	})
}

// Sequences split the pieces of the step before, each as if it stood alone.
func TestChain(t *testing.T) {
	c := chain{isolate{classes(), number, 1}, gpt2{classes()}}
	if got, want := split(t, c, "ab 12  c"), []string{"ab", " ", "1", "2", " ", " c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPortable(t *testing.T) {
	for expr, want := range map[string]string{
		`\p{L}+|[^\s\p{L}\[]+|\s+(?!\S)`: "",
		`(?i:'s)|(?:a)(?=b)(?<!c)\\h`:    "",
		`[a&&[b]]`:                       "&&",
		`[[:alpha:]]`:                    "[",
		`\w+`:                            `\w`,
		`[^\h]`:                          `\h`,
		`^a`:                             "^",
		`a$`:                             "$",
		`a{,2}`:                          "{,",
		`(?m)a`:                          "(?m",
		`(?<name>a)`:                     "(?<",
	} {
		err := portable(expr)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", expr, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want+" ")):
			t.Errorf("%s: error %v, want %s to be named", expr, err, want)
		}
	}
}
