package cli

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
)

func newModels() *cobra.Command {
	var m modelFlags
	var asJSON bool
	cmd := group("models", "List the models that pages can be priced for", newModelsShow(&m))
	cmd.Long = `models lists every model whose handling of images is known: the rule by which it
turns the size of an image into tokens, what the published page of 595×842 px
costs, the grid that the sides of pages should be multiples of, how well the rule
is known (A reproduced by independent measurements, B documented, C inferred,
D approximate) and when that was true. "glyph models show NAME" tells the rest.`
	cmd.Example = `  glyph models
  glyph models show claude-opus-5
  glyph models --profiles mine.json --json`
	verbs := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return verbs(cmd, args)
		}
		catalog, err := m.catalog()
		if err != nil {
			return err
		}
		list := catalog.Models()
		if asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		return failed(printModels(cmd.OutOrStdout(), list))
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	m.addProfiles(cmd.PersistentFlags())
	return cmd
}

// The published page, in px.
const (
	publishedWidth  = 595
	publishedHeight = 842
)

func printModels(out io.Writer, list []vision.Profile) error {
	t := &table{right: []bool{false, false, false, true, true, false, false}}
	t.add("NAME", "PROVIDER", "RULE", fmt.Sprintf("%d×%d", publishedWidth, publishedHeight), "GRID", "CONFIDENCE", "DATE")
	for _, p := range list {
		tokens, grid := "-", "-"
		if n, err := p.Tokens(publishedWidth, publishedHeight); err == nil {
			tokens = thousands(n)
		}
		if p.Patch > 0 {
			grid = thousands(p.Patch)
		}
		t.add(clean(p.Name), clean(p.Provider), p.Rule.Name(), tokens, grid, p.Confidence, p.Date)
	}
	return t.print(out)
}

func newModelsShow(m *modelFlags) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:               "show NAME",
		Short:             "Tell all that is known of a model",
		Example:           "  glyph models show claude-opus-5\n  glyph models show gpt-5@high --json",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := m.catalog()
			if err != nil {
				return err
			}
			p, err := catalog.Lookup(args[0])
			if err != nil {
				return fmt.Errorf("%w; all: glyph models", err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), p)
			}
			return failed(printModel(cmd.OutOrStdout(), p))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, as --profiles reads it in a list")
	return cmd
}

func printModel(out io.Writer, p *vision.Profile) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := rows(w)
	fmt.Fprintf(w, "%s of %s\n", clean(p.Name), clean(p.Provider))
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
		row("overhead", "%s an image beyond the rule", plural(p.Overhead, "token", "tokens"))
	}
	row("page", "%s", pageText(p))
	if w, h := p.MaxSide(), p.MaxPixels(); w > 0 {
		best := fmt.Sprintf("seen as they are up to %s px a side and %s px² in all", thousands(w), thousands(h))
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
		return fmt.Sprintf("%s take %s, scaled to %d×%d px", size, plural(v.Tokens+v.Overhead, "token", "tokens"), v.SeenWidth, v.SeenHeight)
	}
	return fmt.Sprintf("%s take %s, seen as they are", size, plural(v.Tokens+v.Overhead, "token", "tokens"))
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
	add(l.Images > 0, "%s images in a request", thousands(l.Images))
	add(l.Side > 0, "%s px a side", thousands(l.Side))
	add(l.ManyImages > 0, "%s px a side in a request with over %s images", thousands(l.ManySide), thousands(l.ManyImages))
	add(l.Aspect > 0, "an aspect of %d:1", l.Aspect)
	add(l.ImageBytes > 0, "%s bytes an image%s", thousands(l.ImageBytes), coded)
	add(l.RequestBytes > 0, "%s bytes of images in a request%s", thousands(l.RequestBytes), coded)
	return texts
}
