package document

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLinesAreNumberedAsLayoutDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "\n", "\r", "\r\n", strings.Repeat("x", lineBlock-1), strings.Repeat("\r\n", 700)}), 0, 12).Draw(t, "text"), "")
		at := rapid.IntRange(0, len(text)).Draw(t, "at")
		// A byte between CR and LF is on the line that they end.
		before := text[:at]
		want := 1 + strings.Count(strings.NewReplacer("\r\n", "n", "\r", "n", "\n", "n").Replace(strings.ReplaceAll(before, "n", "")), "n")
		if strings.HasSuffix(before, "\r") && strings.HasPrefix(text[at:], "\n") {
			want--
		}
		if got := NewLines(text).At(int64(at)); got != want {
			t.Fatalf("byte %d: line %d, want %d", at, got, want)
		}
	})
}
