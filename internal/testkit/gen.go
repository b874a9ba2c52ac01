package testkit

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// Lines draws a text that [Check] can follow: lines of words, some of them exact
// strings, with blank lines between some.
func Lines(t *rapid.T) string {
	word := rapid.Custom(func(t *rapid.T) string {
		n := rapid.Uint32().Draw(t, "n")
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return fmt.Sprintf("INV-%04d", n%10000)
		case 1:
			return fmt.Sprintf("%08x-e29b-41d4-a716-446655440000", n)
		case 2:
			return fmt.Sprintf("2024-%02d-%02d", 1+n%12, 1+n%28)
		}
		return []string{"ledger", "of", "the", "committee", "river", "a", "harbour", "meets"}[n%8]
	})
	line := rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(word, 1, 20).Draw(t, "words"), " ")
		if rapid.IntRange(0, 3).Draw(t, "hyphen") == 0 {
			s += " har" + softHyphen + "bour"
		}
		return s + strings.Repeat("\n", rapid.IntRange(1, 3).Draw(t, "newlines"))
	})
	return strings.Join(rapid.SliceOfN(line, 1, 40).Draw(t, "lines"), "")
}
