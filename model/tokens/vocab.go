package tokens

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
)

//go:generate go run gen.go

var (
	//go:embed data/o200k.vocab.gz
	o200kVocab []byte
	//go:embed data/cl100k.vocab.gz
	cl100kVocab []byte
)

// unpack returns the model of an embedded vocabulary: the lengths of its tokens
// in the order of their ranks, a byte each, a zero, and then their bytes.
func unpack(packed []byte) *model {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(fmt.Sprintf("tokens: embedded vocabulary: %v", err))
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Sprintf("tokens: embedded vocabulary: %v", err))
	}
	lengths, text, _ := bytes.Cut(plain, []byte{0})
	start := make([]uint32, 1, len(lengths)+1)
	for _, n := range lengths {
		start = append(start, start[len(start)-1]+uint32(n))
	}
	return &model{vocab: newTable(text, start), whole: true}
}
