package layout

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render/internal/text"
)

// ErrBlank says that nothing of a document leaves a mark on a page.
var ErrBlank = errors.New("the document has no visible text")

// endLine finishes the line, which shows the source up to end. Forced lines
// end where the source does; others were full.
func (e *Engine) endLine(forced bool, end int64) error {
	leading, ascent := e.g.leading, e.g.ascent
	if e.tall {
		leading += e.g.growth
		ascent += e.g.rise
	}
	if e.sheet == nil || e.y+leading > e.g.bottom+slack {
		if err := e.nextColumn(); err != nil {
			return err
		}
	}
	// White space at the end hangs.
	for n := len(e.items); n > 0 && e.items[n-1].Word == nil; n-- {
		e.x -= e.items[n-1].gap
		e.items = e.items[:n-1]
	}
	indent := e.g.leftIndent
	if e.firstLine {
		indent += e.g.firstIndent
	}
	left := e.g.left + e.g.step*fixed.Int26_6(e.col) + indent
	free := e.avail - e.x
	if e.rtl {
		reorder(e.items)
	}
	stretch := free < 0 // then spaces shrink
	switch free := max(free, 0); e.cfg.Alignment {
	case configs.AlignCenter:
		left += free / 2
	case configs.AlignRight:
		left += free
	case configs.AlignJustify:
		stretch = stretch || !forced
	}
	var extra fixed.Int26_6 // per space
	if stretch {
		n := 0
		for i := range e.items {
			if i > 0 {
				n += int(e.items[i].spaces)
			}
		}
		if n > 0 {
			extra = fixed.Int26_6(math.Floor(float64(free) / float64(n)))
		}
	}
	s := e.sheet
	from := len(s.items)
	x := left
	for i := range e.items {
		it := &e.items[i]
		x += it.gap
		if i > 0 {
			x += extra * fixed.Int26_6(it.spaces)
		}
		it.X = x
		if it.Word != nil {
			x += it.Word.Width
			s.items = append(s.items, *it)
			s.glyphs = s.glyphs || !it.Word.Blank
		}
	}
	top := int((e.y + one/2) >> 16)
	s.Lines = append(s.Lines, Line{
		Start: e.start, End: end, Column: e.col,
		X: left, Width: x - left,
		Top: top, Height: int((e.y+leading+one/2)>>16) - top,
		Baseline: int((e.y + ascent + one/2) >> 16),
		Items:    s.items[from:len(s.items):len(s.items)],
	})
	if s.FirstLine == 0 {
		s.FirstLine = e.lineFrom
	}
	s.LastLine = e.srcLine
	if end <= e.srcStart {
		s.LastLine = max(e.lineFrom, e.srcLine-1)
	}
	s.Runes += e.runes
	// White space hangs at the end of a line, but the indentation of a source
	// line that begins there goes with its text.
	keep := e.gap - e.markerGap
	if forced || !e.indenting || keep > e.avail/2 {
		if e.gap > maxHanging*e.sh.Space() {
			e.notes = append(e.notes, text.Note{Start: e.gapStart, End: e.gapEnd, Reason: text.HangingSpace})
		}
		keep = 0
	}
	e.gap, e.spaces, e.indenting = max(keep, 0), 0, false
	later := e.notes[:0]
	for _, n := range e.notes {
		if n.Start < end {
			s.Notes = append(s.Notes, n)
		} else {
			later = append(later, n)
		}
	}
	e.notes = later
	e.takeAnchors(end)

	e.y += leading
	e.items, e.x, e.lineSpaces, e.runes = e.items[:0], 0, 0, 0
	e.start, e.lineFrom = end, e.srcLine
	e.rtl, e.tall, e.open, e.firstLine = false, false, false, false
	e.avail = e.lineWidth()
	return nil
}

// maxHanging is how many spaces may hang at the end of a line without a word:
// as many as trail in text that people write. More may mean something.
const maxHanging = 16

// slack forgives rounding when a frame is an exact number of lines high.
const slack = one / 64

func (e *Engine) lineWidth() fixed.Int26_6 {
	w := e.g.width - e.g.leftIndent - e.g.rightIndent
	if e.firstLine {
		w -= e.g.firstIndent
	}
	return w + 1 // as slack
}

func (e *Engine) beginParagraph() error {
	if e.sheet == nil {
		if err := e.newSheet(); err != nil {
			return err
		}
	}
	e.inPara, e.firstLine, e.paraLines = true, true, 0
	e.avail = e.lineWidth()
	if e.y > e.columnTop() { // of two spaces the larger counts
		e.y += max(e.g.before, e.g.after)
	}
	e.paraTop = e.y
	return nil
}

func (e *Engine) endParagraph() error {
	if err := e.endLine(true, e.end); err != nil {
		return err
	}
	e.closeRect()
	e.inPara = false
	return nil
}

// closeRect draws the paragraph's box down to here.
func (e *Engine) closeRect() {
	if e.sheet == nil || e.y <= e.paraTop || !e.boxed() {
		return
	}
	round := func(v int64) int { return int((v + one/2) >> 16) }
	left := e.g.left + e.g.step*fixed.Int26_6(e.col) + e.g.leftIndent
	right := left + e.g.width - e.g.leftIndent - e.g.rightIndent
	grow := e.g.padding + e.g.border/2 // the stroke is centred on the edge
	pad := fixed.Int26_6(grow >> 10)
	e.sheet.Rects = append(e.sheet.Rects, Rect{
		X0: (left - pad).Round(), X1: (right + pad).Round(),
		Y0: round(e.paraTop - grow), Y1: round(e.y + grow),
		Border: e.BorderPx(),
	})
}

// BorderPx is the width of paragraph borders, at least 1 px if there are any.
func (e *Engine) BorderPx() int {
	if e.g.border == 0 {
		return 0
	}
	return max(1, int((e.g.border+one/2)>>16))
}

func (e *Engine) boxed() bool {
	return e.g.border > 0 || e.cfg.ParaBGColor != e.cfg.PageBGColor
}

// nextColumn moves to the top of the next column, on a new sheet after the last.
func (e *Engine) nextColumn() error {
	if e.sheet != nil {
		e.closeRect()
	}
	if e.sheet != nil && e.col+1 < e.g.columns {
		e.col++
		e.y = e.columnTop()
	} else if err := e.newSheet(); err != nil {
		return err
	}
	e.paraTop = e.y
	return nil
}

// newPage ends the sheet at a form feed.
func (e *Engine) newPage() error {
	if err := e.flush(); err != nil {
		return err
	}
	e.sheet = nil
	return nil
}

func (e *Engine) columnTop() int64 {
	return e.g.top + int64(len(e.sheet.Header))*e.g.leading
}

func (e *Engine) newSheet() error {
	if err := e.flush(); err != nil {
		return err
	}
	e.sheet = &Sheet{items: make([]Item, 0, 2048), Lines: make([]Line, 0, 96)}
	e.col = 0
	if err := e.reserveHeader(); err != nil {
		return err
	}
	e.y = e.columnTop()
	return nil
}

// flush completes the sheet, if there is one. Sheets are held back by one, for
// only the end of the document tells which is the last.
func (e *Engine) flush() error {
	s := e.sheet
	if s == nil || len(s.Lines) == 0 {
		return nil
	}
	e.sheet = nil
	if !s.glyphs && !e.cfg.BlankPages {
		e.blanks = append(e.blanks, s.Notes...)
		from, to := s.Lines[0].Start, s.Lines[len(s.Lines)-1].End
		if k := len(e.blanks) - 1; k >= 0 && e.blanks[k].Reason == text.BlankPage && e.blanks[k].End == from {
			e.blanks[k].End = to
		} else {
			e.blanks = append(e.blanks, text.Note{Start: from, End: to, Reason: text.BlankPage})
		}
		return nil
	}
	if err := e.release(); err != nil {
		return err
	}
	e.number++
	s.Number = e.number
	if err := e.drawHeader(s); err != nil {
		return err
	}
	s.Notes = append(e.blanks, s.Notes...)
	e.blanks = nil
	e.held = s
	return nil
}

func (e *Engine) finish() error {
	if e.inPara && (e.open || len(e.items) > 0 || e.end > e.start) {
		if err := e.endParagraph(); err != nil {
			return err
		}
	}
	if err := e.flush(); err != nil {
		return err
	}
	if e.held == nil {
		return ErrBlank
	}
	e.held.Notes = append(e.held.Notes, e.blanks...)
	e.held.Notes = append(e.held.Notes, e.notes...)
	e.held.Last = true
	return e.release()
}

// release emits the sheet that was held back.
func (e *Engine) release() error {
	if e.held == nil {
		return nil
	}
	slices.SortStableFunc(e.held.Notes, func(a, b text.Note) int { return cmp.Compare(a.Start, b.Start) })
	return e.emit(e.held)
}
