package tokens

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// object is a JSON object that a test can change.
type object = map[string]any

// small returns a tokenizer.json with all bytes and the merges "a b", "ab c",
// in GPT-2's form.
func small() object {
	vocab := object{"ab": 256, "abc": 257, "bc": 258, "<none>": 259}
	for r := range rune(0x144) {
		if b, ok := appendBytes(nil, string(r)); ok {
			vocab[string(r)] = int(b[0])
		}
	}
	return object{
		"pre_tokenizer": object{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
		"model":         object{"type": "BPE", "vocab": vocab, "merges": []any{"a b", []string{"ab", "c"}}},
	}
}

// with returns o with the value at a path of keys replaced; nil deletes it.
func with(o object, value any, path ...string) object {
	o = maps.Clone(o)
	switch {
	case len(path) > 1:
		inner, _ := o[path[0]].(object)
		o[path[0]] = with(inner, value, path[1:]...)
	case value == nil:
		delete(o, path[0])
	default:
		o[path[0]] = value
	}
	return o
}

func load(t *testing.T, o object) (Counter, error) {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tokenizer.json")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return FromTokenizerJSON(path)
}

func TestFromTokenizerJSON(t *testing.T) {
	split := func(expr, behavior string, invert bool) object {
		return object{"type": "Sequence", "pretokenizers": []any{
			object{"type": "Split", "pattern": object{"Regex": expr}, "behavior": behavior, "invert": invert},
			object{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
		}}
	}
	added := []any{object{"id": 300, "content": "<s>"}, object{"id": 301, "content": "b c", "normalized": true}}
	for _, test := range []struct {
		name string
		o    object
		text string
		want int64
	}{
		{"merges", small(), "abc abcd bc", 7}, // abc, ␣, abc, d, ␣, b, c: bc has no merge
		{"a token that is not merged to", with(small(), true, "model", "ignore_merges"), "bc", 1},
		{"no merges", with(small(), []any{}, "model", "merges"), "abc", 3},
		{"without a type", with(small(), nil, "model", "type"), "abc", 1},
		{"added tokens", with(small(), added, "added_tokens"), "<s>ab c<s>", 4},
		{"no normalizer", small(), "e\u0301", 3},
		{"NFC", with(small(), object{"type": "NFC"}, "normalizer"), "e\u0301", 2},
		{"a sequence of normalizers", with(small(), object{"type": "Sequence", "normalizers": []any{object{"type": "NFC"}}}, "normalizer"), "e\u0301", 2},
		{"an expression of its own", with(small(), split(`a|\s+`, "Isolated", false), "pre_tokenizer"), "abc abc", 7},
		{"a known expression, inverted", with(small(), split(qwenExpression(t), "Removed", true), "pre_tokenizer"), "abcab", 2},
		{"post-processing is not counted", with(small(), object{"type": "TemplateProcessing"}, "post_processor"), "abc", 1},
	} {
		c, err := load(t, test.o)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if n, err := c.Count(strings.NewReader(test.text)); n != test.want || err != nil {
			t.Errorf("%s: %q has %d tokens, error %v; want %d", test.name, test.text, n, err, test.want)
		}
		if name := c.Name(); !c.Exact() || !strings.HasPrefix(name, "tokenizer.json@") || len(name) != len("tokenizer.json@")+12 {
			t.Errorf("%s: name %q, exact %t", test.name, name, c.Exact())
		}
	}
}

// qwenExpression is one that package tokens knows.
func qwenExpression(t *testing.T) string {
	var file struct {
		PreTokenizer struct {
			Pretokenizers []struct{ Pattern struct{ Regex string } }
		} `json:"pre_tokenizer"`
	}
	readJSON(t, "qwen3.tokenizer.json", &file)
	return file.PreTokenizer.Pretokenizers[0].Pattern.Regex
}

// What is not supported is an error that names it.
func TestUnsupported(t *testing.T) {
	byteLevel := object{"type": "ByteLevel", "add_prefix_space": false}
	split := func(pattern object, behavior string, invert bool) object {
		return object{"type": "Sequence", "pretokenizers": []any{
			object{"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}, byteLevel}}
	}
	for want, o := range map[string]object{
		`model type "Unigram"`:                          with(with(small(), "Unigram", "model", "type"), []any{[]any{"a", 1.5}}, "model", "vocab"),
		`byte_fallback "true"`:                          with(small(), true, "model", "byte_fallback"),
		`dropout "0.1"`:                                 with(small(), 0.1, "model", "dropout"),
		`prefix or suffix of words "</w>"`:              with(small(), "</w>", "model", "end_of_word_suffix"),
		`normalizer "Lowercase"`:                        with(small(), object{"type": "Lowercase"}, "normalizer"),
		`pre_tokenizer "Metaspace"`:                     with(small(), object{"type": "Metaspace"}, "pre_tokenizer"),
		`pre_tokenizer "null"`:                          with(small(), nil, "pre_tokenizer"),
		`add_prefix_space "true"`:                       with(small(), object{"type": "ByteLevel"}, "pre_tokenizer"),
		`pre_tokenizer "Digits after ByteLevel"`:        with(small(), object{"type": "Sequence", "pretokenizers": []any{byteLevel, object{"type": "Digits"}}}, "pre_tokenizer"),
		`does not split`:                                with(small(), object{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}, "pre_tokenizer"),
		`pattern "String"`:                              with(small(), split(object{"String": " "}, "Isolated", false), "pre_tokenizer"),
		`behavior "MergedWithNext, invert false"`:       with(small(), split(object{"Regex": " "}, "MergedWithNext", false), "pre_tokenizer"),
		`behavior "Removed, invert true"`:               with(small(), split(object{"Regex": " "}, "Removed", true), "pre_tokenizer"),
		`&& is not supported`:                           with(small(), split(object{"Regex": "[a&&b]"}, "Isolated", false), "pre_tokenizer"),
		`regular expression "(": `:                      with(small(), split(object{"Regex": "("}, "Isolated", false), "pre_tokenizer"),
		`no token for byte 0x61`:                        with(small(), nil, "model", "vocab", "a"),
		`merge 1, of "a" and "z"`:                       with(small(), []any{"a z"}, "model", "merges"),
		`merge "abc": want two tokens`:                  with(small(), []any{"abc"}, "model", "merges"),
		`merge "a b c": want two tokens`:                with(small(), []any{"a b c"}, "model", "merges"),
		`merge ["a"]: want two tokens`:                  with(small(), []any{[]string{"a"}}, "model", "merges"),
		`merge 7: want two tokens`:                      with(small(), []any{7}, "model", "merges"),
		`not a tokenizer.json: it has no "model"`:       {},
		`token "aaaaaaaaaaaaaaaaaaaa"… has 5000 bytes`:  with(small(), 999, "model", "vocab", strings.Repeat("a", 5000)),
		`not a tokenizer.json: json: cannot unmarshal `: with(small(), "x", "model", "vocab"),
	} {
		c, err := load(t, o)
		if err == nil {
			t.Errorf("loaded %s, want an error with %q", c.Name(), want)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "tokenizer.json") {
			t.Errorf("error %v\nwant one of the file, with %q", err, want)
		}
	}
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := json.Marshal(small())
	if err != nil {
		t.Fatal(err)
	}
	huge := write("huge.json", nil)
	if err := os.Truncate(huge, maxTokenizerFile+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.json"):               "no such file",
		write("empty.json", nil):                      "unexpected end of JSON input",
		write("cut.json", whole[:len(whole)/2]):       "unexpected end of JSON input",
		write("page.html", []byte("<!doctype html>")): "invalid character '<'",
		huge: "longer than 64 MiB",
	} {
		if _, err := FromTokenizerJSON(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: error %v, want one with %q", filepath.Base(path), err, want)
		}
	}
}

// A text is not cut for an expression that is not known, and has a limit.
func TestOwnExpression(t *testing.T) {
	c, err := load(t, with(small(), object{"type": "Sequence", "pretokenizers": []any{
		object{"type": "Split", "pattern": object{"Regex": `\p{L}{1,2}`}, "behavior": "Isolated"},
		object{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
	}}, "pre_tokenizer"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("abc ", 2*chunkSize/4) // ab, c, ␣: whole over several chunks
	if n, err := c.Count(strings.NewReader(text)); n != int64(len(text)/4*3) || err != nil {
		t.Errorf("counted %d, error %v; want %d", n, err, len(text)/4*3)
	}
	c.(*exact).load().sealed = chunkSize
	if n, err := c.Count(strings.NewReader(text)); n != 0 || err == nil || !strings.Contains(err.Error(), "must see all of it") {
		t.Errorf("over the limit: counted %d, error %v", n, err)
	}
}

func FuzzTokenizerJSON(f *testing.F) {
	add := func(o object) {
		data, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "abc e\u0301 <s> 12\n")
	}
	add(small())
	add(with(small(), object{"type": "NFC"}, "normalizer"))
	add(with(small(), []any{object{"id": 1, "content": "<s>", "lstrip": true, "rstrip": true, "single_word": true}}, "added_tokens"))
	add(with(small(), object{"type": "Sequence", "pretokenizers": []any{
		object{"type": "Digits", "individual_digits": true},
		object{"type": "Split", "pattern": object{"Regex": `\p{L}{1,2}`}, "behavior": "Isolated"},
		object{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
	}}, "pre_tokenizer"))
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		tok, err := parseTokenizer(data)
		if err != nil || len(text) > 1000 {
			return
		}
		whole, err := tok.countText([]byte(text))
		if err != nil {
			return // an expression that backtracks
		}
		if parts, err := tok.count(strings.NewReader(text), 5); parts != whole || err != nil {
			t.Errorf("%q has %d tokens, in chunks %d, error %v", text, whole, parts, err)
		}
	})
}
