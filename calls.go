package glyph

import (
	"context"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// CompressOptions are for Compress.
type CompressOptions struct {
	Options
	// Gate keeps as text the parts that cost the model less as text.
	Gate bool
	// Force replaces a bundle of pages that is already there.
	Force bool
	// Preview adds preview.png, which shows the first pages side by side.
	Preview bool
	// Secrets says what happens to credentials in the documents. "" refuses to
	// draw them.
	Secrets secrets.Mode
	// Exceptions allow some of them. It may be nil.
	Exceptions *secrets.Exceptions
	// Progress is called after each page. It may be nil.
	Progress func(render.Progress)
}

// Compressed is what Compress wrote.
type Compressed struct {
	*render.Summary
	Plan    *Planned       // nil if the config's page size was kept
	Secrets secrets.Report // what was found in the documents
}

// Compress draws documents as pages into a directory, with a manifest that says
// which bytes of which document each line shows. The directory must be new or
// empty, unless Force replaces a bundle; it appears when all pages are done.
//
// Errors are a *NothingError, a *secrets.FoundError, render.ErrTargetExists,
// those of the config, of the disk and of ctx. Documents that hold no text are in Summary.LeftOut.
func Compress(ctx context.Context, docs []*Document, dir string, o CompressOptions) (*Compressed, error) {
	t, err := o.target()
	if err != nil {
		return nil, err
	}
	remove := document.Spool(docs)
	defer func() { _ = remove() }() // at worst a temporary file stays
	guard := secrets.Guard{Mode: o.Secrets, Exceptions: o.Exceptions}
	docs, _, err = guard.Documents(ctx, docs)
	if err != nil {
		return nil, err
	}
	r, p, err := o.fit(ctx, t, docs)
	if err != nil {
		return nil, err
	}
	bundle := render.BundleOptions{Force: o.Force, Preview: o.Preview, Progress: o.Progress, Model: t.model()}
	if o.Gate {
		if t.profile == nil {
			return nil, errNoModel
		}
		bundle.Gate = func(ctx context.Context, d *Document) (*render.Decision, error) {
			return plan.Gate(ctx, r, plan.Text(d), t.profile, t.counter)
		}
	}
	s, err := render.WriteBundle(ctx, dir, docs, r, bundle)
	return &Compressed{s, p, guard.Report()}, err
}

// model is how a bundle is counted.
func (t *target) model() *render.Model {
	m := &render.Model{Tokenizer: t.counter.Name(), Estimated: !t.counter.Exact(), TextTokens: t.counter.Count}
	if p := t.profile; p != nil {
		m.Name, m.Confidence, m.Date, m.PageTokens = p.Name, p.Confidence, p.Date, p.Tokens
	}
	return m
}

// PriceOptions are for Price.
type PriceOptions struct {
	Options
	// Models are names of the catalog. None stands for all of them.
	Models []string
}

// Quote is what documents cost one model, or why that cannot be said.
type Quote struct {
	Profile *vision.Profile
	Cost    plan.Cost
	Err     error
}

// Prices are the quotes of models, in the order of PriceOptions.Models.
type Prices struct {
	Quotes  []Quote
	LeftOut []render.LeftOut
}

// Price tells what documents cost models as text and as pages of the config,
// without drawing and without a model. Options.Model and Options.Fit are not
// used.
func Price(ctx context.Context, docs []*Document, o PriceOptions) (*Prices, error) {
	o.Model = ""
	t, err := o.target()
	if err != nil {
		return nil, err
	}
	catalog := o.Catalog
	if catalog == nil {
		catalog = vision.NewCatalog()
	}
	var models []*vision.Profile
	for _, name := range o.Models {
		p, err := catalog.Lookup(name)
		if err != nil {
			return nil, err
		}
		models = append(models, p)
	}
	if len(o.Models) == 0 {
		for _, p := range catalog.Models() {
			models = append(models, &p)
		}
	}
	r, err := render.New(t.config, o.Render)
	if err != nil {
		return nil, err
	}
	remove := document.Spool(docs)
	defer func() { _ = remove() }()
	list, leftOut, err := plan.Readable(ctx, r, docs)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, nothing(leftOut)
	}
	costs, errs, err := plan.Price(ctx, r, list, models, o.Tokenizers)
	if err != nil {
		return nil, err
	}
	prices := &Prices{LeftOut: leftOut}
	for i, p := range models {
		prices.Quotes = append(prices.Quotes, Quote{p, costs[i], errs[i]})
	}
	return prices, nil
}

// Planned is a plan and the documents that it could not take into account.
type Planned struct {
	*plan.Plan
	LeftOut []render.LeftOut
}

// Plan finds the page that costs a model the fewest tokens for documents, lays
// everything out for it and says what that costs, without drawing. A budget or
// a ratio that cannot be kept is a *plan.UnmetError.
func Plan(ctx context.Context, docs []*Document, o Options) (*Planned, error) {
	if o.Model == "" {
		return nil, errNoModel
	}
	t, err := o.target()
	if err != nil {
		return nil, err
	}
	remove := document.Spool(docs)
	defer func() { _ = remove() }()
	o.Fit.Keep = false
	_, p, err := o.fit(ctx, t, docs)
	return p, err
}

// PackOptions are for Pack.
type PackOptions struct {
	Options
	// Question may be empty and asked later, see pack.Pack.Ask: the result has the
	// pack.
	Question string
	// Secrets says what happens to credentials. "" refuses to go on.
	Secrets secrets.Mode
	// Exceptions allow some of them. It may be nil.
	Exceptions *secrets.Exceptions
	// ExactBudget bounds the fact sheets of exact strings. "" is
	// pack.DefaultBudget.
	ExactBudget pack.Budget
	// MaxTokens is the most input tokens of one request, 0 for no bound.
	MaxTokens int64
	// Gate keeps as text the parts that cost the model less as text.
	Gate bool
}

// Pack makes of documents and a question the requests that go to a model: pages
// of the size that costs it least, fact sheets of exact strings, and the
// question last. It connects to nothing.
func Pack(ctx context.Context, docs []*Document, o PackOptions) (*pack.Question, error) {
	if o.Model == "" {
		return nil, errNoModel
	}
	t, err := o.target()
	if err != nil {
		return nil, err
	}
	remove := document.Spool(docs)
	defer func() { _ = remove() }()
	r, _, err := o.fit(ctx, t, docs)
	if err != nil {
		return nil, err
	}
	p, err := pack.Build(ctx, docs, r, pack.Options{
		Model: t.profile, Secrets: o.Secrets, Exceptions: o.Exceptions, ExactBudget: o.ExactBudget,
		MaxTokens: o.MaxTokens, Gate: o.Gate, Tokenizers: o.Tokenizers,
	})
	if err != nil {
		return nil, err
	}
	return p.Ask(o.Question)
}

// AskOptions are for Ask.
type AskOptions struct {
	PackOptions
	// Endpoint is the model's: its URL, the key, the name that it has there.
	Endpoint llm.Options
	// Answer bounds the answer and shows it while it arrives.
	Answer ask.Options
}

// Ask puts a question about documents to a model and returns its answer, every
// exact string of it checked against the documents.
func Ask(ctx context.Context, docs []*Document, o AskOptions) (*ask.Answer, error) {
	if o.Endpoint.Model == "" {
		o.Endpoint.Model = o.Model
	}
	client, err := llm.New(o.Endpoint)
	if err != nil {
		return nil, err
	}
	p, err := Pack(ctx, docs, o.PackOptions)
	if err != nil {
		return nil, err
	}
	return ask.Ask(ctx, p, client, o.Answer)
}

// VerifyOptions are for Verify.
type VerifyOptions struct {
	// Question holds strings that the answer may repeat though the documents do
	// not hold them.
	Question string
}

// Verify checks the exact strings and quotations of an answer against
// documents, without pages: places have lines. An answer to a Pack is checked
// by its Verify, whose places have pages too.
func Verify(ctx context.Context, docs []*Document, answer string, o VerifyOptions) (*verify.Report, error) {
	sources := make([]verify.Source, len(docs))
	for i, d := range docs {
		s, err := source(d)
		if err != nil {
			return nil, err
		}
		sources[i] = s
	}
	return verify.New(sources).Verify(ctx, answer, o.Question)
}

// source is a document as answers are checked against it.
func source(d *Document) (verify.Source, error) {
	t, err := d.Text()
	if err != nil {
		return verify.Source{}, fmt.Errorf("reading %q: %w", d.Name, err)
	}
	defer t.Close()
	data, err := io.ReadAll(io.LimitReader(t, pack.MaxText+1))
	if err != nil {
		return verify.Source{}, fmt.Errorf("reading %q: %w", d.Name, err)
	}
	if len(data) > pack.MaxText {
		return verify.Source{}, fmt.Errorf("reading %q: over %d bytes of text; accepted: a shorter document", d.Name, pack.MaxText)
	}
	lines := document.NewLines(string(data))
	return verify.Source{Name: d.Name, Text: string(data), Locate: func(offset int64) (page, line int) {
		return 0, lines.At(offset)
	}}, nil
}
