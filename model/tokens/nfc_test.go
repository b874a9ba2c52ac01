package tokens

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestNFC(t *testing.T) {
	for in, want := range map[string]string{
		"plain":              "plain",
		"cafe\u0301":         "café",
		"\u212b\u2126":       "ÅΩ",
		"q\u0307\u0323":      "q\u0323\u0307", // by class, none composes
		"\u1112\u1161\u11ab": "한",
		"\u0958":             "\u0915\u093c", // excluded from composition
		// Over 30 marks, which package norm would break up.
		"e" + strings.Repeat("\u0301\u0323", 20):      "ẹ\u0301"[:len("ẹ")] + strings.Repeat("\u0323", 19) + strings.Repeat("\u0301", 20),
		"a" + strings.Repeat("\u0316", 40) + "\u0301": "á" + strings.Repeat("\u0316", 40),
	} {
		if got := string(nfc([]byte(in))); got != want {
			t.Errorf("nfc of %+q is %+q, want %+q", in, got, want)
		}
	}
}

// The slow path is the fast one where both are right.
func TestComposeAll(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		text := randomText(r, r.IntN(60))
		want := norm.NFC.String(text)
		if strings.Count(want, "\u034f") != strings.Count(text, "\u034f") {
			continue // over 30 marks
		}
		if got := string(composeAll([]byte(text))); got != want {
			t.Errorf("%+q composed is %+q, want %+q", text, got, want)
		}
	}
}
