package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

type priceFlags struct {
	app *app
	documentFlags
	page   pageFlags
	model  modelFlags // without its name
	models []string
	json   bool
}

func newPrice(a *app) *cobra.Command {
	p := &priceFlags{app: a, page: pageFlags{app: a}, model: modelFlags{app: a}}
	f := newFlags()
	f.list(&p.models, "model", nil, "several are separated by commas (default all)")
	p.model.addCatalog(f)
	f.on(&p.json, "json", "")
	p.documentFlags.add(f)
	p.page.add(f)
	return finish(&cobra.Command{
		Use:   "price [FILE|DIR|PATTERN|-]...",
		Short: "Tell what a text costs models as text and as pages",
		Long: `price lays a text out under a config, without drawing, and tells for each model what it costs as
text and as those pages. ~ stands before what is estimated.

Models come cheapest first: by what the pages cost where a list price is known, behind them the
others by image tokens, and last those that cannot be priced, with the reason. Tokens of different
models are not worth the same. SEEN says whether a model scales the pages before it looks at them.

The page is that of the config; "glyph plan" finds the best one for a model.`,
		Example: `  glyph price book.txt
  glyph price src --model gpt-5.5,claude-opus-5,qwen3-vl --config dense-bitmap
  git log | glyph price --model qwen3-vl --tokenizer qwen=tokenizer.json --json`,
		RunE: p.run,
	}, f, "model config json", "3")
}

func (p *priceFlags) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	page, err := p.page.build(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	o := glyph.PriceOptions{Options: glyph.Options{Config: page.Config, Render: p.page.render(0)}}
	if _, err := render.New(o.Config, o.Render); err != nil {
		return err
	}
	if o.Models, err = p.named(ctx, &o.Options); err != nil {
		return err
	}
	docs, hidden, err := p.find(cmd, args)
	if err != nil {
		return err
	}
	line := p.app.line(cmd)
	watch(line, docs, 2) // they are laid out, and their tokens counted
	prices, err := glyph.Price(ctx, docs, o)
	line.Clear()
	if err != nil {
		return whyNothing(err, "laying out", args, nil, hidden)
	}
	width, height := page.PagePixels()
	out := &show.Prices{
		Version: version.Module(), Config: page.name, ConfigSHA256: page.Hash(), Width: width, Height: height,
		Documents: taken(docs, prices.LeftOut), LeftOut: append([]render.LeftOut{}, prices.LeftOut...), Models: show.SortPrices(prices.Quotes),
	}
	if p.json {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = failed(out.Print(cmd.OutOrStdout()))
	}
	if err == nil {
		err = partial("priced", prices.LeftOut)
	}
	return err
}

// named checks the names of models and adds their catalog and tokenizers to o.
// None and "all" stand for every one.
func (p *priceFlags) named(ctx context.Context, o *glyph.Options) (names []string, err error) {
	if o.Catalog, err = p.model.catalog(ctx); err != nil {
		return nil, err
	}
	var models []*vision.Profile
	if len(p.models) == 0 || slices.Equal(p.models, []string{"all"}) {
		for _, m := range o.Catalog.Models() {
			models = append(models, &m)
		}
	} else {
		for _, name := range p.models {
			m, err := o.Catalog.Lookup(name)
			if err != nil {
				return nil, fmt.Errorf("--model: %w; accepted: names of glyph models, or all", err)
			}
			if !slices.ContainsFunc(models, func(q *vision.Profile) bool { return q.Name == m.Name }) {
				models, names = append(models, m), append(names, name)
			}
		}
	}
	o.Tokenizers, err = p.model.load(ctx, o.Catalog, models)
	return names, err
}

// taken are the names of documents without those that are left out.
func taken(docs []*document.Document, leftOut []render.LeftOut) []string {
	names := []string{}
	for _, d := range docs {
		if !slices.ContainsFunc(leftOut, func(l render.LeftOut) bool { return l.Name == d.Name }) {
			names = append(names, d.Name)
		}
	}
	return names
}
