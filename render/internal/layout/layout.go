// Package layout fills lines and pages: it turns pieces of text into sheets of
// positioned words, and knows for every line which bytes of the source it shows.
//
// It neither shapes (package shape) nor paints (package raster). The geometry
// is that of the published Glyph renderer: a frame inside the margins, greedy
// lines, paragraphs of 30 source lines (testdata/reference of package render).
package layout

import (
	"context"
	"errors"
	"io"
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

// Origin is where in its document a text begins, by what came before it.
type Origin struct {
	Offset int64 // bytes
	Lines  int   // source lines that have ended
	Pages  int   // pages that were not left out as blank; the first of them has the legend
	Tags   int   // tags of exact strings
}

// Style is how documents are laid out under one config. It is read only.
type Style struct {
	Config   configs.Config
	Markup   configs.Markup // of Config
	Geometry Geometry
	Marker   *text.Marker // the newline marker; nil for real line breaks
}

// Line is a row of items that shows the source bytes [Start, End).
type Line struct {
	Start, End    int64
	Column        int
	X, Width      fixed.Int26_6 // px, of the text
	Top, Baseline int           // px from the top of the page
	Height        int           // px, the leading
	Items         []Item
	Text          string // of a line of a header
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
	Anchors             []Anchor
	FirstLine, LastLine int // source lines, from 1
	Runes               int
	Last                bool // of the document

	glyphs bool
	items  []Item
}

// Engine lays out one document. It is used by one goroutine, once.
type Engine struct {
	cfg    *configs.Config
	g      *Geometry
	sh     *shape.Shaper
	markup configs.Markup
	marker *text.Marker
	name   string
	exact  *Exact // nil if exact strings look like others
	emit   func(*Sheet) error

	sheet  *Sheet
	held   *Sheet // complete, but perhaps the last
	blanks []text.Note
	number int // of pages so far, in the whole document
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
	tall             bool          // some item is enlarged
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

	spans   []Span   // exact strings of the piece
	tags    int      // drawn in the pieces before, in the whole document
	anchors []Anchor // not yet on a sheet
	tagNext bool     // the line that ends has no room for the tag of the string at its end

	notes  []text.Note // not yet on a sheet
	levels []uint8
	bidi   bidi.Paragraph
}

// Run lays out everything that src holds and calls emit with each sheet in
// order. Name is what a page label calls the document. At is where in the
// document src begins: sheets count their positions from the document's start.
// At the end, also if that is [ErrBlank], at counts the pages and tags of src
// too. Exact is nil if exact strings look like others.
func (s *Style) Run(ctx context.Context, sh *shape.Shaper, exact *Exact, name string, src io.Reader, at *Origin, emit func(*Sheet) error) error {
	e := &Engine{
		cfg: &s.Config, g: &s.Geometry, sh: sh, markup: s.Markup, marker: s.Marker, name: name, exact: exact, emit: emit,
		number: at.Pages, tags: at.Tags, srcLine: at.Lines + 1, lineFrom: at.Lines + 1,
		start: at.Offset, srcStart: at.Offset,
	}
	sc := text.NewScanner(src, text.Options{Marker: s.Marker, FormFeedMark: s.Config.FormFeed == configs.FormFeedMark, Offset: at.Offset})
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
	err := e.finish()
	at.Pages, at.Tags = e.number, e.tags+len(e.spans)
	return err
}

// piece places one piece of the source.
func (e *Engine) piece(p *text.Piece) error {
	e.notes = append(e.notes, p.Notes...)
	if e.exact != nil {
		e.findExact(p)
	}
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
	w, err := e.word(t, i, j, rtl)
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
			if part.Word, err = e.word(t, i, i+part.Len, rtl); err != nil {
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
		end, sh, tag := e.run(i, j)
		w, n, err := sh.Fit(p.Text[i:end], level%2 == 1, e.avail-e.x-e.gap)
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
		if i += n; i < end {
			if err := e.endLine(false, p.Src(i)); err != nil {
				return err
			}
		} else if tag > 0 {
			if err := e.placeTag(tag, level, p.Src(i)); err != nil {
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
	e.tall = e.tall || e.exact != nil && e.exact.enlarges(w)
}

func runeCount(b []byte) int { return utf8.RuneCount(b) }
