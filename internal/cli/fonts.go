package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/glyphkit/glyph"
	"github.com/glyphkit/glyph/fonts"
	"github.com/glyphkit/glyph/internal/cli/verb"
	"github.com/glyphkit/glyph/internal/show"
	"github.com/glyphkit/glyph/internal/term"
)

func newFonts(a *verb.App) *cobra.Command {
	return prefix("fonts", "List the built-in fonts, and see which of them a text needs", newFontsList(), newFontsCoverage(a))
}

func newFontsList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in fonts",
		Args:  verb.NeedsNone,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list := fonts.Embedded()
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tFAMILY\tKIND\tLICENCE\tCHARACTERS\tBYTES")
			for _, f := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", f.Name, f.Family, f.Kind, f.License, term.Thousands(f.Runes), term.Thousands(f.Bytes))
			}
			return verb.Failed(w.Flush())
		},
	}
	return verb.Finish(cmd, jsonFlag(&asJSON), "json", "")
}

func newFontsCoverage(a *verb.App) *cobra.Command {
	var asJSON bool
	var config string
	var read verb.Documents
	cmd := &cobra.Command{
		Use:     "coverage FILE|-",
		Short:   "Tell which font draws which script of a text, and what none has",
		Example: "  glyph fonts coverage book.txt\n  git log | glyph fonts coverage - --json",
		Args:    verb.Needs("FILE|-"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, dirs, err := a.LoadConfig(cmd.Context(), config)
			if err != nil {
				return err
			}
			faces, err := openFaces(append([]string{cfg.FontPath}, cfg.FallbackFonts...), dirs)
			if err != nil {
				return err
			}
			docs, _, err := read.Find(cmd, args)
			if err != nil {
				return err
			}
			if len(docs) != 1 {
				return fmt.Errorf("%q names %d files; accepted: one text file, or - for standard input", args[0], len(docs))
			}
			text, err := docs[0].Text()
			if err != nil {
				return verb.Failed(fmt.Errorf("reading %q: %w", docs[0].Name, err))
			}
			defer text.Close()
			report, err := fonts.Coverage(text, faces)
			if err != nil {
				return verb.Failed(fmt.Errorf("reading %q: %w", docs[0].Name, err))
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return verb.Failed(show.Coverage(cmd.OutOrStdout(), report))
		},
	}
	f := verb.NewFlags()
	f.Text(&config, "config", glyph.DefaultPreset, "its fonts are tried before the fallback fonts")
	f.On(&asJSON, "json", "")
	read.Add(f)
	return verb.Finish(cmd, f, "config json", "")
}

// openFaces opens a config's fonts and, behind them, the fallback faces.
func openFaces(names, dirs []string) ([]*fonts.Face, error) {
	var faces []*fonts.Face
	for _, name := range append(names, fonts.Fallback()...) {
		f, err := fonts.Open(name, append([]string{"."}, dirs...)...)
		if err != nil {
			return nil, err
		}
		faces = append(faces, f)
	}
	return faces, nil
}
