package pack

import (
	"fmt"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/fence"
)

// Request is what one call to a model sends.
type Request struct {
	Number, Of int          // from 1
	Parts      []*Part      // pages and texts, in order
	Strings    int          // exact strings on these pages, however often each; 0 if no sheet was asked for
	Sheet      *exact.Sheet // nil if there is no string or no budget for it
	Tokens     Tokens

	pack     *Pack
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

// content is a piece of a request, whatever the API: text, or the PNG of a page.
type content struct {
	kind contentKind
	text string
	png  []byte
}

// compose lays out the contents of a request in the order that the package
// comment tells. Contents[0] is the preamble.
func (r *Request) compose(sheet string) {
	p := r.pack
	documents := len(p.Documents)
	r.contents = []content{{kind: preambleContent, text: preamble}}
	pages := 0
	for i := 0; i < len(r.Parts); {
		part := r.Parts[i]
		if part.Page != nil {
			r.contents = append(r.contents,
				content{kind: labelContent, text: pageLabel(part, documents)},
				content{kind: pageContent, png: part.Page.PNG})
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
		r.contents = append(r.contents, content{kind: textContent, text: label + "\n" + fence.Quote(text)})
	}
	if p.Legend != "" && pages > 0 {
		r.contents = append(r.contents, content{kind: legendContent, text: "On the pages: " + p.Legend})
	}
	if sheet != "" {
		r.contents = append(r.contents, content{kind: sheetContent, text: sheetTitle + "\n" + fence.Quote(sheet)})
	}
	r.contents = append(r.contents, content{kind: instructionContent, text: instruction + more(r.Number, r.Of)})
	if p.Question != "" {
		r.contents = append(r.contents, content{kind: questionContent, text: question(p.Question)})
	}
}

// price counts a composed request.
func (r *Request) price() error {
	r.Tokens = Tokens{}
	t := &r.Tokens
	for _, part := range r.Parts {
		if part.Page != nil {
			t.Pages += part.Tokens
		}
	}
	t.Total = t.Pages
	for _, c := range r.contents {
		if c.kind == pageContent {
			continue
		}
		n, err := r.pack.count(c.text)
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
