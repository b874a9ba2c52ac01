// Package term writes for people who read a terminal: numbers, tables, and a
// line that tells how far a long task has come. It writes no colours.
package term

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// IsTerminal reports whether a stream is a terminal that can redraw a line.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// Clean replaces what would act on a terminal: names come from anywhere.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// CleanText is Clean for text of several lines. Line feeds and tabs stay, and so
// do the characters that join the letters of some scripts and the parts of
// emoji.
func CleanText(s string) string {
	return strings.Map(func(r rune) rune {
		const nonJoiner, joiner = 0x200C, 0x200D
		switch {
		case r == '\r':
			return -1
		case r == '\n', r == '\t', r == nonJoiner, r == joiner, unicode.IsPrint(r), unicode.Is(unicode.Zs, r):
			return r
		}
		return unicode.ReplacementChar
	}, s)
}

// Shorten keeps the end of a path.
func Shorten(name string, cells int) string {
	name = Clean(name)
	r := []rune(name)
	if len(r) <= cells {
		return name
	}
	return "…" + string(r[len(r)-cells+1:])
}

// Plural writes a number with its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with a comma before each three digits.
func Thousands[T ~int | ~int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes writes a number of bytes in a unit that suits it.
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// Percent writes a share, 1 as 100 %.
func Percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// Money writes an amount with four digits behind the point, which a cent of a
// cent needs.
func Money(currency string, amount float64) string {
	switch currency {
	case "USD":
		return fmt.Sprintf("$%.4f", amount)
	case "":
		return fmt.Sprintf("%.4f", amount)
	}
	return fmt.Sprintf("%.4f %s", amount, Clean(currency))
}

// ExampleModel is the model that hints name.
const ExampleModel = "gpt-5.5"
