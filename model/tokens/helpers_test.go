package tokens

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// encode returns the tokens of a text, as id numbers those of the vocabulary.
func (t *tokenizer) encode(tb testing.TB, text string, id func(token []byte) uint32) []uint32 {
	tb.Helper()
	c := newCoder(t.model)
	ids := []uint32{}
	err := t.pieces([]byte(text), func(piece []byte) {
		if c.whole && c.vocab.find(piece) != none {
			ids = append(ids, id(piece))
			return
		}
		for _, p := range c.merge(piece) {
			ids = append(ids, id(c.vocab.bytes(p.token)))
		}
	}, func(added uint32) { ids = append(ids, added) })
	if err != nil {
		tb.Fatal(err)
	}
	return ids
}

// alphabets are what splitters, normalizers and added tokens may trip over.
var alphabets = []string{
	"abcXYZ", " \t", "\r\n", "'s'S't're'VE'll'D ſ", "0123٣²Ⅷ", "é\u0301\u0302\u0327a", "語字漢かなカナ한국어", "!?.,/\\-_<>|{}[]()",
	"😀👩‍👧🇩🇪", "ǅǈʰªـ", "กขค\u0e31\u0e34", "אבג\u05b0", "\u00a0\u2003\u3000\u0085\u2028", "\x00\x01\u200b\u200d\ufeff\u00ad",
	"नमस्ते\u094d", "<|im_start|>", "<|endoftext|>", "<think>", "<｜User｜>", "\U0001F1E6\U000E0001\U00020000\u0378\ue000",
	"\u212b\u2126\u1e9b\u0323\u0344\u0958\ufb1d\ufa0e\uf900\u1100\u1161\u11a8",
}

// randomText returns UTF-8 of about n bytes.
func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for b.Len() < n {
		a := []rune(alphabets[r.IntN(len(alphabets))])
		switch r.IntN(8) {
		case 0:
			b.WriteString(string(a))
		case 1:
			b.WriteRune(rune(r.IntN(0x3000)))
		case 2:
			if c := rune(r.IntN(utf8.MaxRune)); utf8.ValidRune(c) {
				b.WriteRune(c)
			}
		case 3:
			b.WriteString(strings.Repeat(string(a[r.IntN(len(a))]), r.IntN(20)))
		default:
			for range 1 + r.IntN(6) {
				b.WriteRune(a[r.IntN(len(a))])
			}
		}
	}
	return b.String()
}
