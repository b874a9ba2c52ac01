// Package secrets finds credentials in a text before it is drawn and sent:
// keys and tokens of providers, private key blocks, passwords in URLs, and
// assignments of what looks random to what is called a key.
//
// The rules are those of gitleaks, as they are, and a few of our own; the
// engine is ours. The package does not ask whether a key still works, reads no
// archives and decodes nothing: a secret inside base64 is not seen. What to do
// about a finding, to stop or to redact, the sibling package pack decides.
package secrets

import (
	"cmp"
	"slices"
)

// Finding is a secret: the bytes [Start, End) of the text.
type Finding struct {
	Start, End  int    // bytes
	Rule        string // its identifier
	Description string
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
	set := rules()
	found := set.scan(text)
	all := found
	for pass := 1; pass < maxPasses && len(found) > 0; pass++ {
		text = Redact(text, found)
		found = set.scan(text)
		all = append(all, found...)
	}
	return outermost(all)
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
