package search

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

func mustParse(t *testing.T, text string) *PlaybookFile {
	t.Helper()
	p, err := ParsePlaybook([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const somePlaybook = `# glyph playbook

## density
[den-00001] helpful=3 harmful=1 :: Set lines solid before making type smaller.
[den-00004] helpful=0 harmful=2 :: Margins of 0 px cost nothing.

## legibility
[leg-00002] helpful=1 harmful=0 :: Below 7 px a stroke weight of 1.2 helps.

## retired
[new-00003] helpful=0 harmful=4 :: Draw newlines as a pilcrow.
`

func TestPlaybookText(t *testing.T) {
	p := mustParse(t, somePlaybook)
	if got := string(p.Text()); got != somePlaybook {
		t.Errorf("it is written as\n%s", got)
	}
	if lines := p.Lines(); len(lines) != 3 || lines[2] != "legibility: [leg-00002] helpful=1 harmful=0 :: Below 7 px a stroke weight of 1.2 helps." {
		t.Errorf("lines %q", lines)
	}
}

// Files of testdata/playbook-refused.txtar are texts, their names what the
// error says.
func TestPlaybookRefused(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/playbook-refused.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if _, err := ParsePlaybook(f.Data); err == nil || !strings.Contains(err.Error(), f.Name) {
			t.Errorf("%q: got %v for\n%s", f.Name, err, f.Data)
		}
	}
	long := filepath.Join(t.TempDir(), "playbook.txt")
	if err := os.WriteFile(long, bytes.Repeat([]byte("#\n"), maxPlaybookBytes), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{long, filepath.Join(t.TempDir(), "none")} {
		if _, err := LoadPlaybook(path); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

func TestPlaybookMergesNearDuplicates(t *testing.T) {
	p := mustParse(t, `## density
[den-00007] helpful=2 harmful=1 :: Set lines solid before making the type smaller!
[den-00002] helpful=3 harmful=0 :: Set lines solid before making type smaller.
[den-00003] helpful=1 harmful=0 :: Set lines solid at 8 px before making type smaller.
`)
	want := `# glyph playbook

## density
[den-00002] helpful=5 harmful=1 :: Set lines solid before making type smaller.
[den-00003] helpful=1 harmful=0 :: Set lines solid at 8 px before making type smaller.
`
	if got := string(p.Text()); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestPlaybookLearns(t *testing.T) {
	p := mustParse(t, somePlaybook)
	err := p.Learn([]string{
		"density: set lines solid, before making type smaller",        // is there
		"newlines: Draw newlines as a pilcrow.",                       // was retired
		"Geometry:  Pages of 300 pt\n suit code. ",                    // new
		"A line of no section.",                                       // new
		"exact: " + strings.Repeat("long ", 100),                      // too long
		"density: Do not set lines solid before making type smaller.", // the contrary is no duplicate
	})
	if err == nil || !strings.Contains(err.Error(), "want 1 to 300") {
		t.Errorf("got %v", err)
	}
	want := []string{
		"+ [geo-00005] helpful=0 harmful=0 :: Pages of 300 pt suit code.",
		"+ [gen-00006] helpful=0 harmful=0 :: A line of no section.",
		"+ [den-00007] helpful=0 harmful=0 :: Do not set lines solid before making type smaller.",
	}
	if got := p.Changes(); !slices.Equal(got, want) {
		t.Errorf("changes\n%s", strings.Join(got, "\n"))
	}
	if !strings.HasPrefix(string(p.Text()), strings.SplitAfter(somePlaybook, "cost nothing.\n")[0]) {
		t.Errorf("what stood there has changed:\n%s", p.Text())
	}
}

func TestPlaybookIsNeverTooLong(t *testing.T) {
	p := mustParse(t, "")
	var refused error
	for i := range maxPlaybookLines + 5 {
		if err := p.Learn([]string{"general: insight about " + strings.Repeat("x", i%200) + " number " + string(rune('a'+i%26)) + strings.Repeat("9", i/26+1)}); err != nil {
			refused = err
		}
	}
	if p.active() > maxPlaybookLines || refused == nil || !strings.Contains(refused.Error(), "full") {
		t.Errorf("%d lines, %v", p.active(), refused)
	}
}

func TestPlaybookCredit(t *testing.T) {
	accuracy := func(low, high float64) Interval { return Interval{Mean: (low + high) / 2, Low: low, High: high, N: 24} }
	for _, c := range []struct {
		name             string
		d                diff
		helpful, harmful int
	}{
		{"reads better", diff{accuracy(0.01, 0.03), 1}, 1, 0},
		{"reads better, less dense", diff{accuracy(0.01, 0.03), 0.8}, 0, 0},
		{"reads worse", diff{accuracy(-0.03, -0.01), 1}, 0, 1},
		{"reads worse, denser", diff{accuracy(-0.03, -0.02), 1.5}, 0, 0},
		{"denser, reads as well", diff{accuracy(-0.004, 0.006), 1.2}, 1, 0},
		{"denser, not told apart", diff{accuracy(-0.05, 0.05), 1.2}, 0, 0},
		{"less dense for nothing", diff{accuracy(-0.004, 0.006), 0.8}, 0, 1},
		{"neither", diff{accuracy(-0.01, 0.01), 1}, 0, 0},
		{"too few probes", diff{Interval{Mean: 0.1, Low: 0.1, High: 0.1, N: 4}, 1}, 0, 0},
	} {
		p := mustParse(t, "## density\n[den-00001] helpful=0 harmful=0 :: one\n[den-00002] helpful=0 harmful=0 :: another thing\n")
		p.Credit([]string{"den-00001", "den-00009"}, c.d)
		if l := p.lines[0]; l.helpful != c.helpful || l.harmful != c.harmful {
			t.Errorf("%s: %v", c.name, l)
		}
		if l := p.lines[1]; l.helpful+l.harmful != 0 {
			t.Errorf("%s: the other line %v", c.name, l)
		}
	}
}

func TestPlaybookRetires(t *testing.T) {
	p := mustParse(t, somePlaybook)
	p.Credit([]string{"den-00004", "den-00001"}, diff{Interval{Mean: -0.2, Low: -0.3, High: -0.1, N: 24}, 1})
	text := string(p.Text())
	if !strings.Contains(text, "pilcrow") || strings.Index(text, "den-00004") < strings.Index(text, "## retired") {
		t.Errorf("got\n%s", text)
	}
	if strings.Index(text, "den-00001") > strings.Index(text, "## retired") {
		t.Error("a line that helped as well was retired")
	}
	if again := mustParse(t, text); !bytes.Equal(again.Text(), p.Text()) {
		t.Error("it does not read back")
	}
}

func FuzzParsePlaybook(f *testing.F) {
	f.Add([]byte(somePlaybook))
	f.Add([]byte("## density\n[den-00001] helpful=1 harmful=0 :: a b c\n[den-00000] helpful=1 harmful=0 :: a b c!\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		p, err := ParsePlaybook(data)
		if err != nil {
			return
		}
		text := p.Text()
		again, err := ParsePlaybook(text)
		if err != nil {
			t.Fatalf("%v: %q", err, text)
		}
		if got := again.Text(); !bytes.Equal(got, text) {
			t.Errorf("%q is written as %q", text, got)
		}
		if len(p.Changes()) > 0 {
			t.Errorf("changes %q", p.Changes())
		}
	})
}
