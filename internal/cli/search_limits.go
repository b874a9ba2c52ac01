package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/search"
)

func (s *searchFlags) limits(ctx context.Context) ([]string, error) {
	var limits []string
	for _, f := range s.freeze {
		limits = append(limits, splitSettings(f)...)
	}
	for _, limit := range limits {
		if _, value, _ := strings.Cut(limit, "="); strings.Contains(value, "..") {
			return nil, fmt.Errorf("--freeze %s; accepted: KEY=VALUE (--bound takes a range)", limit)
		}
	}
	for _, b := range s.bound {
		limits = append(limits, splitSettings(b)...)
	}
	if s.genes != "" {
		path, err := s.app.File(ctx, s.genes)
		if err != nil {
			return nil, err
		}
		more, err := genome.LoadLimits(path)
		if err != nil {
			return nil, fmt.Errorf("--genes: %w", err)
		}
		limits = append(limits, more...)
	}
	// Anchors help answers. A search measures readings only.
	if !slices.ContainsFunc(limits, func(l string) bool { return strings.HasPrefix(l, "exact-anchors=") }) {
		limits = append(limits, "exact-anchors=false")
	}
	return limits, nil
}

// splitSettings splits "page-size=595,842,dpi=72" at the commas before a key.
func splitSettings(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if key, _, ok := strings.Cut(part, "="); len(out) > 0 && (!ok || !isKey(key)) {
			out[len(out)-1] += "," + part
			continue
		}
		out = append(out, part)
	}
	return out
}

func isKey(name string) bool {
	return slices.ContainsFunc(configs.Keys(), func(k configs.Key) bool { return k.Name == strings.TrimSpace(name) })
}

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

// checkMoney refuses a limit of money where some call has no price.
func (s *searchFlags) checkMoney(m *verb.Target) error {
	if s.endpoint.Budget.Money == 0 {
		return nil
	}
	price := llm.Price{}
	if s.reader == verb.VLMReader {
		var err error
		if price, err = s.endpoint.Prices("--price", s.endpoint.Price, m); err != nil {
			return err
		}
	}
	switch {
	case s.reader != verb.VLMReader && s.proposer.url == "":
		return fmt.Errorf("--budget money=: the reader %s costs none; accepted: calls or minutes", s.reader)
	case s.reader == verb.VLMReader && price == (llm.Price{}):
		return errors.New("--budget money=: the reader has no price; accepted: with --price IN,OUT, both above 0")
	case s.proposer.url != "" && s.proposer.price == "":
		return errors.New("--budget money=: the model that proposes has no price; accepted: with --proposer-price IN,OUT, both above 0")
	}
	return nil
}
