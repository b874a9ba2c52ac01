package pack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/vision"
)

var update = flag.Bool("update", false, "write the golden files anew")

func asJSONBytes(t interface{ Fatal(...any) }, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", path, got)
	}
}

func TestRequestsAsJSON(t *testing.T) {
	gemini, err := model(t, "gemini-3").At("low")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file  string
		model *vision.Profile
		body  func(*Request) any
	}{
		{"openai.json", model(t, "gpt-5.1"), func(r *Request) any { return r.OpenAI() }},
		{"anthropic.json", model(t, "claude-opus-5"), func(r *Request) any { return r.Anthropic() }},
		{"gemini.json", gemini, func(r *Request) any { return r.Gemini() }},
	} {
		t.Run(c.file, func(t *testing.T) {
			r := small(t, configs.KeyValue{Key: "page-size", Value: "96,32"})
			p := ask(t, "Which order was late?", build(t, r, Options{Model: c.model, ExactBudget: "off"},
				doc("a/orders.txt", "INV-2041 came on 17 May\nINV-2042 came on 3 June\nand then nothing\nmore\n"),
				doc("note.txt", "INV-2042 was late")))
			golden(t, c.file, asJSON(t, c.body(p.Requests[0])))
		})
	}
}

func TestDetail(t *testing.T) {
	for _, c := range []struct {
		model, level           string
		openai, gemini, inPart string
	}{
		{"gpt-5.1", "low", "low", "MEDIA_RESOLUTION_LOW", ""},
		{"gpt-5.4", "original", "original", "", ""},
		{"qwen3-vl", "", "", "", ""},
		{"gemma-4", "", "", "", ""},
		{"gemini-3", "high", "high", "MEDIA_RESOLUTION_HIGH", ""},
		{"gemini-3", "ultra-high", "", "", "MEDIA_RESOLUTION_ULTRA_HIGH"},
		{"gemini-2.5", "", "", "", ""},
	} {
		m := model(t, c.model)
		if c.level != "" {
			var err error
			if m, err = m.At(c.level); err != nil {
				t.Fatal(err)
			}
		}
		r := build(t, small(t), Options{Model: m}, doc("a", "text")).Requests[0]
		in := func(body any, name string) string {
			var found string
			if m := regexp.MustCompile(`"` + name + `": "?(\w+)`).FindSubmatch(asJSON(t, body)); m != nil {
				found = string(m[1])
			}
			return found
		}
		if got := in(r.OpenAI(), "detail"); got != c.openai {
			t.Errorf("%s: OpenAI detail %q, want %q", m.Name, got, c.openai)
		}
		gemini, inPart := in(r.Gemini(), "mediaResolution"), in(r.Gemini(), "level")
		if gemini != c.gemini || inPart != c.inPart {
			t.Errorf("%s: Gemini resolution %q, in parts %q; want %q, %q", m.Name, gemini, inPart, c.gemini, c.inPart)
		}
	}
}

// The question stands behind all that documents say, the fact sheet behind the
// pages.
func TestOrderOfContents(t *testing.T) {
	p := ask(t, "Which?", build(t, small(t), Options{ExactBudget: "500"}, doc("a", strings.Repeat("INV-2041 was late\n", 60))))
	var kinds []contentKind
	for _, c := range p.Requests[0].contents {
		kinds = append(kinds, c.kind)
	}
	want := []contentKind{preambleContent, labelContent, pageContent, labelContent, pageContent, legendContent, sheetContent, instructionContent, questionContent}
	r := p.Requests[0]
	if !slices.Equal(kinds, want) {
		t.Fatalf("got %v, want %v", kinds, want)
	}
	// The sheet holds what documents say, and is quoted as they are.
	_, quoted, _ := strings.Cut(r.contents[6].Checked.Text(), "\n")
	if got := unquote(t, quoted); got != r.Sheet.Text() || !strings.Contains(got, "INV-2041") {
		t.Errorf("the sheet is %q", got)
	}
}

func TestManifest(t *testing.T) {
	p := ask(t, "Which?", build(t, small(t), Options{ExactBudget: "off"}, doc("a.txt", "soft\u00adhyphen and a private character \ue000\n")))
	golden(t, "manifest.json", asJSON(t, p.Manifest()))
}
