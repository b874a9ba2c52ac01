package pack

import (
	"sort"
	"strings"
)

// lineIndex numbers the lines of a text, from 1, as layout does: they end in
// LF, CRLF or CR.
type lineIndex struct {
	text  string
	count []int32 // line ends before each block
}

// lineBlock is how many bytes are counted at most to number a line.
const lineBlock = 4 << 10

func newLineIndex(text string) *lineIndex {
	x := &lineIndex{text: text, count: make([]int32, 0, len(text)/lineBlock+1)}
	n := int32(0)
	for at := 0; at <= len(text); at += lineBlock {
		x.count = append(x.count, n)
		n += int32(x.ends(at, min(at+lineBlock, len(text))))
	}
	return x
}

// ends counts the line ends whose last byte is in [start, end).
func (x *lineIndex) ends(start, end int) int {
	n := strings.Count(x.text[start:end], "\n")
	for i := start; i < end; i++ {
		cr := strings.IndexByte(x.text[i:end], '\r')
		if cr < 0 {
			break
		}
		i += cr
		if i+1 == len(x.text) || x.text[i+1] != '\n' {
			n++
		}
	}
	return n
}

// at is the line of the byte at offset, 0 <= offset <= len(text).
func (x *lineIndex) at(offset int64) int {
	block := offset / lineBlock
	return 1 + int(x.count[block]) + x.ends(int(block)*lineBlock, int(offset))
}

// last is the line of the last byte before end.
func (x *lineIndex) last(end int64) int { return x.at(max(end-1, 0)) }

// page is the page of d that shows the byte at offset or, where that byte was
// dropped with a blank page, the page before it; 0 if the byte is sent as text.
func (d *Document) page(offset int64) int {
	i := sort.Search(len(d.Parts), func(i int) bool { return d.Parts[i].Start > offset }) - 1
	if i < 0 {
		i = 0
	}
	if len(d.Parts) == 0 || d.Parts[i].Page == nil {
		return 0
	}
	return d.Parts[i].Page.Number
}
