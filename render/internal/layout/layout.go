// Package layout fills lines and pages: it turns pieces of text into sheets of
// positioned words, and knows for every line which bytes of the source it shows.
//
// It neither shapes (package shape) nor paints (package raster). The geometry
// is that of the published Glyph renderer: a frame inside the margins, greedy
// lines, paragraphs of 30 source lines (testdata/reference of package render).
package layout

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render/internal/shape"
	"github.com/glyphkit/glyph/render/internal/text"
)

// Ink is what an item is painted with.
type Ink uint8

const (
	TextInk Ink = iota
	MarkerInk
)

// Item is a word on a line. X is the word's origin in px from the left edge of
// the page.
type Item struct {
	Word *shape.Word // nil for white space
	X    fixed.Int26_6
	Ink  Ink

	level  uint8
	spaces uint16        // white space: how many spaces, which justification may widen
	gap    fixed.Int26_6 // white space before the word
}

// Line is a row of items that shows the source bytes [Start, End).
type Line struct {
	Start, End    int64
	Column        int
	X, Width      fixed.Int26_6 // px, of the text
	Top, Baseline int           // px from the top of the page
	Height        int           // px, the leading
	Items         []Item
}

// Rect is a paragraph's background and border, in px.
type Rect struct {
	X0, Y0, X1, Y1 int // outside of the border
	Border         int // px
}

// Sheet is a page before it is painted.
type Sheet struct {
	Number              int
	Lines               []Line
	Header              []Line // label and legend; they show no source
	Rects               []Rect
	Notes               []text.Note
	FirstLine, LastLine int // source lines, from 1
	Runes               int
	Last                bool // of the document

	glyphs bool
	items  []Item
}

// Geometry is a config in px.
type Geometry struct {
	Width, Height int           // page
	XPPEM, YPPEM  float64       // px per em
	left, width   fixed.Int26_6 // first column of the frame
	step          fixed.Int26_6 // from one column to the next
	columns       int
	top, bottom   int64 // frame; vertical measures are in 1/65536 px, so that sums are exact
	leading       int64
	ascent        int64
	before, after int64
	padding       int64
	border        int64
	firstIndent   fixed.Int26_6
	leftIndent    fixed.Int26_6
	rightIndent   fixed.Int26_6
}

const one = 1 << 16

// NewGeometry computes the page in px for a first face whose baseline lies
// ascent em below the top of a line and that reaches descent em below it.
//
// The published renderer puts the first baseline font-size below the top of the
// frame, whatever the face, and lets descenders hang into the margin; that is
// ascent 1. Without a margin to hang into, lines move up.
func NewGeometry(c configs.Config, ascent, descent float64) Geometry {
	sy := c.DPI / 72
	sx := float64(sy * c.HorizontalScale)
	h := func(pt float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(float64(pt*sx) * 64)) }
	v := func(pt float64) int64 { return int64(math.Round(float64(pt*sy) * one)) }
	px := func(pt, scale float64) int { return int(math.Ceil(float64(pt*scale) - 1e-6)) }

	width := px(c.PageSize.Width, sy) // the published renderer narrows the finished page
	if c.HorizontalScale != 1 {
		width = int(float64(float64(width) * c.HorizontalScale))
	}
	g := Geometry{
		Width: width, Height: px(c.PageSize.Height, sy),
		XPPEM: float64(c.FontSize * sx), YPPEM: float64(c.FontSize * sy),
		left:    h(c.MarginX + c.FramePadding),
		columns: c.Columns,
		top:     v(c.MarginY + c.FramePadding),
		bottom:  v(c.PageSize.Height - c.MarginY - c.FramePadding),
		leading: v(c.LineHeight),
		before:  v(c.SpaceBefore), after: v(c.SpaceAfter),
		padding: v(c.BorderPadding), border: v(c.BorderWidth),
		firstIndent: h(c.FirstLineIndent), leftIndent: h(c.LeftIndent), rightIndent: h(c.RightIndent),
	}
	overhang := float64(float64((ascent+descent)*c.FontSize) - c.LineHeight) // of a line over its leading
	g.ascent = v(float64(ascent*c.FontSize) - max(0, overhang-c.MarginY-c.FramePadding))
	frame := h(c.PageSize.Width) - 2*g.left
	if c.PatchSize > 1 { // what snapping adds is room for text
		g.Width, g.Height = SnapUp(g.Width, c.PatchSize), SnapUp(g.Height, c.PatchSize)
		frame = fixed.I(g.Width) - 2*g.left
		g.bottom = int64(g.Height)<<16 - g.top
	}
	gap := h(c.ColumnGap)
	g.width = (frame - gap*fixed.Int26_6(c.Columns-1)) / fixed.Int26_6(c.Columns)
	g.step = g.width + gap
	return g
}

// SnapUp rounds a side in px up to a multiple of the patch, if there is one.
func SnapUp(px, patch int) int {
	if patch <= 1 {
		return px
	}
	return (px + patch - 1) / patch * patch
}

// Engine lays out one document. It is used by one goroutine, once.
type Engine struct {
	cfg    configs.Config
	g      Geometry
	sh     *shape.Shaper
	markup configs.Markup
	marker *text.Marker
	name   string
	emit   func(*Sheet) error

	sheet  *Sheet
	held   *Sheet // complete, but perhaps the last
	blanks []text.Note
	number int
	col    int
	y      int64

	// The line being filled.
	items            []Item
	x, gap           fixed.Int26_6 // advance so far; white space not yet placed
	spaces           int           // in gap
	gapStart, gapEnd int64         // source range of gap
	lineSpaces       int           // between the items
	avail            fixed.Int26_6
	start            int64 // source offset where the line begins
	end              int64 // source offset behind the last thing placed
	runes            int
	rtl              bool          // some item has a level above 0
	open             bool          // something was placed, if only white space
	indenting        bool          // nothing but white space since a newline marker
	markerGap        fixed.Int26_6 // the marker's own space in gap

	inPara    bool
	paraTop   int64
	paraLines int // source lines of the paragraph so far
	firstLine bool
	srcLine   int   // source line being read, from 1
	srcStart  int64 // source offset where it begins
	lineFrom  int   // source line at the start of the line being filled

	notes  []text.Note // not yet on a sheet
	levels []uint8
	bidi   bidi.Paragraph
}

// ErrBlank says that nothing of a document leaves a mark on a page.
var ErrBlank = errors.New("the document has no visible text")

// Run lays out everything that sc yields and calls emit with each sheet in
// order. Name is what a page label calls the document.
func Run(ctx context.Context, cfg configs.Config, g Geometry, sh *shape.Shaper, sc *text.Scanner, marker *text.Marker, name string, emit func(*Sheet) error) error {
	markup, err := configs.ParseMarkup(cfg.NewlineMarkup)
	if err != nil {
		return err
	}
	e := &Engine{cfg: cfg, g: g, sh: sh, markup: markup, marker: marker, name: name, emit: emit, srcLine: 1, lineFrom: 1}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := sc.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := e.piece(&p); err != nil {
			return err
		}
	}
	return e.finish()
}

// piece places one piece of the source.
func (e *Engine) piece(p *text.Piece) error {
	e.notes = append(e.notes, p.Notes...)
	if !e.inPara {
		if err := e.beginParagraph(); err != nil {
			return err
		}
	}
	var err error
	if p.Bidi {
		err = e.bidiText(p)
	} else {
		err = e.plainText(p)
	}
	if err != nil {
		return err
	}
	e.end = p.EndSrc
	if p.End == text.Continues {
		return nil
	}
	ended := p.End == text.EOF
	if !ended {
		e.runes++ // the newline
	}
	e.paraLines++
	closes := e.cfg.ParagraphLines > 0 && e.paraLines >= e.cfg.ParagraphLines
	if e.marker != nil && p.End == text.Newline {
		if err := e.placeMarker(p); err != nil {
			return err
		}
	}
	if p.Line {
		e.srcLine++
		e.srcStart = e.end
	}
	switch {
	case p.End == text.FormFeed:
		if err := e.endParagraph(); err != nil {
			return err
		}
		return e.newPage()
	case closes || ended:
		return e.endParagraph()
	case e.markup.Break:
		return e.endLine(true, e.end)
	}
	return nil
}

// plainText places the words of a piece that reads from left to right.
func (e *Engine) plainText(p *text.Piece) error {
	t := p.Text
	for i := 0; i < len(t); {
		switch t[i] {
		case ' ':
			j := i + 1
			for j < len(t) && t[j] == ' ' {
				j++
			}
			e.space(p, i, j)
			i = j
		case '\t':
			e.tab(p, i)
			i++
		default:
			j := i + 1
			for j < len(t) && t[j] != ' ' && t[j] != '\t' {
				j++
			}
			if err := e.token(p, i, j, 0); err != nil {
				return err
			}
			i = j
		}
	}
	return nil
}

// bidiText places the words of a piece with right-to-left characters. White
// space becomes items of its own, since it is reordered too.
func (e *Engine) bidiText(p *text.Piece) error {
	e.levels = bidiLevels(&e.bidi, p.Text, bidi.Neutral, e.levels[:0])
	t := p.Text
	for i := 0; i < len(t); {
		level := e.levels[i]
		j := i + 1
		switch t[i] {
		case ' ':
			for j < len(t) && t[j] == ' ' && e.levels[j] == level {
				j++
			}
			e.flushGap(0)
			e.space(p, i, j)
			e.flushGap(level)
		case '\t':
			e.flushGap(0)
			e.tab(p, i)
			e.flushGap(level)
		default:
			for j < len(t) && t[j] != ' ' && t[j] != '\t' && e.levels[j] == level {
				j++
			}
			e.flushGap(0)
			if err := e.token(p, i, j, level); err != nil {
				return err
			}
		}
		i = j
	}
	return nil
}

// space adds the spaces t[i:j] behind the last word.
func (e *Engine) space(p *text.Piece, i, j int) {
	n := j - i
	if e.gap == 0 {
		e.gapStart = p.Src(i)
	}
	e.gapEnd = p.Src(j-1) + 1
	e.gap = min(e.gap+e.sh.Space()*fixed.Int26_6(min(n, 1<<15)), maxGap)
	e.spaces += n
	e.runes += n
	e.open = true
}

// maxGap keeps endless white space from overflowing; no page is as wide.
const maxGap = fixed.Int26_6(1 << 28)

// tab moves on to the next tab stop.
func (e *Engine) tab(p *text.Piece, i int) {
	if e.gap == 0 {
		e.gapStart = p.Src(i)
	}
	e.gapEnd = p.Src(i) + 1
	stop := e.sh.Space() * fixed.Int26_6(e.cfg.TabWidth)
	at := e.x + e.gap
	to := stop - at%stop
	if to < e.sh.Space()/2 { // at a stop, but for rounding
		to += stop
	}
	e.gap = min(e.gap+to, maxGap)
	e.runes++
	e.open = true
}

// flushGap turns the white space not yet placed into an item of its own.
func (e *Engine) flushGap(level uint8) {
	if e.gap == 0 {
		return
	}
	e.items = append(e.items, Item{gap: e.gap, spaces: uint16(min(e.spaces, 1<<16-1)), level: level})
	e.x += e.gap
	e.lineSpaces += e.spaces
	e.gap, e.spaces = 0, 0
	e.rtl = e.rtl || level > 0
}

// token places t[i:j], which holds no white space.
func (e *Engine) token(p *text.Piece, i, j int, level uint8) error {
	t := p.Text
	rtl := level%2 == 1
	w, err := e.sh.Word(t[i:j], rtl)
	if err != nil {
		return err
	}
	for k := range w.Subs {
		sub := &w.Subs[k]
		e.notes = append(e.notes, text.Note{Start: p.Src(i + sub.Off), End: p.Src(i + sub.Off + sub.Len), Reason: text.NoGlyph, Drawn: sub.Drawn})
	}
	if e.fits(w) {
		e.add(w, TextInk, level)
		e.runes += runeCount(t[i:j])
		return nil
	}
	if e.cfg.Wrap == configs.WrapCharacter {
		return e.split(p, i, j, level)
	}
	if w.Parts == nil {
		return e.unbreakable(p, i, j, w, level)
	}
	for k := 0; k < len(w.Parts); k++ {
		part := w.Parts[k]
		// A line must not end inside an escape: \\ | n would read as \ and \n.
		for e.marker != nil && t[i+part.Len-1] == '\\' && k+1 < len(w.Parts) {
			k++
			part.Len += w.Parts[k].Len
			if part.Word, err = e.sh.Word(t[i:i+part.Len], rtl); err != nil {
				return err
			}
		}
		if e.fits(part.Word) {
			e.add(part.Word, TextInk, level)
			e.runes += runeCount(t[i : i+part.Len])
		} else if err := e.unbreakable(p, i, i+part.Len, part.Word, level); err != nil {
			return err
		}
		i += part.Len
	}
	return nil
}

// fits reports whether w may still stand on the line: if need be, spaces
// shrink by up to a twentieth, as the published renderer has them.
func (e *Engine) fits(w *shape.Word) bool {
	over := e.x + e.gap + w.Width - e.avail
	return over <= 0 || over*20 <= e.sh.Space()*fixed.Int26_6(e.lineSpaces+e.spaces)
}

// unbreakable places a word that does not fit what is left of the line and has
// no break inside: on the next line, or, if it is longer than a line, in as
// many pieces as it takes, from where the line stands.
func (e *Engine) unbreakable(p *text.Piece, i, j int, w *shape.Word, level uint8) error {
	if (e.x > 0 || e.gap > 0) && w.Width <= e.lineWidth() {
		if err := e.endLine(false, p.Src(i)); err != nil {
			return err
		}
		if e.fits(w) {
			e.add(w, TextInk, level)
			e.runes += runeCount(p.Text[i:j])
			return nil
		}
	}
	return e.split(p, i, j, level)
}

// split places t[i:j] between grapheme clusters, line by line.
func (e *Engine) split(p *text.Piece, i, j int, level uint8) error {
	for i < j {
		w, n, err := e.sh.Fit(p.Text[i:j], level%2 == 1, e.avail-e.x-e.gap)
		if err != nil {
			return err
		}
		if !e.fits(w) && (e.x > 0 || e.gap > 0) {
			if err := e.endLine(false, p.Src(i)); err != nil {
				return err
			}
			continue
		}
		if !e.fits(w) {
			e.notes = append(e.notes, text.Note{Start: p.Src(i), End: p.Src(i + n), Reason: text.WiderThanLine, Drawn: string(p.Text[i : i+n])})
		}
		e.add(w, TextInk, level)
		e.runes += runeCount(p.Text[i : i+n])
		if i += n; i < j {
			if err := e.endLine(false, p.Src(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeMarker draws the newline marker at the end of a source line.
func (e *Engine) placeMarker(p *text.Piece) error {
	core := strings.TrimSpace(e.markup.Text)
	lead := len(e.markup.Text) - len(strings.TrimLeft(e.markup.Text, " "))
	trail := len(e.markup.Text) - lead - len(core)
	w, err := e.sh.Word([]byte(core), false)
	if err != nil {
		return err
	}
	if e.rtl {
		e.flushGap(0)
	}
	if e.open && !(e.indenting && e.gap == e.markerGap) { // one space between two markers
		e.gap += e.sh.Space() * fixed.Int26_6(lead)
		e.spaces += lead
	}
	if !e.fits(w) && e.x > 0 {
		// The marker stands for the newline, which begins behind the text.
		if err := e.endLine(false, p.Src(len(p.Text))); err != nil {
			return err
		}
	}
	ink := TextInk
	if e.markup.HasColor {
		ink = MarkerInk
	}
	e.add(w, ink, 0)
	e.markerGap = e.sh.Space() * fixed.Int26_6(trail)
	e.gap += e.markerGap
	e.spaces += trail
	e.indenting = true
	return nil
}

// add puts a word on the line, behind the white space not yet placed.
func (e *Engine) add(w *shape.Word, ink Ink, level uint8) {
	e.items = append(e.items, Item{Word: w, Ink: ink, level: level, gap: e.gap, spaces: uint16(min(e.spaces, 1<<16-1))})
	e.x += e.gap + w.Width
	e.lineSpaces += e.spaces
	e.gap, e.spaces = 0, 0
	e.rtl = e.rtl || level > 0
	e.open, e.indenting = true, false
}

// endLine finishes the line, which shows the source up to end. Forced lines
// end where the source does; others were full.
func (e *Engine) endLine(forced bool, end int64) error {
	if e.sheet == nil || e.y+e.g.leading > e.g.bottom+slack {
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
		Top: top, Height: int((e.y+e.g.leading+one/2)>>16) - top,
		Baseline: int((e.y + e.g.ascent + one/2) >> 16),
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

	e.y += e.g.leading
	e.items, e.x, e.lineSpaces, e.runes = e.items[:0], 0, 0, 0
	e.start, e.lineFrom = end, e.srcLine
	e.rtl, e.open, e.firstLine = false, false, false
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

// reserveHeader keeps lines free at the top of a sheet.
func (e *Engine) reserveHeader() error {
	s := e.sheet
	if e.cfg.PageLabel != "" {
		s.Header = append(s.Header, Line{})
	}
	if e.marker == nil || e.cfg.Legend == configs.LegendNone || e.cfg.Legend == configs.LegendFirst && e.number > 0 {
		return nil
	}
	lines, err := e.headerLines(e.marker.Legend())
	s.Header = append(s.Header, lines...)
	return err
}

// headerLines fills lines over the whole frame with a text of our own.
func (e *Engine) headerLines(t string) ([]Line, error) {
	frame := e.g.step*fixed.Int26_6(e.g.columns-1) + e.g.width
	var lines []Line
	var line Line
	x := fixed.Int26_6(0)
	for _, word := range strings.Fields(t) {
		w, err := e.sh.Word([]byte(word), false)
		if err != nil {
			return nil, err
		}
		if len(line.Items) > 0 && x+e.sh.Space()+w.Width > frame {
			lines = append(lines, line)
			line, x = Line{}, 0
		}
		if len(line.Items) > 0 {
			x += e.sh.Space()
		}
		line.Items = append(line.Items, Item{Word: w, X: e.g.left + x})
		x += w.Width
	}
	return append(lines, line), nil
}

// drawHeader fills in what could not be known when the sheet was begun.
func (e *Engine) drawHeader(s *Sheet) error {
	if e.cfg.PageLabel != "" {
		r := strings.NewReplacer("{name}", e.name, "{page}", strconv.Itoa(s.Number),
			"{first}", strconv.Itoa(s.FirstLine), "{last}", strconv.Itoa(s.LastLine))
		lines, err := e.headerLines(r.Replace(e.cfg.PageLabel))
		if err != nil {
			return err
		}
		s.Header[0] = lines[0]
	}
	if n := len(s.Header); n > 0 && e.boxed() { // anti-aliased for that background
		s.Rects = slices.Insert(s.Rects, 0, Rect{
			X0: e.g.left.Floor(), X1: (e.g.left + e.g.step*fixed.Int26_6(e.g.columns-1) + e.g.width).Ceil(),
			Y0: int((e.g.top + one/2) >> 16), Y1: int((e.g.top + int64(n)*e.g.leading + one/2) >> 16),
		})
	}
	for i := range s.Header {
		y := e.g.top + int64(i)*e.g.leading
		s.Header[i].Top = int((y + one/2) >> 16)
		s.Header[i].Baseline = int((y + e.g.ascent + one/2) >> 16)
		s.Header[i].Height = int((e.g.leading + one/2) >> 16)
	}
	return nil
}

func runeCount(b []byte) int { return utf8.RuneCount(b) }
