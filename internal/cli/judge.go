package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/judge"
)

func newJudge(a *verb.App) *cobra.Command {
	return prefix("judge", "Grade open answers with models that agree with people", newJudgeCalibrate(a), newJudgeGrade(a))
}

// judgeFlags are those of both verbs of judge.
type judgeFlags struct {
	app      *verb.App
	calls    verb.Calls
	model    verb.Model
	criteria string
	secrets  verb.Secrets
}

func newJudgeFlags(a *verb.App) judgeFlags {
	return judgeFlags{app: a, calls: verb.Calls{App: a}, model: verb.Model{App: a}}
}

// add adds them; note is what the verb does with the model.
func (j *judgeFlags) add(f verb.Flags, note string) {
	f.Text(&j.model.Name, "model", "", note+"; a name that only the endpoint knows has no list price")
	f.Text(&j.criteria, "criteria", "", "")
	f.Text(&j.model.Profiles, "profiles", "", "")
	j.secrets.AddMode(f)
	j.calls.Add(f)
}

// maxCriteria bounds the file of --criteria, in bytes: it goes into every prompt.
const maxCriteria = 1 << 20

func (j *judgeFlags) readCriteria(cmd *cobra.Command) (string, error) {
	name, isFile := strings.CutPrefix(j.criteria, "@")
	if !isFile {
		if strings.TrimSpace(j.criteria) == "" {
			return "", errors.New("grade by which criteria? accepted: --criteria TEXT, or --criteria @FILE")
		}
		return j.criteria, nil
	}
	b, err := verb.ReadFile(cmd.Context(), name, maxCriteria)
	if err != nil {
		return "", verb.Failed(fmt.Errorf("--criteria: %w", err))
	}
	return strings.TrimSpace(string(b)), nil
}

// kindOf is what a label or a case asks for.
func kindOf(pairs bool) judge.Kind {
	if pairs {
		return judge.Pairs
	}
	return judge.Scores
}

// panel makes the judges.
func (j *judgeGradeFlags) panel(cmd *cobra.Command, cases []judge.Case) (panel judge.Panel, err error) {
	if j.waive {
		criteria, err := j.readCriteria(cmd)
		if err != nil {
			return nil, err
		}
		m, err := verb.KnownModel(&j.model, cmd, j.model.Name)
		if err != nil {
			return nil, err
		}
		client, err := j.calls.Client(j.model.Name, m)
		if err != nil {
			return nil, err
		}
		member, err := judge.NewUncalibrated(cmd.Context(), client, judge.Rubric{Kind: kindOf(cases[0].Answer == ""), Criteria: criteria}, j.secrets.Policy())
		return judge.Panel{member}, verb.Failed(err)
	}
	for _, name := range j.calibrations {
		record, err := verb.ReadWith(cmd, name, judge.ReadCalibration)
		if err != nil {
			return nil, err
		}
		client, err := j.calls.Client(record.Model, nil)
		if err != nil {
			return nil, err
		}
		member, err := judge.New(client, record, j.secrets.Policy())
		if err != nil {
			return nil, verb.Failed(fmt.Errorf("%s: %w", name, err))
		}
		panel = append(panel, member)
	}
	return panel, nil
}
