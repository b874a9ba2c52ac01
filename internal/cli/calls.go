package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/input"
	"github.com/glyphkit/glyph/internal/term"
)

// callFlags are those of verbs that ask models many times about texts.
type callFlags struct {
	app      *app
	endpoint endpointFlags
	cache    string
	clients  []*llm.Client // one for each model
}

func (c *callFlags) add(f flags) {
	c.endpoint.add(f, "tokens and money, with each model", fmt.Sprintf("calls under way with each model, 0 is %d", llm.DefaultMaxParallel))
	f.text(&c.cache, "cache", "", "")
}

// client makes the client of a model, once.
func (c *callFlags) client(name string, m *model) (*llm.Client, error) {
	if err := onlyLimits(c.endpoint.budget, "tokens", "money"); err != nil {
		return nil, err
	}
	o, err := c.endpoint.of(name, m)
	if err != nil {
		return nil, err
	}
	for _, known := range c.clients {
		if known.Model() == o.Model {
			return known, nil
		}
	}
	o.CacheDir = c.cache
	client, err := llm.New(o)
	if err == nil {
		c.clients = append(c.clients, client)
	}
	return client, err
}

// profile is that of a model, nil if glyph does not know it: then it has no
// list price.
func profile(m *modelFlags, cmd *cobra.Command, name string) (*model, error) {
	catalog, err := m.catalog(cmd.Context())
	if err != nil {
		return nil, err
	}
	p, err := catalog.Lookup(name)
	if err != nil {
		return nil, nil //nolint:nilerr // the endpoint may know it
	}
	return &model{p, catalog, nil}, nil
}

// printSpent tells what each model cost.
func (c *callFlags) printSpent(notes io.Writer) {
	for _, client := range c.clients {
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

// progress shows how many of a number of things are done, and what was spent.
func (c *callFlags) progress(line *term.Line, total int, unit string) func(done int) {
	return func(done int) {
		line.Show(term.State{Done: int64(done), Total: int64(total), Unit: unit, Cost: spentSoFar(c.clients, "")})
	}
}

// readWith reads a file, or standard input for "-".
func readWith[T any](cmd *cobra.Command, name string, read func(io.Reader, string) (T, error)) (T, error) {
	if name == "-" {
		v, err := read(input.Reader(cmd.Context(), cmd.InOrStdin()), "standard input")
		return v, failed(err)
	}
	f, err := input.Open(cmd.Context(), name)
	if err != nil {
		var none T
		return none, failed(err)
	}
	defer f.Close()
	v, err := read(f, name)
	return v, failed(err)
}
