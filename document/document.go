// Package document has documents as they come in: a name, a way to read the
// bytes, and the text that the bytes are.
//
//	docs, hidden, err := document.Find(ctx, []string{"src", "docs/**/*.md", "-"}, os.Stdin)
//	text, err := docs[0].Text() // UTF-8, whatever the charset of the bytes
//
// A charset that is not Unicode is guessed from the first 64 KiB, and
// [Text.Encoding] says so. The package knows nothing of pages.
package document

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"
	"sync/atomic"

	"golang.org/x/text/transform"
)

// Document is a name and a way to read its bytes.
type Document struct {
	Name    string // as manifests and reports show it: slash-separated
	Size    int64  // bytes, for progress only; 0 if unknown
	Charset string // WHATWG label such as "windows-1251"; "" finds out

	// Found is true when a directory walk or a pattern produced the document. Such
	// a document is skipped with a note if it holds no text.
	Found bool

	Open func() (io.ReadCloser, error)
}

// FromString returns a document that holds a text in memory.
func FromString(name, text string) *Document {
	return &Document{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

// Encoding says how the bytes of a document were read as text.
type Encoding struct {
	Name       string `json:"name"`       // WHATWG name in lower case, such as "utf-8" or "windows-1252"
	Guessed    bool   `json:"guessed"`    // from the frequency of bytes, which can err
	Confidence int    `json:"confidence"` // percent; 100 unless guessed
}

// Transcoded reports whether the text is not made of the document's own bytes.
func (e Encoding) Transcoded() bool { return e.Name != utf8Name }

const utf8Name = "utf-8"

// Text is the content of a document as UTF-8, to be read once, front to back.
// Bytes that are UTF-8 already pass through unchanged, a byte order mark and
// invalid ones included; other charsets are transcoded while they stream. It
// holds about 64 KiB however long the document is. Not safe for concurrent
// use.
type Text struct {
	Encoding Encoding

	// Han says that most letters in the first 64 KiB are Chinese characters.
	Han bool

	source, text *digest
	replaced     *replacements // nil unless transcoded
	close        func() error
}

// ErrEmpty is the error of a document of no bytes.
var ErrEmpty = errors.New("empty: there is no byte of text in it")

// NotTextError is the error of a document whose bytes are no text.
type NotTextError struct {
	Kind string // what they look like: "a PNG image"
}

func (e *NotTextError) Error() string {
	return "looks like " + e.Kind + ", not text; accepted: text in UTF-8, UTF-16 or another charset"
}

// sniffSize is how many bytes decide about charset and kind.
const sniffSize = 64 << 10

// Text opens the document and decides from its first 64 KiB how to read it.
// A document without bytes is ErrEmpty, one that is no text a *NotTextError.
// The caller closes the text.
func (d *Document) Text() (*Text, error) {
	rc, err := d.Open()
	if err != nil {
		return nil, err
	}
	t, err := newText(rc, d.Charset)
	if err != nil {
		rc.Close()
		return nil, err
	}
	t.close = rc.Close
	return t, nil
}

func newText(r io.Reader, charset string) (*Text, error) {
	br := bufio.NewReaderSize(r, sniffSize)
	prefix, err := br.Peek(sniffSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(prefix) == 0 {
		return nil, ErrEmpty
	}
	enc, codec, err := sniff(prefix, err == io.EOF, charset)
	if err != nil {
		return nil, err
	}
	t := &Text{Encoding: enc, source: newDigest(br)}
	t.text = t.source
	sample := prefix
	if enc.Transcoded() {
		t.replaced = &replacements{r: transform.NewReader(t.source, codec.NewDecoder())}
		t.text = newDigest(t.replaced)
		sample, _ = codec.NewDecoder().Bytes(prefix) // a rune cut by the end of the prefix does not matter
	}
	if kind := notText(sample); kind != "" && charset == "" { // who names a charset says it is text
		return nil, &NotTextError{kind}
	}
	t.Han = mostlyHan(sample)
	return t, nil
}

// Read reads UTF-8.
func (t *Text) Read(p []byte) (int, error) { return t.text.Read(p) }

// Close closes the document.
func (t *Text) Close() error { return t.close() }

// Sum says how much was read and what it was.
type Sum struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal digits
}

// Source is the sum of the document's own bytes that were read so far.
func (t *Text) Source() Sum { return t.source.sum() }

// UTF8 is the sum of the UTF-8 that was read so far. It equals Source unless
// the document is transcoded.
func (t *Text) UTF8() Sum { return t.text.sum() }

// Replaced is the number of U+FFFD that transcoding has given so far: each
// stands for bytes that mean nothing in the charset.
func (t *Text) Replaced() int {
	if t.replaced == nil {
		return 0
	}
	return t.replaced.n
}

// BytesRead is the number of the document's own bytes that were read so far.
// It is safe to call while another goroutine reads the text.
func (t *Text) BytesRead() int64 { return t.source.n.Load() }

// digest counts and hashes what is read through it.
type digest struct {
	r io.Reader
	h hash.Hash
	n atomic.Int64 // bytes; progress reads it while the text is being read
}

func newDigest(r io.Reader) *digest { return &digest{r: r, h: sha256.New()} }

func (d *digest) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	d.n.Add(int64(n))
	d.h.Write(p[:n])
	return n, err
}

func (d *digest) sum() Sum { return Sum{d.n.Load(), hex.EncodeToString(d.h.Sum(nil))} }

// replacements counts U+FFFD in the UTF-8 read through it.
type replacements struct {
	r       io.Reader
	n, seen int // seen: bytes of an unfinished U+FFFD at the end
}

func (c *replacements) Read(p []byte) (int, error) {
	const mark = "\uFFFD"
	n, err := c.r.Read(p)
	for _, b := range p[:n] {
		switch b {
		case mark[c.seen]:
			c.seen++
		case mark[0]:
			c.seen = 1
		default:
			c.seen = 0
		}
		if c.seen == len(mark) {
			c.n, c.seen = c.n+1, 0
		}
	}
	return n, err
}
