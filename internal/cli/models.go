package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph/internal/show"
)

func newModels(a *app) *cobra.Command {
	m := &modelFlags{app: a}
	asJSON := false
	f := newFlags()
	f.text(&m.profiles, "profiles", "", "")
	f.on(&asJSON, "json", "")
	return finish(&cobra.Command{
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
		ValidArgsFunction: completeModels,
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := m.catalog(cmd.Context())
			if err != nil {
				return err
			}
			switch {
			case len(args) == 0 || len(args) == 1 && args[0] == "list":
				if asJSON {
					return printJSON(cmd.OutOrStdout(), catalog.Models())
				}
				return failed(show.Models(cmd.OutOrStdout(), catalog.Models()))
			case args[0] != "show":
				return fmt.Errorf("unknown command %q of %q; accepted: show NAME, or nothing for the list", args[0], cmd.CommandPath())
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
			return failed(show.Model(cmd.OutOrStdout(), p))
		},
	}, f, "profiles json", "")
}
