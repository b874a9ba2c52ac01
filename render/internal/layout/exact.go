package layout

import (
	"bytes"
	"slices"
	"strconv"

	"golang.org/x/image/math/fixed"

	"github.com/glyphkit/glyph/render/internal/shape"
	"github.com/glyphkit/glyph/render/internal/text"
)

// Exact sets exact strings apart from the text around them.
//
// Strings are found in the drawn text of one piece at a time: those that a
// line break of the source cuts, or the end of a piece, are two.
type Exact struct {
	Find func(text string) []Span // in order, without overlap
	Runs *shape.Shaper            // draws the strings; white space inside keeps its width
	Tags *shape.Shaper            // draws the tags; nil if there are none
	// TallFrom is the first glyph face of Runs if it enlarges, else beyond all faces.
	TallFrom int
	// Raise is how far above the baseline tags stand, in px.
	Raise fixed.Int26_6
}

// Span is the text bytes [Start, End) of a piece.
type Span struct{ Start, End int }

// Anchor is a tag drawn behind the exact string that is the source bytes
// [Start, End).
type Anchor struct {
	Start int64  `json:"start"`
	End   int64  `json:"end"`
	Tag   string `json:"tag"`
}

func (x *Exact) enlarges(w *shape.Word) bool {
	return slices.ContainsFunc(w.Glyphs, func(g shape.Glyph) bool { return int(g.Face) >= x.TallFrom })
}

// findExact looks for the exact strings of a piece.
func (e *Engine) findExact(p *text.Piece) {
	e.tags += len(e.spans)
	e.spans = e.spans[:0]
	from := 0
	for _, s := range e.exact.Find(string(p.Text)) {
		s.End = s.Start + len(bytes.TrimRight(p.Text[s.Start:s.End], " \t"))
		if s.Start < from || s.Start == s.End {
			continue
		}
		from = s.End
		e.spans = append(e.spans, s)
		if e.exact.Tags != nil {
			e.anchors = append(e.anchors, Anchor{p.Src(s.Start), p.Src(s.End), tagName(e.tags + len(e.spans))})
		}
	}
}

func tagName(n int) string { return "a" + strconv.Itoa(n) }

// takeAnchors moves to the sheet what is drawn on its lines up to end.
func (e *Engine) takeAnchors(end int64) {
	n := 0
	for n < len(e.anchors) && (e.anchors[n].End < end || e.anchors[n].End == end && !e.tagNext) {
		n++
	}
	e.sheet.Anchors = append(e.sheet.Anchors, e.anchors[:n]...)
	e.anchors = append(e.anchors[:0], e.anchors[n:]...)
}

// run returns how far the text at i, up to j, is all in an exact string or all
// outside, what draws it, and the number of the tag that follows it, or 0.
func (e *Engine) run(i, j int) (end int, sh *shape.Shaper, tag int) {
	if e.exact == nil {
		return j, e.sh, 0
	}
	k, _ := slices.BinarySearchFunc(e.spans, i, func(s Span, i int) int { return s.End - i - 1 })
	if k == len(e.spans) || e.spans[k].Start >= j {
		return j, e.sh, 0
	}
	s := e.spans[k]
	switch {
	case i < s.Start:
		return s.Start, e.sh, 0
	case s.End > j:
		return j, e.exact.Runs, 0
	case e.exact.Tags != nil:
		tag = e.tags + k + 1
	}
	return s.End, e.exact.Runs, tag
}

// word shapes t[i:j], each run by what draws it. A line breaks between two
// runs nowhere, and inside of them as in any word.
func (e *Engine) word(t []byte, i, j int, rtl bool) (*shape.Word, error) {
	if e.exact == nil {
		return e.sh.Word(t[i:j], rtl)
	}
	end, sh, tag := e.run(i, j)
	if end == j && tag == 0 {
		return sh.Word(t[i:j], rtl)
	}
	var parts []shape.Part
	var subs []shape.Sub
	for at := i; at < j; at = end {
		end, sh, tag = e.run(at, j)
		w, err := sh.Word(t[at:end], rtl)
		if err != nil {
			return nil, err
		}
		for _, sub := range w.Subs {
			sub.Off += at - i
			subs = append(subs, sub)
		}
		more := []shape.Part{{Len: end - at, Word: w}}
		if w.Parts != nil {
			more = slices.Clone(w.Parts)
		}
		if tag > 0 {
			drawn, err := e.tag(tag)
			if err != nil {
				return nil, err
			}
			last := &more[len(more)-1]
			last.Word = join(rtl, last.Word, drawn)
		}
		if n := len(parts); n > 0 {
			glued := &parts[n-1]
			glued.Len += more[0].Len
			glued.Word = join(rtl, glued.Word, more[0].Word)
			more = more[1:]
		}
		parts = append(parts, more...)
	}
	words := make([]*shape.Word, len(parts))
	for k, part := range parts {
		words[k] = part.Word
	}
	w := join(rtl, words...)
	w.Subs = subs
	if len(parts) > 1 {
		w.Parts = parts
	}
	return w, nil
}

// join puts words, given in the order of the text, side by side.
func join(rtl bool, words ...*shape.Word) *shape.Word {
	w := &shape.Word{Blank: true}
	if rtl {
		slices.Reverse(words)
	}
	for _, part := range words {
		for _, g := range part.Glyphs {
			g.X += w.Width
			w.Glyphs = append(w.Glyphs, g)
		}
		w.Width += part.Width
		w.Blank = w.Blank && part.Blank
	}
	return w
}

// tag shapes the tag of a number.
func (e *Engine) tag(n int) (*shape.Word, error) {
	w, err := e.exact.Tags.Word([]byte(tagName(n)), false)
	if err != nil {
		return nil, err
	}
	raised := *w
	raised.Glyphs = slices.Clone(w.Glyphs)
	for i := range raised.Glyphs {
		raised.Glyphs[i].Y -= e.exact.Raise
	}
	return &raised, nil
}

// placeTag draws a tag behind a string too long for one line, which ends at
// source offset end.
func (e *Engine) placeTag(n int, level uint8, end int64) error {
	w, err := e.tag(n)
	if err != nil {
		return err
	}
	if !e.fits(w) {
		e.tagNext = true
		err := e.endLine(false, end)
		e.tagNext = false
		if err != nil {
			return err
		}
	}
	e.add(w, TextInk, level)
	return nil
}
