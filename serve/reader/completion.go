package reader

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/glyphkit/glyph/eval/read"
)

const (
	// A token is four bytes of text, and an image takes one for each 750 px²:
	// numbers of the usual size, which no tokenizer stands behind.
	bytesPerToken  = 4
	pixelsPerToken = 750

	// chunkBytes is the length of a piece of a streamed answer, in bytes of
	// text at the most.
	chunkBytes = 64
)

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// completion is an answer, or with the object "chat.completion.chunk" a piece of
// one.
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"` // s since 1970
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage,omitempty"`
}

type choice struct {
	Index        int     `json:"index"`
	Message      *answer `json:"message,omitempty"`
	Delta        *answer `json:"delta,omitempty"`
	FinishReason *string `json:"finish_reason"`
}

type answer struct {
	Role    string `json:"role,omitempty"`
	Content string `json:"content"`
}

func (s *server) completions(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	event := Event{Time: start.UTC(), Status: http.StatusOK}
	if problem := s.complete(w, r, &event); problem != nil {
		problem.write(w)
		event.Status, event.Error = problem.status, problem.Message
	}
	if s.Log != nil {
		event.Seconds = time.Since(start).Seconds()
		s.Log(event)
	}
}

// complete answers a request, or says why not.
func (s *server) complete(w http.ResponseWriter, r *http.Request, event *Event) *apiError {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return problem(http.StatusMethodNotAllowed, "", "the method %s: want POST", r.Method)
	}
	// The slot comes before the body, so that those who wait take no memory.
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-r.Context().Done():
		return gone(r.Context())
	}
	body, err := s.readBody(w, r)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem(http.StatusRequestEntityTooLarge, "", "a request of more than %d bytes, which is the limit", tooLarge.Limit)
	} else if err != nil {
		return badRequest("", "reading the request: %v", err)
	}
	p, refused := parseRequest(body, s.MaxImages)
	if refused != nil {
		return refused
	}
	event.Stream, event.Images = p.stream, len(p.pages)
	text, solved, failure := s.answer(r.Context(), p, event)
	if failure != nil {
		return failure
	}
	event.Solved = solved
	text, finish := p.cut(text)
	u := usage{PromptTokens: p.tokens(), CompletionTokens: textTokens(len(text))}
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	event.PromptTokens, event.CompletionTokens = u.PromptTokens, u.CompletionTokens

	id := sha256.Sum256(body)
	c := completion{ID: "chatcmpl-" + hex.EncodeToString(id[:12]), Object: "chat.completion", Created: event.Time.Unix(), Model: s.Reader.Name()}
	if p.stream {
		if err := stream(w, c, text, finish, u, p.usage); err != nil {
			event.Error = "streaming the answer: " + err.Error()
		}
		return nil
	}
	c.Choices = []choice{{Message: &answer{Role: "assistant", Content: text}, FinishReason: &finish}}
	c.Usage = &u
	writeJSON(w, http.StatusOK, c)
	return nil
}

// readBody reads the body in bodyTimeout; what came before, such as waiting for
// a slot, does not count.
func (s *server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	c := http.NewResponseController(w)
	if err := c.SetReadDeadline(time.Now().Add(bodyTimeout)); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.MaxRequestBytes))
	return body, errors.Join(err, c.SetReadDeadline(time.Time{}))
}

func (s *server) answer(ctx context.Context, p *prompt, event *Event) (text string, solved bool, problem *apiError) {
	var all strings.Builder
	for i, page := range p.pages {
		got, err := s.reader.Read(ctx, read.Page{Page: page})
		event.Spent = event.Spent.Plus(got.Paid())
		if ctx.Err() != nil {
			return "", false, gone(ctx)
		}
		if err != nil {
			return "", false, serverError("image %d: %v", i+1, err)
		}
		if before := all.String(); before != "" && !strings.HasSuffix(before, "\n") {
			all.WriteByte('\n')
		}
		all.WriteString(got.Text)
	}
	text = all.String()
	if len(p.pages) == 0 {
		text = p.context
	}
	if s.Solver != nil {
		if answer, ok := s.Solver(p.question, text); ok {
			return answer, true, nil
		}
	}
	if len(p.pages) == 0 {
		return "", false, badRequest("messages", "there is no image to read; want one or more parts of the type image_url")
	}
	return text, false, nil
}

// gone is for the log: there is no one to answer.
func gone(ctx context.Context) *apiError {
	return problem(http.StatusServiceUnavailable, "", "the client is gone: %v", ctx.Err())
}

// cut ends an answer at max_tokens, and tells why it ends.
func (p *prompt) cut(text string) (_, finish string) {
	if p.maxTokens == 0 || textTokens(len(text)) <= p.maxTokens {
		return text, "stop"
	}
	return text[:boundary(text, p.maxTokens*bytesPerToken)], "length"
}

// boundary is the end of the last whole character in the first n bytes.
func boundary(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

func (p *prompt) tokens() int {
	n := textTokens(p.texts)
	for _, page := range p.pages {
		n += (page.Width*page.Height + pixelsPerToken - 1) / pixelsPerToken
	}
	return n
}

func textTokens(bytes int) int { return (bytes + bytesPerToken - 1) / bytesPerToken }

// stream sends an answer in pieces, as server-sent events.
func stream(w http.ResponseWriter, c completion, text, finish string, u usage, withUsage bool) error {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	c.Object = "chat.completion.chunk"
	flush := http.NewResponseController(w).Flush
	send := func(choices []choice) error {
		c.Choices = choices
		data, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
			return err
		}
		return flush()
	}
	if err := send([]choice{{Delta: &answer{Role: "assistant"}}}); err != nil {
		return err
	}
	for len(text) > 0 {
		n := max(boundary(text, chunkBytes), 1)
		if err := send([]choice{{Delta: &answer{Content: text[:n]}}}); err != nil {
			return err
		}
		text = text[n:]
	}
	if err := send([]choice{{Delta: &answer{}, FinishReason: &finish}}); err != nil {
		return err
	}
	if withUsage {
		c.Usage = &u
		if err := send([]choice{}); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, "data: [DONE]\n\n"); err != nil {
		return err
	}
	return flush()
}

// models tells the one model there is.
func (s *server) models(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		problem(http.StatusMethodNotAllowed, "", "the method %s: want GET", r.Method).write(w)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"object": "list",
		"data":   []map[string]any{{"id": s.Reader.Name(), "object": "model", "created": 0, "owned_by": "glyph"}},
	})
}
