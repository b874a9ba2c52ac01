package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
)

type judgeCalibrateFlags struct {
	judgeFlags
	bar    float64
	output string
	force  bool
	json   bool
}

func newJudgeCalibrate(a *verb.App) *cobra.Command {
	j := &judgeCalibrateFlags{judgeFlags: newJudgeFlags(a)}
	f := verb.NewFlags()
	j.add(f, "its grades are compared")
	f.Float64Var(&j.bar, "bar", judge.DefaultBar, "refuse a judge whose kappa is below `KAPPA`, above 0 and at most 1")
	f.Text(&j.output, "output", "", "the file of the record")
	f.On(&j.force, "force", "")
	f.On(&j.json, "json", "the record")
	return verb.Finish(&cobra.Command{
		Use:   "calibrate LABELS.jsonl --model NAME --criteria TEXT|@FILE -o RECORD.json",
		Short: "Measure how far a model's grades agree with people's",
		Long: `calibrate has a model grade answers that people have graded, and prints how far the two agree: kappa
(quadratic-weighted for scores, unweighted for pairs) and Spearman's rho with 95 % intervals, ties,
and what was not graded, by reason. The record has all that makes the same judge again; "glyph judge
grade" demands it and refuses a judge whose kappa is under the bar.

A line of LABELS.jsonl is one of

  {"question": "…", "answer": "…", "score": 4}
  {"question": "…", "a": "…", "b": "…", "winner": "a"}

with a score from 1 to 5, or a winner a, b or tie; all lines are of one kind. "reference", what the
judge may compare with, and "document", on which several lines depend, can be added. At least ` + fmt.Sprint(judge.MinLabels) + `
labels are needed.

A judge under its bar is exit code 1; the record is written and says why.`,
		Example: `  glyph judge calibrate labels.jsonl --model gpt-5.5 --criteria @criteria.txt -o gpt-5.5.json
  glyph judge calibrate labels.jsonl --model qwen3 --base-url http://127.0.0.1:8000/v1 \
      --criteria "The answer is right and complete." -o qwen3.json --bar 0.7`,
		Args: verb.Needs("LABELS.jsonl"),
		RunE: j.run,
	}, f, "model base-url criteria output bar budget cache json", "")
}

func (j *judgeCalibrateFlags) run(cmd *cobra.Command, args []string) error {
	switch {
	case j.model.Name == "":
		return errors.New("calibrate which model? accepted: --model NAME")
	case j.output == "":
		return errors.New("write the record where? accepted: --output FILE")
	case !(j.bar > 0 && j.bar <= 1):
		return fmt.Errorf("--bar %v; accepted: above 0 and at most 1", j.bar)
	}
	if err := j.secrets.Check(); err != nil {
		return err
	}
	criteria, err := j.readCriteria(cmd)
	if err != nil {
		return err
	}
	if err := verb.MayWrite(j.output, j.force); err != nil {
		return err
	}
	m, err := verb.KnownModel(&j.model, cmd, j.model.Name)
	if err != nil {
		return err
	}
	client, err := j.calls.Client(j.model.Name, m)
	if err != nil {
		return err
	}
	labels, err := verb.ReadWith(cmd, args[0], judge.ReadLabels)
	if err != nil {
		return err
	}
	line := j.app.Line(cmd)
	rubric := judge.Rubric{Kind: kindOf(labels[0].Winner != ""), Criteria: criteria}
	record, _, err := judge.Calibrate(cmd.Context(), client, rubric, labels, judge.CalibrationOptions{
		Secrets: j.secrets.Policy(), Bar: j.bar, RunOptions: judge.RunOptions{Dir: j.calls.Run, Progress: verb.ShowRun(line, "", j.calls.Clients)},
	})
	line.Clear()
	if errors.Is(err, context.Canceled) {
		return verb.InterruptedRun(j.calls.Run)
	}
	if err != nil {
		return j.secrets.Explain(err)
	}
	j.secrets.Tell(j.app.Notes(cmd), record.Secrets)
	j.calls.PrintSpent(j.app.Notes(cmd))
	return j.write(cmd, record)
}

func (j *judgeCalibrateFlags) write(cmd *cobra.Command, record *judge.Calibration) error {
	var b bytes.Buffer
	if err := record.Write(&b); err != nil {
		return verb.Failed(err)
	}
	if err := verb.WriteFile(j.output, j.force, b.Bytes()); err != nil {
		return err
	}
	var err error
	if j.json {
		_, err = cmd.OutOrStdout().Write(b.Bytes())
	} else {
		err = show.Agreement(cmd.OutOrStdout(), record)
	}
	if err == nil && !record.Passed {
		err = fmt.Errorf("%s: %w: %s", term.Clean(j.model.Name), judge.ErrUnderBar, record.Why)
	}
	return verb.Failed(err)
}
