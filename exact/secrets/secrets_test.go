package secrets_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/corpus"
)

var unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t", "¦", "")

// lines reads a table of testdata.
func lines(t testing.TB, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "# ") && line != "" {
			list = append(list, line)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no lines", name)
	}
	return list
}

type leak struct {
	rule, text string
	start, end int
}

func leaks(t testing.TB) []leak {
	var list []leak
	for _, line := range lines(t, "found.txt") {
		rule, marked, _ := strings.Cut(line, "\t")
		before, rest, _ := strings.Cut(marked, "«")
		secret, after, ok := strings.Cut(rest, "»")
		if !ok {
			t.Fatalf("no marks in %q", line)
		}
		before, secret, after = unescape.Replace(before), unescape.Replace(secret), unescape.Replace(after)
		list = append(list, leak{rule, before + secret + after, len(before), len(before) + len(secret)})
	}
	return list
}

func TestFound(t *testing.T) {
	for _, l := range leaks(t) {
		t.Run(l.rule, func(t *testing.T) {
			// A secret stands anywhere, in a text of any kind.
			for _, around := range []string{"", "Some words before.\n", strings.Repeat("多字节文本，没有秘密。\n", 4000)} {
				text := around + l.text + "\n" + around
				found := secrets.Scan(text)
				if len(found) != 1 {
					t.Fatalf("%d findings %v in %q, want one", len(found), found, l.text)
				}
				f := found[0]
				if got, want := text[f.Start:f.End], l.text[l.start:l.end]; f.Rule != l.rule || f.Start != len(around)+l.start || got != want {
					t.Errorf("found %s %q, want %s %q", f.Rule, got, l.rule, want)
				}
				if f.Description == "" {
					t.Errorf("%s has no description", f.Rule)
				}
			}
		})
	}
}

// Every rule of ours has a text in which it finds something.
func TestEveryRuleFinds(t *testing.T) {
	own, err := os.ReadFile("rules/glyph.toml")
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, l := range leaks(t) {
		tested[l.rule] = true
	}
	for _, id := range secrets.RuleIDs() {
		if named := strings.Contains(string(own), fmt.Sprintf("\nid = %q", id)); (named || !strings.Contains(string(gitleaks(t)), fmt.Sprintf("\nid = %q", id))) && !tested[id] {
			t.Errorf("no text for the rule %s", id)
		}
	}
}

func gitleaks(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("rules/gitleaks.toml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAllInOneText(t *testing.T) {
	var b strings.Builder
	type place struct {
		rule       string
		start, end int
	}
	var want []place
	for _, l := range leaks(t) {
		if l.rule == "private-key-unfinished" { // it would not be
			continue
		}
		want = append(want, place{l.rule, b.Len() + l.start, b.Len() + l.end})
		b.WriteString(l.text + "\n\nNothing to see here.\n")
	}
	text := b.String()
	found := secrets.Scan(text)
	for _, w := range want {
		if !slices.ContainsFunc(found, func(f secrets.Finding) bool { return f.Start <= w.start && f.End >= w.end }) {
			t.Errorf("%s %q was not found", w.rule, text[w.start:w.end])
		}
	}
	clean := secrets.Mask(text, found)
	if again := secrets.Scan(clean); len(again) > 0 {
		t.Errorf("the redacted text has %d findings, first %v %q", len(again), again[0], clean[again[0].Start:again[0].End])
	}
}

func TestInnocent(t *testing.T) {
	check := func(name, text string) {
		for _, f := range secrets.Scan(text) {
			t.Errorf("%s: %s %q", name, f.Rule, text[f.Start:f.End])
		}
	}
	for _, line := range lines(t, "innocent.txt") {
		check(line, unescape.Replace(line))
	}
	for _, pattern := range []string{"../../README.md", "../../ARCHITECTURE.md", "../../go.sum", "../../go.mod", "../*.go", "../../configs/*.go", "../testdata/*/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			check(file, string(data))
		}
	}
	for _, kind := range corpus.Kinds() {
		data, err := io.ReadAll(corpus.New(kind, 1, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		check(string(kind), string(data))
	}
}

func TestSecondSecretOfABlock(t *testing.T) {
	const text = "kind: Secret\ndata:\n  user: cm9vdHJvb3Ryb290\n  login: bG9naWxvZ2ltYWlufQ\n"
	clean := secrets.Mask(text, secrets.Scan(text))
	for _, value := range []string{"cm9vdHJvb3Ryb290", "bG9naWxvZ2ltYWlufQ"} {
		if strings.Contains(clean, value) {
			t.Errorf("%s is still in %q", value, clean)
		}
	}
}

func TestMask(t *testing.T) {
	finding := func(start, end int) secrets.Finding { return secrets.Finding{Start: start, End: end} }
	for _, c := range []struct {
		name, text string
		findings   []secrets.Finding
		want       string
	}{
		{"nothing", "text", nil, "text"},
		{"bytes, not characters", "käse=geheim", []secrets.Finding{finding(0, 5)}, "*****=geheim"},
		{"line breaks stay", "a\r\nb\nc\u2028d", []secrets.Finding{finding(0, 10)}, "*\r\n*\n*\u2028*"},
		{"overlapping", "abcdef", []secrets.Finding{finding(1, 4), finding(2, 5)}, "a****f"},
		{"a cut character", "äöü", []secrets.Finding{finding(1, 3)}, "****ü"},
		{"outside of the text", "abc", []secrets.Finding{finding(-5, 1), finding(2, 99), finding(7, 8), finding(2, 1)}, "*b*"},
	} {
		if got := secrets.Mask(c.text, c.findings); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestScanConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for _, l := range leaks(t) {
		for range 2 {
			wg.Go(func() {
				if len(secrets.Scan(l.text)) != 1 {
					t.Errorf("%s: not one finding", l.rule)
				}
			})
		}
	}
	wg.Wait()
}

// The rules are the release's, to the byte.
func TestRulesAreTheReleases(t *testing.T) {
	data, err := os.ReadFile("rules/gitleaks.toml")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != secrets.RulesSHA256 {
		t.Errorf("sha256 %s, want %s", got, secrets.RulesSHA256)
	}
	licence, err := os.ReadFile("rules/LICENSE")
	if err != nil || !strings.Contains(string(licence), "MIT License") {
		t.Errorf("no licence beside the rules: %v", err)
	}
}

func FuzzScanMask(f *testing.F) {
	for _, l := range leaks(f) {
		f.Add(l.text)
	}
	for _, line := range lines(f, "innocent.txt") {
		f.Add(unescape.Replace(line))
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := secrets.Scan(text)
		if !slices.IsSortedFunc(found, func(a, b secrets.Finding) int { return a.Start - b.Start }) {
			t.Fatalf("not in order: %v", found)
		}
		for i, f := range found {
			if f.Start < 0 || f.End <= f.Start || f.End > len(text) || f.Rule == "" {
				t.Fatalf("%v in %d bytes", f, len(text))
			}
			if i > 0 && f.End <= found[i-1].End {
				t.Fatalf("%v lies inside %v", f, found[i-1])
			}
		}
		clean := secrets.Mask(text, found)
		if len(clean) != len(text) || strings.Count(clean, "\n") != strings.Count(text, "\n") || utf8.ValidString(text) && !utf8.ValidString(clean) {
			t.Fatalf("redacted %q to %q", text, clean)
		}
		for _, again := range secrets.Scan(clean) {
			for _, f := range found {
				if again.Start < f.End && f.Start < again.End {
					t.Fatalf("%v is found where %v was redacted: %q", again, f, clean)
				}
			}
		}
	})
}
