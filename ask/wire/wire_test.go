package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/ask/wire"
	wireopenai "github.com/glyphkit/glyph/ask/wire/openai"
	"github.com/glyphkit/glyph/exact/secrets"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func page(detail string) wire.Part {
	return wire.Part{Checked: secrets.Own("what it shows"), PNG: []byte("png"), Detail: detail}
}

// Each API gets a level of detail in its own way, and none that it does not know.
func TestDetail(t *testing.T) {
	for _, c := range []struct {
		details                []string
		openai, gemini, inPart string // what of it is in the body, "" for nothing
	}{
		{[]string{"", ""}, "", "", ""},
		{[]string{"low", "low"}, `"detail":"low"`, `"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}`, ""},
		{[]string{"medium"}, "", `"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_MEDIUM"}`, ""},
		{[]string{"low", "high"}, `"detail":"high"`, "", `"mediaResolution":{"level":"MEDIA_RESOLUTION_HIGH"}`},
		{[]string{"ultra-high"}, "", "", `"mediaResolution":{"level":"MEDIA_RESOLUTION_ULTRA_HIGH"}`},
		{[]string{"original"}, `"detail":"original"`, "", ""},
	} {
		m := wire.Message{Role: wire.User, Parts: []wire.Part{{Checked: secrets.Own("look")}}}
		for _, d := range c.details {
			m.Parts = append(m.Parts, page(d))
		}
		has := func(what, body, want, key string) {
			if want == "" && strings.Contains(body, key) || !strings.Contains(body, want) {
				t.Errorf("%q: %s is %s, want %s", c.details, what, body, want)
			}
		}
		has("OpenAI", asJSON(t, wire.OpenAIOf([]wire.Message{m})), c.openai, `"detail"`)
		gemini := asJSON(t, wire.GeminiOf([]wire.Message{m}))
		has("Gemini", gemini, c.gemini, `"generationConfig"`)
		has("a part of Gemini", gemini, c.inPart, `"level"`)
		if got := asJSON(t, wire.AnthropicOf([]wire.Message{m})); strings.Contains(got, "detail") || strings.Count(got, `"data":"cG5n"`) != len(c.details) {
			t.Errorf("Anthropic is %s", got)
		}
	}
}

// The messages of go-openai are the body that this package writes.
func TestGoOpenAIWritesTheSameBody(t *testing.T) {
	messages := []wire.Message{
		wire.Text(wire.System, secrets.Own("be brief")),
		{Role: wire.User, Parts: []wire.Part{{Checked: secrets.Own("label <1>")}, page("high"), {Checked: secrets.Own("question")}}},
		wire.Text(wire.User, secrets.Own("and \u2028 this")),
	}
	own := asJSON(t, wire.OpenAIOf(messages).Messages)
	if other := asJSON(t, wireopenai.Messages(messages)); own != other {
		t.Errorf("own %s\ngo-openai %s", own, other)
	}
}

// No API but OpenAI's has a system message among the others.
func TestSystemText(t *testing.T) {
	messages := []wire.Message{wire.Text(wire.System, secrets.Own("one")), wire.Text(wire.System, secrets.Own("two")), wire.Text(wire.User, secrets.Own("question"))}
	if got := wire.AnthropicOf(messages); got.System != "one\n\ntwo" || len(got.Messages) != 1 {
		t.Errorf("Anthropic %+v", got)
	}
	if got := asJSON(t, wire.GeminiOf(messages)); got != `{"systemInstruction":{"parts":[{"text":"one\n\ntwo"}]},"contents":[{"role":"user","parts":[{"text":"question"}]}]}` {
		t.Errorf("Gemini %s", got)
	}
	if got := asJSON(t, wire.OpenAIOf(nil)); got != `{"messages":[]}` {
		t.Errorf("OpenAI %s", got)
	}
}

func TestCheck(t *testing.T) {
	ok := wire.Text(wire.User, secrets.Own("?"))
	if err := wire.Check([]wire.Message{ok, {Parts: []wire.Part{page("")}}}); err != nil {
		t.Error(err)
	}
	bad := page("")
	bad.Checked = secrets.Checked{}
	if err := wire.Check([]wire.Message{ok, {Parts: []wire.Part{page(""), bad}}}); !errors.Is(err, wire.ErrUnchecked) || !strings.Contains(err.Error(), "part 2 of message 2") {
		t.Errorf("error %v", err)
	}
}

func Example() {
	checked, err := secrets.Check("What is 6 times 7?", secrets.Block)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := json.Marshal(struct {
		wire.Anthropic
		Model     string `json:"model"`
		MaxTokens int    `json:"max_tokens"`
	}{wire.AnthropicOf([]wire.Message{wire.Text(wire.User, checked)}), "claude-opus-5", 100})
	fmt.Println(string(body), err)
	// Output:
	// {"messages":[{"role":"user","content":[{"type":"text","text":"What is 6 times 7?"}]}],"model":"claude-opus-5","max_tokens":100} <nil>
}
