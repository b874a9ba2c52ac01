package configs

import (
	"fmt"
	"strconv"
	"strings"
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
	fmt.Fprintf(&b, "%s %q", key, e.Value)
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

// nearest returns the name with the smallest Damerau-Levenshtein distance to
// s (insertions, deletions, substitutions and swaps of neighbours each count
// 1), the earlier one of equals. Case and underscores do not count.
func nearest(s string, names []string) string {
	s = clip(strings.ReplaceAll(strings.ToLower(s), "_", "-")) // clip bounds the cost
	best, least := "", -1
	for _, name := range names {
		if name == "" {
			continue
		}
		if d := distance([]rune(s), []rune(strings.ToLower(name))); least < 0 || d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is the optimal string alignment form of the distance. Rows i-2,
// i-1 and i of the table are all that it needs.
func distance(a, b []rune) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
