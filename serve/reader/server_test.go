package reader

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	openai "github.com/sashabaranov/go-openai"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/metric"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/render"
)

// fakeReader reads the width of a page, counts what it reads, and fails at
// pages of 13 px.
type fakeReader struct {
	mu    sync.Mutex
	reads int
	under int // reads under way
	most  int // of them

	started, hold chan struct{} // if not nil, a Read tells and waits
}

func (r *fakeReader) Name() string { return "fake 1.0" }

func (r *fakeReader) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r.mu.Lock()
	r.reads++
	r.under++
	r.most = max(r.most, r.under)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.under--
		r.mu.Unlock()
	}()
	for _, wait := range []chan struct{}{r.started, r.hold} {
		if wait == nil {
			continue
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return read.Reading{}, ctx.Err()
		}
	}
	if page.Width == 13 {
		return read.Reading{}, errors.New("out of paper")
	}
	return read.Reading{Text: fmt.Sprintf("a page %d px wide, “quoted”\n", page.Width)}, nil
}

func start(t *testing.T, o Options) (url string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

func client(url string) *openai.Client {
	c := openai.DefaultConfig("none")
	c.BaseURL = url + "/v1"
	return openai.NewClientWithConfig(c)
}

func blank(t *testing.T, width int) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, width, 30), []color.Color{color.White})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func dataURL(file []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(file)
}

func ask(question string, pages ...[]byte) openai.ChatCompletionRequest {
	var parts []openai.ChatMessagePart
	for _, p := range pages {
		parts = append(parts, openai.ChatMessagePart{Type: openai.ChatMessagePartTypeImageURL, ImageURL: &openai.ChatMessageImageURL{URL: dataURL(p)}})
	}
	parts = append(parts, openai.ChatMessagePart{Type: openai.ChatMessagePartTypeText, Text: question})
	return openai.ChatCompletionRequest{Model: "any", Messages: []openai.ChatCompletionMessage{
		{Role: openai.ChatMessageRoleSystem, Content: "Read the pages."},
		{Role: openai.ChatMessageRoleUser, MultiContent: parts},
	}}
}

// TestRealPages sends pages to Tesseract over HTTP, streamed and not.
func TestRealPages(t *testing.T) {
	reader, err := read.NewTesseract(t.Context(), read.TesseractOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const text = "The quick brown fox jumps over the lazy dog, and the number of the day is 4711."
	cfg, err := configs.Preset("glyph-en")
	if err != nil {
		t.Fatal(err)
	}
	drawer, err := render.New(cfg, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var pages [][]byte
	for page, err := range drawer.Pages(t.Context(), "fox", strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page.PNG)
	}
	c := client(start(t, Options{Reader: reader}))
	response, err := c.CreateChatCompletion(t.Context(), ask("Transcribe the page.", pages...))
	if err != nil {
		t.Fatal(err)
	}
	got := response.Choices[0].Message.Content
	if cer := metric.CharacterErrors(text, got).Rate(); cer > 0.03 {
		t.Errorf("read %q, CER %.3f", got, cer)
	}
	if response.Model != reader.Name() || response.Choices[0].FinishReason != openai.FinishReasonStop {
		t.Errorf("the model is %q and the end %q", response.Model, response.Choices[0].FinishReason)
	}
	streamed, usage := streamedText(t, c, ask("Transcribe the page.", pages...))
	if streamed != got || usage == nil || *usage != response.Usage {
		t.Errorf("streamed it is %q with %+v, want %q with %+v", streamed, usage, got, response.Usage)
	}
}

func streamedText(t *testing.T, c *openai.Client, r openai.ChatCompletionRequest) (string, *openai.Usage) {
	t.Helper()
	r.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	stream, err := c.CreateChatCompletionStream(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var b strings.Builder
	var usage *openai.Usage
	finish := openai.FinishReason("")
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if chunk.Usage != nil {
			usage = chunk.Usage
		}
		for _, choice := range chunk.Choices {
			b.WriteString(choice.Delta.Content)
			finish = choice.FinishReason
		}
	}
	if finish != openai.FinishReasonStop {
		t.Errorf("the stream ends with %q", finish)
	}
	return b.String(), usage
}

func TestAnswers(t *testing.T) {
	reader := &fakeReader{}
	var mu sync.Mutex
	var events []Event
	c := client(start(t, Options{
		Reader: reader,
		Solver: func(question, text string) (string, bool) {
			return fmt.Sprintf("%q about %q", question, text), strings.HasSuffix(question, "?")
		},
		Log: func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, e)
		},
	}))
	const page10, page20 = "a page 10 px wide, “quoted”\n", "a page 20 px wide, “quoted”\n"
	for _, test := range []struct {
		question string
		pages    []int
		limit    int // max_tokens
		want     string
		finish   openai.FinishReason
	}{
		{"Please transcribe both.", []int{10, 20}, 0, page10 + page20, "stop"},
		{"A TRANSCRIPT of this.", []int{20}, 0, page20, "stop"},
		{"How wide?", []int{10, 20}, 0, fmt.Sprintf("%q about %q", "How wide?", page10+page20), "stop"},
		{"Is there anything?", nil, 0, `"Is there anything?" about ""`, "stop"},
		{"Transcribe.", []int{10}, 5, "a page 10 px wide, ", "length"}, // the quote is three bytes
	} {
		var pages [][]byte
		for _, width := range test.pages {
			pages = append(pages, blank(t, width))
		}
		r := ask(test.question, pages...)
		r.MaxCompletionTokens = test.limit
		response, err := c.CreateChatCompletion(t.Context(), r)
		if err != nil {
			t.Errorf("%q: %v", test.question, err)
			continue
		}
		choice, u := response.Choices[0], response.Usage
		if choice.Message.Content != test.want || choice.FinishReason != test.finish || choice.Message.Role != "assistant" {
			t.Errorf("%q of %v: answer %+v, want %q", test.question, test.pages, choice, test.want)
		}
		if u.CompletionTokens != (len(test.want)+3)/4 || u.PromptTokens < len(test.pages) || u.TotalTokens != u.PromptTokens+u.CompletionTokens {
			t.Errorf("%q: usage %+v", test.question, u)
		}
	}
	if reader.reads != 2 {
		t.Errorf("two pages were read %d times", reader.reads)
	}
	models, err := c.ListModels(t.Context())
	if err != nil || len(models.Models) != 1 || models.Models[0].ID != "fake 1.0" {
		t.Errorf("the models are %+v, error %v", models.Models, err)
	}
	_, err = c.CreateChatCompletion(t.Context(), ask("Transcribe.", blank(t, 13)))
	if api, ok := errors.AsType[*openai.APIError](err); !ok || api.HTTPStatusCode != 500 || api.Type != "server_error" || !strings.Contains(api.Message, "image 1: out of paper") {
		t.Errorf("a page that cannot be read gives the error %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(events) != 6 || events[0].Images != 2 || events[0].Status != 200 || events[0].Solved || !events[2].Solved || events[5].Status != 500 || !strings.Contains(events[5].Error, "out of paper") {
		t.Errorf("the events are %+v", events)
	}
}

// TestLongStream: pieces of a stream are whole characters.
func TestLongStream(t *testing.T) {
	answer := strings.Repeat("日本語 and “quotes” 🙂 ", 40)
	c := client(start(t, Options{Reader: &fakeReader{}, Solver: func(string, string) (string, bool) { return answer, true }}))
	if got, _ := streamedText(t, c, ask("What?", blank(t, 10))); got != answer {
		t.Errorf("streamed\n%q, want\n%q", got, answer)
	}
}

func TestRefusals(t *testing.T) {
	url := start(t, Options{Reader: &fakeReader{}, MaxRequestBytes: 20_000, MaxImages: 2})
	messages := func(content string) string {
		return `{"messages":[{"role":"user","content":` + content + `}]}`
	}
	images := func(urls ...string) string {
		var parts []string
		for _, u := range urls {
			parts = append(parts, fmt.Sprintf(`{"type":"image_url","image_url":{"url":%q}}`, u))
		}
		return messages("[" + strings.Join(parts, ",") + "]")
	}
	good := dataURL(blank(t, 10))
	cut := blank(t, 10)
	huge := blank(t, 10)
	copy(huge[16:], "\x00\x00\x20\x00\x00\x00\x20\x00") // 8192x8192 px
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		param, message     string
	}{
		"no JSON":        {"POST", "", "text", 400, "", "no chat completion in JSON"},
		"empty":          {"POST", "", "", 400, "", "no chat completion in JSON"},
		"list":           {"POST", "", "[]", 400, "", "no chat completion in JSON"},
		"no messages":    {"POST", "", `{}`, 400, "messages", "one or more"},
		"content":        {"POST", "", messages("7"), 400, "", "content: want a string or a list"},
		"no image":       {"POST", "", messages(`"Transcribe."`), 400, "messages", "no image to read"},
		"role":           {"POST", "", `{"messages":[{"role":"tool","content":"x"}]}`, 400, "messages[0].role", "want system, developer, user or assistant"},
		"part":           {"POST", "", messages(`[{"type":"audio"}]`), 400, "messages[0].content[0]", `"audio": want text or image_url`},
		"system image":   {"POST", "", strings.Replace(images(good), "user", "system", 1), 400, "messages[0].content[0]", "the user's"},
		"http image":     {"POST", "", images("http://127.0.0.1/x.png"), 400, "messages[0].content[0]", "want a data: URL"},
		"JPEG":           {"POST", "", images("data:image/jpeg;base64,AAAA"), 400, "messages[0].content[0]", "want data:image/png;base64"},
		"base64":         {"POST", "", images(good, "data:image/png;base64,????"), 400, "messages[0].content[1]", "image 2: decoding base64"},
		"PNG":            {"POST", "", images("data:image/png;base64,AAAA"), 400, "messages[0].content[0]", "decoding the PNG"},
		"cut PNG":        {"POST", "", images(dataURL(cut[:len(cut)-20])), 400, "messages[0].content[0]", "decoding the PNG"},
		"huge PNG":       {"POST", "", images(dataURL(huge)), 400, "messages[0].content[0]", "8192x8192 px: want at most 36000000 px"},
		"three images":   {"POST", "", images(good, good, good), 400, "messages[0].content[2]", "more than 2 images"},
		"n":              {"POST", "", `{"n":2,"messages":[]}`, 400, "n", "want 1"},
		"tools":          {"POST", "", `{"tools":[{}],"messages":[]}`, 400, "tools", "calls none"},
		"logprobs":       {"POST", "", `{"logprobs":true,"messages":[]}`, 400, "logprobs", "has none"},
		"max_tokens":     {"POST", "", `{"max_tokens":-1,"messages":[]}`, 400, "max_tokens", "-1"},
		"oversized":      {"POST", "", messages(`"` + strings.Repeat("x", 30_000) + `"`), 413, "", "more than 20000 bytes"},
		"method":         {"GET", "", "", 405, "", "want POST"},
		"models method":  {"POST", "/v1/models", "", 405, "", "want GET"},
		"path":           {"POST", "/v1/embeddings", "", 404, "", "accepted: POST /v1/chat/completions"},
		"path of nobody": {"GET", "/", "", 404, "", "there is no GET /"},
	} {
		t.Run(name, func(t *testing.T) {
			path := test.path
			if path == "" {
				path = "/v1/chat/completions"
			}
			r, err := http.NewRequestWithContext(t.Context(), test.method, url+path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var got struct {
				Error struct {
					Message, Type, Param string
				}
			}
			if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
				t.Fatal(err)
			}
			if e := got.Error; response.StatusCode != test.status || !strings.Contains(e.Message, test.message) || e.Param != test.param || e.Type != "invalid_request_error" {
				t.Errorf("status %d, error %+v; want %d, %q, %q", response.StatusCode, e, test.status, test.param, test.message)
			}
		})
	}
}

// TestMaxRequests: of five requests two are read at once, and all are answered.
func TestMaxRequests(t *testing.T) {
	reader := &fakeReader{hold: make(chan struct{})}
	c := client(start(t, Options{Reader: reader, MaxRequests: 2}))
	errs := make(chan error, 5)
	for i := range 5 {
		page := blank(t, 20+i)
		go func() {
			_, err := c.CreateChatCompletion(t.Context(), ask("Transcribe.", page))
			errs <- err
		}()
	}
	for range 5 {
		reader.hold <- struct{}{}
	}
	for range 5 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if reader.most > 2 {
		t.Errorf("%d pages were read at once", reader.most)
	}
}

// TestServe: a request that is under way when the server is to end is answered.
func TestServe(t *testing.T) {
	reader := &fakeReader{started: make(chan struct{}), hold: make(chan struct{})}
	s, err := New(Options{Reader: reader})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	answered := make(chan error, 1)
	page := blank(t, 10)
	go func() {
		_, err := client("http://"+l.Addr().String()).CreateChatCompletion(t.Context(), ask("Transcribe.", page))
		answered <- err
	}()
	reader.started <- struct{}{}
	cancel()
	reader.hold <- struct{}{}
	if err := <-answered; err != nil {
		t.Errorf("the request under way has the error %v", err)
	}
	if err := <-done; err != nil {
		t.Errorf("the server ends with the error %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("it listens after its end")
	}
	if err := s.Serve(t.Context(), l); err == nil {
		t.Error("it serves on a closed listener")
	}
}

func TestNew(t *testing.T) {
	for _, o := range []Options{{}, {Reader: &fakeReader{}, MaxImages: -1}, {Reader: &fakeReader{}, MaxRequestBytes: -1}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v are accepted", o)
		}
	}
}

// billing is a reader that asks an endpoint.
type billing struct{ fakeReader }

func (b *billing) Read(ctx context.Context, page read.Page) (read.Reading, error) {
	r, err := b.fakeReader.Read(ctx, page)
	r.Bill = llm.Bill{Attempts: 1, Usage: llm.Usage{PromptTokens: 30}, Money: 0.5}
	return r, err
}

// An event tells what the reader's endpoint billed, failures included, once for
// each page.
func TestEventsTellWhatWasSpent(t *testing.T) {
	var spent []float64
	url := start(t, Options{Reader: &billing{}, Log: func(e Event) { spent = append(spent, e.Spent.Money) }})
	for _, pages := range [][][]byte{{blank(t, 20), blank(t, 30)}, {blank(t, 20), blank(t, 40)}, {blank(t, 13)}, {blank(t, 20)}} {
		_, _ = client(url).CreateChatCompletion(t.Context(), ask("?", pages...)) // the one of 13 px fails
	}
	if !slices.Equal(spent, []float64{1, 0.5, 0.5, 0}) {
		t.Errorf("spent %v", spent)
	}
}

// FuzzParseRequest: a request is understood or refused with a reason.
func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(`{"messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}}`))
	f.Add([]byte(`{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, problem := parseRequest(body, 4)
		if (p == nil) == (problem == nil) {
			t.Fatalf("prompt %+v, problem %+v", p, problem)
		}
		if problem != nil && (problem.Message == "" || problem.status != http.StatusBadRequest) {
			t.Errorf("problem %+v", problem)
		}
		if problem == nil && (len(p.pages) > 4 || p.tokens() < len(p.pages) || p.maxTokens < 0) {
			t.Errorf("prompt %+v", p)
		}
	})
}
