package fonts

import "testing"

// The table says of a packed font what the font says, so that it need not be
// unpacked to learn that it lacks a character.
func TestPackedFontsCoverWhatTheTableSays(t *testing.T) {
	packed := 0
	for i, e := range embeddedFonts {
		if e.packed == nil {
			continue
		}
		packed++
		face := embeddedFaces()[i]
		if got := face.content().unitsPerEm; got != face.UnitsPerEm() || face.content().bitmap != nil {
			t.Errorf("the table says that %s has %d units per em, the font %d", e.Name, face.UnitsPerEm(), got)
		}
		n := 0
		for _, s := range e.packed.covered() {
			for r := s[0]; r <= s[1]; r++ {
				if _, ok := face.Glyph(r); !ok {
					t.Errorf("the table says that %s has %U", e.Name, r)
				}
				n++
			}
		}
		if n != e.Runes {
			t.Errorf("the table has %d code points of %s, the font %d", n, e.Name, e.Runes)
		}
		for r := rune(0); r <= 0x10FFFF; r += 7 {
			if _, ok := face.Glyph(r); ok != face.Covers(r) {
				t.Errorf("%s: Covers(%U) is %v", e.Name, r, !ok)
			}
		}
	}
	if packed == 0 {
		t.Error("no font is packed")
	}
}
