package layout

import (
	"reflect"
	"slices"

	"github.com/go-text/typesetting/bidi"
)

// bidiLevels appends the UAX #9 embedding level of every byte of text, whose
// base direction is dir; Neutral leaves that to the text.
//
// The bidi package merges neighbouring runs of one direction, so that the runs
// alone cannot tell level 0 from level 2, as a number before Latin text after
// Hebrew needs. The levels themselves are in an unexported field; reading it
// keeps us on a maintained implementation, and TestBidiOrder fails if it goes.
func bidiLevels(p *bidi.Paragraph, text []byte, dir bidi.Direction, levels []uint8) []uint8 {
	runs := p.SegmentBytes(text, dir)
	perRune := reflect.ValueOf(&runs).Elem().FieldByName("levels")
	i := 0
	for off := range string(text) {
		for len(levels) < off {
			levels = append(levels, levels[len(levels)-1])
		}
		level := uint8(0)
		if i < perRune.Len() {
			level = uint8(perRune.Index(i).Int())
		}
		levels = append(levels, level)
		i++
	}
	for len(levels) < len(text) {
		levels = append(levels, levels[len(levels)-1])
	}
	return levels
}

// reorder puts the items of a line from logical into visual order: rule L2.
func reorder(items []Item) {
	var highest, lowestOdd uint8 = 0, 255
	for i := range items {
		l := items[i].level
		highest = max(highest, l)
		if l%2 == 1 {
			lowestOdd = min(lowestOdd, l)
		}
	}
	for level := highest; level >= lowestOdd && level > 0; level-- {
		for i := 0; i < len(items); {
			if items[i].level < level {
				i++
				continue
			}
			j := i
			for j < len(items) && items[j].level >= level {
				j++
			}
			slices.Reverse(items[i:j])
			i = j
		}
	}
}
