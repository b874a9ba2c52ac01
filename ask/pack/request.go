package pack

import (
	"fmt"

	"github.com/glyphkit/glyph/ask/wire"
	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/fence"
)

// Request is what one call to a model sends.
type Request struct {
	Number, Of int          // from 1
	Parts      []*Part      // pages and texts, in order
	Strings    int          // exact strings on these pages, however often each; 0 if no sheet was asked for
	Sheet      *exact.Sheet // nil if there is no string or no budget for it
	Tokens     Tokens

	question *Question
	contents []content
}

// Tokens is what a request costs, part by part.
type Tokens struct {
	Instruction int64 `json:"instruction"` // preamble and instruction
	Labels      int64 `json:"labels"`      // of pages
	Pages       int64 `json:"pages"`
	Text        int64 `json:"text"` // documents sent as text, with their labels
	Legend      int64 `json:"legend"`
	Sheet       int64 `json:"sheet"`
	Question    int64 `json:"question"`
	Total       int64 `json:"total"`
}

type contentKind int

const (
	preambleContent contentKind = iota
	labelContent
	pageContent
	textContent
	legendContent
	sheetContent
	instructionContent
	questionContent
)

// content is a piece of a request.
type content struct {
	kind contentKind
	wire.Part
	tokens int64 // of a page
}

// compose lays out the contents of a request in the order that the package
// comment tells. Contents[0] is the preamble.
func (r *Request) compose(sheet string) {
	documents := len(r.question.Documents)
	r.contents = nil
	r.add(preambleContent, secrets.Own(preamble))
	pages := 0
	for i := 0; i < len(r.Parts); {
		part := r.Parts[i]
		if part.Page != nil {
			r.addPage(pageLabel(part, documents), View{Part: part, PNG: part.Page.PNG, Tokens: part.Tokens})
			pages++
			i++
			continue
		}
		last := part
		for i++; i < len(r.Parts) && r.Parts[i].Page == nil && r.Parts[i].doc == part.doc; i++ {
			last = r.Parts[i]
		}
		text, _ := escapeInvalid(part.doc.Text[part.Start:last.End])
		label := textLabel(part.doc, part.FirstLine, last.LastLine, documents)
		r.add(textContent, part.doc.checked.Derive(label+"\n"+fence.Quote(text)))
	}
	r.frame(pages > 0, sheet)
}

// frame adds what stands behind the documents. The sheet is "" or made of
// strings of the documents.
func (r *Request) frame(pages bool, sheet string) {
	q := r.question
	if pages {
		r.addLegend()
	}
	if sheet != "" {
		r.add(sheetContent, q.Documents[0].checked.Derive(sheetTitle+"\n"+fence.Quote(sheet)))
	}
	r.add(instructionContent, q.instruction.Derive(q.instruction.Text()+more(r.Number, r.Of)))
	if q.Text != "" {
		r.add(questionContent, q.checked.Derive(question(q.Text)))
	}
}

func (r *Request) addLegend() {
	if legend := r.question.Legend; legend != "" {
		r.add(legendContent, secrets.Own("").Derive("On the pages: "+legend))
	}
}

func (r *Request) add(kind contentKind, text secrets.Checked) {
	r.contents = append(r.contents, content{kind: kind, Part: wire.Part{Checked: text}})
}

func (r *Request) addPage(label string, v View) {
	r.add(labelContent, v.Part.doc.checked.Derive(label))
	r.contents = append(r.contents, content{
		kind:   pageContent,
		Part:   wire.Part{Checked: v.Part.Shows(), PNG: v.PNG, Detail: r.question.o.Model.Detail},
		tokens: v.Tokens,
	})
}

// Messages are what the request says, whatever the API: the preamble as system
// message, all else as one user message of several parts.
func (r *Request) Messages() []wire.Message {
	user := make([]wire.Part, len(r.contents)-1)
	for i, c := range r.contents[1:] {
		user[i] = c.Part
	}
	return []wire.Message{wire.Text(wire.System, r.contents[0].Checked), {Role: wire.User, Parts: user}}
}

// OpenAI returns the body for OpenAI-style chat completions.
func (r *Request) OpenAI() wire.OpenAI { return wire.OpenAIOf(r.Messages()) }

// Anthropic returns the body for Anthropic's Messages API.
func (r *Request) Anthropic() wire.Anthropic { return wire.AnthropicOf(r.Messages()) }

// Gemini returns the body for generateContent of the Gemini API.
func (r *Request) Gemini() wire.Gemini { return wire.GeminiOf(r.Messages()) }

// View is another picture of a page: at another resolution, or a strip of it.
type View struct {
	Part   *Part // the page
	PNG    []byte
	Strip  bool
	Tokens int64 // what the picture costs
}

// With is the same request with views in the place of its pages, which they may
// show in part only. Its texts are left out.
func (r *Request) With(views []View) (*Request, error) {
	v := *r
	v.Parts, v.Strings, v.contents = nil, 0, nil
	v.add(preambleContent, r.contents[0].Checked)
	for _, view := range views {
		label := pageLabel(view.Part, len(r.question.Documents))
		if view.Strip {
			label += ", a strip of it"
		}
		v.addPage(label, view)
	}
	for _, c := range r.contents {
		if c.kind >= legendContent {
			v.contents = append(v.contents, c)
		}
	}
	return &v, v.price()
}

// price counts a composed request.
func (r *Request) price() error {
	r.Tokens = Tokens{}
	t := &r.Tokens
	for _, c := range r.contents {
		if c.kind == pageContent {
			t.Pages += c.tokens
			t.Total += c.tokens
			continue
		}
		n, err := r.question.count(c.Checked.Text())
		if err != nil {
			return err
		}
		t.Total += n
		switch c.kind {
		case preambleContent, instructionContent:
			t.Instruction += n
		case labelContent:
			t.Labels += n
		case textContent:
			t.Text += n
		case legendContent:
			t.Legend += n
		case sheetContent:
			t.Sheet += n
		case questionContent:
			t.Question += n
		}
	}
	return nil
}

func (t *Tokens) add(o Tokens) {
	t.Instruction += o.Instruction
	t.Labels += o.Labels
	t.Pages += o.Pages
	t.Text += o.Text
	t.Legend += o.Legend
	t.Sheet += o.Sheet
	t.Question += o.Question
	t.Total += o.Total
}

// Price is what the requests of a pack cost together.
type Price struct {
	Model      string `json:"model"`
	Confidence string `json:"confidence"` // of the count of pages: A to D
	Date       string `json:"date"`       // when that was true
	Tokenizer  string `json:"tokenizer"`

	// Estimated says that the tokenizer is an estimate or the count of pages
	// inferred (confidence C or D).
	Estimated bool `json:"estimated"`

	Tokens

	// AsText is what the same documents and question cost as quoted text in one
	// request. Saving is AsText less Total, negative if pages cost more, and
	// Ratio is AsText over Total.
	AsText int64   `json:"as_text"`
	Saving int64   `json:"saving"`
	Ratio  float64 `json:"ratio"`
}

// Cheaper reports whether the pack costs less than its documents as text.
func (p Price) Cheaper() bool { return p.Saving > 0 }

// String tells the price in a line, with "~" before what is estimated.
func (p Price) String() string {
	tilde := ""
	if p.Estimated {
		tilde = "~"
	}
	if p.Saving < 0 {
		return fmt.Sprintf("%s%d tokens, %s%d as text: %s%d more", tilde, p.Total, tilde, p.AsText, tilde, -p.Saving)
	}
	return fmt.Sprintf("%s%d tokens, %s%d as text: %s%d saved, %.1f:1", tilde, p.Total, tilde, p.AsText, tilde, p.Saving, p.Ratio)
}
