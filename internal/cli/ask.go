package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
	"github.com/glyphkit/glyph/internal/version"
)

func (k *askFlags) run(cmd *cobra.Command, args []string) error {
	files, err := k.takeQuestion(cmd, args)
	if err != nil {
		return err
	}
	o, err := k.options(cmd)
	if err != nil {
		return err
	}
	p, err := k.pack(cmd, files, o)
	if err != nil {
		return err
	}
	if k.dryRun {
		if k.json {
			return printJSON(cmd.OutOrStdout(), p.Manifest())
		}
		return verb.Failed(show.Pack(cmd.OutOrStdout(), p))
	}
	client, err := llm.New(o.Endpoint)
	if err != nil {
		return err
	}
	return k.ask(cmd, p, client)
}

// takeQuestion parts the question from the files.
func (k *askFlags) takeQuestion(cmd *cobra.Command, args []string) (files []string, err error) {
	if !cmd.Flags().Changed("question") {
		if len(args) == 0 {
			return nil, errors.New(`no question; accepted: it as last argument, in quotation marks, or --question TEXT`)
		}
		k.question, args = args[len(args)-1], args[:len(args)-1]
		if _, err := os.Stat(k.question); err == nil {
			return nil, fmt.Errorf("the last argument, %q, is a file and no question; accepted: a question behind it, or --question TEXT", k.question)
		}
	}
	if strings.TrimSpace(k.question) == "" {
		return nil, errors.New("the question is empty; accepted: some text")
	}
	return args, nil
}

func (k *askFlags) pack(cmd *cobra.Command, files []string, o *glyph.AskOptions) (*pack.Question, error) {
	docs, hidden, err := k.Find(cmd, files)
	if err != nil {
		return nil, err
	}
	if o.Exceptions, err = k.secrets.Exceptions(files...); err != nil {
		return nil, err
	}
	line := k.app.Line(cmd)
	o.Fit.Progress = func(done float64) { line.Show(verb.Planning(done)) }
	p, err := glyph.Pack(cmd.Context(), docs, o.PackOptions)
	line.Clear()
	if err != nil {
		return nil, k.secrets.Explain(verb.WhyNothing(err, "drawing", files, nil, hidden))
	}
	for _, l := range p.LeftOut {
		fmt.Fprintf(k.app.Notes(cmd), "left out: %s: %s\n", term.Clean(l.Name), term.Clean(l.Reason))
	}
	show.NotAsItStands(k.app.Notes(cmd), p.Documents)
	k.secrets.Tell(k.app.Notes(cmd), p.Secrets)
	return p, nil
}

func (k *askFlags) ask(cmd *cobra.Command, p *pack.Question, client *llm.Client) error {
	out, notes := cmd.OutOrStdout(), k.app.Notes(cmd)
	begun, ended := false, false // the answer's line on standard output
	o := ask.Options{MaxTokens: k.maxTokens, NoVerify: k.noVerify, OnNotice: func(text string) {
		if begun && !ended && term.IsTerminal(out) {
			fmt.Fprintln(notes)
		}
		fmt.Fprintf(notes, "glyph: %s\n", term.Clean(text))
	}}
	if !k.json {
		o.OnText = func(text string) {
			begun, ended = true, strings.HasSuffix(text, "\n")
			_, _ = io.WriteString(out, term.CleanText(text)) // a closed pipe ends the process
		}
		show.Sheet(notes, p)
	}
	answer, err := ask.Ask(cmd.Context(), p, client, o)
	if begun && !ended {
		fmt.Fprintln(out)
	}
	if err != nil {
		if answer != nil && answer.Text != "" && !k.json {
			fmt.Fprintln(out, term.CleanText(answer.Text))
		}
		if answer != nil && len(answer.Steps) > 0 {
			show.Bill(notes, p, answer)
		}
		if errors.Is(err, context.Canceled) {
			return verb.Exit(verb.ExitInterrupted, errors.New("interrupted; the answer is not complete"))
		}
		return verb.Failed(err)
	}
	if k.json {
		err = printJSON(out, struct {
			Version string `json:"version"`
			Model   string `json:"model"`
			*ask.Answer
			Price pack.Price `json:"price"`
		}{version.Module(), k.model.Name, answer, p.Price})
	} else {
		k.tell(notes, p, answer)
	}
	if err == nil && answer.Text == "" {
		err = verb.Failed(errors.New("the answer is empty; a model that reasons may need a larger --max-tokens"))
	}
	if err == nil && k.strict && answer.Report != nil {
		err = verdict(answer.Report)
	}
	return err
}

func (k *askFlags) tell(notes io.Writer, p *pack.Question, answer *ask.Answer) {
	if answer.Truncated {
		fmt.Fprintf(notes, "truncated: an answer ends at %s tokens; accepted: a larger --max-tokens\n", term.Thousands(k.maxTokens))
	}
	if answer.Report != nil {
		show.Report(notes, answer.Report)
	}
	show.Bill(notes, p, answer)
}
