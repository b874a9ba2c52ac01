package verify

import (
	"fmt"
	"slices"
	"strings"
)

// Mark is what a marked answer holds after the text of a finding, in square
// brackets, or "" where nothing needs to be said:
//
//	repaired    [was: text as the reader gave it]
//	ambiguous   [unclear: first candidate | second …]
//	absent        [unsupported]
//	contradicted  [source: what the sources have]
func (f Finding) Mark() string {
	switch f.Status {
	case Repaired:
		return "[was: " + f.Text + "]"
	case Ambiguous:
		shown := f.Candidates[:min(len(f.Candidates), 2)]
		more := ""
		if n := len(f.Candidates) - len(shown); n > 0 {
			more = fmt.Sprintf(" | %d more", n)
		}
		return "[unclear: " + strings.Join(shown, " | ") + more + "]"
	case Contradicted:
		return "[source: " + f.Source + "]"
	case Absent:
		return "[unsupported]"
	}
	return ""
}

// marked applies repairs to an answer, with and without marks. What no finding
// covers stays as it is, byte for byte.
func marked(answer string, findings []Finding) (withMarks, plain string) {
	type change struct {
		start, end        int
		replacement, mark string
	}
	var changes []change
	for _, f := range findings {
		mark := f.Mark()
		switch {
		case f.Status == Repaired:
			changes = append(changes, change{f.Start, f.End, f.Replacement, mark})
		case mark != "":
			changes = append(changes, change{f.End, f.End, "", mark})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.end - b.end })
	// The mark of a quotation follows those of the strings at its end.
	for i := 1; i < len(changes); i++ {
		for j := i; j > 0 && changes[j].end == changes[j-1].end && changes[j].start < changes[j-1].start; j-- {
			changes[j], changes[j-1] = changes[j-1], changes[j]
		}
	}
	var m, p strings.Builder
	at := 0
	for _, c := range changes {
		for _, b := range []*strings.Builder{&m, &p} {
			b.WriteString(answer[at:c.start])
			b.WriteString(c.replacement)
		}
		m.WriteString(c.mark)
		at = c.end
	}
	m.WriteString(answer[at:])
	p.WriteString(answer[at:])
	return m.String(), p.String()
}
