package show

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

// Prices is what price prints.
type Prices struct {
	Version      string           `json:"version"`
	Config       string           `json:"config"`
	ConfigSHA256 string           `json:"config_sha256"`
	Width        int              `json:"width"` // px, of a page before cropping
	Height       int              `json:"height"`
	Documents    []string         `json:"documents"`
	LeftOut      []render.LeftOut `json:"left_out"`
	Models       []ModelPrice     `json:"models"` // cheapest first
}

// ModelPrice is a cost or the reason why there is none.
type ModelPrice struct {
	*plan.Cost
	refusal
}

type refusal struct {
	Name  string `json:"model"`
	Error string `json:"error"`
}

func (p ModelPrice) MarshalJSON() ([]byte, error) {
	if p.Cost != nil {
		return json.Marshal(p.Cost)
	}
	return json.Marshal(p.refusal)
}

// SortPrices puts the cheapest first: by money, by image tokens where no price is
// known, and last what has no cost.
func SortPrices(quotes []glyph.Quote) []ModelPrice {
	list := make([]ModelPrice, len(quotes))
	for i := range quotes {
		q := &quotes[i]
		if q.Err == nil {
			list[i].Cost = &q.Cost
			continue
		}
		err := q.Err
		if e, ok := errors.AsType[*plan.Error](err); ok {
			err = e.Err // one page stands for all
		}
		reason := err.Error()
		if _, after, found := strings.Cut(reason, q.Profile.Name+": "); found {
			reason = after
		}
		list[i].refusal = refusal{q.Profile.Name, reason}
	}
	slices.SortStableFunc(list, func(a, b ModelPrice) int {
		if g := cmp.Compare(a.group(), b.group()); g != 0 || a.Cost == nil {
			return g
		}
		if a.Money == nil {
			return cmp.Compare(a.ImageTokens, b.ImageTokens)
		}
		return cmp.Or(cmp.Compare(a.Money.Currency, b.Money.Currency), cmp.Compare(a.Money.Image, b.Money.Image), cmp.Compare(a.ImageTokens, b.ImageTokens))
	})
	return list
}

// group is the place of a price among those that cannot be compared: dollars,
// other money, no price, no cost.
func (p *ModelPrice) group() int {
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

// Print prints a table of the models, or a list for a single one.
func (p *Prices) Print(out io.Writer) error {
	of := documents(p.Documents)
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
		term.Plural(c.Pages, "page", "pages"), p.Width, p.Height, term.Clean(p.Config), term.Thousands(c.Characters), c.PixelsPerCharacter)
	if len(p.Models) == 1 {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		costRows(term.Rows(w), c)
		return w.Flush()
	}
	t := term.NewTable("<>>>>>>><<")
	t.Add("MODEL", "TEXT TOKENS", "IMAGE TOKENS", "RATIO", "CHARS/TOKEN", "REQUESTS", "TEXT COST", "PAGE COST", "SEEN", "CONFIDENCE")
	for _, c := range priced {
		text, pages := "", ""
		if m := c.Money; m != nil {
			text, pages = term.Money(m.Currency, m.Text), term.Money(m.Currency, m.Image)
		}
		seen := "as drawn"
		if c.Resampled > 0 {
			seen = "scaled"
		}
		t.Add(term.Clean(c.Model), textTokens(c), term.Thousands(c.ImageTokens), fmt.Sprintf("%.2f", c.Ratio), fmt.Sprintf("%.1f", c.CharactersPerToken),
			term.Thousands(c.Requests), text, pages, seen, term.Clean(c.Confidence+" "+c.Date))
	}
	if err := t.Write(out); err != nil {
		return err
	}
	return p.notes(out)
}

// notes tell what the table cannot: each note once, with the models it is of.
func (p *Prices) notes(out io.Writer) error {
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
		if _, err := fmt.Fprintf(out, "%s: %s\n", term.Clean(strings.Join(of[n], ", ")), term.Clean(n)); err != nil {
			return err
		}
	}
	return nil
}
