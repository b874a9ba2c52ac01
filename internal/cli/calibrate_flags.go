package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/calibrate"
	"github.com/glyphkit/glyph/eval/read"
	"github.com/glyphkit/glyph/internal/cli/verb"
)

type calibrateFlags struct {
	app *verb.App
	verb.Documents
	page         verb.Page
	model        verb.Model
	endpoint     verb.Endpoint
	reader       string
	output, plot string
	force        bool
	threshold    float64
	o            calibrate.Options
	maxTokens    int
	json         bool
}

func newCalibrate(a *verb.App) *cobra.Command {
	c := &calibrateFlags{app: a, page: verb.Page{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.Text(&c.reader, "reader", "", "an OCR engine, tesseract or ppocr, in place of a model")
	c.model.Add(f, "the config is for it; it is asked unless there is a --reader")
	f.Text(&c.output, "output", "", "a config file, for --config")
	f.On(&c.force, "force", "")
	f.StringVar(&c.o.Dir, "run", "", "keep what is read and answered in directory `RUN`; the same command goes on with it")
	f.StringVar(&c.plot, "plot", "", "write a picture of the CER at each size into `FILE`, a PNG")
	f.Float64Var(&c.threshold, "threshold", 100*calibrate.Defaults().Threshold, "type counts as read up to a CER of `P` per cent")
	f.Number(&c.o.MinPx, "min-px", calibrate.Defaults().MinPx, "the smallest that is shown")
	f.Float64Var(&c.o.MaxPx, "max-px", calibrate.Defaults().MaxPx, "show type up to `PX` px")
	f.Seed(&c.o.Seed)
	c.endpoint.Add(f, fmt.Sprintf("calls (pages that are shown, %d unless given), tokens and money", calibrate.Defaults().Calls), "0 is one for each CPU, or what the endpoint takes")
	f.Count(&c.maxTokens, "max-tokens", 2048, "")
	f.On(&c.json, "json", "")
	c.Documents.Add(f)
	c.page.Add(f)
	return verb.Finish(&cobra.Command{
		Use:   "calibrate [FILE|DIR|PATTERN]... --reader NAME|--base-url URL --model NAME",
		Short: "Find how small type a reader can read, and make a config of it",
		Long: `calibrate shows a reader about 20 small pages of strings that cannot be guessed, in falling sizes, and
finds the size of type at which the character error rate (CER) crosses 5 %, with its 95 % interval.
The config that it writes has type of the upper end of that interval, on the pages that cost the
model the fewest tokens for the files that are named, or for a sample of English.

If there is no crossing in the range of sizes it says so, and extrapolates nothing. Engines that know
no context, such as tesseract and ppocr, take I for l and 0 for O at any size; for them --threshold
10 is of more use.

The API key comes from the environment, GLYPH_API_KEY or OPENAI_API_KEY.`,
		Example: `  glyph calibrate --model qwen3-vl --base-url http://127.0.0.1:8000/v1 -o preset.json
  glyph compress book.txt --config preset.json -o pages
  glyph calibrate --reader tesseract --model qwen3-vl --threshold 10 --plot acuity.png
  glyph calibrate src -m gpt-5.5 --base-url https://api.openai.com/v1 --font-path dejavu-sans-mono`,
		Args: cobra.ArbitraryArgs,
		RunE: c.run,
	}, f, "reader model base-url output threshold min-px max-px budget json", "3")
}

func (c *calibrateFlags) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case c.reader == "" && c.model.Name == "":
		return errors.New("calibrate which reader? accepted: --model NAME --base-url URL, or --reader tesseract or ppocr")
	case c.reader != "" && (given("base-url") || given("served-name")):
		return errors.New("--reader and an endpoint; accepted: one of them")
	case c.model.Name != "" && c.page.FixesPage():
		return errors.New("calibrate chooses the page for a model; accepted: no --page-size and no --patch-size")
	case !(c.threshold > 0 && c.threshold < 100):
		return fmt.Errorf("--threshold %v; accepted: above 0 and below 100 per cent", c.threshold)
	case c.maxTokens <= 0:
		return fmt.Errorf("--max-tokens %d; accepted: above 0", c.maxTokens)
	}
	if c.output != "" {
		if err := verb.MayWrite(c.output, c.force); err != nil {
			return err
		}
	}
	if err := c.endpoint.Check(); err != nil {
		return err
	}
	return verb.OnlyLimits(c.endpoint.Budget, "calls", "tokens", "money")
}

// write writes the files that were asked for.
func (c *calibrateFlags) write(r *calibrate.Result) error {
	if c.plot != "" {
		picture, err := r.Plot()
		if err == nil {
			err = os.WriteFile(c.plot, picture, 0o666)
		}
		if err != nil {
			return verb.Failed(fmt.Errorf("writing the plot: %w", err))
		}
	}
	if c.output == "" {
		return nil
	}
	if r.Preset == nil {
		return verb.Failed(fmt.Errorf("%s is not written: there is no config, for the outcome is %q", c.output, r.Outcome))
	}
	return verb.WriteFile(c.output, c.force, r.Preset.Canonical())
}

// open makes the reader. There is no client if it needs no endpoint.
func (c *calibrateFlags) open(cmd *cobra.Command, m *verb.Target) (clients []*llm.Client, done func(), err error) {
	if c.reader != "" {
		r, err := verb.OpenReader(cmd.Context(), c.reader)
		if err != nil {
			return nil, nil, err
		}
		c.o.Reader, c.o.Workers = r, c.endpoint.Jobs
		return nil, r.Close, nil
	}
	o, err := c.endpoint.Of(c.model.Name, m)
	if err != nil {
		return nil, nil, fmt.Errorf("%w; or --reader tesseract or ppocr", err)
	}
	o.CacheDir = verb.ResponsesIn(c.o.Dir)
	client, err := llm.New(o)
	if err != nil {
		return nil, nil, err
	}
	c.o.Reader, c.o.Workers = read.NewVLM(client, read.VLMOptions{MaxTokens: c.maxTokens, Detail: m.Detail}), client.MaxParallel()
	return []*llm.Client{client}, func() {}, nil
}
