package examiner_test

import (
	"context"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/examiner"
	"github.com/glyphkit/glyph/internal/llmtest"
)

func ExampleExamine() {
	server := llmtest.New(
		llmtest.Text(`{"question": "Who keeps the seal?", "answer": "Anselm", "evidence": "Anselm keeps the seal"}`),
		llmtest.Text("Anselm"),  // from the evidence
		llmtest.Text("unknown"), // without text
		llmtest.Text("Anselm"),  // from the passage
		llmtest.Text(`{"question": "Who has the key?", "answer": "Odo", "evidence": "Odo has the key"}`), // made up
	)
	defer server.Close()
	client, err := llm.New(llm.Options{BaseURL: server.URL(), Model: "m", MaxParallel: 1})
	if err != nil {
		panic(err)
	}
	letter := task.Document{Name: "letter.txt", Text: "Know that Anselm\nkeeps the seal, and nobody else."}
	one := examiner.Options{Examiners: []*llm.Client{client}, Questions: 1, Tries: 1}
	for range 2 {
		exam, err := examiner.Examine(context.Background(), []task.Document{letter}, one)
		if err != nil {
			panic(err)
		}
		for _, q := range exam.Questions {
			fmt.Printf("%s %q, from %q\n", q.Asked[0], q.Gold, letter.Text[q.Evidence.Start:q.Evidence.End])
		}
		for _, r := range exam.Rejected {
			fmt.Printf("%s: %s\n", r.Question, r.Reason)
		}
	}
	// Output:
	// Who keeps the seal? ["Anselm"], from "Anselm\nkeeps the seal"
	// Who has the key?: evidence is not in the passage
}
