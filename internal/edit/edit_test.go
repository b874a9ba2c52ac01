package edit

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"dejavu", "dejavu", 0}, {"flaw", "lawn", 2},
		{"drak", "dark", 1}, {"ca", "abc", 3}, {"größe", "grosse", 3}, {"größe", "größe", 0}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"xab", "ba", 2}} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if Distance(c.a, c.b) != Distance(c.b, c.a) {
			t.Errorf("%q and %q: not symmetric", c.a, c.b)
		}
	}
}

func TestNearest(t *testing.T) {
	for s, want := range map[string]string{"compres": "compress", "fonts": "fonts", "font": "fonts", "zzzzz": "", "c": "compress", "": ""} {
		if got := Nearest(s, []string{"compress", "configs", "fonts"}); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", s, got, want)
		}
	}
}
