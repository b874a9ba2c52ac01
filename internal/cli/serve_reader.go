package cli

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/fence"
	"github.com/glyphkit/glyph/serve/reader"
)

func newServeReader(*verb.App) *cobra.Command {
	var name, addr string
	var asJSON bool
	f := verb.NewFlags()
	f.Text(&name, "reader", "tesseract", "")
	f.StringVar(&addr, "addr", "127.0.0.1:8765", "listen at `HOST:PORT`; port 0 takes a free one")
	f.On(&asJSON, "json", "a line for each request")
	return verb.Finish(&cobra.Command{
		Use:   "serve-reader",
		Short: "Serve an OCR engine as if it were a vision-language model",
		Long: `serve-reader answers OpenAI's chat completions, POST /v1/chat/completions, with the text that an OCR
engine reads on the images of the request, which are PNGs in data: URLs. So what talks to a model
can be tried end to end, without one. There is no key to give; the tokens it counts are four bytes
of text or 750 px² of image.

Where the last text of the request is a question of a task of "glyph eval", the answer is computed
from the transcript, or from the quoted text of a request without images, by the task's rules, not
by a model. Everything else is answered with the transcript.

It runs until it is interrupted.`,
		Example: `  glyph serve-reader
  glyph serve-reader --reader ppocr --addr 127.0.0.1:9000 --json
  glyph eval --task ruler/vt --reader vlm -m qwen3-vl --base-url http://127.0.0.1:8765/v1 -o served`,
		Args: verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			engine, err := verb.OpenReader(ctx, name)
			if err != nil {
				return err
			}
			defer engine.Close()
			o := reader.Options{Reader: engine, Solver: solveServed}
			if asJSON {
				o.Log = printEvents(cmd)
			}
			server, err := reader.New(o)
			if err != nil {
				return verb.Failed(err)
			}
			if _, _, err := net.SplitHostPort(addr); err != nil {
				return fmt.Errorf("--addr %q; accepted: HOST:PORT, such as 127.0.0.1:8765", addr)
			}
			listener, err := net.Listen("tcp", addr)
			if err != nil {
				return verb.Failed(fmt.Errorf("--addr: %w", err))
			}
			at := listener.Addr().(*net.TCPAddr)
			if !at.IP.IsLoopback() {
				fmt.Fprintf(cmd.ErrOrStderr(), "glyph: warning: %s can be reached from other machines, and asks for no key\n", at)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s at http://%s/v1\n", engine.Name(), at)
			return verb.Failed(server.Serve(ctx, listener))
		},
	}, f, "reader addr json", "")
}

// solveServed answers the questions of tasks as package pack words them, from
// the first quoted text of a request, or from a text without a quotation.
func solveServed(question, text string) (string, bool) {
	if quoted, ok := fence.Unquote(text); ok {
		text = quoted
	}
	return task.SolveQuestion(strings.TrimPrefix(question, "Question: "), text)
}

// printEvents prints requests, one at a time.
func printEvents(cmd *cobra.Command) func(reader.Event) {
	var mu sync.Mutex
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetEscapeHTML(false)
	return func(event reader.Event) {
		mu.Lock()
		defer mu.Unlock()
		_ = e.Encode(event) // a closed pipe does not end the server
	}
}
