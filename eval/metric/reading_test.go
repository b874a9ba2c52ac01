package metric

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func ExampleCharacterErrors() {
	want := "The “quick” brown fox—jumps\nover it."
	got := "The \"quick\" browm fox-jumps over\nit"
	e := CharacterErrors(want, got)
	fmt.Printf("%+v %.3f\n", e, e.Rate())
	// Output: {Distance:2 Length:36} 0.056
}

func TestCharacterErrors(t *testing.T) {
	for _, test := range []struct {
		want, got        string
		distance, length int
	}{
		{"kitten", "sitting", 3, 6},
		{"flaw", "lawn", 2, 4},
		{"intention", "execution", 5, 9},
		{"page", "", 4, 4},
		{"", "page", 4, 0},
		{"ab", "ba", 2, 2}, // no transpositions
		{"Case", "case", 1, 4},
		{"café", "cafe", 1, 4},
		{"café", "cafe\u0301", 2, 4}, // not normalised
		{"日本語", "日木語", 1, 3},         // characters, not bytes
		{"a\xffb", "ab", 1, 3},
		{"...", "…", 3, 3},

		{" one\r\n\ttwo\u00a0three\u3000", "one two three", 0, 13},
		{"one two", "onetwo", 1, 7},
		{" \n ", "", 0, 0},
		{"‘a’ ‚b‛", "'a' 'b'", 0, 7},
		{"“a” „b‟", `"a" "b"`, 0, 7},
		{"a‐b‑c‒d–e—f―g", "a-b-c-d-e-f-g", 0, 13},
		{"«a» −1 `b´", `"a" -1 'b'`, 5, 10}, // these are not folded
	} {
		if got := CharacterErrors(test.want, test.got); got != (Errors{test.distance, test.length}) {
			t.Errorf("CharacterErrors(%q, %q) = %+v, want distance %d of %d", test.want, test.got, got, test.distance, test.length)
		}
	}
}

func TestRate(t *testing.T) {
	if got := CharacterErrors("kitten", "sitting").Rate(); got != 0.5 {
		t.Errorf("CER of kitten and sitting = %v, want 0.5", got)
	}
	if got := CharacterErrors("no", "a long text in its place").Rate(); got <= 1 {
		t.Errorf("CER of a reading that is mostly made up = %v, want more than 1", got)
	}
	if got := CharacterErrors("", "text").Rate(); !math.IsNaN(got) {
		t.Errorf("CER without anything to read = %v, want NaN", got)
	}
}

// defined is the Levenshtein distance as it is defined, in exponential time.
func defined(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	d := min(defined(a[1:], b), defined(a, b[1:])) + 1
	same := defined(a[1:], b[1:])
	if a[0] != b[0] {
		same++
	}
	return min(d, same)
}

func TestDistanceExhaustive(t *testing.T) {
	words := []string{""}
	for i := 0; len(words[i]) < 4; i++ {
		for _, c := range "abc" {
			words = append(words, words[i]+string(c))
		}
	}
	for _, a := range words {
		for _, b := range words {
			if got, want := EditDistance([]rune(a), []rune(b)), defined([]rune(a), []rune(b)); got != want {
				t.Fatalf("EditDistance(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func FuzzCharacterErrors(f *testing.F) {
	f.Add("kitten", "sitting")
	f.Add("a “b”\n", "a \"b\" —")
	f.Add("\xff ", "日本")
	f.Fuzz(func(t *testing.T, want, got string) {
		if len(want) > 500 || len(got) > 500 {
			return
		}
		a, b := []rune(strings.Join(Words(want), " ")), []rune(strings.Join(Words(got), " "))
		there, back := CharacterErrors(want, got), CharacterErrors(got, want)
		longer, shorter := max(len(a), len(b)), min(len(a), len(b))
		switch {
		case there.Length != len(a):
			t.Errorf("length %d, want %d", there.Length, len(a))
		case there.Distance != back.Distance:
			t.Errorf("distance %d one way, %d the other", there.Distance, back.Distance)
		case there.Distance < longer-shorter || there.Distance > longer:
			t.Errorf("distance %d of lengths %d and %d", there.Distance, len(a), len(b))
		case (there.Distance == 0) != (string(a) == string(b)):
			t.Errorf("distance %d of %q and %q", there.Distance, string(a), string(b))
		case longer <= 7 && there.Distance != defined(a, b):
			t.Errorf("distance %d, want %d", there.Distance, defined(a, b))
		}
	})
}

func BenchmarkCharacterErrors(b *testing.B) {
	page := strings.Repeat("Pages of some nine thousand characters. ", 225)
	read := strings.ReplaceAll(page, "nine", "mine")
	for b.Loop() {
		CharacterErrors(page, read)
	}
}
