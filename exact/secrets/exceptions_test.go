package secrets_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
)

// In pieces, so that the file itself holds no secret.
const (
	onePassword     = "Sommer" + "#2021"
	anotherPassword = "Garten" + "&1999"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// check returns the findings in a text, that what allows them, and the text in
// the mode Redact.
func check(t *testing.T, e *secrets.Exceptions, text string) (allowed []string, clean string, blocked bool) {
	t.Helper()
	g := secrets.Guard{Mode: secrets.Redact, Exceptions: e}
	c := g.Check("a", text)
	for _, f := range c.Found() {
		allowed = append(allowed, f.Allowed)
	}
	b := secrets.Guard{Exceptions: e}
	return allowed, c.Text(), !b.Check("a", text).Valid()
}

func TestExceptions(t *testing.T) {
	const text = "password: " + onePassword + "\ndb_password: " + anotherPassword + "\n"
	found := func() []secrets.Finding {
		g := secrets.Guard{Mode: secrets.Allow}
		return g.Check("", text).Found()
	}()
	if len(found) != 2 || found[0].Fingerprint == found[1].Fingerprint || len(found[0].Fingerprint) != 8 || found[0].Allowed != "" {
		t.Fatalf("found %+v", found)
	}
	root := t.TempDir()
	doc := filepath.Join(root, "docs", "deep", "a.txt")
	beside, above := filepath.Join(root, "docs", "deep", secrets.ExceptionsFile), filepath.Join(root, secrets.ExceptionsFile)
	write(t, doc, text)
	write(t, beside, "# known\n"+found[0].Fingerprint+"  # a test\n\n")
	write(t, above, found[1].Fingerprint+"\n")

	load := func(rules []string, paths ...string) *secrets.Exceptions {
		t.Helper()
		e, err := secrets.NewExceptions(rules, paths...)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, c := range []struct {
		name    string
		e       *secrets.Exceptions
		allowed []string
	}{
		{"none", nil, []string{"", ""}},
		{"no project: the file beside it alone", load(nil, doc), []string{beside, ""}},
		{"a directory", load(nil, root), []string{"", above}},
		{"of a rule", load([]string{"assigned-password"}), []string{"its rule", "its rule"}},
		{"of another rule", load([]string{"aws-access-token"}), []string{"", ""}},
	} {
		allowed, clean, blocked := check(t, c.e, text)
		if !slices.Equal(allowed, c.allowed) {
			t.Errorf("%s: allowed by %q, want %q", c.name, allowed, c.allowed)
		}
		if blocked != slices.Contains(c.allowed, "") {
			t.Errorf("%s: blocked %t", c.name, blocked)
		}
		for i, password := range []string{onePassword, anotherPassword} {
			if strings.Contains(clean, password) != (c.allowed[i] != "") {
				t.Errorf("%s: masked to %q", c.name, clean)
			}
		}
	}
	write(t, filepath.Join(root, ".git"), "")
	e := load(nil, doc)
	if allowed, _, blocked := check(t, e, text); !slices.Equal(allowed, []string{beside, above}) || blocked {
		t.Errorf("in a project: allowed by %q", allowed)
	}
	g := secrets.Guard{Exceptions: e}
	if _, checked, err := g.Documents(t.Context(), []*document.Document{document.FromString("a", text)}); err != nil || !checked.Valid() {
		t.Errorf("error %v", err)
	}
	if r := g.Report(); r.Count != 0 || r.Allowed != 2 || len(r.Found) != 2 || r.Found[0].Allowed != beside {
		t.Errorf("report %+v", r)
	}
}

func TestMarks(t *testing.T) {
	for mark, want := range map[string]string{
		"  # glyph:allow": "a mark on its line", " // gitleaks:allow of a test": "a mark on its line", " # allow": "", "\n# glyph:allow": "", " # notglyph:allowed": "",
	} {
		allowed, _, _ := check(t, nil, "password = \""+onePassword+"\""+mark+"\n")
		if !slices.Equal(allowed, []string{want}) {
			t.Errorf("%q: allowed by %q, want %q", mark, allowed, want)
		}
	}
}

func TestExceptionsThatAreNone(t *testing.T) {
	if _, err := secrets.NewExceptions([]string{"no-rule"}); err == nil || !strings.Contains(err.Error(), "assigned-password") {
		t.Errorf("error %v", err)
	}
	dir := t.TempDir()
	for _, text := range []string{onePassword, "abcdefg", "ABCDEF01", "abcdef0123"} {
		write(t, filepath.Join(dir, secrets.ExceptionsFile), "\n"+text+"\n")
		if _, err := secrets.NewExceptions(nil, dir); err == nil || !strings.Contains(err.Error(), "line 2") || strings.Contains(err.Error(), text) {
			t.Errorf("error %v", err)
		}
	}
	if err := os.Remove(filepath.Join(dir, secrets.ExceptionsFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, secrets.ExceptionsFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.NewExceptions(nil, dir); err == nil {
		t.Error("a directory was read")
	}
}

// Rows of a table that is longer than a window are read as those before.
func TestTableInWindows(t *testing.T) {
	var b strings.Builder
	b.WriteString("host,user,password\n")
	rows := 0
	for ; b.Len() < 3<<20; rows++ {
		if rows%1000 == 0 {
			b.WriteString("db.invalid,bob," + onePassword + "\n")
		} else {
			b.WriteString("db.invalid,bob,\n")
		}
	}
	want := (rows + 999) / 1000
	g := secrets.Guard{Mode: secrets.Redact}
	out, _, err := g.Documents(t.Context(), []*document.Document{document.FromString("a.csv", b.String())})
	if err != nil {
		t.Fatal(err)
	}
	if r := g.Report(); r.Count != want || strings.Contains(read(t, out[0]), onePassword) {
		t.Errorf("%d of %d found", r.Count, want)
	}
}
