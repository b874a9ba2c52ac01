package show

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
)

// Plan is a plan as it is printed.
type Plan struct {
	Config    configs.Config `json:"config"`
	Width     int            `json:"width"` // px
	Height    int            `json:"height"`
	Px        float64        `json:"px"` // of the type
	Cost      plan.Cost      `json:"cost"`
	Reference plan.Cost      `json:"reference"` // on pages of 595×842 px
	Gave      []string       `json:"gave"`      // what had to give
	Compared  int            `json:"compared"`  // geometries

	// Flags make the config of the one that was asked for, such as " --dpi=96".
	Flags string `json:"-"`
}

// NewPlan prepares a plan for printing. Base is the config that was asked for.
func NewPlan(p *plan.Plan, base configs.Config) *Plan {
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
	return &Plan{
		Flags: flags, Config: p.Config, Width: w, Height: h, Px: p.Px, Cost: p.Cost, Reference: p.Reference,
		Gave: append([]string{}, p.Gave...), Compared: p.Considered,
	}
}

// Print prints the plan for documents of these names.
func (p *Plan) Print(out io.Writer, names []string, config string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := term.Rows(w)
	fmt.Fprintf(w, "%s: %s of %d×%d px for %s\n", documents(names), term.Plural(p.Cost.Pages, "page", "pages"), p.Width, p.Height, term.Clean(p.Cost.Model))
	row("config", "%s%s", config, p.Flags)
	row("characters", "%s; %s a page, %.1f px² each", term.Thousands(p.Cost.Characters), term.Thousands(p.Cost.Characters/int64(p.Cost.Pages)), p.Cost.PixelsPerCharacter)
	costRows(row, &p.Cost)
	p.list(row)
	return w.Flush()
}

// list says what was chosen and why not more.
func (p *Plan) list(row term.RowFunc) {
	switch r := &p.Reference; {
	case r.ImageTokens == 0: // the model takes no such page
	case p.Cost.ImageTokens < r.ImageTokens:
		row("plan", "pages of %d×%d px take %s tokens, those of 595×842 px %s, which is %s more", p.Width, p.Height,
			term.Thousands(p.Cost.ImageTokens), term.Thousands(r.ImageTokens), term.Percent(float64(r.ImageTokens)/float64(p.Cost.ImageTokens)-1))
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

func documents(names []string) string {
	if len(names) == 1 {
		return term.Clean(names[0])
	}
	return term.Thousands(len(names)) + " documents"
}
