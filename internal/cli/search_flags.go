package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/search/probe"
	"github.com/glyphkit/glyph/internal/term"
)

type searchFlags struct {
	app *verb.App
	verb.Documents
	model                 verb.Model
	endpoint              verb.Endpoint
	proposer              proposerFlags
	secrets               verb.Secrets
	docs                  []string
	reader, heldOutReader string
	freeze, bound         []string
	genes                 string
	rungs                 []int
	heldOut, chars        int
	strata                []string
	minAccuracy           float64
	population            int
	generations, patience int
	seed                  uint64
	playbook              string
	output                string
	detail                string // level of detail of the model
	json                  bool
}

// proposerFlags say which language model proposes configs.
type proposerFlags struct {
	url, model, price string
	timeout           time.Duration
}

func newSearch(a *verb.App) *cobra.Command {
	s := &searchFlags{app: a, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.Each(&s.docs, "docs", "may be repeated")
	f.Text(&s.reader, "reader", "", "tesseract, ppocr, or vlm, a model behind an endpoint")
	f.Text(&s.model.Name, "model", "", "")
	f.Text(&s.output, "output", "", "the directory of the run, which goes on if it is there")
	f.Text(&s.heldOutReader, "held-out-reader", "", "have the finalists also read by `NAME`, a reader that the search has not seen; not part of the budget")
	s.endpoint.Add(f, "calls, tokens, money and minutes, held-out probes included", "0 is one for each CPU")

	f.List(&s.strata, "strata", nil, "read kinds of text `KIND,...`, of "+strings.Join(probe.Strata(), ", ")+" (default those that the documents have, and exact)")
	f.IntVar(&s.chars, "chars", 600, "let a probe show about `N` characters")
	f.IntSliceVar(&s.rungs, "rungs", []int{8, 24, 72}, "read `8,24,72` probes: 8 of each candidate, then 24 in all of those that are still in the race, and so on; at least 4, at most 10,000")
	f.IntVar(&s.heldOut, "held-out", 72, "read `N` other probes of the finalists at the end")
	f.Float64Var(&s.minAccuracy, "min-accuracy", 0.8, "a config is worth nothing below accuracy `A`, from 0 to 1")
	f.Seed(&s.seed)

	f.StringArrayVar(&s.freeze, "freeze", nil, "fix config keys: `KEY=VALUE,...`; may be repeated")
	f.StringArrayVar(&s.bound, "bound", nil, "bound config keys: `KEY=LEAST..MOST,...` or KEY=ONE|OTHER; may be repeated")
	f.StringVar(&s.genes, "genes", "", "take further bounds from `FILE`, one a line")
	f.IntVar(&s.population, "population", 24, "breed `N` configs in a generation")
	f.IntVar(&s.generations, "generations", 200, "stop after `N` generations")
	f.IntVar(&s.patience, "patience", 20, "stop when the front has not grown for `N` generations")

	s.secrets.Add(f)
	p := &s.proposer
	f.Text(&p.url, "proposer-base-url", "", "")
	f.Text(&p.model, "proposer-model", "", "")
	f.StringVar(&p.price, "proposer-price", "", "count its money as `IN,OUT` for a million tokens of prompts and of answers")
	f.DurationVar(&p.timeout, "proposer-timeout", 2*time.Minute, "give each proposal at most `TIME`; one that fails is recorded and the search goes on")
	f.StringVar(&s.playbook, "playbook", "", "begin with the playbook in `FILE`, which stays as it is; RUN/playbook.txt has the new one")
	s.model.AddCatalog(f)
	s.Documents.Add(f)
	f.On(&s.json, "json", "")
	cmd := verb.Finish(&cobra.Command{
		Use:   "search --docs FILE|DIR|PATTERN --reader NAME --model NAME --budget LIMITS -o RUN",
		Short: "Find configs that keep most of a text readable per image token",
		Long: `search evolves configs for your documents: excerpts of them are drawn under each candidate, read by a
reader, and scored by character errors, and by whether planted exact strings survive. What a
candidate costs the model is known without reading. The result is a front of configs, from the most
accurate to the densest, each measured again on texts that the search has not seen.

RUN has the front as config files (RUN/front), the result as JSON (result.json) and a report to look
at (report.html). The picks are faithful (the densest that is not told apart in accuracy from the
best), balanced (the knee) and dense.

Ctrl-C stops it; the same command goes on where it was, as it does after a crash. It uses no network
unless the reader is an endpoint or a model proposes configs.`,
		Example: `  glyph search --docs docs --reader ppocr --model glm-4.5v --budget minutes=60 -o run
  glyph search --docs 'src/**/*.go' --reader tesseract --model claude-opus-5 --budget calls=5000 \
      --freeze font-path=lato,columns=1 --bound font-size=7..10,dpi=72..96 -o run
  glyph search --docs docs --reader ppocr --model qwen3-vl --budget minutes=60 \
      --proposer-base-url http://127.0.0.1:8000/v1 --proposer-model qwen3 -o run
  glyph compress report.txt --config run/front/balanced.json -o pages`,
		Args: verb.NeedsNone,
		RunE: s.run,
	}, f, "docs reader model output budget held-out-reader freeze bound seed json", "3")
	// Both fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("held-out-reader", cobra.FixedCompletions(verb.ReadersOf(cmd), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("strata", cobra.FixedCompletions(probe.Strata(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (s *searchFlags) check() error {
	switch {
	case len(s.docs) == 0:
		return errors.New("search for which documents? accepted: --docs FILE, DIR or PATTERN")
	case slices.Contains(s.docs, "-"):
		return errors.New("--docs -: documents are read more than once; accepted: files, directories and patterns")
	case s.reader == "":
		return errors.New("who reads the pages? accepted: --reader tesseract, ppocr or vlm")
	case s.model.Name == "":
		return fmt.Errorf("search for which model? accepted: --model NAME, such as %s (see glyph models)", term.ExampleModel)
	case s.output == "":
		return errors.New("keep the run where? accepted: -o RUN, a directory")
	case len(s.rungs) == 0 || slices.Min(s.rungs) < 1 || !slices.IsSorted(s.rungs):
		return fmt.Errorf("--rungs %v; accepted: rising numbers of probes, such as 8,24,72", s.rungs)
	case !(s.minAccuracy >= 0 && s.minAccuracy < 1):
		return fmt.Errorf("--min-accuracy %v; accepted: 0 to below 1", s.minAccuracy)
	case s.heldOutReader != "" && s.heldOutReader == s.reader:
		return fmt.Errorf("--held-out-reader %s is the reader of the search; accepted: another one", s.reader)
	}
	if s.Encoding != "" {
		if err := document.CheckCharset(s.Encoding); err != nil {
			return fmt.Errorf("--encoding: %w", err)
		}
	}
	bills := s.reader == verb.VLMReader || s.proposer.url != ""
	switch b := s.endpoint.Budget; {
	case b.String() == "":
		return errors.New("search how long? accepted: --budget calls=N, minutes=N, tokens=N or money=N")
	case b.Tokens > 0 && !bills:
		return fmt.Errorf("--budget tokens=: the reader %s uses none; accepted: calls or minutes", s.reader)
	}
	return cmp.Or(s.endpoint.Check(), s.secrets.Check())
}
