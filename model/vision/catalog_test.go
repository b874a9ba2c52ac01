package vision_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/model/vision"
)

func TestLookup(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"gpt-5", "gpt-5"},
		{"GPT-5", "gpt-5"},
		{" gpt-5 ", "gpt-5"},
		{"openai/gpt-5", "gpt-5"},
		{"gpt-5-2025-08-07", "gpt-5"},
		{"gpt-5-mini", "gpt-5-mini"},
		{"gpt-5.6-sol", "gpt-5.6-sol"},
		{"gpt-5.6-sol@high", "gpt-5.6-sol@high"},
		{"openai/GPT-5.6-Sol@low", "gpt-5.6-sol@low"},
		{"gpt-5.6-sol@auto", "gpt-5.6-sol"},
		{"gpt-5.6-sol@original", "gpt-5.6-sol"},
		{"gpt-4o-2024-08-06", "gpt-4o"},
		{"gpt-4o-mini", "gpt-4o-mini"},
		{"claude-sonnet-4-5-20250929", "claude-sonnet-4.5"},
		{"claude-sonnet-4.5", "claude-sonnet-4.5"},
		{"claude-sonnet-4-5@20250929", "claude-sonnet-4.5"},
		{"us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4.5"},
		{"anthropic/claude-3.7-sonnet", "claude-4"},
		{"claude-opus-4-20250514", "claude-4"},
		{"models/gemini-3.6-flash", "gemini-3.6-flash"},
		{"gemini-3.6-flash-preview-09-2026", "gemini-3.6-flash"},
		{"gemini-3-pro-preview", "gemini-3"},
		{"gemini-2.0-flash-001", "gemini-2.0"},
		{"gemini-3.8-flash@medium", "gemini-3.8-flash@medium"},
		{"Qwen/Qwen3-VL-8B-Instruct", "qwen3-vl"},
		{"qwen2.5vl:7b", "qwen2.5-vl"},
		{"Qwen/Qwen2.5-VL-72B-Instruct@dashscope", "qwen2.5-vl@dashscope"},
		{"zai-org/Glyph", "glyph"},
		{"zai-org/GLM-4.6V-Flash", "glm-4.6v"},
		{"gemma-3-27b-it", "gemma-3"},
		{"gemma-3n-e4b-it", "gemma-3n"},
		{"deepseek-ai/DeepSeek-OCR", "deepseek-ocr"},
		{"deepseek-ai/DeepSeek-OCR-2", "deepseek-ocr-2"},
		{"OpenGVLab/InternVL3_5-8B", "internvl3.5"},
		{"OpenGVLab/InternVL3_5-Flash", "internvl3.5-flash"},
		{"dots.ocr", "dots.ocr"},
		{"amazon.nova-pro-v1:0", "nova"},

		// Other models, though their names begin like a known one's.
		{"gpt-5.7", ""},
		{"gpt-5-audio", ""},
		{"gpt-50", ""},
		{"claude-opus-4.9", ""},
		{"claude-opus-6", ""},
		{"deepseek-ocr-3", ""},
		{"llama-3.2-1b", ""},
		{"", ""},
		{"@high", ""},
		{"gpt-5.7@high", ""},
	} {
		p, err := vision.Lookup(tt.name)
		var unknown *vision.UnknownError
		switch {
		case tt.want == "":
			if !errors.As(err, &unknown) || len(unknown.Nearest) == 0 {
				t.Errorf("%q = %v, %v, want an UnknownError", tt.name, p, err)
			}
		case err != nil || p.Name != tt.want:
			t.Errorf("%q = %v, %v, want %s", tt.name, p, err, tt.want)
		}
	}
}

func TestLookupErrors(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"gpt5.5", `no profile for the model "gpt5.5"; nearest: gpt-5.5, `},
		{"claud-sonet-4.5", `no profile for the model "claud-sonet-4.5"; nearest: claude-sonnet-4.5, `},
		{"qwen3-v", `no profile for the model "qwen3-v"; nearest: qwen3-vl`},
		{"gpt-5.6-sol@medium", `detail "medium" of gpt-5.6-sol: want one of original, high, low`},
		{"gemini-2.0-flash-001@", `detail "" of gemini-2.0: the model has one level of detail, name it without @`},
		{"glyph@high", `detail "high" of glyph: the model has one level of detail, name it without @`},
	} {
		if _, err := vision.Lookup(tt.name); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %s…", tt.name, err, tt.want)
		}
	}
	if _, err := new(vision.Catalog).Lookup("gpt-5"); err == nil {
		t.Error("an empty catalog knows gpt-5")
	}
}

// TestEmbedded holds the tables to what the package promises of them.
func TestEmbedded(t *testing.T) {
	models := vision.Models()
	if len(models) < 60 {
		t.Errorf("%d profiles", len(models))
	}
	rules := make(map[string]bool)
	names := make(map[string]string)
	for _, p := range models {
		for _, n := range append(slices.Clone(p.Aliases), p.Name) {
			if other := names[n]; other != "" {
				t.Errorf("%s and %s have the name %q", other, p.Name, n)
			}
			names[n] = p.Name
			if strings.HasSuffix(n, "*") {
				continue
			}
			if q, err := vision.Lookup(n); err != nil || q.Name != p.Name {
				t.Errorf("%q finds %v, %v, want %s", n, q, err, p.Name)
			}
		}
		rules[p.Rule.Name()] = true
		for _, d := range p.Details {
			rules[d.Rule.Name()] = true
			q, err := p.At(d.Name)
			if err != nil || q.Name != p.Name+"@"+d.Name || q.Rule.String() != d.Rule.String() {
				t.Errorf("%s@%s = %v, %v", p.Name, d.Name, q, err)
			}
		}
		if p.Rule.Name() == "smart-resize" && p.Limits.Aspect != 200 {
			t.Errorf("%s: the rule rejects aspects over 200:1, the limits say %d:1", p.Name, p.Limits.Aspect)
		}
		if p.Price != nil && p.Price.CachedInput >= p.Price.Input {
			t.Errorf("%s: cached input for %v, input for %v", p.Name, p.Price.CachedInput, p.Price.Input)
		}
		if strings.HasPrefix(p.Confidence, "D") != (p.Rule.Name() == "unpublished" || p.Rule.Name() == "table") {
			t.Errorf("%s: confidence %s with the rule %s", p.Name, p.Confidence, p.Rule.Name())
		}
	}
	for _, r := range vision.Rules() {
		if !rules[r] {
			t.Errorf("no profile has the rule %q", r)
		}
	}
}

// A profile's JSON is an entry of a file, and loads as the same profile.
func TestRoundTrip(t *testing.T) {
	for _, p := range vision.Models() {
		entry, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := vision.Load(strings.NewReader(`{"profiles": [` + string(entry) + `]}`))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		if again, _ := json.Marshal(got[0]); string(again) != string(entry) || got[0].Patch != p.Patch {
			t.Errorf("%s became %s", entry, again)
		}
	}
}

// What is returned belongs to the caller.
func TestResultsAreNotShared(t *testing.T) {
	p := lookup(t, "gpt-5.6-sol")
	p.Price.Input, p.Details[0].Name, p.Overhead = 99, "x", 99
	for _, m := range vision.Models() {
		if m.Name == "claude-4" {
			m.Aliases[0] = "x"
		}
	}
	q := lookup(t, "gpt-5.6-sol")
	if q.Price.Input == 99 || q.Details[0].Name == "x" || q.Overhead == 99 {
		t.Errorf("changed: %+v", q)
	}
	if got := lookup(t, "claude-opus-4.6").Name; got != "claude-4" {
		t.Errorf("claude-opus-4.6 is now %s", got)
	}
}

func ExampleLookup() {
	p, err := vision.Lookup("zai-org/Glyph")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Name, p.Rule.Name(), p.Patch, p.Confidence, p.Date)
	_, err = vision.Lookup("gliph")
	fmt.Println(err)
	// Output:
	// glyph smart-resize 28 C 2026-11-23
	// no profile for the model "gliph"; nearest: glyph
}
