package tokens

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/internal/edit"
)

// Count is a number of tokens and how sure it is.
type Count struct {
	Tokens    int64  `json:"tokens"`
	Estimated bool   `json:"estimated"` // the package comment says how far off it may be
	Tokenizer string `json:"tokenizer"` // name of the counter
}

// String returns the number, with "~" before an estimate.
func (c Count) String() string {
	if c.Estimated {
		return "~" + strconv.FormatInt(c.Tokens, 10)
	}
	return strconv.FormatInt(c.Tokens, 10)
}

// Counter counts the tokens of a text. It is safe for concurrent use.
type Counter interface {
	// Name says which tokenizer counts: "o200k", "estimate:claude". Counters of
	// one name count alike.
	Name() string

	// Exact says whether counts are those of the model's own tokenizer.
	Exact() bool

	// Count reads r to its end and returns its tokens: of the text alone,
	// without what a chat template adds around it. The text is UTF-8; bytes that
	// are not count as U+FFFD, as they would be sent. It works on as many
	// processors as there are, in a few MB however long the text is, unless it
	// has a stretch of MBs without a word that ends.
	//
	// The errors are those of r and, for a tokenizer.json with a regular
	// expression of its own, of that expression.
	Count(r io.Reader) (int64, error)
}

// of counts r with c.
func of(c Counter, r io.Reader) (Count, error) {
	n, err := c.Count(r)
	return Count{Tokens: n, Estimated: !c.Exact(), Tokenizer: c.Name()}, err
}

// exact counts with a tokenizer.
type exact struct {
	name string
	load func() *tokenizer
}

func (e *exact) Name() string                     { return e.name }
func (e *exact) Exact() bool                      { return true }
func (e *exact) Count(r io.Reader) (int64, error) { return e.load().count(r, chunkSize) }

// OpenAI's encodings. Their tables are unpacked at the first count.
var (
	o200kWords = words{cased: true, contractions: true, digits: 3}
	o200k      = openAI("o200k", &o200kVocab, o200kWords)
	cl100k     = openAI("cl100k", &cl100kVocab, words{contractions: true, digits: 3, inWord: letter})
)

func openAI(name string, vocab *[]byte, split words) *exact {
	return &exact{name, sync.OnceValue(func() *tokenizer {
		split.classTable = classes()
		return &tokenizer{model: unpack(*vocab), split: split}
	})}
}

// ForName returns a counter by its name. Exact ones are "o200k" (GPT-4o and
// later) and "cl100k" (GPT-4, GPT-3.5), also with "_base". The rest are
// estimates: "estimate:" and the name of a model family such as "claude", or that name alone. An
// unknown name is an error that lists the nearest ones.
func ForName(name string) (Counter, error) {
	switch strings.TrimSuffix(name, "_base") {
	case o200k.name:
		return o200k, nil
	case cl100k.name:
		return cl100k, nil
	}
	plain := strings.TrimPrefix(name, prefix)
	for _, e := range estimates {
		if e.Name == plain {
			return estimated{e}, nil
		}
	}
	return nil, fmt.Errorf("unknown tokenizer %.60q: nearest are %s", name, strings.Join(nearest(name, 3), ", "))
}

// counterNames returns the names of all counters of [ForName], exact ones first.
func counterNames() []string {
	names := []string{o200k.name, cl100k.name}
	for _, e := range estimates {
		names = append(names, prefix+e.Name)
	}
	return names
}

// nearest returns the n names that take the fewest edits to become s.
func nearest(s string, n int) []string {
	s = strings.ToLower(strings.TrimPrefix(s, prefix))
	s = s[:min(len(s), 60)] // bounds the time
	names := counterNames()
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(edit.Distance(s, strings.TrimPrefix(a, prefix)), edit.Distance(s, strings.TrimPrefix(b, prefix)))
	})
	return names[:n]
}
