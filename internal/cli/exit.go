package cli

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
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitUnscored    = 3
	exitVerdict     = 4
	exitUnseen      = 5
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// exits tells what the codes mean, in a few words and in full.
var exits = []struct {
	code        int
	short, long string
}{
	{exitOK, "done", "all that was asked for is done"},
	{exitFailed, "failed", "it failed: a file that is not there, a disk, an endpoint; no output is left half-written"},
	{exitUsage, "wrong usage", "the command line, a config or a setting is wrong; nothing was drawn, sent or written"},
	{exitUnscored, "not all of it", "done, but something has no result: a file that was named is left out, a probe or an answer\n       has no score, a budget ended before the end"},
	{exitVerdict, "verdict", "under --strict: the answer has an exact string that the text contradicts or lacks"},
	{exitUnseen, "unseen pages", "the model did not see all pages, so its answer is not about all of the text"},
	{exitInterrupted, "interrupted", "ended by Ctrl-C or SIGTERM; no output is left half-written, runs go on when they are begun again"},
}

// exitLine lists the codes of a verb: those of every verb, and more.
func exitLine(more string) string {
	var codes []string
	for _, e := range exits {
		if e.code <= exitUsage || e.code == exitInterrupted || slices.Contains(strings.Fields(more), fmt.Sprint(e.code)) {
			codes = append(codes, fmt.Sprintf("%d %s", e.code, e.short))
		}
	}
	return "Exit codes: " + strings.Join(codes, ", ") + " (glyph help exit-codes)\n"
}

func newExitTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString("What the exit code of a command says:\n\n")
	for _, e := range exits {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.long)
	}
	b.WriteString("\nMessages about what is wrong begin with \"glyph: \" and go to standard error.")
	return &cobra.Command{Use: "exit-codes", Short: "What exit codes say", Long: b.String()}
}

// codedError is an error with its exit code. Errors without are wrong usage.
type codedError struct {
	code int
	error
}

func (e *codedError) Unwrap() error { return e.error }

// failed marks an error that is not the command line's.
func failed(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, coded := errors.AsType[*codedError](err); coded {
		return err
	}
	return &codedError{exitFailed, err}
}

// partial is the error of what was done without some named documents, nil if
// there are none.
func partial(done string, leftOut []render.LeftOut) error {
	var names []string
	for _, l := range leftOut {
		if l.Failed {
			names = append(names, l.Name+": "+l.Reason)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &codedError{exitUnscored, fmt.Errorf("%s, without %s", done, strings.Join(names, "; "))}
}

// messages splits what was joined: a config can have several mistakes.
func messages(err error) []string {
	var joined interface{ Unwrap() []error }
	if _, ok := errors.AsType[*configs.KeyError](err); ok && errors.As(err, &joined) {
		var lines []string
		for _, e := range joined.Unwrap() {
			lines = append(lines, messages(e)...)
		}
		return lines
	}
	return []string{err.Error()}
}
