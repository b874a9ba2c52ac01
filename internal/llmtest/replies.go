package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	model       = "test-model"
	fingerprint = "fp_test"
	pieceBytes  = 7 // a piece of the stream
)

func quote(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // of strings and maps it cannot be
	}
	return string(data)
}

func startStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
}

func event(w http.ResponseWriter, data string) {
	fmt.Fprintf(w, "data: %s\n\n", data)
	_ = http.NewResponseController(w).Flush() // the recorder of a test may not flush
}

func chunkJSON(choice string) string {
	return fmt.Sprintf(`{"object":"chat.completion.chunk","model":%q,"system_fingerprint":%q,"choices":[%s]}`, model, fingerprint, choice)
}

func streamText(w http.ResponseWriter, text string) {
	event(w, chunkJSON(`{"index":0,"delta":{"role":"assistant","content":""}}`))
	for _, piece := range pieces(text) {
		event(w, chunkJSON(`{"index":0,"delta":{"content":`+quote(piece)+`}}`))
	}
}

// pieces cuts a text, never inside a character.
func pieces(text string) (list []string) {
	for text != "" {
		n := 0
		for i := range text {
			if i > pieceBytes {
				break
			}
			n = i
		}
		if n == 0 || len(text) <= pieceBytes {
			n = len(text)
		}
		list, text = append(list, text[:n]), text[n:]
	}
	return list
}

func finish(w http.ResponseWriter, reason string) {
	event(w, chunkJSON(`{"index":0,"delta":{},"finish_reason":"`+reason+`"}`))
}

// Text streams an answer and sends its usage.
func Text(text string) Reply { return stream(text, "stop", true) }

// NoUsage streams an answer without usage.
func NoUsage(text string) Reply { return stream(text, "stop", false) }

// Truncated streams an answer that ends at the token limit.
func Truncated(text string) Reply { return stream(text, "length", true) }

// Filtered streams what the content filter has left of an answer.
func Filtered(text string) Reply { return stream(text, "content_filter", true) }

func stream(text, reason string, withUsage bool) Reply {
	return func(w http.ResponseWriter, r *Request) {
		field, billed := usage(r, text)
		startStream(w)
		fmt.Fprint(w, ": keep-alive\n\n")
		streamText(w, text)
		finish(w, reason)
		if withUsage {
			event(w, `{"object":"chat.completion.chunk","model":"`+model+`","choices":[],`+field+`}`)
		}
		r.Bill(billed)
		event(w, "[DONE]")
	}
}

// Whole answers with one JSON object, as an endpoint does that cannot stream.
func Whole(text string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		field, billed := usage(r, text)
		r.Bill(billed)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "{\n\"model\":%q,\n\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s},\"finish_reason\":\"stop\"}],%s}", model, quote(text), field)
	}
}

// Refusal answers in the refusal field.
func Refusal(said string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		startStream(w)
		event(w, chunkJSON(`{"index":0,"delta":{"refusal":`+quote(said)+`}}`))
		finish(w, "stop")
		field, billed := usage(r, said)
		event(w, `{"choices":[],`+field+`}`)
		r.Bill(billed)
		event(w, "[DONE]")
	}
}

// Events streams data as it stands, one event each; billed are 10 tokens.
func Events(data ...string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		r.Bill(10)
		startStream(w)
		for _, d := range data {
			event(w, d)
		}
	}
}

// Cut streams the beginning of an answer and breaks the connection. It bills
// what it has streamed.
func Cut(text string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		_, billed := usage(r, text)
		r.Bill(billed)
		startStream(w)
		streamText(w, text)
		panic(http.ErrAbortHandler)
	}
}

// Ended streams the beginning of an answer and then ends as if it were
// complete: no finish reason, no last event. It bills.
func Ended(text string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		_, billed := usage(r, text)
		r.Bill(billed)
		startStream(w)
		streamText(w, text)
	}
}

// Dropped breaks the connection before it answers anything.
func Dropped() Reply {
	return func(http.ResponseWriter, *Request) { panic(http.ErrAbortHandler) }
}

// Hang says nothing until the client goes or the server closes.
func Hang() Reply {
	return func(w http.ResponseWriter, r *Request) {
		<-r.done
		panic(http.ErrAbortHandler)
	}
}

// Stall streams the beginning of an answer and then nothing more. It bills.
func Stall(text string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		_, billed := usage(r, text)
		r.Bill(billed)
		startStream(w)
		streamText(w, text)
		<-r.done
		panic(http.ErrAbortHandler)
	}
}

// Status answers with a status and a body of JSON.
func Status(status int, body string) Reply {
	return func(w http.ResponseWriter, r *Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// RateLimited is 429 with a Retry-After header: seconds, a date, or "" for
// none.
func RateLimited(retryAfter string) Reply {
	limited := Status(http.StatusTooManyRequests, `{"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}}`)
	return func(w http.ResponseWriter, r *Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		limited(w, r)
	}
}

// ServerError is a failure of the server.
func ServerError(status int) Reply {
	return Status(status, `{"error":{"message":"The server had an error while processing your request","type":"server_error"}}`)
}

// Unauthorized says that the key is wrong, and repeats it.
func Unauthorized() Reply {
	return func(w http.ResponseWriter, r *Request) {
		key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		Status(http.StatusUnauthorized, `{"error":{"message":`+quote("Incorrect API key provided: "+key)+`,"code":"invalid_api_key"}}`)(w, r)
	}
}

// Overflow says, as OpenAI does, that the context is too short.
func Overflow() Reply {
	return Status(http.StatusBadRequest, `{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","type":"invalid_request_error","code":"context_length_exceeded"}}`)
}

// TooLarge says that the request has too many bytes.
func TooLarge() Reply {
	return Status(http.StatusRequestEntityTooLarge, `{"error":{"message":"Request body too large","type":"request_too_large"}}`)
}

// MalformedEvent streams an event that is no JSON. It bills.
func MalformedEvent() Reply {
	return Events(chunkJSON(`{"index":0,"delta":{"content":"Th"}}`), `{"choices":[{"delta":{"content":"e end`)
}

// MalformedBody says JSON and sends the beginning of it.
func MalformedBody() Reply {
	return Status(http.StatusOK, `{"choices":[{"message":{"role":"assistant","content":"Th`)
}

// Garbage is a page for browsers.
func Garbage() Reply {
	return func(w http.ResponseWriter, r *Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body>Welcome to the \x1b[31mportal</body></html>")
	}
}

// Slow waits before it replies.
func Slow(d time.Duration, reply Reply) Reply {
	return func(w http.ResponseWriter, r *Request) {
		select {
		case <-time.After(d):
		case <-r.done:
		}
		reply(w, r)
	}
}
