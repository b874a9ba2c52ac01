package probe

import (
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
	"github.com/glyphkit/glyph/internal/search/clip"
)

// Info describes a probe.
type Info struct {
	Stratum string // kind of text: "prose", "code", "table", "cjk", "exact"
	HeldOut bool   // read for the finalists only, once, at the end

	// Document is what the text of the probe is from: intervals take the probes
	// of one document to depend on each other. "" is a document of its own.
	Document string
}

// Size is what a config makes of the documents, before any reading.
type Size struct {
	CharsPerToken float64 `json:"chars_per_token"` // characters of the documents per image token, > 0
	PixelsPerChar float64 `json:"pixels_per_char"` // px² of page per character
	GlyphPixels   float64 `json:"glyph_pixels"`    // px of the smallest em drawn
	PageHash      string  `json:"page_hash"`       // equal if and only if all pages are equal; "" if unknown
}

// Outcome is what a reader made of one probe.
type Outcome struct {
	Score   float64   `json:"score"` // 0..1, such as 1 - character error rate, clipped
	Misread []Misread `json:"misread,omitempty"`

	// Cost is what the readings of the probe cost when they were made, which may
	// have been for another probe: it plans the budget. Paid is what an endpoint
	// billed for this one.
	Cost Cost     `json:"cost"`
	Paid llm.Bill `json:"paid,omitzero"`
}

// Misread is an example of what a reader got wrong.
type Misread struct {
	Kind string `json:"kind"` // what errors are counted by, such as "l/1"
	Want string `json:"want"`
	Got  string `json:"got"`
}

// Cost is what reading or proposing took. A page that an engine reads without an
// endpoint counts as an attempt that bills nothing.
type Cost struct {
	llm.Bill
	Seconds float64 `json:"seconds,omitempty"` // of one worker
}

// Plus returns the sum of two costs.
func (c Cost) Plus(d Cost) Cost { return Cost{c.Bill.Plus(d.Bill), c.Seconds + d.Seconds} }

// Check refuses a cost that no reading can have.
func (c Cost) Check() error {
	if !(c.Seconds >= 0 && c.Seconds < 1e12) {
		return fmt.Errorf("cost of %v seconds: want a finite number from 0", c.Seconds)
	}
	return CheckBill(c.Bill)
}

// CheckBill refuses a bill with a number below 0 or one that is not finite.
func CheckBill(b llm.Bill) error {
	ok := true
	for _, n := range []int64{
		int64(b.Attempts), int64(b.PromptTokens), int64(b.CachedTokens), int64(b.CompletionTokens), int64(b.ReasoningTokens),
		int64(b.MaybeAttempts), b.MaybeTokens, b.MostTokens,
	} {
		ok = ok && n >= 0
	}
	for _, money := range []float64{b.Money, b.MaybeMoney, b.MostMoney} {
		ok = ok && money >= 0 && money < 1e12
	}
	if !ok {
		return fmt.Errorf("bill %+v: want finite numbers from 0", b)
	}
	return nil
}

// Check refuses a score outside 0 to 1, and a cost or a bill that cannot be.
func (o Outcome) Check() error {
	if !(o.Score >= 0 && o.Score <= 1) {
		return fmt.Errorf("score %v: want a number from 0 to 1", o.Score)
	}
	return errors.Join(o.Cost.Check(), CheckBill(o.Paid))
}

// Check refuses numbers below 0 and those that are not finite.
func (s Size) Check() error {
	for _, v := range []float64{s.CharsPerToken, s.PixelsPerChar, s.GlyphPixels} {
		if !(v >= 0 && v < 1e12) {
			return fmt.Errorf("size %+v: want finite numbers from 0", s)
		}
	}
	return nil
}

// Limits of what is kept of an outcome: examples are for people and prompts.
const maxMisread = 8

// Trimmed bounds what an outcome takes in memory and in the journal.
func (o Outcome) Trimmed() Outcome {
	kept := make([]Misread, 0, min(len(o.Misread), maxMisread))
	for _, m := range o.Misread[:min(len(o.Misread), maxMisread)] {
		kept = append(kept, Misread{clip.Text(m.Kind), clip.Text(m.Want), clip.Text(m.Got)})
	}
	o.Misread = kept
	return o
}
