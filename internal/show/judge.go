package show

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/internal/judge"
	"github.com/glyphkit/glyph/internal/term"
)

// Agreement prints how far a judge agrees with people.
func Agreement(out io.Writer, c *judge.Calibration) error {
	a := c.Agreement
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "%-10s  %s\n", name, value) }
	row("judge", fmt.Sprintf("%s (%s, prompt %s)", term.Clean(c.Model), cmp.Or(string(c.Method), "both orders"), c.PromptHash[:8]))
	row("labels", fmt.Sprintf("%s, %s graded, %s the same", term.Thousands(a.Labels), term.Thousands(a.Scored), term.Thousands(a.Same)))
	row("agreement", a.Kappa.String())
	row("", a.Spearman.String())
	ties := fmt.Sprintf("%s share their rank", term.Plural(a.Tied, "label", "labels"))
	if c.Kind == judge.Pairs {
		ties = fmt.Sprintf("%s of the judge, %s of them by its order alone; %s of the labels", term.Plural(a.JudgeTies, "tie", "ties"), term.Thousands(a.OrdersDisagree), term.Thousands(a.LabelTies))
	}
	row("ties", ties)
	Unscored(row, a.Unscored)
	passed := "passed"
	if !c.Passed {
		passed = "NOT passed"
	} else if e := a.Kappa.Estimate; e.NoInterval == "" && e.Low < c.Bar {
		passed = "passed, but the interval goes below it: more labels would tell"
	}
	row("bar", fmt.Sprintf("%v: %s", c.Bar, passed))
	_, err := io.WriteString(out, b.String())
	return err
}

// Unscored writes a row for each reason why answers have no grade.
func Unscored(row func(name, value string), counts map[judge.Reason]int) {
	var reasons []judge.Reason
	for why := range counts {
		reasons = append(reasons, why)
	}
	slices.Sort(reasons)
	for _, why := range reasons {
		row("unscored", fmt.Sprintf("%s: %s", term.Thousands(counts[why]), why))
	}
}

// grade is a line of grades.
type grade struct {
	ID string `json:"id,omitempty"`
	judge.PanelVerdict
}

// Grades writes a line of JSON for each case to out, and to notes how many were
// graded and how far the judges agree. It returns the number that were graded.
func Grades(out, notes io.Writer, panel judge.Panel, cases []judge.Case, verdicts []judge.PanelVerdict) (scored int, err error) {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	unscored := map[judge.Reason]int{}
	var members [][]judge.Verdict
	for i, v := range verdicts {
		if err := lines.Encode(grade{cases[i].ID, v}); err != nil {
			return scored, err
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
	Unscored(row, unscored)
	if len(panel) > 1 {
		if alpha, err := judge.Alpha(members); err != nil {
			row("agreement", err.Error())
		} else {
			row("agreement", alpha.String())
		}
	}
	return scored, nil
}
