package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

func newPrice() *cobra.Command {
	s := newSource()
	var (
		m      modelFlags
		names  []string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "price [FILE|DIR|PATTERN|-]...",
		Short: "Tell what a text costs models as text and as pages",
		Long: `price lays a text out under a config, without drawing, and tells for each model
what it costs as text and as those pages. ~ stands before what is estimated.

Models come cheapest first: by what the pages cost where a list price is known,
behind them the others by image tokens, and last those that cannot be priced,
with the reason. Tokens of different models are not worth the same. SEEN says
whether a model scales the pages before it looks at them.

The page is that of the config; "glyph plan" finds the best one for a model.`,
		Example: `  glyph price book.txt
  glyph price src --model gpt-5.5,claude-opus-5,qwen3-vl --config dense-bitmap
  git log | glyph price --model qwen3-vl --tokenizer qwen=tokenizer.json --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, name, err := s.build()
			if err != nil {
				return err
			}
			catalog, err := m.catalog()
			if err != nil {
				return err
			}
			models, err := named(catalog, names)
			if err != nil {
				return err
			}
			own, err := m.load(catalog, models)
			if err != nil {
				return err
			}
			r, err := render.New(cfg, s.options(0))
			if err != nil {
				return err
			}
			list, leftOut, remove, err := s.texts(cmd, r, args)
			if err != nil {
				return err
			}
			defer remove()
			costs, errs, err := plan.Price(cmd.Context(), r, list, models, own)
			if err != nil {
				return failed(err)
			}
			width, height := cfg.PagePixels()
			p := &prices{
				Version: version.Module(), Config: name, ConfigSHA256: cfg.Hash(), Width: width, Height: height,
				Documents: documentList(list), LeftOut: leftOut, Models: sorted(models, costs, errs),
			}
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), p)
			} else {
				err = failed(p.print(cmd.OutOrStdout()))
			}
			if err == nil {
				err = partial("priced", leftOut)
			}
			return err
		},
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringSliceVarP(&names, "model", "m", nil, "price for models `NAME,...` of \"glyph models\" (default all)")
	s.addConfig(f)
	m.addProfiles(f)
	m.addTokenizers(f)
	s.addInput(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	s.flags(cmd, f)
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels) // fails only for a flag that is not there
	return cmd
}

// named finds models; none and "all" stand for every one.
func named(c *vision.Catalog, names []string) ([]*vision.Profile, error) {
	var models []*vision.Profile
	if len(names) == 0 || slices.Equal(names, []string{"all"}) {
		for _, p := range c.Models() {
			models = append(models, &p)
		}
		return models, nil
	}
	for _, name := range names {
		p, err := c.Lookup(name)
		if err != nil {
			return nil, fmt.Errorf("--model: %w; accepted: names of glyph models, or all", err)
		}
		if !slices.ContainsFunc(models, func(q *vision.Profile) bool { return q.Name == p.Name }) {
			models = append(models, p)
		}
	}
	return models, nil
}

// prices is what price prints.
type prices struct {
	Version      string           `json:"version"`
	Config       string           `json:"config"`
	ConfigSHA256 string           `json:"config_sha256"`
	Width        int              `json:"width"` // px, of a page before cropping
	Height       int              `json:"height"`
	Documents    []string         `json:"documents"`
	LeftOut      []render.LeftOut `json:"left_out"`
	Models       []modelPrice     `json:"models"` // cheapest first
}

// modelPrice is a cost or the reason why there is none.
type modelPrice struct {
	*plan.Cost
	refusal
}

type refusal struct {
	Name  string `json:"model"`
	Error string `json:"error"`
}

func (p modelPrice) MarshalJSON() ([]byte, error) {
	if p.Cost != nil {
		return json.Marshal(p.Cost)
	}
	return json.Marshal(p.refusal)
}

func documentList(docs []plan.Document) []string {
	var names []string
	for _, d := range docs {
		names = append(names, d.Name)
	}
	return names
}

// sorted puts the cheapest first: by money, by image tokens where no price is
// known, and last what has no cost.
func sorted(models []*vision.Profile, costs []plan.Cost, errs []error) []modelPrice {
	list := make([]modelPrice, len(models))
	for i := range models {
		if errs[i] == nil {
			list[i].Cost = &costs[i]
			continue
		}
		err := errs[i]
		if e := (*plan.Error)(nil); errors.As(err, &e) {
			err = e.Err // one page stands for all
		}
		name := models[i].Name
		reason := err.Error()
		if _, after, found := strings.Cut(reason, name+": "); found {
			reason = after
		}
		list[i].refusal = refusal{name, reason}
	}
	slices.SortStableFunc(list, func(a, b modelPrice) int {
		group := func(p modelPrice) int {
			switch {
			case p.Cost == nil:
				return 3
			case p.Money == nil:
				return 2
			case p.Money.Currency != "USD":
				return 1
			}
			return 0
		}
		if g := cmp.Compare(group(a), group(b)); g != 0 || group(a) == 3 {
			return g
		}
		if group(a) == 2 {
			return cmp.Compare(a.ImageTokens, b.ImageTokens)
		}
		return cmp.Or(cmp.Compare(a.Money.Currency, b.Money.Currency), cmp.Compare(a.Money.Image, b.Money.Image), cmp.Compare(a.ImageTokens, b.ImageTokens))
	})
	return list
}

func (p *prices) print(out io.Writer) error {
	of := thousands(len(p.Documents)) + " documents"
	if len(p.Documents) == 1 {
		of = clean(p.Documents[0])
	}
	var priced []*plan.Cost
	for _, m := range p.Models {
		if m.Cost != nil {
			priced = append(priced, m.Cost)
		}
	}
	if len(priced) == 0 {
		fmt.Fprintf(out, "%s: no model has a price for pages of %d×%d px\n", of, p.Width, p.Height)
		return p.notes(out)
	}
	c := priced[0]
	fmt.Fprintf(out, "%s: %s of %d×%d px under %s; %s characters, %.1f px² each\n", of,
		plural(c.Pages, "page", "pages"), p.Width, p.Height, clean(p.Config), thousands(c.Characters), c.PixelsPerCharacter)
	if len(p.Models) == 1 {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		costRows(rows(w), c)
		return w.Flush()
	}
	t := &table{right: []bool{false, true, true, true, true, true, true, true, false, false}}
	t.add("MODEL", "TEXT TOKENS", "IMAGE TOKENS", "RATIO", "CHARS/TOKEN", "REQUESTS", "TEXT COST", "PAGE COST", "SEEN", "CONFIDENCE")
	for _, c := range priced {
		text, pages := "", ""
		if m := c.Money; m != nil {
			text, pages = money(m.Currency, m.Text), money(m.Currency, m.Image)
		}
		seen := "as drawn"
		if c.Resampled > 0 {
			seen = "scaled"
		}
		t.add(clean(c.Model), textTokens(c), thousands(c.ImageTokens), fmt.Sprintf("%.2f", c.Ratio), fmt.Sprintf("%.1f", c.CharactersPerToken),
			thousands(c.Requests), text, pages, seen, clean(c.Confidence+" "+c.Date))
	}
	if err := t.print(out); err != nil {
		return err
	}
	return p.notes(out)
}

// notes tell what the table cannot: each note once, with the models it is of.
func (p *prices) notes(out io.Writer) error {
	var notes []string
	of := map[string][]string{}
	note := func(model, text string) {
		if of[text] == nil {
			notes = append(notes, text)
		}
		of[text] = append(of[text], model)
	}
	for _, m := range p.Models {
		if m.Cost == nil {
			note(m.Name, "no price: "+m.Error)
			continue
		}
		for _, e := range m.Exceeded {
			note(m.Model, e.String())
		}
	}
	for _, n := range notes {
		if _, err := fmt.Fprintf(out, "%s: %s\n", clean(strings.Join(of[n], ", ")), clean(n)); err != nil {
			return err
		}
	}
	return nil
}
