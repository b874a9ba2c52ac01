package show

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
)

// The published page, in px.
const (
	publishedWidth  = 595
	publishedHeight = 842
)

// Models prints a table of profiles.
func Models(out io.Writer, list []vision.Profile) error {
	t := term.NewTable("<<<>><<")
	t.Add("NAME", "PROVIDER", "RULE", fmt.Sprintf("%d×%d", publishedWidth, publishedHeight), "GRID", "CONFIDENCE", "DATE")
	for _, p := range list {
		tokens, grid := "-", "-"
		if n, err := p.Tokens(publishedWidth, publishedHeight); err == nil {
			tokens = term.Thousands(n)
		}
		if p.Patch > 0 {
			grid = term.Thousands(p.Patch)
		}
		t.Add(term.Clean(p.Name), term.Clean(p.Provider), p.Rule.Name(), tokens, grid, p.Confidence, p.Date)
	}
	return t.Write(out)
}

// Model prints all that is known of a profile.
func Model(out io.Writer, p *vision.Profile) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := term.Rows(w)
	fmt.Fprintf(w, "%s of %s\n", term.Clean(p.Name), term.Clean(p.Provider))
	if len(p.Aliases) > 0 {
		row("also", "%s", strings.Join(p.Aliases, ", "))
	}
	row("family", "%s", p.Family)
	row("rule", "%s", ruleText(p.Rule))
	if p.Detail != "" {
		row("detail", "%s", p.Detail)
	}
	for _, d := range p.Details {
		row("", "%s@%s: %s", p.Name, d.Name, strings.TrimSpace(ruleText(d.Rule)+" "+d.Notes))
	}
	if p.Overhead > 0 {
		row("overhead", "%s an image beyond the rule", term.Plural(p.Overhead, "token", "tokens"))
	}
	row("page", "%s", pageText(p))
	if w, h := p.MaxSide(), p.MaxPixels(); w > 0 {
		best := fmt.Sprintf("seen as they are up to %s px a side and %s px² in all", term.Thousands(w), term.Thousands(h))
		if p.Patch > 0 {
			best += fmt.Sprintf(", without waste where sides are multiples of %d px", p.Patch)
		}
		row("pages", "%s", best)
	}
	if p.Views != "" {
		row("order", "%s", p.Views)
	}
	for _, l := range limitTexts(&p.Limits) {
		row("limit", "%s", l)
	}
	if counter, err := plan.CounterFor(p, nil); err == nil {
		how := "exact"
		if !counter.Exact() {
			how = "an estimate; --tokenizer FILE makes it exact where the model's tokenizer.json is at hand"
		}
		row("text", "counted by %s, %s", counter.Name(), how)
	}
	if l := p.Price; l != nil {
		text := fmt.Sprintf("%v %s for a million input tokens", l.Input, l.Currency)
		if l.CachedInput > 0 {
			text += fmt.Sprintf(", %v cached", l.CachedInput)
		}
		row("price", "%s (%s, %s)", text, l.Source, l.Date)
		if l.Notes != "" {
			row("", "%s", l.Notes)
		}
	}
	row("confidence", "%s", p.Confidence)
	row("date", "%s", p.Date)
	row("source", "%s", p.Source)
	if p.Notes != "" {
		row("notes", "%s", p.Notes)
	}
	return w.Flush()
}

// pageText says what the model makes of the published page.
func pageText(p *vision.Profile) string {
	size := fmt.Sprintf("%d×%d px", publishedWidth, publishedHeight)
	v, err := p.View(publishedWidth, publishedHeight)
	switch {
	case errors.Is(err, vision.ErrUnpublished):
		return "no token rule is published"
	case err != nil:
		return err.Error()
	case v.SeenWidth != publishedWidth || v.SeenHeight != publishedHeight:
		return fmt.Sprintf("%s take %s, scaled to %d×%d px", size, term.Plural(v.Tokens+v.Overhead, "token", "tokens"), v.SeenWidth, v.SeenHeight)
	}
	return fmt.Sprintf("%s take %s, seen as they are", size, term.Plural(v.Tokens+v.Overhead, "token", "tokens"))
}

var ruleKey = regexp.MustCompile(`,"([a-z_]+)":`)

// ruleText is a rule with its parameters, such as
//
//	patch-search, edge 1568, max_tokens 1568, patch 28
func ruleText(r vision.Rule) string {
	s := strings.TrimSuffix(strings.TrimPrefix(r.String(), `{"name":`), "}")
	return strings.ReplaceAll(ruleKey.ReplaceAllString(s, ", $1 "), `"`, "")
}

func limitTexts(l *vision.Limits) []string {
	var texts []string
	add := func(given bool, format string, args ...any) {
		if given {
			texts = append(texts, fmt.Sprintf(format, args...))
		}
	}
	coded := ""
	if l.Base64 {
		coded = ", in base64"
	}
	add(l.Images > 0, "%s images in a request", term.Thousands(l.Images))
	add(l.Side > 0, "%s px a side", term.Thousands(l.Side))
	add(l.ManyImages > 0, "%s px a side in a request with over %s images", term.Thousands(l.ManySide), term.Thousands(l.ManyImages))
	add(l.Aspect > 0, "an aspect of %d:1", l.Aspect)
	add(l.ImageBytes > 0, "%s bytes an image%s", term.Thousands(l.ImageBytes), coded)
	add(l.RequestBytes > 0, "%s bytes of images in a request%s", term.Thousands(l.RequestBytes), coded)
	return texts
}
