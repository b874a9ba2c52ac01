package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/cli/verb"
	searchreport "github.com/glyphkit/glyph/internal/search/report"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/search"
)

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

// open opens a reader of either kind.
func (s *searchFlags) open(cmd *cobra.Command, name string, m *verb.Target) (*verb.OfflineReader, error) {
	if name != verb.VLMReader {
		if !slices.Contains(verb.OfflineReaders, name) {
			return nil, verb.UnknownReader(name, verb.ReadersOf(cmd))
		}
		return verb.OpenReader(cmd.Context(), name)
	}
	e := s.endpoint
	e.Budget.Tokens, e.Budget.Money = 0, 0 // the search itself keeps to them
	o, err := e.Of(s.model.Name, m)
	if err != nil {
		return nil, err
	}
	o.MaxParallel = max(o.MaxParallel, llm.DefaultMaxParallel)
	client, err := llm.New(o)
	if err != nil {
		return nil, err
	}
	return &verb.OfflineReader{Reader: read.NewVLM(client, read.VLMOptions{Detail: s.detail}), Close: func() {}}, nil
}

// finish measures what only the end needs, and writes what the run is for.
func (s *searchFlags) finish(cmd *cobra.Command, m *verb.Target, in searchreport.Input, jobs int) error {
	ctx := cmd.Context()
	if s.heldOutReader != "" {
		second, err := s.open(cmd, s.heldOutReader, m)
		if err != nil {
			return err
		}
		defer second.Close()
		fmt.Fprintf(s.app.Notes(cmd), "%s reads the finalists\n", term.Clean(second.Name()))
		in.HeldOutReader = second.Name()
		another, err := in.Problem.WithReader(second)
		if err != nil {
			return err
		}
		in.HeldOut, in.HeldOutBilled, err = search.ReadHeldOut(ctx, filepath.Join(s.output, "held-out-reader"),
			another, in.Result.Finalists, jobs)
		if err != nil {
			return err
		}
	}
	report, err := searchreport.New(ctx, in)
	if err == nil {
		err = report.Write(ctx, s.output)
	}
	if err != nil {
		return err
	}
	if s.json {
		return printJSON(cmd.OutOrStdout(), report)
	}
	return show.Search(cmd.OutOrStdout(), report, s.output)
}
