// Package cli is the command glyph: a verb parses its flags, calls the library
// and prints.
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

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/internal/scratch"
)

// Exit codes, as --help lists them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartial     = 3
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

const exitHelp = `Exit codes:
  0    done
  1    failed; no pages are left half-written
  2    the command line or the config is wrong; nothing was read
  3    done, but not all of it: a named input is left out, or less was found than asked for
  130  interrupted; no pages are left half-written`

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
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	code := exitUsage // what cobra finds wrong before a verb runs
	var coded *codedError
	switch {
	case errors.As(err, &coded):
		code = coded.code
	case errors.Is(err, context.Canceled):
		code, err = exitInterrupted, errInterrupted
	}
	for _, line := range messages(err) {
		fmt.Fprintf(stderr, "glyph: %s\n", line)
	}
	return code
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
		os.Exit(exitInterrupted)
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(ended)
		cancel()
	})
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
	return &codedError{exitFailed, err}
}

// messages splits what was joined: a config can have several mistakes.
func messages(err error) []string {
	var joined interface{ Unwrap() []error }
	if key := (*configs.KeyError)(nil); errors.As(err, &key) && errors.As(err, &joined) {
		var lines []string
		for _, e := range joined.Unwrap() {
			lines = append(lines, messages(e)...)
		}
		return lines
	}
	return []string{err.Error()}
}
