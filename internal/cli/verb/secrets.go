package verb

import (
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/exact/secrets"
	"github.com/glyphkit/glyph/internal/term"
)

// Secrets say what happens to credentials in texts.
type Secrets struct{ mode string }

// Add adds --secrets.
func (s *Secrets) Add(f Flags) { f.Text(&s.mode, "secrets", string(secrets.Block), "") }

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

// Tell says what was done with the secrets of a text.
func (s *Secrets) Tell(notes io.Writer, count int) {
	if count == 0 {
		return
	}
	done := "taken as they are, as --secrets=allow says"
	if s.Policy() == secrets.Redact {
		done = "masked; positions are those of the masked text"
	}
	fmt.Fprintf(notes, "%s found in the text: %s\n", term.Plural(count, "secret", "secrets"), done)
}
