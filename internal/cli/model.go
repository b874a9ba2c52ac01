package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// modelFlags say which models there are and how their text is counted.
type modelFlags struct {
	profiles   string
	tokenizers []string
}

func (m *modelFlags) addProfiles(f *pflag.FlagSet) {
	f.StringVar(&m.profiles, "profiles", "", "add or replace models by those of JSON `FILE`")
}

func (m *modelFlags) addTokenizers(f *pflag.FlagSet) {
	f.StringArrayVar(&m.tokenizers, "tokenizer", nil, "count text exactly, with the tokenizer.json of the model or of a family of models: `[FAMILY=]FILE`")
}

// catalog holds all models.
func (m *modelFlags) catalog() (*vision.Catalog, error) {
	if m.profiles == "" {
		return vision.NewCatalog(), nil
	}
	f, err := os.Open(m.profiles)
	if err != nil {
		return nil, fmt.Errorf("--profiles: %w", err)
	}
	defer f.Close()
	added, err := vision.Load(f)
	if err != nil {
		return nil, fmt.Errorf("--profiles: reading %q: %w", m.profiles, err)
	}
	return vision.NewCatalog(added...), nil
}

// lookup finds a model that pages can be priced for.
func lookup(c *vision.Catalog, name string) (*vision.Profile, error) {
	p, err := c.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("--model: %w; all: glyph models", err)
	}
	if _, err := p.Tokens(1, 1); errors.Is(err, vision.ErrUnpublished) {
		return nil, fmt.Errorf("--model: %w; accepted: a model whose rule is known (glyph models)", err)
	}
	return p, nil
}

// load reads the tokenizers of the user, by the names that profiles have for
// them. A file without a name is for the models at hand.
func (m *modelFlags) load(c *vision.Catalog, models []*vision.Profile) (map[string]tokens.Counter, error) {
	var families []string
	for _, p := range c.Models() {
		if f := family(&p); f != "" && !slices.Contains(families, f) {
			families = append(families, f)
		}
	}
	own := map[string]tokens.Counter{}
	for _, given := range m.tokenizers {
		name, path, named := strings.Cut(given, "=")
		if named && !slices.Contains(families, name) {
			if _, err := os.Stat(given); errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("--tokenizer: unknown family %q; %saccepted: %s", name, didYouMean(nearest(name, families)), strings.Join(families, ", "))
			}
			named = false // the path has a =
		}
		if !named {
			path, name = given, family(models[0])
			if i := slices.IndexFunc(models, func(p *vision.Profile) bool { return family(p) != name }); i >= 0 {
				return nil, fmt.Errorf("--tokenizer %q: %s and %s have different ones; accepted: FAMILY=%s with one of %s",
					given, models[0].Name, models[i].Name, given, strings.Join(families, ", "))
			}
		}
		counter, err := tokens.FromTokenizerJSON(path)
		if err != nil {
			return nil, fmt.Errorf("--tokenizer: %w", err)
		}
		own[name] = counter
	}
	return own, nil
}

// target is the model that the pages are for.
type target struct {
	profile *vision.Profile // nil if none is named
	counter tokens.Counter
	own     map[string]tokens.Counter
}

// find looks a model up and what counts its text.
func (m *modelFlags) find(name string) (*target, error) {
	catalog, err := m.catalog()
	if err != nil {
		return nil, err
	}
	p, err := lookup(catalog, name)
	if err != nil {
		return nil, err
	}
	own, err := m.load(catalog, []*vision.Profile{p})
	if err != nil {
		return nil, err
	}
	counter, err := plan.CounterFor(p, own)
	return &target{p, counter, own}, err
}

// defaultTokenizer counts text where no model is named: that of the most
// models, and close to many others.
const defaultTokenizer = "o200k"

// model is how the bundle is counted.
func (r *target) model() *render.Model {
	m := &render.Model{Tokenizer: r.counter.Name(), Estimated: !r.counter.Exact(), TextTokens: r.counter.Count}
	if p := r.profile; p != nil {
		m.Name, m.Confidence, m.Date, m.PageTokens = p.Name, p.Confidence, p.Date, p.Tokens
	}
	return m
}

// family is the tokenizer of a model's text as plan.CounterFor names it.
func family(p *vision.Profile) string { return strings.TrimPrefix(p.TextTokenizer, "estimate:") }

func completeModels(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, p := range vision.Models() {
		names = append(names, p.Name+"\t"+p.Provider)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
