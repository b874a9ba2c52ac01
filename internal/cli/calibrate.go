package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/calibrate"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

func (c *calibrateFlags) run(cmd *cobra.Command, files []string) error {
	ctx := cmd.Context()
	if err := c.check(cmd); err != nil {
		return err
	}
	page, err := c.page.Build(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	c.o.Base, c.o.Render, c.o.Threshold = page.Config, c.page.Render(1), c.threshold/100
	c.o.Calls = c.endpoint.Budget.Calls
	var m *verb.Target
	if c.model.Name != "" {
		if m, err = c.model.Find(ctx, "calibrate"); err != nil {
			return err
		}
		c.o.Model, c.o.Tokenizers = m.Profile, m.Tokenizers
	}
	leftOut, remove, err := c.sample(cmd, files)
	if err != nil {
		return err
	}
	defer remove()
	clients, done, err := c.open(cmd, m)
	if err != nil {
		return err
	}
	defer done()
	line := c.app.Line(cmd)
	c.o.Progress = verb.ShowRun(line, "", clients)
	result, err := calibrate.Run(ctx, c.o)
	line.Clear()
	if errors.Is(err, context.Canceled) && result != nil {
		return errors.Join(verb.InterruptedRun(c.o.Dir), c.print(cmd.OutOrStdout(), result, clients))
	}
	if err != nil {
		return verb.Failed(err)
	}
	if err := c.print(cmd.OutOrStdout(), result, clients); err != nil {
		return err
	}
	if err := c.write(result); err != nil {
		return err
	}
	return verb.Partial("calibrated", leftOut)
}

// sample finds the text that the page is chosen for.
func (c *calibrateFlags) sample(cmd *cobra.Command, files []string) (leftOut []render.LeftOut, remove func(), err error) {
	remove = func() {}
	if len(files) == 0 {
		return nil, remove, nil
	}
	r, err := render.New(c.o.Base, c.o.Render)
	if err != nil {
		return nil, nil, err
	}
	docs, hidden, err := c.Find(cmd, files)
	if err != nil {
		return nil, nil, err
	}
	spooled := document.Spool(docs)
	remove = func() { _ = spooled() } // at worst a temporary file stays
	c.o.Sample, leftOut, err = plan.Readable(cmd.Context(), r, docs)
	if err == nil && len(c.o.Sample) == 0 {
		err = render.ErrNothingDrawn
	}
	if err != nil {
		remove()
		return nil, nil, verb.WhyNothing(err, "laying out", files, leftOut, hidden)
	}
	return leftOut, remove, nil
}

// print tells the result and what it took.
func (c *calibrateFlags) print(out io.Writer, r *calibrate.Result, clients []*llm.Client) error {
	if c.json {
		return printJSON(out, r)
	}
	text := term.CleanText(r.Text())
	if spent := r.Spent; len(clients) > 0 {
		text += fmt.Sprintf("spent: %s tokens of prompts and %s of answers\n", term.Thousands(spent.PromptTokens), term.Thousands(spent.CompletionTokens))
		if spent.MaybeAttempts > 0 {
			text += fmt.Sprintf("spent: on top of it %s may have been billed\n", term.Plural(spent.MaybeAttempts, "failed attempt", "failed attempts"))
		}
	}
	_, err := io.WriteString(out, text)
	return verb.Failed(err)
}
