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
// A string of the answer that the sources do not hold is repaired when one
// source string of a kind that goes with it explains it as a misreading, by the
// glyphs that confusion.txt lists as alike (0 and O, 1, l, I and 7, rn and m),
// and is RepairOdds times as likely as everything else together: any other
// source string, misread, and a value that has nothing to do with it, of all
// that strings of its shape may have. How many these are is learned from the
// source: a date of a table of dates has few, a digest many. Where several
// source strings are in reach it is ambiguous, and they are listed; where none
// is it is absent. Glyphs that are not alike are never exchanged, such as 4 and
// 9 in an amount; nor is a digit for a digit where the source's strings come a
// digit apart, as counters do. Strings of fewer than four characters are not
// repaired, nor is what the question holds, or what numbers of the source give
// (Computed). Quotations are repaired by the same odds, a few characters that no
// glyph explains allowed.
//
// A repair is never silent: it is marked in the answer and listed. It is right
// only if the answer is about the sources: a true value that they lack, and that
// looks like one of theirs (INV-2047 beside INV-2041), is taken for that one.
// Of the values of another generated document of the same kind it is one in
// 1,000 (TestIndependentValues), of values made to look like one string of the
// source nearly all (TestNeverWrongToWrong prints how many). A misreading that
// gives another source string is Found: nobody can see it.
//
// Not noticed are misread words that look like words: load_signature read as
// load-signature is seen in back-ticks or quotation marks, not in running text.
package verify

import (
	"context"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/exact"
	"github.com/glyphkit/glyph/internal/value"
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
	Kind        value.Kind `json:"kind"`
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
// use. It keeps the texts and, beside them, 12 to 16 bytes a word, and for every
// distinct exact string 60 to 80 bytes and up to four for each of its bytes.
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
// answer may repeat though the sources do not hold them; it may be empty. A
// cancelled context ends it with the context's error; there is no other error.
func (x *Index) Verify(ctx context.Context, answer, question string) (*Report, error) {
	v := &verification{
		stopped:  func() bool { return ctx.Err() != nil },
		index:    x,
		answer:   answer,
		question: newOccurrences([]string{question}),
		checked:  map[checked]Finding{},
	}
	report := v.run()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return report, nil
}

// A verification is the state of one call of Verify.
type verification struct {
	stopped  func() bool // asked before each string and quotation
	index    *Index
	answer   string
	question *occurrences
	operands []number // numbers that the answer or the question mentions
	checked  map[checked]Finding
	findings []Finding
}

// checked is what a lookup depends on.
type checked struct {
	text string
	kind value.Kind
}

func (v *verification) run() *Report {
	found := exact.Find(v.answer)
	v.operands = v.mentioned(found)
	quotations := v.quotations()
	for _, f := range quotations {
		settled := f.Status != Absent && f.Status != Ambiguous
		found = slices.DeleteFunc(found, func(s exact.String) bool {
			return (settled || s.Kind == value.Quotation) && int(s.Start) < f.End && int(s.End) > f.Start
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
