// Package secrets finds credentials in a text before it is drawn and sent:
// keys and tokens of providers, private key blocks, passwords in URLs, and
// assignments of what looks random to what is called a key.
//
// The rules are those of gitleaks, as they are, and a few of our own; the
// engine is ours. The package does not ask whether a key still works, reads no
// archives and decodes nothing: a secret inside base64 is not seen.
//
// [Check] and [Guard] give a [Checked] for a text that may leave the machine.
// Package ask/llm sends nothing without one, so that no sender can forget the
// check:
//
//	checked, err := secrets.Check(text, secrets.Block)
package secrets

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is where a secret stands: the bytes [Start, End) of the text. It does
// not hold the secret.
type Finding struct {
	Document    string `json:"document"` // "" for a text without a name, such as a question
	Line        int    `json:"line"`     // from 1; lines end in LF, CRLF or CR
	Start       int    `json:"start"`    // bytes
	End         int    `json:"end"`
	Rule        string `json:"rule"`        // its identifier
	Description string `json:"description"` // of the rule
}

// maxPasses bounds how often Scan looks again. A rule that sees one secret of
// a block at a time needs as many as the block has.
const maxPasses = 8

// Scan returns the secrets of a text, ordered by Start. A finding that lies
// inside another is left out; findings may still overlap in part.
//
// Some rules see the second secret of a block only when the first is gone, so
// a text with findings is scanned again, redacted, until nothing is found. It
// is safe for concurrent use.
func Scan(text string) []Finding {
	set, original := rules(), text
	found := set.scan(text)
	all := found
	for pass := 1; pass < maxPasses && len(found) > 0; pass++ {
		text = Mask(text, found)
		found = set.scan(text)
		all = append(all, found...)
	}
	all = outermost(all)
	number(original, all)
	return all
}

// number fills in the lines of findings that are ordered by Start.
func number(text string, found []Finding) {
	line, at := 1, 0
	for i := range found {
		line += lineEnds(text, at, found[i].Start)
		at = found[i].Start
		found[i].Line = line
	}
}

// lineEnds counts the line ends whose last byte is in [start, end).
func lineEnds(text string, start, end int) int {
	n := strings.Count(text[start:end], "\n")
	for i := start; i < end; i++ {
		cr := strings.IndexByte(text[i:end], '\r')
		if cr < 0 {
			break
		}
		if i += cr; i+1 == len(text) || text[i+1] != '\n' {
			n++
		}
	}
	return n
}

// outermost sorts findings and drops those inside another. Of two with the
// same range a named provider's goes before a generic one.
func outermost(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Rule, b.Rule))
	})
	var kept []Finding
	for _, f := range found {
		if n := len(kept); n == 0 || f.End > kept[n-1].End {
			kept = append(kept, f)
		}
	}
	return kept
}

// generic are the rules that know where a secret stands and not whose it is.
var generic = []string{"generic-api-key", "url-parameter", "authorization-header", "environment-password"}

// rank is higher the less a rule knows: 0 for those of a provider.
func rank(f Finding) int { return slices.Index(generic, f.Rule) + 1 }
