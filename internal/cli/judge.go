package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval/judge"
)

func newJudge(a *app) *cobra.Command {
	return prefix("judge", "Grade open answers with models that agree with people", newJudgeCalibrate(a), newJudgeGrade(a))
}

// judgeFlags are those of both verbs of judge.
type judgeFlags struct {
	app      *app
	calls    callFlags
	model    modelFlags
	criteria string
}

func newJudgeFlags(a *app) judgeFlags {
	return judgeFlags{app: a, calls: callFlags{app: a}, model: modelFlags{app: a}}
}

// add adds them; note is what the verb does with the model.
func (j *judgeFlags) add(f flags, note string) {
	f.text(&j.model.name, "model", "", note+"; a name that only the endpoint knows has no list price")
	f.text(&j.criteria, "criteria", "", "")
	f.text(&j.model.profiles, "profiles", "", "")
	j.calls.add(f)
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
	b, err := readFile(cmd.Context(), name, maxCriteria)
	if err != nil {
		return "", failed(fmt.Errorf("--criteria: %w", err))
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
