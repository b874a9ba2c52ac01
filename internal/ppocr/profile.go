package ppocr

import (
	"image"
	"slices"
)

const (
	// columnGapPart is the part of a picture's width, and minColumnGap the
	// number of px, that the white between two columns has at the least.
	columnGapPart = 96
	minColumnGap  = 6

	// stripPart: a picture lower than this part of its width is a strip of a few
	// lines, in which gaps are between words and not between columns.
	stripPart = 12

	// rowInk is the part of the ink of a full row that a row in the middle of a
	// line has at the least: descenders and ascenders have less.
	rowInk = 0.2
)

// findBoxes finds the lines of a picture by projection profiles: columns by
// strips without ink from top to bottom, and lines in them by rows with little
// ink. It is meant for straight text on an even ground; what the picture has
// else is taken for lines as well.
func findBoxes(img *image.Gray) []box {
	if img.Rect.Empty() {
		return nil
	}
	g := ground(img, img.Rect)
	ink := inkBounds(img, img.Rect, g)
	var boxes []box
	for _, column := range findColumns(img, ink, g) {
		boxes = append(boxes, findLines(img, column, g)...)
	}
	return boxes
}

func findColumns(img *image.Gray, ink box, ground uint8) []box {
	if ink.Empty() {
		return nil
	}
	if ink.Dy() < ink.Dx()/stripPart {
		return []box{ink}
	}
	counts := make([]int, ink.Dx())
	for y := ink.Min.Y; y < ink.Max.Y; y++ {
		for x, v := range img.Pix[img.PixOffset(ink.Min.X, y):][:ink.Dx()] {
			if isInk(v, ground) {
				counts[x]++
			}
		}
	}
	gap := max(minColumnGap, img.Rect.Dx()/columnGapPart)
	var columns []box
	for _, r := range runs(counts, 1, gap) {
		columns = append(columns, image.Rect(ink.Min.X+r.from, ink.Min.Y, ink.Min.X+r.to, ink.Max.Y))
	}
	return columns
}

// findLines cuts a column at the emptiest row between the cores of two lines,
// the rows that have much ink.
func findLines(img *image.Gray, column box, ground uint8) []box {
	counts := make([]int, column.Dy())
	for i := range counts {
		y := column.Min.Y + i
		for _, v := range img.Pix[img.PixOffset(column.Min.X, y):][:column.Dx()] {
			if isInk(v, ground) {
				counts[i]++
			}
		}
	}
	cores := runs(counts, max(1, int(rowInk*float64(fullRow(counts)))), 1)
	cores = joinDots(cores)
	var boxes []box
	from := 0
	for i, core := range cores {
		to := len(counts)
		if i+1 < len(cores) {
			to = emptiest(counts, core.to, cores[i+1].from)
		}
		line := image.Rect(column.Min.X, column.Min.Y+from, column.Max.X, column.Min.Y+to)
		ink := inkBounds(img, line, ground)
		boxes = append(boxes, image.Rect(column.Min.X, ink.Min.Y, column.Max.X, ink.Max.Y))
		from = to
	}
	return boxes
}

// run is a range of rows or columns.
type run struct{ from, to int }

// runs are the ranges whose counts are at least least, those joined that are
// less than gap apart.
func runs(counts []int, least, gap int) []run {
	var list []run
	for i, n := range counts {
		switch {
		case n < least:
		case len(list) > 0 && i-list[len(list)-1].to < gap:
			list[len(list)-1].to = i + 1
		default:
			list = append(list, run{i, i + 1})
		}
	}
	return list
}

// fullRow is the ink of a full row: that of the 90th percentile of the rows
// that have any.
func fullRow(counts []int) int {
	var some []int
	for _, n := range counts {
		if n > 0 {
			some = append(some, n)
		}
	}
	if len(some) == 0 {
		return 0
	}
	slices.Sort(some)
	return some[len(some)*9/10]
}

// joinDots adds what is less than half as high as most cores, such as a row of
// dots over letters, to the core that is nearer.
func joinDots(cores []run) []run {
	heights := make([]int, len(cores))
	for i, c := range cores {
		heights[i] = c.to - c.from
	}
	slices.Sort(heights)
	var list []run
	for i, c := range cores {
		if 2*(c.to-c.from) >= heights[len(heights)/2] {
			if len(list) > 0 && list[len(list)-1].to >= c.from {
				list[len(list)-1].to = c.to
			} else {
				list = append(list, c)
			}
			continue
		}
		above, below := maxSide, maxSide
		if len(list) > 0 {
			above = c.from - list[len(list)-1].to
		}
		if i+1 < len(cores) {
			below = cores[i+1].from - c.to
		}
		switch {
		case above < below:
			list[len(list)-1].to = c.to
		case below < maxSide:
			cores[i+1].from = c.from
		default:
			list = append(list, c)
		}
	}
	return list
}

// emptiest is the row with the least ink in from to to, the middle one of
// several.
func emptiest(counts []int, from, to int) int {
	first, last := from, from
	for i := from; i < to; i++ {
		switch {
		case counts[i] < counts[first]:
			first, last = i, i
		case counts[i] == counts[first]:
			last = i
		}
	}
	return (first + last + 1) / 2
}
