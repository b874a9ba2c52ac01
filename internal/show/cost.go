package show

import (
	"fmt"

	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
)

// costRows list what documents cost a model.
func costRows(row term.RowFunc, c *plan.Cost) {
	row("as text", "%s tokens (%s)", textTokens(c), c.Tokenizer)
	pages := term.Thousands(c.ImageTokens) + " tokens"
	if c.Overhead > 0 {
		pages += fmt.Sprintf(", %s of them around the images", term.Thousands(c.Overhead))
	}
	row("as pages", "%s", pages)
	row("ratio", "%.2f text tokens for each image token; %.1f characters for each", c.Ratio, c.CharactersPerToken)
	row("verdict", "%s", verdict(c))
	otherRows(row, c, "as pages")
}

// otherRows list money and limits. Sent names what goes to the model, such as "as
// pages", beside the cost as text.
func otherRows(row term.RowFunc, c *plan.Cost, sent string) {
	if m := c.Money; m != nil {
		text := fmt.Sprintf("%s as text, %s %s", term.Money(m.Currency, m.Text), term.Money(m.Currency, m.Image), sent)
		if m.TextCached > 0 {
			text += fmt.Sprintf("; %s and %s once cached", term.Money(m.Currency, m.TextCached), term.Money(m.Currency, m.PageCached))
		}
		row("price", "%s (%s, %s)", text, m.Source, m.Date)
	}
	if c.Requests > 0 { // there are pages
		requests := term.Thousands(c.Requests)
		for _, e := range c.Exceeded {
			requests += "; " + e.String()
		}
		row("requests", "%s", requests)
	}
	if c.Resampled > 0 {
		row("resampled", "%s", resampled(c))
	}
	row("model", "%s: rule %s of %s, confidence %s", c.Model, c.Rule, c.Date, c.Confidence)
}

func textTokens(c *plan.Cost) string {
	if c.Estimated {
		return "~" + term.Thousands(c.TextTokens)
	}
	return term.Thousands(c.TextTokens)
}

func verdict(c *plan.Cost) string {
	if c.Cheaper() {
		return plan.PagesAreCheap + ", by " + term.Percent(1-float64(c.ImageTokens)/float64(c.TextTokens))
	}
	return fmt.Sprintf("%s: pages take %.2f times the tokens", plan.TextIsCheaper, float64(c.ImageTokens)/float64(max(1, c.TextTokens)))
}

func resampled(c *plan.Cost) string {
	return fmt.Sprintf("%s of %s: the model scales them before it looks", term.Thousands(c.Resampled), term.Plural(c.Pages, "page", "pages"))
}
