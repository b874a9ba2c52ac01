package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/exact/secrets"
)

// secretsFlags say what happens to credentials in texts. Every verb that draws
// or sends text has them.
type secretsFlags struct{ mode string }

func (s *secretsFlags) add(f *pflag.FlagSet) {
	f.StringVar(&s.mode, "secrets", string(secrets.Block), "what happens to API keys, tokens and the like in the text: `block|redact|allow`")
}

func (s *secretsFlags) complete(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("secrets", cobra.FixedCompletions([]string{"block", "redact", "allow"}, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
}

func (s *secretsFlags) policy() secrets.Mode { return secrets.Mode(s.mode) }

func (s *secretsFlags) check() error {
	if err := s.policy().Validate(); err != nil {
		return fmt.Errorf("--secrets: %w", err)
	}
	return nil
}

// explain adds to the error about secrets which flags let the text pass.
func (s *secretsFlags) explain(err error) error {
	if _, ok := errors.AsType[*secrets.FoundError](err); ok {
		return failed(fmt.Errorf("%w: --secrets=redact or --secrets=allow", err))
	}
	return failed(err)
}

// tell says what was done with the secrets of a text.
func (s *secretsFlags) tell(notes io.Writer, count int) {
	if count == 0 {
		return
	}
	done := "taken as they are, as --secrets=allow says"
	if s.policy() == secrets.Redact {
		done = "masked; positions are those of the masked text"
	}
	fmt.Fprintf(notes, "%s found in the text: %s\n", plural(count, "secret", "secrets"), done)
}
