package secrets

import (
	"fmt"
	"slices"
	"strings"
)

// Mode says what happens to a text in which secrets are found. "" is Block.
type Mode string

// The modes. Whatever the mode, all that is found is reported.
const (
	Block  Mode = "block"  // the text is refused with a *FoundError
	Redact Mode = "redact" // the secrets are masked as Mask does
	Allow  Mode = "allow"  // the text is taken as it is
)

// modes are all modes.
func modes() []Mode { return []Mode{Block, Redact, Allow} }

// Validate returns an error that says what is accepted if m is no mode.
func (m Mode) Validate() error {
	if m == "" || slices.Contains(modes(), m) {
		return nil
	}
	return fmt.Errorf("secrets %q; accepted: block, redact or allow", string(m))
}

// Checked is a text that may leave the machine: it was checked for secrets, or
// it holds no words but this module's. Only this package makes one. The zero
// value is of a text that nobody has checked.
type Checked struct {
	text  string
	found []Finding
	ok    bool
}

// Check looks for secrets in a text. In the mode Block a text that holds some
// is a *FoundError.
func Check(text string, mode Mode) (Checked, error) {
	g := Guard{Mode: mode}
	c := g.Check("", text)
	return c, g.Err()
}

// constant has values that are written in source code only: other packages
// cannot convert a variable to it.
type constant string

// Own is for a text that is a constant of the program, such as a prompt.
func Own(text constant) Checked { return Checked{text: string(text), ok: true} }

// Valid reports whether the text was checked.
func (c Checked) Valid() bool { return c.ok }

// Text is what may leave the machine, with masks for secrets if the mode was
// Redact. Masks are as long as what they cover, so that positions in the text
// are those of the original; what is said of them is true of the masked text.
func (c Checked) Text() string { return c.text }

// Found lists the secrets of the text, in the order of the text, with those
// that are allowed.
func (c Checked) Found() []Finding { return c.found }

// Derive is for a text that is made of c's text, of what a model said of it, and
// of the program's own words: a part of it, a quotation, a prompt around it. The
// zero value derives the zero value.
func (c Checked) Derive(text string) Checked {
	if !c.ok {
		return Checked{}
	}
	return Checked{text: text, ok: true}
}

// Guard checks the texts of one task, so that an error or a report tells of all
// of them at once. It is not safe for concurrent use.
type Guard struct {
	Mode       Mode
	Exceptions *Exceptions // may be nil

	found []Finding
}

// Check checks a text. Name, which findings bear, may be "". The result is the
// zero value where the mode refuses the text, or is no mode; Err then says why.
func (g *Guard) Check(name, text string) Checked {
	found := Scan(text)
	g.Exceptions.decide(text, found)
	for i := range found {
		found[i].Document = name
	}
	g.found = append(g.found, found...)
	bad := unallowed(found)
	switch {
	case g.Mode.Validate() != nil, g.blocks() && len(bad) > 0:
		return Checked{}
	case g.Mode == Redact:
		text = Mask(text, bad)
	}
	return Checked{text: text, found: found, ok: true}
}

func (g *Guard) blocks() bool { return g.Mode == "" || g.Mode == Block }

// Err is a *FoundError if the mode refuses one of the texts so far.
func (g *Guard) Err() error {
	if err := g.Mode.Validate(); err != nil {
		return err
	}
	if bad := unallowed(g.found); g.blocks() && len(bad) > 0 {
		return &FoundError{Found: bad}
	}
	return nil
}

// Report says what was found in the texts of a task, and what was done with it.
type Report struct {
	Mode  Mode   `json:"mode"`
	Rules string `json:"rules"` // version of the rules
	Count int    `json:"count"` // without those that are allowed

	// Allowed counts the secrets that exceptions or marks let pass in any mode.
	Allowed int       `json:"allowed"`
	Found   []Finding `json:"found"` // with the allowed ones, the first 10,000
}

// maxReported bounds a report: a dump of hashes can hold millions.
const maxReported = 10_000

// Report tells of the texts so far.
func (g *Guard) Report() Report {
	bad := len(unallowed(g.found))
	r := Report{Mode: g.Mode, Rules: Version, Count: bad, Allowed: len(g.found) - bad, Found: []Finding{}}
	if r.Mode == "" {
		r.Mode = Block
	}
	r.Found = append(r.Found, g.found[:min(len(g.found), maxReported)]...)
	return r
}

// FoundError is the error of texts that the mode Block refuses. It names rules,
// lines and fingerprints, never a secret.
type FoundError struct{ Found []Finding }

// listed keeps the message of a FoundError readable.
const listed = 10

func (e *FoundError) Error() string {
	var b strings.Builder
	if len(e.Found) == 1 {
		b.WriteString("1 secret found:")
	} else {
		fmt.Fprintf(&b, "%d secrets found:", len(e.Found))
	}
	for i, f := range e.Found {
		if i == listed {
			fmt.Fprintf(&b, " and %d more;", len(e.Found)-i)
			break
		}
		where := "the question or another text without a name"
		if f.Document != "" {
			where = fmt.Sprintf("%q", f.Document)
		}
		fmt.Fprintf(&b, " %s in %s line %d", f.Rule, where, f.Line)
		if f.Fingerprint != "" {
			fmt.Fprintf(&b, " (%s)", f.Fingerprint)
		}
		b.WriteByte(';')
	}
	return b.String() + " accepted: texts without them, the mode redact or allow, or what is no secret allowed by its fingerprint in a file " + ExceptionsFile
}
