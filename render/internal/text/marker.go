package text

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marker is the notation of a document whose newlines are drawn as a visible
// marker, such as \n or ↵, rather than as line breaks.
//
// It is collision-safe: where the document itself contains the marker, the page
// shows it escaped, so that the drawn text can be read back in one way only.
// Backslash is the escape character. With k backslashes in a row in the
// document:
//
//	marker ↵    k backslashes, then newline     2k backslashes, then ↵
//	            k backslashes, then a literal ↵  2k+1 backslashes, then ↵
//	marker \n   k backslashes, then newline     2k+1 backslashes, then n
//	            k ≥ 1 backslashes, then n       2k backslashes, then n
//
// Backslashes anywhere else stand as they are, so that paths and LaTeX keep
// their looks.
type Marker struct {
	core string // the marker without the white space around it
	tail string // core after its leading backslash, or core
	self bool   // core begins with a backslash
}

// NewMarker returns the notation for a marker drawn as text. It refuses markers
// that no escaping could keep apart from the text around them.
func NewMarker(text string) (*Marker, error) {
	core := strings.TrimSpace(text)
	if core == "" {
		return nil, errors.New("a newline marker needs a visible character")
	}
	m := &Marker{core: core, tail: core}
	if t, ok := strings.CutPrefix(core, `\`); ok {
		m.self, m.tail = true, t
	}
	if m.tail == "" || strings.Contains(m.tail, `\`) {
		return nil, fmt.Errorf(`newline marker %q: a backslash may only stand first, before another character, as in \n`, core)
	}
	if !strings.ContainsFunc(core, func(r rune) bool {
		return r >= utf8.RuneSelf || !strings.ContainsRune("[]+- '(),", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return nil, fmt.Errorf("newline marker %q: the names that stand for missing glyphs may hold it; accepted: a marker with a sign such as ↵, ¶ or \\n", core)
	}
	// Behind a text that ends as the marker begins, a marker that also ends so
	// would be seen too early: "a" + "aa".
	for k := 1; k < len(core) && !m.self; k++ {
		if core[:k] == core[len(core)-k:] {
			return nil, fmt.Errorf("newline marker %q begins and ends with %q, so it could not be told from text before it; accepted: a marker such as ↵, ¶ or \\n", core, core[:k])
		}
	}
	return m, nil
}

// Legend says in one line how to read the marker.
func (m *Marker) Legend() string {
	return m.core + " = line break in the source; " + m.Encode(m.core) + " = a literal " + m.core +
		"; " + m.Encode("\\\n") + " = a backslash, then a line break"
}

// mayOccur is a cheap test that is never false where escape would act.
func (m *Marker) mayOccur(line []byte) bool {
	return bytes.IndexByte(line, '\\') >= 0 || !m.self && bytes.Contains(line, []byte(m.core))
}

// escape returns how many bytes at line[i:] the notation changes, and what is
// drawn for them; 0 if none. A run of backslashes is taken as a whole.
func (m *Marker) escape(line []byte, i int, beforeMarker bool) (int, string) {
	j := i
	for j < len(line) && line[j] == '\\' {
		j++
	}
	k := j - i
	literal := bytes.HasPrefix(line[j:], []byte(m.tail))
	switch {
	case literal && m.self && k > 0:
		return k + len(m.tail), strings.Repeat(`\`, 2*k) + m.tail
	case literal && !m.self:
		return k + len(m.tail), strings.Repeat(`\`, 2*k+1) + m.tail
	case j == len(line) && beforeMarker && k > 0:
		return k, strings.Repeat(`\`, 2*k)
	case k > 0:
		return k, string(line[i:j])
	}
	return 0, ""
}

// inside reports whether b[n] stands behind a backslash or inside the marker's
// own characters, where a piece must not end.
func (m *Marker) inside(b []byte, n int) bool {
	if b[n-1] == '\\' {
		return true
	}
	for k := 1; k < len(m.core) && k <= n; k++ {
		if bytes.HasPrefix(b[n-k:], []byte(m.core)) {
			return true
		}
	}
	return false
}

// touches reports whether text ends in a backslash or in a character of the
// marker.
func (m *Marker) touches(text []byte) bool {
	r, _ := utf8.DecodeLastRune(text)
	return len(text) > 0 && (r == '\\' || strings.ContainsRune(m.core, r))
}

// Encode returns a text in the notation, as a page shows it, newlines included.
func (m *Marker) Encode(s string) string {
	var out strings.Builder
	for {
		line, rest, more := strings.Cut(s, "\n")
		b := []byte(line)
		for i := 0; i < len(b); {
			if n, drawn := m.escape(b, i, more); n > 0 {
				out.WriteString(drawn)
				i += n
				continue
			}
			_, n := utf8.DecodeRune(b[i:])
			out.Write(b[i : i+n])
			i += n
		}
		if !more {
			return out.String()
		}
		out.WriteString(m.core)
		s = rest
	}
}

// Decode is the inverse of Encode.
func (m *Marker) Decode(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] == '\\' {
			j++
		}
		k := j - i
		if !strings.HasPrefix(s[j:], m.tail) || m.self && k == 0 {
			out.WriteString(s[i:j])
			if j < len(s) {
				out.WriteByte(s[j])
				j++
			}
			i = j
			continue
		}
		// An odd count is \ before the marker: for ↵ it quotes the marker, for
		// \n the odd one is the marker's own.
		if newline := (k%2 == 0) != m.self; newline {
			out.WriteString(strings.Repeat(`\`, k/2) + "\n")
		} else {
			out.WriteString(strings.Repeat(`\`, k/2) + m.tail)
		}
		i = j + len(m.tail)
	}
	return out.String()
}
