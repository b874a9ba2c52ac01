package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/glyphkit/glyph/internal/edit"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newRoot() *cobra.Command {
	root := group("glyph", "Draw long text as dense page images for vision-language models",
		newCompress(), newAsk(), newEval(), newCalibrate(), newExamine(), newJudge(), newPrice(), newPlan(), newSearch(), newModels(), newConfigs(), newFonts(),
		newReaders(), newServeReader(), newSchema(), newVersion())
	root.Long = `glyph draws long text as dense PNG pages for vision-language models, whose price
for an image depends on its size and not on how much text is on it.`
	root.Example = `  glyph compress report.txt -o pages
  glyph price report.txt
  glyph compress report.txt -o pages --model claude-opus-5 --force
  glyph configs list`
	root.SilenceErrors, root.SilenceUsage = true, true // main reports errors
	root.SetFlagErrorFunc(unknownFlag)
	return root
}

// group is a command that is only a prefix of others.
func group(use, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.ArbitraryArgs, // for an error that names the verbs
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownVerb(cmd, args[0])
		},
	}
	cmd.DisableFlagsInUseLine = true
	cmd.AddCommand(verbs...)
	return cmd
}

func unknownVerb(cmd *cobra.Command, name string) error {
	var verbs []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			verbs = append(verbs, c.Name())
		}
	}
	return fmt.Errorf("unknown command %q of %q; %saccepted: %s", name, cmd.CommandPath(),
		didYouMean(nearest(name, verbs)), strings.Join(verbs, ", "))
}

func unknownFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	near := nearest(unknown.GetSpecifiedName(), names)
	if near != "" {
		near = "--" + near
	}
	return fmt.Errorf("unknown flag --%s; %sall flags: %s --help", unknown.GetSpecifiedName(), didYouMean(near), cmd.CommandPath())
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "? "
}

// nearest returns the name with the least edit distance to s, "" if more than
// half of s and more than a swap of letters would have to change.
func nearest(s string, names []string) string {
	best, least := "", max(3, len(s)/2+1)
	for _, name := range names {
		if d := edit.Distance(s, name); d < least {
			best, least = name, d
		}
	}
	return best
}
