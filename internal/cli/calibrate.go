package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/calibrate"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/runs"
	"github.com/glyphkit/glyph/render"
)

// calibrating holds the flags of the verb calibrate.
type calibrating struct {
	*source
	modelFlags
	reader              string
	model, servedName   string
	baseURL             string
	output, plot        string
	threshold           float64
	o                   calibrate.Options
	budget              int64
	maxTokens, parallel int
	timeout             time.Duration
	json, quiet         bool
}

func newCalibrate() *cobra.Command {
	c := &calibrating{source: newSource()}
	cmd := &cobra.Command{
		Use:   "calibrate [FILE|DIR|PATTERN]... --reader NAME|--base-url URL --model NAME",
		Short: "Find how small type a reader can read, and make a config of it",
		Long: `calibrate shows a reader about 20 small pages of strings that cannot be guessed, in
falling sizes, and finds the size of type at which the character error rate (CER)
crosses 5 %, with its 95 % interval. The config that it writes has type of the
upper end of that interval, on the pages that cost the model the fewest tokens for
the files that are named, or for a sample of English.

If there is no crossing in the range of sizes it says so, and extrapolates nothing.
Engines that know no context, such as tesseract and ppocr, take I for l and 0 for O
at any size; for them --threshold 10 is of more use.

The API key comes from the environment, GLYPH_API_KEY or OPENAI_API_KEY.`,
		Example: `  glyph calibrate --model qwen3-vl --base-url http://127.0.0.1:8000/v1 -o preset.json
  glyph compress book.txt --config preset.json -o pages
  glyph calibrate --reader tesseract --model qwen3-vl --threshold 10 --plot acuity.png
  glyph calibrate src --model gpt-5.5 --base-url https://api.openai.com/v1 --font-path dejavu-sans-mono`,
		RunE: c.run,
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVar(&c.reader, "reader", "", "read with the OCR engine `NAME`, tesseract or ppocr, in place of a model")
	f.StringVarP(&c.model, "model", "m", "", "make pages for model `NAME` of \"glyph models\", and ask it unless there is a --reader")
	f.StringVar(&c.servedName, "served-name", "", "what the endpoint calls the model, if it is not NAME of --model")
	f.StringVar(&c.baseURL, "base-url", "", "ask the endpoint at `URL`, to which /chat/completions is added (default $OPENAI_BASE_URL)")
	f.StringVarP(&c.output, "output", "o", "", "write the config into `FILE`, for --config")
	f.StringVar(&c.o.Dir, "run", "", "keep what is read in directory `RUN`; the same command goes on with it")
	f.StringVar(&c.plot, "plot", "", "write a picture of the CER at each size into `FILE`, a PNG")
	f.Float64Var(&c.threshold, "threshold", 100*calibrate.DefaultThreshold, "type counts as read up to a CER of `P` per cent")
	f.Float64Var(&c.o.MinPx, "min-px", calibrate.DefaultMinPx, "show type from `PX` px")
	f.Float64Var(&c.o.MaxPx, "max-px", calibrate.DefaultMaxPx, "show type up to `PX` px")
	f.IntVar(&c.o.Calls, "calls", calibrate.DefaultCalls, "show at most `N` pages")
	f.Uint64Var(&c.o.Seed, "seed", 1, "draw strings and intervals with seed `N`")
	f.Int64Var(&c.budget, "budget", 0, "spend at most `N` tokens of prompts and answers; 0 is no bound")
	f.IntVar(&c.maxTokens, "max-tokens", 2048, "let an answer have at most `N` tokens, reasoning included")
	f.IntVar(&c.parallel, "parallel", llm.DefaultMaxParallel, "ask at most `N` pages of an endpoint at once")
	f.DurationVar(&c.timeout, "timeout", llm.DefaultTimeout, "give each call at most `TIME`, with its repetitions")
	c.addConfig(f)
	c.addProfiles(f)
	c.addTokenizers(f)
	c.addInput(f)
	f.BoolVar(&c.json, "json", false, "print the result as JSON")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "show no progress")
	c.flags(cmd, f)
	// Both fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels)
	_ = cmd.RegisterFlagCompletionFunc("reader", cobra.FixedCompletions(offlineReaders, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *calibrating) run(cmd *cobra.Command, files []string) error {
	cfg, _, err := c.build()
	if err != nil {
		return err
	}
	switch {
	case c.reader == "" && c.model == "":
		return fmt.Errorf("calibrate which reader? accepted: --model NAME --base-url URL, or --reader tesseract or ppocr")
	case c.reader != "" && (c.baseURL != "" || c.servedName != ""):
		return errors.New("--reader and an endpoint; accepted: one of them")
	case c.model != "" && c.fixedPage():
		return errors.New("calibrate chooses the page for a model; accepted: no --page-size and no --patch-size")
	case !(c.threshold > 0 && c.threshold < 100):
		return fmt.Errorf("--threshold %v; accepted: above 0 and below 100 per cent", c.threshold)
	case c.budget < 0 || c.maxTokens <= 0 || c.parallel <= 0 || c.timeout <= 0:
		return fmt.Errorf("--budget %d, --max-tokens %d, --parallel %d, --timeout %s; accepted: above 0, and 0 or more for --budget", c.budget, c.maxTokens, c.parallel, c.timeout)
	}
	c.o.Base, c.o.Render, c.o.Threshold = cfg, c.options(1), c.threshold/100
	if c.model != "" {
		to, err := c.find(c.model)
		if err != nil {
			return err
		}
		c.o.Model, c.o.Tokenizers = to.profile, to.own
	}
	var leftOut []render.LeftOut
	if len(files) > 0 {
		r, err := render.New(cfg, c.o.Render)
		if err != nil {
			return err
		}
		list, left, remove, err := c.texts(cmd, r, files)
		if err != nil {
			return err
		}
		defer remove()
		c.o.Sample, leftOut = list, left
	}
	client, done, err := c.open(cmd)
	if err != nil {
		return err
	}
	defer done()
	bar := runProgress{out: cmd.ErrOrStderr()}
	if !c.quiet && isTerminal(cmd.ErrOrStderr()) {
		c.o.Progress = func(at runs.Progress) {
			if client != nil {
				at.Tokens = client.Spent().Total()
			}
			bar.show(at)
		}
	}
	result, err := calibrate.Run(cmd.Context(), c.o)
	bar.clear()
	if errors.Is(err, context.Canceled) && result != nil {
		return errors.Join(c.print(cmd.OutOrStdout(), result, client), interruptedRun(c.o.Dir))
	}
	if err != nil {
		return failed(err)
	}
	if err := c.print(cmd.OutOrStdout(), result, client); err != nil {
		return err
	}
	if err := c.write(result); err != nil {
		return err
	}
	return partial("calibrated", leftOut)
}

// open makes the reader. Client is nil if it needs no endpoint.
func (c *calibrating) open(cmd *cobra.Command) (client *llm.Client, done func(), err error) {
	if c.reader != "" {
		r, err := openReader(cmd.Context(), c.reader)
		if err != nil {
			return nil, nil, err
		}
		c.o.Reader = r
		return nil, r.close, nil
	}
	client, err = connect("--base-url", ", or --reader tesseract or ppocr", llm.Options{
		BaseURL: c.baseURL, Model: servedModel(c.servedName, c.model, c.o.Model),
		Timeout: c.timeout, MaxParallel: c.parallel, CacheDir: responsesIn(c.o.Dir),
		Budget: llm.Budget{Tokens: c.budget},
	})
	if err != nil {
		return nil, nil, err
	}
	c.o.Reader, c.o.Workers = read.NewVLM(client, read.VLMOptions{MaxTokens: c.maxTokens, Detail: c.o.Model.Detail}), c.parallel
	return client, func() {}, nil
}

// print tells the result and what it took.
func (c *calibrating) print(out io.Writer, r *calibrate.Result, client *llm.Client) error {
	if c.json {
		return printJSON(out, r)
	}
	text := cleanText(r.Text())
	if client != nil {
		text += fmt.Sprintf("spent: %s tokens of prompts and %s of answers\n", thousands(r.Spent.PromptTokens), thousands(r.Spent.CompletionTokens))
		if r.Spent.MaybeAttempts > 0 {
			text += fmt.Sprintf("spent: on top of it %s may have been billed\n", plural(r.Spent.MaybeAttempts, "failed attempt", "failed attempts"))
		}
	}
	_, err := io.WriteString(out, text)
	return failed(err)
}

// write writes the files that were asked for.
func (c *calibrating) write(r *calibrate.Result) error {
	if c.plot != "" {
		picture, err := r.Plot()
		if err == nil {
			err = os.WriteFile(c.plot, picture, 0o666)
		}
		if err != nil {
			return failed(fmt.Errorf("writing the plot: %w", err))
		}
	}
	if c.output == "" {
		return nil
	}
	if r.Preset == nil {
		return failed(fmt.Errorf("%s is not written: there is no config, for the outcome is %q", c.output, r.Outcome))
	}
	return failed(os.WriteFile(c.output, r.Preset.Canonical(), 0o666))
}
