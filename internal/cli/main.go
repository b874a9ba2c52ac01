// Package cli is the command glyph: a verb parses its flags, makes one call of
// the library and prints.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/fault"
	"github.com/glyphkit/glyph/internal/scratch"
)

// Main runs the command with the arguments of the process and ends the process
// with the exit code.
func Main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		// Collect earlier rather than grow: the parsed faces of fifteen scripts
		// are 60 MB, and twice that would be resident.
		debug.SetMemoryLimit(72<<20 + int64(runtime.GOMAXPROCS(0))*4<<20)
	}
	if os.Getenv("GOGC") == "" {
		// A tenth of the memory of a short run for a twentieth of its time.
		debug.SetGCPercent(60)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the command: it reports errors and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible(context.Background(), stderr)
	defer stop()
	a := &verb.App{}
	defer a.End()
	cmd := newRoot(a)
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := withoutPanic(a, stderr, func() error { return cmd.ExecuteContext(ctx) })
	if err == nil {
		return verb.ExitOK
	}
	code := verb.ExitUsage // what cobra finds wrong before a verb runs
	if coded, ok := errors.AsType[*verb.ExitError](err); ok {
		code = coded.Code
	} else if errors.Is(err, context.Canceled) {
		code, err = verb.ExitInterrupted, errInterrupted
	}
	for _, line := range verb.Messages(err) {
		fmt.Fprintf(stderr, "glyph: %s\n", line)
	}
	return code
}

// withoutPanic makes an error of a panic, whose stack --debug prints.
func withoutPanic(a *verb.App, stderr io.Writer, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			hint := "; --debug prints where"
			if a.Debug {
				hint = ""
				value, stack := p, debug.Stack()
				if f, ok := p.(*fault.Fault); ok { // of another goroutine
					value, stack = f.Value, f.Stack
				}
				fmt.Fprintf(stderr, "%v\n%s", value, stack)
			}
			err = verb.Exit(verb.ExitFailed, fmt.Errorf("a fault of glyph%s", hint))
		}
	}()
	return f()
}

var errInterrupted = errors.New("interrupted")

// lastingWork is how long a verb may take to end after an interrupt.
const lastingWork = 5 * time.Second

// interruptible returns a context that ends with the first SIGINT or SIGTERM.
// A second one, or lastingWork without an end, deletes the temporary files and
// ends the process.
func interruptible(parent context.Context, stderr io.Writer) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ended:
			return
		}
		select {
		case <-signals:
		case <-time.After(lastingWork):
		case <-ended:
			return
		}
		scratch.RemoveAll()
		fmt.Fprintf(stderr, "glyph: %s, without waiting for the end of what was begun\n", errInterrupted)
		os.Exit(verb.ExitInterrupted)
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(ended)
		cancel()
	})
}
