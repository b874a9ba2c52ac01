// Command corpus writes generated text of one kind to standard output:
//
//	go run ./internal/corpus/cmd/corpus -kind licence -seed 1 -size 450000 > licence.txt
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/glyphkit/glyph/internal/corpus"
)

func main() {
	kind := flag.String("kind", string(corpus.Licence), "kind of text")
	seed := flag.Uint64("seed", 1, "seed: the same seed gives the same bytes")
	size := flag.Int64("size", 450_000, "bytes to write")
	flag.Parse()
	if err := run(*kind, *seed, *size); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(name string, seed uint64, size int64) error {
	kind, err := corpus.ParseKind(name)
	if err != nil {
		return err
	}
	if size < 0 {
		return fmt.Errorf("writing %d bytes: want a size of 0 or more", size)
	}
	if _, err := io.Copy(os.Stdout, corpus.New(kind, seed, size)); err != nil {
		return fmt.Errorf("writing %d bytes of %s: %w", size, kind, err)
	}
	return nil
}
