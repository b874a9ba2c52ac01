package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

var (
	errStalled   = errors.New("nothing was received")
	errOversized = errors.New("the response is too long")
	errNoStream  = errors.New("the response is neither a stream of events nor JSON")
)

// statusError is an answer of an endpoint that is no success.
type statusError struct {
	status int
	header http.Header
	body   []byte
}

func (e *statusError) Error() string { return http.StatusText(e.status) }

// maxErrorBody bounds what is read of an error, in bytes.
const maxErrorBody = 64 << 10

// exchange is one attempt as the transport sees it. It travels in the
// context, for go-openai shows neither headers nor raw bodies.
type exchange struct {
	payload *payload
	limit   int64 // bytes of the response
	idle    time.Duration
	timer   *time.Timer // ends the attempt when nothing arrives

	sent   atomic.Bool // the request has gone out, at least in part
	status int
	whole  bool   // the response is one JSON object
	head   []byte // of the body, for an error message
	tail   []byte // of the body
}

type exchangeKey struct{}

const (
	headBytes  = 2048
	shownBytes = 200 // of the head
	tailBytes  = 32
)

// begin arms the idle timer. The returned context ends with errStalled.
func (x *exchange) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	x.timer = time.AfterFunc(x.idle, func() { cancel(errStalled) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { x.sent.Store(true) }})
	return context.WithValue(ctx, exchangeKey{}, x), func() {
		x.timer.Stop()
		cancel(context.Canceled)
	}
}

// ended reports whether nothing is missing at the end: the last event of a
// stream is data: [DONE].
func (x *exchange) ended() bool {
	if x.whole {
		return true
	}
	line := x.tail[bytes.LastIndexByte(bytes.TrimRight(x.tail, "\r\n "), '\n')+1:]
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	return ok && string(bytes.TrimSpace(data)) == "[DONE]"
}

func (x *exchange) seen(p []byte) {
	if room := headBytes - len(x.head); room > 0 {
		x.head = append(x.head, p[:min(room, len(p))]...)
	}
	x.tail = append(x.tail, p[max(0, len(p)-tailBytes):]...)
	x.tail = x.tail[max(0, len(x.tail)-tailBytes):]
}

// transport is the HTTP client that go-openai gets.
type transport struct{ client *http.Client }

func newTransport(client *http.Client) *transport {
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &transport{&own}
}

// Do sends the request with the sampling fields that go-openai left out, and
// returns a bounded event stream or an error.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	x := req.Context().Value(exchangeKey{}).(*exchange)
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	body = x.payload.splice(body)
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }

	resp, err := t.client.Do(req)
	x.timer.Stop()
	if err != nil {
		return nil, err
	}
	x.status = resp.StatusCode
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		// The status counts, whether or not all of the body can be read.
		start, _ := io.ReadAll(&boundedBody{resp.Body, x, maxErrorBody})
		return nil, &statusError{resp.StatusCode, resp.Header, start}
	}
	resp.Body = &boundedBody{resp.Body, x, x.limit}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // what it is not is a stream
	if kind == "application/json" {
		x.whole = true
		return asStream(resp)
	}
	return resp, nil
}

// asStream makes one event of a response that is not streamed: some endpoints
// do not know how.
func asStream(resp *http.Response) (*http.Response, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var event bytes.Buffer
	event.WriteString("data: ")
	if err := json.Compact(&event, body); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoStream, err)
	}
	event.WriteString("\n\ndata: [DONE]\n\n")
	resp.Body = io.NopCloser(&event)
	return resp, nil
}

// boundedBody is an error after so many bytes. The idle timer runs while it is
// read, and not while the reader is busy with what came.
type boundedBody struct {
	body     io.ReadCloser
	exchange *exchange
	left     int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errOversized
	}
	b.exchange.timer.Reset(b.exchange.idle)
	n, err := b.body.Read(p[:min(int64(len(p)), b.left)])
	b.exchange.timer.Stop()
	b.left -= int64(n)
	b.exchange.seen(p[:n])
	return n, err
}

func (b *boundedBody) Close() error { return b.body.Close() }
