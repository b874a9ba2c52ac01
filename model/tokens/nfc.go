package tokens

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nfc returns s in Unicode's normalization form C; s itself if it is.
func nfc(s []byte) []byte {
	if norm.NFC.QuickSpan(s) == len(s) {
		return s
	}
	out := norm.NFC.Bytes(s)
	// Package norm breaks a run of more than 30 marks with a joiner, as stream-safe
	// text has it. Tokenizers do not.
	joiner := []byte("\u034f")
	if bytes.Count(out, joiner) == bytes.Count(s, joiner) {
		return out
	}
	return composeAll(s)
}

// composeAll is NFC with runs of marks of any length, by the definition of
// Unicode 3.11: decompose, order, compose. It takes 1 µs a character.
func composeAll(s []byte) []byte {
	type char struct {
		r   rune
		ccc uint8 // canonical combining class
	}
	var chars []char
	for len(s) > 0 {
		_, n := utf8.DecodeRune(s)
		for _, r := range string(norm.NFD.Bytes(s[:n])) {
			chars = append(chars, char{r, norm.NFD.PropertiesString(string(r)).CCC()})
		}
		s = s[n:]
	}
	for i := 0; i < len(chars); {
		j := i + 1
		if chars[i].ccc > 0 {
			for j < len(chars) && chars[j].ccc > 0 {
				j++
			}
			slices.SortStableFunc(chars[i:j], func(a, b char) int { return int(a.ccc) - int(b.ccc) })
		}
		i = j
	}
	starter := -1 // index in out
	var out []char
	for _, c := range chars {
		// A character composes with the last starter unless one of its own class
		// or higher, or another starter, stands between.
		if last := len(out) - 1; starter >= 0 && (last == starter || out[last].ccc > 0 && out[last].ccc < c.ccc) {
			pair := []rune(norm.NFC.String(string([]rune{out[starter].r, c.r})))
			if len(pair) == 1 {
				out[starter].r = pair[0]
				continue
			}
		}
		if c.ccc == 0 {
			starter = len(out)
		}
		out = append(out, c)
	}
	var b []byte
	for _, c := range out {
		b = utf8.AppendRune(b, c.r)
	}
	return b
}
