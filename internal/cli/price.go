package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

type priceFlags struct {
	app *verb.App
	verb.Documents
	page   verb.Page
	model  verb.Model // without its name
	models []string
	json   bool
}

func newPrice(a *verb.App) *cobra.Command {
	p := &priceFlags{app: a, page: verb.Page{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.List(&p.models, "model", nil, "several are separated by commas (default all)")
	p.model.AddCatalog(f)
	f.On(&p.json, "json", "")
	p.Documents.Add(f)
	p.page.Add(f)
	return verb.Finish(&cobra.Command{
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
	page, err := p.page.Build(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	o := glyph.PriceOptions{Options: glyph.Options{Config: page.Config, Render: p.page.Render(0)}}
	if _, err := render.New(o.Config, o.Render); err != nil {
		return err
	}
	if o.Models, err = p.named(ctx, &o.Options); err != nil {
		return err
	}
	docs, hidden, err := p.Find(cmd, args)
	if err != nil {
		return err
	}
	line := p.app.Line(cmd)
	verb.Watch(line, docs, 2) // they are laid out, and their tokens counted
	prices, err := glyph.Price(ctx, docs, o)
	line.Clear()
	if err != nil {
		return verb.WhyNothing(err, "laying out", args, nil, hidden)
	}
	width, height := page.PagePixels()
	out := &show.Prices{
		Version: version.Module(), Config: page.Name, ConfigSHA256: page.Hash(), Width: width, Height: height,
		Documents: taken(docs, prices.LeftOut), LeftOut: append([]render.LeftOut{}, prices.LeftOut...), Models: show.SortPrices(prices.Quotes),
	}
	if p.json {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = verb.Failed(out.Print(cmd.OutOrStdout()))
	}
	if err == nil {
		err = verb.Partial("priced", prices.LeftOut)
	}
	return err
}

// named checks the names of models and adds their catalog and tokenizers to o.
// None and "all" stand for every one.
func (p *priceFlags) named(ctx context.Context, o *glyph.Options) (names []string, err error) {
	if o.Catalog, err = p.model.Catalog(ctx); err != nil {
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
	o.Tokenizers, err = p.model.Load(ctx, o.Catalog, models)
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
