package verb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/edit"
	"github.com/glyphkit/glyph/internal/input"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
)

// Model say which models there are, which one is meant, and how its text is
// counted.
type Model struct {
	App        *App
	Name       string
	Profiles   string
	tokenizers []string
}

// Add adds the flags. Note is what the verb does with the model.
func (m *Model) Add(f Flags, note string) {
	f.Text(&m.Name, "model", "", note)
	m.AddCatalog(f)
}

// AddCatalog adds the flags that say which models there are.
func (m *Model) AddCatalog(f Flags) {
	f.Text(&m.Profiles, "profiles", "", "")
	f.Each(&m.tokenizers, "tokenizer", "")
}

// Catalog holds all models.
func (m *Model) Catalog(ctx context.Context) (*vision.Catalog, error) {
	if m.Profiles == "" {
		return vision.NewCatalog(), nil
	}
	f, err := input.Open(ctx, m.Profiles)
	if err != nil {
		return nil, fmt.Errorf("--profiles: %w", err)
	}
	defer f.Close()
	added, err := vision.Load(f)
	if err != nil {
		return nil, fmt.Errorf("--profiles: reading %q: %w", m.Profiles, err)
	}
	return vision.NewCatalog(added...), nil
}

// Find looks up the model that is named, and the tokenizers. Doing is for the
// error of a verb that needs a model and got none.
func (m *Model) Find(ctx context.Context, doing string) (*Target, error) {
	if m.Name == "" {
		return nil, fmt.Errorf("%s which model? accepted: --model NAME, such as %s (see glyph models)", doing, term.ExampleModel)
	}
	catalog, err := m.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	p, err := catalog.Lookup(m.Name)
	if err != nil {
		return nil, fmt.Errorf("--model: %w; all: glyph models", err)
	}
	if _, err := p.Tokens(1, 1); errors.Is(err, vision.ErrUnpublished) {
		return nil, fmt.Errorf("--model: %w; accepted: a model whose rule is known (glyph models)", err)
	}
	own, err := m.Load(ctx, catalog, []*vision.Profile{p})
	return &Target{p, catalog, own}, err
}

// Target is the one that is named, with what counts its text.
type Target struct {
	*vision.Profile
	Catalog    *vision.Catalog
	Tokenizers map[string]tokens.Counter
}

// Currency is that of the model's list price, "" without one.
func (m *Target) Currency() string {
	if m.Price == nil {
		return ""
	}
	return m.Price.Currency
}

// Load reads the tokenizers of the user, by the names that profiles have for
// them. A file without a name is for the models at hand.
func (m *Model) Load(ctx context.Context, c *vision.Catalog, models []*vision.Profile) (map[string]tokens.Counter, error) {
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
				return nil, fmt.Errorf("--tokenizer: unknown family %q; %saccepted: %s", name, DidYouMean(edit.Nearest(name, families)), strings.Join(families, ", "))
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
		file, err := m.App.File(ctx, path)
		if err != nil {
			return nil, err
		}
		if own[name], err = tokens.FromTokenizerJSON(file); err != nil {
			return nil, fmt.Errorf("--tokenizer: %w", err)
		}
	}
	return own, nil
}

// family is the tokenizer of a model's text as plan.CounterFor names it.
func family(p *vision.Profile) string { return strings.TrimPrefix(p.TextTokenizer, "estimate:") }

// CompleteModels completes the name of a model.
func CompleteModels(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, p := range vision.Models() {
		names = append(names, p.Name+"\t"+p.Provider)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
