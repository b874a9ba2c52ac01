package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/edit"
	"github.com/glyphkit/glyph/internal/show"
)

func newModels(a *verb.App) *cobra.Command {
	m := &verb.Model{App: a}
	asJSON := false
	f := verb.NewFlags()
	f.Text(&m.Profiles, "profiles", "", "")
	f.On(&asJSON, "json", "")
	return verb.Finish(&cobra.Command{
		Use:   "models [show NAME]",
		Short: "List the models that pages can be priced for",
		Long: `models lists every model whose handling of images is known: the rule by which it turns the size of an
image into tokens, what the published page of 595×842 px costs, the grid that the sides of pages
should be multiples of, how well the rule is known (A reproduced by independent measurements, B
documented, C inferred, D approximate) and when that was true. "glyph models show NAME" tells the
rest.`,
		Example: `  glyph models
  glyph models show claude-opus-5
  glyph models show gpt-5@high --json
  glyph models --profiles mine.json --json`,
		Args:              cobra.MaximumNArgs(2),
		ValidArgsFunction: verb.CompleteModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := m.Catalog(cmd.Context())
			if err != nil {
				return err
			}
			switch {
			case len(args) == 0 || len(args) == 1 && args[0] == "list":
				if asJSON {
					return printJSON(cmd.OutOrStdout(), catalog.Models())
				}
				return verb.Failed(show.Models(cmd.OutOrStdout(), catalog.Models()))
			case args[0] != "show":
				return fmt.Errorf("unknown command %q of %q; %saccepted: show NAME, or nothing for the list", args[0], cmd.CommandPath(), verb.DidYouMean(edit.Nearest(args[0], []string{"show", "list"})))
			case len(args) == 1:
				return fmt.Errorf("NAME is missing; accepted: glyph models show NAME")
			}
			p, err := catalog.Lookup(args[1])
			if err != nil {
				return fmt.Errorf("%w; all: glyph models", err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), p)
			}
			return verb.Failed(show.Model(cmd.OutOrStdout(), p))
		},
	}, f, "profiles json", "")
}
