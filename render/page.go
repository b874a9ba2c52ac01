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

// Reason says why source bytes are not on the page as they stand.
type Reason = text.Reason

// The reasons for a [Note].
const (
	// Dropped.
	ByteOrderMark    = text.ByteOrderMark
	SoftHyphen       = text.SoftHyphen
	ControlCharacter = text.ControlCharacter
	ANSIEscape       = text.ANSIEscape
	ZeroWidthSpace   = text.ZeroWidthSpace
	InvisibleFormat  = text.InvisibleFormat
	BidiControl      = text.BidiControl
	ExcessMarks      = text.ExcessMarks
	BlankPage        = text.BlankPage
	HangingSpace     = text.HangingSpace
	// Substituted.
	InvalidUTF8   = text.InvalidUTF8
	NoGlyph       = text.NoGlyph
	MarkerEscape  = text.MarkerEscape
	FormFeedMark  = text.FormFeedMark
	WiderThanLine = text.WiderThanLine
)
