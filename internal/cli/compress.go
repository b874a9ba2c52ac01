package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/render"
)

type compressFlags struct {
	app *app
	documentFlags
	page   pageFlags
	model  modelFlags
	fit    fitFlags
	gate   bool
	output string
	force  bool
	look   bool
	jobs   int
	json   bool
}

func newCompress(a *app) *cobra.Command {
	c := &compressFlags{app: a, page: pageFlags{app: a}, model: modelFlags{app: a}}
	f := newFlags()
	f.text(&c.output, "output", "pages", "a directory")
	f.text(&c.model.name, "model", "", "the pages get the size that costs it least")
	f.on(&c.gate, "gate", "keep as text what costs the model less as text")
	c.fit.add(f)
	c.model.addCatalog(f)
	f.on(&c.force, "force", "only a bundle of pages is replaced")
	f.on(&c.look, "preview", "")
	f.on(&c.json, "json", "")
	f.count(&c.jobs, "jobs", 0, "0 is one for each CPU")
	c.documentFlags.add(f)
	c.page.add(f)
	cmd := finish(&cobra.Command{
		Use:   "compress [FILE|DIR|PATTERN|-]...",
		Short: "Draw text as page images",
		Long: `compress draws text as PNG pages into a directory, with a manifest.json that says which bytes of the
text each line shows.

A directory stands for all text files in it, without hidden ones. Patterns know * ? [a-z] and **
(any number of directories). Without an argument, or for -, it reads standard input. Text is UTF-8
or UTF-16; other charsets are guessed, and the guess is reported. What is not text is refused, or
left out if a directory or a pattern named it.

With --model the pages get the size that costs that model the fewest tokens, unless --page-size or
--patch-size gives one; "glyph plan" tells without drawing. With --gate as well, what costs less as
text is kept as text: sections between blank lines go to part-000001.txt and so on, and the manifest
has the order.

The directory appears when all pages are done. It must be new or empty; --force replaces a bundle of
pages that stands there. A named file that cannot be drawn is left out, and the exit code is 3.`,
		Example: `  glyph compress README.md
  glyph compress src 'docs/**/*.md' -o pages --preview
  git log | glyph compress --config dense-bitmap --json
  glyph compress book.txt --dpi 96 --font-size 10 --theme dark
  glyph compress notes.md --model claude-opus-5 --gate`,
		RunE: c.run,
	}, f, "output config model gate force preview json", "3")
	_ = cmd.RegisterFlagCompletionFunc("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

func (c *compressFlags) run(cmd *cobra.Command, args []string) error {
	start := time.Now()
	ctx := cmd.Context()
	o, page, err := c.options(cmd)
	if err != nil {
		return err
	}
	docs, hidden, err := c.find(cmd, args)
	if err != nil {
		return err
	}
	line, drawing := c.app.line(cmd), time.Now()
	o.Fit.Progress = func(done float64) {
		drawing = time.Now()
		line.Show(planning(done))
	}
	o.Progress = func(at render.Progress) {
		line.Show(term.State{Done: at.Read, Total: at.Size, Count: int64(at.Pages), CountUnit: "pages", Name: at.Document})
	}
	done, err := glyph.Compress(ctx, docs, c.output, *o)
	line.Clear()
	if done != nil && errors.Is(err, render.ErrNothingDrawn) && done.Summary != nil {
		return whyNothing(err, "drawing", args, done.LeftOut, hidden)
	}
	if err != nil {
		return whyNothing(err, "drawing", args, nil, hidden)
	}
	sum := &show.Compressed{
		Version: version.Module(), ConfigName: page.name, Hidden: hidden, Summary: done.Summary,
		Untouched: page.untouched, Seconds: time.Since(start).Seconds(), Drawing: time.Since(drawing),
	}
	if done.Plan != nil {
		sum.Plan = show.NewPlan(done.Plan.Plan, page.Config)
		sum.ConfigName += sum.Plan.Flags
	}
	if err := sum.AddCost(o.Catalog, o.Model); err != nil {
		return failed(err)
	}
	switch {
	case c.json:
		err = printJSON(cmd.OutOrStdout(), sum)
	case !c.app.quiet:
		err = failed(sum.Print(cmd.OutOrStdout()))
	}
	if err == nil {
		err = partial(sum.Dir+" wrote the pages", sum.LeftOut)
	}
	return err
}

func (c *compressFlags) options(cmd *cobra.Command) (*glyph.CompressOptions, *pageConfig, error) {
	page, err := c.page.build(cmd.Context(), cmd.Flags())
	if err != nil {
		return nil, nil, err
	}
	if c.jobs < 0 {
		return nil, nil, fmt.Errorf("--jobs %d; accepted: 0 for one for each CPU, or a number of them", c.jobs)
	}
	o := &glyph.CompressOptions{Gate: c.gate, Force: c.force, Preview: c.look}
	o.Config, o.Render, o.Fit = page.Config, c.page.render(c.jobs), c.fit.fit(page.fixed)
	if _, err := render.New(o.Config, o.Render); err != nil { // the config names a font that is not there
		return nil, nil, err
	}
	if c.model.name == "" {
		for _, flag := range []string{"gate", "target-tokens", "ratio", "min-px", "profiles", "tokenizer"} {
			if cmd.Flags().Changed(flag) {
				return nil, nil, fmt.Errorf("--%s needs a model; accepted: --model NAME as well (see glyph models)", flag)
			}
		}
		return o, page, nil
	}
	if err := c.fit.check(cmd, page.fixed); err != nil {
		return nil, nil, err
	}
	m, err := c.model.find(cmd.Context(), "draw for")
	if err != nil {
		return nil, nil, err
	}
	o.Model, o.Catalog, o.Tokenizers = c.model.name, m.catalog, m.tokenizers
	return o, page, nil
}
