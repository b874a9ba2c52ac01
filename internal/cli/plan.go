package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/render"
)

type planFlags struct {
	app *app
	documentFlags
	page   pageFlags
	model  modelFlags
	fit    fitFlags
	output string
	force  bool
	json   bool
}

func newPlan(a *app) *cobra.Command {
	p := &planFlags{app: a, page: pageFlags{app: a}, model: modelFlags{app: a}}
	f := newFlags()
	p.model.add(f, "")
	p.fit.add(f)
	f.text(&p.output, "output", "", "a config file, for --config")
	f.on(&p.force, "force", "")
	f.on(&p.json, "json", "")
	p.documentFlags.add(f)
	p.page.add(f)
	return finish(&cobra.Command{
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
	page, err := p.page.build(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	m, err := p.model.find(ctx, "plan for")
	switch {
	case err != nil:
		return err
	case p.page.fixesPage():
		return errors.New("plan chooses the page; accepted: no --page-size and no --patch-size")
	}
	if err := p.fit.check(cmd, false); err != nil {
		return err
	}
	if p.output != "" {
		if err := mayWrite(p.output, p.force); err != nil {
			return err
		}
	}
	o := glyph.Options{
		Config: page.Config, Model: p.model.name, Catalog: m.catalog, Tokenizers: m.tokenizers,
		Render: p.page.render(0), Fit: p.fit.fit(false),
	}
	if _, err := render.New(o.Config, o.Render); err != nil {
		return err
	}
	docs, hidden, err := p.find(cmd, args)
	if err != nil {
		return err
	}
	line := p.app.line(cmd)
	o.Fit.Progress = func(done float64) { line.Show(planning(done)) }
	found, err := glyph.Plan(ctx, docs, o)
	line.Clear()
	if err != nil {
		return whyNothing(err, "laying out", args, nil, hidden)
	}
	if p.output != "" {
		if err := writeFile(p.output, p.force, found.Config.Canonical()); err != nil {
			return err
		}
	}
	out := show.NewPlan(found.Plan, page.Config)
	if p.json {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = failed(out.Print(cmd.OutOrStdout(), taken(docs, found.LeftOut), page.name))
	}
	if err == nil {
		err = partial("planned", found.LeftOut)
	}
	return err
}
