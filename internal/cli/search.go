package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/search/genome"
	"github.com/glyphkit/glyph/internal/search/probe"
	searchreport "github.com/glyphkit/glyph/internal/search/report"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/search"
)

// searchMemory is what a search may use before memory is collected harder, in
// bytes: 20,000 answers with their misreadings are 60 MB.
const searchMemory = 1 << 30

func (s *searchFlags) run(cmd *cobra.Command, _ []string) error {
	ctx := cmd.Context()
	if err := s.check(); err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(searchMemory) // a run remembers every answer
	}
	m, err := s.model.Find(ctx, "search for")
	if err != nil {
		return err
	}
	s.detail = m.Detail
	o, playbook, err := s.options(ctx, m)
	if err != nil {
		return err
	}
	line := s.app.Line(cmd)
	watch := &searchWatch{line: line, notes: s.app.Notes(cmd), currency: m.Currency()}
	problem, done, err := s.problem(cmd, m, watch)
	if err != nil {
		return err
	}
	defer done()
	show.SearchBegins(s.app.Notes(cmd), problem, m.Name)
	o.Progress = watch.rung
	result, err := search.Run(ctx, s.output, problem, *o)
	line.Clear()
	if err == nil {
		err = s.finish(cmd, m, searchreport.Input{
			Command: append([]string{"glyph"}, os.Args[1:]...), Result: result, Problem: problem,
			Models: reportModels(m), Playbook: playbook, Render: render.Options{},
		}, o.Workers)
	}
	if errors.Is(err, context.Canceled) {
		return verb.InterruptedRun(s.output)
	}
	return verb.Failed(err)
}

// options are those of the engine.
func (s *searchFlags) options(ctx context.Context, m *verb.Target) (*search.Options, *search.PlaybookFile, error) {
	limits, err := s.limits(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := genome.NewSpace(limits, m.Patch); err != nil {
		return nil, nil, fmt.Errorf("--freeze, --bound, --genes: %w", err)
	}
	proposer, playbook, err := s.propose(ctx)
	if err != nil {
		return nil, nil, err
	}
	o := &search.Options{
		Seed: int64(s.seed), Population: s.population, Generations: s.generations, Patience: s.patience, Rungs: s.rungs,
		Budget: s.endpoint.Budget, Limits: limits, Patch: m.Patch,
		Reference: search.Point{CharsPerToken: 1, Accuracy: s.minAccuracy},
		Founders:  genome.DenseFounders(), Baselines: presetBaselines(),
		Proposer: proposer, ProposerTimeout: s.proposer.timeout,
		Workers: cmp.Or(s.endpoint.Jobs, runtime.GOMAXPROCS(0)),
	}
	if playbook != nil {
		o.Playbook = playbook
	}
	return o, playbook, nil
}

// problem draws the probes and opens who reads them.
func (s *searchFlags) problem(cmd *cobra.Command, m *verb.Target, watch *searchWatch) (*probe.Reading, func(), error) {
	ctx := cmd.Context()
	o := probe.Options{
		Chars: s.chars, Probes: slices.Max(s.rungs), HeldOut: s.heldOut, Strata: s.strata, Seed: int64(s.seed),
		Timed: s.endpoint.Budget.Minutes > 0, Secrets: s.secrets.Policy(),
	}
	if err := s.checkMoney(m); err != nil {
		return nil, nil, err
	}
	docs, _, err := s.Find(cmd, s.docs)
	if err != nil {
		return nil, nil, err
	}
	if o.Exceptions, err = s.secrets.Exceptions(s.docs...); err != nil {
		return nil, nil, err
	}
	if len(docs) == 0 {
		return nil, nil, verb.Failed(errors.New("--docs: no document there"))
	}
	reader, err := s.open(cmd, s.reader, m)
	if err != nil {
		return nil, nil, err
	}
	problem, err := probe.New(ctx, docs, watch.reader(reader), m.Profile, o)
	if err != nil {
		reader.Close()
		return nil, nil, s.secrets.Explain(err)
	}
	s.secrets.Tell(s.app.Notes(cmd), problem.Secrets())
	return problem, reader.Close, nil
}
