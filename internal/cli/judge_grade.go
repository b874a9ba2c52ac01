package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval/judge"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
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
		Use:   "grade ANSWERS.jsonl --calibration RECORD.json --base-url URL",
		Short: "Grade answers with calibrated models, one or several",
		Long: `grade prints a line of JSON for each line of ANSWERS.jsonl, which are as those of "glyph judge
calibrate", without score and winner. An answer that cannot be graded is unscored, with its reason;
the exit code is then 3.

With several records the judges decide by majority: the median of scores, the winner of more than
half. Krippendorff's alpha then says how far they agree.

--waive-calibration grades with a model of which nobody knows how far it agrees with people; standard
error says so.`,
		Example: `  glyph judge grade answers.jsonl --calibration gpt-5.5.json
  glyph judge grade answers.jsonl --calibration gpt-5.5.json --calibration qwen3.json
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
	cases, err := verb.ReadWith(cmd, args[0], judge.ReadCases)
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
	verdicts, err := panel.JudgeAll(cmd.Context(), cases, j.calls.Progress(line, len(cases), "answers"))
	line.Clear()
	if err != nil {
		return verb.Failed(err)
	}
	return j.print(cmd, panel, verdicts)
}

func (j *judgeGradeFlags) print(cmd *cobra.Command, panel judge.Panel, verdicts []judge.PanelVerdict) error {
	out, notes := json.NewEncoder(cmd.OutOrStdout()), j.app.Notes(cmd)
	out.SetEscapeHTML(false)
	unscored := map[judge.Reason]int{}
	scored := 0
	var members [][]judge.Verdict
	for _, v := range verdicts {
		if err := out.Encode(v); err != nil {
			return verb.Failed(err)
		}
		members = append(members, v.Judges)
		if v.Unscored != "" {
			unscored[v.Unscored]++
		} else {
			scored++
		}
	}
	row := func(name, value string) { fmt.Fprintf(notes, "%-10s  %s\n", name, value) }
	row("graded", fmt.Sprintf("%s of %s", term.Thousands(scored), term.Plural(len(verdicts), "answer", "answers")))
	show.Unscored(row, unscored)
	if len(panel) > 1 {
		if alpha, err := judge.Alpha(members); err != nil {
			row("agreement", err.Error())
		} else {
			row("agreement", alpha.String())
		}
	}
	j.calls.PrintSpent(notes)
	if left := len(verdicts) - scored; left > 0 {
		return verb.Exit(verb.ExitUnscored, fmt.Errorf("%s of %s are not graded", term.Thousands(left), term.Plural(len(verdicts), "answer", "answers")))
	}
	return nil
}
