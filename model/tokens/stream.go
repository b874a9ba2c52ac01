package tokens

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// A tokenizer turns text into tokens. It is not changed once built, and serves
// any number of goroutines.
type tokenizer struct {
	model *model
	split splitter
	// compose says that text is put into normal form C. Added tokens are looked
	// for before and after.
	compose    bool
	raw, after *addedTokens
	// sealed is the length in bytes of the longest text that is counted, all at
	// once, if it is not known where one can be cut; else 0.
	sealed int
	coders sync.Pool
}

// chunkSize is the number of bytes that one worker counts at a time: large
// beside the cost of a goroutine, small beside the memory of a process.
const chunkSize = 128 << 10

// count counts a stream: it is cut where the tokens of the parts are the tokens
// Of the whole, into chunks of about that many bytes, which are counted on all
// processors. Memory is a few chunks, and a small multiple of the longest
// stretch that cannot be cut.
func (t *tokenizer) count(r io.Reader, chunk int) (int64, error) {
	workers := runtime.GOMAXPROCS(0)
	var (
		wg      sync.WaitGroup
		total   atomic.Int64
		failure = make(chan error, workers+1)
		buffers = make(chan []byte, workers) // of chunks that are done
	)
	for range workers {
		buffers <- nil
	}
	work := func(s []byte) {
		n, err := t.countText(s)
		total.Add(n)
		if err != nil {
			failure <- err
		}
		buffers <- s
	}
	buf := make([]byte, 0, chunk)
	searched := 0 // no place to cut in buf[:searched]
	var err error
	for err == nil {
		buf, err = fill(r, buf)
		switch at := t.cutBefore(buf, searched); {
		case err != nil: // the end
		case len(failure) > 0:
			err = <-failure
		case at > 0:
			next := <-buffers
			searched = len(buf) - at
			if size := max(chunk, 2*searched); cap(next) < size || cap(next) > 2*size {
				next = make([]byte, 0, size)
			}
			next = append(next[:0], buf[at:]...)
			head := buf[:at]
			wg.Go(func() { work(head) })
			buf = next
		case t.sealed > 0 && len(buf) > t.sealed:
			err = fmt.Errorf("text of over %d bytes: a tokenizer with a regular expression of its own must see all of it", t.sealed)
		default:
			searched = len(buf)
			buf = append(make([]byte, 0, 2*len(buf)), buf...)
		}
	}
	if err == io.EOF {
		<-buffers
		work(buf)
		err = nil
	}
	wg.Wait()
	if err == nil && len(failure) > 0 {
		err = <-failure
	}
	if err != nil {
		return 0, fmt.Errorf("counting tokens: %w", err)
	}
	return total.Load(), nil
}

// fill reads until buf is full or there is an error: io.EOF is the end, unlike
// with io.ReadFull, where a reader's own io.ErrUnexpectedEOF looks like one.
func fill(r io.Reader, buf []byte) ([]byte, error) {
	for idle := 0; len(buf) < cap(buf); {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if idle++; n > 0 {
			idle = 0
		}
		if err == nil && idle == 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			return buf, err
		}
	}
	return buf, nil
}

// cutBefore returns the last place in s, after the first searched bytes, where
// text can be cut: after a letter or digit, before a character that continues
// neither. There, every splitter ends a piece, whatever stands before and
// after; none looks ahead past it; no normalization joins the two; and no added
// token is near. It returns 0 if there is none.
func (t *tokenizer) cutBefore(s []byte, searched int) int {
	if t.sealed > 0 {
		return 0
	}
	table := classes()
	// Near the end an added token may be cut off, and so may a character.
	margin := t.margin()
	for i, open := len(s)-margin, false; i > max(0, searched-margin-utf8.UTFMax); {
		r, n := utf8.DecodeLastRune(s[:i])
		class := table.of(r)
		if open && class&(letter|number) != 0 && t.stays(s[i-n:i]) && !t.addedNear(s, i) {
			return i
		}
		open = class&(letter|number|mark) == 0 && r != '\'' && r != utf8.RuneError
		i -= n
	}
	return 0
}

// stays says whether a letter is one after normalization: some end in a mark then.
func (t *tokenizer) stays(char []byte) bool {
	return !t.compose || norm.NFC.QuickSpan(char) == len(char)
}

// margin returns how far an added token may reach, in bytes. A character of
// three bytes may be normalized to one.
func (t *tokenizer) margin() int {
	return 3 * max(t.raw.longest(), t.after.longest())
}

// addedNear says whether an added token crosses, ends or begins at s[at].
func (t *tokenizer) addedNear(s []byte, at int) bool {
	left, right := s[max(0, at-t.margin()):at], s[at:min(len(s), at+t.margin())]
	if t.raw.touches(s[at-len(left):at+len(right)], len(left)) {
		return true
	}
	if !t.compose || t.after == nil {
		return t.after.touches(s[at-len(left):at+len(right)], len(left))
	}
	left = nfc(left)
	return t.after.touches(append(left[:len(left):len(left)], nfc(right)...), len(left))
}

// countText counts the tokens of a text.
func (t *tokenizer) countText(s []byte) (int64, error) {
	c, ok := t.coders.Get().(*coder)
	if !ok {
		c = newCoder(t.model)
	}
	defer t.coders.Put(c)
	n := int64(0)
	err := t.pieces(s, func(piece []byte) { n += int64(c.count(piece)) }, func(uint32) { n++ })
	return n, err
}

// pieces calls piece for the pieces of a text that are encoded one by one, and
// token for the added tokens between them, in order.
func (t *tokenizer) pieces(s []byte, piece func([]byte), token func(id uint32)) error {
	if !utf8.Valid(s) {
		// As every decoder of the web and of Python does it: U+FFFD for each
		// longest prefix of a character.
		s, _ = unicode.UTF8.NewDecoder().Bytes(s) // never fails
	}
	split := func(s []byte) error { return t.split.split(s, piece) }
	return t.raw.cut(s, func(s []byte) error {
		if t.compose {
			s = nfc(s)
		}
		return t.after.cut(s, split, token)
	}, token)
}
