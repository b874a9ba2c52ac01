package exact

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/exact/internal/lex"
)

const (
	// maxSegment bounds what is looked at as one line.
	maxSegment = 64 << 10
	// blockSize is what one worker of Scan takes at a time.
	blockSize = 4 * maxSegment
)

// tooLongError says where nothing was looked for: in a run of more than 64 KiB
// without a place to cut it, or in the rest of one of more than 1 KiB that begins
// like no string of its length.
type tooLongError struct {
	Start, End int64 // bytes of the text
}

func (e *tooLongError) Error() string {
	return fmt.Sprintf("bytes %d to %d: exact strings are not looked for in a run of %d bytes without a blank", e.Start, e.End, e.End-e.Start)
}

// segment is a piece of the text that is looked at on its own: a line, or a
// part of a very long one.
type segment struct {
	start, length int
	scan          bool // false in a run that is too long
	last          bool // of its passage
}

// walker cuts a text into segments. Where it cuts depends on the text alone.
type walker struct {
	tooLong bool // the last segment ended inside a run that is too long
	passage int  // bytes of the passage that is under way
}

// next returns the first segment of b, which is not empty. ok is false if more
// text is needed to say where it ends.
func (w *walker) next(b string, atEOF bool) (s segment, ok bool) {
	if s, ok = w.cut(b, atEOF); !ok {
		return s, false
	}
	w.passage += s.length
	s.last = !s.scan || w.passage >= lex.MaxPassage || w.passage >= lex.PassageSize && closes(b[s.start:s.start+s.length])
	if s.last {
		w.passage = 0
	}
	return s, true
}

// closes reports whether no value goes on behind a line: it is empty, or ends
// like a sentence or with a small word.
func closes(l string) bool {
	l = strings.TrimRight(l, " \t\r\n")
	if l == "" {
		return true
	}
	c := l[len(l)-1]
	if !lex.IsLower(c) {
		return strings.IndexByte(".:;!?>)}]\"'", c) >= 0
	}
	k := len(l)
	for k > 0 && lex.IsWordByte(l[k-1]) {
		k--
	}
	return lex.IsLower(l[k]) && (k == 0 || l[k-1] == ' ')
}

func (w *walker) cut(b string, atEOF bool) (s segment, ok bool) {
	window := b[:min(len(b), maxSegment)]
	complete := atEOF || len(b) >= maxSegment
	if w.tooLong {
		for i := range len(window) {
			if isBreak(window, i) {
				w.tooLong = false
				return segment{length: i + 1}, true
			}
		}
		return segment{length: len(window)}, true
	}
	if i := strings.IndexByte(window, '\n'); i >= 0 {
		return segment{length: i + 1, scan: true}, true
	}
	if !complete {
		return segment{}, false
	}
	if len(b) <= maxSegment && atEOF {
		return segment{length: len(b), scan: true}, true
	}
	if i := blankToCutAt(window); i >= 0 {
		return segment{length: i + 1, scan: true}, true
	}
	for i := len(window) - 2; i > 0; i-- {
		if isBreak(window, i) {
			return segment{length: i + 1, scan: true}, true
		}
	}
	w.tooLong = true
	return segment{length: len(window)}, true
}

// blankToCutAt is the last blank that is not inside a date, a number with a unit
// or the like, else the last blank, else -1.
func blankToCutAt(s string) int {
	for i := len(s) - 2; i > 0; i-- {
		if lex.IsSpace(s[i]) && !lex.IsDigit(s[i-1]) && !lex.IsDigit(s[i+1]) && !lex.IsUpper(s[i+1]) {
			return i
		}
	}
	return strings.LastIndexAny(s, " \t\r")
}

// isBreak reports whether no exact string goes on over the end of byte i.
func isBreak(s string, i int) bool {
	switch c := s[i]; c {
	case '\n', '\r', '\t', ' ', '"', '<', '>', '{', '}', '|', ';':
		return true
	case ',':
		return i > 0 && i+1 < len(s) && !lex.IsDigit(s[i-1]) && !lex.IsDigit(s[i+1])
	default:
		// The last byte of a CJK character between two others.
		return c&0xC0 == 0x80 && i >= 5 && i+1 < len(s) && isCJKLead(s[i-2]) && isCJKLead(s[i-5]) && isCJKLead(s[i+1])
	}
}

func isCJKLead(c byte) bool { return 0xE3 <= c && c <= 0xED }

// scanSegments finds the strings in segments of a text that begins at byte
// base.
func scanSegments(text string, base int64, segments []segment) ([]String, []*tooLongError) {
	sc := scanner{}
	for len(segments) > 0 {
		n := 1
		for n < len(segments) && !segments[n-1].last {
			n++
		}
		start := segments[0].start
		end := start
		for _, s := range segments[:n] {
			if s.scan {
				end = s.start + s.length
			}
		}
		sc.passage = lex.Passage{Text: text[start:end]}
		sc.scanPassage(text[start:end], base+int64(start))
		segments = segments[n:]
	}
	return sc.found, sc.tooLong
}

// Scan returns what Find does, from a reader and in memory that does not grow
// with the text. A run that is too long gives a *TooLongError in its place, and
// Scan goes on after it; another error is the reader's and the last.
//
// As many goroutines as there are processors work between two strings, none
// while the caller has one.
func Scan(src io.Reader) iter.Seq2[String, error] {
	return func(yield func(String, error) bool) {
		sp := splitter{src: src}
		for more := true; more; {
			var blocks []*block
			for len(blocks) < runtime.GOMAXPROCS(0) && more {
				var b *block
				b, more = sp.next()
				blocks = append(blocks, b)
			}
			var wg sync.WaitGroup
			for _, b := range blocks {
				wg.Go(b.scan)
			}
			wg.Wait()
			for _, b := range blocks {
				if !b.yield(yield) {
					return
				}
			}
		}
		if sp.err != nil && !errors.Is(sp.err, io.EOF) {
			yield(String{}, fmt.Errorf("finding exact strings: %w", sp.err))
		}
	}
}

// block is whole segments of a text.
type block struct {
	text     string
	base     int64
	segments []segment
	tooLong  []*tooLongError
	found    []String
}

func (b *block) scan() {
	found, tooLong := scanSegments(b.text, b.base, b.segments)
	b.found = found
	b.tooLong = append(b.tooLong, tooLong...)
	slices.SortFunc(b.tooLong, func(a, b *tooLongError) int { return cmp.Compare(a.Start, b.Start) })
}

func (b *block) yield(yield func(String, error) bool) bool {
	for _, s := range b.found {
		for len(b.tooLong) > 0 && b.tooLong[0].Start < s.Start {
			if !yield(String{}, b.tooLong[0]) {
				return false
			}
			b.tooLong = b.tooLong[1:]
		}
		s.Text = strings.Clone(s.Text) // so that it does not keep the block alive
		if !yield(s, nil) {
			return false
		}
	}
	for _, e := range b.tooLong {
		if !yield(String{}, e) {
			return false
		}
	}
	return true
}

// splitter reads blocks.
type splitter struct {
	src  io.Reader
	err  error
	rest string // read and not yet in a block
	base int64  // where rest begins
	walk walker
	long *tooLongError // under way
}

// next returns the next block and whether there may be another.
func (sp *splitter) next() (*block, bool) {
	buf := make([]byte, len(sp.rest)+blockSize)
	n := copy(buf, sp.rest)
	for n < len(buf) && sp.err == nil {
		var k int
		k, sp.err = sp.src.Read(buf[n:])
		n += k
	}
	text := string(buf[:n])
	b := &block{text: text, base: sp.base}
	at := 0
	done, doneSegments := 0, 0 // where the last whole passage ends
	for at < len(text) {
		s, ok := sp.walk.next(text[at:], sp.err != nil)
		if !ok {
			break
		}
		s.start += at
		at += s.length
		b.segments = append(b.segments, s)
		if s.last {
			done, doneSegments = at, len(b.segments)
		}
		if !s.scan && sp.long == nil {
			sp.long = &tooLongError{Start: sp.base + int64(s.start)}
		}
		if sp.long != nil && (!sp.walk.tooLong || at == len(text) && sp.err != nil) {
			sp.long.End = sp.base + int64(at)
			b.tooLong = append(b.tooLong, sp.long)
			sp.long = nil
		}
	}
	if sp.err == nil {
		at, b.segments, sp.walk.passage = done, b.segments[:doneSegments], 0
	}
	sp.rest = strings.Clone(text[at:])
	sp.base += int64(at)
	return b, sp.err == nil
}
