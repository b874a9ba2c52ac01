package render

import (
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/layout"
	"github.com/glyphkit/glyph/render/internal/text"
)

// Page is one finished page image.
type Page struct {
	Number        int    // from 1 within the document
	Width, Height int    // px
	PNG           []byte // a palette PNG of 1, 2 or 4 bits a pixel, without metadata; the caller's own
	// Header are the lines that the page shows above its text: the page label and
	// the legend, as far as the config has them.
	Header []string
	// FirstLine and LastLine are the source lines, from 1, that the page shows
	// at least in part.
	FirstLine, LastLine int
	// Runes counts the characters of the text shown, white space and newlines
	// included.
	Runes int
	// Lines are in reading order. Their ranges follow one another without gap
	// or overlap, over all pages of a document, but for the pages left out as
	// blank, which Notes tell of.
	Lines []Line
	// Notes tell of the bytes in the range of these lines (and of blank pages
	// next to this one) that were dropped or substituted, in source order.
	Notes []Note
	// Anchors are the tags on the page, in source order; none unless the config
	// has exact-anchors. They are numbered through the document.
	Anchors []Anchor
	// Faces have drawn something on the page, in the order they are tried.
	Faces []*fonts.Face
}

// Line is a line of text on a page.
type Line struct {
	// Start and End are the range of source bytes the line shows, the newline
	// or the white space at its end included.
	Start, End int64
	Column     int // from 0, left to right
	// X, Y, Width and Height are the box of the text in px: its left edge, the
	// upper edge of its leading, its advance width and its leading.
	X, Y, Width, Height int
}

// Anchor is a tag drawn behind the exact string that is the source bytes
// [Start, End). It shows no byte of the source. The string may begin on the
// page before.
type Anchor = layout.Anchor

// Note records source bytes [Start, End) that are not on the page as they
// stand. Where Drawn is empty they were dropped: they leave no mark. Else they
// were substituted: the page shows Drawn in their place.
type Note = text.Note

// noteReason says why source bytes are not on the page as they stand. Dropped are
//
//	byte order mark, soft hyphen, control character, ANSI escape sequence,
//	zero-width space (which still allows a line break), invisible format character,
//	bidi control (marks are applied to the order; overrides, embeddings and isolates are not), combining marks beyond 30 on one base,
//	blank page, white space beyond the end of a line
//
// and substituted are
//
//	invalid UTF-8, no font has a glyph, newline marker in the text, form feed,
//	wider than a line, cut at the edge
type noteReason = text.Reason

// InvalidUTF8 is the Reason of bytes that are drawn as \xHH.
const InvalidUTF8 = text.InvalidUTF8

// Ranges returns the ranges of source bytes that the lines show, in order.
func (p *Page) Ranges() [][2]int64 {
	list := make([][2]int64, len(p.Lines))
	for i, l := range p.Lines {
		list[i] = [2]int64{l.Start, l.End}
	}
	return list
}

// Dropped returns the notes of what leaves no mark; an empty list if there are
// none.
func (p *Page) Dropped() []Note { return p.notes(true) }

// Substituted returns the notes of what the page shows in another way; an empty
// list if there are none.
func (p *Page) Substituted() []Note { return p.notes(false) }

func (p *Page) notes(dropped bool) []Note {
	list := []Note{}
	for _, n := range p.Notes {
		if (n.Drawn == "") == dropped {
			list = append(list, n)
		}
	}
	return list
}
