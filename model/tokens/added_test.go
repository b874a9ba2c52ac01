package tokens

import (
	"fmt"
	"slices"
	"testing"
)

// What each flag does was compared with Hugging Face tokenizers 0.22.2.
func TestAddedTokens(t *testing.T) {
	a := newAddedTokens([]addedToken{
		{ID: 1, Content: "<s>"}, {ID: 2, Content: "<s>x"}, {ID: 3, Content: "<"},
		{ID: 4, Content: "[L]", LStrip: true}, {ID: 5, Content: "[R]", RStrip: true}, {ID: 6, Content: "ab", SingleWord: true},
		{ID: 7, Content: "語"}, {ID: 8, Content: ""},
	})
	for text, want := range map[string][]string{
		"":             {},
		"plain":        {"plain"},
		"<s>":          {"1"},
		"a<s>b<s>xc":   {"a", "1", "b", "2", "c"}, // the longest
		"<<s":          {"3", "3", "s"},
		"a \t[L] b":    {"a", "4", " b"},
		"a [R] \n\tb":  {"a ", "5", "b"},
		"[R]  [L]":     {"5", "4"}, // white space that is taken is not there again
		"ab cab ab":    {"6", " cab ", "6"},
		"ab1 ab_ .ab.": {"ab1 ab_ .", "6", "."},
		"漢語字":          {"漢", "7", "字"},
	} {
		got := []string{}
		err := a.cut([]byte(text), func(s []byte) error {
			got = append(got, string(s))
			return nil
		}, func(id uint32) { got = append(got, fmt.Sprint(id)) })
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, error %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]bool{"a |b": false, "<s>|b": true, "<|s>": true, "a|<s>": true, "<s> |<": true, "<s> | ": false, "a|b": true} {
		at := 0
		for text[at] != '|' {
			at++
		}
		if got := a.touches([]byte(text[:at]+text[at+1:]), at); got != want {
			t.Errorf("%q: an added token touches: %t, want %t", text, got, want)
		}
	}
	if newAddedTokens([]addedToken{{Content: ""}}) != nil {
		t.Error("a list without tokens is not nil")
	}
}
