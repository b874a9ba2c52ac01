package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/read"
	evalreport "github.com/glyphkit/glyph/eval/report"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/render"
)

// evaluating holds the flags of the verb eval.
type evaluating struct {
	modelFlags
	keys        *source // for --encoding and --system-fonts
	tasks       []string
	data        []string
	reader      string
	model       string
	servedName  string
	baseURL     string
	configs     []string
	dpis        []float64
	arms        []string
	scale       string
	zoom        bool
	seed        uint64
	n           int
	lengths     []string
	exactBudget string
	maxAnswer   int
	output      string

	workers     int
	budget      runs.Budget
	shard       runs.Shard
	outputPrice float64
	timeout     time.Duration
	secrets     secretsFlags
	retry       bool
	json, quiet bool
}

// The readers that eval takes besides the offline ones.
const (
	vlmReader  = "vlm"
	textReader = "text"
)

func newEval() *cobra.Command {
	e := &evaluating{keys: newSource()}
	cmd := &cobra.Command{
		Use:   "eval [FILE|DIR|PATTERN|-]... --task NAME,... -o RUN",
		Short: "Measure how much of drawn pages a reader can use",
		Long: `eval draws the texts of tasks as pages, has them read, asks what the tasks ask, and
scores the answers: accuracy with its interval, and what it cost.

The tasks ocr and exact take files; the others make their texts themselves or read
them from --data. An OCR engine only transcribes: its answers are computed from the
transcripts by rules, so they say whether what an answer needs was read. A model
(--reader vlm) answers itself; the API key comes from the environment,
GLYPH_API_KEY or OPENAI_API_KEY.

Arms are ways to put the same text before the reader: image (pages), hybrid (pages,
a fact sheet of their exact strings, and a verified answer), text (the ceiling), and
adaptive (pages; what the text does not hold is read again at the next DPI, and in
the end as text).

RUN is a directory with all that was asked and answered, and a report of it,
report.html. The same command resumes it, whenever it was ended; nothing is read or
paid twice.`,
		Example: `  glyph eval --task ruler/niah_single_1 --length 4k,8k --dpi 72,96,120 -o niah
  glyph eval book.txt --task ocr --reader ppocr --config dense-bitmap -o book
  glyph eval --task exact --arms image,hybrid --config my.json --n 20 -o exact
  glyph eval --task ruler --reader vlm -m qwen3-vl --base-url http://127.0.0.1:8000/v1 --scale adaptive --budget tokens=2000000 -o ruler
  glyph eval --task longbench/qasper --data longbench.jsonl -o qasper`,
		RunE: e.run,
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringSliceVar(&e.tasks, "task", nil, "measure tasks `NAME,...`: acuity, exact, ocr, ruler, mrcr, longbench, or one of a group such as ruler/vt")
	f.StringArrayVar(&e.data, "data", nil, "take the questions of a task, or of all, from `[TASK=]FILE`")
	f.StringVarP(&e.output, "output", "o", "", "keep the run in directory `RUN`")
	f.StringVar(&e.reader, "reader", "tesseract", "read with `NAME`: tesseract, ppocr, vlm, or text for the text alone")
	f.StringVarP(&e.model, "model", "m", "", "count and price for model `NAME` of \"glyph models\" (default qwen3-vl, but for --reader vlm)")
	f.StringVar(&e.servedName, "served-name", "", "what the endpoint calls the model, if it is not NAME of --model")
	f.StringVar(&e.baseURL, "base-url", "", "ask the endpoint at `URL`, to which /chat/completions is added (default $OPENAI_BASE_URL)")
	f.StringArrayVarP(&e.configs, "config", "c", []string{defaultConfig}, "draw under config `NAME|FILE`; may be given again")
	f.Float64SliceVar(&e.dpis, "dpi", nil, "draw each config at `DPI,...` (default its own)")
	f.StringSliceVar(&e.arms, "arms", []string{"image", "hybrid", "text"}, "compare `ARM,...`: image, hybrid, text, adaptive")
	f.StringVar(&e.scale, "scale", "fixed", "`fixed|adaptive`; adaptive is one more arm")
	f.BoolVar(&e.zoom, "zoom", false, "adaptive reads strips of the finer pages again, not whole pages")
	f.IntVar(&e.n, "n", 0, "make `N` probes a task and length (default the task's own)")
	f.StringSliceVar(&e.lengths, "length", nil, "make texts of so many tokens, `4k,8k,...` (default 4k)")
	f.Uint64Var(&e.seed, "seed", 1, "draw probes from seed `N`")
	f.StringVar(&e.exactBudget, "exact-budget", "", "let fact sheets have `N` tokens or N% of what pages save (default 10%)")
	f.IntVar(&e.maxAnswer, "max-tokens", eval.DefaultMaxAnswer, "let an answer of a model have at most `N` tokens")
	f.Var(&e.budget, "budget", "stop before a call that could take more than `tokens=N,money=N,calls=N,minutes=N` in all")
	f.Var(&e.shard, "shard", "do the part `I/N` of the run, such as 2/5; \"glyph eval merge\" puts parts together")
	f.Float64Var(&e.outputPrice, "output-price", 0, "count a million tokens of answers as `MONEY` (default 5 times the price of input)")
	f.DurationVar(&e.timeout, "timeout", llm.DefaultTimeout, "give each call at most `TIME`, with its repetitions")
	e.secrets.add(f)
	f.BoolVar(&e.retry, "retry", false, "ask again what had no answer in an earlier run")
	f.IntVarP(&e.workers, "workers", "j", 0, "work on `N` texts at once (default one a processor, or what the endpoint takes)")
	e.addProfiles(f)
	e.addTokenizers(f)
	e.keys.addInput(f)
	f.BoolVar(&e.json, "json", false, "print the result as JSON")
	f.BoolVarP(&e.quiet, "quiet", "q", false, "print nothing but the result and errors")
	cmd.Flags().SortFlags = false
	cmd.Flags().AddFlagSet(f)
	complete := func(flag string, c cobra.CompletionFunc) {
		_ = cmd.RegisterFlagCompletionFunc(flag, c) // fails only for a flag that is not there
	}
	complete("task", cobra.FixedCompletions(append([]string{"ruler", "mrcr", "longbench"}, task.Names()...), cobra.ShellCompDirectiveNoFileComp))
	complete("reader", cobra.FixedCompletions(evalReaders(), cobra.ShellCompDirectiveNoFileComp))
	complete("arms", cobra.FixedCompletions([]string{"image", "hybrid", "text", "adaptive"}, cobra.ShellCompDirectiveNoFileComp))
	complete("scale", cobra.FixedCompletions([]string{"fixed", "adaptive"}, cobra.ShellCompDirectiveNoFileComp))
	complete("model", completeModels)
	complete("config", completePresets)
	cmd.AddCommand(newEvalReport(), newEvalMerge())
	return cmd
}

func evalReaders() []string { return append(slices.Clone(offlineReaders), vlmReader, textReader) }

func (e *evaluating) run(cmd *cobra.Command, files []string) error {
	if e.output == "" {
		return errors.New("where to keep the run? accepted: --output DIR")
	}
	if err := e.secrets.check(); err != nil {
		return err
	}
	spec, err := e.spec()
	if err != nil {
		return err
	}
	o := eval.Options{
		Workers: e.workers, Retry: e.retry, Secrets: e.secrets.policy(),
		Budget: e.budget, Shard: e.shard,
		Render: render.Options{SystemFonts: e.keys.systemFonts},
	}
	for _, name := range e.configs {
		o.Render.FontDirs = append(o.Render.FontDirs, configDir(name)...)
	}
	to, err := e.find(cmp.Or(e.model, defaultEvalModel))
	if err != nil {
		return err
	}
	spec.Model, o.Tokenizers = to.profile, to.own
	if spec.Documents, err = e.documents(cmd, files); err != nil {
		return err
	}
	closeReader, err := e.open(cmd, to, &spec, &o)
	if err != nil {
		return err
	}
	defer closeReader()

	bar := runProgress{out: cmd.ErrOrStderr(), currency: currency(to)}
	if !e.quiet && !e.json && isTerminal(cmd.ErrOrStderr()) {
		o.Progress = bar.show
	}
	result, err := eval.Run(cmd.Context(), e.output, spec, o)
	bar.clear()
	if result != nil {
		// An interrupted run shows what it has so far.
		_, reportErr := evalreport.Write(context.WithoutCancel(cmd.Context()), e.output, o.Render)
		err = errors.Join(err, reportErr)
	}
	if errors.Is(err, context.Canceled) && result != nil {
		return &codedError{exitInterrupted, fmt.Errorf("interrupted after %s of %s outcomes, which %s has, with a report; the same command goes on",
			thousands(result.Done), thousands(result.Total), clean(e.output))}
	}
	if err != nil {
		return e.secrets.explain(err)
	}
	if e.json {
		if err := printJSON(cmd.OutOrStdout(), result); err != nil {
			return err
		}
	} else if err := result.WriteTable(cmd.OutOrStdout()); err != nil {
		return failed(err)
	}
	if !e.quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "report: %s\n", clean(filepath.Join(e.output, evalreport.File)))
	}
	if !e.quiet && o.Endpoint != nil {
		price := noPrice
		if to.profile.Price != nil {
			price = money(currency(to), result.Spent.Money) + " at list price"
		}
		tellBill(cmd.ErrOrStderr(), result.Spent, price)
	}
	if scored := slices.ContainsFunc(result.Outcomes, func(o *eval.Outcome) bool { return o.Score.Unscored == "" }); !scored && result.Stopped == "" {
		return &codedError{exitPartial, fmt.Errorf("none of %s outcomes has a score; the same command with --retry asks again", thousands(result.Total))}
	}
	if result.Stopped != "" {
		return &codedError{exitPartial, fmt.Errorf("%s of %s outcomes: %s; the same command with a larger budget goes on",
			thousands(result.Done), thousands(result.Total), result.Stopped)}
	}
	return nil
}

// defaultEvalModel prices pages for readers that have no price.
const defaultEvalModel = "qwen3-vl"

// spec is what the flags say, but for model and documents.
func (e *evaluating) spec() (eval.Spec, error) {
	s := eval.Spec{
		Tasks: e.tasks, DPIs: slices.Sorted(slices.Values(e.dpis)), Zoom: e.zoom, Seed: e.seed, Probes: e.n,
		ExactBudget: pack.Budget(e.exactBudget), MaxAnswer: e.maxAnswer,
	}
	for _, arm := range e.arms {
		if !slices.Contains(eval.Arms(), eval.Arm(arm)) {
			return s, fmt.Errorf("--arms %q; accepted: image, hybrid, text, adaptive", arm)
		}
		s.Arms = append(s.Arms, eval.Arm(arm))
	}
	switch {
	case e.scale != "fixed" && e.scale != "adaptive":
		return s, fmt.Errorf("--scale %q; accepted: fixed or adaptive", e.scale)
	case e.scale == "adaptive" && !slices.Contains(s.Arms, eval.Adaptive):
		s.Arms = append(s.Arms, eval.Adaptive)
	}
	for _, text := range e.lengths {
		n, err := tokensOf(text)
		if err != nil {
			return s, fmt.Errorf("--length %w", err)
		}
		s.Lengths = append(s.Lengths, n)
	}
	for _, name := range e.configs {
		cfg, err := loadConfig(name)
		if err != nil {
			return s, err
		}
		s.Configs = append(s.Configs, eval.Config{Name: strings.TrimSuffix(filepath.Base(name), ".json"), Config: cfg})
	}
	var err error
	s.Data, err = e.readData()
	return s, err
}

// tokensOf reads a number of tokens such as 600, 4k or 1m; k is 1,024 tokens.
func tokensOf(text string) (int, error) {
	digits, unit := strings.ToLower(text), 1
	if short, ok := strings.CutSuffix(digits, "k"); ok {
		digits, unit = short, 1<<10
	} else if short, ok := strings.CutSuffix(digits, "m"); ok {
		digits, unit = short, 1<<20
	}
	n, err := strconv.ParseUint(digits, 10, 20)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q; accepted: a number of tokens such as 600, 4k or 1m", text)
	}
	return int(n) * unit, nil
}

// maxDataFile is the size in bytes of the largest file of questions.
const maxDataFile = 1 << 30

// readData reads the files of --data, each for the tasks that it is given to.
func (e *evaluating) readData() (data []eval.Data, err error) {
	var measured []string
	for _, name := range e.tasks {
		resolved, err := task.Resolve(name)
		if err != nil {
			return nil, fmt.Errorf("--task: %w", err)
		}
		measured = append(measured, resolved...)
	}
	for _, given := range e.data {
		name, path, named := strings.Cut(given, "=")
		tasks := measured
		if named {
			if tasks, err = task.Resolve(name); err != nil {
				return nil, fmt.Errorf("--data: %w", err)
			}
		} else {
			path = given
		}
		content, err := readLimited(path)
		if err != nil {
			return nil, fmt.Errorf("--data: %w", err)
		}
		for _, t := range tasks {
			if slices.Contains(measured, t) {
				data = append(data, eval.Data{Task: t, Name: filepath.Base(path), Content: content})
			}
		}
	}
	return data, nil
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return limit.ReadAll(f, maxDataFile, strconv.Quote(path))
}

// documents are the files that were named, as text; none if none was.
func (e *evaluating) documents(cmd *cobra.Command, files []string) (docs []task.Document, err error) {
	if len(files) == 0 {
		return nil, nil
	}
	found, _, err := e.keys.documents(cmd, files)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		text, err := d.Text()
		if err == nil {
			var content []byte
			content, err = limit.ReadAll(text, maxDataFile, "the text")
			err = errors.Join(err, text.Close())
			docs = append(docs, task.Document{Name: d.Name, Text: string(content)})
		}
		if _, noText := errors.AsType[*document.NotTextError](err); d.Found && (noText || errors.Is(err, document.ErrEmpty)) {
			if !e.quiet {
				fmt.Fprintf(cmd.ErrOrStderr(), "left out: %s: %v\n", clean(d.Name), err)
			}
			continue
		}
		if err != nil {
			return nil, failed(fmt.Errorf("reading %q: %w", d.Name, err))
		}
	}
	return docs, nil
}

// open puts who answers into the options.
func (e *evaluating) open(cmd *cobra.Command, to *target, spec *eval.Spec, o *eval.Options) (closeReader func(), err error) {
	none := func() {}
	switch e.reader {
	case textReader:
		if !cmd.Flags().Changed("arms") {
			spec.Arms = []eval.Arm{eval.Text}
		}
		return none, nil
	case vlmReader:
		if e.model == "" {
			return nil, fmt.Errorf("ask which model? accepted: --model NAME, such as %s (see glyph models)", exampleModel)
		}
		at, err := withEndpoint("--base-url", "", llm.Options{BaseURL: e.baseURL, Model: servedModel(e.servedName, e.model, to.profile), Timeout: e.timeout})
		if err != nil {
			return nil, err
		}
		o.Endpoint = &at
		if p := to.profile.Price; p != nil {
			const usualRatio = 5 // of output to input in list prices
			o.Endpoint.Price = llm.Price{Input: p.Input, CachedInput: p.CachedInput, Output: cmp.Or(e.outputPrice, usualRatio*p.Input)}
		} else if e.budget.Money > 0 {
			return nil, fmt.Errorf("--budget money: no price of %s is known; accepted: --budget tokens=N, or a --profiles file with its price", to.profile.Name)
		}
		return none, nil
	}
	if !slices.Contains(offlineReaders, e.reader) {
		return nil, fmt.Errorf("unknown reader %q; %saccepted: %s", e.reader, didYouMean(nearest(e.reader, evalReaders())), strings.Join(evalReaders(), ", "))
	}
	r, err := openReader(cmd.Context(), e.reader)
	if err != nil {
		return nil, err
	}
	o.Reader = read.Reader(r)
	return r.close, nil
}

func currency(to *target) string {
	if p := to.profile.Price; p != nil {
		return p.Currency
	}
	return ""
}
