package eval

import (
	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/eval/task"
	"github.com/glyphkit/glyph/exact/verify"
)

// Outcome is what became of a probe under a condition: a score, or the reason
// why there is none.
type Outcome struct {
	Task  string `json:"task"`
	Probe string `json:"probe"` // its ID
	Condition

	Stratum  string    `json:"stratum"`
	Document string    `json:"document"`
	Cluster  string    `json:"cluster"`
	Length   int       `json:"length,omitempty"`
	Depths   []float64 `json:"depths,omitempty"`

	// Answer is what was scored, Raw what the reader answered where the
	// verification of Hybrid or Adaptive changed it.
	Answer string     `json:"answer"`
	Raw    string     `json:"raw,omitempty"`
	Score  task.Score `json:"score"`

	// Failure says what kept the reader from answering; "" if nothing did.
	Failure string `json:"failure,omitempty"`

	// Pages are what the reader saw, of Adaptive at the lowest DPI.
	Pages []Page `json:"pages,omitempty"`
	Rungs []rung `json:"rungs,omitempty"` // of Adaptive

	// OnSheet counts the gold answers that stand on the fact sheet of Hybrid.
	OnSheet int `json:"on_sheet,omitempty"`

	// Verified counts the answer's strings by what verification found.
	Verified map[verify.Status]int `json:"verified,omitempty"`

	Characters int       `json:"characters"` // of the text
	Tokens     tokenSums `json:"tokens"`

	// Usage and Cost are of a model's answers or readings, at its prices, whether
	// they were paid for this outcome or came from a store.
	Usage llm.Usage `json:"usage,omitzero"`
	Cost  float64   `json:"cost,omitempty"`
}

// tokenSums are counted for the model of Spec.
type tokenSums struct {
	Text  int64 `json:"text"`            // the document as text
	Pages int64 `json:"pages"`           // images that were read, on all rungs
	Sheet int64 `json:"sheet,omitempty"` // fact sheet
	Sent  int64 `json:"sent,omitempty"`  // text that was sent as text
}

// Spent is what was read in place of the text.
func (t tokenSums) Spent() int64 { return t.Pages + t.Sheet + t.Sent }

// Page is an image that the reader saw.
type Page struct {
	Number  int     `json:"number"` // in the document, from 1
	DPI     float64 `json:"dpi"`
	Width   int     `json:"width"`  // px
	Height  int     `json:"height"` // px
	Start   int64   `json:"start"`  // bytes of the probe's text
	End     int64   `json:"end"`
	SHA256  string  `json:"sha256"`  // of the PNG
	Reading string  `json:"reading"` // by which a transcript is kept: read.PageHash
	Tokens  int64   `json:"tokens"`

	// Top is where a strip begins on its page, in px. Strip says that it is one.
	Top   int  `json:"top,omitempty"`
	Strip bool `json:"strip,omitempty"`
}

// rung is a step of Adaptive.
type rung struct {
	DPI      float64 `json:"dpi"` // 0 for text
	Pages    []Page  `json:"pages,omitempty"`
	Bytes    int64   `json:"bytes,omitempty"` // of text that was sent
	Tokens   int64   `json:"tokens"`          // of these pages or bytes
	Answer   string  `json:"answer"`
	Verified bool    `json:"verified"` // the ladder ends here
	Value    float64 `json:"value"`    // of the answer's score, which the ladder does not look at
}

// key tells outcomes apart.
type key struct {
	task, probe string
	Condition
}

func (o *Outcome) key() key { return key{o.Task, o.Probe, o.Condition} }

func newOutcome(p *task.Probe, c Condition) *Outcome {
	return &Outcome{
		Task: p.Task, Probe: p.ID, Condition: c, Stratum: p.Stratum, Document: p.Document,
		Cluster: p.Cluster, Length: p.Length, Depths: p.Depths,
	}
}

// fail ends an outcome without an answer.
func (o *Outcome) fail(why string) {
	o.Failure, o.Score = why, task.Score{Unscored: why}
}
