package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/search"
	"github.com/spf13/cobra"
)

// presetBaselines are what finalists are compared with.
func presetBaselines() []search.Baseline {
	var list []search.Baseline
	for _, p := range configs.Presets() {
		if c, err := configs.Preset(p.Name); err == nil { // it is in the list
			list = append(list, search.Baseline{Name: p.Name, Config: c})
		}
	}
	return list
}

// reportModels are those that compression is reported for: the one of the
// search, and one of each family that is used most.
func reportModels(m *verb.Target) []*vision.Profile {
	list := []*vision.Profile{m.Profile}
	for _, name := range []string{"glm-4.5v", "qwen3-vl", "claude-opus-5", "gpt-5.5", "gemini-3"} {
		p, err := m.Catalog.Lookup(name)
		if err == nil && !slices.ContainsFunc(list, func(q *vision.Profile) bool { return q.Name == p.Name }) {
			list = append(list, p)
		}
	}
	return list
}

// propose makes the client that proposes configs. It is nil, and so is the
// playbook, without --proposer-base-url.
func (s *searchFlags) propose(ctx context.Context) (search.Proposer, *search.PlaybookFile, error) {
	p := &s.proposer
	switch {
	case p.url == "" && (p.model != "" || p.price != "" || s.playbook != ""):
		return nil, nil, errors.New("--proposer-model, --proposer-price and --playbook are of a model that proposes; accepted: with --proposer-base-url URL")
	case p.url == "":
		return nil, nil, nil
	case p.model == "":
		return nil, nil, errors.New("which model proposes? accepted: --proposer-model NAME")
	case p.timeout <= 0:
		return nil, nil, fmt.Errorf("--proposer-timeout %s; accepted: above 0", p.timeout)
	}
	price, err := verb.ParsePrice("--proposer-price", p.price)
	if err != nil {
		return nil, nil, err
	}
	client, err := llm.New(llm.Options{BaseURL: p.url, Key: verb.ApiKey(), Model: p.model, Timeout: p.timeout, Price: price})
	if err != nil {
		return nil, nil, fmt.Errorf("--proposer-base-url: %w", err)
	}
	playbook, err := search.ParsePlaybook(nil)
	if err == nil && s.playbook != "" {
		path, fileErr := s.app.File(ctx, s.playbook)
		if fileErr != nil {
			return nil, nil, fileErr
		}
		playbook, err = search.LoadPlaybook(path)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--playbook: %w", err)
	}
	return search.NewLLM(client, search.LLMOptions{}), playbook, nil
}

// progress shows how far a search is: on a terminal as a line, drawn over and
// over, and else as a line for each generation.
func (s *searchFlags) progress(cmd *cobra.Command, line *term.Line, currency string) func(search.Progress) {
	last := 0
	return func(at search.Progress) {
		front := fmt.Sprintf("generation %d  racing %d  front %d", at.Generation, at.Racing, len(at.Front))
		if n := len(at.Front); n > 0 {
			a, b := at.Front[0], at.Front[n-1]
			front += fmt.Sprintf(": %.4f at %.1f to %.4f at %.1f characters/token", a.Accuracy.Mean, a.Size.CharsPerToken, b.Accuracy.Mean, b.Size.CharsPerToken)
		}
		line.Show(term.State{
			Done: int64(1000 * at.Used), Total: 1000, Count: int64(at.Spent.Calls), CountUnit: "reads",
			Cost: verb.CostSoFar(int64(at.Spent.Tokens), at.Spent.Money, currency), Note: front,
		})
		if line == nil && at.Generation > last {
			last = at.Generation
			fmt.Fprintf(s.app.Notes(cmd), "%s  budget left %.0f %%  %s\n", front, 100*(1-at.Used), term.Plural(at.Spent.Calls, "read", "reads"))
		}
	}
}
