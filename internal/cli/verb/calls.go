package verb

import (
	"cmp"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/input"
	"github.com/glyphkit/glyph/internal/term"
)

// Calls are those of verbs that ask models many times about texts.
type Calls struct {
	App      *App
	endpoint Endpoint
	cache    string
	Run      string        // directory that keeps the run, "" for none
	Clients  []*llm.Client // one for each model
}

// Add adds the flags.
func (c *Calls) Add(f Flags) {
	c.endpoint.Add(f, "tokens and money, with each model", fmt.Sprintf("calls under way with each model, 0 is %d", llm.DefaultMaxParallel))
	f.Text(&c.cache, "cache", "", "")
	f.StringVar(&c.Run, "run", "", "keep what is read and answered in directory `RUN`; the same command goes on with it")
}

// Client makes the client of a model, once.
func (c *Calls) Client(name string, m *Target) (*llm.Client, error) {
	if err := OnlyLimits(c.endpoint.Budget, "tokens", "money"); err != nil {
		return nil, err
	}
	o, err := c.endpoint.Of(name, m)
	if err != nil {
		return nil, err
	}
	for _, known := range c.Clients {
		if known.Model() == o.Model {
			return known, nil
		}
	}
	o.CacheDir = cmp.Or(c.cache, ResponsesIn(c.Run))
	client, err := llm.New(o)
	if err == nil {
		c.Clients = append(c.Clients, client)
	}
	return client, err
}

// KnownModel is that of a model, nil if glyph does not know it: then it has no
// list price.
func KnownModel(m *Model, cmd *cobra.Command, name string) (*Target, error) {
	catalog, err := m.Catalog(cmd.Context())
	if err != nil {
		return nil, err
	}
	p, err := catalog.Lookup(name)
	if err != nil {
		return nil, nil //nolint:nilerr // the endpoint may know it
	}
	return &Target{p, catalog, nil}, nil
}

// PrintSpent tells what each model cost.
func (c *Calls) PrintSpent(notes io.Writer) {
	for _, client := range c.Clients {
		s, name := client.Spent(), term.Clean(client.Model())
		note := ""
		if s.Estimated {
			note = " (some by our count, for the endpoint sent none)"
		}
		fmt.Fprintf(notes, "cost: %s: %s, %s not paid now, %s prompt and %s answer tokens%s\n", name,
			term.Plural(s.Calls, "call", "calls"), term.Thousands(s.Unpaid), term.Thousands(s.PromptTokens), term.Thousands(s.CompletionTokens), note)
		if s.MaybeAttempts > 0 {
			fmt.Fprintf(notes, "cost: %s: on top of it %s may have been billed\n", name, term.Plural(s.MaybeAttempts, "failed attempt", "failed attempts"))
		}
	}
}

// ReadWith reads a file, or standard input for "-".
func ReadWith[T any](cmd *cobra.Command, name string, read func(io.Reader, string) (T, error)) (T, error) {
	if name == "-" {
		v, err := read(input.Reader(cmd.Context(), cmd.InOrStdin()), "standard input")
		return v, Failed(err)
	}
	f, err := input.Open(cmd.Context(), name)
	if err != nil {
		var none T
		return none, Failed(err)
	}
	defer f.Close()
	v, err := read(f, name)
	return v, Failed(err)
}
