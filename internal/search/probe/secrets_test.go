package probe_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/corpus"
	"github.com/glyphkit/glyph/internal/llmtest"
	"github.com/glyphkit/glyph/internal/search/known"
	"github.com/glyphkit/glyph/internal/search/probe"
)

const awsKey = "AKIA" + "Q3EGRPIM5VKZ7TWD"

// Secrets of documents are on no page that a search shows a reader, unless that
// is allowed, and the run says what it was.
func TestSecrets(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "the key of account %d is %s and nobody knows it\n", i, awsKey)
	}
	leaky := known.TextDocument("leaky", b.String())
	for _, c := range []struct {
		mode    secrets.Mode
		refused bool
	}{{"", true}, {secrets.Block, true}, {secrets.Redact, false}, {secrets.Allow, false}} {
		s := llmtest.New(llmtest.Text("read"))
		defer s.Close()
		client, err := llm.New(llm.Options{BaseURL: s.URL(), Model: "m"})
		if err != nil {
			t.Fatal(err)
		}
		o := probe.Options{Probes: 8, HeldOut: 4, Strata: []string{probe.StratumProse}, Secrets: c.mode}
		r, err := probe.New(t.Context(), []*document.Document{leaky, known.Document(corpus.Prose, 20_000)}, read.NewVLM(client, read.VLMOptions{}), known.Model(t, "glm-4.5v"), o)
		found, blocked := errors.AsType[*secrets.FoundError](err)
		if blocked != c.refused || !blocked && err != nil || blocked && (found.Found[0].Document != "leaky" || strings.Contains(err.Error(), awsKey[4:])) {
			t.Errorf("%q: %v", c.mode, err)
		}
		if c.refused {
			continue
		}
		if report := r.Secrets(); report.Mode != c.mode || report.Count != 400 {
			t.Errorf("%q: found %d in the mode %q", c.mode, report.Count, report.Mode)
		}
		told := false
		for i := range r.Probes() {
			told = told || strings.Contains(probe.TextOf(r, i), awsKey)
			if _, err := r.Probe(t.Context(), known.Config(t), i); err != nil {
				t.Fatal(err)
			}
		}
		if told != (c.mode == secrets.Allow) || s.Calls() < len(r.Probes()) {
			t.Errorf("%q: the key is on probes: %t; %d calls for %d probes", c.mode, told, s.Calls(), len(r.Probes()))
		}
	}
}
