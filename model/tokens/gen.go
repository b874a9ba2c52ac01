//go:build ignore

// Gen writes the vocabularies of OpenAI's encodings to data, as vocab.go reads
// them. See data/README.md for where they come from.
package main

import (
	"bytes"
	"compress/gzip"
	"log"
	"os"
	"path/filepath"

	"github.com/tiktoken-go/tokenizer/codec"
)

func main() {
	log.SetFlags(0)
	for name, v := range map[string]struct {
		codec *codec.Codec
		size  uint // tokens, without the special ones
	}{
		"o200k":  {codec.NewO200kBase(), 199_998},
		"cl100k": {codec.NewCl100kBase(), 100_256},
	} {
		if err := write(filepath.Join("data", name+".vocab.gz"), v.codec, v.size); err != nil {
			log.Fatalf("writing vocabulary %q: %v", name, err)
		}
	}
}

// write gives the lengths of all tokens, a byte each, a zero, and then their
// bytes: like beside like packs 7 % smaller than lengths among bytes.
func write(path string, c *codec.Codec, size uint) error {
	var lengths, text []byte
	for id := range size {
		token, err := c.Decode([]uint{id})
		if err != nil {
			return err
		}
		lengths = append(lengths, byte(len(token)))
		text = append(text, token...)
	}
	plain := append(append(lengths, 0), text...)

	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(plain); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644)
}
