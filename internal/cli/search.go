package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
	"github.com/glyphkit/glyph/search"
)

// searching holds the flags of the verb search.
type searching struct {
	modelFlags
	docs                   []string
	encoding               string
	model                  string
	reader, heldOutReader  string
	readerURL, readerModel string
	readerPrice            string
	budget                 runs.Budget
	freeze, bound          []string
	genes                  string
	rungs                  []int
	heldOut, chars         int
	strata                 []string
	secrets                secretsFlags
	minAccuracy            float64
	population             int
	generations, patience  int
	seed                   int64
	workers                int
	llm                    llmFlags
	playbook               string
	output                 string
	json, quiet            bool
}

func newSearch() *cobra.Command {
	s := &searching{}
	cmd := &cobra.Command{
		Use:   "search --docs DIR --reader NAME --model NAME --budget calls=N -o RUN",
		Short: "Find configs that keep most of a text readable per image token",
		Long: `search evolves configs for your documents: excerpts of them are drawn under each
candidate, read by a reader, and scored by character errors, and by whether planted
exact strings survive. What a candidate costs the model is known without reading.
The result is a front of configs, from the most accurate to the densest, each
measured again on texts that the search has not seen.

RUN has the front as config files (RUN/front), the result as JSON (result.json) and
a report to look at (report.html). The picks are faithful (the densest that is not
told apart in accuracy from the best), balanced (the knee) and dense.

Ctrl-C stops it; the same command goes on where it was, as it does after a crash.
Without --llm it uses no network, unless the reader is an endpoint.`,
		Example: `  glyph search --docs docs --reader ppocr --model glm-4.5v --budget minutes=60 -o run
  glyph search --docs 'src/**/*.go' --reader tesseract --model claude-opus-5 --budget calls=5000 \
      --freeze font-path=lato,columns=1 --bound font-size=7..10,dpi=72..96 --held-out-reader ppocr -o run
  glyph search --docs docs --reader ppocr --model qwen3-vl --budget minutes=60 \
      --llm http://127.0.0.1:8000/v1 --llm-model qwen3 --playbook playbook.txt -o run
  glyph compress report.txt --config run/front/balanced.json -o pages`,
		Args: cobra.NoArgs,
		RunE: s.run,
	}
	f := cmd.Flags()
	f.SortFlags = false
	s.addFlags(f)
	// All fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels)
	for _, name := range []string{"reader", "held-out-reader"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(searchReaders, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.RegisterFlagCompletionFunc("strata", cobra.FixedCompletions(search.Strata(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var searchReaders = append(slices.Clone(offlineReaders), "vlm")

func (s *searching) addFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&s.docs, "docs", nil, "search for the text of `FILE|DIR|PATTERN`; may be repeated")
	f.StringVar(&s.reader, "reader", "", "have pages read by `"+strings.Join(searchReaders, "|")+"` (see glyph readers)")
	f.StringVarP(&s.model, "model", "m", "", "count image tokens as model `NAME` of \"glyph models\" does")
	f.StringVarP(&s.output, "output", "o", "", "keep the run in directory `RUN`, and go on with it if it is there")
	f.Var(&s.budget, "budget", "stop after `calls=N|tokens=N|minutes=N|money=N`, the held-out probes included; several are separated by commas")
	f.Int64Var(&s.seed, "seed", 1, "draw probes and configs from seed `N`: equal seeds and answers give equal runs")

	f.StringVar(&s.heldOutReader, "held-out-reader", "", "have the finalists also read by `NAME`, a reader that the search has not seen; not part of the budget")
	f.StringVar(&s.readerURL, "reader-url", "", "of the reader vlm: ask the endpoint at `URL` (default $OPENAI_BASE_URL)")
	f.StringVar(&s.readerModel, "reader-model", "", "of the reader vlm: what the endpoint calls the model, if it is not NAME of --model")
	f.StringVar(&s.readerPrice, "reader-price", "", "of the reader vlm: money for a million tokens, `IN,OUT`")

	f.StringSliceVar(&s.strata, "strata", nil, "kinds of text to read, of "+strings.Join(search.Strata(), ", ")+" (default: those that the documents have, and exact)")
	f.IntVar(&s.chars, "chars", 600, "let a probe show `N` characters, about")
	f.IntSliceVar(&s.rungs, "rungs", []int{8, 24, 72}, "read so many probes of a candidate, then as many of those still in the race, and so on")
	f.IntVar(&s.heldOut, "held-out", 72, "read `N` other probes of the finalists at the end")
	f.Float64Var(&s.minAccuracy, "min-accuracy", 0.8, "a config is worth nothing below this accuracy, from 0 to 1")

	f.StringArrayVar(&s.freeze, "freeze", nil, "fix config keys: `KEY=VALUE,...`; may be repeated")
	f.StringArrayVar(&s.bound, "bound", nil, "bound config keys: `KEY=LEAST..MOST,...` or KEY=ONE|OTHER; may be repeated")
	f.StringVar(&s.genes, "genes", "", "take further bounds from `FILE`, one a line")
	f.IntVar(&s.population, "population", 24, "configs of a generation")
	f.IntVar(&s.generations, "generations", 200, "stop after `N` generations")
	f.IntVar(&s.patience, "patience", 20, "stop when the front has not grown for `N` generations")

	s.secrets.add(f)
	s.llm.add(f)
	f.StringVar(&s.playbook, "playbook", "", "begin with the playbook in `FILE`; it is not changed, RUN/playbook.txt has the new one")

	s.addProfiles(f)
	f.StringVar(&s.encoding, "encoding", "", "read all documents as `CHARSET`, where a guess is wrong")
	f.IntVarP(&s.workers, "jobs", "j", 0, "read `N` probes at once; 0 is the number of CPUs. Never changes a result")
	f.BoolVar(&s.json, "json", false, "print the result as JSON")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "print no progress")
}

func (s *searching) run(cmd *cobra.Command, _ []string) error {
	if err := s.check(); err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(searchMemory) // a run remembers every answer
	}
	budget := s.budget
	limits, err := s.limits()
	if err != nil {
		return err
	}
	catalog, err := s.catalog()
	if err != nil {
		return err
	}
	model, err := lookup(catalog, s.model)
	if err != nil {
		return err
	}
	if _, err := search.NewSpace(limits, model.Patch); err != nil {
		return fmt.Errorf("--freeze, --bound, --genes: %w", err)
	}
	if err := s.checkBudget(budget); err != nil {
		return err
	}
	proposer, playbook, err := s.proposer()
	if err != nil {
		return err
	}
	docs, err := s.documents(cmd.Context())
	if err != nil {
		return err
	}
	reader, err := s.open(cmd.Context(), s.reader, model)
	if err != nil {
		return err
	}
	defer reader.close()

	o := search.ReadingOptions{
		Chars: s.chars, Probes: s.rungs[len(s.rungs)-1], HeldOut: s.heldOut, Strata: s.strata, Seed: s.seed,
		Timed: budget.Minutes > 0, Secrets: s.secrets.policy(),
	}
	problem, err := search.NewReading(cmd.Context(), docs, reader, model, o)
	if err != nil {
		return s.secrets.explain(err)
	}
	s.secrets.tell(cmd.ErrOrStderr(), problem.Secrets().Count)
	options := search.Options{
		Seed: s.seed, Population: s.population, Generations: s.generations, Patience: s.patience, Rungs: s.rungs,
		Budget: budget, Limits: limits, Patch: model.Patch,
		Reference: search.Point{CharsPerToken: 1, Accuracy: s.minAccuracy},
		Founders:  search.DenseFounders(), Baselines: presetBaselines(),
		Proposer: proposer, ProposerTimeout: s.llm.timeout,
		Workers: cmp.Or(s.workers, runtime.GOMAXPROCS(0)),
	}
	if playbook != nil {
		options.Playbook = playbook
	}
	show := &searchProgress{out: cmd.ErrOrStderr(), terminal: isTerminal(cmd.ErrOrStderr()), quiet: s.quiet}
	show.begin(problem, model)
	options.Progress = show.show
	result, err := search.Run(cmd.Context(), s.output, problem, options)
	show.end()
	if errors.Is(err, context.Canceled) {
		return s.interrupted()
	}
	if err != nil {
		return failed(err)
	}
	return s.finish(cmd, result, problem, catalog, model, options, playbook)
}

// searchMemory is what a search may use before memory is collected harder, in
// bytes: 20,000 answers with their misreadings are 60 MB.
const searchMemory = 1 << 30

func (s *searching) check() error {
	switch {
	case len(s.docs) == 0:
		return errors.New("search for which documents? accepted: --docs FILE, DIR or PATTERN")
	case s.reader == "":
		return fmt.Errorf("who reads the pages? accepted: --reader %s", strings.Join(searchReaders, ", "))
	case s.model == "":
		return fmt.Errorf("search for which model? accepted: --model NAME, such as %s (see glyph models)", exampleModel)
	case s.output == "":
		return errors.New("keep the run where? accepted: -o DIR")
	case len(s.rungs) == 0 || slices.Min(s.rungs) < 1 || !slices.IsSorted(s.rungs):
		return fmt.Errorf("--rungs %v; accepted: rising numbers of probes, such as 8,24,72", s.rungs)
	case !(s.minAccuracy >= 0 && s.minAccuracy < 1):
		return fmt.Errorf("--min-accuracy %v; accepted: 0 to below 1", s.minAccuracy)
	case s.heldOutReader != "" && s.heldOutReader == s.reader:
		return fmt.Errorf("--held-out-reader %s is the reader of the search; accepted: another one", s.reader)
	case s.workers < 0:
		return fmt.Errorf("--jobs %d; accepted: 0 or more", s.workers)
	}
	if s.encoding != "" {
		if err := document.CheckCharset(s.encoding); err != nil {
			return fmt.Errorf("--encoding: %w", err)
		}
	}
	return nil
}

// checkBudget refuses a budget that nothing is counted against.
func (s *searching) checkBudget(b search.Budget) error {
	bills := s.reader == "vlm" || s.llm.url != ""
	switch {
	case b == search.Budget{}:
		return errors.New("search how long? accepted: --budget calls=N, minutes=N, tokens=N or money=N")
	case b.Tokens > 0 && !bills:
		return fmt.Errorf("--budget tokens: the reader %s uses none; accepted: calls or minutes", s.reader)
	case b.Money > 0 && !bills:
		return fmt.Errorf("--budget money: the reader %s costs none; accepted: calls or minutes", s.reader)
	case b.Money > 0 && s.reader == "vlm" && s.readerPrice == "":
		return errors.New("--budget money: the reader has no price; accepted: with --reader-price IN,OUT, both above 0")
	case b.Money > 0 && s.llm.url != "" && s.llm.price == "":
		return errors.New("--budget money: the model that proposes has no price; accepted: with --llm-price IN,OUT, both above 0")
	}
	return nil
}

func (s *searching) limits() ([]string, error) {
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
		more, err := search.LoadLimits(s.genes)
		if err != nil {
			return nil, fmt.Errorf("--genes: %w", err)
		}
		limits = append(limits, more...)
	}
	// Anchors help an answer, not a reading, which is all that is measured.
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

func parsePrice(flag, text string) (llm.Price, error) {
	if text == "" {
		return llm.Price{}, nil
	}
	in, out, _ := strings.Cut(text, ",")
	i, err1 := strconv.ParseFloat(in, 64)
	o, err2 := strconv.ParseFloat(out, 64)
	if err1 != nil || err2 != nil || !(i >= 0 && i < 1e9) || !(o >= 0 && o < 1e9) {
		return llm.Price{}, fmt.Errorf("%s %q; accepted: IN,OUT in money for a million tokens, such as 0.5,3", flag, text)
	}
	return llm.Price{Input: i, Output: o}, nil
}

// documents finds the texts.
func (s *searching) documents(ctx context.Context) ([]*document.Document, error) {
	if slices.Contains(s.docs, "-") {
		return nil, errors.New("--docs -: documents are read more than once; accepted: files, directories and patterns")
	}
	docs, _, err := document.Find(ctx, s.docs, nil)
	if err != nil {
		return nil, failed(err)
	}
	for _, d := range docs {
		d.Charset = s.encoding
	}
	if len(docs) == 0 {
		return nil, failed(fmt.Errorf("no documents in %s", strings.Join(s.docs, ", ")))
	}
	return docs, ctx.Err()
}

// open opens a reader of either kind.
func (s *searching) open(ctx context.Context, name string, model *vision.Profile) (*offlineReader, error) {
	if name != "vlm" {
		if !slices.Contains(offlineReaders, name) {
			return nil, fmt.Errorf("unknown reader %q; %saccepted: %s", name, didYouMean(nearest(name, searchReaders)), strings.Join(searchReaders, ", "))
		}
		return openReader(ctx, name)
	}
	price, err := parsePrice("--reader-price", s.readerPrice)
	if err != nil {
		return nil, err
	}
	client, err := connect("--reader-url", " for the reader vlm", llm.Options{
		BaseURL: s.readerURL, Model: servedModel(s.readerModel, s.model, model), Price: price, MaxParallel: max(s.workers, llm.DefaultMaxParallel),
	})
	if err != nil {
		return nil, err
	}
	return &offlineReader{read.NewVLM(client, read.VLMOptions{Detail: model.Detail}), func() {}}, nil
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

func (s *searching) interrupted() error {
	return &codedError{exitInterrupted, fmt.Errorf("interrupted; %s has all answers so far, and the same command goes on", s.output)}
}

// finish measures what only the end needs, and writes what the run is for.
func (s *searching) finish(cmd *cobra.Command, result *search.Result, problem *search.Reading,
	catalog *vision.Catalog, model *vision.Profile, o search.Options, playbook *search.PlaybookFile) error {
	in := search.ReportInput{
		Command: append([]string{"glyph"}, os.Args[1:]...), Result: result, Problem: problem,
		Models: reportModels(catalog, model), Playbook: playbook, Render: render.Options{},
	}
	if s.heldOutReader != "" {
		second, err := s.open(cmd.Context(), s.heldOutReader, model)
		if err != nil {
			return err
		}
		defer second.close()
		if !s.quiet {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s reads the finalists\n", second.Name())
		}
		in.HeldOutReader = second.Name()
		another, err := problem.WithReader(second)
		if err != nil {
			return failed(err)
		}
		in.HeldOut, in.HeldOutBilled, err = search.ReadHeldOut(cmd.Context(), filepath.Join(s.output, "held-out-reader"),
			another, result.Finalists, o.Workers)
		if errors.Is(err, context.Canceled) {
			return s.interrupted()
		}
		if err != nil {
			return failed(err)
		}
	}
	report, err := search.NewReport(cmd.Context(), in)
	if err == nil {
		err = report.Write(cmd.Context(), s.output)
	}
	if errors.Is(err, context.Canceled) {
		return s.interrupted()
	}
	if err != nil {
		return failed(err)
	}
	if s.json {
		return printJSON(cmd.OutOrStdout(), report)
	}
	return failed(printSearch(cmd.OutOrStdout(), report, s.output))
}

// reportModels are those that compression is reported for: the one of the
// search, and one of each family that is used most.
func reportModels(catalog *vision.Catalog, model *vision.Profile) []*vision.Profile {
	list := []*vision.Profile{model}
	for _, name := range []string{"glm-4.5v", "qwen3-vl", "claude-opus-5", "gpt-5.5", "gemini-3"} {
		p, err := catalog.Lookup(name)
		if err == nil && !slices.ContainsFunc(list, func(q *vision.Profile) bool { return q.Name == p.Name }) {
			list = append(list, p)
		}
	}
	return list
}

// searchProgress is one line on a terminal, drawn over and over, and else a
// line a generation.
type searchProgress struct {
	out             interface{ Write([]byte) (int, error) }
	terminal, quiet bool
	drawn           bool
	last            int // generation
	started         time.Time
}

func (p *searchProgress) begin(r *search.Reading, model *vision.Profile) {
	p.started = time.Now()
	if p.quiet {
		return
	}
	strata := map[string]int{}
	heldOut := 0
	for _, info := range r.Probes() {
		if info.HeldOut {
			heldOut++
		} else {
			strata[info.Stratum]++
		}
	}
	var parts []string
	for _, name := range search.Strata() {
		if n := strata[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	fmt.Fprintf(p.out, "%s reads for %s: %s probes, %d held out\n", clean(r.Reader()), clean(model.Name), strings.Join(parts, ", "), heldOut)
	if r.Sampled {
		fmt.Fprintln(p.out, "documents are long: their beginnings are laid out in the search, all of them at its end")
	}
	if r.Left > 0 {
		fmt.Fprintf(p.out, "%s left out, for characters that pages cannot show\n", plural(r.Left, "excerpt", "excerpts"))
	}
}

func (p *searchProgress) show(at search.Progress) {
	if p.quiet {
		return
	}
	line := fmt.Sprintf("generation %d  rung %d  racing %d  front %d", at.Generation, at.Rung, at.Racing, len(at.Front))
	if n := len(at.Front); n > 0 {
		a, b := at.Front[0], at.Front[n-1]
		line += fmt.Sprintf(": %.4f at %.1f to %.4f at %.1f characters/token", a.Accuracy.Mean, a.Size.CharsPerToken, b.Accuracy.Mean, b.Size.CharsPerToken)
	}
	line += fmt.Sprintf("  budget left %.0f %%  %s", 100*(1-at.Used), plural(at.Spent.Attempts, "read", "reads"))
	switch {
	case p.terminal:
		fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		p.drawn = true
	case at.Generation > p.last:
		p.last = at.Generation
		fmt.Fprintln(p.out, line)
	}
}

func (p *searchProgress) end() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
