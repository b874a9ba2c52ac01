// Package verify checks what a reader wrote about a text against the text:
// every exact-looking string and every quotation of an answer is found in its
// sources, repaired, or said to be unclear or unsupported.
//
// It compares characters, not meaning: a number that stands in the source is
// found even where the sentence around it is wrong. Package exact, its
// sibling, says which strings of a text are exact.
//
// # When a string is repaired
//
// An answer's string y that is not in the sources is explained in four ways: it
// is the source's string s, misread; another source string, misread; a true
// value like s that the sources do not hold (the next invoice, a computed
// amount); or any value at all. Each has a probability: of a misreading by the
// table of confusion.txt, of a like value by how freely such strings vary at
// the place where y differs (see siblingCost), of any value by the number of
// strings of that shape. A string is repaired when s is at least RepairOdds
// times as likely as all the others together; one that is less clear is
// ambiguous, and its candidates are listed.
//
// It follows that a digit in place of a digit is not repaired in a number, a
// date or a counter, however alike the two look, since both values may be true;
// that a letter in a number is; and that numbers of up to three digits are
// rarely repaired.
package verify

import (
	"slices"
	"strings"

	"github.com/glyphkit/glyph/render/exact"
)

// A Source is a text that answers are checked against.
type Source struct {
	Name, Text string
	// Locate returns the page and the line, from 1, that show a byte of the
	// text. It may be nil, then places have neither. It must be safe for
	// concurrent use.
	Locate func(offset int64) (page, line int)
}

// Status is what became of a string of an answer.
type Status string

// The statuses of a string.
const (
	Found      Status = "found"       // the sources hold it
	Repaired   Status = "repaired"    // one source string was misread
	Ambiguous  Status = "ambiguous"   // source strings come near, none is clearly meant
	Absent     Status = "absent"      // the sources hold nothing like it
	InQuestion Status = "in-question" // only the question holds it
	Computed   Status = "computed"    // the sources do not hold it, but numbers that give it
)

// A Place is where a source holds a string.
type Place struct {
	Source string `json:"source"`
	Offset int64  `json:"offset"`         // in bytes
	Page   int    `json:"page,omitempty"` // from 1
	Line   int    `json:"line,omitempty"` // from 1
}

// A Finding is what became of one string of an answer.
type Finding struct {
	Start       int        `json:"start"` // bytes of the answer as it was given
	End         int        `json:"end"`
	Text        string     `json:"text"`
	Kind        exact.Kind `json:"kind"`
	Status      Status     `json:"status"`
	Replacement string     `json:"replacement,omitempty"` // of a repaired string
	Places      []Place    `json:"places,omitempty"`      // the first few
	PlaceCount  int        `json:"place_count"`           // of what was found, or of the replacement
	Candidates  []string   `json:"candidates,omitempty"`  // of an ambiguous string, likeliest first
	Note        string     `json:"note,omitempty"`
}

// A Report is a verified answer.
type Report struct {
	Answer string `json:"answer"` // repaired and marked, see Mark
	Plain  string `json:"plain"`  // repaired
	// Findings are in the order of the answer and do not overlap, except that
	// the strings in a quotation that is neither found nor repaired follow it.
	Findings []Finding      `json:"findings"`
	Counts   map[Status]int `json:"counts"` // findings by status, all six
}

const (
	maxPlaces     = 5
	maxCandidates = 5
)

// An Index holds the strings and words of sources. It is safe for concurrent
// use and never changes. It keeps the texts and, beside them, 12 to 16 bytes a
// word, and for every distinct exact string its length, 32 bytes, and 12 bytes
// for each 16 characters and twice more.
type Index struct {
	sources []Source
	words   *occurrences
	strings *stringSet
	spaced  *stringSet // those of several words
	numbers []number
}

// New indexes sources. It takes about as long as finding their exact strings.
func New(sources []Source) *Index {
	x := &Index{sources: slices.Clone(sources)}
	texts := make([]string, len(sources))
	seen := map[string]bool{}
	var all, spaced []entry
	for i, s := range sources {
		texts[i] = s.Text
		for _, e := range exact.Find(s.Text) {
			if len(e.Text) > maxStringLength || seen[e.Text] || !hasWord(e.Text) {
				continue
			}
			seen[e.Text] = true
			all = append(all, entry{e.Text, e.Kind})
			if strings.ContainsAny(e.Text, " \t\u00a0\u202f") {
				spaced = append(spaced, entry{e.Text, e.Kind})
			}
		}
	}
	x.words = newOccurrences(texts)
	x.strings = newStringSet(all)
	x.spaced = newStringSet(spaced)
	x.numbers = sourceNumbers(all)
	return x
}

// Verify checks an answer to a question. The question holds strings that the
// answer may repeat though the sources do not hold them; it may be empty.
func (x *Index) Verify(answer, question string) *Report {
	v := &verification{
		index:    x,
		answer:   answer,
		question: newOccurrences([]string{question}),
	}
	return v.run()
}

// A verification is the state of one call of Verify.
type verification struct {
	index    *Index
	answer   string
	question *occurrences
	operands []number // numbers that the answer or the question mentions
	findings []Finding
}

func (v *verification) run() *Report {
	found := exact.Find(v.answer)
	v.operands = v.mentioned(found)
	quotations := v.quotations()
	for _, f := range quotations {
		settled := f.Status != Absent && f.Status != Ambiguous
		found = slices.DeleteFunc(found, func(s exact.String) bool {
			return (settled || s.Kind == exact.Quoted) && int(s.Start) < f.End && int(s.End) > f.Start
		})
	}
	v.findings = quotations
	v.checkStrings(found)
	slices.SortStableFunc(v.findings, func(a, b Finding) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	r := &Report{Findings: v.findings, Counts: map[Status]int{
		Found: 0, Repaired: 0, Ambiguous: 0, Absent: 0, InQuestion: 0, Computed: 0,
	}}
	for _, f := range r.Findings {
		r.Counts[f.Status]++
	}
	r.Answer, r.Plain = marked(v.answer, r.Findings)
	return r
}

// settled tells whether a quotation that needs no look at its parts overlaps a
// range.
func settled(quotations []Finding, start, end int) bool {
	for _, q := range quotations {
		if q.Start < end && q.End > start && q.Status != Absent && q.Status != Ambiguous {
			return true
		}
	}
	return false
}

func (x *Index) places(found []occurrence) []Place {
	var places []Place
	for _, o := range found[:min(len(found), maxPlaces)] {
		s := x.sources[o.source]
		p := Place{Source: s.Name, Offset: int64(o.start)}
		if s.Locate != nil {
			p.Page, p.Line = s.Locate(p.Offset)
		}
		places = append(places, p)
	}
	return places
}

func hasWord(s string) bool {
	found := false
	eachWord(s, func(int, int) { found = true })
	return found
}
