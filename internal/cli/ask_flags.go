package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/render"
)

type askFlags struct {
	app *verb.App
	verb.Documents
	page        verb.Page
	model       verb.Model
	endpoint    verb.Endpoint
	secrets     verb.Secrets
	question    string
	exactBudget string
	context     int
	maxTokens   int
	noVerify    bool
	strict      bool
	all         bool
	dryRun      bool
	json        bool
}

func newAsk(a *verb.App) *cobra.Command {
	k := &askFlags{app: a, page: verb.Page{App: a}, model: verb.Model{App: a}}
	f := verb.NewFlags()
	f.Text(&k.model.Name, "model", "", "it is asked")
	k.endpoint.Add(f, "tokens and money", "")
	f.Text(&k.question, "question", "", "all arguments are then files")
	k.secrets.Add(f)
	f.Text(&k.exactBudget, "exact-budget", string(pack.DefaultBudget), "N% is at least 200 tokens while pages stay cheaper")
	f.Count(&k.context, "context", 0, "split into requests of at most `N` input tokens; 0 asks and sees")
	f.Count(&k.maxTokens, "max-tokens", ask.DefaultMaxTokens, "")
	f.On(&k.noVerify, "no-verify", "do not check the answer against the text")
	f.On(&k.strict, "strict", "")
	f.On(&k.all, "all", "also the strings that the text has as the answer writes them")
	f.On(&k.dryRun, "dry-run", "the parts of the requests and their price are told, nothing is sent")
	f.On(&k.json, "json", "the answer, its verification and its cost")
	k.model.AddCatalog(f)
	k.Documents.Add(f)
	k.page.Add(f)
	return verb.Finish(&cobra.Command{
		Use:   `ask [FILE|DIR|PATTERN|-]... "QUESTION" --model NAME --base-url URL`,
		Short: "Ask a model about text that goes to it as pages",
		Long: `ask draws text as pages, sends them with a question to an endpoint, shows the answer while it
arrives, and checks every exact string of it against the text: identifiers, numbers, dates, paths,
quotations.

The last argument is the question, unless --question has it. Without a file it reads standard input.
The API key comes from the environment, GLYPH_API_KEY or OPENAI_API_KEY; endpoints of your own may
need none.

The answer goes to standard output as the model wrote it. Standard error tells what became of its
exact strings (found, repaired, ambiguous, absent), on which page and line they stand, and what the
call cost. With --strict an answer that is not borne out by the text has exit code 4. Exit code 5 is
kept for answers to fewer pages than were sent.

If the model refuses the pages, the text is sent as text; if its context is too short, in smaller
requests, whose answers a last call makes one of. Calls are repeated after 429, 5xx and cut streams.
All of it is said, and whether an attempt may have been billed without an answer.

Text is searched for secrets before anything is drawn; --secrets says what happens to them.`,
		Example: `  glyph ask contract.txt "Who signed, and when?" -m gpt-5.5 --base-url https://api.openai.com/v1
  git log | glyph ask "Which commit fixed the bug?" -m qwen3-vl --base-url http://127.0.0.1:8000/v1
  glyph ask src --question "Where are retries counted?" -m qwen3-vl --served-name Qwen/Qwen3-VL-8B
  glyph ask report.txt "What is the total?" -m claude-opus-5 --dry-run`,
		RunE: k.run,
	}, f, "model base-url served-name question secrets budget strict dry-run json", "4 5")
}

func (k *askFlags) options(cmd *cobra.Command) (*glyph.AskOptions, error) {
	ctx := cmd.Context()
	page, err := k.page.Build(ctx, cmd.Flags())
	if err != nil {
		return nil, err
	}
	m, err := k.model.Find(ctx, "ask")
	if err != nil {
		return nil, err
	}
	if k.maxTokens <= 0 || k.context < 0 {
		return nil, fmt.Errorf("--max-tokens %d, --context %d; accepted: above 0, and 0 or more for --context", k.maxTokens, k.context)
	}
	if err := k.secrets.Check(); err != nil {
		return nil, err
	}
	if err := pack.Budget(k.exactBudget).Validate(); err != nil {
		return nil, fmt.Errorf("--exact-budget: %w", err)
	}
	if err := verb.OnlyLimits(k.endpoint.Budget, "tokens", "money"); err != nil {
		return nil, err
	}
	o := &glyph.AskOptions{}
	if !k.dryRun {
		if o.Endpoint, err = k.endpoint.Of(k.model.Name, m); err != nil {
			return nil, err
		}
		if _, err := llm.New(o.Endpoint); err != nil { // before anything is drawn
			return nil, err
		}
	}
	o.Options = glyph.Options{
		Config: page.Config, Model: k.model.Name, Catalog: m.Catalog, Tokenizers: m.Tokenizers,
		Render: k.page.Render(0), Fit: glyph.Fit{Keep: page.Fixed},
	}
	o.Question, o.Secrets, o.ExactBudget, o.MaxTokens = k.question, k.secrets.Policy(), pack.Budget(k.exactBudget), int64(k.context)
	_, err = render.New(o.Config, o.Render)
	return o, err
}
