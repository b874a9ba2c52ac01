package search

import (
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/llmtest"
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
	h := History{Want: 1, Errors: []confusion{{Kind: "lost", Count: 1, Examples: []misread{{Kind: "lost", Want: "key " + awsKey, Got: "key"}}}}}
	h.Front = []candidate{{ID: "a", Config: configs.Default()}}
	if _, err := NewLLM(client, LLMOptions{}).Propose(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if text := s.Requests()[0].Text(); strings.Contains(text, awsKey) || !strings.Contains(text, "key ****") {
		t.Errorf("told %s", text)
	}
}
