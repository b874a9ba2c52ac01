// Package raster turns glyphs into masks and puts masks on a packed canvas.
//
// It has three parts, each usable alone:
//
//   - [Font] is one face at one scale. Its [Font.Mask] gives a glyph's coverage, already quantised to the palette
//     indices of the page, from a cache that fills on demand.
//   - [Canvas] is a page of 1 or 4 bits a pixel, packed in 64-bit words. [Canvas.Draw] combines a mask with what is
//     there by the larger index, so that overlapping anti-aliased edges need no arithmetic on colours.
//   - [BuildPalette] orders the colours of a page so that "the larger index" is right, and gives the ramps that a Font
//     quantises to.
//
// Where glyphs go is decided elsewhere: the package knows no text, no lines and no advances. What becomes of the words
// of a canvas is the business of the sibling package png.
//
// Everything is deterministic: a mask depends only on the face, the options, the glyph and the phase, never on the
// processor or on who asked first. Geometry is therefore computed in integers from the first rounding on.
package raster
