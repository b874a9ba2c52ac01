package eval

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/render"
)

// model answers through an endpoint.
type model struct {
	client    *llm.Client
	maxAnswer int
	seed      int
	markers   markers
	drawer    *render.Renderer // of texts that are sent as text
	options   pack.Options
}

// instruction takes the place of that of package pack, which asks for pages and lines:
// metrics would count them as part of the answer.
const instruction = `Answer the question below from these documents alone, with what it asks for and nothing else.
Copy identifiers, numbers, dates, names and other exact strings from the fact sheet if they are on it, else letter by letter.
Write [illegible] for what cannot be read.`

func (m *model) fromPages(ctx context.Context, q *question) (*answer, error) {
	r, err := only(q.pack)
	if err != nil {
		return nil, err
	}
	return m.unmarked(q)(m.ask(ctx, r))
}

// unmarked undoes the newline markers that an answer copies from pages.
func (m *model) unmarked(q *question) func(*answer, error) (*answer, error) {
	return func(a *answer, err error) (*answer, error) {
		a.text = m.markers.undo(q.config, a.text)
		return a, err
	}
}

func (m *model) fromText(ctx context.Context, q *question) (*answer, error) {
	k, err := q.pack.TextOnly()
	if err != nil {
		return nil, err
	}
	r, err := only(k)
	if err != nil {
		return nil, err
	}
	return m.ask(ctx, r)
}

// only is the one request of a pack. An answer made of several is another
// measure, which package ask has.
func only(k *pack.Question) (*pack.Request, error) {
	if n := len(k.Requests); n != 1 {
		return nil, fmt.Errorf("it takes %d requests within the limits of %s; accepted: a text that fits one", n, k.Price.Model)
	}
	return k.Requests[0], nil
}

// again sends what is read anew, and nothing else of the document.
func (m *model) again(ctx context.Context, q *question, _ *answer, views []view) (*answer, error) {
	if views[0].page == nil {
		var text strings.Builder
		for _, v := range views {
			text.WriteString(v.text)
		}
		k, err := pack.Build(ctx, []*document.Document{textDocument(text.String())}, m.drawer, m.options)
		if err != nil {
			return nil, err
		}
		asked, err := k.Ask(q.probe.Question)
		if err != nil {
			return nil, err
		}
		return m.fromText(ctx, &question{pack: asked})
	}
	r, err := only(q.pack)
	if err != nil {
		return nil, err
	}
	shown := make([]pack.View, len(views))
	for i, v := range views {
		shown[i] = pack.View{Part: v.part, PNG: v.page.PNG, Strip: v.shown.Strip, Tokens: v.shown.Tokens}
	}
	if r, err = r.With(shown); err != nil {
		return nil, err
	}
	return m.unmarked(q)(m.ask(ctx, r))
}

// ask sends a request.
func (m *model) ask(ctx context.Context, r *pack.Request) (*answer, error) {
	tokens := r.Tokens.Total
	resp, err := m.client.Do(ctx, llm.Request{
		Messages: r.Messages(), MaxTokens: m.maxAnswer, Seed: &m.seed, PromptTokens: int(tokens),
	}, nil)
	a := &answer{paid: llm.CallBill(resp, err)}
	if resp != nil {
		a.text, a.usage, a.cost = resp.Text, resp.Usage, m.client.Price().Of(resp.Usage)
		if resp.CacheErr != nil {
			return a, resp.CacheErr
		}
	}
	if err == nil && resp.Truncated() {
		err = fmt.Errorf("the answer ends at %d tokens; accepted: a larger limit", m.maxAnswer)
	}
	return a, err
}

// stands follows verification: where the strings that it found stand, and those
// that an unclear one may be.
func (m *model) stands(before *answer) []place {
	var out []place
	for _, f := range before.check.report.Findings {
		for _, p := range f.Places {
			out = before.check.at(out, p.Offset)
		}
		if f.Status != verify.Ambiguous {
			continue
		}
		for _, c := range f.Candidates {
			if at := strings.Index(before.check.text, c); at >= 0 {
				out = before.check.at(out, int64(at))
			}
		}
	}
	return out
}

func textDocument(text string) *document.Document {
	return &document.Document{
		Name: pageName, Charset: "utf-8", Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}
}
