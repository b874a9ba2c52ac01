package search

import (
	"errors"
	"fmt"

	"github.com/glyphkit/glyph/ask/llm"
)

// probeInfo describes a probe.
type probeInfo struct {
	Stratum string // kind of text: "prose", "code", "table", "cjk", "exact"
	HeldOut bool   // read for the finalists only, once, at the end

	// Document is what the text of the probe is from: intervals take the probes
	// of one document to depend on each other. "" is a document of its own.
	Document string
}

// extent is what a config makes of the documents, before any reading.
type extent struct {
	CharsPerToken float64 `json:"chars_per_token"` // characters of the documents per image token, > 0
	PixelsPerChar float64 `json:"pixels_per_char"` // px² of page per character
	GlyphPixels   float64 `json:"glyph_pixels"`    // px of the smallest em drawn
	PageHash      string  `json:"page_hash"`       // equal if and only if all pages are equal; "" if unknown
}

// outcome is what a reader made of one probe.
type outcome struct {
	Score   float64   `json:"score"` // 0..1, such as 1 - character error rate, clipped
	Misread []misread `json:"misread,omitempty"`

	// Cost is what the readings of the probe cost when they were made, which may
	// have been for another probe: it plans the budget. Paid is what an endpoint
	// billed for this one.
	Cost cost     `json:"cost"`
	Paid llm.Bill `json:"paid,omitzero"`
}

// misread is an example of what a reader got wrong.
type misread struct {
	Kind string `json:"kind"` // what errors are counted by, such as "l/1"
	Want string `json:"want"`
	Got  string `json:"got"`
}

// cost is what reading or proposing took. A page that an engine reads without an
// endpoint counts as an attempt that bills nothing.
type cost struct {
	llm.Bill
	Seconds float64 `json:"seconds,omitempty"` // of one worker
}

func (c cost) plus(d cost) cost { return cost{c.Bill.Plus(d.Bill), c.Seconds + d.Seconds} }

func (c cost) check() error {
	if !(c.Seconds >= 0 && c.Seconds < 1e12) {
		return fmt.Errorf("cost of %v seconds: want a finite number from 0", c.Seconds)
	}
	return checkBill(c.Bill)
}

func checkBill(b llm.Bill) error {
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

func (o outcome) check() error {
	if !(o.Score >= 0 && o.Score <= 1) {
		return fmt.Errorf("score %v: want a number from 0 to 1", o.Score)
	}
	return errors.Join(o.Cost.check(), checkBill(o.Paid))
}

func (s extent) check() error {
	for _, v := range []float64{s.CharsPerToken, s.PixelsPerChar, s.GlyphPixels} {
		if !(v >= 0 && v < 1e12) {
			return fmt.Errorf("size %+v: want finite numbers from 0", s)
		}
	}
	return nil
}

// Limits of what is kept of an outcome: examples are for people and prompts.
const maxMisread = 8

// trimmed bounds what an outcome takes in memory and in the journal.
func (o outcome) trimmed() outcome {
	kept := make([]misread, 0, min(len(o.Misread), maxMisread))
	for _, m := range o.Misread[:min(len(o.Misread), maxMisread)] {
		kept = append(kept, misread{clip(m.Kind), clip(m.Want), clip(m.Got)})
	}
	o.Misread = kept
	return o
}
