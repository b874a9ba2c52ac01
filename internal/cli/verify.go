package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/input"
	"github.com/glyphkit/glyph/internal/limit"
	"github.com/glyphkit/glyph/internal/show"
)

type verifyFlags struct {
	app *verb.App
	verb.Documents
	answer   string
	question string
	strict   bool
	json     bool
	all      bool
	repaired bool
}

// maxAnswer bounds an answer, in bytes. Models write up to about 1 MB.
const maxAnswer = 16 << 20

func newVerify(a *verb.App) *cobra.Command {
	v := &verifyFlags{app: a}
	f := verb.NewFlags()
	f.Text(&v.answer, "answer", "", "check the answer in `FILE`; - is standard input")
	f.Text(&v.question, "question", "", "the answer may repeat what it says")
	f.On(&v.strict, "strict", "")
	f.On(&v.json, "json", "an object with findings")
	f.On(&v.all, "all", "also the strings that the text has as the answer writes them")
	f.On(&v.repaired, "repaired", "")
	v.Documents.Add(f)
	return verb.Finish(&cobra.Command{
		Use:   "verify FILE|DIR|PATTERN... --answer FILE|-",
		Short: "Check the exact strings of an answer against a text",
		Long: `verify checks what somebody, a model as a rule, wrote about a text: every identifier, number, date,
path and quotation of the answer is looked for in the files. It calls no model.

  contradicted  the text has the like with another unit, currency, scale, sign, date or zone
  absent        the text has nothing like it
  ambiguous     several strings of the text come near
  repaired      the text has one string that it is a misreading of
  derived       rounded, converted or computed from what the text has
  found         the text has it, in this notation or another, at the place that is named

They are listed in this order; what the text has just as the answer writes it is only counted.
It compares values, not meaning. With --strict, an answer with a string that the text contradicts
or lacks has exit code 4.

--json prints an object: "findings" has for each string its "text", its "status", and the "place" of
the text that has it, with "source", "line" (from 1) and "offset" (bytes); "answer" is the answer
with its repairs marked.`,
		Example: `  glyph verify contract.txt --answer answer.txt --strict
  curl … | glyph verify docs --answer - --json`,
		Args: verb.Needs("FILE..."),
		RunE: v.run,
	}, f, "answer question strict repaired all json", "4")
}

func (v *verifyFlags) run(cmd *cobra.Command, args []string) error {
	if v.answer == "" {
		return errors.New("check which answer? accepted: --answer FILE, or --answer - for standard input")
	}
	docs, _, err := v.Find(cmd, args)
	if err != nil {
		return err
	}
	answer, err := v.read(cmd)
	if err != nil {
		return verb.Failed(fmt.Errorf("--answer: %w", err))
	}
	line := v.app.Line(cmd)
	verb.Watch(line, docs, 1)
	report, err := glyph.Verify(cmd.Context(), docs, answer, glyph.VerifyOptions{Question: v.question})
	line.Clear()
	if err != nil {
		return verb.Failed(err)
	}
	switch {
	case v.repaired:
		_, err = io.WriteString(cmd.OutOrStdout(), report.Plain)
		show.Report(cmd.ErrOrStderr(), report, v.all)
	case v.json:
		err = printJSON(cmd.OutOrStdout(), show.NewVerified(report))
	default:
		show.Report(cmd.OutOrStdout(), report, v.all)
	}
	if err == nil && v.strict {
		err = verdict(report)
	}
	return err
}

func (v *verifyFlags) read(cmd *cobra.Command) (string, error) {
	if v.answer == "-" {
		data, err := limit.ReadAll(input.Reader(cmd.Context(), cmd.InOrStdin()), maxAnswer, "standard input")
		return string(data), err
	}
	data, err := verb.ReadFile(cmd.Context(), v.answer, maxAnswer)
	return string(data), err
}

// verdict is the error of an answer that --strict does not let pass.
func verdict(r *verify.Report) error {
	contradicted, absent := r.Counts[verify.Contradicted], r.Counts[verify.Absent]
	if contradicted+absent > 0 {
		return verb.Exit(verb.ExitVerdict, fmt.Errorf("the answer is not borne out by the text: %d contradicted, %d absent", contradicted, absent))
	}
	return nil
}
