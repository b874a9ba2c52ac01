package verb

import (
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/internal/term"
)

// Secrets say what happens to credentials in texts.
type Secrets struct{ mode string }

// Add adds --secrets.
func (s *Secrets) Add(f Flags) { f.Text(&s.mode, "secrets", string(pack.Block), "") }

// Policy is what the flag says, to be checked.
func (s *Secrets) Policy() pack.SecretMode { return pack.SecretMode(s.mode) }

// Check refuses an unknown policy.
func (s *Secrets) Check() error {
	if err := s.Policy().Validate(); err != nil {
		return fmt.Errorf("--secrets: %w", err)
	}
	return nil
}

// Explain adds to the error about secrets which flags let the text pass.
func (s *Secrets) Explain(err error) error {
	if _, ok := errors.AsType[*pack.SecretsError](err); ok {
		return Failed(fmt.Errorf("%w: --secrets=redact or --secrets=allow", err))
	}
	return err
}

// Tell says what was done with the secrets of a text.
func (s *Secrets) Tell(notes io.Writer, where string, count int) {
	if count == 0 {
		return
	}
	done := "sent, as --secrets=allow says"
	if s.Policy() == pack.Redact {
		done = "masked"
	}
	fmt.Fprintf(notes, "%s found in %s: %s\n", term.Plural(count, "secret", "secrets"), where, done)
}
