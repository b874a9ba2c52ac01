package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// The level of detail of --model reaches every image that is sent, and is no
// part of the model's name.
func TestDetailReachesEveryVerb(t *testing.T) {
	dir := t.TempDir()
	doc := filepath.Join(dir, "mill.txt")
	var text strings.Builder
	for i := range 60 {
		text.WriteString("The miller of the " + strings.Repeat("old ", i%5) + "house counted " + string(rune('a'+i%26)) + string(rune('a'+i%7)) + " lamps near the river before the clerk came back to the hall.\n")
	}
	if err := os.WriteFile(doc, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"ask":       {"ask", doc, "How many lamps?"},
		"eval":      {"eval", doc, "--task", "ocr", "--n", "1", "--reader", "vlm", "-o", filepath.Join(dir, "eval"), "--arms", "image,adaptive"},
		"calibrate": {"calibrate", "--min-px", "10", "--max-px", "16", "--budget", "calls=4"},
		"search": {"search", "--docs", doc, "--reader", "vlm", "--budget", "calls=80", "--chars", "80", "--rungs", "8", "--held-out", "4", "--population", "4",
			"--generations", "1", "--min-accuracy", "0", "--strata", "prose", "-o", filepath.Join(dir, "search")},
	} {
		s := llmtest.New(llmtest.Text("The miller counted 12 lamps."))
		t.Setenv("OPENAI_BASE_URL", s.URL())
		cmd := newRoot(&verb.App{})
		cmd.SetArgs(append(args, "--model", "gpt-4o@low", "--quiet"))
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		err := cmd.ExecuteContext(t.Context())
		s.Close()
		images := 0
		for _, r := range s.Requests() {
			for _, level := range r.Details() {
				if images++; level != "low" || r.Model != "gpt-4o" {
					t.Fatalf("%s asks the model %q for the level %q", name, r.Model, level)
				}
			}
		}
		if images == 0 {
			t.Errorf("%s sends no image: %v\n%s", name, err, out.String())
		}
	}
}
