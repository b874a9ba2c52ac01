package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/glyphkit/glyph/model/plan"
)

// rowFunc writes a line of a list for people: what, and then how much.
type rowFunc func(label, format string, args ...any)

func rows(w io.Writer) rowFunc {
	return func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", label, clean(fmt.Sprintf(format, args...)))
	}
}

// costRows list what documents cost a model.
func costRows(row rowFunc, c *plan.Cost) {
	row("as text", "%s tokens (%s)", textTokens(c), c.Tokenizer)
	pages := thousands(c.ImageTokens) + " tokens"
	if c.Overhead > 0 {
		pages += fmt.Sprintf(", %s of them around the images", thousands(c.Overhead))
	}
	row("as pages", "%s", pages)
	row("ratio", "%.2f text tokens for each image token; %.1f characters for each", c.Ratio, c.CharactersPerToken)
	row("verdict", "%s", verdict(c))
	otherRows(row, c, "as pages")
}

// otherRows list money and limits; sent is what the text is compared with.
func otherRows(row rowFunc, c *plan.Cost, sent string) {
	if m := c.Money; m != nil {
		text := fmt.Sprintf("%s as text, %s %s", money(m.Currency, m.Text), money(m.Currency, m.Image), sent)
		if m.TextCached > 0 {
			text += fmt.Sprintf("; %s and %s once cached", money(m.Currency, m.TextCached), money(m.Currency, m.PageCached))
		}
		row("price", "%s (%s, %s)", text, m.Source, m.Date)
	}
	if c.Requests > 0 { // there are pages
		requests := thousands(c.Requests)
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
		return "~" + thousands(c.TextTokens)
	}
	return thousands(c.TextTokens)
}

func verdict(c *plan.Cost) string {
	if c.Cheaper() {
		return plan.PagesAreCheap + ", by " + percent(1-float64(c.ImageTokens)/float64(c.TextTokens))
	}
	return fmt.Sprintf("%s: pages take %.2f times the tokens", plan.TextIsCheaper, float64(c.ImageTokens)/float64(max(1, c.TextTokens)))
}

func resampled(c *plan.Cost) string {
	return fmt.Sprintf("%s of %s: the model scales them before it looks", thousands(c.Resampled), plural(c.Pages, "page", "pages"))
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// money writes an amount with four digits behind the point, which a cent of a
// cent needs.
func money(currency string, amount float64) string {
	if currency == "USD" {
		return fmt.Sprintf("$%.4f", amount)
	}
	return fmt.Sprintf("%.4f %s", amount, clean(currency))
}

// table is columns of text, numbers to the right.
type table struct {
	rows  [][]string
	right []bool // by column
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print(out io.Writer) error {
	width := make([]int, len(t.right))
	for _, r := range t.rows {
		for i, cell := range r {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, r := range t.rows {
		line := ""
		for i, cell := range r {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if t.right[i] {
				line += pad + cell + "  "
			} else {
				line += cell + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}
