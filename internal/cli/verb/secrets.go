package verb

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/term"
)

// Secrets say what happens to credentials in texts.
type Secrets struct {
	mode  string
	rules []string
}

// Add adds --secrets and --secrets-allow-rule.
func (s *Secrets) Add(f Flags) {
	s.AddMode(f)
	f.List(&s.rules, "secrets-allow-rule", nil, "")
}

// AddMode adds --secrets.
func (s *Secrets) AddMode(f Flags) { f.Text(&s.mode, "secrets", string(secrets.Block), "") }

// Exceptions are the secrets that --secrets-allow-rule and the files beside paths
// and in their projects allow. Paths are those of documents; the working
// directory is added.
func (s *Secrets) Exceptions(paths ...string) (*secrets.Exceptions, error) {
	e, err := secrets.NewExceptions(s.rules, append(paths, ".")...)
	if err != nil {
		return nil, fmt.Errorf("--secrets-allow-rule or %s: %w", secrets.ExceptionsFile, err)
	}
	return e, nil
}

// Policy is what the flag says, to be checked.
func (s *Secrets) Policy() secrets.Mode { return secrets.Mode(s.mode) }

// Check refuses an unknown policy.
func (s *Secrets) Check() error {
	if err := s.Policy().Validate(); err != nil {
		return fmt.Errorf("--secrets: %w", err)
	}
	return nil
}

// Explain adds to the error about secrets which flags let the text pass.
func (s *Secrets) Explain(err error) error {
	if _, ok := errors.AsType[*secrets.FoundError](err); ok {
		return Failed(fmt.Errorf("%w: --secrets=redact or --secrets=allow", err))
	}
	return Failed(err)
}

// Tell says what was done with the secrets of a text, and what was allowed.
func (s *Secrets) Tell(notes io.Writer, found secrets.Report) {
	if found.Count > 0 {
		done := "taken as they are, as --secrets=allow says"
		if s.Policy() == secrets.Redact {
			done = "masked; positions are those of the masked text"
		}
		fmt.Fprintf(notes, "%s found in the text: %s\n", term.Plural(found.Count, "secret", "secrets"), done)
	}
	if found.Allowed == 0 {
		return
	}
	by := map[string]int{}
	for _, f := range found.Found {
		if f.Allowed != "" {
			by[f.Allowed]++
		}
	}
	var why []string
	for _, cause := range slices.Sorted(maps.Keys(by)) {
		why = append(why, fmt.Sprintf("%d by %s", by[cause], term.Clean(cause)))
	}
	fmt.Fprintf(notes, "%s allowed, taken as they are: %s\n", term.Plural(found.Allowed, "secret", "secrets"), strings.Join(why, ", "))
}
