package llm

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// The kinds of an Error, for errors.Is.
var (
	ErrRefused         = errors.New("the model refused to answer")
	ErrContextOverflow = errors.New("the request does not fit the model's context")
	ErrTooLarge        = errors.New("the request is too large for the endpoint")
	ErrAuth            = errors.New("the endpoint did not accept the API key")
	ErrRateLimited     = errors.New("the endpoint's rate limit is reached")
	ErrRejected        = errors.New("the endpoint rejected the request")
	ErrServer          = errors.New("the endpoint failed")
	ErrUnreachable     = errors.New("the endpoint could not be reached")
	ErrCut             = errors.New("the answer was cut before its end")
	ErrMalformed       = errors.New("the response is malformed")
	errTimeout         = errors.New("the time for the call is over")
	ErrBudget          = errors.New("the budget does not allow the call")
)

// Error is why a call has no usable answer.
type Error struct {
	Kind     error     // one of the Err variables, or the error of the caller's context
	Status   int       // of HTTP, of the last attempt; 0 if there was none
	Message  string    // what the endpoint said, bounded, without the key; may be ""
	Attempts []Attempt // all that were made
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.Error())
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if n := len(e.Attempts); n > 1 {
		fmt.Fprintf(&b, "; %d attempts", n)
	}
	switch n := BillOf(e.Attempts).MaybeAttempts; {
	case n == 1:
		b.WriteString("; 1 attempt may have been billed")
	case n > 1:
		fmt.Fprintf(&b, "; %d attempts may have been billed", n)
	}
	return b.String()
}

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

// maxMessage bounds what is kept of an endpoint's words, in bytes.
const maxMessage = 500

// excerpt is text fit for an error message: bounded, on one line, with nothing
// that acts on a terminal.
func excerpt(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + "…"
	}
	return text
}

// minSecret is the length in bytes from which a key is hidden: shorter ones,
// such as the "EMPTY" of local servers, are words of any text.
const minSecret = 8

// mask hides the key in a text that arrives in pieces.
type mask struct{ key, held string }

// add returns what can be shown: the end of the text is held while it may be
// the beginning of the key.
func (m *mask) add(text string) string {
	if len(m.key) < minSecret {
		return text
	}
	text = strings.ReplaceAll(m.held+text, m.key, hiddenKey)
	n := min(len(text), len(m.key)-1)
	for !strings.HasSuffix(text, m.key[:n]) {
		n--
	}
	m.held = text[len(text)-n:]
	return text[:len(text)-n]
}

// end returns what was held.
func (m *mask) end() string { return m.held }

func redactor(key string) func(string) string {
	if len(key) < minSecret {
		return func(s string) string { return s }
	}
	return func(s string) string { return strings.ReplaceAll(s, key, hiddenKey) }
}
