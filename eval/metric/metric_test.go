package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestErrorRates(t *testing.T) {
	for _, c := range []struct {
		want, got         string
		characters, words Errors
	}{
		{"the quick brown fox", "the quick brown fox", Errors{0, 19}, Errors{0, 4}},
		{"the quick brown fox", "the quikc\n brown", Errors{6, 19}, Errors{2, 4}},
		{"a “b” – c", "a \"b\" - c", Errors{0, 9}, Errors{0, 4}},
		{"", "made up", Errors{7, 0}, Errors{2, 0}},
		{"größe", "grosse", Errors{3, 5}, Errors{1, 1}},
	} {
		if e := CharacterErrors(c.want, c.got); e != c.characters {
			t.Errorf("characters of %q in %q: %v, want %v", c.want, c.got, e, c.characters)
		}
		if e := WordErrors(c.want, c.got); e != c.words {
			t.Errorf("words of %q in %q: %v, want %v", c.want, c.got, e, c.words)
		}
	}
	if !math.IsNaN((Errors{3, 0}).Rate()) || (Errors{3, 2}).Rate() != 1.5 {
		t.Error("rate is not distance by length")
	}
}

// The table as Wagner and Fischer fill it.
func editTable(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(d, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

func randomText(rng *rand.Rand, n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

func TestEditDistanceEqualsTheTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		alphabet := "abcdefghij"[:1+rng.IntN(10)]
		a, b := randomText(rng, rng.IntN(200), alphabet), randomText(rng, rng.IntN(200), alphabet)
		if rng.IntN(2) == 0 { // near each other
			i := rng.IntN(len(a) + 1)
			b = a[:i] + randomText(rng, rng.IntN(3), alphabet) + a[min(len(a), i+rng.IntN(3)):]
		}
		if got, want := EditDistance([]byte(a), []byte(b)), editTable(a, b); got != want {
			t.Fatalf("%q to %q: %d, want %d", a, b, got, want)
		}
	}
}

func BenchmarkEditDistance(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := []byte(randomText(rng, 100_000, "abcdefgh")), []byte(randomText(rng, 100_000, "abcdefgh"))
	for b.Loop() {
		EditDistance(x, y)
	}
}
