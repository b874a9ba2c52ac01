package tokens

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func readJSON(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "golden", name))
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The ids were made by the vendors' own encoders: testdata/golden/make.js.
func TestGolden(t *testing.T) {
	var texts []string
	readJSON(t, "texts.json", &texts)
	check := func(t *testing.T, name string, tok *tokenizer, id func([]byte) uint32) {
		var want [][]uint32
		readJSON(t, name+".ids.json", &want)
		for i, text := range texts {
			if got := tok.encode(t, text, id); !slices.Equal(got, want[i]) {
				t.Errorf("%q\n got %v\nwant %v", text, got, want[i])
			}
			if n, err := tok.count(strings.NewReader(text), 16); err != nil || int(n) != len(want[i]) {
				t.Errorf("%q: %d tokens, error %v; want %d", text, n, err, len(want[i]))
			}
		}
	}
	for _, c := range []*exact{o200k, cl100k} {
		t.Run(c.Name(), func(t *testing.T) {
			check(t, c.Name(), c.load(), func(b []byte) uint32 { return c.load().model.vocab.find(b) })
		})
	}
	for _, name := range []string{"qwen3", "deepseek_v3", "gpt4o"} {
		t.Run(name, func(t *testing.T) {
			c, err := FromTokenizerJSON(filepath.Join("testdata", "golden", name+".tokenizer.json"))
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Model struct{ Vocab map[string]uint32 }
			}
			readJSON(t, name+".tokenizer.json", &file)
			ids := map[string]uint32{}
			for token, id := range file.Model.Vocab {
				if b, ok := appendBytes(nil, token); ok {
					ids[string(b)] = id
				}
			}
			check(t, name, c.(*exact).load(), func(b []byte) uint32 { return ids[string(b)] })
		})
	}
}
