package judge_test

import (
	"context"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/internal/llmtest"
)

func ExampleCalibrate() {
	server := llmtest.New(llmtest.Func(func(r *llmtest.Request) llmtest.Reply {
		if isSteps(r) {
			return llmtest.Text("1. Compare the answer with the question.")
		}
		return llmtest.Text("3") // whatever the answer is
	}))
	defer server.Close()
	client, err := llm.New(llm.Options{BaseURL: server.URL(), Model: "lazy-1b"})
	if err != nil {
		panic(err)
	}
	rubric := judge.Rubric{Kind: judge.Scores, Criteria: "The answer is right and complete."}
	record, _, err := judge.Calibrate(context.Background(), client, rubric, scoreLabels(40), judge.CalibrationOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(record.Agreement.Kappa)
	_, err = judge.New(client, record, secrets.Block)
	fmt.Println(err)
	// Output:
	// quadratic-weighted kappa 0 [0, 0] n=40 by label
	// making a judge of "lazy-1b": the judge is under its bar: quadratic-weighted kappa 0 [0, 0] n=40 by label; accepted: at least 0.6
}
