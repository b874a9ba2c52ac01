package search

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
)

// A proposer is told no secret, whatever a problem tells of its documents.
func TestProposerIsToldNoSecret(t *testing.T) {
	const awsKey = "AKIA" + "Q3EGRPIM5VKZ7TWD"
	s := llmtest.New(llmtest.Text(`{"patches": [{"parent": "a", "genes": {}}]}`))
	defer s.Close()
	client, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	h := History{Want: 1, Errors: []confusion{{Kind: "lost", Count: 1, Examples: []probe.Misread{{Kind: "lost", Want: "key " + awsKey, Got: "key"}}}}}
	h.Front = []Candidate{{ID: "a", Config: configs.Default()}}
	if _, err := NewLLM(client, LLMOptions{}).Propose(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if text := s.Requests()[0].Text(); strings.Contains(text, awsKey) || !strings.Contains(text, "key ****") {
		t.Errorf("told %s", text)
	}
}

// A run says how the secrets of its documents were treated, and no secret.
func TestRunSaysHowSecretsAreTreated(t *testing.T) {
	const awsKey = "AKIA" + "Q3EGRPIM5VKZ7TWD"
	leaky := known.TextDocument("leaky", strings.Repeat("the key of the account is "+awsKey+" and nobody knows it\n", 30))
	for _, mode := range []secrets.Mode{secrets.Redact, secrets.Allow} {
		o := probe.Options{Probes: 8, HeldOut: 4, Secrets: mode}
		r, err := probe.New(t.Context(), []*document.Document{leaky, known.Document(corpus.Prose, 20_000)}, known.Reader("", nil), known.Model(t, "glm-4.5v"), o)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		j, err := openJournal(dir, Options{}.identity(r))
		if err != nil {
			t.Fatal(err)
		}
		if err := j.run.Close(); err != nil {
			t.Fatal(err)
		}
		run, err := os.ReadFile(filepath.Join(dir, runs.IdentityFile))
		if err != nil || !strings.Contains(string(run), `"mode": "`+string(mode)+`"`) || strings.Contains(string(run), awsKey) {
			t.Errorf("%q: the run says %.200s, error %v", mode, run, err)
		}
	}
}
