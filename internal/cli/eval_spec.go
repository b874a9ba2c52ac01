package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/render"
)

// spec is what the flags say, but for the model, documents and who answers.
func (e *evalFlags) spec(ctx context.Context) (*eval.Spec, *eval.Options, error) {
	s := &eval.Spec{
		Tasks: e.tasks, Zoom: e.zoom, Seed: e.seed, Probes: e.n,
		ExactBudget: pack.Budget(e.exactBudget), MaxAnswer: e.maxTokens,
	}
	o := &eval.Options{
		Workers: e.endpoint.Jobs, Retry: e.retry, Secrets: e.secrets.Policy(),
		Budget: e.endpoint.Budget, Shard: e.shard, Render: render.Options{SystemFonts: e.systemFonts},
	}
	if err := cmp.Or(e.endpoint.Check(), e.secrets.Check()); err != nil {
		return nil, nil, err
	}
	for _, arm := range e.arms {
		if !slices.Contains(eval.Arms(), eval.Arm(arm)) {
			return nil, nil, fmt.Errorf("--arms %q; accepted: image, hybrid, text, adaptive", arm)
		}
		s.Arms = append(s.Arms, eval.Arm(arm))
	}
	switch {
	case e.scale != "fixed" && e.scale != "adaptive":
		return nil, nil, fmt.Errorf("--scale %q; accepted: fixed or adaptive", e.scale)
	case e.scale == "adaptive" && !slices.Contains(s.Arms, eval.Adaptive):
		s.Arms = append(s.Arms, eval.Adaptive)
	}
	var err error
	if s.DPIs, err = numbers("--dpi", e.dpis); err != nil {
		return nil, nil, err
	}
	for _, text := range e.lengths {
		n, err := tokensOf(text)
		if err != nil {
			return nil, nil, fmt.Errorf("--length %w", err)
		}
		s.Lengths = append(s.Lengths, n)
	}
	for _, name := range e.configs {
		cfg, dirs, err := e.app.LoadConfig(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		o.Render.FontDirs = append(o.Render.FontDirs, dirs...)
		s.Configs = append(s.Configs, eval.Config{Name: strings.TrimSuffix(filepath.Base(name), ".json"), Config: cfg})
	}
	s.Data, err = e.readData(ctx)
	return s, o, err
}

// open puts who answers into the options.
func (e *evalFlags) open(cmd *cobra.Command, m *verb.Target, spec *eval.Spec, o *eval.Options) (closeReader func(), err error) {
	none := func() {}
	switch {
	case e.reader == verb.TextReader:
		if !cmd.Flags().Changed("arms") {
			spec.Arms = []eval.Arm{eval.Text}
		}
		return none, nil
	case e.reader == verb.VLMReader:
		at, err := e.endpoint.Of(e.model.Name, m)
		o.Endpoint = &at
		return none, err
	case !slices.Contains(verb.OfflineReaders, e.reader):
		return nil, verb.UnknownReader(e.reader, verb.ReadersOf(cmd))
	}
	r, err := verb.OpenReader(cmd.Context(), e.reader)
	if err != nil {
		return nil, err
	}
	o.Reader = read.Reader(r)
	return r.Close, nil
}
