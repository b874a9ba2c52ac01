// Package show prints results for people, and has those that the command prints
// as JSON.
package show

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Compressed is what compress prints when it is done.
type Compressed struct {
	Version    string  `json:"version"`
	ConfigName string  `json:"config"` // as given, with the flags over it
	Seconds    float64 `json:"seconds"`
	Hidden     int     `json:"hidden"` // files and directories that were not looked at
	*render.Summary

	Text tokens.Count `json:"text"`           // all documents sent as text
	Cost *plan.Cost   `json:"cost,omitempty"` // if a model is named
	Kept int64        `json:"kept_tokens"`    // of what is kept as text
	Plan *Plan        `json:"plan,omitempty"` // if the page was chosen for the model

	Secrets secrets.Report `json:"secrets"`

	Drawing time.Duration `json:"-"` // the part of Seconds that drew
	// Untouched says that nobody chose the config, so that a hint to another one
	// is of use.
	Untouched bool `json:"-"`
}

// AddCost counts what the bundle costs a model of a catalog, now that its pages
// are known to the byte. The name may be empty.
func (r *Compressed) AddCost(models *vision.Catalog, name string) error {
	counted := r.Summary.Cost
	r.Text = tokens.Count{Tokens: counted.TextTokens, Estimated: counted.Estimated, Tokenizer: counted.Tokenizer}
	r.Kept = counted.KeptTokens
	if name == "" {
		return nil
	}
	model, err := models.Lookup(name)
	if err != nil {
		return err
	}
	m := plan.Measured{Characters: r.Totals.Characters}
	for _, s := range r.Sizes {
		m.Images = append(m.Images, vision.ImageInfo{Width: s.Width, Height: s.Height, Bytes: s.Bytes})
	}
	cost, err := plan.ImageCost(model, &m)
	cost.AddText(model, r.Text, r.sent())
	r.Cost = &cost
	return err
}

// sent counts the tokens that go to the model.
func (r *Compressed) sent() int64 {
	n := int64(0)
	for _, d := range r.Documents {
		if d.Gate == nil {
			return r.Summary.Cost.ImageTokens
		}
		n += d.Gate.MixedTokens
	}
	return n
}

const (
	maxListed = 8  // left out or guessed documents that are listed one by one
	hashChars = 12 // of the config's hash; the manifest has all
)

// Print prints the summary.
func (r *Compressed) Print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := term.Rows(w)
	of := term.Clean(r.Documents[0].Name)
	if n := len(r.Documents); n > 1 {
		of = term.Thousands(n) + " documents"
	}
	what := term.Plural(r.Totals.Pages, "page", "pages")
	if n := r.Totals.TextParts; n > 0 {
		what += " and " + term.Plural(n, "text part", "text parts")
	}
	fmt.Fprintf(w, "%s: %s of %s\n", term.Clean(r.Dir), what, of)
	if n := int64(r.Totals.Pages); n > 0 {
		row("page", "%s px", sizes(r.Summary))
		row("characters", "%s; %s a page, %.1f px² each", term.Thousands(r.Totals.Characters), term.Thousands(r.Totals.Characters/n), r.PixelsPerCharacter())
		row("PNG", "%s; %s a page", term.Bytes(r.Totals.Bytes), term.Bytes(r.Totals.Bytes/n))
	}
	r.printCost(row)
	row("time", "%.2f s; %.0f pages/s", r.Seconds, float64(r.Totals.Pages)/max(r.Drawing.Seconds(), 1e-3))
	row("config", "%s (%s)", r.ConfigName, r.Summary.Config[:hashChars])
	names := make([]string, len(r.Fonts))
	for i, f := range r.Fonts {
		names[i] = f.Name
	}
	if len(names) > 0 {
		row("fonts", "%s", strings.Join(names, ", "))
	}
	if r.Legend != "" {
		row("newlines", "%s", r.Legend)
	}
	for _, t := range r.Dropped {
		row("dropped", "%s", tallyText(t, len(r.Documents) > 1))
	}
	for _, t := range r.Substituted {
		row("substituted", "%s", tallyText(t, len(r.Documents) > 1))
	}
	r.printCharsets(row)
	for i, l := range r.LeftOut {
		if i == maxListed {
			row("left out", "and %s more (see manifest.json)", term.Thousands(len(r.LeftOut)-i))
			break
		}
		row("left out", "%s: %s", l.Name, l.Reason)
	}
	if r.Hidden > 0 {
		row("hidden", "%s left out", term.Plural(r.Hidden, "file or directory", "files and directories"))
	}
	if r.Preview {
		row("preview", "%s/preview.png", r.Dir)
	}
	if slices.ContainsFunc(r.Substituted, func(t render.Tally) bool { return t.Reason == render.InvalidUTF8 }) {
		row("hint", "not all of it is UTF-8; if it is in another charset, name that with --encoding")
	}
	if r.Untouched && r.mostlyHan() {
		row("hint", "this is Chinese text; --config glyph-zh is made for it")
	}
	return w.Flush()
}

func (r *Compressed) printCost(row term.RowFunc) {
	switch {
	case r.Cost == nil:
		row("as text", "%s tokens (%s); what pages cost depends on the model: --model %s", term.Thousands(r.Text.Tokens), r.Text.Tokenizer, term.ExampleModel)
		return
	case r.Documents[0].Gate == nil:
		costRows(row, r.Cost)
		if !r.Cost.Cheaper() {
			row("hint", "--gate keeps as text what costs less as text")
		}
	default:
		row("as text", "%s tokens (%s)", textTokens(r.Cost), r.Cost.Tokenizer)
		sent := fmt.Sprintf("%s tokens: %s on pages, %s kept as text", term.Thousands(r.sent()), term.Thousands(r.Cost.ImageTokens), term.Thousands(r.Kept))
		if between := r.sent() - r.Cost.ImageTokens - r.Kept; between > 0 {
			sent += fmt.Sprintf(", %s to say where one follows the other", term.Thousands(between))
		}
		row("as sent", "%s", sent)
		row("ratio", "%.2f text tokens for each token that is sent", r.Cost.Ratio)
		row("gate", "%s", r.gates())
		otherRows(row, r.Cost, "as sent")
	}
	if r.Plan != nil && r.Totals.Pages > 0 {
		r.Plan.list(row)
	}
}

// gates tells what the gates decided and by how much.
func (r *Compressed) gates() string {
	var all render.Decision
	documents := map[string]int{}
	for _, d := range r.Documents {
		all.TextTokens += d.Gate.TextTokens
		all.ImageTokens += d.Gate.ImageTokens
		all.MixedTokens += d.Gate.MixedTokens
		all.Verdict = d.Gate.Verdict
		documents[d.Gate.Verdict]++
	}
	if len(documents) > 1 {
		all.Verdict = fmt.Sprintf("%s as text, %s as pages, %s in parts", term.Plural(documents[plan.TextIsCheaper], "document", "documents"),
			term.Thousands(documents[plan.PagesAreCheap]), term.Thousands(documents[plan.MixtureIsCheap]))
	}
	var margins []string
	margin := func(other int64, name string) {
		if n := other - all.MixedTokens; n > 0 {
			margins = append(margins, fmt.Sprintf("%s tokens (%s) fewer than %s", term.Thousands(n), term.Percent(float64(n)/float64(other)), name))
		}
	}
	margin(all.TextTokens, "all as text")
	margin(all.ImageTokens, "all as pages")
	return strings.Join([]string{all.Verdict, strings.Join(margins, ", ")}, ": ")
}

func (r *Compressed) printCharsets(row term.RowFunc) {
	docs := r.Transcoded()
	for i, d := range docs {
		if i == maxListed {
			row("charset", "and %s more (see manifest.json)", term.Thousands(len(docs)-i))
			break
		}
		text := term.Clean(d.Name) + ": " + charset(d.Encoding)
		if d.Replaced > 0 {
			text += fmt.Sprintf("; %s in it mean nothing and are drawn as U+FFFD", term.Plural(d.Replaced, "sequence", "sequences"))
		}
		row("charset", "%s", text)
	}
}

func (r *Compressed) mostlyHan() bool {
	var han, all int64
	for _, d := range r.Documents {
		all += d.Characters
		if d.Han {
			han += d.Characters
		}
	}
	return 2*han > all
}

func sizes(s *render.Summary) string {
	most := fmt.Sprintf("%d×%d", s.MaxWidth, s.MaxHeight)
	if s.MinWidth == s.MaxWidth && s.MinHeight == s.MaxHeight {
		return most
	}
	return fmt.Sprintf("%d×%d to %s", s.MinWidth, s.MinHeight, most)
}

// tallyText is such as
//
//	2 × no font has the character: U+1F600 at byte 17, U+1F601 at 99
func tallyText(t render.Tally, named bool) string {
	places := make([]string, len(t.First))
	for i, p := range t.First {
		if p.Drawn != "" {
			places[i] = term.Clean(shortenDrawn(p.Drawn)) + " "
		}
		places[i] += "at byte " + term.Thousands(p.Offset)
		if named {
			places[i] += " of " + term.Clean(p.Document)
		}
	}
	more := ""
	if t.Count > len(t.First) {
		more = ", …"
	}
	return fmt.Sprintf("%s × %s: %s%s", term.Thousands(t.Count), t.Reason, strings.Join(places, ", "), more)
}

func shortenDrawn(s string) string {
	const most = 24
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
