// Package plan answers what a document costs as text and as pages for a model,
// which page geometry is cheapest for it, and whether drawing it pays at all.
// No model is called and no pixel painted.
//
// It stands on package render (where the pages come from), model/vision (what
// an image costs) and model/tokens (what text costs).
package plan

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/glyphkit/glyph/model/tokens"
	"github.com/glyphkit/glyph/model/vision"
	"github.com/glyphkit/glyph/render"
)

// Document is a text to be priced. Open is called as often as it is read.
type Document struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Cost is what documents cost for one model.
type Cost struct {
	Model      string `json:"model"`
	Confidence string `json:"confidence"` // of the image rule: A to D
	Date       string `json:"date"`       // of the image rule
	Rule       string `json:"rule"`       // name of the image rule

	TextTokens int64  `json:"text_tokens"`
	Tokenizer  string `json:"tokenizer"`
	Estimated  bool   `json:"estimated"` // TextTokens is an estimate

	Pages       int   `json:"pages"`
	Pixels      int64 `json:"pixels"`
	Characters  int64 `json:"characters"`
	ImageTokens int64 `json:"image_tokens"` // overhead of images and requests included
	Overhead    int64 `json:"overhead"`     // the part of ImageTokens that is a fixed cost of images and requests
	Resampled   int   `json:"resampled"`    // pages that the model scales before it looks

	// Ratio is Glyph's compression ratio: text tokens over image tokens.
	Ratio              float64 `json:"ratio"`
	CharactersPerToken float64 `json:"characters_per_image_token"`
	PixelsPerCharacter float64 `json:"px2_per_character"`

	Requests int               `json:"requests"` // that it takes to stay inside the limits
	Exceeded []vision.Exceeded `json:"exceeded"` // limits that one request with all pages would exceed

	Money *money `json:"money,omitempty"` // nil where no price is known
}

// money is what input costs at the price list of the profile.
type money struct {
	Currency   string  `json:"currency"`
	Date       string  `json:"date"`
	Source     string  `json:"source"`
	Text       float64 `json:"text"`
	Image      float64 `json:"image"`
	TextCached float64 `json:"text_cached,omitempty"`
	PageCached float64 `json:"image_cached,omitempty"`
}

// Cheaper reports whether pages cost less than text.
func (c *Cost) Cheaper() bool { return c.ImageTokens < c.TextTokens }

// Error is why a model has no cost for a document: a page that it refuses.
type Error struct {
	Model string
	Page  int
	Err   error
}

func (e *Error) Error() string {
	return fmt.Sprintf("pricing page %d for %s: %v", e.Page, e.Model, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Measured is a document laid out under one config, without pixels.
type Measured struct {
	Images     []vision.ImageInfo
	Characters int64
	Lines      int
}

// measure lays documents out. Each begins on a page of its own.
func measure(ctx context.Context, r *render.Renderer, docs []Document) (*Measured, error) {
	m := &Measured{}
	for _, d := range docs {
		rc, err := d.Open()
		if err != nil {
			return nil, fmt.Errorf("reading %q: %w", d.Name, err)
		}
		err = m.add(ctx, r, d.Name, rc)
		rc.Close()
		if err != nil {
			return nil, fmt.Errorf("laying out %q: %w", d.Name, err)
		}
	}
	return m, nil
}

func (m *Measured) add(ctx context.Context, r *render.Renderer, name string, src io.Reader) error {
	for p, err := range r.Measure(ctx, name, src) {
		if err != nil {
			return err
		}
		m.page(p)
	}
	return nil
}

func (m *Measured) page(p *render.Page) {
	m.Images = append(m.Images, vision.ImageInfo{Width: p.Width, Height: p.Height})
	m.Characters += int64(p.Runes)
	m.Lines += len(p.Lines)
}

// countText counts the tokens of documents with every counter, in one reading.
func countText(ctx context.Context, docs []Document, counters []tokens.Counter) ([]int64, error) {
	counts := make([]int64, len(counters))
	for _, d := range docs {
		rc, err := d.Open()
		if err != nil {
			return nil, fmt.Errorf("reading %q: %w", d.Name, err)
		}
		err = countOne(ctx, rc, counters, counts)
		rc.Close()
		if err != nil {
			return nil, fmt.Errorf("counting tokens of %q: %w", d.Name, err)
		}
	}
	return counts, nil
}

func countOne(ctx context.Context, src io.Reader, counters []tokens.Counter, counts []int64) error {
	pipes := make([]io.Writer, len(counters))
	var wg sync.WaitGroup
	errs := make([]error, len(counters))
	var closers []*io.PipeWriter
	for i, c := range counters {
		pr, pw := io.Pipe()
		pipes[i] = pw
		closers = append(closers, pw)
		wg.Go(func() {
			n, err := c.Count(pr)
			counts[i] += n
			errs[i] = err
			pr.CloseWithError(err)
		})
	}
	_, err := io.Copy(io.MultiWriter(pipes...), contextReader{ctx, src})
	for _, w := range closers {
		w.CloseWithError(err) // nil is io.EOF to the counters
	}
	wg.Wait()
	if err == nil {
		err = slices.MaxFunc(append(errs, nil), func(a, b error) int {
			return boolInt(a != nil) - boolInt(b != nil)
		})
	}
	return err
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// contextReader stops a copy when the context is done.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// ImageCost prices the pages of m for a model.
func ImageCost(p *vision.Profile, m *Measured) (Cost, error) {
	c := Cost{
		Model: p.Name, Confidence: p.Confidence, Date: p.Date, Rule: p.Rule.Name(),
		Pages: len(m.Images), Characters: m.Characters,
	}
	type size struct{ w, h int }
	seen := map[size]vision.View{} // pages of a document are of few sizes
	for i, img := range m.Images {
		v, ok := seen[size{img.Width, img.Height}]
		if !ok {
			var err error
			if v, err = p.View(img.Width, img.Height); err != nil {
				return c, &Error{p.Name, i + 1, err}
			}
			seen[size{img.Width, img.Height}] = v
		}
		c.ImageTokens += int64(v.Tokens + v.Overhead)
		c.Overhead += int64(v.Overhead)
		c.Pixels += int64(img.Width) * int64(img.Height)
		if v.SeenWidth != img.Width || v.SeenHeight != img.Height {
			c.Resampled++
		}
	}
	c.Requests = p.Requests(m.Images)
	c.Exceeded = append([]vision.Exceeded{}, p.Check(m.Images)...) // a list in JSON, never null
	if c.ImageTokens > 0 {
		c.CharactersPerToken = float64(c.Characters) / float64(c.ImageTokens)
	}
	if c.Characters > 0 {
		c.PixelsPerCharacter = float64(c.Pixels) / float64(c.Characters)
	}
	return c, nil
}

// AddText completes the cost of pages with the tokens of the text. Sent is what
// goes to the model in the end: the image tokens, and text that was kept.
func (c *Cost) AddText(p *vision.Profile, text tokens.Count, sent int64) {
	c.TextTokens, c.Tokenizer, c.Estimated = text.Tokens, text.Tokenizer, text.Estimated
	if sent > 0 {
		c.Ratio = float64(text.Tokens) / float64(sent)
	}
	if l := p.Price; l != nil {
		amount := func(tokens int64, perMillion float64) float64 {
			return math.Round(float64(tokens)*perMillion) / 1e6
		}
		c.Money = &money{
			Currency: l.Currency, Date: l.Date, Source: l.Source,
			Text: amount(text.Tokens, l.Input), Image: amount(sent, l.Input),
			TextCached: amount(text.Tokens, l.CachedInput), PageCached: amount(sent, l.CachedInput),
		}
	}
}

func count(c tokens.Counter, n int64) tokens.Count {
	return tokens.Count{Tokens: n, Estimated: !c.Exact(), Tokenizer: c.Name()}
}

// Price computes what documents cost as text and as the pages of r, for each
// model, in the order of models. Pages are laid out once and text is counted
// once for each tokenizer. own holds tokenizers of the user's by name; it may be
// nil. errs[i] is set where models[i] accepts no page of this size.
func Price(ctx context.Context, r *render.Renderer, docs []Document, models []*vision.Profile, own map[string]tokens.Counter) (costs []Cost, errs []error, err error) {
	counters, of, err := countersFor(models, own)
	if err != nil {
		return nil, nil, err
	}
	var (
		wg       sync.WaitGroup
		counts   []int64
		countErr error
	)
	wg.Go(func() { counts, countErr = countText(ctx, docs, counters) })
	m, err := measure(ctx, r, docs)
	wg.Wait()
	if err == nil {
		err = countErr
	}
	if err != nil {
		return nil, nil, err
	}
	costs, errs = make([]Cost, len(models)), make([]error, len(models))
	for i, p := range models {
		costs[i], errs[i] = ImageCost(p, m)
		costs[i].AddText(p, count(counters[of[i]], counts[of[i]]), costs[i].ImageTokens)
	}
	return costs, errs, nil
}

// CounterFor returns what counts a model's text: exactly where its vocabulary is
// embedded or the user gave the file (own, by the name of the tokenizer), else
// an estimate.
func CounterFor(p *vision.Profile, own map[string]tokens.Counter) (tokens.Counter, error) {
	name := p.TextTokenizer
	if c := own[strings.TrimPrefix(name, "estimate:")]; c != nil {
		return c, nil
	}
	var err error
	for _, name := range []string{name, "estimate:" + name, "estimate:other"} {
		var c tokens.Counter
		if c, err = tokens.ForName(name); err == nil {
			return c, nil
		}
	}
	return nil, fmt.Errorf("counting text for %s: %w", p.Name, err)
}

// countersFor returns the distinct counters of models and which is whose.
func countersFor(models []*vision.Profile, own map[string]tokens.Counter) (counters []tokens.Counter, of []int, err error) {
	for _, p := range models {
		c, err := CounterFor(p, own)
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(counters, func(d tokens.Counter) bool { return d.Name() == c.Name() })
		if i < 0 {
			i = len(counters)
			counters = append(counters, c)
		}
		of = append(of, i)
	}
	return counters, of, nil
}
