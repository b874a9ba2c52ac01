package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/examiner"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
)

type examineFlags struct {
	app *verb.App
	verb.Documents
	calls   verb.Calls
	model   verb.Model // without its name
	secrets verb.Secrets
	models  []string
	checker string
	n       int
	passage int
	seed    uint64
	output  string
	force   bool
	json    bool
}

// maxExamined bounds what examine holds in memory, in bytes.
const maxExamined = 256 << 20

func (e *examineFlags) run(cmd *cobra.Command, args []string) error {
	if err := e.secrets.Check(); err != nil {
		return err
	}
	switch {
	case len(e.models) == 0:
		return errors.New("have which model write questions? accepted: --model NAME")
	case e.n < 1:
		return fmt.Errorf("--n %d; accepted: 1 or more", e.n)
	}
	if e.output != "-" {
		if err := verb.MayWrite(e.output, e.force); err != nil {
			return err
		}
	}
	o := examiner.Options{Secrets: e.secrets.Policy(), Questions: e.n, Seed: e.seed, Passage: e.passage}
	if err := e.connect(cmd, &o); err != nil {
		return err
	}
	documents, err := e.Texts(cmd, e.app, args, maxExamined)
	if err != nil {
		return err
	}
	if o.Exceptions, err = e.secrets.Exceptions(args...); err != nil {
		return err
	}
	line := e.app.Line(cmd)
	o.Dir, o.Progress = e.calls.Run, verb.ShowRun(line, "", e.calls.Clients)
	exam, err := examiner.Examine(cmd.Context(), documents, o)
	line.Clear()
	if errors.Is(err, context.Canceled) && exam != nil {
		show.Exam(e.app.Notes(cmd), exam)
		err = nil
		if e.calls.Run == "" && len(exam.Questions) > 0 { // a run has them; the file would be in its way
			err = e.write(cmd, exam)
		}
		return errors.Join(verb.InterruptedRun(e.calls.Run), err)
	}
	if err != nil {
		return e.secrets.Explain(err)
	}
	e.secrets.Tell(e.app.Notes(cmd), exam.Secrets)
	show.Exam(e.app.Notes(cmd), exam)
	e.calls.PrintSpent(e.app.Notes(cmd))
	if len(exam.Questions) == 0 {
		return verb.Failed(fmt.Errorf("no question was kept: %s", exam.Stopped))
	}
	if err := e.write(cmd, exam); err != nil {
		return verb.Failed(err)
	}
	if exam.Stopped != "" {
		return verb.Exit(verb.ExitUnscored, fmt.Errorf("%s instead of %s: %s", term.Plural(len(exam.Questions), "question", "questions"), term.Thousands(e.n), exam.Stopped))
	}
	return nil
}

// connect makes the clients.
func (e *examineFlags) connect(cmd *cobra.Command, o *examiner.Options) error {
	names := e.models
	if e.checker != "" {
		names = append(names[:len(names):len(names)], e.checker)
	}
	for i, name := range names {
		m, err := verb.KnownModel(&e.model, cmd, name)
		if err != nil {
			return err
		}
		client, err := e.calls.Client(name, m)
		if err != nil {
			return err
		}
		if i < len(e.models) {
			o.Examiners = append(o.Examiners, client)
		} else {
			o.Reader = client
		}
	}
	return nil
}

func (e *examineFlags) write(cmd *cobra.Command, exam *examiner.Exam) error {
	if e.json {
		return printJSON(cmd.OutOrStdout(), exam.Questions)
	}
	var b bytes.Buffer
	if err := exam.Write(&b); err != nil {
		return err
	}
	if e.output == "-" {
		_, err := cmd.OutOrStdout().Write(b.Bytes())
		return err
	}
	return verb.WriteFile(e.output, e.force, b.Bytes())
}
