package cli

import (
	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/runs"
)

type evalFlags struct {
	app *verb.App
	verb.Documents
	model       verb.Model
	endpoint    verb.Endpoint
	secrets     verb.Secrets
	tasks       []string
	data        []string
	reader      string
	configs     []string
	dpis        []string
	arms        []string
	scale       string
	zoom        bool
	seed        uint64
	n           int
	lengths     []string
	exactBudget string
	maxTokens   int
	output      string
	shard       runs.Shard
	retry       bool
	systemFonts bool
	json        bool
}

func newEval(a *verb.App) *cobra.Command {
	e := &evalFlags{app: a, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.List(&e.tasks, "task", nil, "measure tasks `NAME,...`: acuity, exact, ocr, questions, ruler, mrcr, longbench, or one of a group such as ruler/vt")
	f.Each(&e.data, "data", "take the questions of a task, or of all, from `[TASK=]FILE`")
	f.Text(&e.output, "output", "", "the directory of the run")
	f.Text(&e.reader, "reader", "tesseract", "vlm is a model behind an endpoint, text is given the text")
	f.List(&e.configs, "config", []string{glyph.DefaultPreset}, "several are separated by commas")
	f.List(&e.dpis, "dpi", nil, "draw each config at so many px/in, `DPI,...` (default its own)")
	f.List(&e.arms, "arms", []string{"image", "hybrid", "text"}, "compare `ARM,...`: image, hybrid, text, adaptive")
	f.Text(&e.scale, "scale", "fixed", "`fixed|adaptive`; adaptive is one more arm")
	f.On(&e.zoom, "zoom", "the arm adaptive reads strips of the finer pages again, not whole pages")
	f.Count(&e.n, "n", 0, "for each task and length; 0 is the task's own number")
	f.List(&e.lengths, "length", nil, "make texts of so many tokens, `4k,8k,...` (default 4k)")
	f.Seed(&e.seed)
	f.Text(&e.exactBudget, "exact-budget", "", "the default is 10%")
	f.Count(&e.maxTokens, "max-tokens", eval.DefaultMaxAnswer, "")
	f.Value(&e.shard, "shard", "measure part `I/N`, such as 2/5, of the run; \"glyph eval merge\" puts the parts together")
	f.On(&e.retry, "retry", "ask again what had no answer in an earlier run")
	e.model.Add(f, "with --reader vlm it is asked (otherwise default "+pricedLike+")")
	e.endpoint.Add(f, "tokens, money, calls and minutes", "0 is one for each CPU, or what the endpoint takes")
	e.secrets.Add(f)
	e.Documents.Add(f)
	f.On(&e.systemFonts, "system-fonts", "")
	f.On(&e.json, "json", "")
	cmd := verb.Finish(&cobra.Command{
		Use:   "eval [FILE|DIR|PATTERN|-]... --task NAME,... -o RUN",
		Short: "Measure how much of drawn pages a reader can use",
		Long: `eval draws the texts of tasks as pages, has them read, asks what the tasks ask, and scores the
answers: accuracy with its interval, and what it cost.

The tasks ocr and exact take files; the others make their texts themselves or read them from --data.
An OCR engine only transcribes: its answers are computed from the transcripts by rules, so they say
whether what an answer needs was read. A model (--reader vlm) answers itself; the API key comes from
the environment, GLYPH_API_KEY or OPENAI_API_KEY.

Arms are ways to put the same text before the reader: image (pages), hybrid (pages, a fact sheet of
their exact strings, and a verified answer), text (the ceiling), and adaptive (pages; what the text
does not hold is read again at the next DPI, and in the end as text).

RUN is a directory with all that was asked and answered, and a report of it, report.html. The same
command resumes it, whenever it was ended; nothing is read or paid twice. The exit code is 3 if an
outcome has no score.`,
		Example: `  glyph eval --task ruler/niah_single_1 --length 4k,8k --dpi 72,96,120 -o niah
  glyph eval book.txt --task ocr --reader ppocr --config dense-bitmap -o book
  glyph eval --task exact --arms image,hybrid --config my.json --n 20 -o exact
  glyph eval --task ruler --reader vlm -m qwen3-vl --base-url http://127.0.0.1:8000/v1 -o ruler
  glyph eval report ruler`,
		Args: cobra.ArbitraryArgs,
		RunE: e.run,
	}, f, "task data output reader config arms n length model base-url budget", "3")
	fixed := func(values ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	// All fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("task", fixed(append([]string{"ruler", "mrcr", "longbench"}, task.Names()...)...))
	_ = cmd.RegisterFlagCompletionFunc("arms", fixed("image", "hybrid", "text", "adaptive"))
	_ = cmd.RegisterFlagCompletionFunc("scale", fixed("fixed", "adaptive"))
	cmd.AddCommand(newEvalReport(a), newEvalMerge())
	return cmd
}

// maxDataFile is the size in bytes of the largest file of questions.
const maxDataFile = 1 << 30
