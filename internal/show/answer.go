package show

import (
	"fmt"
	"io"
	"strings"

	"github.com/glyphkit/glyph/ask"
	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/exact/verify"
	"github.com/glyphkit/glyph/internal/term"
)

// Report prints what became of the exact strings of an answer, the worst first.
// Those that the text has as the answer writes them are only counted, unless all
// is set.
func Report(out io.Writer, r *verify.Report, all bool) {
	if len(r.Findings) == 0 {
		fmt.Fprintln(out, "verified: no exact string in the answer")
		return
	}
	var counts []string
	for _, s := range verify.Statuses() {
		if n := r.Counts[s]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %s", term.Thousands(n), s))
		}
	}
	fmt.Fprintf(out, "verified: %s\n", strings.Join(counts, ", "))
	for _, f := range verify.WorstFirst(r.Findings) {
		if all || !f.IsVerbatim() {
			fmt.Fprintf(out, "  %-12s %s\n", f.Status, finding(f))
		}
	}
}

// finding is a string of the answer, what it should be, and where that stands.
func finding(f verify.Finding) string {
	text := term.Clean(f.Text)
	switch {
	case f.Source != "":
		text += ", source writes " + term.Clean(f.Source)
	case f.Replacement != "":
		text += " is " + term.Clean(f.Replacement)
	case len(f.Candidates) > 0:
		text += " may be " + term.Clean(strings.Join(f.Candidates, ", "))
	}
	if len(f.Places) > 0 {
		text += ": " + place(f)
	}
	if f.Note != "" {
		text += " (" + term.Clean(f.Note) + ")"
	}
	return text
}

// place is where the text has a string first.
func place(f verify.Finding) string {
	p := f.Places[0]
	var where []string
	if p.Page > 0 {
		where = append(where, fmt.Sprintf("page %s", term.Thousands(p.Page)))
	}
	if p.Line > 0 {
		where = append(where, fmt.Sprintf("line %s", term.Thousands(p.Line)))
	}
	text := strings.Join(append(where, "of "+term.Clean(p.Source)), ", ")
	if more := f.PlaceCount - 1; more > 0 {
		text += fmt.Sprintf(" and %s more", term.Plural(more, "place", "places"))
	}
	return text
}

// Bill prints what was counted before and what was billed.
func Bill(out io.Writer, p *pack.Question, a *ask.Answer) {
	estimated, billed := term.Thousands(a.Estimated), term.Thousands(a.Usage.PromptTokens)
	if p.Price.Estimated {
		estimated = "~" + estimated
	}
	note := ""
	if a.Usage.Estimated {
		billed, note = "~"+billed, ", by our count, for the endpoint sent none"
	}
	if a.Estimated == 0 {
		fmt.Fprintln(out, "cost: no call brought an answer")
	} else {
		fmt.Fprintf(out, "cost: estimated %s prompt tokens, billed %s and %s of the answer%s; as text %s\n",
			estimated, billed, term.Thousands(a.Usage.CompletionTokens), note, term.Thousands(p.Price.AsText))
	}
	if a.Discarded > 0 {
		fmt.Fprintf(out, "cost: %s billed that brought no answer\n", term.Plural(a.Discarded, "call was", "calls were"))
	}
	if a.Maybe > 0 {
		fmt.Fprintf(out, "cost: on top of it %s may have been billed\n", term.Plural(a.Maybe, "failed attempt", "failed attempts"))
	}
}

// Sheet prints how many exact strings go to the model as pixels alone.
func Sheet(out io.Writer, p *pack.Question) {
	carried, left := 0, 0
	for _, r := range p.Requests {
		if r.Sheet == nil {
			left += r.Strings
			continue
		}
		carried += len(r.Sheet.Carried)
		for _, n := range r.Sheet.Left {
			left += n
		}
	}
	if left > 0 {
		fmt.Fprintf(out, "fact sheet: %s of %s; all: a larger --exact-budget\n", term.Thousands(carried), term.Plural(carried+left, "exact string", "exact strings"))
	}
}

// Pack prints what would be sent.
func Pack(out io.Writer, p *pack.Question) error {
	var b strings.Builder
	pages, texts := 0, 0
	for _, r := range p.Requests {
		for _, part := range r.Parts {
			if part.Page != nil {
				pages++
			} else {
				texts++
			}
		}
	}
	what := term.Plural(pages, "page", "pages")
	if texts > 0 {
		what += " and " + term.Plural(texts, "text part", "text parts")
	}
	fmt.Fprintf(&b, "%s of %s in %s for %s\n", what, term.Plural(len(p.Documents), "document", "documents"),
		term.Plural(len(p.Requests), "request", "requests"), term.Clean(p.Price.Model))
	fmt.Fprintf(&b, "price: %s (%s, confidence %s of %s)\n", p.Price, term.Clean(p.Price.Tokenizer), p.Price.Confidence, p.Price.Date)
	t := term.NewTable("<>>>>>>>>")
	t.Add("REQUEST", "PAGES", "LABELS", "TEXT", "LEGEND", "SHEET", "INSTRUCTION", "QUESTION", "TOKENS")
	for _, r := range p.Requests {
		k := r.Tokens
		t.Add(term.Thousands(r.Number), term.Thousands(k.Pages), term.Thousands(k.Labels), term.Thousands(k.Text), term.Thousands(k.Legend),
			term.Thousands(k.Sheet), term.Thousands(k.Instruction), term.Thousands(k.Question), term.Thousands(k.Total))
	}
	if err := t.Write(&b); err != nil {
		return err
	}
	Sheet(&b, p)
	b.WriteString("nothing was sent\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// Verified is a report as verify prints it.
type Verified struct {
	*verify.Report
	Findings []Finding `json:"findings"`
}

// Finding is a finding with the first of its places.
type Finding struct {
	verify.Finding
	Place *verify.Place `json:"place"` // null where the text has nothing
}

// NewVerified prepares a report for printing.
func NewVerified(r *verify.Report) *Verified {
	v := &Verified{Report: r, Findings: []Finding{}}
	for _, f := range r.Findings {
		place := (*verify.Place)(nil)
		if len(f.Places) > 0 {
			place = &f.Places[0]
		}
		v.Findings = append(v.Findings, Finding{f, place})
	}
	return v
}
