package reader

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/read"
)

const (
	// defaultMaxRequestBytes holds 100 pages of 250 kB in base64.
	defaultMaxRequestBytes = 32 << 20

	// defaultMaxImages is the number of images in a request.
	defaultMaxImages = 100

	// headerTimeout and bodyTimeout end what a client does not send.
	headerTimeout = 10 * time.Second
	bodyTimeout   = 2 * time.Minute

	// shutdownTimeout is how long requests may take that are under way when the
	// server is to end.
	shutdownTimeout = 10 * time.Second
)

// solver answers a question, the last text of a request, from the transcript of
// its images or, where there are none, from the texts before the question. It
// is not ok if it has no answer to such a question. It is called by several
// goroutines at once.
type solver func(question, text string) (answer string, ok bool)

// Options are the settings of a Server.
type Options struct {
	// Reader reads the images. Its name is the name of the model.
	Reader read.Reader

	// Solver answers the questions that it can; all else is answered with the
	// transcript. It may be nil.
	Solver solver

	// MaxRequestBytes bounds the body of a request; 0 is
	// DefaultMaxRequestBytes.
	MaxRequestBytes int64

	// MaxImages bounds the images in a request; 0 is DefaultMaxImages.
	MaxImages int

	// MaxRequests bounds the requests that are read at once; others wait. 0 is
	// GOMAXPROCS.
	MaxRequests int

	// Log is told of each chat completion; it may be nil. It is called by
	// several goroutines at once.
	Log func(Event)
}

// Event is what became of a request.
type Event struct {
	Time             time.Time `json:"time"`
	Status           int       `json:"status"`          // HTTP
	Error            string    `json:"error,omitempty"` // as the client is told
	Stream           bool      `json:"stream"`
	Solved           bool      `json:"solved"` // by the Solver; else the answer is the transcript
	Images           int       `json:"images"`
	PromptTokens     int       `json:"prompt_tokens"`
	CompletionTokens int       `json:"completion_tokens"`
	Seconds          float64   `json:"seconds"`
	Spent            llm.Bill  `json:"spent,omitzero"` // by the Reader, if it asks an endpoint
}

// server answers chat completions, POST /v1/chat/completions, and tells its one
// model, GET /v1/models. It is an [http.Handler] and safe for concurrent use.
type server struct {
	Options
	mux    *http.ServeMux
	slots  chan struct{}
	reader read.Reader // that reads a page once: many questions are asked of it
}

// New makes a server. It answers nothing until it is served.
func New(o Options) (*server, error) {
	if o.Reader == nil {
		return nil, errors.New("a server of a reader: want a reader")
	}
	if o.MaxRequestBytes < 0 || o.MaxImages < 0 || o.MaxRequests < 0 {
		return nil, fmt.Errorf("a server with limits of %d bytes, %d images and %d requests: want positive ones, or 0 for the default",
			o.MaxRequestBytes, o.MaxImages, o.MaxRequests)
	}
	if o.MaxRequestBytes == 0 {
		o.MaxRequestBytes = defaultMaxRequestBytes
	}
	if o.MaxImages == 0 {
		o.MaxImages = defaultMaxImages
	}
	if o.MaxRequests == 0 {
		o.MaxRequests = runtime.GOMAXPROCS(0)
	}
	kept, err := read.Keep(o.Reader, "")
	if err != nil {
		return nil, err
	}
	s := &server{Options: o, mux: http.NewServeMux(), slots: make(chan struct{}, o.MaxRequests), reader: kept}
	s.mux.HandleFunc("/v1/chat/completions", s.completions)
	s.mux.HandleFunc("/v1/models", s.models)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem(http.StatusNotFound, "", "there is no %s %s; accepted: POST /v1/chat/completions, GET /v1/models", r.Method, r.URL.Path).write(w)
	})
	return s, nil
}

// ServeHTTP implements [http.Handler].
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Serve answers on a listener until ctx ends; then requests under way get 10
// seconds. It closes the listener. After an orderly end the error is nil.
func (s *server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: headerTimeout}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serving on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return fmt.Errorf("ending the server on %s: %w", l.Addr(), errors.Join(err, server.Close()))
	}
	return nil
}
