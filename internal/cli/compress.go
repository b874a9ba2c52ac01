package cli

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/render"
)

type compressFlags struct {
	app *verb.App
	verb.Documents
	page    verb.Page
	model   verb.Model
	fit     verb.Fit
	gate    bool
	output  string
	force   bool
	look    bool
	secrets verb.Secrets
	jobs    int
	json    bool
}

func (c *compressFlags) run(cmd *cobra.Command, args []string) error {
	start := time.Now()
	ctx := cmd.Context()
	o, page, err := c.options(cmd)
	if err != nil {
		return err
	}
	docs, hidden, err := c.Find(cmd, args)
	if err != nil {
		return err
	}
	if o.Exceptions, err = c.secrets.Exceptions(args...); err != nil {
		return err
	}
	line, drawing := c.app.Line(cmd), time.Now()
	o.Fit.Progress = func(done float64) {
		drawing = time.Now()
		line.Show(verb.Planning(done))
	}
	o.Progress = func(at render.Progress) {
		line.Show(term.State{Done: at.Read, Total: at.Size, Count: int64(at.Pages), CountUnit: "pages", Name: at.Document})
	}
	done, err := glyph.Compress(ctx, docs, c.output, *o)
	line.Clear()
	if done != nil && errors.Is(err, render.ErrNothingDrawn) && done.Summary != nil {
		return verb.WhyNothing(err, "drawing", args, done.LeftOut, hidden)
	}
	if err != nil {
		return c.secrets.Explain(verb.WhyNothing(err, "drawing", args, nil, hidden))
	}
	c.secrets.Tell(c.app.Notes(cmd), done.Secrets)
	sum := &show.Compressed{
		Version: version.Module(), ConfigName: page.Name, Hidden: hidden, Summary: done.Summary, Secrets: done.Secrets,
		Untouched: page.Untouched, Seconds: time.Since(start).Seconds(), Drawing: time.Since(drawing),
	}
	if done.Plan != nil {
		sum.Plan = show.NewPlan(done.Plan.Plan, page.Config)
		sum.ConfigName += sum.Plan.Flags
	}
	if err := sum.AddCost(o.Catalog, o.Model); err != nil {
		return verb.Failed(err)
	}
	switch {
	case c.json:
		err = printJSON(cmd.OutOrStdout(), sum)
	case !c.app.Quiet:
		err = verb.Failed(sum.Print(cmd.OutOrStdout()))
	}
	if err == nil {
		err = verb.Partial(sum.Dir+" wrote the pages", sum.LeftOut)
	}
	return err
}
