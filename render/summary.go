package render

import (
	"slices"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/fonts"
)

// Summary says what a bundle holds and what it does not.
type Summary struct {
	Dir         string            `json:"dir"`
	Config      string            `json:"config_sha256"`
	Documents   []documentSummary `json:"documents"`
	LeftOut     []LeftOut         `json:"left_out"`
	Totals      manifestTotals    `json:"totals"`
	MinWidth    int               `json:"min_width"` // px, of all pages
	MaxWidth    int               `json:"max_width"`
	MinHeight   int               `json:"min_height"`
	MaxHeight   int               `json:"max_height"`
	Dropped     []Tally           `json:"dropped"`
	Substituted []Tally           `json:"substituted"`
	Fonts       []fonts.Info      `json:"fonts"` // that drew something
	Legend      string            `json:"legend"`
	Preview     bool              `json:"preview"`

	Cost  manifestCost `json:"-"` // if a Model counted
	Sizes []pageSize   `json:"-"` // of all pages, in order
}

// pageSize is what limits of requests look at.
type pageSize struct {
	Width, Height int   // px
	Bytes         int64 // of the PNG
}

// documentSummary is a document of the bundle.
type documentSummary struct {
	Name       string            `json:"name"`
	Encoding   document.Encoding `json:"encoding"`
	Replaced   int               `json:"replaced"` // see ManifestText
	Han        bool              `json:"han"`      // most letters at its beginning are Chinese characters
	Bytes      int64             `json:"bytes"`
	FirstPage  int               `json:"first_page"` // from 1, over the whole bundle
	Pages      int               `json:"pages"`
	Characters int64             `json:"characters"` // on the pages

	Gate *Decision `json:"gate,omitempty"`
}

// Tally counts what was dropped or substituted for one reason.
type Tally struct {
	Reason noteReason `json:"reason"`
	Count  int        `json:"count"`
	Bytes  int64      `json:"bytes"`
	First  []place    `json:"first"` // at most three
}

// place is a position in a document.
type place struct {
	Document string `json:"document"`
	Offset   int64  `json:"offset"`          // in bytes, as the ranges of a Manifest count them
	Drawn    string `json:"drawn,omitempty"` // what stands there instead
}

// maxPlaces is how many places a Tally remembers.
const maxPlaces = 3

// Tallied counts a note of a document in a list of tallies, and returns the list.
func Tallied(list []Tally, document string, n Note) []Tally {
	i := slices.IndexFunc(list, func(t Tally) bool { return t.Reason == n.Reason })
	if i < 0 {
		i = len(list)
		list = append(list, Tally{Reason: n.Reason})
	}
	t := &list[i]
	t.Count++
	t.Bytes += n.End - n.Start
	if len(t.First) < maxPlaces {
		t.First = append(t.First, place{document, n.Start, n.Drawn})
	}
	return list
}

// Failed counts the documents that the caller named and that were left out.
func (s *Summary) Failed() int {
	n := 0
	for _, l := range s.LeftOut {
		if l.Failed {
			n++
		}
	}
	return n
}

// PixelsPerCharacter is the area in px² that a character of the source takes.
func (s *Summary) PixelsPerCharacter() float64 {
	return float64(s.Totals.Pixels) / float64(max(1, s.Totals.Characters))
}

// Transcoded lists the documents that were not UTF-8.
func (s *Summary) Transcoded() []documentSummary {
	return slices.DeleteFunc(slices.Clone(s.Documents), func(d documentSummary) bool { return !d.Encoding.Transcoded() })
}
