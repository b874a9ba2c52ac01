package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

// exampleModel stands in hints.
const exampleModel = "gpt-5.5"

func newPlan() *cobra.Command {
	s := newSource()
	var (
		m      modelFlags
		t      trade
		model  string
		output string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "plan [FILE|DIR|PATTERN|-]... --model NAME",
		Short: "Find the page that costs a model the fewest tokens",
		Long: `plan finds the page size at which a text costs a model the fewest tokens, lays
everything out for it and says what that costs, without drawing. What "glyph
compress --model" does is the same.

The config's type, margins and notation are kept. Type is never made smaller than
in the config, which is a size that was measured with readers, unless --min-px
allows it. Without, a --budget or --ratio that the text cannot keep is an error
that says what comes nearest.`,
		Example: `  glyph plan book.txt --model claude-opus-5
  glyph plan book.txt --model gpt-5.5 --budget 20000 --min-px 7 -o my.json
  glyph compress book.txt --config my.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, name, err := s.build()
			if err != nil {
				return err
			}
			if model == "" {
				return fmt.Errorf("plan for which model? accepted: --model NAME, such as %s (see glyph models)", exampleModel)
			}
			if s.fixedPage() {
				return errors.New("plan chooses the page; accepted: no --page-size and no --patch-size")
			}
			if err := t.check(cmd); err != nil {
				return err
			}
			to, err := m.find(model)
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
			p, err := plan.Solve(cmd.Context(), t.ask(to, cfg, s.options(0)), list)
			if err != nil {
				return failed(err)
			}
			if output != "" {
				if err := os.WriteFile(output, p.Config.Canonical(), 0o666); err != nil {
					return failed(err)
				}
			}
			out := newPlanned(p, cfg)
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), out)
			} else {
				err = failed(out.print(cmd.OutOrStdout(), list, name))
			}
			if err == nil {
				err = partial("planned", leftOut)
			}
			return err
		},
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVarP(&model, "model", "m", "", "plan for model `NAME` of \"glyph models\"")
	t.addTrade(f)
	f.StringVarP(&output, "output", "o", "", "write the config into `FILE`, for --config")
	s.addConfig(f)
	m.addProfiles(f)
	m.addTokenizers(f)
	s.addInput(f)
	f.BoolVar(&asJSON, "json", false, "print the plan as JSON")
	s.flags(cmd, f)
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels) // fails only for a flag that is not there
	return cmd
}

// planned is a plan as it is printed.
type planned struct {
	Config    configs.Config `json:"config"`
	Width     int            `json:"width"` // px
	Height    int            `json:"height"`
	Px        float64        `json:"px"` // of the type
	Cost      plan.Cost      `json:"cost"`
	Reference plan.Cost      `json:"reference"` // on pages of 595×842 px
	Gave      []string       `json:"gave"`      // what had to give
	Compared  int            `json:"compared"`  // geometries

	flags string // that make the config, over the one that was asked for
}

func newPlanned(p *plan.Plan, base configs.Config) *planned {
	flags := ""
	for _, k := range configs.Keys() {
		// Both fail only for a key that is not there.
		before, _ := base.Get(k.Name)
		now, _ := p.Config.Get(k.Name)
		if now != before {
			flags += " --" + k.Name + "=" + now
		}
	}
	w, h := p.Config.PagePixels()
	return &planned{
		flags: flags, Config: p.Config, Width: w, Height: h, Px: p.Px, Cost: p.Cost, Reference: p.Reference,
		Gave: append([]string{}, p.Gave...), Compared: p.Considered,
	}
}

func (p *planned) print(out io.Writer, docs []plan.Document, config string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := rows(w)
	fmt.Fprintf(w, "%s: %s of %d×%d px for %s\n", documentNames(docs), plural(p.Cost.Pages, "page", "pages"), p.Width, p.Height, clean(p.Cost.Model))
	row("config", "%s%s", config, p.flags)
	row("characters", "%s; %s a page, %.1f px² each", thousands(p.Cost.Characters), thousands(p.Cost.Characters/int64(p.Cost.Pages)), p.Cost.PixelsPerCharacter)
	costRows(row, &p.Cost)
	p.list(row)
	return w.Flush()
}

// list says what was chosen and why not more.
func (p *planned) list(row rowFunc) {
	switch r := &p.Reference; {
	case r.ImageTokens == 0: // the model takes no such page
	case p.Cost.ImageTokens < r.ImageTokens:
		row("plan", "pages of %d×%d px take %s tokens, those of 595×842 px %s, which is %s more", p.Width, p.Height,
			thousands(p.Cost.ImageTokens), thousands(r.ImageTokens), percent(float64(r.ImageTokens)/float64(p.Cost.ImageTokens)-1))
	default:
		row("plan", "pages of %d×%d px; no others take fewer tokens", p.Width, p.Height)
	}
	if len(p.Gave) == 0 {
		row("type", "%.4g px, as in the config; it shrinks only for --min-px", p.Px)
	}
	for _, g := range p.Gave {
		row("gave", "%s", g)
	}
}

func documentNames(docs []plan.Document) string {
	if len(docs) == 1 {
		return clean(docs[0].Name)
	}
	return thousands(len(docs)) + " documents"
}

// trade holds the flags that fix one side between tokens and pixels.
type trade struct {
	budget int64
	ratio  float64
	minPx  float64
}

func (t *trade) addTrade(f *pflag.FlagSet) {
	f.Int64Var(&t.budget, "budget", 0, "keep the pages within `N` tokens")
	f.Float64Var(&t.ratio, "ratio", 0, "have at least `R` text tokens for each image token")
	f.Float64Var(&t.minPx, "min-px", 0, "let type be as small as `PX` px to save tokens; else it keeps the size of the config")
}

func (t *trade) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	switch {
	case changed("budget") && t.budget <= 0:
		return fmt.Errorf("--budget %d; accepted: a number of tokens above 0", t.budget)
	case changed("ratio") && !(t.ratio > 0):
		return fmt.Errorf("--ratio %v; accepted: a number above 0, such as 3", t.ratio)
	case changed("min-px") && !(t.minPx > 0):
		return fmt.Errorf("--min-px %v; accepted: a size in px above 0, such as 8", t.minPx)
	case changed("budget") && changed("ratio"):
		return errors.New("--budget and --ratio; accepted: one of them, as each gives the other")
	}
	return nil
}

func (t *trade) ask(r *target, base configs.Config, o render.Options) plan.Ask {
	return plan.Ask{Model: r.profile, Base: base, Budget: t.budget, Ratio: t.ratio, MinPx: t.minPx, Tokenizers: r.own, Options: o}
}
