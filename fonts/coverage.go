package fonts

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Report tells which faces of a chain draw a text.
type Report struct {
	Bytes     int64          `json:"bytes"`             // length of the text
	Runes     int64          `json:"runes"`             // code points in it
	Distinct  int            `json:"distinct"`          // different ones
	Invisible int64          `json:"invisible"`         // controls, format characters and selectors, which need no glyph
	Faces     []faceCoverage `json:"faces"`             // faces that draw something, in chain order
	Missing   []missingRune  `json:"missing"`           // code points that no face has, ascending
	Invalid   *invalidUTF8   `json:"invalid,omitempty"` // bytes that are not UTF-8
}

// faceCoverage tells what one face draws.
type faceCoverage struct {
	Name     string        `json:"name"`
	Runes    int64         `json:"runes"`
	Distinct int           `json:"distinct"`
	Scripts  []scriptCount `json:"scripts"` // most used first
}

// scriptCount counts the code points of one Unicode script.
type scriptCount struct {
	Script   string `json:"script"` // as Unicode names it: "Latin", "Han", "Common"
	Runes    int64  `json:"runes"`
	Distinct int    `json:"distinct"`
}

// missingRune is a code point that no face covers.
type missingRune struct {
	Rune   rune   `json:"rune"`
	Code   string `json:"code"` // "U+1F600"
	Count  int64  `json:"count"`
	Offset int64  `json:"offset"` // of the first one, in bytes
}

// invalidUTF8 counts the bytes of a text that belong to no character.
type invalidUTF8 struct {
	Bytes  int64 `json:"bytes"`
	Offset int64 `json:"offset"` // of the first one, in bytes
}

// Coverage reads a UTF-8 text and tells which face of a chain draws each code
// point of it: the first that covers it. Layout chooses faces for whole
// clusters, so a combining mark may be drawn by the face of its base instead.
//
// Memory does not grow with the text: at worst it is 18 MB, for a text that
// has every code point. Coverage fails only if reading does.
func Coverage(text io.Reader, faces []*Face) (Report, error) {
	report := Report{Faces: []faceCoverage{}, Missing: []missingRune{}}
	var seen tally
	in := bufio.NewReaderSize(text, 64<<10)
	for {
		r, size, err := in.ReadRune()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Report{}, fmt.Errorf("reading text at byte %d: %w", report.Bytes, err)
		}
		if r == utf8.RuneError && size == 1 {
			if report.Invalid == nil {
				report.Invalid = &invalidUTF8{Offset: report.Bytes}
			}
			report.Invalid.Bytes++
		} else {
			report.Runes++
			seen.add(r, report.Bytes)
		}
		report.Bytes += int64(size)
	}
	byFace := make([]faceTally, len(faces))
	for r, n := range seen.all {
		report.Distinct++
		if isInvisible(r) {
			report.Invisible += n.count
			continue
		}
		i := slices.IndexFunc(faces, func(f *Face) bool { return f.Covers(r) })
		if i < 0 {
			report.Missing = append(report.Missing, missingRune{r, fmt.Sprintf("U+%04X", r), n.count, n.offset})
			continue
		}
		byFace[i].add(r, n.count)
	}
	for i, t := range byFace {
		if t.scripts != nil {
			report.Faces = append(report.Faces, t.coverage(faces[i].Name()))
		}
	}
	return report, nil
}

// isInvisible reports whether r is one that layout acts on or leaves out, so
// that no face need draw it.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// tally counts code points, in pages made when needed.
type tally struct {
	pages [(unicode.MaxRune + 1) >> 8]*[256]runeCount
}

type runeCount struct{ count, offset int64 }

func (t *tally) add(r rune, offset int64) {
	page := &t.pages[r>>8]
	if *page == nil {
		*page = new([256]runeCount)
	}
	n := &(*page)[byte(r)]
	if n.count == 0 {
		n.offset = offset
	}
	n.count++
}

// all yields the code points seen, ascending.
func (t *tally) all(yield func(rune, runeCount) bool) {
	for i, page := range t.pages {
		if page == nil {
			continue
		}
		for j, n := range page {
			if n.count > 0 && !yield(rune(i<<8|j), n) {
				return
			}
		}
	}
}

// faceTally counts what one face draws, by script.
type faceTally struct {
	scripts map[string]*scriptCount
}

func (t *faceTally) add(r rune, count int64) {
	if t.scripts == nil {
		t.scripts = map[string]*scriptCount{}
	}
	name := scriptOf(r)
	s := t.scripts[name]
	if s == nil {
		s = &scriptCount{Script: name}
		t.scripts[name] = s
	}
	s.Runes += count
	s.Distinct++
}

func (t *faceTally) coverage(name string) faceCoverage {
	c := faceCoverage{Name: name}
	for _, s := range t.scripts {
		c.Runes += s.Runes
		c.Distinct += s.Distinct
		c.Scripts = append(c.Scripts, *s)
	}
	slices.SortFunc(c.Scripts, func(a, b scriptCount) int {
		return cmp.Or(cmp.Compare(b.Runes, a.Runes), cmp.Compare(a.Script, b.Script))
	})
	return c
}

var scriptNames = slices.Sorted(maps.Keys(unicode.Scripts))

// scriptOf returns the name of r's script, "Unknown" if it is not assigned.
func scriptOf(r rune) string {
	for _, name := range scriptNames {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return "Unknown"
}
