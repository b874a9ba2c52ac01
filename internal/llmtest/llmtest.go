// Package llmtest is an OpenAI-style endpoint on 127.0.0.1 for tests: it
// answers by a script, with any fault that real endpoints have, and counts what
// it would have billed. It reads no pages and imports nothing of the module.
//
//	s := chattest.New(chattest.RateLimited("2"), chattest.Text("42"))
//	defer s.Close()
package llmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Reply answers one request. It bills before it sends the last of its answer.
type Reply func(w http.ResponseWriter, r *Request)

// Request is what a client has sent.
type Request struct {
	Header http.Header
	Body   []byte

	Model       string    `json:"model"`
	Messages    []Message `json:"messages"`
	Temperature *float64  `json:"temperature"` // nil if it was not sent
	Seed        *int      `json:"seed"`
	MaxTokens   int       `json:"max_tokens"`

	done <-chan struct{} // the client has gone or the server closes
	bill func(tokens int)
}

// Bill counts the request as billed, for so many tokens.
func (r *Request) Bill(tokens int) { r.bill(tokens) }

// Message is one of a Request.
type Message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"` // a string or parts
}

// Text is all text of the request's messages, a line feed after each part.
func (r *Request) Text() string {
	var b strings.Builder
	for _, m := range r.Messages {
		for _, p := range m.parts() {
			if p.Type != "image_url" {
				b.WriteString(p.Text + "\n")
			}
		}
	}
	return b.String()
}

// Images counts the images of the request's messages.
func (r *Request) Images() int {
	n := 0
	for _, m := range r.Messages {
		for _, p := range m.parts() {
			if p.Type == "image_url" {
				n++
			}
		}
	}
	return n
}

type part struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	ImageURL struct {
		Detail string `json:"detail"`
	} `json:"image_url"`
}

func (m Message) parts() (parts []part) {
	var s string
	if json.Unmarshal(m.Content, &s) == nil {
		return []part{{Text: s}}
	}
	_ = json.Unmarshal(m.Content, &parts) // of another shape: none
	return parts
}

// Server is the endpoint. It is safe for concurrent use.
type Server struct {
	http    *httptest.Server
	closing chan struct{}
	once    sync.Once

	mu       sync.Mutex
	script   []Reply
	requests []*Request
	billed   int
	bills    int
}

// New starts a server that gives these replies one after the other, and the
// last one to all further requests.
func New(script ...Reply) *Server {
	s := &Server{script: script, closing: make(chan struct{})}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// URL is the base URL for clients.
func (s *Server) URL() string { return s.http.URL + "/v1" }

// Close ends all replies under way and the server. It may be called twice.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.closing)
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// Requests returns what was asked so far, in the order of arrival.
func (s *Server) Requests() []*Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Request(nil), s.requests...)
}

// Calls counts the requests so far.
func (s *Server) Calls() int { return len(s.Requests()) }

// Billed returns how many requests were billed so far, and for how many tokens.
func (s *Server) Billed() (requests, tokens int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bills, s.billed
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone
	}
	req := &Request{Header: r.Header, Body: body, bill: s.bill}
	if err := json.Unmarshal(body, req); err != nil || r.URL.Path != "/v1/chat/completions" {
		http.Error(w, `{"error":{"message":"not a chat completion"}}`, http.StatusNotFound)
		return
	}
	done := make(chan struct{})
	req.done = done
	go func() {
		defer close(done)
		select {
		case <-s.closing:
		case <-r.Context().Done():
		}
	}()
	s.mu.Lock()
	reply := s.script[min(len(s.requests), len(s.script)-1)]
	s.requests = append(s.requests, req)
	s.mu.Unlock()
	reply(w, req)
}

func (s *Server) bill(tokens int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bills++
	s.billed += tokens
}

// Faults gives, with probability p, a random fault, and otherwise the reply.
// Which request gets which depends on the seed and on the order of arrival. One
// of the faults is Hang: the client should have a short idle time.
func Faults(seed uint64, p float64, reply Reply) Reply {
	faults := []Reply{
		RateLimited("1"), ServerError(500), ServerError(503), Cut("It says th"), Dropped(), Hang(),
		Refusal("I'm sorry, but I can't help with that."), MalformedEvent(), MalformedBody(), Garbage(),
	}
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 0))
	return func(w http.ResponseWriter, r *Request) {
		mu.Lock()
		chosen := reply
		if random.Float64() < p {
			chosen = faults[random.IntN(len(faults))]
		}
		mu.Unlock()
		chosen(w, r)
	}
}

// Func answers by what is asked.
func Func(choose func(*Request) Reply) Reply {
	return func(w http.ResponseWriter, r *Request) { choose(r)(w, r) }
}

// tokens is a count for the usage: it need not be right, but the same each time.
func tokens(text string) int { return len(text)/4 + 1 }

func (r *Request) promptTokens() int { return tokens(r.Text()) + 100*r.Images() }

func usage(r *Request, text string) (field string, total int) {
	prompt, completion := r.promptTokens(), tokens(text)
	return fmt.Sprintf(`"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}`, prompt, completion, prompt+completion), prompt + completion
}

// Details lists the level of detail that each image of the messages asks for,
// "" where it asks for none.
func (r *Request) Details() []string {
	var list []string
	for _, m := range r.Messages {
		for _, p := range m.parts() {
			if p.Type == "image_url" {
				list = append(list, p.ImageURL.Detail)
			}
		}
	}
	return list
}
