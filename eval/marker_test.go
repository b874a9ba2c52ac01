package eval

import (
	"strings"
	"testing"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/llmtest"
)

// Newlines that pages show as a marker are line breaks in what is scored, and
// the marker's legend, which is no part of the text, is not on the pages.
func TestNewlineMarkers(t *testing.T) {
	inline, err := configs.Preset("glyph-en-inline")
	if err != nil {
		t.Fatal(err)
	}
	inline.PageSize = configs.Size{Width: 595, Height: 120}
	text := strings.Repeat("The parcel left the warehouse a week before\nand came back twice, as it was too heavy.\n", 4)
	spec := Spec{
		Tasks: []string{"ocr"}, Documents: []task.Document{{Name: "letter", Text: text}}, Configs: []Config{{"inline", inline}},
		Model: profile(t), Arms: []Arm{Image},
	}
	answer := func(name string, o Options) *Outcome {
		t.Helper()
		out := run(t, t.TempDir(), spec, o).Outcomes[0]
		if strings.Contains(out.Answer, "source") || strings.Contains(out.Answer, `\n`) {
			t.Errorf("%s: the answer is %q", name, out.Answer)
		}
		return out
	}
	if o := answer("tesseract", Options{Reader: tesseract(t)}); o.Score.Characters.Rate() > 0.05 {
		t.Errorf("tesseract: CER %v of %q", o.Score.Characters.Rate(), o.Answer)
	}
	s := llmtest.New(llmtest.Text(strings.ReplaceAll(text, "\n", ` \n `)))
	defer s.Close()
	if o := answer("model", Options{Endpoint: endpoint(s)}); o.Score.Value != 1 {
		t.Errorf("model: %+v of %q", o.Score, o.Answer)
	}
	if request := s.Requests()[0].Text(); !strings.Contains(request, "line break in the source") {
		t.Errorf("the model is not told of the marker: %q", request)
	}
}
