package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// scriptEndpoint starts an endpoint that gives these replies one after the
// other, the last one to all further requests, and puts its URL into
// OPENAI_BASE_URL: endpoint 429 'text=It is 42.'
func scriptEndpoint(ts *testscript.TestScript, neg bool, args []string) {
	var script []llmtest.Reply
	for _, arg := range args {
		name, text, _ := strings.Cut(arg, "=")
		text = strings.NewReplacer(`\n`, "\n", `\e`, "\x1b").Replace(text)
		reply := map[string]llmtest.Reply{
			"429":       llmtest.RateLimited("0.01"),
			"500":       llmtest.ServerError(500),
			"cut":       llmtest.Cut(text),
			"hang":      llmtest.Hang(),
			"key":       llmtest.Unauthorized(),
			"malformed": llmtest.MalformedBody(),
			"no-usage":  llmtest.NoUsage(text),
			"overflow":  llmtest.Overflow(),
			"refusal":   llmtest.Refusal(text),
			"text":      llmtest.Text(text),
			"too-large": llmtest.TooLarge(),
			"truncated": llmtest.Truncated(text),
		}[name]
		if reply == nil {
			ts.Fatalf("no reply %q", name)
		}
		script = append(script, reply)
	}
	s := llmtest.New(script...)
	ts.Defer(s.Close)
	ts.Setenv("OPENAI_BASE_URL", s.URL())
}

// What stands on standard output is a part of an answer, and that is said.
func TestInterruptedAnswer(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // until then nobody sees that the client is gone
		interrupt()
		<-r.Context().Done()
	}))
	defer endpoint.Close()
	cmd := newRoot(&verb.App{})
	var stdout, stderr bytes.Buffer
	cmd.SetArgs([]string{"ask", "Which?", "--model", "qwen3-vl", "--base-url", endpoint.URL})
	cmd.SetIn(strings.NewReader("some text"))
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	var coded *verb.ExitError
	if err := cmd.ExecuteContext(ctx); !errors.As(err, &coded) || coded.Code != verb.ExitInterrupted || err.Error() != "interrupted; the answer is not complete" {
		t.Errorf("error %v", err)
	}
	if want := "cost: no call brought an answer\n"; !strings.Contains(stderr.String(), want) {
		t.Errorf("standard error is %q, want %q in it", stderr.String(), want)
	}
}
