package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/glyphkit/glyph/ask/pack"
	"github.com/glyphkit/glyph/internal/term"
)

// secretsFlags say what happens to credentials in texts.
type secretsFlags struct{ mode string }

func (s *secretsFlags) add(f flags) { f.text(&s.mode, "secrets", string(pack.Block), "") }

func (s *secretsFlags) policy() pack.SecretMode { return pack.SecretMode(s.mode) }

func (s *secretsFlags) check() error {
	if err := s.policy().Validate(); err != nil {
		return fmt.Errorf("--secrets: %w", err)
	}
	return nil
}

// explain adds to the error about secrets which flags let the text pass.
func (s *secretsFlags) explain(err error) error {
	if _, ok := errors.AsType[*pack.SecretsError](err); ok {
		return failed(fmt.Errorf("%w: --secrets=redact or --secrets=allow", err))
	}
	return err
}

// tell says what was done with the secrets of a text.
func (s *secretsFlags) tell(notes io.Writer, where string, count int) {
	if count == 0 {
		return
	}
	done := "sent, as --secrets=allow says"
	if s.policy() == pack.Redact {
		done = "masked"
	}
	fmt.Fprintf(notes, "%s found in %s: %s\n", term.Plural(count, "secret", "secrets"), where, done)
}
