package document

import "strings"

// Lines numbers the lines of a text from 1. Lines end in LF, CRLF or CR, as
// they do on pages. It takes 4 bytes for each 4 KiB of text, and is safe for
// concurrent use.
type Lines struct {
	text  string
	count []int32 // line ends before each block
}

// lineBlock is how many bytes are counted at most to number a line.
const lineBlock = 4 << 10

// NewLines counts the lines of a text.
func NewLines(text string) *Lines {
	x := &Lines{text: text, count: make([]int32, 0, len(text)/lineBlock+1)}
	n := int32(0)
	for at := 0; at <= len(text); at += lineBlock {
		x.count = append(x.count, n)
		n += int32(x.ends(at, min(at+lineBlock, len(text))))
	}
	return x
}

// ends counts the line ends whose last byte is in [start, end).
func (x *Lines) ends(start, end int) int {
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

// At is the line of the byte at offset, 0 <= offset <= len(text).
func (x *Lines) At(offset int64) int {
	block := offset / lineBlock
	return 1 + int(x.count[block]) + x.ends(int(block)*lineBlock, int(offset))
}

// Last is the line of the last byte before end.
func (x *Lines) Last(end int64) int { return x.At(max(end-1, 0)) }
