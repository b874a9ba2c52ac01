package show

import (
	"cmp"
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
