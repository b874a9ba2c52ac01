// Package shape turns words into positioned glyphs: it picks a face for every
// grapheme cluster, shapes runs with HarfBuzz, finds where a word may break,
// and remembers what it shaped.
//
// It does not fill lines (package layout) and does not paint (package raster).
package shape

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"

	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/render/internal/tables"
)

// Glyph is one glyph of a word. X and Y are the pen position in px, right of
// and below the word's origin on the baseline.
type Glyph struct {
	GID  uint32
	X, Y fixed.Int26_6
	Face uint8 // index into the shaper's faces, from Options.FirstFace on
}

// Word is a shaped stretch of text without spaces. It is shared and must not
// be changed.
type Word struct {
	Glyphs []Glyph       // in visual order
	Width  fixed.Int26_6 // px
	Parts  []Part        // nil where no line may break inside
	Subs   []Sub         // clusters that no face has
	Blank  bool          // only white space and invisible characters
}

// Part is a stretch of a word behind which a line may break (UAX #14).
type Part struct {
	Len  int // bytes of text
	Word *Word
}

// Sub says that the bytes [Off, Off+Len) of a word's text have no glyph in any
// face, and what is drawn for them.
type Sub struct {
	Off, Len int
	Drawn    string
}

// Options are the size and the features a shaper works at.
type Options struct {
	XPPEM, YPPEM float64 // px per em
	Kerning      bool
	FirstFace    int // what Glyph.Face counts from; shapers of other sizes draw beside this one
}

// Shaper shapes for one goroutine.
type Shaper struct {
	faces    []*face
	features []harfbuzz.Feature   // for scripts that do without kerning and ligatures
	words    [2]cache             // left-to-right, right-to-left
	firstOf  map[rune]uint8       // first face that covers a rune; noFace if none
	ascii    [utf8.RuneSelf]bool  // the first face covers it
	advance  [utf8.RuneSelf]int64 // of the first face, in font units
	kerning  bool
	first    uint8 // Options.FirstFace
	space    fixed.Int26_6

	seg   segmenter.Segmenter
	buf   *harfbuzz.Buffer
	runes []rune
	clus  []cluster
	err   error
}

const noFace = 0xff

// MaxFaces is how many faces a shaper can choose from.
const MaxFaces = noFace

// maxWords bounds a generation of a word cache. Two of them hold the words that
// most text consists of, in about 10 MB.
const maxWords = 1 << 14

// maxCached is the longest word, in bytes, worth remembering: longer ones are
// URLs, hashes and the like, which rarely come twice.
const maxCached = 48

type face struct {
	*fonts.Face
	hb     *harfbuzz.Font // nil until the face is used, and for bitmap faces
	bitmap *fonts.Bitmap
	blank  uint32 // glyph of U+0020
	xScale int64  // 26.6 px per font unit, 16 fraction bits
	yScale int64
}

// New returns a shaper that tries faces in order. It fails if there are too
// many faces or the first cannot be parsed.
func New(faces []*fonts.Face, o Options) (*Shaper, error) {
	if len(faces) == 0 || o.FirstFace+len(faces) >= MaxFaces {
		return nil, fmt.Errorf("shaping with %d faces from %d on; accepted: 1 to %d in all", len(faces), o.FirstFace, MaxFaces-1)
	}
	s := &Shaper{first: uint8(o.FirstFace), firstOf: map[rune]uint8{}, buf: harfbuzz.NewBuffer()}
	for _, f := range faces {
		em := float64(f.UnitsPerEm())
		s.faces = append(s.faces, &face{
			Face:   f,
			bitmap: f.Bitmap(),
			xScale: int64(o.XPPEM*64*65536/em + 0.5),
			yScale: int64(o.YPPEM*64*65536/em + 0.5),
		})
	}
	off := []string{"liga", "clig", "dlig", "calt"}
	if !o.Kerning {
		off = append(off, "kern")
	}
	for _, tag := range off {
		s.features = append(s.features, harfbuzz.Feature{
			Tag: opentype.MustNewTag(tag), Start: harfbuzz.FeatureGlobalStart, End: harfbuzz.FeatureGlobalEnd})
	}
	s.kerning = o.Kerning
	for c := range s.ascii {
		s.ascii[c] = faces[0].Covers(rune(c)) && s.draws(s.faces[0], rune(c))
	}
	if s.err != nil {
		return nil, s.err
	}
	s.runes = []rune{0}
	for c := ' '; c < utf8.RuneSelf; c++ {
		if s.ascii[c] {
			s.runes[0] = c
			s.advance[c] = s.shapeRun(&Word{}, 0, 0, 1, language.Latin, false)
		}
	}
	w, err := s.Word([]byte{' '}, false)
	if err != nil {
		return nil, err
	}
	s.space = w.Width
	return s, nil
}

// Space returns the advance of U+0020 in px.
func (s *Shaper) Space() fixed.Int26_6 { return s.space }

// Word shapes text, which holds no space or tab. The error is of a face that
// cannot be parsed.
func (s *Shaper) Word(text []byte, rtl bool) (*Word, error) {
	c := s.cache(rtl)
	if w := c.get(text); w != nil {
		return w, nil
	}
	w := s.word(text, rtl)
	if s.err != nil {
		return nil, s.err
	}
	if len(text) <= maxCached {
		c.put(text, w)
	}
	return w, nil
}

// word finds the breaks inside a word and shapes its parts.
func (s *Shaper) word(text []byte, rtl bool) *Word {
	if !mayBreak(text) {
		return s.unit(text, rtl)
	}
	var lens []int
	s.seg.InitWithBytes(text) // cannot fail: pieces of text are valid UTF-8
	for it := s.seg.LineIterator(); it.Next(); {
		lens = append(lens, it.Line().LengthInBytes)
	}
	if len(lens) <= 1 {
		return s.unit(text, rtl)
	}
	// Shape the parts one by one, so that a part looks the same wherever its
	// line breaks, then join them into the whole word.
	w := &Word{Parts: make([]Part, 0, len(lens)), Blank: true}
	for off, i := 0, 0; i < len(lens); i++ {
		part := s.part(text[off:off+lens[i]], rtl)
		for _, sub := range part.Subs {
			sub.Off += off
			w.Subs = append(w.Subs, sub)
		}
		w.Parts = append(w.Parts, Part{lens[i], part})
		w.Blank = w.Blank && part.Blank
		off += lens[i]
	}
	order := func(i int) *Word { return w.Parts[i].Word }
	if rtl {
		order = func(i int) *Word { return w.Parts[len(w.Parts)-1-i].Word }
	}
	for i := range w.Parts {
		part := order(i)
		for _, g := range part.Glyphs {
			g.X += w.Width
			w.Glyphs = append(w.Glyphs, g)
		}
		w.Width += part.Width
	}
	return w
}

// part shapes a stretch without breaks, from the cache if it is there. Parts
// are kept under a key that no word can have, since words hold no space.
func (s *Shaper) part(text []byte, rtl bool) *Word {
	if len(text) > maxCached {
		return s.unit(text, rtl)
	}
	var key [maxCached + 1]byte
	key[0] = ' '
	k := key[:1+copy(key[1:], text)]
	c := s.cache(rtl)
	if w := c.get(k); w != nil {
		return w
	}
	w := s.unit(text, rtl)
	c.put(k, w)
	return w
}

func (s *Shaper) cache(rtl bool) *cache {
	if rtl {
		return &s.words[1]
	}
	return &s.words[0]
}

// cache remembers words in two generations. When the young one is full it
// becomes the old one, and what nobody asked for since the last time is gone.
type cache struct{ young, old map[string]*Word }

func (c *cache) get(key []byte) *Word {
	if w := c.young[string(key)]; w != nil {
		return w
	}
	w := c.old[string(key)]
	if w != nil {
		c.put(key, w)
	}
	return w
}

func (c *cache) put(key []byte, w *Word) {
	if c.young == nil || len(c.young) >= maxWords {
		c.young, c.old = make(map[string]*Word, maxWords/4), c.young
	}
	c.young[string(key)] = w
}

// mayBreak is false only where UAX #14 finds no break inside a word.
func mayBreak(text []byte) bool {
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '\'', c == '"', c == '.', c == ',', c == ':', c == ';', c == '_', c == ')':
		default:
			return true
		}
	}
	return false
}

// cluster is a grapheme cluster, or a run of ASCII, of the word being shaped.
type cluster struct {
	off, len   int // bytes
	rune, size int // runes, in s.runes
	face       uint8
	script     language.Script
}

// unit shapes a stretch that no line break falls into.
func (s *Shaper) unit(text []byte, rtl bool) *Word {
	w := &Word{}
	if s.allASCII(text) {
		s.runes = s.runes[:0]
		for _, c := range text {
			s.runes = append(s.runes, rune(c))
		}
		s.shapeRun(w, 0, 0, len(s.runes), language.Latin, rtl)
		return w
	}
	s.itemise(text)
	w.Blank = !slices.ContainsFunc(s.runes, func(r rune) bool {
		return !unicode.IsSpace(r) && !harfbuzz.IsDefaultIgnorable(r)
	})
	// Shaping can still miss a glyph that the cmap promised; then the cluster
	// moves on to the next face. Every round moves one, so this ends.
	for range len(s.faces) + 1 {
		if s.shapeClusters(w, text, rtl) {
			break
		}
	}
	return w
}

func (s *Shaper) allASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf || !s.ascii[c] {
			return false
		}
	}
	return true
}

// itemise splits text into clusters and gives each a face and a script.
func (s *Shaper) itemise(text []byte) {
	s.clus, s.runes = s.clus[:0], s.runes[:0]
	s.seg.InitWithBytes(text)
	script := language.Common
	for it := s.seg.GraphemeIterator(); it.Next(); {
		g := it.Grapheme()
		c := cluster{off: g.OffsetInBytes, len: g.LengthInBytes, rune: len(s.runes), size: len(g.Text)}
		s.runes = append(s.runes, g.Text...)
		if sc := scriptOf(g.Text); sc != language.Common {
			script = sc
		}
		c.script = script
		c.face = s.faceFor(g.Text, 0)
		s.clus = append(s.clus, c)
	}
	// Common characters before the first letter take its script; if there is
	// none, that of ASCII text.
	next := language.Latin
	for i := len(s.clus) - 1; i >= 0; i-- {
		if s.clus[i].script == language.Common {
			s.clus[i].script = next
		}
		next = s.clus[i].script
	}
}

func scriptOf(runes []rune) language.Script {
	for _, r := range runes {
		if sc := language.LookupScript(r); sc != language.Common && sc != language.Inherited && sc != language.Unknown {
			return sc
		}
	}
	return language.Common
}

// faceFor returns the first face, from index from on, that covers a cluster as
// it stands or composed (NFC).
func (s *Shaper) faceFor(runes []rune, from int) uint8 {
	if len(runes) == 1 && from == 0 {
		r := runes[0]
		if f, ok := s.firstOf[r]; ok {
			return f
		}
		f := s.search(runes, 0)
		if len(s.firstOf) > 1<<16 {
			clear(s.firstOf)
		}
		s.firstOf[r] = f
		return f
	}
	return s.search(runes, from)
}

func (s *Shaper) search(runes []rune, from int) uint8 {
	var composed []rune
	for i := from; i < len(s.faces); i++ {
		if s.faces[i].coversAll(runes) && s.draws(s.faces[i], runes[0]) {
			return uint8(i)
		}
		if len(runes) > 1 && len(runes) <= 32 {
			if composed == nil {
				composed = []rune(norm.NFC.String(string(runes)))
			}
			if len(composed) < len(runes) && s.faces[i].coversAll(composed) {
				return uint8(i)
			}
		}
	}
	return noFace
}

func (f *face) coversAll(runes []rune) bool {
	for _, r := range runes {
		if !harfbuzz.IsDefaultIgnorable(r) && !f.Covers(r) {
			return false
		}
	}
	return true
}

// draws reports whether the glyph of a visible character has an outline. Some
// fonts map characters that they lack to an empty glyph: on the page it would
// be missing without a word.
func (s *Shaper) draws(f *face, r rune) bool {
	if f.bitmap != nil || !unicode.IsGraphic(r) || unicode.In(r, unicode.M, unicode.Z) || harfbuzz.IsDefaultIgnorable(r) || r == brailleBlank {
		return true
	}
	gid, ok := f.Glyph(r)
	if !ok || !s.load(f) { // composed, which is not looked into; or an error, which is kept
		return true
	}
	var outline font.GlyphOutline
	s.read(f, func() { outline, ok = f.hb.Face().GlyphDataOutline(font.GID(gid)) })
	return ok && len(outline.Segments) > 0
}

const brailleBlank = '\u2800'

// shapeClusters fills w from s.clus. It reports false, having moved some
// cluster to a later face, if a glyph was missing after all.
func (s *Shaper) shapeClusters(w *Word, text []byte, rtl bool) bool {
	*w = Word{Glyphs: w.Glyphs[:0], Blank: w.Blank}
	n := len(s.clus)
	whole := true
	for done := 0; done < n; {
		// Take maximal runs of one face and script, in visual order.
		lo, hi := done, done+1
		at := func(i int) *cluster {
			if rtl {
				return &s.clus[n-1-i]
			}
			return &s.clus[i]
		}
		for hi < n && at(lo).face == at(hi).face && at(lo).face != noFace && at(lo).script == at(hi).script {
			hi++
		}
		done = hi
		first, last := at(lo), at(hi-1)
		if rtl {
			first, last = last, first
		}
		if first.face == noFace {
			s.substitute(w, text, first)
			continue
		}
		before := len(w.Glyphs)
		s.shapeRun(w, int(first.face), first.rune, last.rune+last.size, first.script, rtl)
		if s.err != nil {
			return true
		}
		for _, g := range w.Glyphs[before:] {
			if g.GID == 0 && s.faces[first.face].bitmap == nil {
				whole = s.moveOn(first.face) && whole
				break
			}
		}
	}
	if rtl { // substitutions were met in visual order
		for i, j := 0, len(w.Subs)-1; i < j; i, j = i+1, j-1 {
			w.Subs[i], w.Subs[j] = w.Subs[j], w.Subs[i]
		}
	}
	return whole
}

// moveOn gives every cluster that f cannot shape alone to a later face.
func (s *Shaper) moveOn(f uint8) (nothing bool) {
	nothing = true
	for i := range s.clus {
		c := &s.clus[i]
		if c.face != f {
			continue
		}
		var probe Word
		s.shapeRun(&probe, int(f), c.rune, c.rune+c.size, c.script, false)
		for _, g := range probe.Glyphs {
			if g.GID == 0 {
				c.face = s.search(s.runes[c.rune:c.rune+c.size], int(f)+1)
				nothing = false
				break
			}
		}
	}
	return nothing
}

// substitute draws a cluster that no face has as readable text.
func (s *Shaper) substitute(w *Word, text []byte, c *cluster) {
	var drawn strings.Builder
	for _, r := range s.runes[c.rune : c.rune+c.size] {
		if !harfbuzz.IsDefaultIgnorable(r) {
			drawn.WriteString(Describe(r))
		}
	}
	w.Subs = append(w.Subs, Sub{c.off, c.len, drawn.String()})
	keep := s.runes
	s.runes = []rune(drawn.String())
	for i, r := range s.runes {
		// The names are ASCII; a first face without it leaves it to the others.
		if f := s.faceFor(s.runes[i:i+1], 0); f != noFace {
			s.shapeRun(w, int(f), i, i+1, scriptOf([]rune{r}), false)
		}
	}
	s.runes = keep
}

// maxName keeps a substituted name from filling a line.
const maxName = 28

// Describe returns the text drawn for a character without a glyph: its Unicode
// name in brackets, or its code point where it has none or a long one.
func Describe(r rune) string {
	if name := runenames.Name(r); name != "" && name[0] != '<' && len(name) <= maxName {
		return "[" + strings.ToLower(name) + "]"
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// shapeRun appends s.runes[lo:hi], shaped with one face, to w. It returns the
// advance in font units.
func (s *Shaper) shapeRun(w *Word, i, lo, hi int, script language.Script, rtl bool) int64 {
	f := s.faces[i]
	if f.bitmap != nil {
		return s.bitmapRun(w, i, lo, hi, rtl)
	}
	if !s.load(f) {
		return 0
	}
	s.buf.Clear()
	s.buf.AddRunes(s.runes, lo, hi-lo)
	s.buf.Props.Script = script
	s.buf.Props.Language = "und" // never the machine's own
	s.buf.Props.Direction = harfbuzz.LeftToRight
	if rtl {
		s.buf.Props.Direction = harfbuzz.RightToLeft
	}
	var features []harfbuzz.Feature
	switch script {
	case language.Latin, language.Greek, language.Cyrillic, language.Common, language.Armenian, language.Georgian:
		features = s.features
	}
	if !s.read(f, func() { s.buf.Shape(f.hb, features) }) {
		return 0
	}
	if cap(w.Glyphs)-len(w.Glyphs) < len(s.buf.Info) {
		grown := make([]Glyph, len(w.Glyphs), len(w.Glyphs)+len(s.buf.Info))
		copy(grown, w.Glyphs)
		w.Glyphs = grown
	}
	var pen int64 // font units
	for k, info := range s.buf.Info {
		pos := s.buf.Pos[k]
		if pos.XAdvance == 0 && uint32(info.Glyph) == f.blank {
			continue // HarfBuzz's stand-in for what is invisible
		}
		w.Glyphs = append(w.Glyphs, Glyph{
			GID:  uint32(info.Glyph),
			X:    w.Width + scaled(pen+int64(pos.XOffset), f.xScale),
			Y:    -scaled(int64(pos.YOffset), f.yScale),
			Face: s.first + uint8(i),
		})
		pen += int64(pos.XAdvance)
	}
	w.Width += scaled(pen, f.xScale)
	return pen
}

// load parses an outline face when it is first used.
func (s *Shaper) load(f *face) bool {
	if f.hb != nil {
		return true
	}
	outline, err := f.Outline()
	if err != nil {
		s.err = err
		return false
	}
	if !s.read(f, func() { f.hb = harfbuzz.NewFont(font.NewFace(outline)) }) { // scaled to font units
		return false
	}
	f.blank, _ = f.Glyph(' ')
	return true
}

// read reads tables of a face's font file. It reports false and keeps the error
// if they are broken.
func (s *Shaper) read(f *face, tablesOf func()) bool {
	if s.err != nil {
		return false
	}
	s.err = tables.Read(f.Name(), tablesOf)
	return s.err == nil
}

func scaled(units, scale int64) fixed.Int26_6 {
	return fixed.Int26_6((units*scale + 1<<15) >> 16)
}

// bitmapRun places the glyphs of a bitmap face one after another. Such faces
// have no shaping tables; a base with a mark is drawn composed if the face has
// that, else overlaid.
func (s *Shaper) bitmapRun(w *Word, i, lo, hi int, rtl bool) int64 {
	f := s.faces[i]
	runes := s.runes[lo:hi]
	for _, r := range runes {
		if r >= 0x300 {
			runes = []rune(norm.NFC.String(string(runes)))
			break
		}
	}
	from, pen := w.Width, int64(0)
	place := func(r rune) {
		if harfbuzz.IsDefaultIgnorable(r) {
			return
		}
		gid, ok := f.Glyph(r)
		if !ok {
			return // coversAll has accepted the composed form only
		}
		w.Glyphs = append(w.Glyphs, Glyph{GID: gid, X: w.Width, Face: s.first + uint8(i)})
		pen += int64(f.bitmap.Glyph(gid).Advance)
		w.Width = from + scaled(pen, f.xScale)
	}
	for k, r := range runes {
		if rtl {
			r = mirrored(runes[len(runes)-1-k])
		}
		place(r)
	}
	return pen
}

// mirrored returns the bracket that faces the other way.
func mirrored(r rune) rune {
	const pairs = "()[]{}<>«»"
	for i, c := range pairs {
		if c == r {
			p := []rune(pairs)
			return p[utf8.RuneCountInString(pairs[:i])^1]
		}
	}
	return r
}
