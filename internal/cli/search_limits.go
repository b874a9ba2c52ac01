package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/configs"
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
		more, err := search.LoadLimits(path)
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
