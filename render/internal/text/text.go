// Package text turns the bytes of a document into pieces of drawable text that
// remember where in the source every byte came from.
//
// It decides what a byte stream means on a page: where source lines end, what
// cannot be drawn and is dropped, what is written another way. It knows nothing
// of faces or widths; that is package shape.
package text

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Reason says why source bytes are not on the page as they stand.
type Reason string

// Reasons to drop: the bytes leave no mark on the page.
const (
	ByteOrderMark    Reason = "byte order mark"
	SoftHyphen       Reason = "soft hyphen"
	ControlCharacter Reason = "control character"
	ANSIEscape       Reason = "ANSI escape sequence"
	ZeroWidthSpace   Reason = "zero-width space" // still allows a line break
	InvisibleFormat  Reason = "invisible format character"
	BidiControl      Reason = "bidi control" // marks of direction are applied, all others are not
	ExcessMarks      Reason = "combining marks beyond 30 on one base"
	BlankPage        Reason = "blank page"
	HangingSpace     Reason = "white space beyond the end of a line"
)

// Reasons to substitute: something else is drawn in place of the bytes.
const (
	InvalidUTF8   Reason = "invalid UTF-8"
	NoGlyph       Reason = "no font has a glyph"
	MarkerEscape  Reason = "newline marker in the text"
	FormFeedMark  Reason = "form feed"
	WiderThanLine Reason = "wider than a line, cut at the edge"
)

// Note records source bytes [Start, End) that were dropped (Drawn is empty) or
// substituted (Drawn is what the page shows in their place).
type Note struct {
	Start  int64  `json:"start"`
	End    int64  `json:"end"`
	Reason Reason `json:"reason"`
	Drawn  string `json:"drawn,omitempty"`
}

// End says what ended a piece.
type End uint8

const (
	Continues End = iota // the source line goes on in the next piece
	Newline              // LF, CRLF, CR, VT, NEL, U+2028 or U+2029
	FormFeed             // a form feed; a new page is asked for
	EOF                  // the end of the source, without a newline before it
)

// Anchor ties an offset of Piece.Text to an offset of the source; between two
// anchors the two run in step.
type Anchor struct {
	Text  int
	Src   int64
	Drawn bool // up to the next anchor the text is a substitution for the source
}

// Piece is a source line, or a part of one too long to hold at once.
type Piece struct {
	Text    []byte   // valid UTF-8 without control characters other than tab; valid until the next call of Next
	Anchors []Anchor // ascending; the first has Text 0
	Notes   []Note   // in source order
	Bidi    bool     // right-to-left characters or bidi controls occur
	End     End
	Line    bool  // a line of the source ends here, as line numbers count: LF, CRLF or CR
	EndSrc  int64 // source offset just past the piece and what ended it
}

// Src returns the source offset that a text offset came from. Offsets inside a
// substitution give the start of the bytes it stands for.
func (p *Piece) Src(off int) int64 {
	a := p.Anchors
	if len(a) == 1 && !a[0].Drawn {
		return a[0].Src + int64(off)
	}
	lo, hi := 0, len(a)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; a[mid].Text <= off {
			lo = mid
		} else {
			hi = mid
		}
	}
	if a[lo].Drawn {
		return a[lo].Src
	}
	return a[lo].Src + int64(off-a[lo].Text)
}

// MaxPiece bounds the bytes of source in a piece. 32 KiB is many pages wide at
// any readable size, and keeps the cost of a paragraph's bidi analysis small.
const MaxPiece = 32 << 10

// maxMarks is the Stream-Safe Text limit of UAX #15, D3: more non-starters
// than this on one base occur in no language.
const maxMarks = 30

// Scanner reads pieces from a source. It is used by one goroutine.
type Scanner struct {
	r       io.Reader
	escaper *Marker
	ffMark  bool

	buf  []byte // unread source is buf[pos:end]
	pos  int
	end  int
	off  int64 // document offset of buf[pos]
	rerr error // why reading stopped, io.EOF included

	out     []byte
	anchors []Anchor
	notes   []Note
	marks   int  // combining marks since the last base
	started bool // some piece was returned
	open    bool // the last piece did not end its line
}

// Options change how a source is read.
type Options struct {
	Marker       *Marker // notation in force when newlines are drawn as a marker; nil for real line breaks
	FormFeedMark bool    // draw form feeds as U+240C rather than end the page
	Offset       int64   // bytes of the document before the source; offsets count from the document's start
}

// NewScanner returns a scanner over r. Nothing is read before the first Next.
func NewScanner(r io.Reader, o Options) *Scanner {
	return &Scanner{r: r, escaper: o.Marker, ffMark: o.FormFeedMark, off: o.Offset, buf: make([]byte, 4*MaxPiece)}
}

// Next returns the next piece, or io.EOF after the last. Any other error is the
// reader's. The piece is valid until the next call.
func (s *Scanner) Next() (Piece, error) {
	line, brk, err := s.take()
	if err != nil {
		return Piece{}, err
	}
	start := s.off
	p := Piece{End: brk.end, Line: brk.end == EOF || brk.end == Newline && (s.buf[s.pos+len(line)] == '\n' || s.buf[s.pos+len(line)] == '\r')}
	s.anchors = append(s.anchors[:0], Anchor{Src: start})
	s.notes = s.notes[:0]
	if !s.open {
		s.marks = 0
	}
	if plain(line) && (s.escaper == nil || !s.escaper.mayOccur(line)) {
		p.Text = line
		if len(line) > 0 {
			s.marks = 0
		}
	} else {
		p.Text, p.Bidi = s.clean(line, start)
		if s.escaper != nil && s.escaper.mayOccur(p.Text) {
			p.Text = s.escape(p.Text, start+int64(len(line)), brk.end == Newline)
		}
	}
	s.pos += len(line) + brk.size
	s.off += int64(len(line) + brk.size)
	p.Anchors, p.Notes, p.EndSrc = s.anchors, s.notes, s.off
	s.started, s.open = true, brk.end == Continues
	return p, nil
}

type lineBreak struct {
	end  End
	size int // bytes
}

// take finds the next line, or at most MaxPiece bytes of it, in the buffer.
func (s *Scanner) take() ([]byte, lineBreak, error) {
	for scanned := 0; ; {
		b := s.buf[s.pos:s.end]
		if i, brk := findBreak(b, scanned, s.rerr != nil, s.ffMark); i >= 0 && i <= MaxPiece {
			return b[:i], brk, nil
		}
		if len(b) > MaxPiece+utf8.UTFMax {
			return b[:s.cut(b[:MaxPiece+utf8.UTFMax])], lineBreak{Continues, 0}, nil
		}
		if s.rerr != nil {
			if !errors.Is(s.rerr, io.EOF) {
				return nil, lineBreak{}, s.rerr
			}
			if len(b) == 0 {
				return nil, lineBreak{}, io.EOF
			}
			return b, lineBreak{EOF, 0}, nil
		}
		// A break of several bytes may straddle the end of what was read.
		scanned = max(0, len(b)-utf8.UTFMax)
		s.fill()
	}
}

func (s *Scanner) fill() {
	if s.pos > 0 && len(s.buf)-s.end < MaxPiece {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.rerr = err
			return
		}
		if n > 0 {
			return
		}
	}
	s.rerr = io.ErrNoProgress
}

// findBreak returns the offset of the first line break at or after from, or -1.
// Without atEOF a break that needs bytes not yet read is not found.
func findBreak(b []byte, from int, atEOF, ffMark bool) (int, lineBreak) {
	if from > 0 && from < len(b) && b[from] == '\n' && b[from-1] == '\r' {
		from--
	}
	limit := len(b)
	if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
		limit = from + i
	}
	// Everything before the first LF is searched for the rare breaks.
	for i := from; i < limit; {
		j := rareBreak(b[i:limit])
		if j < 0 {
			break
		}
		i += j
		switch c := b[i]; {
		case c == '\r':
			if i+1 < len(b) {
				if b[i+1] == '\n' {
					return i, lineBreak{Newline, 2}
				}
				return i, lineBreak{Newline, 1}
			}
			if atEOF {
				return i, lineBreak{Newline, 1}
			}
			return -1, lineBreak{}
		case c == '\v':
			return i, lineBreak{Newline, 1}
		case c == '\f':
			if !ffMark {
				return i, lineBreak{FormFeed, 1}
			}
		case c == 0xC2 && i+1 < len(b) && b[i+1] == 0x85:
			return i, lineBreak{Newline, 2}
		case c == 0xE2 && i+2 < len(b) && b[i+1] == 0x80 && (b[i+2] == 0xA8 || b[i+2] == 0xA9):
			return i, lineBreak{Newline, 3}
		}
		i++
	}
	if limit < len(b) {
		return limit, lineBreak{Newline, 1}
	}
	return -1, lineBreak{}
}

// cut chooses where to end a piece of a line too long to hold: behind the last
// space, else before a rune that starts a cluster, never inside a notation.
func (s *Scanner) cut(b []byte) int {
	if i := bytes.LastIndexByte(b[:MaxPiece], ' '); i > MaxPiece/2 {
		return i + 1
	}
	n := MaxPiece
	for n > MaxPiece-utf8.UTFMax && !utf8.RuneStart(b[n]) {
		n--
	}
	for back := 0; back < 256; back++ {
		r, _ := utf8.DecodeRune(b[n:])
		prev, size := utf8.DecodeLastRune(b[:n])
		if !extends(r) && prev != zwj && prev != '\x1b' && !(s.escaper != nil && s.escaper.inside(b, n)) {
			return n
		}
		n -= size
	}
	return n
}

const (
	zwsp = '\u200b'
	zwj  = '\u200d'
)

// extends reports whether r belongs to the grapheme cluster before it.
func extends(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.M, r) || r == zwj || r == '\u200c' || r >= 0x1F3FB && r <= 0x1F3FF)
}

// clean copies a line to s.out, dropping and substituting, and notes it all.
func (s *Scanner) clean(line []byte, start int64) (out []byte, bidi bool) {
	out = s.out[:0]
	note := func(i, n int, why Reason, drawn string) {
		from := start + int64(i)
		to := from + int64(n)
		if k := len(s.notes) - 1; k >= 0 && drawn == "" && s.notes[k].End == from && s.notes[k].Reason == why && s.notes[k].Drawn == "" {
			s.notes[k].End = to
		} else {
			s.notes = append(s.notes, Note{from, to, why, drawn})
		}
	}
	anchor := func(i int, drawn bool) {
		a := Anchor{len(out), start + int64(i), drawn}
		if k := len(s.anchors) - 1; s.anchors[k].Text == a.Text {
			s.anchors[k] = a
		} else {
			s.anchors = append(s.anchors, a)
		}
	}
	// resume says that text goes on in step with source offset i.
	resume := func(i int) { anchor(i, false) }
	substitute := func(i, n int, why Reason, drawn string) {
		note(i, n, why, drawn)
		anchor(i, true)
		out = append(out, drawn...)
		resume(i + n)
	}
	for i := 0; i < len(line); {
		c := line[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= ' ' && c != 0x7f || c == '\t':
				out = append(out, c)
				s.marks = 0
				i++
			case c == '\f':
				substitute(i, 1, FormFeedMark, formFeedSign)
				i++
			case c == 0x1b:
				n := ansiLen(line[i:])
				why := ANSIEscape
				if n == 1 {
					why = ControlCharacter
				}
				note(i, n, why, "")
				i += n
				resume(i)
			default:
				note(i, 1, ControlCharacter, "")
				i++
				resume(i)
			}
			continue
		}
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			substitute(i, 1, InvalidUTF8, fmt.Sprintf(`\x%02X`, c))
			i++
			s.marks = 0
			continue
		}
		why, keep := classify(r, start+int64(i) == 0)
		if s.escaper != nil && invisible(r) && s.escaper.touches(out) {
			// Unseen on the page, it would keep a backslash apart from what it
			// quotes.
			keep = false
			if why == "" {
				why = InvisibleFormat
			}
		}
		switch {
		case r >= 0x300 && unicode.Is(unicode.M, r):
			if s.marks++; s.marks > maxMarks {
				why, keep = ExcessMarks, false
			}
		case why == "" && r != zwj && r != '\u200c':
			s.marks = 0
		}
		if why != "" {
			note(i, n, why, "")
		}
		bidi = bidi || why == BidiControl && keep || rightToLeft(r)
		if keep {
			out = append(out, line[i:i+n]...)
			i += n
		} else {
			i += n
			resume(i)
		}
	}
	s.out = out
	return out, bidi
}

// escape writes the text of a piece in the marker's notation: text as it will
// be drawn, for that is what is read back. End is the source offset behind it.
func (s *Scanner) escape(text []byte, end int64, beforeMarker bool) []byte {
	old := Piece{Text: text, Anchors: slices.Clone(s.anchors), EndSrc: end}
	src := func(i int) (at int64, drawn bool) {
		if i == len(text) {
			return end, false
		}
		for _, a := range old.Anchors {
			if a.Text <= i {
				drawn = a.Drawn
			}
		}
		return old.Src(i), drawn
	}
	var out []byte
	s.anchors = s.anchors[:0]
	add := func(at int64, drawn bool) {
		if k := len(s.anchors) - 1; k >= 0 && s.anchors[k].Text == len(out) {
			s.anchors = s.anchors[:k]
		}
		s.anchors = append(s.anchors, Anchor{len(out), at, drawn})
	}
	next, plain := 0, 0 // anchor of the text as it was; where escaping may act again
	for i := 0; i < len(text); {
		for ; next < len(old.Anchors) && old.Anchors[next].Text <= i; next++ {
			if a := old.Anchors[next]; a.Text == i {
				add(a.Src, a.Drawn)
			}
		}
		n, drawn := 0, ""
		if i >= plain {
			n, drawn = s.escaper.escape(text, i, beforeMarker)
		}
		if n == 0 || len(drawn) == n {
			plain = max(plain, i+n) // a run of backslashes that stands as it is
			out = append(out, text[i])
			i++
			continue
		}
		from, _ := src(i)
		to, inside := src(i + n)
		s.notes = append(s.notes, Note{from, max(to, from+1), MarkerEscape, drawn})
		add(from, true)
		out = append(out, drawn...)
		i += n
		if i < len(text) {
			add(to, inside)
		}
	}
	slices.SortStableFunc(s.notes, func(a, b Note) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// invisible reports whether r stays in the text and leaves no mark.
func invisible(r rune) bool {
	return r == zwsp || r == zwj || r == '\u200c' || r == 0x61C || r == 0x200E || r == 0x200F ||
		r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

const formFeedSign = "\u240c"

// classify says whether a rune above ASCII stays in the text, and why it leaves
// no mark on the page if it leaves none.
func classify(r rune, first bool) (why Reason, keep bool) {
	switch {
	case r < 0xA0:
		return ControlCharacter, false
	case r == 0xAD:
		return SoftHyphen, false
	case r < 0x34F:
		return "", true
	case r == zwsp:
		return ZeroWidthSpace, true
	case r == 0x61C, r == 0x200E, r == 0x200F:
		return BidiControl, true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		// Overrides, embeddings and isolates can show a text in another order
		// than programs read it in (CVE-2021-42574).
		return BidiControl, false
	case r == 0xFEFF && first:
		return ByteOrderMark, false
	case r == 0xFEFF, r == 0x34F, r == 0x180E, r >= 0x2060 && r <= 0x2065, r >= 0x206A && r <= 0x206F,
		r >= 0xFFF9 && r <= 0xFFFB, r >= 0xE0000 && r <= 0xE007F, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x3164, r == 0xFFA0:
		return InvisibleFormat, false
	}
	return "", true
}

// rightToLeft reports whether r is in a block whose characters run from right
// to left. It may say so of a few that do not; that costs time, nothing else.
func rightToLeft(r rune) bool {
	return r >= 0x590 && (r <= 0x8FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC ||
		r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF)
}

// ansiLen returns the length of the ECMA-48 escape sequence at the start of b,
// or 1 if there is none.
func ansiLen(b []byte) int {
	if len(b) < 2 {
		return 1
	}
	switch {
	case b[1] == '[': // CSI: parameters, intermediates, final byte
		i := 2
		for i < len(b) && i < 64 && b[i] >= 0x20 && b[i] <= 0x3f {
			i++
		}
		if i < len(b) && b[i] >= 0x40 && b[i] <= 0x7e {
			return i + 1
		}
	case b[1] == ']': // OSC: up to BEL or ESC \
		for i := 2; i < len(b) && i < 4096; i++ {
			if b[i] == 0x07 {
				return i + 1
			}
			if b[i] == 0x1b && i+1 < len(b) && b[i+1] == '\\' {
				return i + 2
			}
		}
	case b[1] >= 0x40 && b[1] <= 0x5f:
		return 2
	}
	return 1
}
