package verb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/glyphkit/glyph/internal/edit"
)

// Needs accepts exactly the arguments that it names, such as "RUN", or at least
// one if the last name ends in "...".
func Needs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		last := names[len(names)-1]
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s is missing; accepted: %s", strings.TrimSuffix(names[len(args)], "..."), cmd.UseLine())
		case len(args) > len(names) && !strings.HasSuffix(last, "..."):
			return fmt.Errorf("%q is one argument too many; accepted: %s", args[len(names)], cmd.UseLine())
		}
		return nil
	}
}

// NeedsNone accepts no arguments.
func NeedsNone(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%q: %s takes no argument", args[0], cmd.CommandPath())
}

// UnknownVerb is the error of a name that is no command.
func UnknownVerb(cmd *cobra.Command, name string) error {
	var verbs []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			verbs = append(verbs, c.Name())
		}
	}
	slices.Sort(verbs)
	return fmt.Errorf("unknown command %q of %q; %saccepted: %s", name, cmd.CommandPath(),
		DidYouMean(edit.Nearest(name, verbs)), strings.Join(verbs, ", "))
}

// UnknownFlag makes the error about a flag say what is accepted.
func UnknownFlag(cmd *cobra.Command, err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return badValue(bad)
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || len(unknown.GetSpecifiedName()) < 2 {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	near := edit.Nearest(unknown.GetSpecifiedName(), names)
	if near != "" {
		near = "--" + near
	}
	return fmt.Errorf("unknown flag --%s; %sall flags: %s --help", unknown.GetSpecifiedName(), DidYouMean(near), cmd.CommandPath())
}

// badValue says what a flag accepts, without the words of the package that read
// it.
func badValue(err *pflag.InvalidValueError) error {
	flag := err.GetFlag()
	accepted := map[string]string{
		"int": "a whole number", "intSlice": "whole numbers, separated by commas", "uint64": "a whole number from 0",
		"float64": "a number", "duration": "a time such as 90s or 5m", "bool": "true or false, behind =",
	}[flag.Value.Type()]
	if accepted == "" {
		return fmt.Errorf("--%s: %w", flag.Name, errors.Unwrap(err))
	}
	return fmt.Errorf("--%s %q; accepted: %s", flag.Name, err.GetValue(), accepted)
}

// DidYouMean is a question in an error, "" without a name.
func DidYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "? "
}
