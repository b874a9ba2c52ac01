package search

import (
	"strings"
	"unicode/utf8"
)

// fold makes equal what metric.CharacterErrors makes equal, so that misreadings are those
// that it counts.
func fold(s string) []rune {
	out := []rune(strings.Join(strings.Fields(s), " "))
	for i, r := range out {
		switch {
		case r >= 0x2018 && r <= 0x201B:
			out[i] = '\''
		case r >= 0x201C && r <= 0x201F:
			out[i] = '"'
		case r >= 0x2010 && r <= 0x2015:
			out[i] = '-'
		}
	}
	return out
}

// Bounds on misreadings.
const (
	maxAlignedLength = 4096 // characters of either text that are aligned: the table has their product in bytes
	maxKindLength    = 3    // characters of either side that name a kind; longer ones are "text"
	misreadContext   = 12   // characters on either side of a misreading in an example
)

// misreadings returns the runs of characters that differ between want and got,
// in their order, at most n.
func misreadings(want, got string, n int) []Misread {
	a, b := fold(want), fold(got)
	a, b = a[:min(len(a), maxAlignedLength)], b[:min(len(b), maxAlignedLength)]
	ops := align(a, b)
	var list []Misread
	i, j := 0, 0
	for k := 0; k < len(ops) && len(list) < n; {
		if ops[k] == opMatch {
			i, j, k = i+1, j+1, k+1
			continue
		}
		i0, j0 := i, j
		for k < len(ops) && ops[k] != opMatch {
			if ops[k] != opInsert {
				i++
			}
			if ops[k] != opDelete {
				j++
			}
			k++
		}
		list = append(list, Misread{
			Kind: kindOf(a[i0:i]) + "/" + kindOf(b[j0:j]),
			Want: around(a, i0, i), Got: around(b, j0, j),
		})
	}
	return list
}

func kindOf(run []rune) string {
	if len(run) > maxKindLength {
		return "text"
	}
	return string(run)
}

func around(text []rune, from, to int) string {
	s := string(text[max(0, from-misreadContext):min(len(text), to+misreadContext)])
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:60]) + "…"
	}
	return s
}

// Steps of an alignment.
const (
	opMatch byte = iota
	opReplace
	opInsert // of a character of b
	opDelete // of a character of a
)

// align returns the steps of a shortest edit from a to b (Wagner and Fischer,
// 1974).
func align(a, b []rune) []byte {
	width := len(b) + 1
	step := make([]byte, (len(a)+1)*width)
	row := make([]int32, width)
	for j := 1; j < width; j++ {
		row[j], step[j] = int32(j), opInsert
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0], step[i*width] = int32(i), opDelete
		for j := 1; j < width; j++ {
			best, op := diagonal, opMatch
			if a[i-1] != b[j-1] {
				best, op = diagonal+1, opReplace
			}
			if d := row[j] + 1; d < best {
				best, op = d, opDelete
			}
			if d := row[j-1] + 1; d < best {
				best, op = d, opInsert
			}
			diagonal, row[j], step[i*width+j] = row[j], best, op
		}
	}
	var ops []byte
	for i, j := len(a), len(b); i > 0 || j > 0; {
		op := step[i*width+j]
		ops = append(ops, op)
		if op != opInsert {
			i--
		}
		if op != opDelete {
			j--
		}
	}
	for i, j := 0, len(ops)-1; i < j; i, j = i+1, j-1 {
		ops[i], ops[j] = ops[j], ops[i]
	}
	return ops
}
