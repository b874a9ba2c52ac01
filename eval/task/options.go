package task

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
)

// Options say what New makes. Each task names the fields that it reads; the
// others do not matter.
type Options struct {
	Seed uint64

	// Probes is the number of probes to make, for each length where there are
	// lengths, or the most to take of what is loaded and of Documents. 0 means
	// DefaultProbes, or all.
	Probes int

	// Lengths are sizes of Text with Question in tokens of Count, for generated
	// long texts. None means 4096.
	Lengths []int

	// Count counts tokens. It is needed where Lengths are.
	Count func(string) int

	// Documents are the user's, for ocr and exact.
	Documents []Document

	// Data is a file of the user's, read to its end by New, and DataName what
	// errors call it. Nil means what the task makes itself or has built in;
	// longbench has nothing.
	Data     io.Reader
	DataName string
}

// Document is a text of the user's. Name tells documents apart.
type Document struct {
	Name, Text string
}

// defaultProbes is enough to see that a config works, not to compare two.
const defaultProbes = 10

const (
	defaultLength = 4096
	minLength     = 256     // a question and its answer take up to 200
	maxLength     = 2 << 20 // a 2M-token text is about 10 MB
	maxProbes     = 100_000
)

func (o *Options) check() error {
	if o.Probes < 0 || o.Probes > maxProbes {
		return fmt.Errorf("%d probes: 0 to %d are accepted", o.Probes, maxProbes)
	}
	for _, length := range o.Lengths {
		if length < minLength || length > maxLength {
			return fmt.Errorf("length %d: %d to %d tokens are accepted", length, minLength, maxLength)
		}
	}
	return nil
}

func (o *Options) probes() int {
	if o.Probes == 0 {
		return defaultProbes
	}
	return o.Probes
}

func (o *Options) lengths() []int {
	if len(o.Lengths) == 0 {
		return []int{defaultLength}
	}
	return o.Lengths
}

var errNoCount = errors.New("a length in tokens needs Options.Count")

// rng is the stream of random numbers for one probe: it depends on the seed and
// the probe's id alone.
func (o *Options) rng(id string) *rand.Rand {
	h := fnv.New64a()
	io.WriteString(h, id)
	return rand.New(rand.NewPCG(o.Seed, h.Sum64()))
}
