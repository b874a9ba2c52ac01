package verb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/render"
)

// The exit codes.
const (
	ExitOK          = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitUnscored    = 3
	ExitVerdict     = 4
	exitUnseen      = 5
	ExitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// exits tells what the codes mean, in a few words and in full.
var exits = []struct {
	code        int
	short, long string
}{
	{ExitOK, "done", "all that was asked for is done"},
	{ExitFailed, "failed", "it failed: a file that is not there, a disk, an endpoint; no output is left half-written"},
	{ExitUsage, "usage", "the command line, a config or a setting is wrong; nothing was drawn, sent or written"},
	{ExitUnscored, "not all of it", "done, but something has no result: a file that was named is left out, a probe or an answer\n       has no score, a budget ended before the end"},
	{ExitVerdict, "verdict", "under --strict: the answer has an exact string that the text contradicts or lacks"},
	{exitUnseen, "unseen pages", "the model did not see all pages, so its answer is not about all of the text"},
	{ExitInterrupted, "interrupted", "ended by Ctrl-C or SIGTERM; no output is half-written, runs go on when begun again"},
}

// exitLine lists the codes of a verb: those of every verb, and more.
func exitLine(more string) string {
	var codes []string
	for _, e := range exits {
		if e.code <= ExitUsage || e.code == ExitInterrupted || slices.Contains(strings.Fields(more), fmt.Sprint(e.code)) {
			codes = append(codes, fmt.Sprintf("%d %s", e.code, e.short))
		}
	}
	return "Exit codes: " + strings.Join(codes, ", ") + " (glyph help exit-codes)\n"
}

// ExitTopic is the help topic about exit codes.
func ExitTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString("What the exit code of a command says:\n\n")
	for _, e := range exits {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.long)
	}
	b.WriteString("\nMessages about what is wrong begin with \"glyph: \" and go to standard error.")
	return &cobra.Command{Use: "exit-codes", Short: "What exit codes say", Long: b.String()}
}

// ExitError is an error with its exit code. Errors without are wrong usage.
type ExitError struct {
	Code int
	error
}

// Exit gives an error an exit code.
func Exit(code int, err error) error { return &ExitError{code, err} }

func (e *ExitError) Unwrap() error { return e.error }

// Failed marks an error that is not the command line's.
func Failed(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, coded := errors.AsType[*ExitError](err); coded {
		return err
	}
	return &ExitError{ExitFailed, err}
}

// Partial is the error of what was done without some named documents, nil if
// there are none.
func Partial(done string, leftOut []render.LeftOut) error {
	var names []string
	for _, l := range leftOut {
		if l.Failed {
			names = append(names, l.Name+": "+l.Reason)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &ExitError{ExitUnscored, fmt.Errorf("%s, without %s", done, strings.Join(names, "; "))}
}

// Messages splits what was joined: a config can have several mistakes.
func Messages(err error) []string {
	var joined interface{ Unwrap() []error }
	if _, ok := errors.AsType[*configs.KeyError](err); ok && errors.As(err, &joined) {
		var lines []string
		for _, e := range joined.Unwrap() {
			lines = append(lines, Messages(e)...)
		}
		return lines
	}
	return []string{err.Error()}
}
