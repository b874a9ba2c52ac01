package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/version"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/render"
)

// asking holds the flags of the verb ask.
type asking struct {
	*source
	modelFlags
	model, servedName string
	baseURL           string
	question          string
	secrets           secretsFlags
	exactBudget       string
	context           int64
	maxTokens         int
	timeout           time.Duration
	noVerify          bool
	dryRun            bool
	json, quiet       bool
}

func newAsk() *cobra.Command {
	a := &asking{source: newSource()}
	cmd := &cobra.Command{
		Use:   `ask [FILE|DIR|PATTERN|-]... "QUESTION" --model NAME --base-url URL`,
		Short: "Ask a model about text that goes to it as pages",
		Long: `ask draws text as pages, sends them with a question to an OpenAI-style endpoint,
shows the answer while it arrives, and checks every exact string of it against the
text: identifiers, numbers, dates, paths, quotations.

The last argument is the question, unless --question has it. Without a file it
reads standard input. The API key comes from the environment, GLYPH_API_KEY or
OPENAI_API_KEY; endpoints of your own may need none.

The answer goes to standard output as the model wrote it. Standard error tells what
became of its exact strings (found, repaired, ambiguous, absent), on which page
and line they stand, and what the call cost.

If the model refuses the pages, the text is sent as text; if its context is too
short, in smaller requests, whose answers a last call makes one of. Calls are
repeated after 429, 5xx and cut streams. All of it is said, and whether an attempt
may have been billed without an answer.

Text is searched for secrets before anything is drawn; --secrets says what happens
to them.`,
		Example: `  glyph ask contract.txt "Who signed, and when?" --model gpt-5.5 --base-url https://api.openai.com/v1
  git log | glyph ask "Which commit fixed the deflate bug?" -m qwen3-vl --base-url http://127.0.0.1:8000/v1
  glyph ask src --question "Where are retries counted?" -m qwen3-vl --served-name Qwen/Qwen3-VL-8B-Instruct
  glyph ask report.txt "What is the total?" -m claude-opus-5 --dry-run`,
		RunE: a.run,
	}
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringVarP(&a.model, "model", "m", "", "ask model `NAME` of \"glyph models\", whose prices and limits count")
	f.StringVar(&a.servedName, "served-name", "", "what the endpoint calls the model, if it is not NAME of --model")
	f.StringVar(&a.baseURL, "base-url", "", "ask the endpoint at `URL`, to which /chat/completions is added (default $OPENAI_BASE_URL)")
	f.StringVar(&a.question, "question", "", "ask `TEXT`; all arguments are then files")
	a.secrets.add(f)
	f.StringVar(&a.exactBudget, "exact-budget", string(pack.DefaultBudget), "send exact strings beside the pages, for at most `N` tokens or N% of what pages save, which is at least 200 while pages stay cheaper; off sends none")
	f.Int64Var(&a.context, "context", 0, "split into requests of at most `N` input tokens; 0 asks and sees")
	f.IntVar(&a.maxTokens, "max-tokens", ask.DefaultMaxTokens, "let an answer have at most `N` tokens")
	f.DurationVar(&a.timeout, "timeout", llm.DefaultTimeout, "give each call at most `TIME`, with its repetitions")
	f.BoolVar(&a.noVerify, "no-verify", false, "do not check the answer against the text")
	f.BoolVar(&a.dryRun, "dry-run", false, "print what would be sent and what it costs, and send nothing")
	a.addConfig(f)
	a.addProfiles(f)
	a.addTokenizers(f)
	a.addInput(f)
	f.BoolVar(&a.json, "json", false, "print the answer, its verification and its cost as JSON")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but the answer and errors")
	a.flags(cmd, f)
	// All fail only for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("model", completeModels)
	a.secrets.complete(cmd)
	return cmd
}

func (a *asking) run(cmd *cobra.Command, args []string) error {
	files, err := a.takeQuestion(cmd, args)
	if err != nil {
		return err
	}
	if a.model == "" {
		return fmt.Errorf("ask which model? accepted: --model NAME, such as %s (see glyph models)", exampleModel)
	}
	if a.maxTokens <= 0 || a.timeout <= 0 || a.context < 0 {
		return fmt.Errorf("--max-tokens %d, --timeout %s, --context %d; accepted: above 0, and 0 or more for --context", a.maxTokens, a.timeout, a.context)
	}
	if err := a.secrets.check(); err != nil {
		return err
	}
	if err := pack.Budget(a.exactBudget).Validate(); err != nil {
		return fmt.Errorf("--exact-budget: %w", err)
	}
	var client *llm.Client
	if !a.dryRun {
		if client, err = a.client(); err != nil {
			return err
		}
	}
	p, err := a.pack(cmd, files)
	if err != nil {
		return err
	}
	if a.dryRun {
		if a.json {
			return printJSON(cmd.OutOrStdout(), p.Manifest())
		}
		return failed(printPack(cmd.OutOrStdout(), p))
	}
	return a.ask(cmd, p, client)
}

// takeQuestion parts the question from the files.
func (a *asking) takeQuestion(cmd *cobra.Command, args []string) (files []string, err error) {
	if !cmd.Flags().Changed("question") {
		if len(args) == 0 {
			return nil, errors.New(`no question; accepted: it as last argument, in quotation marks, or --question TEXT`)
		}
		a.question, args = args[len(args)-1], args[:len(args)-1]
		if _, err := os.Stat(a.question); err == nil {
			return nil, fmt.Errorf("the last argument, %q, is a file and no question; accepted: a question behind it, or --question TEXT", a.question)
		}
	}
	if strings.TrimSpace(a.question) == "" {
		return nil, errors.New("the question is empty; accepted: some text")
	}
	return args, nil
}

func (a *asking) client() (*llm.Client, error) {
	to, err := a.find(a.model)
	if err != nil {
		return nil, err
	}
	return connect("--base-url", "", llm.Options{BaseURL: a.baseURL, Model: servedModel(a.servedName, a.model, to.profile), Timeout: a.timeout})
}

// pack draws the files on the cheapest pages, unless a flag gives their size.
func (a *asking) pack(cmd *cobra.Command, files []string) (*pack.Question, error) {
	cfg, _, err := a.build()
	if err != nil {
		return nil, err
	}
	to, err := a.find(a.model)
	if err != nil {
		return nil, err
	}
	r, err := render.New(cfg, a.options(0))
	if err != nil {
		return nil, err
	}
	docs, hidden, err := a.documents(cmd, files)
	if err != nil {
		return nil, err
	}
	remove := document.Spool(docs)
	defer func() { _ = remove() }() // at worst a temporary file stays
	if !a.fixedPage() {
		list, leftOut, err := withPages(cmd.Context(), r, docs)
		if err != nil {
			return nil, whyNothing(err, files, leftOut, hidden)
		}
		best, err := plan.Solve(cmd.Context(), new(trade).ask(to, cfg, a.options(0)), list)
		if err != nil {
			return nil, failed(err)
		}
		if r, err = render.New(best.Config, a.options(0)); err != nil {
			return nil, err
		}
	}
	p, err := pack.Build(cmd.Context(), docs, r, pack.Options{
		Model: to.profile, Secrets: a.secrets.policy(),
		ExactBudget: pack.Budget(a.exactBudget), MaxTokens: a.context, Tokenizers: to.own,
	})
	if err != nil {
		return nil, a.secrets.explain(err)
	}
	q, err := p.Ask(a.question)
	if err != nil {
		return nil, a.secrets.explain(err)
	}
	if !a.quiet {
		warn := cmd.ErrOrStderr()
		for _, l := range p.LeftOut {
			fmt.Fprintf(warn, "left out: %s: %s\n", clean(l.Name), clean(l.Reason))
		}
		a.secrets.tell(warn, q.Secrets.Count)
	}
	return q, nil
}

func (a *asking) ask(cmd *cobra.Command, p *pack.Question, client *llm.Client) error {
	out, messages := cmd.OutOrStdout(), cmd.ErrOrStderr()
	if a.quiet {
		messages = io.Discard
	}
	begun, ended := false, false // the answer's line on standard output
	o := ask.Options{MaxTokens: a.maxTokens, NoVerify: a.noVerify, OnNotice: func(text string) {
		if begun && !ended && isTerminal(out) {
			fmt.Fprintln(messages)
		}
		fmt.Fprintf(messages, "glyph: %s\n", clean(text))
	}}
	if !a.json {
		o.OnText = func(text string) {
			begun, ended = true, strings.HasSuffix(text, "\n")
			_, _ = io.WriteString(out, cleanText(text)) // a closed pipe ends the process
		}
	}
	if !a.json {
		printSheet(messages, p)
	}
	answer, err := ask.Ask(cmd.Context(), p, client, o)
	if begun && !ended {
		fmt.Fprintln(out)
	}
	if err != nil {
		if answer != nil && answer.Text != "" && !a.json {
			fmt.Fprintln(out, cleanText(answer.Text))
		}
		if answer != nil && len(answer.Steps) > 0 {
			printBill(messages, p, answer)
		}
		if errors.Is(err, context.Canceled) {
			return &codedError{exitInterrupted, errors.New("interrupted; the answer is not complete")}
		}
		return failed(err)
	}
	if answer.Text == "" {
		fmt.Fprintln(messages, "glyph: the answer is empty")
	}
	if a.json {
		return printJSON(out, struct {
			Version string `json:"version"`
			Model   string `json:"model"`
			*ask.Answer
			Price pack.Price `json:"price"`
		}{version.Module(), a.model, answer, p.Price})
	}
	if !a.quiet {
		if answer.Truncated {
			fmt.Fprintf(messages, "truncated: an answer ends at %s tokens; accepted: a larger --max-tokens\n", thousands(a.maxTokens))
		}
		if answer.Report != nil {
			printReport(messages, answer.Report)
		}
		printBill(messages, p, answer)
	}
	return nil
}

// printReport tells what became of the exact strings of an answer.
func printReport(out io.Writer, r *verify.Report) {
	if len(r.Findings) == 0 {
		fmt.Fprintln(out, "verified: no exact string in the answer")
		return
	}
	var counts []string
	for _, s := range []verify.Status{verify.Found, verify.Repaired, verify.Ambiguous, verify.Absent, verify.InQuestion, verify.Computed} {
		if n := r.Counts[s]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %s", thousands(n), s))
		}
	}
	fmt.Fprintf(out, "verified: %s\n", strings.Join(counts, ", "))
	for _, f := range r.Findings {
		text := clean(f.Text)
		switch {
		case f.Replacement != "":
			text += " is " + clean(f.Replacement)
		case len(f.Candidates) > 0:
			text += " may be " + clean(strings.Join(f.Candidates, ", "))
		}
		if len(f.Places) > 0 {
			text += ": " + place(f)
		}
		if f.Note != "" {
			text += " (" + clean(f.Note) + ")"
		}
		fmt.Fprintf(out, "  %-11s %s\n", f.Status, text)
	}
}

// place is where the text has a string first.
func place(f verify.Finding) string {
	p := f.Places[0]
	var where []string
	if p.Page > 0 {
		where = append(where, fmt.Sprintf("page %s", thousands(p.Page)))
	}
	if p.Line > 0 {
		where = append(where, fmt.Sprintf("line %s", thousands(p.Line)))
	}
	text := strings.Join(append(where, "of "+clean(p.Source)), ", ")
	if more := f.PlaceCount - 1; more > 0 {
		text += fmt.Sprintf(" and %s more", plural(more, "place", "places"))
	}
	return text
}

// printBill tells what was counted before and what was billed.
func printBill(out io.Writer, p *pack.Question, a *ask.Answer) {
	estimated, billed := thousands(a.Estimated), thousands(a.Usage.PromptTokens)
	if p.Price.Estimated {
		estimated = "~" + estimated
	}
	note := ""
	if a.Usage.Estimated {
		billed, note = "~"+billed, ", by our count, for the endpoint sent none"
	}
	if a.Estimated == 0 {
		fmt.Fprintln(out, "cost: no call brought an answer")
	} else {
		fmt.Fprintf(out, "cost: estimated %s prompt tokens, billed %s and %s of the answer%s; as text %s\n",
			estimated, billed, thousands(a.Usage.CompletionTokens), note, thousands(p.Price.AsText))
	}
	if a.Discarded > 0 {
		fmt.Fprintf(out, "cost: %s billed that brought no answer\n", plural(a.Discarded, "call was", "calls were"))
	}
	if a.Maybe > 0 {
		fmt.Fprintf(out, "cost: on top of it %s may have been billed\n", plural(a.Maybe, "failed attempt", "failed attempts"))
	}
}

// printSheet tells of exact strings that go to the model as pixels alone.
func printSheet(out io.Writer, p *pack.Question) {
	carried, left := 0, 0
	for _, r := range p.Requests {
		if r.Sheet == nil {
			left += r.Strings
			continue
		}
		carried += len(r.Sheet.Carried)
		for _, n := range r.Sheet.Left {
			left += n
		}
	}
	if left > 0 {
		fmt.Fprintf(out, "fact sheet: %s of %s; all: a larger --exact-budget\n", thousands(carried), plural(carried+left, "exact string", "exact strings"))
	}
}

// printPack tells what would be sent.
func printPack(out io.Writer, p *pack.Question) error {
	var b strings.Builder
	pages, texts := 0, 0
	for _, r := range p.Requests {
		for _, part := range r.Parts {
			if part.Page != nil {
				pages++
			} else {
				texts++
			}
		}
	}
	what := plural(pages, "page", "pages")
	if texts > 0 {
		what += " and " + plural(texts, "text part", "text parts")
	}
	fmt.Fprintf(&b, "%s of %s in %s for %s\n", what, plural(len(p.Documents), "document", "documents"),
		plural(len(p.Requests), "request", "requests"), clean(p.Price.Model))
	fmt.Fprintf(&b, "price: %s (%s, confidence %s of %s)\n", p.Price, clean(p.Price.Tokenizer), p.Price.Confidence, p.Price.Date)
	t := &table{right: []bool{false, true, true, true, true, true, true, true, true}}
	t.add("REQUEST", "PAGES", "LABELS", "TEXT", "LEGEND", "SHEET", "INSTRUCTION", "QUESTION", "TOKENS")
	for _, r := range p.Requests {
		k := r.Tokens
		t.add(thousands(r.Number), thousands(k.Pages), thousands(k.Labels), thousands(k.Text), thousands(k.Legend),
			thousands(k.Sheet), thousands(k.Instruction), thousands(k.Question), thousands(k.Total))
	}
	if err := t.print(&b); err != nil {
		return err
	}
	printSheet(&b, p)
	b.WriteString("nothing was sent\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// cleanText is clean for text of several lines: line feeds and tabs stay, and
// what joins the letters of some scripts and the parts of emoji.
func cleanText(s string) string {
	return strings.Map(func(r rune) rune {
		const nonJoiner, joiner = 0x200C, 0x200D
		switch {
		case r == '\r':
			return -1
		case r == '\n', r == '\t', r == nonJoiner, r == joiner, unicode.IsPrint(r), unicode.Is(unicode.Zs, r):
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
