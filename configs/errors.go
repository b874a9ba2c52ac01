package configs

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/glyphkit/glyph/internal/edit"
)

// KeyError is one refused setting.
type KeyError struct {
	Key     string // as given
	Value   string // as given, shortened when long
	Problem string // what is wrong, when Want alone does not tell: "is a list"
	Want    string // what would be accepted
	File    string // "" if the setting is not from a file
	Line    int    // line of the key in the file or JSON text, from 1; 0 if unknown
}

// unknownKey is the Problem of a key that no config has.
const unknownKey = "is not a known key"

// Error returns one line, such as
//
//	page.json:3: dpi "0": want a number from 10 to 1200 px/in
func (e *KeyError) Error() string {
	var b strings.Builder
	b.WriteString(position(e.File, e.Line))
	key := e.Key
	if key == "" || !printable(key) {
		key = strconv.Quote(key)
	}
	b.WriteString(key)
	if e.Problem != unknownKey { // the value of which may be anything, a line of a document too
		fmt.Fprintf(&b, " %q", e.Value)
	}
	if e.Problem != "" {
		b.WriteString(" " + e.Problem)
	}
	return b.String() + ": want " + e.Want
}

func position(file string, line int) string {
	switch {
	case file != "" && line > 0:
		return fmt.Sprintf("%s:%d: ", file, line)
	case file != "":
		return file + ": "
	case line > 0:
		return fmt.Sprintf("line %d: ", line)
	}
	return ""
}

// clip shortens a text for an error message.
func clip(s string) string {
	const most = 60 // characters
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// nearest returns the name with the smallest edit distance to s, the earlier one
// of equals. Case and underscores do not count.
func nearest(s string, names []string) string {
	s = clip(strings.ReplaceAll(strings.ToLower(s), "_", "-")) // clip bounds the cost
	best, least := "", -1
	for _, name := range names {
		if name == "" {
			continue
		}
		if d := edit.Distance(s, strings.ToLower(name)); least < 0 || d < least {
			best, least = name, d
		}
	}
	return best
}
