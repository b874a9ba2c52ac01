package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/render"
)

type judgeGradeFlags struct {
	judgeFlags
	calibrations []string
	waive        bool
}

func newJudgeGrade(a *verb.App) *cobra.Command {
	j := &judgeGradeFlags{judgeFlags: newJudgeFlags(a)}
	f := verb.NewFlags()
	f.StringArrayVar(&j.calibrations, "calibration", nil, "grade with the judge of record `FILE`; may be given again")
	f.BoolVar(&j.waive, "waive-calibration", false, "grade with --model and --criteria, without a record")
	j.add(f, "it grades, with --waive-calibration")
	return verb.Finish(&cobra.Command{
		Use:   "grade ANSWERS.jsonl|RUN --calibration RECORD.json --base-url URL",
		Short: "Grade answers with calibrated models, one or several",
		Long: `grade prints a line of JSON for each line of ANSWERS.jsonl, which are as those of "glyph judge
calibrate", without score and winner, or for each answer in RUN, the directory of "glyph eval". An answer that cannot be graded is unscored, with its reason;
the exit code is then 3.

With several records the judges decide by majority: the median of scores, the winner of more than
half. Krippendorff's alpha then says how far they agree.

--waive-calibration grades with a model of which nobody knows how far it agrees with people; standard
error says so.`,
		Example: `  glyph judge grade answers.jsonl --calibration gpt-5.5.json
  glyph judge grade answers.jsonl --calibration gpt-5.5.json --calibration qwen3.json
  glyph judge grade niah --calibration gpt-5.5.json --run grades
  glyph judge grade answers.jsonl --waive-calibration -m qwen3 --criteria "The answer is right."`,
		Args: verb.Needs("ANSWERS.jsonl"),
		RunE: j.run,
	}, f, "calibration waive-calibration model base-url criteria budget cache", "3")
}

func (j *judgeGradeFlags) run(cmd *cobra.Command, args []string) error {
	given := cmd.Flags().Changed
	switch records := len(j.calibrations) > 0; {
	case records == j.waive:
		return errors.New("grade with which judge? accepted: either --calibration FILE, or --waive-calibration with --model and --criteria")
	case records && (given("model") || given("criteria")):
		return errors.New("--model and --criteria are in the record; accepted: without them, or with --waive-calibration")
	case j.waive && j.model.Name == "":
		return errors.New("grade with which model? accepted: --model NAME")
	}
	if err := j.secrets.Check(); err != nil {
		return err
	}
	cases, err := j.cases(cmd, args[0])
	if err != nil {
		return err
	}
	found, err := judge.Check(cases, j.secrets.Policy())
	if err != nil {
		return j.secrets.Explain(err)
	}
	j.secrets.Tell(j.app.Notes(cmd), found)
	panel, err := j.panel(cmd, cases)
	if err != nil {
		return err
	}
	for _, member := range panel {
		if !j.app.Quiet || !member.Calibrated() {
			fmt.Fprintln(cmd.ErrOrStderr(), term.Clean(member.Name()))
		}
	}
	line := j.app.Line(cmd)
	verdicts, err := panel.JudgeAll(cmd.Context(), cases, judge.RunOptions{Dir: j.calls.Run, Progress: verb.ShowRun(line, "", j.calls.Clients)})
	line.Clear()
	if errors.Is(err, context.Canceled) && verdicts != nil {
		return errors.Join(verb.InterruptedRun(j.calls.Run), j.print(cmd, panel, cases, verdicts))
	}
	if err != nil {
		return verb.Failed(err)
	}
	return j.print(cmd, panel, cases, verdicts)
}

// cases are those of a file, or the answers of a run of eval.
func (j *judgeGradeFlags) cases(cmd *cobra.Command, name string) ([]judge.Case, error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return verb.ReadWith(cmd, name, judge.ReadCases)
	}
	run, err := eval.Open(name, render.Options{})
	if err != nil {
		return nil, verb.Failed(err)
	}
	var cases []judge.Case
	for _, o := range run.Result.Outcomes {
		if o.Failure != "" || strings.TrimSpace(o.Answer) == "" {
			continue
		}
		p, err := run.Probe(o)
		if err != nil {
			return nil, verb.Failed(err)
		}
		cases = append(cases, judge.Case{
			ID: fmt.Sprintf("%s: %s", o.Probe, o.Condition), Question: p.Question, Reference: strings.Join(p.Gold, "\n"),
			Answer: o.Answer, Document: o.Cluster,
		})
	}
	if len(cases) == 0 {
		return nil, verb.Failed(fmt.Errorf("the run %q has no answers", name))
	}
	if left := len(run.Result.Outcomes) - len(cases); left > 0 {
		fmt.Fprintf(j.app.Notes(cmd), "left out: %s\n", term.Plural(left, "outcome without an answer", "outcomes without an answer"))
	}
	if run.Result.Unfinished {
		fmt.Fprintf(j.app.Notes(cmd), "the run is unfinished: %s of %s outcomes so far\n", term.Thousands(run.Result.Done), term.Thousands(run.Result.Total))
	}
	return cases, nil
}

func (j *judgeGradeFlags) print(cmd *cobra.Command, panel judge.Panel, cases []judge.Case, verdicts []judge.PanelVerdict) error {
	notes := j.app.Notes(cmd)
	scored, err := show.Grades(cmd.OutOrStdout(), notes, panel, cases, verdicts)
	if err != nil {
		return verb.Failed(err)
	}
	j.calls.PrintSpent(notes)
	if left := len(verdicts) - scored; left > 0 {
		return verb.Exit(verb.ExitUnscored, fmt.Errorf("%s of %s are not graded", term.Thousands(left), term.Plural(len(verdicts), "answer", "answers")))
	}
	return nil
}
