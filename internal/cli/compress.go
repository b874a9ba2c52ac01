package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/render"
)

// compress holds the flags of the verb.
type compress struct {
	*source
	modelFlags
	trade
	model       string
	gate        bool
	output      string
	force       bool
	preview     bool
	secrets     secretsFlags
	workers     int
	json, quiet bool
}

func newCompress() *cobra.Command {
	c := &compress{source: newSource()}
	cmd := &cobra.Command{
		Use:   "compress [FILE|DIR|PATTERN|-]...",
		Short: "Draw text as page images",
		Long: `compress draws text as PNG pages into a directory, with a manifest.json that
says which bytes of the text each line shows.

A directory stands for all text files in it, without hidden ones. Patterns know
* ? [a-z] and ** (any number of directories). Without an argument, or for -, it
reads standard input. Text is UTF-8 or UTF-16; other charsets are guessed, and
the guess is reported. What is not text is refused, or left out if a directory
or a pattern named it.

With --model the pages get the size that costs that model the fewest tokens,
unless --page-size or --patch-size gives one; "glyph plan" tells without drawing.
With --gate as well, what costs less as text is kept as text: sections between
blank lines go to part-000001.txt and so on, and the manifest has the order.

The directory appears when all pages are done. It must be new or empty, or be
replaced by --force.`,
		Example: `  glyph compress README.md
  glyph compress src 'docs/**/*.md' -o pages --preview
  git log | glyph compress --config dense-bitmap --json
  glyph compress book.txt --dpi 96 --font-size 10 --theme dark
  glyph compress notes.md --model claude-opus-5 --gate`,
		RunE: c.run,
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVarP(&c.output, "output", "o", "pages", "write into `DIR`")
	c.addConfig(f)
	f.StringVarP(&c.model, "model", "m", "", "choose the page for model `NAME` of \"glyph models\", and say what it costs")
	f.BoolVar(&c.gate, "gate", false, "keep as text what costs the model less as text")
	c.addTrade(f)
	c.addProfiles(f)
	c.addTokenizers(f)
	f.BoolVar(&c.force, "force", false, "replace a bundle that is already there")
	f.BoolVar(&c.preview, "preview", false, "add preview.png, which shows the first pages side by side")
	c.secrets.add(f)
	c.addInput(f)
	f.BoolVar(&c.json, "json", false, "print the summary as JSON")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print nothing but errors")
	f.IntVar(&c.workers, "workers", 0, "draw `N` pages at once (default one for each CPU); does not change them")
	c.flags(cmd, f)
	// Both fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels)
	_ = cmd.RegisterFlagCompletionFunc("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

func (c *compress) run(cmd *cobra.Command, args []string) error {
	start := time.Now()
	cfg, name, err := c.build()
	if err != nil {
		return err
	}
	if c.workers < 0 {
		return fmt.Errorf("--workers %d; accepted: 0 for one for each CPU, or a number of them", c.workers)
	}
	if err := c.secrets.check(); err != nil {
		return err
	}
	to, err := c.reader(cmd)
	if err != nil {
		return err
	}
	r, err := render.New(cfg, c.options(c.workers))
	if err != nil {
		return err
	}
	docs, hidden, err := c.documents(cmd, args)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	rep := &report{Version: version.Module(), ConfigName: name, Hidden: hidden, hanHint: !cmd.Flags().Changed("config")}
	o := render.BundleOptions{Force: c.force, Preview: c.preview, Model: to.model()}
	planned := c.model != "" && !c.fixedPage()
	remove := document.Spool(docs)
	defer func() { _ = remove() }() // at worst a temporary file stays
	guard := secrets.Guard{Mode: c.secrets.policy()}
	if docs, _, err = guard.Documents(ctx, docs); err != nil {
		return c.secrets.explain(err)
	}
	rep.Secrets = guard.Report()
	if !c.quiet {
		c.secrets.tell(cmd.ErrOrStderr(), rep.Secrets.Count)
	}
	if planned {
		list, leftOut, err := withPages(ctx, r, docs)
		if err != nil {
			return whyNothing(err, args, leftOut, hidden)
		}
		p, err := plan.Solve(ctx, c.ask(to, cfg, c.options(c.workers)), list)
		if err != nil {
			return failed(err)
		}
		rep.Plan = newPlanned(p, cfg)
		rep.ConfigName += rep.Plan.flags
		if r, err = render.New(p.Config, c.options(c.workers)); err != nil {
			return err
		}
	}
	if c.gate {
		o.Gate = func(ctx context.Context, d *document.Document) (*render.Decision, error) {
			return plan.Gate(ctx, r, text(d), to.profile, to.counter)
		}
	}

	drawing := time.Now()
	bar := &progress{out: cmd.ErrOrStderr(), start: drawing}
	if !c.quiet && isTerminal(cmd.ErrOrStderr()) {
		o.Progress = bar.show
	}
	rep.Summary, err = render.WriteBundle(ctx, c.output, docs, r, o)
	bar.clear()
	if errors.Is(err, render.ErrNothingDrawn) {
		return whyNothing(err, args, rep.LeftOut, hidden)
	}
	if err != nil {
		return failed(err)
	}
	if err := rep.addCost(to); err != nil {
		return failed(err)
	}
	rep.Seconds, rep.drawing = time.Since(start).Seconds(), time.Since(drawing).Seconds()
	switch {
	case c.quiet:
	case c.json:
		err = printJSON(cmd.OutOrStdout(), rep)
	default:
		err = failed(rep.print(cmd.OutOrStdout()))
	}
	if err == nil {
		err = partial(rep.Dir+" wrote the pages", rep.LeftOut)
	}
	return err
}

func (c *compress) reader(cmd *cobra.Command) (*target, error) {
	if c.model == "" {
		for _, flag := range []string{"gate", "budget", "ratio", "min-px", "profiles", "tokenizer"} {
			if cmd.Flags().Changed(flag) {
				return nil, fmt.Errorf("--%s needs a model; accepted: --model NAME as well (see glyph models)", flag)
			}
		}
		counter, err := tokens.ForName(defaultTokenizer)
		return &target{counter: counter}, err
	}
	if err := c.trade.check(cmd); err != nil {
		return nil, err
	}
	if c.fixedPage() {
		for _, flag := range []string{"budget", "ratio", "min-px"} {
			if cmd.Flags().Changed(flag) {
				return nil, fmt.Errorf("--%s chooses the page; accepted: it without --page-size and --patch-size", flag)
			}
		}
	}
	return c.find(c.model)
}
