package tokens

import (
	"strings"
	"testing"
)

func TestForName(t *testing.T) {
	for name, want := range map[string]string{
		"o200k": "o200k", "o200k_base": "o200k", "cl100k": "cl100k", "cl100k_base": "cl100k",
		"estimate:claude": "estimate:claude", "claude": "estimate:claude", "qwen": "estimate:qwen",
	} {
		c, err := ForName(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if c.Name() != want || c.Exact() == strings.HasPrefix(want, "estimate:") {
			t.Errorf("%s is %s, exact %t; want %s", name, c.Name(), c.Exact(), want)
		}
	}
	for _, name := range counterNames() {
		if c, err := ForName(name); err != nil || c.Name() != name {
			t.Errorf("%s of Names: %v, error %v", name, c, err)
		}
	}
	for name, nearest := range map[string]string{"estimate:cluade": "estimate:claude", "o20k": "o200k", "Gemni": "estimate:gemini", strings.Repeat("x", 1<<20): "", "": ""} {
		_, err := ForName(name)
		if err == nil || !strings.Contains(err.Error(), nearest) || len(err.Error()) > 200 {
			t.Errorf("%.20q: error %.300v, want one that names %q", name, err, nearest)
		}
	}
}

func TestEstimates(t *testing.T) {
	const text = "On 2026-11-23 the price of 1234 pages was 5678."
	exact, err := o200k.Count(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range estimates {
		if e.Name == "" || e.Source == "" || e.Factor < 0.5 || e.Factor > 2 || e.Within <= 0 || e.Within > 0.5 {
			t.Errorf("%+v: a field is out of range", e)
		}
	}
	for name, want := range map[string]string{"estimate:claude": "~", "estimate:qwen": "~", "o200k": ""} {
		c, err := ForName(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := of(c, strings.NewReader(text))
		if err != nil || n.Estimated != (want == "~") || n.Tokenizer != name || !strings.HasPrefix(n.String(), want) {
			t.Errorf("%s: %v (%+v), error %v", name, n, n, err)
		}
		// Qwen has a token a digit: 16 in place of 8.
		if more := n.Tokens - exact; name == "estimate:qwen" && more != 8 {
			t.Errorf("%s: %d tokens more than o200k, want 8", name, more)
		}
	}
}
