package eval

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	openai "github.com/sashabaranov/go-openai"

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
	options   func(question string) pack.Options
}

// instruction takes the place of the pack's, which asks for pages and lines:
// metrics would count them as part of the answer.
const instruction = `Answer the question below from these documents alone, with what it asks for and nothing else.
Copy identifiers, numbers, dates, names and other exact strings from the fact sheet if they are on it, else letter by letter.
Write [illegible] for what cannot be read.`

func (m *model) fromPages(ctx context.Context, q *question) (*answer, error) {
	r, err := only(q.pack)
	if err != nil {
		return nil, err
	}
	return m.unmarked(q)(m.ask(ctx, r.OpenAI(), r.Tokens.Total))
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
	return m.ask(ctx, r.OpenAI(), r.Tokens.Total)
}

// only is the one request of a pack. An answer made of several is another
// measure, which package ask has.
func only(k *pack.Pack) (*pack.Request, error) {
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
		k, err := pack.Build(ctx, []*document.Document{textDocument(text.String())}, m.drawer, m.options(q.probe.Question))
		if err != nil {
			return nil, err
		}
		return m.fromText(ctx, &question{pack: k})
	}
	labels := map[int]string{}
	var detail openai.ImageURLDetail // of every page of the pack
	var tail []openai.ChatMessagePart
	for _, r := range q.pack.Requests {
		parts := r.OpenAI()[1].MultiContent
		for i, p := range r.Parts { // each is a label and a page
			labels[p.Page.Number] = parts[2*i].Text
			detail = parts[2*i+1].ImageURL.Detail
		}
		tail = parts[2*len(r.Parts):]
	}
	r := q.pack.Requests[0]
	user := openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser}
	tokens := r.Tokens.Total - r.Tokens.Pages
	for _, v := range views {
		label := labels[v.page.Number]
		if v.shown.Strip {
			label += ", a strip of it"
		}
		user.MultiContent = append(user.MultiContent,
			openai.ChatMessagePart{Type: openai.ChatMessagePartTypeText, Text: label},
			openai.ChatMessagePart{Type: openai.ChatMessagePartTypeImageURL, ImageURL: &openai.ChatMessageImageURL{
				URL: "data:image/png;base64," + base64.StdEncoding.EncodeToString(v.page.PNG), Detail: detail}})
		tokens += v.shown.Tokens
	}
	user.MultiContent = append(user.MultiContent, tail...)
	return m.unmarked(q)(m.ask(ctx, []openai.ChatCompletionMessage{r.OpenAI()[0], user}, tokens))
}

// ask sends the messages of a pack with the instruction of this package. In
// them the question is last and the instruction before it.
func (m *model) ask(ctx context.Context, messages []openai.ChatCompletionMessage, tokens int64) (*answer, error) {
	parts := messages[1].MultiContent
	parts[len(parts)-2].Text = instruction
	resp, err := m.client.Do(ctx, llm.Request{
		Messages: messages, MaxTokens: m.maxAnswer, Seed: &m.seed, PromptTokens: int(tokens),
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
