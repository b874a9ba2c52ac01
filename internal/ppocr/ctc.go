package ppocr

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	blankClass = 0
	maxKeys    = 1 << 17
)

// scores are what the model makes of a line: for each step from left to right
// the probability of each class.
type scores struct {
	data           []float32 // steps × classes
	steps, classes int
}

// decode is greedy CTC decoding (Graves et al. 2006, best path): the likeliest
// class of each step, of repeated ones the first, without blanks. Class i is
// keys[i-1].
func decode(o scores, keys []string) string {
	var b strings.Builder
	last := blankClass
	for step := range o.steps {
		row := o.data[step*o.classes : (step+1)*o.classes]
		best := 0
		for i, p := range row {
			if p > row[best] {
				best = i
			}
		}
		if best != last && best != blankClass {
			b.WriteString(keys[best-1])
		}
		last = best
	}
	return b.String()
}

// parseKeys reads the characters of the classes, one a line. The space, which
// the file has not, is the last class.
func parseKeys(data []byte) ([]string, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("it is not UTF-8; want one character a line")
	}
	text := strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if text == "" {
		return nil, errors.New("it is empty; want one character a line")
	}
	keys := strings.Split(text, "\n")
	if len(keys) > maxKeys {
		return nil, fmt.Errorf("it has %d lines; want at most %d", len(keys), maxKeys)
	}
	for i, k := range keys {
		if n := utf8.RuneCountInString(k); n != 1 {
			return nil, fmt.Errorf("line %d has %d characters; want 1", i+1, n)
		}
	}
	return append(keys, " "), nil
}

// spaced reports whether a gap as wide as a space between two texts is one:
// not beside Chinese or full-width characters, which have white inside.
func spaced(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return before != "" && after != "" && !wide(last) && !wide(first)
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60
}
