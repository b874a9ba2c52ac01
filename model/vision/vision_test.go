package vision_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/glyphkit/glyph/model/vision"
)

// vectorModels says which profile prices each rule of the golden vectors.
var vectorModels = map[string]string{
	"openai_gpt6astra_high": "gpt-6-astra@high",
	"openai_gpt6astra_auto": "gpt-6-astra",
	"openai_gpt56_high":     "gpt-5.6@high",
	"openai_gpt56_low":      "gpt-5.6@low",
	"openai_gpt55_auto":     "gpt-5.5",
	"openai_gpt52":          "gpt-5.2",
	"openai_gpt41mini":      "gpt-4.1-mini",
	"openai_o4mini_1536":    "o4-mini",
	"openai_gpt41nano_1536": "gpt-4.1-nano",
	"openai_gpt5nano_1536":  "gpt-5-nano",
	"openai_tile_4o":        "gpt-4o",
	"openai_tile_5":         "gpt-5",
	"openai_tile_o1":        "o1",
	"openai_tile_4omini":    "gpt-4o-mini",
	"anthropic_std":         "claude-sonnet-4.5",
	"anthropic_hires":       "claude-fable-5",
	"gemini3_high":          "gemini-3",
	"gemini3_medium":        "gemini-3@medium",
	"gemini3_low":           "gemini-3@low",
	"gemini2":               "gemini-2.5",
	"gemma3":                "gemma-3",
	"gemma3_ps":             "gemma-3@pan-and-scan",
	"gemma4":                "gemma-4",
	"gemma4_1120":           "gemma-4@1120",
	"qwen25vl":              "qwen2.5-vl",
	"qwen25vl_1280":         "qwen2.5-vl@dashscope",
	"qwen3vl":               "qwen3-vl",
	"glm4v":                 "glyph",
	"glm53flash":            "glm-5.3-flash",
	"internvl":              "internvl3.5",
	"dsocr_tiny":            "deepseek-ocr@tiny",
	"dsocr_small":           "deepseek-ocr@small",
	"dsocr_base":            "deepseek-ocr@base",
	"dsocr_large":           "deepseek-ocr@large",
	"dsocr_gundam":          "deepseek-ocr",
	"dsocr2":                "deepseek-ocr-2",
	"dsv41":                 "deepseek-v4.1",
	"llama32":               "llama-3.2-vision",
	"llama4":                "llama-4",
	"pixtral":               "pixtral-12b",
	"mistral_small":         "mistral-small-4",
	"kimi_vl":               "kimi-vl",
	"kimi_k25":              "kimi-k2.5",
	"kimi_k3":               "kimi-k3",
	"minicpmv":              "minicpm-v",
	"llava_ov":              "llava-onevision",
	"phi4mm":                "phi-4-multimodal",
	"smolvlm2":              "smolvlm2",
	"smolvlm":               "smolvlm",
	"idefics3":              "idefics3",
	"paddleocrvl":           "paddleocr-vl",
	"paddleocrvl15":         "paddleocr-vl-1.5",
	"grok45":                "grok-4.5",
}

// TestVectors reproduces testdata/vectors.json: sizes after the resize and
// tokens of the rules, without the overhead around an image.
func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Model  string
		W, H   int
		RW, RH *int
		Tokens *int
		Note   string
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 424 {
		t.Fatalf("%d rows, want 424", len(rows))
	}
	used := make(map[string]bool)
	for _, row := range rows {
		used[row.Model] = true
		p := lookup(t, vectorModels[row.Model])
		v, err := p.View(row.W, row.H)
		if row.Tokens == nil {
			var reject *vision.RejectError
			if !errors.As(err, &reject) {
				t.Errorf("%s %dx%d = %+v, %v, want a RejectError (%s)", row.Model, row.W, row.H, v, err, row.Note)
			}
			continue
		}
		if err != nil || v.Tokens != *row.Tokens || v.Width != *row.RW || v.Height != *row.RH {
			t.Errorf("%s %dx%d = %+v, %v, want %dx%d and %d tokens (%s)",
				row.Model, row.W, row.H, v, err, *row.RW, *row.RH, *row.Tokens, row.Note)
		}
	}
	if len(used) != len(vectorModels) {
		t.Errorf("%d rules in the vectors, want %d", len(used), len(vectorModels))
	}
}

func lookup(t testing.TB, name string) *vision.Profile {
	t.Helper()
	p, err := vision.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
