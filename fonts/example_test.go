package fonts_test

import (
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/fonts"
)

func ExampleOpen() {
	face, err := fonts.Open("dejavu-sans")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(face.Name(), face.UnitsPerEm(), face.Ascent(), face.Descent())
	fmt.Println(face.Covers('é'), face.Covers('中'))
	// Output:
	// dejavu-sans 2048 1901 483
	// true false
}

func ExampleBitmap() {
	face, err := fonts.Open("spleen-5x8")
	if err != nil {
		fmt.Println(err)
		return
	}
	gid, _ := face.Glyph('R')
	g := face.Bitmap().Glyph(gid)
	fmt.Println("advance", g.Advance, "px")
	for _, row := range g.Rows {
		fmt.Println(strings.NewReplacer("0", ".", "1", "#").Replace(fmt.Sprintf("%08b", row)[:g.Width]))
	}
	// Output:
	// advance 5 px
	// .....
	// ###..
	// #..#.
	// #..#.
	// ###..
	// #..#.
	// #..#.
	// .....
}

// Which faces a document needs, and what nothing can draw.
func ExampleCoverage() {
	var faces []*fonts.Face
	for _, name := range fonts.Fallback() {
		face, err := fonts.Open(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		faces = append(faces, face)
	}
	report, err := fonts.Coverage(strings.NewReader("Glyph 字形 \uE000"), faces)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, face := range report.Faces {
		fmt.Println(face.Name, face.Runes)
	}
	for _, missing := range report.Missing {
		fmt.Println(missing.Code, "at byte", missing.Offset)
	}
	// Output:
	// dejavu-sans 7
	// noto-sans-sc 2
	// U+E000 at byte 13
}
