package pack

import (
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/document"
	"github.com/glyphkit/glyph/exact/secrets"
)

// SecretMode says what happens to secrets in documents and question.
type SecretMode string

// Whatever the mode, all that is found is listed in the pack.
const (
	Block  SecretMode = "block"  // nothing is drawn: a *SecretsError
	Redact SecretMode = "redact" // they are masked before anything is drawn
	Allow  SecretMode = "allow"  // they are sent
)

// Validate returns an error that says what is accepted if m is no mode. "" is
// one: Block.
func (m SecretMode) Validate() error {
	switch m {
	case "", Block, Redact, Allow:
		return nil
	}
	return fmt.Errorf("secrets %q; accepted: block, redact or allow", m)
}

// Secret is where a secret stands. It does not hold the secret.
type Secret struct {
	Document    string `json:"document"` // "" for the question
	Line        int    `json:"line"`     // from 1
	Start       int64  `json:"start"`    // in bytes of the text
	End         int64  `json:"end"`
	Rule        string `json:"rule"`
	Description string `json:"description"` // of the rule
}

// SecretsError is the error of secrets that are not to be sent.
type SecretsError struct{ Found []Secret }

// listedSecrets keeps the message of a SecretsError readable.
const listedSecrets = 10

func (e *SecretsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d secrets found:", len(e.Found))
	for i, s := range e.Found {
		if i == listedSecrets {
			fmt.Fprintf(&b, " and %d more;", len(e.Found)-i)
			break
		}
		where := "the question"
		if s.Document != "" {
			where = fmt.Sprintf("%q", s.Document)
		}
		fmt.Fprintf(&b, " %s in %s line %d;", s.Rule, where, s.Line)
	}
	return b.String() + " accepted: documents without them, or the mode redact or allow"
}

// guard scans a text and masks what it finds if the mode says so. Name is that of
// the document, "" for the question.
func guard(mode SecretMode, name, text string) (string, []Secret) {
	findings := secrets.Scan(text)
	if len(findings) == 0 {
		return text, nil
	}
	lines := document.NewLines(text)
	found := make([]Secret, len(findings))
	for i, f := range findings {
		found[i] = Secret{
			Document: name, Line: lines.At(int64(f.Start)),
			Start: int64(f.Start), End: int64(f.End),
			Rule: f.Rule, Description: f.Description,
		}
	}
	if mode == Redact {
		text = secrets.Redact(text, findings)
	}
	return text, found
}
