package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/llmtest"
)

const testKey = "sk-test-0123456789abcdef"

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// setup starts a server and a client for it that need not wait.
func setup(t *testing.T, o llm.Options, script ...llmtest.Reply) (*llm.Client, *llmtest.Server, *llmtest.Clock) {
	t.Helper()
	s := llmtest.New(script...)
	t.Cleanup(s.Close)
	clock := llmtest.NewClock(start)
	o.BaseURL, o.Key, o.Clock = s.URL(), testKey, clock
	if o.Model == "" {
		o.Model = "test-model"
	}
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0 }
	}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, s, clock
}

func question(text string) llm.Request {
	return llm.Request{Messages: []wire.Message{wire.Text(wire.User, secrets.Own("").Derive(text))}, MaxTokens: 50}
}

func billing(attempts []llm.Attempt) string {
	var list []string
	for _, a := range attempts {
		list = append(list, string(a.Billed))
	}
	return strings.Join(list, " ")
}

// Each fault ends in an answer or an error of its kind; what may have been
// billed is said, and the server bills no more than that.
func TestFaults(t *testing.T) {
	const text = "It says that 42 is the answer. Ünïcödé 世界"
	tests := []struct {
		name   string
		script []llmtest.Reply
		kind   error  // nil for an answer
		billed string // one word an attempt
		says   string // in the error
	}{
		{"stream", []llmtest.Reply{llmtest.Text(text)}, nil, "yes", ""},
		{"not streamed", []llmtest.Reply{llmtest.Whole(text)}, nil, "yes", ""},
		{"no usage", []llmtest.Reply{llmtest.NoUsage(text)}, nil, "yes", ""},
		{"429", []llmtest.Reply{llmtest.RateLimited("7"), llmtest.Text(text)}, nil, "no yes", ""},
		{"429 for ever", []llmtest.Reply{llmtest.RateLimited("7")}, llm.ErrRateLimited, "no no no", "status 429): Rate limit reached for requests; 3 attempts"},
		{"no quota", []llmtest.Reply{llmtest.Status(429, `{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}`)}, llm.ErrRateLimited, "no", "quota"},
		{"500", []llmtest.Reply{llmtest.ServerError(500), llmtest.Text(text)}, nil, "no yes", ""},
		{"503 for ever", []llmtest.Reply{llmtest.ServerError(503)}, llm.ErrServer, "no no no", "status 503"},
		{"gateway timeout", []llmtest.Reply{llmtest.ServerError(504), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"cut", []llmtest.Reply{llmtest.Cut("It says"), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"cut for ever", []llmtest.Reply{llmtest.Cut("It says")}, llm.ErrCut, "maybe maybe maybe", "3 attempts may have been billed"},
		{"ended early", []llmtest.Reply{llmtest.Ended("It says"), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"dropped", []llmtest.Reply{llmtest.Dropped(), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"hangs", []llmtest.Reply{llmtest.Hang(), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"stalls", []llmtest.Reply{llmtest.Stall("It says"), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"stalls for ever", []llmtest.Reply{llmtest.Stall("It")}, llm.ErrCut, "maybe maybe maybe", "nothing was received for 200ms"},
		{"refusal", []llmtest.Reply{llmtest.Refusal("That I won't read.")}, llm.ErrRefused, "yes", "That I won't read."},
		{"refusal in words", []llmtest.Reply{llmtest.Text("I’m sorry, but I can’t assist with that request.")}, llm.ErrRefused, "yes", ""},
		{"content filter", []llmtest.Reply{llmtest.Filtered("It")}, llm.ErrRefused, "yes", "content filter"},
		{"filtered request", []llmtest.Reply{llmtest.Status(400, `{"error":{"message":"The response was filtered","code":"content_filter"}}`)}, llm.ErrRefused, "no", ""},
		{"overflow", []llmtest.Reply{llmtest.Overflow()}, llm.ErrContextOverflow, "no", "8192"},
		{"too large", []llmtest.Reply{llmtest.TooLarge()}, llm.ErrTooLarge, "no", "status 413"},
		{"key", []llmtest.Reply{llmtest.Unauthorized()}, llm.ErrAuth, "no", "Incorrect API key provided: [key]"},
		{"malformed event", []llmtest.Reply{llmtest.MalformedEvent()}, llm.ErrMalformed, "maybe", "event"},
		{"malformed body", []llmtest.Reply{llmtest.MalformedBody()}, llm.ErrMalformed, "maybe", "JSON"},
		{"garbage", []llmtest.Reply{llmtest.Garbage()}, llm.ErrMalformed, "maybe", "base URL"},
		{"only the end", []llmtest.Reply{llmtest.Events("[DONE]")}, llm.ErrMalformed, "maybe", ""},
		{"unknown model", []llmtest.Reply{llmtest.Status(404, `{"error":"model \"x\" not found, try pulling it first"}`)}, llm.ErrRejected, "no", "try pulling"},
		{"redirect", []llmtest.Reply{llmtest.Status(307, ``)}, llm.ErrRejected, "no", "307"},
		{"error in the stream", []llmtest.Reply{llmtest.Events(`{"error":{"message":"The engine died","type":"server_error"}}`), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"error in words in the stream", []llmtest.Reply{llmtest.Events(`{"error":"died"}`), llmtest.Text(text)}, nil, "maybe yes", ""},
		{"error object in the stream", []llmtest.Reply{llmtest.Events(`{"object":"error","message":"maximum context length is 10","type":"BadRequestError","code":400}`)}, llm.ErrContextOverflow, "maybe", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := llm.Options{MaxAttempts: 3}
			if tt.name == "hangs" || strings.HasPrefix(tt.name, "stalls") {
				o.Idle = 200 * time.Millisecond
			}
			c, s, _ := setup(t, o, tt.script...)
			r := question("What does it say?")
			var got strings.Builder
			r.OnRetry = func(llm.Attempt) { got.Reset() }
			resp, err := c.Do(t.Context(), r, func(s string) { got.WriteString(s) })
			if !errors.Is(err, tt.kind) {
				t.Fatalf("error %v, want %v", err, tt.kind)
			}
			var attempts []llm.Attempt
			if e, ok := errors.AsType[*llm.Error](err); ok {
				attempts = e.Attempts
				if !strings.Contains(err.Error(), tt.says) {
					t.Errorf("error %q does not say %q", err, tt.says)
				}
			} else {
				attempts = resp.Attempts
				if resp.Text != text || got.String() != text {
					t.Errorf("text %q, streamed %q, want %q", resp.Text, got.String(), text)
				}
				if resp.FinishReason != "stop" || resp.Model != "test-model" || resp.Usage.Total() == 0 {
					t.Errorf("response %+v", resp)
				}
			}
			if b := billing(attempts); b != tt.billed {
				t.Errorf("billed %q, want %q", b, tt.billed)
			}
			if s.Calls() != len(attempts) {
				t.Errorf("%d requests arrived, %d attempts are reported", s.Calls(), len(attempts))
			}
			said := strings.Count(tt.billed, "yes") + strings.Count(tt.billed, "maybe")
			if bills, _ := s.Billed(); bills > said {
				t.Errorf("%d requests were billed, only %d are said to be", bills, said)
			}
		})
	}
}

// No endpoint: the connection fails before anything is sent.
func TestUnreachable(t *testing.T) {
	c, s, _ := setup(t, llm.Options{MaxAttempts: 2}, llmtest.Text("no one hears"))
	s.Close()
	_, err := c.Do(t.Context(), question("?"), nil)
	e, ok := errors.AsType[*llm.Error](err)
	if !ok || !errors.Is(err, llm.ErrUnreachable) || billing(e.Attempts) != "no no" {
		t.Errorf("error %v", err)
	}
}

func TestWaits(t *testing.T) {
	s := func(list ...float64) (d []time.Duration) {
		for _, f := range list {
			d = append(d, time.Duration(f*float64(time.Second)))
		}
		return d
	}
	limited, failed, ok := llmtest.RateLimited, llmtest.ServerError(500), llmtest.Text("ok")
	tests := []struct {
		name    string
		timeout time.Duration
		script  []llmtest.Reply
		want    []time.Duration
		kind    error
	}{
		{"seconds", 0, []llmtest.Reply{limited("7"), ok}, s(7), nil},
		{"fraction", 0, []llmtest.Reply{limited("0.25"), ok}, s(0.25), nil},
		{"date", 0, []llmtest.Reply{limited(start.Add(9 * time.Second).Format(http.TimeFormat)), ok}, s(9), nil},
		{"date that has passed", 0, []llmtest.Reply{limited(start.Add(-time.Hour).Format(http.TimeFormat)), ok}, s(0.5), nil},
		{"far too long", 0, []llmtest.Reply{limited("86400"), ok}, s(120), nil},
		{"nonsense", 0, []llmtest.Reply{limited("soon"), ok}, s(0.5), nil},
		{"backoff", 0, []llmtest.Reply{failed, failed, failed, failed, ok}, s(0.5, 1, 2, 4), nil},
		{"past the deadline", 5 * time.Second, []llmtest.Reply{limited("7"), ok}, nil, llm.ErrRateLimited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, clock := setup(t, llm.Options{MaxAttempts: 5, Timeout: tt.timeout}, tt.script...)
			if _, err := c.Do(t.Context(), question("?"), nil); !errors.Is(err, tt.kind) {
				t.Fatal(err)
			}
			if got := clock.Slept(); !slices.Equal(got, tt.want) {
				t.Errorf("slept %v, want %v", got, tt.want)
			}
		})
	}
}

func TestJitterTakesUpToHalf(t *testing.T) {
	c, _, clock := setup(t, llm.Options{Jitter: func() float64 { return 0.999 }}, llmtest.ServerError(500), llmtest.Text("ok"))
	if _, err := c.Do(t.Context(), question("?"), nil); err != nil {
		t.Fatal(err)
	}
	if got := clock.Slept()[0]; got < 250*time.Millisecond || got > 260*time.Millisecond {
		t.Errorf("waited %v", got)
	}
}

// What is on the wire.
func TestRequestOnTheWire(t *testing.T) {
	seed := 7
	tests := []struct {
		name  string
		model string
		edit  func(*llm.Request)
		want  map[string]string // "" is a key that must not be there
		drops []string
	}{
		{"temperature 0 is sent", "m", func(*llm.Request) {},
			map[string]string{"temperature": "0", "stream": "true", "stream_options": `{"include_usage":true}`, "max_tokens": "50", "seed": "", "logprobs": ""}, nil},
		{"all fields", "m", func(r *llm.Request) { r.Temperature, r.Seed, r.TopLogprobs, r.JSON = 0.7, &seed, 3, true },
			map[string]string{"temperature": "0.7", "seed": "7", "logprobs": "true", "top_logprobs": "3", "response_format": `{"type":"json_object"}`}, nil},
		{"reasoning models take no temperature", "gpt-5.5", func(r *llm.Request) { r.TopLogprobs = 1 },
			map[string]string{"temperature": "", "max_tokens": "", "max_completion_tokens": "50", "logprobs": ""}, []string{"temperature", "top_logprobs"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s, _ := setup(t, llm.Options{Model: tt.model}, llmtest.Text(`{}`))
			r := question("?")
			tt.edit(&r)
			resp, err := c.Do(t.Context(), r, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(resp.Unsent, tt.drops) {
				t.Errorf("said not to be sent: %q, want %q", resp.Unsent, tt.drops)
			}
			var body map[string]json.RawMessage
			if err := json.Unmarshal(s.Requests()[0].Body, &body); err != nil {
				t.Fatal(err)
			}
			for key, want := range tt.want {
				if string(body[key]) != want {
					t.Errorf("%s is %s, want %s", key, body[key], want)
				}
			}
			if got := s.Requests()[0].Header.Get("Authorization"); got != "Bearer "+testKey {
				t.Errorf("Authorization %q", got)
			}
		})
	}
}

func TestResponse(t *testing.T) {
	choice := func(s string) string { return `{"choices":[{"index":0,` + s + `}]}` }
	tests := []struct {
		name   string
		events []string
		want   llm.Response
	}{
		{"thinking is no text",
			[]string{choice(`"delta":{"content":" <thi"}`), choice(`"delta":{"content":"nk>hm </th"}`), choice(`"delta":{"content":"ink>\n\n4"}`), choice(`"delta":{"content":"2 <think>"},"finish_reason":"stop"`)},
			llm.Response{Text: "42 <think>", Reasoning: "hm ", FinishReason: "stop"}},
		{"reasoning fields",
			[]string{choice(`"delta":{"reasoning_content":"a","reasoning":"a"}`), choice(`"delta":{"reasoning":"b"}`), choice(`"delta":{"content":"c"},"finish_reason":"stop"`)},
			llm.Response{Text: "c", Reasoning: "ab", FinishReason: "stop"}},
		{"endless thinking",
			[]string{choice(`"delta":{"content":"<think>a</t"}`), choice(`"delta":{},"finish_reason":"length"`)},
			llm.Response{Reasoning: "a</t", FinishReason: "length"}},
		{"a beginning that is none",
			[]string{choice(`"delta":{"content":"<thi"},"finish_reason":"stop"`)},
			llm.Response{Text: "<thi", FinishReason: "stop"}},
		{"nothing", []string{choice(`"delta":{},"finish_reason":"stop"`)}, llm.Response{FinishReason: "stop"}},
		{"no finish reason but the last event", []string{choice(`"delta":{"content":"a"}`), "[DONE]"}, llm.Response{Text: "a"}},
		{"other choices are not asked for", []string{`{"choices":[{"index":1,"delta":{"content":"x"}},{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}`}, llm.Response{Text: "a", FinishReason: "stop"}},
		{"key in the text", []string{choice(`"delta":{"content":"` + testKey + `"},"finish_reason":"stop"`)}, llm.Response{Text: "[key]", FinishReason: "stop"}},
		{"key in pieces", []string{choice(`"delta":{"content":"a ` + testKey[:5] + ` ` + testKey[:3] + `"}`), choice(`"delta":{"content":"` + testKey[3:9] + `"}`), choice(`"delta":{"content":"` + testKey[9:] + `, ` + testKey[:4] + `"},"finish_reason":"stop"`)},
			llm.Response{Text: "a " + testKey[:5] + " [key], " + testKey[:4], FinishReason: "stop"}},
		{"cached tokens", []string{choice(`"delta":{"content":"a"},"finish_reason":"stop"`), `{"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":400}}}`},
			llm.Response{Text: "a", FinishReason: "stop", Usage: llm.Usage{PromptTokens: 1000, CachedTokens: 400, CompletionTokens: 100}, Cost: (600*2 + 400*0.5 + 100*10) / 1e6}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, _ := setup(t, llm.Options{MaxAttempts: 1, Price: llm.Price{Input: 2, CachedInput: 0.5, Output: 10}}, llmtest.Events(tt.events...))
			var streamed strings.Builder
			got, err := c.Do(t.Context(), question("?"), func(s string) { streamed.WriteString(s) })
			if err != nil {
				t.Fatal(err)
			}
			if streamed.String() != tt.want.Text {
				t.Errorf("streamed %q, want %q", streamed.String(), tt.want.Text)
			}
			if tt.want.Usage == (llm.Usage{}) {
				if !got.Usage.Estimated || got.Usage.Total() == 0 {
					t.Errorf("usage %+v, want an estimate", got.Usage)
				}
				got.Usage, got.Cost = llm.Usage{}, 0
			}
			got.Attempts = nil
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestLogprobs(t *testing.T) {
	c, _, _ := setup(t, llm.Options{}, llmtest.Events(
		`{"choices":[{"index":0,"delta":{"content":"4"},"logprobs":{"content":[{"token":"4","logprob":-0.25,"top_logprobs":[{"token":"5","logprob":-1.5}]}]}}]}`,
		`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`))
	resp, err := c.Do(t.Context(), question("?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if l := resp.Logprobs; len(l) != 1 || l[0].Logprob != -0.25 || l[0].Top[0].Token != "5" {
		t.Errorf("log probabilities %+v", l)
	}
}

// A paid answer that is no JSON object comes with its error.
func TestJSONAnswer(t *testing.T) {
	for text, ok := range map[string]bool{`{"a":1}`: true, `[1]`: false, `{"a":`: false, `Sure! {"a":1}`: false} {
		c, _, _ := setup(t, llm.Options{}, llmtest.Text(text))
		r := question("?")
		r.JSON = true
		resp, err := c.Do(t.Context(), r, nil)
		if (err == nil) != ok || err != nil && !errors.Is(err, llm.ErrMalformed) || resp == nil || resp.Text != text {
			t.Errorf("%s: %+v, error %v", text, resp, err)
		}
	}
}

func TestResponseIsBounded(t *testing.T) {
	c, _, _ := setup(t, llm.Options{MaxResponse: 1000}, llmtest.Text(strings.Repeat("endless ", 1000)))
	if _, err := c.Do(t.Context(), question("?"), nil); !errors.Is(err, llm.ErrMalformed) || !strings.Contains(err.Error(), "longer than 1000 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestTotalDeadline(t *testing.T) {
	c, _, _ := setup(t, llm.Options{Timeout: 50 * time.Millisecond, Idle: time.Minute}, llmtest.Hang())
	_, err := c.Do(t.Context(), question("?"), nil)
	if !errors.Is(err, llm.ErrTimeout) || !strings.Contains(err.Error(), "50ms") || !strings.Contains(err.Error(), "may have been billed") {
		t.Errorf("error %v", err)
	}
}

func TestCallerGoesAway(t *testing.T) {
	c, _, _ := setup(t, llm.Options{Idle: time.Minute}, llmtest.Stall("It"))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Do(ctx, question("?"), func(string) { cancel() })
	e, ok := errors.AsType[*llm.Error](err)
	if !ok || !errors.Is(err, context.Canceled) || billing(e.Attempts) != "maybe" {
		t.Errorf("error %v", err)
	}
}

// A slow reader of the answer does not make the stream stall.
func TestSlowCallbackIsNoStall(t *testing.T) {
	c, s, _ := setup(t, llm.Options{Idle: 50 * time.Millisecond}, llmtest.Text("one two"))
	slow := sync.OnceFunc(func() { time.Sleep(150 * time.Millisecond) })
	if _, err := c.Do(t.Context(), question("?"), func(string) { slow() }); err != nil || s.Calls() != 1 {
		t.Errorf("%d calls, error %v", s.Calls(), err)
	}
}

func TestCacheAnswersTheSameRequest(t *testing.T) {
	dir := t.TempDir()
	c, s, _ := setup(t, llm.Options{CacheDir: dir, Price: llm.Price{Input: 1, Output: 1}}, llmtest.Text("It says 42 and "+testKey))
	seed := 1
	other := question("?")
	other.Seed = &seed
	warmer := question("?")
	warmer.Temperature = 1
	var first *llm.Response
	for i, r := range []llm.Request{question("?"), question("?"), other, warmer, question("!")} {
		var streamed string
		resp, err := c.Do(t.Context(), r, func(s string) { streamed += s })
		if err != nil {
			t.Fatal(err)
		}
		switch i {
		case 0:
			first = resp
		case 1:
			if !resp.Cached || resp.Cost != 0 || resp.Attempts != nil || resp.Text != first.Text || resp.Usage != first.Usage || streamed != resp.Text {
				t.Errorf("from the cache %+v, streamed %q", resp, streamed)
			}
		default:
			if resp.Cached {
				t.Errorf("request %d is another one", i)
			}
		}
	}
	if n := s.Calls(); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	spent := c.Spent()
	if spent.Calls != 5 || spent.Unpaid != 1 || spent.Attempts != 4 {
		t.Errorf("spent %+v", spent)
	}
	holdsKey(t, dir)
}

func holdsKey(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(filepath.Join(dir, path))
		if bytes.Contains(data, []byte(testKey)) || strings.Contains(path, testKey) {
			t.Errorf("%s holds the key", path)
		}
		if strings.HasPrefix(filepath.Base(path), ".") {
			t.Errorf("%s was left behind", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, error %v", files, err)
	}
}

// A failed call leaves nothing in the cache; a refusal was paid and stays.
func TestCacheKeepsWhatWasPaid(t *testing.T) {
	c, s, _ := setup(t, llm.Options{CacheDir: t.TempDir(), MaxAttempts: 1},
		llmtest.ServerError(500), llmtest.Refusal("no"), llmtest.Text("never asked"))
	for _, want := range []error{llm.ErrServer, llm.ErrRefused, llm.ErrRefused} {
		if _, err := c.Do(t.Context(), question("?"), nil); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	if s.Calls() != 2 {
		t.Errorf("%d calls, want 2", s.Calls())
	}
}

// A damaged entry is asked for again, and kept.
func TestCacheThatIsDamaged(t *testing.T) {
	dir := t.TempDir()
	c, s, _ := setup(t, llm.Options{CacheDir: dir}, llmtest.Text("ok"))
	for _, calls := range []int{1, 2, 2} {
		if resp, err := c.Do(t.Context(), question("?"), nil); err != nil || resp.Text != "ok" || s.Calls() != calls {
			t.Errorf("%d calls, want %d; %+v, error %v", s.Calls(), calls, resp, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*", "*.entry"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%q %v", files, err)
		}
		if calls == 1 {
			if err := os.Truncate(files[0], 300); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A response that cannot be kept is returned all the same, and says so.
func TestCacheThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	c, _, _ := setup(t, llm.Options{CacheDir: dir}, llmtest.Text("ok"))
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(t.Context(), question("?"), nil)
	if err == nil && resp.CacheErr == nil {
		t.Error("nothing is said")
	}
}

func TestIdenticalCallsAreOne(t *testing.T) {
	c, s, _ := setup(t, llm.Options{CacheDir: t.TempDir(), MaxParallel: 8}, llmtest.Slow(30*time.Millisecond, llmtest.Text("ok")))
	var wg sync.WaitGroup
	var paid, free int
	var mu sync.Mutex
	for range 8 {
		wg.Go(func() {
			resp, err := c.Do(t.Context(), question("?"), nil)
			if err != nil || resp.Text != "ok" {
				t.Errorf("%+v %v", resp, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if resp.Cached {
				free++
			} else {
				paid++
			}
		})
	}
	wg.Wait()
	if s.Calls() != 1 || paid != 1 || free != 7 {
		t.Errorf("%d calls, %d paid, %d free", s.Calls(), paid, free)
	}
}

// The one who waits is not ended by the end of the one who asked first.
func TestFirstCallerGoesAway(t *testing.T) {
	asked := make(chan struct{}, 1)
	c, _, _ := setup(t, llm.Options{CacheDir: t.TempDir(), Idle: time.Minute},
		func(w http.ResponseWriter, r *llmtest.Request) {
			asked <- struct{}{}
			llmtest.Hang()(w, r)
		}, llmtest.Text("ok"))
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.Do(ctx, question("?"), nil); !errors.Is(err, context.Canceled) {
			t.Errorf("first: %v", err)
		}
	})
	<-asked
	wg.Go(func() {
		if resp, err := c.Do(t.Context(), question("?"), nil); err != nil || resp.Text != "ok" {
			t.Errorf("second: %+v %v", resp, err)
		}
	})
	time.Sleep(10 * time.Millisecond) // either order is right
	cancel()
	wg.Wait()
}

func TestBudget(t *testing.T) {
	ok := llmtest.Events(`{"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}`,
		`{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}`)
	seven := append(make([]error, 7), llm.ErrBudget) // at most 71 tokens each: after 7 of 15 there is no room
	tests := []struct {
		name   string
		budget llm.Budget
		edit   func(*llm.Request)
		reply  llmtest.Reply
		kinds  []error // of one call after the other
		calls  int
	}{
		{"tokens", llm.Budget{Tokens: 170}, nil, ok, seven, 7},
		{"money", llm.Budget{Money: 0.00017}, nil, ok, seven, 7},
		{"what may be billed counts in full", llm.Budget{Tokens: 170}, nil, llmtest.Cut("ok"), []error{llm.ErrBudget}, 2},
		{"what is not billed does not count", llm.Budget{Tokens: 170}, nil, llmtest.ServerError(500), []error{llm.ErrServer, llm.ErrServer}, 8},
		{"never enough", llm.Budget{Tokens: 60}, nil, ok, []error{llm.ErrBudget}, 0},
		{"the caller's count", llm.Budget{Tokens: 60}, func(r *llm.Request) { r.PromptTokens = 5 }, ok, []error{nil}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s, _ := setup(t, llm.Options{Budget: tt.budget, Price: llm.Price{Input: 1, Output: 1}}, tt.reply)
			r := question("?") // 21 tokens at most, and 50 of the answer
			if tt.edit != nil {
				tt.edit(&r)
			}
			var got []error
			for range tt.kinds {
				_, err := c.Do(t.Context(), r, nil)
				got = append(got, errors.Unwrap(err))
			}
			if !slices.Equal(got, tt.kinds) || s.Calls() != tt.calls {
				t.Errorf("%d calls, errors %v; want %d, %v; spent %+v", s.Calls(), got, tt.calls, tt.kinds, c.Spent())
			}
		})
	}
	c, _, _ := setup(t, llm.Options{Budget: llm.Budget{Tokens: 10}}, llmtest.Text("ok"))
	if _, err := c.Do(t.Context(), llm.Request{Messages: question("?").Messages}, nil); err == nil || !strings.Contains(err.Error(), "MaxTokens") {
		t.Errorf("without MaxTokens: %v", err)
	}
}

// However many ask at once, the budget is kept, and calls that fit are made:
// one that has to wait for what others hold waits.
func TestBudgetUnderConcurrency(t *testing.T) {
	c, s, _ := setup(t, llm.Options{MaxParallel: 16, Budget: llm.Budget{Tokens: 300}}, llmtest.Text(strings.Repeat("x", 40)))
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), question(fmt.Sprint(i)), nil); err != nil && !errors.Is(err, llm.ErrBudget) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	bills, tokens := s.Billed()
	if spent := c.Spent(); tokens > 300 || tokens+75 < 300 || spent.Total() != int64(tokens) || spent.Attempts != bills {
		t.Errorf("%d tokens billed of 300; spent %+v", tokens, spent)
	}
}

func TestRateAndParallelism(t *testing.T) {
	c, _, clock := setup(t, llm.Options{RatePerMinute: 60}, llmtest.Text("ok"))
	for range 3 {
		if _, err := c.Do(t.Context(), question("?"), nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := clock.Slept(); !slices.Equal(got, []time.Duration{time.Second, time.Second}) {
		t.Errorf("slept %v", got)
	}

	var mu sync.Mutex
	now, most := 0, 0
	reply := llmtest.Text("ok")
	busy := func(w http.ResponseWriter, r *llmtest.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		reply(w, r)
	}
	c, _, _ = setup(t, llm.Options{MaxParallel: 2}, busy)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), question("?"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most > 2 {
		t.Errorf("%d at once", most)
	}
}

// With a fault in three of ten requests every call ends, and nothing that was
// billed goes unsaid.
func TestRandomFaults(t *testing.T) {
	for seed := range uint64(5) {
		c, s, _ := setup(t, llm.Options{CacheDir: t.TempDir(), Idle: 150 * time.Millisecond}, llmtest.Faults(seed, 0.3, llmtest.Text("ok")))
		var mu sync.Mutex
		yes, maybe, attempts := 0, 0, 0
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				resp, err := c.Do(t.Context(), question(fmt.Sprint(i)), nil)
				var all []llm.Attempt
				if e, ok := errors.AsType[*llm.Error](err); ok {
					all = e.Attempts
				} else if err != nil || resp.Text != "ok" {
					t.Errorf("%+v %v", resp, err)
				} else {
					all = resp.Attempts
				}
				mu.Lock()
				defer mu.Unlock()
				attempts += len(all)
				maybe += llm.BillOf(all).MaybeAttempts
				for _, a := range all {
					if a.Billed == llm.BilledYes {
						yes++
					}
				}
			})
		}
		wg.Wait()
		if bills, _ := s.Billed(); attempts < s.Calls() || bills < yes || bills > yes+maybe {
			t.Errorf("seed %d: %d attempts, %d arrived, %d billed, %d said to be and %d maybe", seed, attempts, s.Calls(), bills, yes, maybe)
		}
	}
}

// The key is in no text that leaves the client.
func TestKeyIsHidden(t *testing.T) {
	o := llm.Options{BaseURL: "http://127.0.0.1:1/v1", Key: testKey, Model: "m"}
	c, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{o, &o, o.Key, c, *c} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, testKey) || strings.Contains(s, fmt.Sprintf("%x", testKey)) {
				t.Errorf("%s of %T shows the key", verb, v)
			}
		}
	}
	if data, err := json.Marshal(struct{ Key llm.Key }{testKey}); err != nil || bytes.Contains(data, []byte(testKey)) {
		t.Errorf("JSON %s, error %v", data, err)
	}
	for name, reply := range map[string]llmtest.Reply{
		"401": llmtest.Unauthorized(), "500": llmtest.Status(500, testKey), "refusal": llmtest.Refusal("no " + testKey),
		"event": llmtest.Events(`{"choices":"` + testKey), "body": llmtest.Status(200, testKey),
		"cut in an event": llmtest.Events(strings.Repeat("x", 190) + testKey), "cut in a body": llmtest.Status(200, strings.Repeat("x", 190)+testKey),
		"cut in an error": llmtest.Status(400, strings.Repeat("x", 490)+testKey), "in the stream": llmtest.Events(`{"error":{"message":"` + testKey + `"}}`),
	} {
		c, _, _ := setup(t, llm.Options{MaxAttempts: 1}, reply)
		if _, err := c.Do(t.Context(), question("?"), nil); err == nil || strings.Contains(err.Error(), testKey[:8]) || strings.Contains(fmt.Sprintf("%+v", errors.Unwrap(err)), testKey) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	tests := map[string]llm.Options{
		"accepted: such as http://":         {Model: "m"},
		"base URL \"ftp://x\"":              {Model: "m", BaseURL: "ftp://x"},
		"with a user or password":           {Model: "m", BaseURL: "http://me:" + testKey + "@x"},
		"no URL":                            {Model: "m", BaseURL: "http://me:" + testKey + "@x:port\n"},
		"query":                             {Model: "m", BaseURL: "http://x?key=" + testKey},
		"no model":                          {BaseURL: "http://x"},
		"accepted: visible ASCII":           {Model: "m", BaseURL: "http://x", Key: testKey + "\n"},
		"budget in money needs prices":      {Model: "m", BaseURL: "http://x", Budget: llm.Budget{Money: 1}},
		"requests a minute":                 {Model: "m", BaseURL: "http://x", RatePerMinute: -1},
		"accepted: 0 for the default":       {Model: "m", BaseURL: "http://x", MaxAttempts: -1},
		"accepted: 0 for no bound, or more": {Model: "m", BaseURL: "http://x", Budget: llm.Budget{Tokens: -1}},
	}
	for want, o := range tests {
		if _, err := llm.New(o); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), testKey) {
			t.Errorf("%+v: error %v, want %q", o, err, want)
		}
	}
	c, _, _ := setup(t, llm.Options{}, llmtest.Text("ok"))
	for want, edit := range map[string]func(*llm.Request){
		"temperature":      func(r *llm.Request) { r.Temperature = 3 },
		"log probabilit":   func(r *llm.Request) { r.TopLogprobs = 21 },
		"at most -1":       func(r *llm.Request) { r.MaxTokens = -1 },
		"without messages": func(r *llm.Request) { r.Messages = nil },
	} {
		r := question("?")
		edit(&r)
		if _, err := c.Do(t.Context(), r, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// What nobody has checked for secrets is not sent, and not answered by a cache.
func TestUncheckedPartsAreRefused(t *testing.T) {
	c, s, _ := setup(t, llm.Options{CacheDir: t.TempDir()}, llmtest.Text("42"))
	checked := question("What?")
	if _, err := c.Do(t.Context(), checked, nil); err != nil {
		t.Fatal(err)
	}
	zero := secrets.Checked{}
	for name, messages := range map[string][]wire.Message{
		"text":           {wire.Text(wire.User, zero)},
		"derived text":   {wire.Text(wire.User, zero.Derive("What?"))},
		"image":          {{Role: wire.User, Parts: []wire.Part{checked.Messages[0].Parts[0], {PNG: []byte("page")}}}},
		"second message": {checked.Messages[0], wire.Text(wire.User, zero)},
	} {
		if _, err := c.Do(t.Context(), llm.Request{Messages: messages, MaxTokens: 50}, nil); !errors.Is(err, wire.ErrUnchecked) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if n := len(s.Requests()); n != 1 || c.Spent().Calls != 1 {
		t.Errorf("%d requests, %+v", n, c.Spent())
	}
}
