package task

import (
	"os"
	"strings"
	"testing"

	"github.com/glyphkit/glyph/internal/corpus"
)

// The wording of a question is enough to answer it as its task's solver does.
func TestSolveQuestion(t *testing.T) {
	for _, name := range Names() {
		o := Options{Seed: 3, Probes: 2, Lengths: []int{1200}, Documents: []Document{document(t, corpus.Log, 6000)}}
		if strings.HasPrefix(name, "longbench/") {
			content, err := os.ReadFile("testdata/longbench.jsonl")
			if err != nil {
				t.Fatal(err)
			}
			o.Data = strings.NewReader(string(content))
		}
		if name == Questions {
			o.Data = strings.NewReader(validLine)
		}
		set := generate(t, name, o)
		for _, p := range set.Probes {
			got, ok := SolveQuestion(p.Question, p.Text)
			if byClass := name == "longbench/trec" || name == "longbench/lsht"; ok == byClass {
				t.Errorf("%s: known %v by %q", p.ID, ok, p.Question)
			}
			blind := *p
			blind.Gold, blind.Text = nil, ""
			if want := set.Solve(&blind, p.Text); ok && got != want {
				t.Errorf("%s: %q\nwant %q", p.ID, got, want)
			}
		}
	}
	for _, question := range []string{"", "What is this?", "Which date follows directly after the words \"? " + exactAnswer, ask(oneNeedle, "phone number", "x")} {
		if answer, ok := SolveQuestion(question, "a transcript"); ok {
			t.Errorf("%q is answered with %q", question, answer)
		}
	}
}

func FuzzSolveQuestion(f *testing.F) {
	f.Add(ask(allNeedles, "access code", "amber-fox, red-owl"), "Note that the access code for amber-fox is 1-2.")
	f.Add(ask(conversationQuestion, "ab12", "2nd", "riddle about tea"), "User: Write a riddle about tea\n\nAssistant: No.")
	f.Add(ask(naturalQuestion, "date", `"paid on the day of"`), "It was paid on the day of 2031-05-17.")
	f.Add(ask(variablesQuestion, "12345"), "VAR ABCDE = 12345. VAR FGHIJ = VAR ABCDE.")
	f.Fuzz(func(t *testing.T, question, transcript string) {
		if len(question) > 400 || len(transcript) > 2000 {
			return
		}
		if answer, ok := SolveQuestion(question, transcript); !ok && answer != "" {
			t.Errorf("no answer, but %q", answer)
		}
	})
}
