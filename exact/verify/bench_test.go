package verify

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A text of one megabyte of digits, and 100 KB of misread quotations from it.
// Bar: two seconds of processor time for each call.
func BenchmarkDamagedQuotations(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 9))
	var source strings.Builder
	for source.Len() < 1<<20 {
		fmt.Fprintf(&source, "%d %d %d\n", r.IntN(1e9), r.IntN(1e6), r.IntN(1e9))
	}
	text := source.String()
	reader := noisyReader{Rand: r, rate: 0.05}
	var answer strings.Builder
	for answer.Len() < 100_000 {
		at := r.IntN(len(text) - 200)
		fmt.Fprintf(&answer, "It says “%s”.\n", strings.ReplaceAll(reader.read(text[at:at+120]), "\n", " "))
	}
	x := testIndex(text)
	for b.Loop() {
		verified(x, answer.String(), "")
	}
}
