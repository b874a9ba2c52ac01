package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval"
	"github.com/glyphkit/glyph/internal/cli/verb"
	evalreport "github.com/glyphkit/glyph/internal/report"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
)

func (e *evalFlags) run(cmd *cobra.Command, files []string) error {
	if e.output == "" {
		return errors.New("keep the run where? accepted: --output RUN, a directory")
	}
	ctx := cmd.Context()
	if e.model.Name == "" && e.reader != verb.VLMReader {
		e.model.Name = pricedLike
	}
	m, err := e.model.Find(ctx, "ask")
	if err != nil {
		return err
	}
	spec, o, err := e.spec(ctx)
	if err != nil {
		return err
	}
	spec.Model, o.Tokenizers = m.Profile, m.Tokenizers
	if len(files) > 0 {
		if spec.Documents, err = e.Texts(cmd, e.app, files, maxDataFile); err != nil {
			return err
		}
	} else if slices.Contains(spec.Tasks, "ocr") {
		return errors.New("the task ocr reads your documents; accepted: a FILE, DIR or PATTERN")
	}
	if o.Exceptions, err = e.secrets.Exceptions(files...); err != nil {
		return err
	}
	closeReader, err := e.open(cmd, m, spec, o)
	if err != nil {
		return err
	}
	defer closeReader()

	line := e.app.Line(cmd)
	o.Progress = verb.ShowRun(line, m.Currency(), nil)
	result, err := eval.Run(ctx, e.output, *spec, *o)
	line.Clear()
	if result != nil {
		// An interrupted run shows what it has so far.
		_, reportErr := evalreport.Write(context.WithoutCancel(ctx), e.output, o.Render)
		err = errors.Join(err, reportErr)
	}
	if errors.Is(err, context.Canceled) && result != nil {
		return verb.Exit(verb.ExitInterrupted, fmt.Errorf("interrupted after %s of %s outcomes, which %s has, with a report; the same command goes on",
			term.Thousands(result.Done), term.Thousands(result.Total), term.Clean(e.output)))
	}
	if err != nil {
		return e.secrets.Explain(err)
	}
	return e.print(cmd, result, m, o.Endpoint != nil)
}

// pricedLike is the model that prices pages for readers that have no price.
const pricedLike = "qwen3-vl"

func (e *evalFlags) print(cmd *cobra.Command, result *eval.Result, m *verb.Target, asked bool) error {
	var err error
	if e.json {
		err = printJSON(cmd.OutOrStdout(), result)
	} else {
		err = verb.Failed(result.WriteTable(cmd.OutOrStdout()))
	}
	if err != nil {
		return err
	}
	notes := e.app.Notes(cmd)
	fmt.Fprintf(notes, "report: %s\n", term.Clean(filepath.Join(e.output, evalreport.File)))
	if asked {
		price := show.NoPrice
		if result.Spent.Money > 0 {
			price = term.Money(m.Currency(), result.Spent.Money)
		}
		show.EndpointBill(notes, result.Spent, price)
	}
	if result.Stopped != "" {
		return verb.Exit(verb.ExitUnscored, fmt.Errorf("%s of %s outcomes: %s; the same command with a larger budget goes on",
			term.Thousands(result.Done), term.Thousands(result.Total), result.Stopped))
	}
	unscored := 0
	for _, o := range result.Outcomes {
		if o.Score.Unscored != "" {
			unscored++
		}
	}
	if unscored > 0 {
		return verb.Exit(verb.ExitUnscored, fmt.Errorf("%s of %s outcomes have no score; the same command with --retry asks again", term.Thousands(unscored), term.Thousands(result.Total)))
	}
	return nil
}
