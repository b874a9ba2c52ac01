// Package testkit reads pages back in tests, pixel by pixel.
package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/render"
)

// Cells is a config whose pages are a grid of cells, one character each, so
// that they can be read back without doubt. Newlines are drawn as a marker, the
// legend stands on the first page, exact strings have tags and every page has
// the label "PAGE 1 LINES 2-3".
func Cells() configs.Config {
	return build([]configs.KeyValue{
		{Key: "newline-markup", Value: "↵"}, {Key: "legend", Value: "first"},
		{Key: "exact-anchors", Value: "true"}, {Key: "page-label", Value: "PAGE {page} LINES {first}-{last}"},
	})
}

const (
	cellWidth, cellHeight = 5, 8 // px
	columns               = 72
)

func build(more []configs.KeyValue) configs.Config {
	cfg, err := configs.Build(configs.Default(), append([]configs.KeyValue{
		{Key: "font-path", Value: "fixed-5x8"}, {Key: "font-size", Value: "8"}, {Key: "line-height", Value: "8"}, {Key: "dpi", Value: "72"},
		{Key: "page-size", Value: fmt.Sprintf("%d,%d", columns*cellWidth, 12*cellHeight)},
		{Key: "margin-x", Value: "0"}, {Key: "margin-y", Value: "0"}, {Key: "frame-padding", Value: "0"},
		{Key: "alignment", Value: "LEFT"}, {Key: "paragraph-lines", Value: "0"}, {Key: "auto-crop-width", Value: "false"},
	}, more...))
	if err != nil {
		panic(err)
	}
	return cfg
}

type cell [cellHeight]byte // a bit for each pixel that is not paper

// alphabet has the character of each cell that pages can show: ASCII and the
// newline marker, drawn one by one.
var alphabet = sync.OnceValue(func() map[cell]rune {
	r, err := render.New(build(nil), render.Options{})
	if err != nil {
		panic(err)
	}
	letters := map[cell]rune{{}: ' '}
	for _, c := range "↵!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" {
		for page, err := range r.Pages(context.Background(), "", strings.NewReader(string(c))) {
			if err != nil {
				panic(err)
			}
			grid := grid(page.PNG)
			if _, taken := letters[grid[0][0]]; taken {
				panic(fmt.Sprintf("testkit: %q looks like another character", c))
			}
			letters[grid[0][0]] = c
		}
	}
	return letters
})

// grid returns the rows of cells of a page.
func grid(data []byte) [][]cell {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	pixels := img.(*image.Paletted)
	paper, _, _, _ := pixels.At(pixels.Rect.Max.X-1, pixels.Rect.Max.Y-1).RGBA()
	var rows [][]cell
	for y := 0; y+cellHeight <= pixels.Rect.Dy(); y += cellHeight {
		var row []cell
		for x := 0; x+cellWidth <= pixels.Rect.Dx(); x += cellWidth {
			var c cell
			for i := range cellHeight {
				for j := range cellWidth {
					if ink, _, _, _ := pixels.At(x+j, y+i).RGBA(); ink != paper {
						c[i] |= 1 << j
					}
				}
			}
			row = append(row, c)
		}
		rows = append(rows, row)
	}
	return rows
}

// Read returns the rows of a page of [Cells], without white space at their
// ends. A cell that shows no character is U+FFFD.
func Read(png []byte) []string {
	letters := alphabet()
	var rows []string
	for _, row := range grid(png) {
		var b strings.Builder
		for _, c := range row {
			r, ok := letters[c]
			if !ok {
				r = '\uFFFD'
			}
			b.WriteRune(r)
		}
		rows = append(rows, strings.TrimRight(b.String(), " "))
	}
	return rows
}

// Page is what is said of a page.
type Page struct {
	PNG                         []byte
	Number, FirstLine, LastLine int
	Lines                       [][2]int64
	Dropped                     [][2]int64
	Anchors                     []render.Anchor
}

// Check compares pages of [Cells] with what is said of them. The pages are
// those of a document source, in order, in which some parts may have stayed
// text. Of white space the source has single spaces between words, and newlines
// before words; all else is ASCII without a backslash, or a soft hyphen in the
// last word of a line.
func Check(source, legend string, pages []Page) error {
	tags := 0
	for i, p := range pages {
		rows := Read(p.PNG)
		if p.Number != i+1 {
			return fmt.Errorf("page %d has the number %d", i+1, p.Number)
		}
		if err := p.checkLines(source, rows[0]); err != nil {
			return fmt.Errorf("page %d: %w", p.Number, err)
		}
		rows = rows[1:]
		if i == 0 {
			n := 1
			for n < len(rows) && strings.Join(rows[:n], " ") != legend {
				n++
			}
			if n == len(rows) {
				return fmt.Errorf("no legend in %q", rows)
			}
			rows = rows[n:]
		}
		if err := p.checkText(source, rows, &tags); err != nil {
			return fmt.Errorf("page %d: %w", p.Number, err)
		}
	}
	return nil
}

func (p *Page) checkLines(source, label string) error {
	if len(p.Lines) == 0 {
		return errors.New("no lines")
	}
	end := p.Lines[len(p.Lines)-1][1]
	first := 1 + strings.Count(source[:p.Lines[0][0]], "\n")
	last := 1 + strings.Count(source[:end-1], "\n")
	if p.FirstLine != first || p.LastLine != last {
		return fmt.Errorf("lines %d to %d; want %d to %d", p.FirstLine, p.LastLine, first, last)
	}
	if want := fmt.Sprintf("PAGE %d LINES %d-%d", p.Number, first, last); label != want {
		return fmt.Errorf("label %q; want %q", label, want)
	}
	for _, d := range p.Dropped {
		if source[d[0]:d[1]] != softHyphen {
			return fmt.Errorf("%q is said to be dropped", source[d[0]:d[1]])
		}
	}
	return nil
}

const softHyphen = "\u00ad"

// checkText compares the rows of text with the ranges of their lines. Tags
// counts the tags so far.
func (p *Page) checkText(source string, rows []string, tags *int) error {
	anchors := p.Anchors
	for i, line := range p.Lines {
		if i > 0 && line[0] != p.Lines[i-1][1] {
			return fmt.Errorf("line %d does not begin where the one before ends", i)
		}
		var want strings.Builder
		at := line[0]
		show := func(to int64) {
			text := strings.ReplaceAll(source[at:to], softHyphen, "")
			want.WriteString(strings.ReplaceAll(text, "\n", "↵"))
			at = to
		}
		for len(anchors) > 0 && anchors[0].End <= line[1] {
			a := anchors[0]
			anchors = anchors[1:]
			if *tags++; a.Tag != fmt.Sprintf("a%d", *tags) {
				return fmt.Errorf("tag %q; want the number %d", a.Tag, *tags)
			}
			if a.Start < 0 || a.End < at || !isExact(source, a.Start, a.End) {
				return fmt.Errorf("tag %q names [%d,%d), which is no exact string", a.Tag, a.Start, a.End)
			}
			show(a.End)
			want.WriteString(a.Tag)
		}
		show(line[1])
		if got, want := rows[i], strings.TrimRight(want.String(), " "); got != want {
			return fmt.Errorf("line %d shows %q; want %q", i, got, want)
		}
	}
	if len(anchors) > 0 {
		return fmt.Errorf("tags on no line: %v", anchors)
	}
	if dropped := strings.Count(source[p.Lines[0][0]:p.Lines[len(p.Lines)-1][1]], softHyphen); dropped != len(p.Dropped) {
		return fmt.Errorf("%d characters are said to be dropped; want %d", len(p.Dropped), dropped)
	}
	for _, row := range rows[len(p.Lines):] {
		if row != "" {
			return fmt.Errorf("a row %q of no line", row)
		}
	}
	return nil
}

// isExact reports whether the bytes from start to end are an exact string of
// their line.
func isExact(source string, start, end int64) bool {
	from := int64(strings.LastIndexByte(source[:start], '\n') + 1)
	line, _, _ := strings.Cut(source[from:], "\n")
	return slices.ContainsFunc(exact.Find(strings.ReplaceAll(line, softHyphen, "")), func(s exact.String) bool {
		return int64(s.Start)+from == start && int64(s.End)+from == end
	})
}
