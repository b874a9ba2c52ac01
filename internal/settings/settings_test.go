package settings

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var keys = map[string]Kind{"dpi": Page, "page-size": Page, "preview": Output, "json": Output, "base-url": Private, "model": Private}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPrecedence(t *testing.T) {
	dir := t.TempDir()
	home, work := filepath.Join(dir, "home"), filepath.Join(dir, "home", "repo", "sub")
	write(t, filepath.Join(home, ".config", UserFile), `{"model": "of-user", "dpi": 96, "page-size": [595, 842]}`)
	write(t, filepath.Join(home, "repo", ".git", "HEAD"), "")
	write(t, filepath.Join(home, "repo", ProjectFile), `{"dpi": 72, "preview": true, "json": false}`)
	write(t, filepath.Join(home, ProjectFile), `{"dpi": 1}`)
	write(t, filepath.Join(work, "x"), "")
	s, err := Load(Sources{
		Keys: keys, Environ: []string{"GLYPH_JSON=true", "GLYPH_BASE_URL=http://x/v1", "GLYPH_MODEL=", "GLYPH_MODLE=x", "GLYPH_API_KEY=sk", "PATH=/"},
		Other: []string{"GLYPH_API_KEY"}, ConfigDir: filepath.Join(home, ".config"), WorkDir: work, Home: home,
	})
	if err != nil {
		t.Fatal(err)
	}
	user, project := filepath.Join(home, ".config", UserFile), filepath.Join(home, "repo", ProjectFile)
	for key, want := range map[string][2]string{
		"dpi": {"96", user}, "page-size": {"595,842", user}, "model": {"of-user", user},
		"preview": {"true", project}, "json": {"true", "environment"}, "base-url": {"http://x/v1", "environment"},
	} {
		value, from, ok := s.Lookup(key)
		if !ok || value != want[0] || from != want[1] {
			t.Errorf("%s is %q from %q, want %q", key, value, from, want)
		}
	}
	if _, _, ok := s.Lookup("columns"); ok {
		t.Error("a key that nobody set")
	}
	if !slices.Equal(s.Unknown, []string{"GLYPH_MODLE"}) {
		t.Errorf("unknown: %q", s.Unknown)
	}
}

// Only directories of the user or of the repository are looked at.
func TestProjectOf(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ProjectFile), `{"dpi": 1}`) // in a directory that all may write to
	write(t, filepath.Join(dir, "home", ProjectFile), `{"dpi": 2}`)
	write(t, filepath.Join(dir, "home", "a", "b", "x"), "")
	write(t, filepath.Join(dir, "home", "repo", ".git", "HEAD"), "")
	write(t, filepath.Join(dir, "other", "deep", "x"), "")
	for work, want := range map[string]string{
		"home/a/b": "2", "home": "2", "home/repo": "", "other/deep": "", ".": "1",
	} {
		s, err := Load(Sources{Keys: keys, WorkDir: filepath.Join(dir, work), Home: filepath.Join(dir, "home")})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := s.Lookup("dpi"); got != want {
			t.Errorf("in %s dpi is %q, want %q", work, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"base-url": "http://evil/v1"}`: `key "base-url": a project's file sets how pages look`,
		`{"dip": 1}`:                     "did you mean dpi?",
		`{"dpi": {"a": 1}}`:              `key "dpi": want a string`,
		`{"dpi": null}`:                  `key "dpi": want a string`,
		`{"dpi": 1, "dpi": 2}`:           "twice",
		`{"dpi": 1} {}`:                  "nothing behind it",
		`[1]`:                            "want a JSON object",
		`{"dpi"`:                         "not JSON",
		strings.Repeat(" ", maxFile+1):   "over 65536 bytes",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, ProjectFile), text)
		_, err := Load(Sources{Keys: keys, WorkDir: dir})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ProjectFile) {
			t.Errorf("%.40s: error %v, want %q", text, err, want)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, UserFile), `{"base-url": "http://mine/v1"}`)
	if s, err := Load(Sources{Keys: keys, ConfigDir: dir, WorkDir: dir}); err != nil {
		t.Error(err)
	} else if got, _, _ := s.Lookup("base-url"); got != "http://mine/v1" {
		t.Errorf("the user's own: %q", got)
	}
}
