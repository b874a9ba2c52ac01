package vision_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/glyphkit/glyph/model/vision"
)

// mine is a whole profile without "like".
const mine = `"name": "mine", "family": "f", "provider": "p", "date": "2026-11", "source": "s", "confidence": "C"`

func TestLoadErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{``, `the JSON ends too early`},
		{`[]`, `want a JSON object`},
		{`{}`, `want {"profiles": [...]}`},
		{`{"profiles": []} x`, `want nothing after the JSON object`},
		{`{"profiles": [}`, `reading JSON: invalid character '}' looking for beginning of value`},
		{`{"profiles": {}}`, `key "profiles": want an array of objects`},
		{`{"models": []}`, `unknown key "models", want profiles`},
		{`{"profiles": [3]}`, `profile 1 (""): want a JSON object`},
		{`{"profiles": [{"name": 3}]}`, `profile 1 (""): key "name": got 3, want a string`},
		{`{"profiles": [{"name": "x", "name": "y"}]}`, `profile 1 (""): key "name" is given twice`},
		{`{"profiles": [{"name": "x", "like": "qwen3-v"}]}`, `profile 1 ("x"): key "like": no profile has the name "qwen3-v"; nearest: qwen3-vl`},
		{`{"profiles": [{"name": "My Model", "like": "glyph"}]}`, `profile 1 ("My Model"): key "name": got "My Model", want lower-case letters, digits, dots and dashes`},
		{`{"profiles": [{"name": "x", "like": "glyph"}, {"name": "x", "like": "glyph"}]}`, `profile 2 ("x"): the name is given twice`},
		{`{"profiles": [{"name": "x", "like": "glyph", "overhed": 3}]}`, `profile 1 ("x"): unknown key "overhed", want aliases, confidence, `},
		{`{"profiles": [{"name": "x", "like": "glyph", "overhead": "3"}]}`, `profile 1 ("x"): key "overhead": got "3", want an integer`},
		{`{"profiles": [{"name": "x", "like": "glyph", "overhead": -3}]}`, `profile 1 ("x"): key "overhead": got -3, want 0 to 1048576`},
		{`{"profiles": [{"name": "x", "like": "glyph", "overhead": 1.5}]}`, `profile 1 ("x"): key "overhead": got 1.5, want an integer`},
		{`{"profiles": [{"name": "x", "like": "glyph", "overhead": null}]}`, `profile 1 ("x"): key "overhead": got null, leave the key out instead`},
		{`{"profiles": [{"name": "x", "like": "glyph", "aliases": ["a*b"]}]}`, `profile 1 ("x"): key "aliases": got "a*b", want `},
		{`{"profiles": [{"name": "x", "like": "glyph", "aliases": "a"}]}`, `profile 1 ("x"): key "aliases": got "a", want an array of strings`},
		{`{"profiles": [{"name": "x", "like": "glyph", "confidence": "A+"}]}`, `profile 1 ("x"): key "confidence": got "A+", want "A", "B", "C" or "D"`},
		{`{"profiles": [{"name": "x", "like": "glyph", "date": "2026-13"}]}`, `profile 1 ("x"): key "date": got "2026-13", want YYYY-MM-DD or YYYY-MM`},
		{`{"profiles": [{"name": "x", "like": "glyph", "limits": {"imgaes": 3}}]}`, `profile 1 ("x"): key "limits": unknown key "imgaes", want aspect, base64, `},
		{`{"profiles": [{"name": "x", "like": "glyph", "limits": {"many_side": 3}}]}`, `profile 1 ("x"): limits: want both "many_images" and "many_side" or neither`},
		{`{"profiles": [{"name": "x", "like": "glyph", "price": {"currency": "$", "input": 1}}]}`, `profile 1 ("x"): price: key "currency": got "$", want three capitals such as "USD"`},
		{`{"profiles": [{"name": "x", "like": "glyph", "price": {"currency": "USD", "input": 0}}]}`, `profile 1 ("x"): price: key "input": got 0, want a price for a million tokens above 0`},
		{`{"profiles": [{"name": "x", "like": "glyph", "details": [{"name": "low", "rule": {"name": "fixed", "size": 512, "tokens": 9}}]}]}`, `profile 1 ("x"): key "detail" is missing: with "details" it names the level of "rule"`},
		{`{"profiles": [{"name": "x", "like": "gpt-5", "details": [{"name": "high", "rule": {"name": "fixed", "size": 512, "tokens": 9}}]}]}`, `profile 1 ("x"): details: key "name": got "high", want another name `},
		{`{"profiles": [{` + mine + `}]}`, `profile 1 ("mine"): key "rule" is missing`},
		{`{"profiles": [{` + mine + `, "rule": "patch"}]}`, `profile 1 ("mine"): key "rule": want a JSON object`},
		{`{"profiles": [{` + mine + `, "rule": {}}]}`, `profile 1 ("mine"): key "rule": key "name": got "", want one of align-search, anyres-tiles, `},
		{`{"profiles": [{` + mine + `, "rule": {"name": "tiles"}}]}`, `profile 1 ("mine"): key "rule": key "name": got "tiles", want one of align-search, `},
		{`{"profiles": [{` + mine + `, "rule": {"name": "patch", "side": 28}}]}`, `profile 1 ("mine"): key "rule": patch: unknown key "side", want budget, max_patches, max_side, patch, percent, plus`},
		{`{"profiles": [{` + mine + `, "rule": {"name": "patch", "patch": 2, "percent": 100}}]}`, `profile 1 ("mine"): key "rule": patch: key "patch": got 2, want 8 to 4096`},
		{`{"profiles": [{` + mine + `, "rule": {"name": "smart-resize", "factor": 28, "max_pixels": 1000000, "short": "up"}}]}`, `profile 1 ("mine"): key "rule": smart-resize: key "short": got "up", want "truncate" or "round"`},
		{`{"profiles": [{` + mine + `, "rule": {"name": "table", "sizes": [{"width": 0, "height": 3, "tokens": 1}]}}]}`, `profile 1 ("mine"): key "rule": table: key "width": got 0, want 1 to 1048576`},
	} {
		ps, err := vision.Load(strings.NewReader(tt.in))
		if err == nil || !strings.HasPrefix(err.Error(), "loading profiles: "+tt.want) {
			t.Errorf("%s\ngives %v, %v\nwant loading profiles: %s…", tt.in, ps, err, tt.want)
		}
	}

	if _, err := vision.Load(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a failing reader gives %v", err)
	}
	if _, err := vision.Load(strings.NewReader(strings.Repeat(" ", 5<<20))); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("5 MiB give %v", err)
	}
}

func TestLike(t *testing.T) {
	ps, err := vision.Load(strings.NewReader(`{"profiles": [
		{"name": "a", "like": "gpt-5.6-sol", "overhead": 7, "limits": {"images": 3}},
		{"name": "b", "like": "a", "rule": {"name": "fixed", "size": 640, "tokens": 50}},
		{"name": "gpt-4o", "like": "gpt-4o", "price": {"currency": "EUR", "input": 2, "date": "2026-11", "source": "mine"}}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	a, b := ps[0], ps[1]
	if got, err := a.Tokens(1024, 1024); got != 1229+7 || err != nil {
		t.Errorf("a = %d, %v", got, err)
	}
	if a.Price != nil || a.Limits != (vision.Limits{Images: 3}) || a.Patch != 32 || a.Source == "" || len(a.Details) == 0 {
		t.Errorf("a = %+v", a)
	}
	if got, err := b.Tokens(5000, 5000); got != 57 || err != nil || b.Patch != 0 {
		t.Errorf("b = %d, %v, patch %d", got, err, b.Patch)
	}

	c := vision.NewCatalog(ps...)
	if len(c.Models()) != len(vision.Models())+2 {
		t.Errorf("%d profiles, want %d", len(c.Models()), len(vision.Models())+2)
	}
	if p, err := c.Lookup("chatgpt-4o-latest"); err != nil || p.Price == nil || p.Price.Currency != "EUR" {
		t.Errorf("gpt-4o = %+v, %v, want the added one with the embedded one's alias", p, err)
	}
	if p, err := c.Lookup("a@high"); err != nil || p.Overhead != 7 {
		t.Errorf("a@high = %+v, %v", p, err)
	}
}

// An added alias wins over an embedded one of the same length.
func TestAddedAliasWins(t *testing.T) {
	ps, err := vision.Load(strings.NewReader(`{"profiles": [{"name": "ours", "like": "gpt-4o", "aliases": ["qwen3-vl*", "gpt-5"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := vision.NewCatalog(ps...)
	for _, name := range []string{"qwen3-vl-8b", "gpt-5", "gpt-5-2025-08-07"} {
		if p, err := c.Lookup(name); err != nil || p.Name != "ours" {
			t.Errorf("%s = %v, %v", name, p, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(`{"profiles": [{"name": "x", "like": "gpt-5.6-sol", "overhead": 7, "limits": {"images": 3}}]}`)
	f.Add(`{"profiles": [{` + mine + `, "detail": "a", "rule": {"name": "patch", "patch": 32, "percent": 101}, "details": [{"name": "b", "rule": {"name": "grid", "cell": 4, "budget": 99}}]}]}`)
	for _, rule := range []string{
		`{"name": "smart-resize", "factor": 28, "min_pixels": 3136, "max_pixels": 1000000, "frames": 2, "short": "round"}`,
		`{"name": "slices", "slice": 448, "patch": 14, "max_slices": 9, "tokens": 66}`,
		`{"name": "anyres-tiles", "tile": 384, "side": 6, "features": 27, "max_tiles": 9}`,
		`{"name": "masked-crops", "crop": 448, "patch": 14, "max_crops": 36, "base": 273, "min_side": 10}`,
		`{"name": "row-break-budget", "patch": 14, "merge": 3, "min_pixels": 295936, "max_tokens": 1024}`,
		`{"name": "closest-ratio-tiles", "tile": 640, "min_tiles": 2, "max_tiles": 6, "whole": 640, "single": 273, "single_size": 1024, "base": 273, "tile_tokens": 100}`,
		`{"name": "table", "sizes": [{"width": 1, "height": 2, "tokens": 3}]}`,
		`{"name": "crop-unit", "small": 384, "tile": 4, "tokens": 258}`,
	} {
		f.Add(`{"profiles": [{` + mine + `, "rule": ` + rule + `}]}`)
	}
	sides := []int{1, 3, 28, 595, 842, 4001, 1 << 24}
	f.Fuzz(func(t *testing.T, in string) {
		ps, err := vision.Load(strings.NewReader(in))
		if err != nil {
			return
		}
		for _, p := range ps {
			for _, w := range sides {
				for _, h := range sides {
					if v, err := p.View(w, h); err == nil && (v.Tokens < 0 || v.Overhead < 0 || v.Width < 1 || v.Height < 1) {
						t.Fatalf("%v %dx%d = %+v", p.Rule, w, h, v)
					}
				}
			}
			if cs := p.Candidates(); len(cs) > 4000 {
				t.Fatalf("%v: %d candidates", p.Rule, len(cs))
			}
		}
		for _, p := range vision.NewCatalog(ps...).Models() {
			if p.Name == "" {
				t.Fatal("a profile has no name")
			}
		}
	})
}

func ExampleLoad() {
	profiles, err := vision.Load(strings.NewReader(`{"profiles": [{
		"name": "our-qwen", "like": "qwen3-vl", "aliases": ["our-qwen-*"],
		"limits": {"images": 8, "aspect": 200}, "date": "2026-11", "source": "our gateway"
	}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := vision.NewCatalog(profiles...).Lookup("our-qwen-8b")
	if err != nil {
		fmt.Println(err)
		return
	}
	pages := make([]vision.ImageInfo, 20)
	for i := range pages {
		pages[i] = vision.ImageInfo{Width: 1024, Height: 1024}
	}
	tokens, err := p.Total(pages)
	fmt.Println(tokens, p.Requests(pages), err)

	_, err = vision.Load(strings.NewReader(`{"profiles": [{"name": "x", "like": "glyph", "rule": {"name": "fixed", "size": 896, "token": 256}}]}`))
	fmt.Println(err)
	// Output:
	// 20520 3 <nil>
	// loading profiles: profile 1 ("x"): key "rule": fixed: unknown key "token", want size, tokens
}
