package secrets

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// accessLog is a log on which the generic rule has much to do: every line
// names keys, tokens and authorisations.
func accessLog(size int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "2026-03-%02dT%02d:%02d:%02dZ INFO gateway request_id=%016x user_key=u-%d token_type=bearer auth: ok path=/v1/access/%x?page=%d latency=%dms\n",
			i/86400%28+1, i/3600%24, i/60%60, i%60, r.Uint64(), r.IntN(5000), r.Uint32(), r.IntN(90), r.IntN(900))
	}
	return b.String()
}

func BenchmarkScan(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"log", accessLog(10 << 20)},
		// Every line matches the generic rule and is allowed in the end.
		{"allowed", strings.Repeat("2026-03-01T12:00:00Z INFO cache_key=session_example_entry_0123456789 hit\n", 10<<20/74)},
		// Every word begins like a JSON Web Token.
		{"prefixes", strings.Repeat("eyJhbGciOiJIUzI1NiJ9.ey", 10<<20/23)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				if found := Scan(c.text); len(found) > 0 {
					b.Fatal(c.text[found[0].Start:found[0].End], found[0].Rule)
				}
			}
		})
	}
}
