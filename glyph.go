// Package glyph is the front door of the toolkit: it draws long text as dense
// page images for vision-language models, says beforehand what they cost, and
// says afterwards what was misread.
//
//	docs, err := glyph.Files(ctx, "contract.txt")
//	q, err := glyph.Pack(ctx, docs, glyph.PackOptions{
//		Options:  glyph.Options{Model: "claude-opus-5"},
//		Question: "Who signed, and when?",
//	})
//	body := q.Requests[0].Anthropic() // or OpenAI(), Gemini(); send it, get an answer
//	report, err := q.Verify(ctx, answer)
//
// [Compress] writes pages to a directory, [Price] tells what they cost models,
// [Plan] finds the page that costs a model least, [Pack] makes requests, [Ask]
// sends them and verifies the answer, and [Verify] checks an answer that came
// another way. Each is one call with one struct of options, and the command
// glyph has a verb for each.
//
// The packages behind it can be used by themselves: configs, fonts, document,
// exact, render, model and ask. Measuring is eval.Run and search.Run.
package glyph

import (
	"context"
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/configs"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/model/plan"
	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Document is a name and a way to read its bytes.
type Document = document.Document

// Files finds documents: files, directories and patterns such as "docs/**/*.md".
// Hidden files are left out of directories. Opening and reading the documents
// ends when ctx does.
func Files(ctx context.Context, names ...string) ([]*Document, error) {
	docs, _, err := document.Find(ctx, names, nil)
	return docs, err
}

// Text is a document that holds a text in memory.
func Text(name, text string) *Document { return document.FromString(name, text) }

// DefaultPreset is the config of pages where none is given: the one that the
// Glyph paper published.
const DefaultPreset = "glyph-en"

// Options say how pages are drawn and which model they are for.
type Options struct {
	// Config draws the pages. The zero value stands for DefaultPreset.
	Config configs.Config
	// Model is a name or an alias of the catalog. Only Compress and Price work
	// without one.
	Model string
	// Catalog has the models. nil stands for the built-in one.
	Catalog *vision.Catalog
	// Tokenizers are the user's own, by the family that a profile names. They
	// make estimated text tokens exact. nil is none.
	Tokenizers map[string]tokens.Counter
	// Render has the number of workers and the directories of fonts.
	Render render.Options
	// Fit chooses the page for the model.
	Fit Fit
}

// Fit says how the page is chosen. The zero value takes the page size that
// costs the model the fewest tokens, with the type of the config.
type Fit struct {
	// Keep takes the page size of the config as it is.
	Keep bool
	// Budget is the most image tokens that the pages may cost, 0 for no bound.
	Budget int64
	// Ratio is the least number of text tokens for each image token, 0 for no
	// bound. At most one of Budget and Ratio is given.
	Ratio float64
	// MinPx is the smallest em in px that type may shrink to, 0 for the config's.
	MinPx float64
	// Progress is called while pages are compared, with the share that is done.
	// It may be nil.
	Progress func(done float64)
}

// target is what Options name, looked up.
type target struct {
	config  configs.Config
	profile *vision.Profile // nil without a model
	counter tokens.Counter
}

// defaultTokenizer counts text where no model is named: that of the most
// models, and close to many others.
const defaultTokenizer = "o200k"

var errNoModel = errors.New("no model; accepted: a name that the catalog has, such as gpt-5.5 or claude-opus-5")

func (o *Options) target() (*target, error) {
	t := &target{config: o.Config}
	if o.Config.DPI == 0 {
		cfg, err := configs.Preset(DefaultPreset)
		if err != nil {
			return nil, err
		}
		t.config = cfg
	}
	if o.Model == "" {
		counter, err := tokens.ForName(defaultTokenizer)
		t.counter = counter
		return t, err
	}
	catalog := o.Catalog
	if catalog == nil {
		catalog = vision.NewCatalog()
	}
	var err error
	if t.profile, err = catalog.Lookup(o.Model); err != nil {
		return nil, err
	}
	t.counter, err = plan.CounterFor(t.profile, o.Tokenizers)
	return t, err
}

// fit returns a renderer of the planned config, and the plan; without a model
// or with Fit.Keep the config stays as it is and the plan is nil.
func (o *Options) fit(ctx context.Context, t *target, docs []*Document) (*render.Renderer, *Planned, error) {
	r, err := render.New(t.config, o.Render)
	if err != nil || o.Fit.Keep || t.profile == nil {
		return r, nil, err
	}
	list, leftOut, err := plan.Readable(ctx, r, docs)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 {
		return nil, nil, nothing(leftOut)
	}
	p, err := plan.Solve(ctx, plan.Ask{
		Model: t.profile, Base: t.config, Budget: o.Fit.Budget, Ratio: o.Fit.Ratio, MinPx: o.Fit.MinPx,
		Tokenizers: o.Tokenizers, Options: o.Render, Progress: o.Fit.Progress,
	}, list)
	if err != nil {
		return nil, nil, err
	}
	r, err = render.New(p.Config, o.Render)
	return r, &Planned{p, leftOut}, err
}

// NothingError says why no document gave a page.
type NothingError struct{ LeftOut []render.LeftOut }

func nothing(leftOut []render.LeftOut) error { return &NothingError{leftOut} }

func (e *NothingError) Error() string {
	if len(e.LeftOut) == 1 {
		return fmt.Sprintf("drawing %q: %s", e.LeftOut[0].Name, e.LeftOut[0].Reason)
	}
	return fmt.Sprintf("%v: none of %d documents has text", render.ErrNothingDrawn, len(e.LeftOut))
}

func (e *NothingError) Unwrap() error { return render.ErrNothingDrawn }
