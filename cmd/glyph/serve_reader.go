package main

import (
	"encoding/json"
	"fmt"
	"net"
	"sync"

	"github.com/glyphkit/glyph/eval/serve"
	"github.com/spf13/cobra"
)

func newServeReader() *cobra.Command {
	var name, addr string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "serve-reader",
		Short: "Serve an OCR engine as if it were a vision-language model",
		Long: `serve-reader answers OpenAI's chat completions, POST /v1/chat/completions, with the
text that an OCR engine reads on the images of the request, which are PNGs in data:
URLs. So what talks to a model can be tried end to end, without one. There is no
key to give; the tokens it counts are four bytes of text or 750 px² of image.

It runs until it is interrupted.`,
		Example: `  glyph serve-reader
  glyph serve-reader --reader ppocr --addr 127.0.0.1:9000 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			reader, err := openReader(ctx, name)
			if err != nil {
				return err
			}
			defer reader.close()
			o := serve.Options{Reader: reader}
			if asJSON {
				o.Log = printEvents(cmd)
			}
			server, err := serve.New(o)
			if err != nil {
				return failed(err)
			}
			listener, err := net.Listen("tcp", addr)
			if err != nil {
				return failed(fmt.Errorf("--addr: %w", err))
			}
			at := listener.Addr().(*net.TCPAddr)
			if !at.IP.IsLoopback() {
				fmt.Fprintf(cmd.ErrOrStderr(), "glyph: warning: %s can be reached from other machines, and asks for no key\n", at)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s at http://%s/v1\n", reader.Name(), at)
			return failed(server.Serve(ctx, listener))
		},
	}
	cmd.Flags().StringVar(&name, "reader", "tesseract", "read with `NAME`: tesseract or ppocr")
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8765", "listen at `HOST:PORT`; port 0 takes a free one")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a line of JSON for each request")
	_ = cmd.RegisterFlagCompletionFunc("reader", cobra.FixedCompletions(offlineReaders, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
	return cmd
}

// printEvents prints requests, one at a time.
func printEvents(cmd *cobra.Command) func(serve.Event) {
	var mu sync.Mutex
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetEscapeHTML(false)
	return func(event serve.Event) {
		mu.Lock()
		defer mu.Unlock()
		_ = e.Encode(event) // a closed pipe does not end the server
	}
}
