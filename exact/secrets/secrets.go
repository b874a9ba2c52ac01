// Package secrets finds credentials in a text before it is drawn and sent:
// keys and tokens of providers, private key blocks, passwords in URLs, and
// assignments of what looks random to what is called a key.
//
// The rules for keys are those of gitleaks, as they are, and some of our own
// beside them; the engine is ours. What people make up is found by where it
// stands: readers for the formats of configuration files, code, commands,
// headers and tables find keys and their values, and one judge says whether a
// value is a secret behind such a key, or a word, a name, a reference or a
// placeholder. The package does not ask whether a key still works and reads no
// archives. Of base64 it reads what stands behind a key, and private keys.
//
// Not seen are passwords in prose, of letters alone in one word, of several
// words with blanks, those that are spelled out, and seed phrases.
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

	// Fingerprint is 8 hexadecimal digits that stand for the rule and the secret.
	// "" where only Scan looked.
	Fingerprint string `json:"fingerprint,omitempty"`
	// Allowed says what allows the secret: "a mark on its line", "its rule", or the
	// file that lists its fingerprint. "" if nothing does.
	Allowed string `json:"allowed,omitempty"`
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
	found, _ := scanText(text, nil)
	return found
}

// scanText is Scan with the tables of scanFrom.
func scanText(text string, open *table) ([]Finding, *table) {
	set, original := rules(), text
	found, rest := set.scanFrom(text, open)
	all := found
	for pass := 1; pass < maxPasses && len(found) > 0; pass++ {
		text = Mask(text, found)
		found = set.scan(text)
		all = append(all, found...)
	}
	all = outermost(all)
	number(original, all)
	return all, rest
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
var generic = []string{
	"generic-api-key", "url-password", "url-parameter", "authorization-header",
	"assigned-password", "assigned-token", "assigned-secret", "assigned-login", "session-cookie", "command-password",
}

// rank is higher the less a rule knows: 0 for those of a provider.
func rank(f Finding) int { return slices.Index(generic, f.Rule) + 1 }
