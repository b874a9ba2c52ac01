package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/render"
)

func newCompress(a *verb.App) *cobra.Command {
	c := &compressFlags{app: a, page: verb.Page{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.Text(&c.output, "output", "pages", "a directory")
	f.Text(&c.model.Name, "model", "", "the pages get the size that costs it least")
	f.On(&c.gate, "gate", "keep as text what costs the model less as text")
	c.fit.Add(f)
	c.model.AddCatalog(f)
	f.On(&c.force, "force", "only a bundle of pages is replaced")
	f.On(&c.look, "preview", "")
	f.On(&c.json, "json", "")
	c.secrets.Add(f)
	f.Count(&c.jobs, "jobs", 0, "0 is one for each CPU")
	c.Documents.Add(f)
	c.page.Add(f)
	cmd := verb.Finish(&cobra.Command{
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
	}, f, "output config model gate force preview secrets json", "3")
	_ = cmd.RegisterFlagCompletionFunc("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	return cmd
}

func (c *compressFlags) options(cmd *cobra.Command) (*glyph.CompressOptions, *verb.PageConfig, error) {
	page, err := c.page.Build(cmd.Context(), cmd.Flags())
	if err != nil {
		return nil, nil, err
	}
	if c.jobs < 0 {
		return nil, nil, fmt.Errorf("--jobs %d; accepted: 0 for one for each CPU, or a number of them", c.jobs)
	}
	if err := c.secrets.Check(); err != nil {
		return nil, nil, err
	}
	o := &glyph.CompressOptions{Gate: c.gate, Force: c.force, Preview: c.look, Secrets: c.secrets.Policy()}
	o.Config, o.Render, o.Fit = page.Config, c.page.Render(c.jobs), c.fit.Fit(page.Fixed)
	if _, err := render.New(o.Config, o.Render); err != nil { // the config names a font that is not there
		return nil, nil, err
	}
	if c.model.Name == "" {
		for _, flag := range []string{"gate", "target-tokens", "ratio", "min-px", "profiles", "tokenizer"} {
			if cmd.Flags().Changed(flag) {
				return nil, nil, fmt.Errorf("--%s needs a model; accepted: --model NAME as well (see glyph models)", flag)
			}
		}
		return o, page, nil
	}
	if err := c.fit.Check(cmd, page.Fixed); err != nil {
		return nil, nil, err
	}
	m, err := c.model.Find(cmd.Context(), "draw for")
	if err != nil {
		return nil, nil, err
	}
	o.Model, o.Catalog, o.Tokenizers = c.model.Name, m.Catalog, m.Tokenizers
	return o, page, nil
}
