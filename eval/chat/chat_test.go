package chat_test

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

	"github.com/glyphkit/glyph/eval/chat"
	"github.com/glyphkit/glyph/eval/chat/chattest"
	openai "github.com/sashabaranov/go-openai"
)

const testKey = "sk-test-0123456789abcdef"

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// setup starts a server and a client for it that need not wait.
func setup(t *testing.T, o chat.Options, script ...chattest.Reply) (*chat.Client, *chattest.Server, *chattest.Clock) {
	t.Helper()
	s := chattest.New(script...)
	t.Cleanup(s.Close)
	clock := chattest.NewClock(start)
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
	c, err := chat.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, s, clock
}

func question(text string) chat.Request {
	return chat.Request{Messages: []openai.ChatCompletionMessage{{Role: "user", Content: text}}, MaxTokens: 50}
}

func billing(attempts []chat.Attempt) string {
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
		script []chattest.Reply
		kind   error  // nil for an answer
		billed string // one word an attempt
		says   string // in the error
	}{
		{"stream", []chattest.Reply{chattest.Text(text)}, nil, "yes", ""},
		{"not streamed", []chattest.Reply{chattest.Whole(text)}, nil, "yes", ""},
		{"no usage", []chattest.Reply{chattest.NoUsage(text)}, nil, "yes", ""},
		{"429", []chattest.Reply{chattest.RateLimited("7"), chattest.Text(text)}, nil, "no yes", ""},
		{"429 for ever", []chattest.Reply{chattest.RateLimited("7")}, chat.ErrRateLimited, "no no no", "status 429): Rate limit reached for requests; 3 attempts"},
		{"no quota", []chattest.Reply{chattest.Status(429, `{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}`)}, chat.ErrRateLimited, "no", "quota"},
		{"500", []chattest.Reply{chattest.ServerError(500), chattest.Text(text)}, nil, "no yes", ""},
		{"503 for ever", []chattest.Reply{chattest.ServerError(503)}, chat.ErrServer, "no no no", "status 503"},
		{"gateway timeout", []chattest.Reply{chattest.ServerError(504), chattest.Text(text)}, nil, "maybe yes", ""},
		{"cut", []chattest.Reply{chattest.Cut("It says"), chattest.Text(text)}, nil, "maybe yes", ""},
		{"cut for ever", []chattest.Reply{chattest.Cut("It says")}, chat.ErrCut, "maybe maybe maybe", "3 attempts may have been billed"},
		{"ended early", []chattest.Reply{chattest.Ended("It says"), chattest.Text(text)}, nil, "maybe yes", ""},
		{"dropped", []chattest.Reply{chattest.Dropped(), chattest.Text(text)}, nil, "maybe yes", ""},
		{"hangs", []chattest.Reply{chattest.Hang(), chattest.Text(text)}, nil, "maybe yes", ""},
		{"stalls", []chattest.Reply{chattest.Stall("It says"), chattest.Text(text)}, nil, "maybe yes", ""},
		{"stalls for ever", []chattest.Reply{chattest.Stall("It")}, chat.ErrCut, "maybe maybe maybe", "nothing was received for 200ms"},
		{"refusal", []chattest.Reply{chattest.Refusal("That I won't read.")}, chat.ErrRefused, "yes", "That I won't read."},
		{"refusal in words", []chattest.Reply{chattest.Text("I’m sorry, but I can’t assist with that request.")}, chat.ErrRefused, "yes", ""},
		{"content filter", []chattest.Reply{chattest.Filtered("It")}, chat.ErrRefused, "yes", "content filter"},
		{"filtered request", []chattest.Reply{chattest.Status(400, `{"error":{"message":"The response was filtered","code":"content_filter"}}`)}, chat.ErrRefused, "no", ""},
		{"overflow", []chattest.Reply{chattest.Overflow()}, chat.ErrContextOverflow, "no", "8192"},
		{"too large", []chattest.Reply{chattest.TooLarge()}, chat.ErrTooLarge, "no", "status 413"},
		{"key", []chattest.Reply{chattest.Unauthorized()}, chat.ErrAuth, "no", "Incorrect API key provided: [key]"},
		{"malformed event", []chattest.Reply{chattest.MalformedEvent()}, chat.ErrMalformed, "maybe", "event"},
		{"malformed body", []chattest.Reply{chattest.MalformedBody()}, chat.ErrMalformed, "maybe", "JSON"},
		{"garbage", []chattest.Reply{chattest.Garbage()}, chat.ErrMalformed, "maybe", "base URL"},
		{"only the end", []chattest.Reply{chattest.Events("[DONE]")}, chat.ErrMalformed, "maybe", ""},
		{"unknown model", []chattest.Reply{chattest.Status(404, `{"error":"model \"x\" not found, try pulling it first"}`)}, chat.ErrRejected, "no", "try pulling"},
		{"redirect", []chattest.Reply{chattest.Status(307, ``)}, chat.ErrRejected, "no", "307"},
		{"error in the stream", []chattest.Reply{chattest.Events(`{"error":{"message":"The engine died","type":"server_error"}}`), chattest.Text(text)}, nil, "maybe yes", ""},
		{"error in words in the stream", []chattest.Reply{chattest.Events(`{"error":"died"}`), chattest.Text(text)}, nil, "maybe yes", ""},
		{"error object in the stream", []chattest.Reply{chattest.Events(`{"object":"error","message":"maximum context length is 10","type":"BadRequestError","code":400}`)}, chat.ErrContextOverflow, "maybe", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := chat.Options{MaxAttempts: 3}
			if tt.name == "hangs" || strings.HasPrefix(tt.name, "stalls") {
				o.Idle = 200 * time.Millisecond
			}
			c, s, _ := setup(t, o, tt.script...)
			r := question("What does it say?")
			var got strings.Builder
			r.OnRetry = func(chat.Attempt) { got.Reset() }
			resp, err := c.Do(t.Context(), r, func(s string) { got.WriteString(s) })
			if !errors.Is(err, tt.kind) {
				t.Fatalf("error %v, want %v", err, tt.kind)
			}
			var attempts []chat.Attempt
			if e, ok := errors.AsType[*chat.Error](err); ok {
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
	c, s, _ := setup(t, chat.Options{MaxAttempts: 2}, chattest.Text("no one hears"))
	s.Close()
	_, err := c.Do(t.Context(), question("?"), nil)
	e, ok := errors.AsType[*chat.Error](err)
	if !ok || !errors.Is(err, chat.ErrUnreachable) || billing(e.Attempts) != "no no" {
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
	limited, failed, ok := chattest.RateLimited, chattest.ServerError(500), chattest.Text("ok")
	tests := []struct {
		name    string
		timeout time.Duration
		script  []chattest.Reply
		want    []time.Duration
		kind    error
	}{
		{"seconds", 0, []chattest.Reply{limited("7"), ok}, s(7), nil},
		{"fraction", 0, []chattest.Reply{limited("0.25"), ok}, s(0.25), nil},
		{"date", 0, []chattest.Reply{limited(start.Add(9 * time.Second).Format(http.TimeFormat)), ok}, s(9), nil},
		{"date that has passed", 0, []chattest.Reply{limited(start.Add(-time.Hour).Format(http.TimeFormat)), ok}, s(0.5), nil},
		{"far too long", 0, []chattest.Reply{limited("86400"), ok}, s(120), nil},
		{"nonsense", 0, []chattest.Reply{limited("soon"), ok}, s(0.5), nil},
		{"backoff", 0, []chattest.Reply{failed, failed, failed, failed, ok}, s(0.5, 1, 2, 4), nil},
		{"past the deadline", 5 * time.Second, []chattest.Reply{limited("7"), ok}, nil, chat.ErrRateLimited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, clock := setup(t, chat.Options{MaxAttempts: 5, Timeout: tt.timeout}, tt.script...)
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
	c, _, clock := setup(t, chat.Options{Jitter: func() float64 { return 0.999 }}, chattest.ServerError(500), chattest.Text("ok"))
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
		edit  func(*chat.Request)
		want  map[string]string // "" is a key that must not be there
		drops []string
	}{
		{"temperature 0 is sent", "m", func(*chat.Request) {},
			map[string]string{"temperature": "0", "stream": "true", "stream_options": `{"include_usage":true}`, "max_tokens": "50", "seed": "", "logprobs": ""}, nil},
		{"all fields", "m", func(r *chat.Request) { r.Temperature, r.Seed, r.TopLogprobs, r.JSON = 0.7, &seed, 3, true },
			map[string]string{"temperature": "0.7", "seed": "7", "logprobs": "true", "top_logprobs": "3", "response_format": `{"type":"json_object"}`}, nil},
		{"reasoning models take no temperature", "gpt-5.5", func(r *chat.Request) { r.TopLogprobs = 1 },
			map[string]string{"temperature": "", "max_tokens": "", "max_completion_tokens": "50", "logprobs": ""}, []string{"temperature", "top_logprobs"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s, _ := setup(t, chat.Options{Model: tt.model}, chattest.Text(`{}`))
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
		want   chat.Response
	}{
		{"thinking is no text",
			[]string{choice(`"delta":{"content":" <thi"}`), choice(`"delta":{"content":"nk>hm </th"}`), choice(`"delta":{"content":"ink>\n\n4"}`), choice(`"delta":{"content":"2 <think>"},"finish_reason":"stop"`)},
			chat.Response{Text: "42 <think>", Reasoning: "hm ", FinishReason: "stop"}},
		{"reasoning fields",
			[]string{choice(`"delta":{"reasoning_content":"a","reasoning":"a"}`), choice(`"delta":{"reasoning":"b"}`), choice(`"delta":{"content":"c"},"finish_reason":"stop"`)},
			chat.Response{Text: "c", Reasoning: "ab", FinishReason: "stop"}},
		{"endless thinking",
			[]string{choice(`"delta":{"content":"<think>a</t"}`), choice(`"delta":{},"finish_reason":"length"`)},
			chat.Response{Reasoning: "a</t", FinishReason: "length"}},
		{"a beginning that is none",
			[]string{choice(`"delta":{"content":"<thi"},"finish_reason":"stop"`)},
			chat.Response{Text: "<thi", FinishReason: "stop"}},
		{"nothing", []string{choice(`"delta":{},"finish_reason":"stop"`)}, chat.Response{FinishReason: "stop"}},
		{"no finish reason but the last event", []string{choice(`"delta":{"content":"a"}`), "[DONE]"}, chat.Response{Text: "a"}},
		{"other choices are not asked for", []string{`{"choices":[{"index":1,"delta":{"content":"x"}},{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}`}, chat.Response{Text: "a", FinishReason: "stop"}},
		{"key in the text", []string{choice(`"delta":{"content":"` + testKey + `"},"finish_reason":"stop"`)}, chat.Response{Text: "[key]", FinishReason: "stop"}},
		{"key in pieces", []string{choice(`"delta":{"content":"a ` + testKey[:5] + ` ` + testKey[:3] + `"}`), choice(`"delta":{"content":"` + testKey[3:9] + `"}`), choice(`"delta":{"content":"` + testKey[9:] + `, ` + testKey[:4] + `"},"finish_reason":"stop"`)},
			chat.Response{Text: "a " + testKey[:5] + " [key], " + testKey[:4], FinishReason: "stop"}},
		{"cached tokens", []string{choice(`"delta":{"content":"a"},"finish_reason":"stop"`), `{"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":400}}}`},
			chat.Response{Text: "a", FinishReason: "stop", Usage: chat.Usage{PromptTokens: 1000, CachedTokens: 400, CompletionTokens: 100}, Cost: (600*2 + 400*0.5 + 100*10) / 1e6}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _, _ := setup(t, chat.Options{MaxAttempts: 1, Price: chat.Price{Input: 2, CachedInput: 0.5, Output: 10}}, chattest.Events(tt.events...))
			var streamed strings.Builder
			got, err := c.Do(t.Context(), question("?"), func(s string) { streamed.WriteString(s) })
			if err != nil {
				t.Fatal(err)
			}
			if streamed.String() != tt.want.Text {
				t.Errorf("streamed %q, want %q", streamed.String(), tt.want.Text)
			}
			if tt.want.Usage == (chat.Usage{}) {
				if !got.Usage.Estimated || got.Usage.Total() == 0 {
					t.Errorf("usage %+v, want an estimate", got.Usage)
				}
				got.Usage, got.Cost = chat.Usage{}, 0
			}
			got.Attempts = nil
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestLogprobs(t *testing.T) {
	c, _, _ := setup(t, chat.Options{}, chattest.Events(
		`{"choices":[{"index":0,"delta":{"content":"4"},"logprobs":{"content":[{"token":"4","logprob":-0.25,"top_logprobs":[{"token":"5","logprob":-1.5}]}]}}]}`,
		`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`))
	resp, err := c.Do(t.Context(), question("?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if l := resp.Logprobs; len(l) != 1 || l[0].Logprob != -0.25 || l[0].TopLogprobs[0].Token != "5" {
		t.Errorf("log probabilities %+v", l)
	}
}

// A paid answer that is no JSON object comes with its error.
func TestJSONAnswer(t *testing.T) {
	for text, ok := range map[string]bool{`{"a":1}`: true, `[1]`: false, `{"a":`: false, `Sure! {"a":1}`: false} {
		c, _, _ := setup(t, chat.Options{}, chattest.Text(text))
		r := question("?")
		r.JSON = true
		resp, err := c.Do(t.Context(), r, nil)
		if (err == nil) != ok || err != nil && !errors.Is(err, chat.ErrMalformed) || resp == nil || resp.Text != text {
			t.Errorf("%s: %+v, error %v", text, resp, err)
		}
	}
}

func TestResponseIsBounded(t *testing.T) {
	c, _, _ := setup(t, chat.Options{MaxResponse: 1000}, chattest.Text(strings.Repeat("endless ", 1000)))
	if _, err := c.Do(t.Context(), question("?"), nil); !errors.Is(err, chat.ErrMalformed) || !strings.Contains(err.Error(), "longer than 1000 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestTotalDeadline(t *testing.T) {
	c, _, _ := setup(t, chat.Options{Timeout: 50 * time.Millisecond, Idle: time.Minute}, chattest.Hang())
	_, err := c.Do(t.Context(), question("?"), nil)
	if !errors.Is(err, chat.ErrTimeout) || !strings.Contains(err.Error(), "50ms") || !strings.Contains(err.Error(), "may have been billed") {
		t.Errorf("error %v", err)
	}
}

func TestCallerGoesAway(t *testing.T) {
	c, _, _ := setup(t, chat.Options{Idle: time.Minute}, chattest.Stall("It"))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Do(ctx, question("?"), func(string) { cancel() })
	e, ok := errors.AsType[*chat.Error](err)
	if !ok || !errors.Is(err, context.Canceled) || billing(e.Attempts) != "maybe" {
		t.Errorf("error %v", err)
	}
}

// A slow reader of the answer does not make the stream stall.
func TestSlowCallbackIsNoStall(t *testing.T) {
	c, s, _ := setup(t, chat.Options{Idle: 50 * time.Millisecond}, chattest.Text("one two"))
	slow := sync.OnceFunc(func() { time.Sleep(150 * time.Millisecond) })
	if _, err := c.Do(t.Context(), question("?"), func(string) { slow() }); err != nil || s.Calls() != 1 {
		t.Errorf("%d calls, error %v", s.Calls(), err)
	}
}

func TestCacheAnswersTheSameRequest(t *testing.T) {
	dir := t.TempDir()
	c, s, _ := setup(t, chat.Options{CacheDir: dir, Price: chat.Price{Input: 1, Output: 1}}, chattest.Text("It says 42 and "+testKey))
	seed := 1
	other := question("?")
	other.Seed = &seed
	warmer := question("?")
	warmer.Temperature = 1
	var first *chat.Response
	for i, r := range []chat.Request{question("?"), question("?"), other, warmer, question("!")} {
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
	c, s, _ := setup(t, chat.Options{CacheDir: t.TempDir(), MaxAttempts: 1},
		chattest.ServerError(500), chattest.Refusal("no"), chattest.Text("never asked"))
	for _, want := range []error{chat.ErrServer, chat.ErrRefused, chat.ErrRefused} {
		if _, err := c.Do(t.Context(), question("?"), nil); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	if s.Calls() != 2 {
		t.Errorf("%d calls, want 2", s.Calls())
	}
}

func TestCacheThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	c, s, _ := setup(t, chat.Options{CacheDir: dir}, chattest.Text("ok"))
	if _, err := c.Do(t.Context(), question("?"), nil); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q %v", files, err)
	}
	if err := os.WriteFile(files[0], []byte(`{"format":"glyph`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), question("?"), nil); err == nil || !strings.Contains(err.Error(), "delete it to ask again") || s.Calls() != 1 {
		t.Errorf("%d calls, error %v", s.Calls(), err)
	}
}

// A response that cannot be kept is returned all the same, and says so.
func TestCacheThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	c, _, _ := setup(t, chat.Options{CacheDir: dir}, chattest.Text("ok"))
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
	c, s, _ := setup(t, chat.Options{CacheDir: t.TempDir(), MaxParallel: 8}, chattest.Slow(30*time.Millisecond, chattest.Text("ok")))
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
	c, _, _ := setup(t, chat.Options{CacheDir: t.TempDir(), Idle: time.Minute},
		func(w http.ResponseWriter, r *chattest.Request) {
			asked <- struct{}{}
			chattest.Hang()(w, r)
		}, chattest.Text("ok"))
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
	ok := chattest.Events(`{"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}`,
		`{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}`)
	seven := append(make([]error, 7), chat.ErrBudget) // at most 71 tokens each: after 7 of 15 there is no room
	tests := []struct {
		name   string
		budget chat.Budget
		edit   func(*chat.Request)
		reply  chattest.Reply
		kinds  []error // of one call after the other
		calls  int
	}{
		{"tokens", chat.Budget{Tokens: 170}, nil, ok, seven, 7},
		{"money", chat.Budget{Money: 0.00017}, nil, ok, seven, 7},
		{"what may be billed counts in full", chat.Budget{Tokens: 170}, nil, chattest.Cut("ok"), []error{chat.ErrBudget}, 2},
		{"what is not billed does not count", chat.Budget{Tokens: 170}, nil, chattest.ServerError(500), []error{chat.ErrServer, chat.ErrServer}, 8},
		{"never enough", chat.Budget{Tokens: 60}, nil, ok, []error{chat.ErrBudget}, 0},
		{"the caller's count", chat.Budget{Tokens: 60}, func(r *chat.Request) { r.PromptTokens = 5 }, ok, []error{nil}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, s, _ := setup(t, chat.Options{Budget: tt.budget, Price: chat.Price{Input: 1, Output: 1}}, tt.reply)
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
	c, _, _ := setup(t, chat.Options{Budget: chat.Budget{Tokens: 10}}, chattest.Text("ok"))
	if _, err := c.Do(t.Context(), chat.Request{Messages: question("?").Messages}, nil); err == nil || !strings.Contains(err.Error(), "MaxTokens") {
		t.Errorf("without MaxTokens: %v", err)
	}
}

// However many ask at once, the budget is kept, and calls that fit are made:
// one that has to wait for what others hold waits.
func TestBudgetUnderConcurrency(t *testing.T) {
	c, s, _ := setup(t, chat.Options{MaxParallel: 16, Budget: chat.Budget{Tokens: 300}}, chattest.Text(strings.Repeat("x", 40)))
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), question(fmt.Sprint(i)), nil); err != nil && !errors.Is(err, chat.ErrBudget) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	bills, tokens := s.Billed()
	if spent := c.Spent(); tokens > 300 || tokens+75 < 300 || spent.PromptTokens+spent.CompletionTokens != int64(tokens) || spent.Attempts != bills {
		t.Errorf("%d tokens billed of 300; spent %+v", tokens, spent)
	}
}

func TestRateAndParallelism(t *testing.T) {
	c, _, clock := setup(t, chat.Options{RatePerMinute: 60}, chattest.Text("ok"))
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
	reply := chattest.Text("ok")
	busy := func(w http.ResponseWriter, r *chattest.Request) {
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
	c, _, _ = setup(t, chat.Options{MaxParallel: 2}, busy)
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
		c, s, _ := setup(t, chat.Options{CacheDir: t.TempDir(), Idle: 150 * time.Millisecond}, chattest.Faults(seed, 0.3, chattest.Text("ok")))
		var mu sync.Mutex
		yes, maybe, attempts := 0, 0, 0
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				resp, err := c.Do(t.Context(), question(fmt.Sprint(i)), nil)
				var all []chat.Attempt
				if e, ok := errors.AsType[*chat.Error](err); ok {
					all = e.Attempts
				} else if err != nil || resp.Text != "ok" {
					t.Errorf("%+v %v", resp, err)
				} else {
					all = resp.Attempts
				}
				mu.Lock()
				defer mu.Unlock()
				attempts += len(all)
				maybe += chat.MaybeBilled(all)
				for _, a := range all {
					if a.Billed == chat.BilledYes {
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
	o := chat.Options{BaseURL: "http://127.0.0.1:1/v1", Key: testKey, Model: "m"}
	c, err := chat.New(o)
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
	if data, err := json.Marshal(struct{ Key chat.Key }{testKey}); err != nil || bytes.Contains(data, []byte(testKey)) {
		t.Errorf("JSON %s, error %v", data, err)
	}
	for name, reply := range map[string]chattest.Reply{
		"401": chattest.Unauthorized(), "500": chattest.Status(500, testKey), "refusal": chattest.Refusal("no " + testKey),
		"event": chattest.Events(`{"choices":"` + testKey), "body": chattest.Status(200, testKey),
		"cut in an event": chattest.Events(strings.Repeat("x", 190) + testKey), "cut in a body": chattest.Status(200, strings.Repeat("x", 190)+testKey),
		"cut in an error": chattest.Status(400, strings.Repeat("x", 490)+testKey), "in the stream": chattest.Events(`{"error":{"message":"` + testKey + `"}}`),
	} {
		c, _, _ := setup(t, chat.Options{MaxAttempts: 1}, reply)
		if _, err := c.Do(t.Context(), question("?"), nil); err == nil || strings.Contains(err.Error(), testKey[:8]) || strings.Contains(fmt.Sprintf("%+v", errors.Unwrap(err)), testKey) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	tests := map[string]chat.Options{
		"accepted: such as http://":         {Model: "m"},
		"base URL \"ftp://x\"":              {Model: "m", BaseURL: "ftp://x"},
		"with a user or password":           {Model: "m", BaseURL: "http://me:" + testKey + "@x"},
		"no URL":                            {Model: "m", BaseURL: "http://me:" + testKey + "@x:port\n"},
		"query":                             {Model: "m", BaseURL: "http://x?key=" + testKey},
		"no model":                          {BaseURL: "http://x"},
		"accepted: visible ASCII":           {Model: "m", BaseURL: "http://x", Key: testKey + "\n"},
		"budget in money needs prices":      {Model: "m", BaseURL: "http://x", Budget: chat.Budget{Money: 1}},
		"requests a minute":                 {Model: "m", BaseURL: "http://x", RatePerMinute: -1},
		"accepted: 0 for the default":       {Model: "m", BaseURL: "http://x", MaxAttempts: -1},
		"accepted: 0 for no bound, or more": {Model: "m", BaseURL: "http://x", Budget: chat.Budget{Tokens: -1}},
	}
	for want, o := range tests {
		if _, err := chat.New(o); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), testKey) {
			t.Errorf("%+v: error %v, want %q", o, err, want)
		}
	}
	c, _, _ := setup(t, chat.Options{}, chattest.Text("ok"))
	for want, edit := range map[string]func(*chat.Request){
		"temperature":      func(r *chat.Request) { r.Temperature = 3 },
		"log probabilit":   func(r *chat.Request) { r.TopLogprobs = 21 },
		"at most -1":       func(r *chat.Request) { r.MaxTokens = -1 },
		"without messages": func(r *chat.Request) { r.Messages = nil },
	} {
		r := question("?")
		edit(&r)
		if _, err := c.Do(t.Context(), r, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
