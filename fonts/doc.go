// Package fonts provides the faces that pages are drawn with: those compiled
// into the binary, a font file of the user's own, and, only when asked for, a
// font installed on the system.
//
// It answers three questions about a face: which code points it covers, how
// large it is (units per em, ascent, descent), and where its glyphs come from
// (a parsed OpenType font or a table of bitmaps). It knows nothing of
// configurations, layout or pages; those are packages configs and render.
//
// Embedded fonts for running text in Latin script are stored as they are and read
// where they lie in the executable; the others are packed, and unpacked when the
// first glyph of one is needed, which for Han takes a tenth of a second. See data/README.md for what is
// embedded, from where and under which licence.
package fonts
