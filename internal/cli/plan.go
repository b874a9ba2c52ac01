package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/render"
)

type planFlags struct {
	app *verb.App
	verb.Documents
	page   verb.Page
	model  verb.Model
	fit    verb.Fit
	output string
	force  bool
	json   bool
}

func newPlan(a *verb.App) *cobra.Command {
	p := &planFlags{app: a, page: verb.Page{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	p.model.Add(f, "")
	p.fit.Add(f)
	f.Text(&p.output, "output", "", "a config file, for --config")
	f.On(&p.force, "force", "")
	f.On(&p.json, "json", "")
	p.Documents.Add(f)
	p.page.Add(f)
	return verb.Finish(&cobra.Command{
		Use:   "plan [FILE|DIR|PATTERN|-]... --model NAME",
		Short: "Find the page that costs a model the fewest tokens",
		Long: `plan finds the page size at which a text costs a model the fewest tokens, lays everything out for it
and says what that costs, without drawing. "glyph compress --model" draws the same pages.

The config's type, margins and notation are kept. Type is never made smaller than in the config,
whose size was measured with readers, unless --min-px allows it. Without --min-px, a --target-tokens
or --ratio that the text cannot keep is an error that says what comes nearest.`,
		Example: `  glyph plan book.txt --model claude-opus-5
  glyph plan book.txt --model gpt-5.5 --target-tokens 20000 --min-px 7 -o my.json
  glyph compress book.txt --config my.json`,
		RunE: p.run,
	}, f, "model target-tokens ratio min-px output config json", "3")
}

func (p *planFlags) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	page, err := p.page.Build(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	m, err := p.model.Find(ctx, "plan for")
	switch {
	case err != nil:
		return err
	case p.page.FixesPage():
		return errors.New("plan chooses the page; accepted: no --page-size and no --patch-size")
	}
	if err := p.fit.Check(cmd, false); err != nil {
		return err
	}
	if p.output != "" {
		if err := verb.MayWrite(p.output, p.force); err != nil {
			return err
		}
	}
	o := glyph.Options{
		Config: page.Config, Model: p.model.Name, Catalog: m.Catalog, Tokenizers: m.Tokenizers,
		Render: p.page.Render(0), Fit: p.fit.Fit(false),
	}
	if _, err := render.New(o.Config, o.Render); err != nil {
		return err
	}
	docs, hidden, err := p.Find(cmd, args)
	if err != nil {
		return err
	}
	line := p.app.Line(cmd)
	o.Fit.Progress = func(done float64) { line.Show(verb.Planning(done)) }
	found, err := glyph.Plan(ctx, docs, o)
	line.Clear()
	if err != nil {
		return verb.WhyNothing(err, "laying out", args, nil, hidden)
	}
	if p.output != "" {
		if err := verb.WriteFile(p.output, p.force, found.Config.Canonical()); err != nil {
			return err
		}
	}
	out := show.NewPlan(found.Plan, page.Config)
	if p.json {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = verb.Failed(out.Print(cmd.OutOrStdout(), taken(docs, found.LeftOut), page.Name))
	}
	if err == nil {
		err = verb.Partial("planned", found.LeftOut)
	}
	return err
}
