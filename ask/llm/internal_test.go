package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/secrets"
)

// testdata/errors.json holds what endpoints say, by kind of error.
func TestErrorsOfEndpoints(t *testing.T) {
	data, err := os.ReadFile("testdata/errors.json")
	if err != nil {
		t.Fatal(err)
	}
	var tests []struct {
		Of     string
		Status int
		Body   json.RawMessage
		Kind   string
		Retry  bool
	}
	if err := json.Unmarshal(data, &tests); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]error{"refused": ErrRefused, "overflow": ErrContextOverflow, "large": ErrTooLarge, "auth": ErrAuth,
		"rate": ErrRateLimited, "rejected": ErrRejected, "server": ErrServer}
	for _, tt := range tests {
		if f := rejected(tt.Status, parseProblem(tt.Body)); f.kind != kinds[tt.Kind] || f.retry != tt.Retry {
			t.Errorf("%s: %v, retry %v; want %s, %v", tt.Of, f.kind, f.retry, tt.Kind, tt.Retry)
		}
	}
}

func TestExcerptActsOnNoTerminal(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[2J two\r\nlines\x07": "\ufffd[2J two lines\ufffd", "\u202eevil": "\ufffdevil", "a\xffb": "a\ufffdb",
		strings.Repeat("ä", maxMessage): strings.Repeat("ä", maxMessage/2) + "…",
	} {
		if got := excerpt(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// testdata/refusals.txt and answers.txt have one text a line.
func TestRefusalsInWords(t *testing.T) {
	for file, want := range map[string]bool{"testdata/refusals.txt": true, "testdata/answers.txt": false} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.Lines(string(data)) {
			text = strings.TrimSpace(text)
			if got := isRefusal(text); got != want {
				t.Errorf("%s: %q: refusal %v", file, text, got)
			}
			for i := range text {
				if want && !MayBecomeRefusal(text[:i]) {
					t.Errorf("%q is shown before it is known to be a refusal", text[:i])
					break
				}
			}
		}
	}
	if long := "I'm sorry, but I can't help with that. " + strings.Repeat("But here it is. ", 40); isRefusal(long) || MayBecomeRefusal(long) {
		t.Error("what goes on at length is an answer")
	}
	if MayBecomeRefusal("The invoice has the number ") {
		t.Error("an answer is held back")
	}
}

func TestWorstPromptHasImages(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 500))); err != nil {
		t.Fatal(err)
	}
	message := func(png []byte) []wire.Message { return []wire.Message{{Parts: []wire.Part{{PNG: png}}}} }
	n, err := worstPrompt(message(b.Bytes()))
	if want := worstImage + 2*worstTile + perMessage; n != want || err != nil {
		t.Errorf("%d tokens, error %v; want %d", n, err, want)
	}
	if _, err := worstPrompt(message([]byte("no PNG"))); err == nil {
		t.Error("what is no image has a bound")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type noWait struct{}

func (noWait) Now() time.Time                                   { return time.Time{} }
func (noWait) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// Whatever an endpoint answers, the call ends in a response or in an Error.
func FuzzResponse(f *testing.F) {
	f.Add(200, "text/event-stream", []byte("data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"))
	f.Add(200, "text/event-stream", []byte("data: {\"error\":{\"message\":[1],\"code\":4}}\n\n"))
	f.Add(200, "text/event-stream", []byte("data: {\"error\":\"x\"}\n\n: c\n\nevent: e\ndata:\n"))
	f.Add(200, "application/json", []byte(`{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":-1}}`))
	f.Add(429, "application/json", []byte(`[{"error":{"code":429,"message":"slow down"}}]`))
	f.Add(307, "", []byte(`x`))
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
		})}
		c, err := New(Options{BaseURL: "http://127.0.0.1/v1", Model: "m", HTTPClient: client, Clock: noWait{}, MaxResponse: 4096, MaxAttempts: 2})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(t.Context(), Request{Messages: []wire.Message{wire.Text(wire.User, secrets.Own("?"))}}, nil)
		if _, ok := errors.AsType[*Error](err); !ok && (err != nil || resp == nil || resp.Usage.Total() <= 0) {
			t.Errorf("%+v, error %v", resp, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n\x00\u009b\u202e") {
			t.Errorf("error with control characters: %q", err)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"7", "-1", "1e300", "NaN", "Fri, 02 Jan 2026 03:04:14 GMT", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := retryAfter(http.Header{"Retry-After": {s}}, time.Unix(0, 0)); d < 0 || d > maxRetryAfter {
			t.Errorf("%v", d)
		}
	})
}
