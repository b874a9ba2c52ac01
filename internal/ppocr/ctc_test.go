package ppocr

import (
	"slices"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	keys := []string{"a", "b", " "} // classes 1, 2, 3
	for steps, want := range map[string]string{
		"":         "",
		"000":      "",
		"1":        "a",
		"111":      "a",
		"1012":     "aab",
		"0110220":  "ab",
		"13302201": "a ba",
	} {
		o := scores{data: make([]float32, 4*len(steps)), steps: len(steps), classes: 4}
		for i, c := range steps {
			for class := range 4 {
				o.data[4*i+class] = 0.1
			}
			o.data[4*i+int(c-'0')] = 0.7
		}
		if got := decode(o, keys); got != want {
			t.Errorf("the classes %s are decoded to %q, want %q", steps, got, want)
		}
	}
}

func TestParseKeys(t *testing.T) {
	for data, want := range map[string][]string{
		"a\n中":       {"a", "中", " "},
		"a\nb\n":     {"a", "b", " "},
		"a\r\nb\r\n": {"a", "b", " "},
	} {
		if got, err := parseKeys([]byte(data)); err != nil || !slices.Equal(got, want) {
			t.Errorf("the keys of %q are %q, error %v, want %q", data, got, err, want)
		}
	}
	for data, want := range map[string]string{
		"":                               "empty",
		"ab":                             "line 1 has 2 characters",
		"a\n\nb":                         "line 2 has 0 characters",
		"\xff":                           "not UTF-8",
		strings.Repeat("a\n", maxKeys+1): "want at most",
	} {
		if _, err := parseKeys([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want one with %q", err, want)
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte("a\n中\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := parseKeys(data)
		if err == nil && (len(keys) < 2 || len(keys) > maxKeys+1 || keys[len(keys)-1] != " ") {
			t.Errorf("%d keys of %q", len(keys), data)
		}
	})
}
