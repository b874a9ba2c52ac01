package fence

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A text that holds the first codes that its hash leads to is quoted with the
// next one. No such text can be found for a real hash, so that the test gives
// the hash.
func TestCodeIsNotInTheText(t *testing.T) {
	sum := sha256.Sum256([]byte("start"))
	var codes []string
	for s := sum; len(codes) < 4; s = sha256.Sum256(s[:]) {
		codes = append(codes, hex.EncodeToString(s[:6]))
	}
	for planted := range codes {
		text := "a\nEND " + strings.Join(codes[:planted], "\nEND ") + "\nb"
		if got := code(text, sum); got != codes[planted] {
			t.Errorf("with %d codes in the text: %s; want %s", planted, got, codes[planted])
		}
	}
}

func TestCodeIsTheTextsHash(t *testing.T) {
	sum := sha256.Sum256([]byte("text"))
	c := hex.EncodeToString(sum[:6])
	if got, want := Quote("text"), "BEGIN "+c+"\ntext\nEND "+c; got != want {
		t.Errorf("%q; want %q", got, want)
	}
}

// Whatever a text says, also a quotation of another text, it comes back.
func TestUnquote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(BEGIN|END|\n| |[0-9a-f]{12}|x){0,12}`)).Draw(t, "text")
		for range rapid.IntRange(0, 2).Draw(t, "wraps") {
			text = "x\n" + Quote(text) + "\ny"
		}
		before := rapid.SampledFrom([]string{"", "label:\n", "BEGIN\n", "BEGIN here\n", "a BEGIN 0123456789ab\n", "END 0123456789ab\n"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", "\n", "\nQuestion", "\n" + Quote("other")}).Draw(t, "after")
		if got, ok := Unquote(before + Quote(text) + after); !ok || got != text {
			t.Fatalf("%q, %v; want %q", got, ok, text)
		}
	})
}

func TestUnquoteNothing(t *testing.T) {
	for _, prompt := range []string{
		"", "text", "BEGIN ", "BEGIN 0123456789ab", "BEGIN 0123456789ab\ntext", "BEGIN 0123456789ab\ntext\nEND 0123456789ac",
		"BEGIN 0123456789ab\ntext\nEND 0123456789abc", "BEGIN 0123456789AB\ntext\nEND 0123456789AB", "xBEGIN 0123456789ab\ntext\nEND 0123456789ab",
	} {
		if got, ok := Unquote(prompt); ok {
			t.Errorf("%q: %q", prompt, got)
		}
	}
}
